"""How large a model is, in parameters."""

__all__ = ["count_parameters"]


def count_parameters(module, trainable_only=False):
    """Return the number of elements in the module's parameters, each counted once.

    With ``trainable_only`` those that require no gradient are left out. torch has no
    such function; there one writes ``sum(p.numel() for p in module.parameters())``.
    """
    return sum(
        p.numel() for p in module.parameters() if p.requires_grad or not trainable_only
    )
