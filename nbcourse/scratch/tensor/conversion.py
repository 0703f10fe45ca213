"""Changing the dtype, and bringing two operands to one."""

import numpy as np

from . import dtypes
from .arguments import cpu_only, not_built, operation
from .core import Tensor

__all__ = [
    "bool",
    "byte",
    "char",
    "clone",
    "detach",
    "double",
    "float",
    "int",
    "is_floating_point",
    "is_tensor",
    "long",
    "numel",
    "short",
    "to",
    "type_as",
]


def to(self, *args, **kwargs):
    """Return ``self`` with another dtype, or itself if it has it already.

    ``x.to(dtype)``, ``x.to(other)`` takes that tensor's dtype, ``x.to("cpu", dtype)``.
    Then follow, as in torch, ``non_blocking`` (with one device it has no meaning) and
    ``copy=True``, which copies in any case. Gradients pass between floating-point
    dtypes.
    """
    device, dtype, copy = _destination(*args, **kwargs)
    cpu_only("to", device)
    dtype = self.dtype if dtype is None else dtypes.as_dtype(dtype)
    if dtype == self.dtype:
        return clone(self) if copy else self
    return _cast(self, dtype)


def _destination(*args, **kwargs):
    """Return (device, dtype, copy) from one of the three ways to call `to`."""
    kwargs = {name: value for name, value in kwargs.items() if value is not None}
    first = args[0] if args else None
    if isinstance(first, Tensor):
        args = (first.dtype, *args[1:])
    by_device = first is None or isinstance(first, str)
    return (_to_device if by_device else _to_dtype)(*args, **kwargs)


def _to_device(
    device=None, dtype=None, non_blocking=False, copy=False, *, memory_format=None
):
    not_built("to", memory_format=memory_format)
    return device, dtype, copy


def _to_dtype(dtype, non_blocking=False, copy=False, *, memory_format=None):
    not_built("to", memory_format=memory_format)
    return None, dtype, copy


@operation
def _cast(input, dtype):
    source = input.dtype

    def backward(grad):
        return (grad.astype(source),)

    parents = (input,) if dtype.kind == "f" else ()  # integers have no gradient
    return Tensor._result(input.data.astype(dtype), parents, backward)


def type_as(self, other):
    """Return ``self`` with the dtype of ``other``."""
    return to(self, other)


def float(self, memory_format=None):
    """Return ``self`` as float32."""
    return to(self, dtypes.float32, memory_format=memory_format)


def double(self, memory_format=None):
    """Return ``self`` as float64."""
    return to(self, dtypes.float64, memory_format=memory_format)


def long(self, memory_format=None):
    """Return ``self`` as int64, cut towards zero."""
    return to(self, dtypes.int64, memory_format=memory_format)


def int(self, memory_format=None):
    """Return ``self`` as int32, cut towards zero."""
    return to(self, dtypes.int32, memory_format=memory_format)


def short(self, memory_format=None):
    """Return ``self`` as int16, cut towards zero."""
    return to(self, dtypes.int16, memory_format=memory_format)


def char(self, memory_format=None):
    """Return ``self`` as int8, cut towards zero."""
    return to(self, dtypes.int8, memory_format=memory_format)


def byte(self, memory_format=None):
    """Return ``self`` as uint8, cut towards zero."""
    return to(self, dtypes.uint8, memory_format=memory_format)


def bool(self, memory_format=None):
    """Return whether each element differs from zero."""
    return to(self, dtypes.bool, memory_format=memory_format)


@operation
def clone(input, *, memory_format=None):
    """Return a copy with its own memory, through which gradients pass."""
    not_built("clone", memory_format=memory_format)

    def backward(grad):
        return (grad,)

    return Tensor._result(input.data.copy(), (input,), backward)


@operation
def detach(input):
    """Return a tensor with the same memory and no history."""
    return Tensor(input.data)


@operation
def numel(input):
    """Return the number of elements."""
    return input.data.size


@operation
def is_floating_point(input):
    """Return whether the dtype is a floating-point one."""
    return input.dtype.kind == "f"


def is_tensor(obj, /):
    """Return whether ``obj`` is a Tensor."""
    return isinstance(obj, Tensor)


def operands(*values):
    """Return tensors, arrays and numbers as Tensors of the dtype torch gives them."""
    if len(values) == 2 and _of_one_dtype(*values):  # the commonest case, at once
        return values
    dtype = dtypes.result_type(*values)
    return tuple([as_operand(v, dtype) for v in values])


def _of_one_dtype(a, b):
    tensors = isinstance(a, Tensor) and isinstance(b, Tensor)
    return tensors and a.data.dtype is b.data.dtype


def floating(*values):
    """Return `operands`, but integers and bool in the default floating-point dtype."""
    if len(values) == 1 and values[0].data.dtype.kind == "f":
        return values
    values = operands(*values)
    dtype = values[0].dtype
    if dtype.kind == "f":
        return values
    return tuple([as_operand(v, dtypes.get_default_dtype()) for v in values])


def as_operand(value, dtype):
    """Return a tensor, array or number as a Tensor of this dtype."""
    if isinstance(value, Tensor):
        return value if value.dtype == dtype else _cast(value, dtype)
    if dtype.kind in "iu":  # a number that is too large wraps round, as in torch
        return Tensor._result(np.asarray(value).astype(dtype))
    return Tensor._result(np.asarray(value, dtype=dtype))
