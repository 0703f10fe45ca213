"""Choosing between values, element by element: limits, masks, the larger of two."""

import numpy as np

from .arguments import operation, tensors_only
from .arithmetic import check_numbers
from .conversion import as_operand, operands
from .core import Tensor

__all__ = [
    "clamp",
    "clamp_max",
    "clamp_min",
    "clip",
    "fmax",
    "fmin",
    "masked_fill",
    "maximum",
    "minimum",
    "nan_to_num",
    "where",
]


@operation
def clamp(input, min=None, max=None):
    """Limit each element to [min, max].

    ``min`` and ``max`` are numbers or tensors, and one of them may be None. Where min
    is above max the result is max. The gradient goes to the element within the bounds
    and on them, and outside to the bound; the derivative at NaN is 0. (On a bound, and
    beside tensors at NaN, torch has decided otherwise since 2.14.)
    """
    given = [bound for bound in (min, max) if bound is not None]
    if not given:
        raise ValueError("clamp: expected min or max, got None for both")
    x, *bounds = operands(input, *given)
    check_numbers("clamp", x)
    low = None if min is None else bounds[0]
    high = None if max is None else bounds[-1]
    y = x.data if low is None else np.maximum(x.data, low.data)
    y = y if high is None else np.minimum(y, high.data)

    def backward(grad):
        above = True if low is None else x.data >= low.data
        below = True if high is None else x.data <= high.data
        by_bounds = [None for _ in bounds]
        if any(bound.requires_grad for bound in bounds):
            by_bounds = _gradients_of_bounds(grad, x.data, low, high)
        return (grad * (above & below), *by_bounds)

    return Tensor._result(y, (x, *bounds), backward)


def _gradients_of_bounds(grad, x, low, high):
    """Return what goes to the bounds; of equal ones to the one that x is beyond."""
    if high is None:
        return [grad * (x < low.data)]
    if low is None:
        return [grad * (x > high.data)]
    by_low = grad * ((x < low.data) & (low.data <= high.data))
    by_high = grad * ((x > high.data) | (high.data < low.data))
    return [by_low, by_high]


@operation
def clamp_min(input, min):
    """`clamp` from below only."""
    return clamp(input, min)


@operation
def clamp_max(input, max):
    """`clamp` from above only."""
    return clamp(input, max=max)


@operation
def maximum(input, other):
    """The larger of two elements; equal ones share the gradient, NaN wins."""
    tensors_only("maximum", other=other)
    a, b = operands(input, other)

    def backward(grad):
        return grad * _share(a.data, b.data), grad * _share(b.data, a.data)

    return Tensor._result(np.maximum(a.data, b.data), (a, b), backward)


@operation
def minimum(input, other):
    """The smaller of two elements; equal ones share the gradient, NaN wins."""
    tensors_only("minimum", other=other)
    a, b = operands(input, other)

    def backward(grad):
        return grad * _share(b.data, a.data), grad * _share(a.data, b.data)

    return Tensor._result(np.minimum(a.data, b.data), (a, b), backward)


def _share(winner, loser):
    """Return 1 where the winner is larger, ½ where both are equal, 1 beside NaN."""
    lost = np.add(winner < loser, winner <= loser, dtype=winner.dtype)  # 2, 1 or 0
    return 1 - lost / 2


@operation
def fmax(input, other):
    """The larger of two elements, where NaN always loses.

    Of equal ones ``input`` gets the gradient. (In torch they share it since 2.14.)
    """
    tensors_only("fmax", other=other)
    a, b = operands(input, other)

    def backward(grad):
        first = (a.data >= b.data) | np.isnan(b.data)
        return grad * first, grad * ~first

    return Tensor._result(np.fmax(a.data, b.data), (a, b), backward)


@operation
def fmin(input, other):
    """The smaller of two elements, where NaN always loses.

    Of equal ones ``input`` gets the gradient. (In torch they share it since 2.14.)
    """
    tensors_only("fmin", other=other)
    a, b = operands(input, other)

    def backward(grad):
        first = (a.data <= b.data) | np.isnan(b.data)
        return grad * first, grad * ~first

    return Tensor._result(np.fmin(a.data, b.data), (a, b), backward)


@operation
def where(condition, input=None, other=None):
    """``input`` where the condition holds, ``other`` elsewhere.

    With the condition alone: the indices at which it holds, a tuple with a tensor for
    each dimension.
    """
    chosen = condition.data if isinstance(condition, Tensor) else np.asarray(condition)
    if input is None and other is None:
        return tuple(Tensor(i) for i in np.nonzero(np.atleast_1d(chosen)))
    if input is None or other is None:
        raise TypeError("where: expected input and other, or neither")
    if chosen.dtype != bool:
        raise TypeError(
            f"where: expected a condition of dtype bool, got {chosen.dtype}"
        )
    a, b = operands(input, other)

    def backward(grad):
        return np.where(chosen, grad, 0), np.where(chosen, 0, grad)

    return Tensor._result(np.where(chosen, a.data, b.data), (a, b), backward)


def where_method(self, condition, other):
    """``self`` where the condition holds, ``other`` elsewhere."""
    return where(condition, self, other)


@operation
def masked_fill(input, mask, value):
    """``input``, but ``value`` where the mask holds: a number or a 0-d tensor."""
    tensors_only("masked_fill", mask=mask)
    if mask.dtype.kind != "b":
        raise TypeError(f"masked_fill: expected a mask of dtype bool, got {mask.dtype}")
    filling = as_operand(value, input.dtype)
    if filling.ndim:
        raise ValueError(
            "masked_fill: expected a number or a 0-d tensor for value, "
            f"got shape {filling.shape}"
        )
    chosen = mask.data

    def backward(grad):
        return np.where(chosen, 0, grad), np.where(chosen, grad, 0)

    y = np.where(chosen, filling.data, input.data)
    return Tensor._result(y, (input, filling), backward)


@operation
def nan_to_num(input, nan=0.0, posinf=None, neginf=None):
    """Replace NaN by ``nan`` (0) and infinities, if not given, by the largest floats.

    The derivative of what is replaced is 0.
    """
    x = input.data
    nan = 0.0 if nan is None else nan

    def backward(grad):
        return (grad * np.isfinite(x),)

    y = np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)
    return Tensor._result(y, (input,), backward)


clip = clamp


def chosen(mask, x):
    """Return the array x where the mask is true, else 0.

    It takes all bits of a number or none, as fast as a product, which would make NaN of
    0 · ∞, and much faster than `numpy.where`.
    """
    bits = np.dtype(f"i{x.itemsize}")
    return (x.view(bits) & -mask.view(np.int8)).view(x.dtype)
