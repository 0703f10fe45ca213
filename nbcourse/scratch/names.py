"""One list for each name: a package shows what its files' ``__all__`` say."""

__all__ = ["public"]


def public(*modules):
    """Return {name: object} for every name in the ``__all__`` of ``modules``."""
    return {name: vars(module)[name] for module in modules for name in module.__all__}
