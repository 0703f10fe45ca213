"""Comparisons and logic: results of dtype bool, through which no gradient passes."""

import numpy as np

from .arguments import axes, operation, reduction
from .conversion import operands
from .core import Tensor

__all__ = [
    "all",
    "allclose",
    "any",
    "bitwise_and",
    "bitwise_not",
    "bitwise_or",
    "bitwise_xor",
    "eq",
    "equal",
    "ge",
    "gt",
    "isfinite",
    "isnan",
    "le",
    "lt",
    "ne",
]


@operation
def eq(input, other):
    """input == other, elementwise."""
    a, b = operands(input, other)
    return Tensor._result(np.equal(a.data, b.data))


@operation
def ne(input, other):
    """input != other, elementwise."""
    a, b = operands(input, other)
    return Tensor._result(np.not_equal(a.data, b.data))


@operation
def lt(input, other):
    """input < other, elementwise."""
    a, b = operands(input, other)
    return Tensor._result(np.less(a.data, b.data))


@operation
def le(input, other):
    """input <= other, elementwise."""
    a, b = operands(input, other)
    return Tensor._result(np.less_equal(a.data, b.data))


@operation
def gt(input, other):
    """input > other, elementwise."""
    a, b = operands(input, other)
    return Tensor._result(np.greater(a.data, b.data))


@operation
def ge(input, other):
    """input >= other, elementwise."""
    a, b = operands(input, other)
    return Tensor._result(np.greater_equal(a.data, b.data))


@operation
def bitwise_and(input, other):
    """Bits, or truth values, that are set in both."""
    a, b = operands(input, other)
    return Tensor._result(np.bitwise_and(a.data, b.data))


@operation
def bitwise_or(input, other):
    """Bits, or truth values, that are set in at least one."""
    a, b = operands(input, other)
    return Tensor._result(np.bitwise_or(a.data, b.data))


@operation
def bitwise_xor(input, other):
    """Bits, or truth values, that are set in exactly one."""
    a, b = operands(input, other)
    return Tensor._result(np.bitwise_xor(a.data, b.data))


@operation
def bitwise_not(input):
    """Each bit, or truth value, turned round."""
    return Tensor._result(np.bitwise_not(input.data))


@operation
def isnan(input):
    """Whether each element is NaN."""
    return Tensor._result(np.isnan(input.data))


@operation
def isfinite(input):
    """Whether each element is neither infinite nor NaN."""
    return Tensor._result(np.isfinite(input.data))


@reduction
def all(input, dim=None, keepdim=False):
    """Whether all elements (along ``dim``) differ from zero."""
    along = _axes(dim, input.ndim)
    return Tensor._result(np.all(input.data, axis=along, keepdims=keepdim))


@reduction
def any(input, dim=None, keepdim=False):
    """Whether any element (along ``dim``) differs from zero."""
    along = _axes(dim, input.ndim)
    return Tensor._result(np.any(input.data, axis=along, keepdims=keepdim))


def _axes(dim, ndim):
    """Return `axes`; but here, unlike in a sum, no dimensions are none, not all."""
    return () if isinstance(dim, (tuple, list)) and not dim else axes(dim, ndim)


def equal(input, other):
    """Return True if both tensors have the same shape and values."""
    return input.shape == other.shape and bool(np.array_equal(input.data, other.data))


def allclose(input, other, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Return True if |input - other| <= atol + rtol · |other| everywhere."""
    return bool(np.allclose(input.data, other.data, rtol, atol, equal_nan))
