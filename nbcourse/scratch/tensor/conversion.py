"""Changing the dtype, and bringing two operands to one."""

import numpy as np

from . import dtypes
from .arguments import cpu_only, not_built, operation
from .core import Tensor

__all__ = ["bool", "clone", "double", "float", "int", "long", "operands", "to"]


def to(input, target=None, *, dtype=None, device=None, copy=False, non_blocking=False):
    """Return ``input`` with another dtype, or itself if it has it already.

    ``target`` is a dtype, a tensor whose dtype to take, or a device. There is one
    device, ``"cpu"``, and on it ``non_blocking`` has no meaning.
    """
    not_built("to", copy=copy)
    if isinstance(target, str):
        device = target
    elif target is not None:
        dtype = target.dtype if isinstance(target, Tensor) else target
    cpu_only("to", device)
    dtype = input.dtype if dtype is None else dtypes.as_dtype(dtype)
    return input if dtype == input.dtype else _cast(input, dtype)


@operation
def _cast(input, dtype):
    source = input.dtype

    def backward(grad):
        return (grad.astype(source),)

    parents = (input,) if dtype.kind == "f" else ()  # integers have no gradient
    return Tensor._result(input.data.astype(dtype), parents, backward)


def float(input):
    """Return ``input`` as float32."""
    return to(input, dtypes.float32)


def double(input):
    """Return ``input`` as float64."""
    return to(input, dtypes.float64)


def long(input):
    """Return ``input`` as int64, cut towards zero."""
    return to(input, dtypes.int64)


def int(input):
    """Return ``input`` as int32, cut towards zero."""
    return to(input, dtypes.int32)


def bool(input):
    """Return whether each element differs from zero."""
    return to(input, dtypes.bool)


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
