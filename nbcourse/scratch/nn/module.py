"""Module, what layers and networks have in common: parameters, state, and parts."""

import collections
import itertools

import numpy as np

from ..tensor import Tensor
from .parameter import Parameter

__all__ = ["Module"]

IncompatibleKeys = collections.namedtuple(
    "IncompatibleKeys", ["missing_keys", "unexpected_keys"]
)


class Module:
    """Base of layers and networks: make parts in ``__init__``, compute in ``forward``.

    A Parameter or Module that is assigned as an attribute is found by `parameters`,
    `state_dict` and the rest, in the order of assignment. ``training`` tells layers
    that behave differently in training and evaluation which it is.
    """

    def __init__(self):
        self.__dict__["_buffers"] = {}  # name → whether it belongs to the state dict
        self.training = True

    def __setattr__(self, name, value):
        if "_buffers" not in self.__dict__ and isinstance(value, (Parameter, Module)):
            raise AttributeError(
                f"cannot assign {name!r} before Module.__init__() was called"
            )
        now = self.__dict__.get(name)
        for kind, expected in ((Parameter, "a Parameter"), (Module, "a Module")):
            if isinstance(now, kind) and not isinstance(value, kind | None):
                found = type(value).__name__
                raise TypeError(f"{name}: expected {expected} or None, got {found}")
        buffers = self.__dict__.get("_buffers", ())
        if name in buffers and not isinstance(value, Tensor | None):
            found = type(value).__name__
            raise TypeError(
                f"{name}: expected a Tensor or None for a buffer, got {found}"
            )
        super().__setattr__(name, value)

    def __delattr__(self, name):
        super().__delattr__(name)
        self._buffers.pop(name, None)

    def register_parameter(self, name, param):
        """Assign a Parameter, or None for one that this layer does without."""
        setattr(self, name, param)

    def register_module(self, name, module):
        """Assign a part; ``add_module`` is the same."""
        setattr(self, name, module)

    add_module = register_module

    def register_buffer(self, name, tensor, persistent=True):
        """Assign a tensor that is state but not learnt.

        It belongs to the state dict if it is ``persistent``.
        """
        if not isinstance(tensor, Tensor | None):
            found = type(tensor).__name__
            raise TypeError(
                f"{name}: expected a Tensor or None for a buffer, got {found}"
            )
        setattr(self, name, tensor)
        self._buffers[name] = persistent

    # --- computing

    def forward(self, *inputs):
        """Compute the result; every subclass says how."""
        raise NotImplementedError(
            f"{type(self).__name__}: expected the subclass to define forward()"
        )

    def __call__(self, *inputs, **kwargs):  # noqa: D102 - forward is what is described
        return self.forward(*inputs, **kwargs)

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

    def modules(self):
        """Yield this module and all parts below it."""
        return (module for _, module in self.named_modules())

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
        for module in self.modules():
            module.training = mode
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

    def to(self, target=None, *, dtype=None, device=None):
        """Convert floating-point parameters and buffers to a dtype, in place.

        The only device is "cpu". Raises TypeError for an integer dtype.
        """
        wanted = Tensor(np.zeros(1)).to(target, dtype=dtype, device=device).dtype
        if wanted.kind != "f":
            raise TypeError(f"to: expected a floating-point dtype, got {wanted}")
        for tensor in itertools.chain(self.parameters(), self.buffers()):
            if tensor.is_floating_point():
                parts = (tensor,) if tensor.grad is None else (tensor, tensor.grad)
                for part in parts:
                    new = part.detach().to(target, dtype=dtype, device=device)
                    part._data = new.data
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

    def state_dict(self, prefix=""):
        """Return parameters and persistent buffers by torch's names.

        They are detached and share the module's memory.
        """
        state = self._state(prefix.removesuffix("."))
        return collections.OrderedDict((name, x.detach()) for name, x in state)

    def load_state_dict(self, state_dict, strict=True, assign=False):
        """Copy values into parameters and buffers by name.

        The values are Tensors, arrays or what NumPy makes an array of; the dtype stays
        that of the module. Returns the pair (missing_keys, unexpected_keys). Raises
        RuntimeError, and changes nothing, if a shape differs or, unless ``strict`` is
        false, if the names do.
        """
        if assign:
            raise NotImplementedError("load_state_dict: assign=True is not built")
        own = dict(self._state())
        given = {
            k: v.data if isinstance(v, Tensor) else np.asarray(v)
            for k, v in state_dict.items()
        }
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
        extra, parts = self.extra_repr(), self._printed_parts()
        if not parts:
            return f"{type(self).__name__}({extra})"
        body = "\n".join([extra] * bool(extra) + parts).replace("\n", "\n  ")
        return f"{type(self).__name__}(\n  {body}\n)"

    def _printed_parts(self):
        return [
            f"({name}): {part!r}"
            for name, part in vars(self).items()
            if isinstance(part, Module)
        ]


def _dotted(prefix, name):
    return f"{prefix}.{name}" if prefix else name


def _is_parameter(module, name, value):
    return isinstance(value, Parameter)


def _is_buffer(module, name, value):
    return name in module._buffers and value is not None


def _is_persistent(module, name, value):
    return _is_buffer(module, name, value) and module._buffers[name]
