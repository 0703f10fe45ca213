"""Writing into a tensor: allowed where no gradient could be lost by it.

Under `no_grad` a tensor is written in place. Elsewhere a leaf that requires a gradient
refuses, as in torch. On other recorded tensors ``y += x`` means ``y = y + x``, so that
nothing that was saved for the backward pass changes; another name of the old ``y``
keeps its values, where torch's would change. Methods such as ``add_`` are not built.
"""

import numpy as np

from . import dtypes, modes, writes
from .arithmetic import add, div, mul, sub
from .core import Tensor
from .indexing import as_index

__all__ = ["add_", "copy_", "div_", "fill_", "mul_", "sub_", "zero_"]


def _recorded(target, value):
    """Return whether this write would be recorded; raise if ``target`` refuses it."""
    if not modes.is_grad_enabled():
        return False
    if target.is_leaf and target.requires_grad:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place "
            "operation; write to it inside `with no_grad():`"
        )
    return target.requires_grad or (isinstance(value, Tensor) and value.requires_grad)


def _not_recorded(name, target, value, instead):
    """Raise NotImplementedError, with what to do ``instead``, if this is recorded."""
    if _recorded(target, value):
        raise NotImplementedError(
            f"{name}: writing into a tensor while gradients are recorded is not built; "
            f"{instead}"
        )


def _write(target, ufunc, value):
    """Do ``target = ufunc(target, value)`` in the target's memory."""
    value = value.data if isinstance(value, Tensor) else value
    wanted = dtypes.result_type(target, value)
    if ufunc is np.divide:  # a quotient is a float
        wanted = dtypes.result_type(target, value, 1.0)
    if np.dtype(wanted).kind == "f" and target.dtype.kind != "f":
        raise RuntimeError(
            f"a result of {wanted} cannot be written into a tensor of {target.dtype}"
        )
    value = np.asarray(value, dtype=target.dtype)
    if np.broadcast_shapes(target.shape, value.shape) != target.shape:
        raise ValueError(
            f"expected a value that broadcasts to shape {target.shape}, "
            f"got shape {value.shape}"
        )
    with np.errstate(all="ignore"):
        ufunc(target.data, value, out=target.data)
    writes.note(target.data)
    return target


def iadd(self, value):
    """target += value."""
    if _recorded(self, value):
        return add(self, value)
    return _write(self, np.add, value)


def isub(self, value):
    """target -= value."""
    if _recorded(self, value):
        return sub(self, value)
    return _write(self, np.subtract, value)


def imul(self, value):
    """target *= value."""
    if _recorded(self, value):
        return mul(self, value)
    return _write(self, np.multiply, value)


def idiv(self, value):
    """target /= value."""
    if _recorded(self, value):
        return div(self, value)
    return _write(self, np.divide, value)


def add_(self, value, *, alpha=1):
    """Add alpha · value in place."""
    _not_recorded("add_", self, value, "write y = y + x")
    return _write(self, np.add, value if alpha == 1 else value * alpha)


def sub_(self, value, *, alpha=1):
    """Subtract alpha · value in place."""
    _not_recorded("sub_", self, value, "write y = y - x")
    return _write(self, np.subtract, value if alpha == 1 else value * alpha)


def mul_(self, value):
    """Multiply in place."""
    _not_recorded("mul_", self, value, "write y = y * x")
    return _write(self, np.multiply, value)


def div_(self, value):
    """Divide in place."""
    _not_recorded("div_", self, value, "write y = y / x")
    return _write(self, np.divide, value)


def setitem(self, index, value):
    """target[index] = value, converted to the self's dtype."""
    join = "collect the parts and join them with stack() or cat(), or use no_grad()"
    _not_recorded("target[index] = value", self, value, join)
    value = value.data if isinstance(value, Tensor) else np.asarray(value)
    self.data[as_index(index)] = value
    writes.note(self.data)


def copy_(self, value):
    """Overwrite all values with ``value``, which is broadcast and converted."""
    setitem(self, ..., value)
    return self


def fill_(self, value):
    """Set every element to the number ``value``."""
    setitem(self, ..., value)
    return self


def zero_(self):
    """Set every element to 0."""
    return fill_(self, 0)
