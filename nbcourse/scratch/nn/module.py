"""Module, what layers and networks have in common: parameters, state, and parts."""

import collections
import itertools
from collections.abc import Mapping

import numpy as np

from ..tensor import Tensor
from ..tensor.arguments import not_built
from . import hooks
from .parameter import Parameter

__all__ = ["Module"]


class IncompatibleKeys(
    collections.namedtuple("IncompatibleKeys", ["missing_keys", "unexpected_keys"])
):
    """The names that `Module.load_state_dict` missed, and those it had no place for."""

    def __repr__(self):
        return super().__repr__() if any(self) else "<All keys matched successfully>"


class Module:
    """Base of layers and networks: make parts in ``__init__``, compute in ``forward``.

    A Parameter or Module that is assigned as an attribute is found by `parameters`,
    `state_dict` and the rest, in the order of assignment. ``training`` tells layers
    that behave differently in training and evaluation which it is.
    """

    def __init__(self):
        attributes = vars(self)
        attributes["_buffers"] = {}  # name → whether it belongs to the state dict
        attributes["_forward_pre_hooks"] = {}
        attributes["_forward_hooks"] = {}
        self.training = True

    # --- assigning parts

    def __setattr__(self, name, value):
        attributes = vars(self)
        if isinstance(value, (Parameter, Module)):
            if "_buffers" not in attributes:
                raise AttributeError(
                    f"cannot assign {name!r} before Module.__init__() was called"
                )
            self._buffers.pop(name, None)
            if not isinstance(attributes.get(name), (Parameter, Module)):
                attributes.pop(name, None)  # parts are listed in order of assignment
        self._check_kind(name, value)
        super().__setattr__(name, value)

    def _check_kind(self, name, value):
        """Raise TypeError if ``name`` holds a part and ``value`` is not of its kind."""
        now = vars(self).get(name)
        allowed = object
        if isinstance(now, Module) and not isinstance(value, Parameter):
            allowed, expected = Module, "a Module or None"
        elif isinstance(now, Parameter):
            allowed, expected = Parameter, "a Parameter or None"
        elif name in vars(self).get("_buffers", ()):
            allowed, expected = Tensor, "a Tensor or None for a buffer"
        if not isinstance(value, allowed | None):
            raise TypeError(f"{name}: expected {expected}, got {type(value).__name__}")

    def __delattr__(self, name):
        super().__delattr__(name)
        self._buffers.pop(name, None)

    def register_parameter(self, name, param):
        """Assign a Parameter, or None for one that this layer does without."""
        self._register(name, param, Parameter, "a Parameter or None")

    def register_module(self, name, module):
        """Assign a part, or None for one that is missing; also ``add_module``."""
        self._register(name, module, Module, "a Module or None")

    add_module = register_module

    def register_buffer(self, name, tensor, persistent=True):
        """Assign a tensor, or None, that is state but not learnt.

        It belongs to the state dict if it is ``persistent``.
        """
        self._register(name, tensor, Tensor, "a Tensor or None for a buffer")
        self._buffers[name] = persistent

    def _register(self, name, value, kind, expected):
        """Assign after checking that the name is free, and the value of this kind."""
        if not isinstance(name, str):
            raise TypeError(f"expected a name, got {type(name).__name__}")
        if not name or "." in name:
            raise KeyError(f"expected a name without dots, got {name!r}")
        if not isinstance(getattr(self, name, None), kind | None):
            raise KeyError(f"attribute {name!r} already exists")
        if not isinstance(value, kind | None):
            raise TypeError(f"{name}: expected {expected}, got {type(value).__name__}")
        setattr(self, name, value)

    # --- computing

    def forward(self, *input):
        """Compute the result; every subclass says how."""
        raise NotImplementedError(
            f"{type(self).__name__}: expected the subclass to define forward()"
        )

    def __call__(self, *inputs, **kwargs):  # noqa: D102 - forward is what is described
        if not self._forward_pre_hooks and not self._forward_hooks:
            return self.forward(*inputs, **kwargs)
        inputs, kwargs = hooks.run_before(self, inputs, kwargs)
        output = self.forward(*inputs, **kwargs)
        return hooks.run_after(self, inputs, kwargs, output)

    def register_forward_pre_hook(self, hook, *, prepend=False, with_kwargs=False):
        """Call ``hook(module, inputs)`` before every `forward`, with a tuple of inputs.

        What it returns, unless None, takes the inputs' place; ``with_kwargs`` passes
        the keyword arguments too, for both. Returns a handle, to ``remove()`` it.
        """
        return hooks.add_hook(self._forward_pre_hooks, hook, prepend, with_kwargs)

    def register_forward_hook(
        self, hook, *, prepend=False, with_kwargs=False, always_call=False
    ):
        """Call ``hook(module, inputs, output)`` after every `forward`.

        What it returns, unless None, takes the output's place; ``with_kwargs`` passes
        the keyword arguments after the inputs. Returns a handle, to ``remove()`` it.
        """
        not_built("register_forward_hook", always_call=always_call)
        return hooks.add_hook(self._forward_hooks, hook, prepend, with_kwargs)

    # --- walking through the parts

    def named_children(self):
        """Yield (name, module) for each direct part, every one once."""
        seen = set()
        for name, value in vars(self).items():
            if isinstance(value, Module) and value not in seen:
                seen.add(value)
                yield name, value

    def children(self):
        """Yield each direct part."""
        return (module for _, module in self.named_children())

    def named_modules(self, memo=None, prefix="", remove_duplicate=True):
        """Yield (dotted name, module), each once: this one and all parts below it."""
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, value in vars(self).items():
            if isinstance(value, Module):
                yield from value.named_modules(
                    memo, _dotted(prefix, name), remove_duplicate
                )

    def modules(self, remove_duplicate=True):
        """Yield this module and all parts below it."""
        found = self.named_modules(remove_duplicate=remove_duplicate)
        return (module for _, module in found)

    def get_submodule(self, target):
        """Return the part of this dotted name, such as ``"blocks.0"``."""
        module = self
        for name in target.split(".") if target else ():
            module = module._get(name, Module)
        return module

    def get_parameter(self, target):
        """Return the Parameter of this dotted name, such as ``"blocks.0.weight"``."""
        path, _, name = target.rpartition(".")
        return self.get_submodule(path)._get(name, Parameter)

    def get_buffer(self, target):
        """Return the buffer of this dotted name."""
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        if name not in module._buffers:
            raise AttributeError(f"{type(module).__name__} has no buffer {name!r}")
        return module._get(name, Tensor)

    def _get(self, name, kind):
        value = vars(self).get(name)
        if not isinstance(value, kind):
            raise AttributeError(
                f"{type(self).__name__} has no {kind.__name__.lower()} {name!r}"
            )
        return value

    def _named_tensors(self, wanted, prefix="", recurse=True, remove_duplicate=True):
        """Yield (dotted name, tensor) where ``wanted(module, name, value)`` is true."""
        seen = set()
        modules = [(prefix, self)]
        if recurse:
            modules = self.named_modules(None, prefix, remove_duplicate)
        for path, module in modules:
            for name, value in vars(module).items():
                if not wanted(module, name, value):
                    continue
                if remove_duplicate and value in seen:
                    continue
                seen.add(value)
                yield _dotted(path, name), value

    def named_parameters(self, prefix="", recurse=True, remove_duplicate=True):
        """Yield (dotted name, Parameter), also of the parts if ``recurse``."""
        return self._named_tensors(_is_parameter, prefix, recurse, remove_duplicate)

    def parameters(self, recurse=True):
        """Yield each Parameter once, also of the parts if ``recurse``."""
        return (p for _, p in self.named_parameters(recurse=recurse))

    def named_buffers(self, prefix="", recurse=True, remove_duplicate=True):
        """Yield (dotted name, buffer), also of the parts if ``recurse``."""
        return self._named_tensors(_is_buffer, prefix, recurse, remove_duplicate)

    def buffers(self, recurse=True):
        """Yield each buffer once, also of the parts if ``recurse``."""
        return (b for _, b in self.named_buffers(recurse=recurse))

    def apply(self, fn):
        """Call ``fn`` on every part, then on this module, and return the module."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    # --- changing all of it

    def train(self, mode=True):
        """Turn training mode on (or with False off) in this module and its parts."""
        if not isinstance(mode, bool):
            raise ValueError(f"train: expected True or False, got {mode!r}")
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self):
        """Put this module and its parts in evaluation mode."""
        return self.train(False)

    def requires_grad_(self, requires_grad=True):
        """Let all parameters require a gradient, or none."""
        for p in self.parameters():
            p.requires_grad = requires_grad
        return self

    def zero_grad(self, set_to_none=True):
        """Forget the gradients, or set them to zeros."""
        for p in self.parameters():
            if set_to_none:
                p.grad = None
            elif p.grad is not None:
                p.grad.zero_()

    def to(self, *args, **kwargs):
        """Convert floating-point parameters and buffers to a dtype, in place.

        The arguments are those of `Tensor.to`: a dtype, a tensor that has it, or the
        only device, "cpu", and a dtype. Raises TypeError for an integer dtype.
        """
        wanted = Tensor(np.zeros(1)).to(*args, **kwargs).dtype
        if wanted.kind != "f":
            raise TypeError(f"to: expected a floating-point dtype, got {wanted}")
        for tensor in itertools.chain(self.parameters(), self.buffers()):
            for part in (tensor, tensor.grad):
                if part is not None and part.is_floating_point():
                    part._data = part.detach().to(*args, **kwargs).data
        return self

    def cpu(self):
        """Return the module itself: it is on the CPU."""
        return self

    def float(self):
        """Convert parameters and buffers to float32."""
        return self.to(np.float32)

    def double(self):
        """Convert parameters and buffers to float64."""
        return self.to(np.float64)

    # --- state

    def _state(self, prefix=""):
        """Yield (dotted name, tensor) in torch's order.

        Own parameters come first, then own buffers, then those of each part.
        """
        for wanted in (_is_parameter, _is_persistent):
            yield from self._named_tensors(
                wanted, prefix, recurse=False, remove_duplicate=False
            )
        for name, value in vars(self).items():
            if isinstance(value, Module):
                yield from value._state(_dotted(prefix, name))

    def state_dict(self, *, destination=None, prefix="", keep_vars=False):
        """Return parameters and persistent buffers by torch's names.

        They are detached and share the module's memory; ``keep_vars`` returns them as
        they are. ``prefix`` goes before each name; ``destination`` is a dict to fill.
        """
        state = collections.OrderedDict() if destination is None else destination
        for name, tensor in self._state():
            state[prefix + name] = tensor if keep_vars else tensor.detach()
        return state

    def load_state_dict(self, state_dict, strict=True, assign=False):
        """Copy values into parameters and buffers by name.

        The values are Tensors, arrays or what NumPy makes an array of; the dtype stays
        that of the module. Returns the pair (missing_keys, unexpected_keys). Raises
        RuntimeError, and changes nothing, if a shape differs or, unless ``strict`` is
        false, if the names do.
        """
        not_built("load_state_dict", assign=assign)
        if not isinstance(state_dict, Mapping):
            raise TypeError(
                f"load_state_dict: expected a dict, got {type(state_dict).__name__}"
            )
        own = dict(self._state())
        given = {name: _as_array(value) for name, value in state_dict.items()}
        missing = [name for name in own if name not in given]
        unexpected = [name for name in given if name not in own]
        problems = [
            f"{name}: expected shape {tensor.shape}, got {given[name].shape}"
            for name, tensor in own.items()
            if name in given and given[name].shape != tensor.shape
        ]
        if strict:
            problems += [
                f"{name}: expected by the module, missing in the state dict"
                for name in missing
            ]
            problems += [
                f"{name}: in the state dict, not expected by the module"
                for name in unexpected
            ]
        if problems:
            raise RuntimeError(
                f"cannot load this state into {type(self).__name__}:\n  "
                + "\n  ".join(problems)
            )
        for name, tensor in own.items():
            if name in given:
                tensor.detach().copy_(given[name])
        return IncompatibleKeys(missing, unexpected)

    # --- printing

    def extra_repr(self):
        """Return the settings that stand in brackets when the module is printed."""
        return ""

    def __repr__(self):
        name, extra = type(self).__name__, self.extra_repr()
        parts = self._printed_parts()
        if not parts and "\n" not in extra:
            return f"{name}({extra})"
        body = "\n".join([extra] * bool(extra) + parts).replace("\n", "\n  ")
        return f"{name}(\n  {body}\n)"

    def __dir__(self):  # without the numbers that containers give to parts
        return [name for name in super().__dir__() if not name[0].isdigit()]

    def _printed_parts(self):
        return [
            f"({name}): {part!r}"
            for name, part in vars(self).items()
            if isinstance(part, Module)
        ]


def _as_array(value):
    """Return a value of a state dict, of this engine or of torch, as an array."""
    if isinstance(value, Tensor):
        return value.data
    return np.asarray(value.detach() if hasattr(value, "detach") else value)


def _dotted(prefix, name):
    return f"{prefix}.{name}" if prefix else name


def _is_parameter(module, name, value):
    return isinstance(value, Parameter)


def _is_buffer(module, name, value):
    return name in module._buffers and value is not None


def _is_persistent(module, name, value):
    return _is_buffer(module, name, value) and module._buffers[name]
