"""Functions that a module calls before and after its forward, to see what passes."""

__all__ = ["RemovableHandle", "add_hook", "run_after", "run_before"]


class RemovableHandle:
    """What registering a hook returns: `remove` takes the hook away again.

    As a context manager it does so at the end of the ``with`` block.
    """

    def __init__(self, hooks):
        self.hooks = hooks  # the module's dict from handles to hooks

    def remove(self):
        """Take the hook away; once is enough."""
        self.hooks.pop(self, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


def add_hook(hooks, hook, prepend, with_kwargs):
    """Put a hook last, or first, among ``hooks`` and return its handle."""
    handle = RemovableHandle(hooks)
    others = hooks.copy() if prepend else {}
    for other in others:
        del hooks[other]
    hooks[handle] = (hook, with_kwargs)
    hooks.update(others)
    return handle


def run_before(module, inputs, kwargs):
    """Return the arguments as the hooks before `forward` leave them."""
    for hook, with_kwargs in list(module._forward_pre_hooks.values()):
        if with_kwargs:
            inputs, kwargs = hook(module, inputs, kwargs) or (inputs, kwargs)
            continue
        changed = hook(module, inputs)
        if changed is not None:
            inputs = changed if isinstance(changed, tuple) else (changed,)
    return inputs, kwargs


def run_after(module, inputs, kwargs, output):
    """Return the output as the hooks after `forward` leave it."""
    for hook, with_kwargs in list(module._forward_hooks.values()):
        given = (inputs, kwargs) if with_kwargs else (inputs,)
        changed = hook(module, *given, output)
        output = output if changed is None else changed
    return output
