"""Comparisons and logic: results of dtype bool, through which no gradient passes."""

import numpy as np

from .arguments import (
    axes,
    mixed_operation,
    operation,
    reduction,
    same_dtype,
    tensors_only,
)
from .conversion import operands
from .core import Tensor

__all__ = [
    "all",
    "allclose",
    "any",
    "bitwise_and",
    "bitwise_left_shift",
    "bitwise_not",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "eq",
    "equal",
    "ge",
    "greater",
    "greater_equal",
    "gt",
    "isclose",
    "isfinite",
    "isinf",
    "isnan",
    "isneginf",
    "isposinf",
    "le",
    "less",
    "less_equal",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "lt",
    "ne",
    "not_equal",
]


def _compared(comparison, input, other):
    """Return ``comparison`` of two operands; Python's integers of any size fit in."""
    if isinstance(other, int):
        return Tensor._result(comparison(input.data, other))
    a, b = operands(input, other)
    return Tensor._result(comparison(a.data, b.data))


@operation
def eq(input, other):
    """input == other, elementwise."""
    return _compared(np.equal, input, other)


@operation
def ne(input, other):
    """input != other, elementwise."""
    return _compared(np.not_equal, input, other)


@operation
def lt(input, other):
    """input < other, elementwise."""
    return _compared(np.less, input, other)


@operation
def le(input, other):
    """input <= other, elementwise."""
    return _compared(np.less_equal, input, other)


@operation
def gt(input, other):
    """input > other, elementwise."""
    return _compared(np.greater, input, other)


@operation
def ge(input, other):
    """input >= other, elementwise."""
    return _compared(np.greater_equal, input, other)


@operation
def isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether |input - other| <= atol + rtol · |other|; infinities must be equal.

    With ``equal_nan`` NaN is close to NaN. Both must have one dtype.
    """
    tensors_only("isclose", other=other)
    same_dtype("isclose", input=input, other=other)
    if rtol < 0 or atol < 0:
        raise ValueError(
            f"isclose: expected rtol and atol of at least 0, got {rtol} and {atol}"
        )
    a, b = input.data, other.data
    exact = (a == b) | ((a != a) & (b != b) if equal_nan else False)
    if a.dtype.kind != "f":
        a, b = a.astype(np.float64), b.astype(np.float64)
    distance = np.abs(a - b)
    near = np.isfinite(distance) & (distance <= atol + np.abs(rtol * b))
    return Tensor._result(exact | near)


def allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Return True if all elements are close: see `isclose`."""
    return isclose(input, other, rtol, atol, equal_nan).data.all().item()


@operation
def equal(input, other):
    """Return True if both tensors have the same shape and values."""
    tensors_only("equal", other=other)
    return bool(np.array_equal(input.data, other.data))


# --- what a number is


@operation
def isnan(input):
    """Whether each element is NaN."""
    return Tensor._result(np.isnan(input.data))


@operation
def isfinite(input):
    """Whether each element is neither infinite nor NaN."""
    return Tensor._result(np.isfinite(input.data))


@operation
def isinf(input):
    """Whether each element is ∞ or -∞."""
    return Tensor._result(np.isinf(input.data))


@operation
def isposinf(input):
    """Whether each element is ∞."""
    return Tensor._result(input.data == np.inf)


@operation
def isneginf(input):
    """Whether each element is -∞."""
    return Tensor._result(input.data == -np.inf)


# --- truth values: what differs from zero is true


@operation
def logical_and(input, other):
    """Whether both are true."""
    tensors_only("logical_and", other=other)
    return Tensor._result(np.logical_and(input.data, other.data))


@operation
def logical_or(input, other):
    """Whether at least one is true."""
    tensors_only("logical_or", other=other)
    return Tensor._result(np.logical_or(input.data, other.data))


@operation
def logical_xor(input, other):
    """Whether exactly one is true."""
    tensors_only("logical_xor", other=other)
    return Tensor._result(np.logical_xor(input.data, other.data))


@operation
def logical_not(input):
    """Whether each element is false."""
    return Tensor._result(np.logical_not(input.data))


@reduction
def all(input, dim=None, keepdim=False):
    """Whether all elements (along ``dim``) are true; uint8 stays uint8, as in torch."""
    return _gathered(np.all, input, dim, keepdim)


@reduction
def any(input, dim=None, keepdim=False):
    """Whether any element (along ``dim``) is true; uint8 stays uint8, as in torch."""
    return _gathered(np.any, input, dim, keepdim)


def _gathered(gather, input, dim, keepdim):
    # here, unlike in a sum, no dimensions are none, not all
    none = isinstance(dim, (tuple, list)) and not dim
    along = () if none else axes(dim, input.ndim)
    y = gather(input.data, axis=along, keepdims=keepdim)
    return Tensor._result(y.astype(np.uint8) if input.dtype == np.uint8 else y)


# --- bits


def _bits(function, input, other, truths=True):
    """Return operands of integers, or truth values where these are allowed."""
    a, b = operands(input, other)
    if a.dtype.kind not in ("iub" if truths else "iu"):
        raise TypeError(f"{function}: expected integers, got a result of {a.dtype}")
    return a.data, b.data


@mixed_operation
def bitwise_and(input, other):
    """Bits, or truth values, that are set in both."""
    return Tensor._result(np.bitwise_and(*_bits("bitwise_and", input, other)))


@mixed_operation
def bitwise_or(input, other):
    """Bits, or truth values, that are set in at least one."""
    return Tensor._result(np.bitwise_or(*_bits("bitwise_or", input, other)))


@mixed_operation
def bitwise_xor(input, other):
    """Bits, or truth values, that are set in exactly one."""
    return Tensor._result(np.bitwise_xor(*_bits("bitwise_xor", input, other)))


@mixed_operation
def bitwise_left_shift(input, other):
    """The bits moved up by ``other`` places: input · 2^other."""
    a, b = _bits("bitwise_left_shift", input, other, truths=False)
    return Tensor._result(np.left_shift(a, b))


@mixed_operation
def bitwise_right_shift(input, other):
    """The bits moved down by ``other`` places: input / 2^other, rounded down."""
    a, b = _bits("bitwise_right_shift", input, other, truths=False)
    return Tensor._result(np.right_shift(a, b))


@operation
def bitwise_not(input):
    """Each bit, or truth value, turned round."""
    if input.dtype.kind == "f":
        raise TypeError(f"bitwise_not: expected integers, got {input.dtype}")
    return Tensor._result(np.bitwise_not(input.data))


greater, greater_equal, less, less_equal, not_equal = gt, ge, lt, le, ne
