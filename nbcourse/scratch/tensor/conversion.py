"""Changing the dtype, and bringing two operands to one."""

import numpy as np

from . import dtypes
from .arguments import cpu_only, not_built, operation
from .core import Tensor

__all__ = ["bool", "clone", "double", "float", "int", "long", "to"]


def to(self, target=None, *, dtype=None, device=None, copy=False, non_blocking=False):
    """Return ``self`` with another dtype, or itself if it has it already.

    ``target`` is a dtype, a tensor whose dtype to take, or a device. There is one
    device, ``"cpu"``, and on it ``non_blocking`` has no meaning.
    """
    not_built("to", copy=copy)
    if isinstance(target, str):
        device = target
    elif target is not None:
        dtype = target.dtype if isinstance(target, Tensor) else target
    cpu_only("to", device)
    dtype = self.dtype if dtype is None else dtypes.as_dtype(dtype)
    return self if dtype == self.dtype else _cast(self, dtype)


@operation
def _cast(input, dtype):
    source = input.dtype

    def backward(grad):
        return (grad.astype(source),)

    parents = (input,) if dtype.kind == "f" else ()  # integers have no gradient
    return Tensor._result(input.data.astype(dtype), parents, backward)


def float(self):
    """Return ``self`` as float32."""
    return to(self, dtypes.float32)


def double(self):
    """Return ``self`` as float64."""
    return to(self, dtypes.float64)


def long(self):
    """Return ``self`` as int64, cut towards zero."""
    return to(self, dtypes.int64)


def int(self):
    """Return ``self`` as int32, cut towards zero."""
    return to(self, dtypes.int32)


def bool(self):
    """Return whether each element differs from zero."""
    return to(self, dtypes.bool)


@operation
def clone(input):
    """Return a copy with its own memory, through which gradients pass."""

    def backward(grad):
        return (grad,)

    return Tensor._result(input.data.copy(), (input,), backward)


def operands(*values):
    """Return tensors, arrays and numbers as Tensors of the dtype torch gives them."""
    dtype = dtypes.result_type(*values)
    return tuple([_as_operand(v, dtype) for v in values])


def _as_operand(value, dtype):
    if not isinstance(value, Tensor):
        return Tensor._result(np.asarray(value, dtype=dtype))
    return value if value.dtype == dtype else _cast(value, dtype)
