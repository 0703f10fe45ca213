"""Choosing between values, element by element: limits, masks, the larger of two."""

import numpy as np

from .arguments import operation
from .conversion import operands
from .core import Tensor

__all__ = ["clamp", "maximum", "minimum", "where"]


@operation
def clamp(input, min=None, max=None):
    """Limit each element to [min, max]; outside, the derivative is 0.

    ``min`` and ``max`` are numbers, and one of them may be None.
    """
    if min is None and max is None:
        raise ValueError("clamp: expected min or max, got None for both")
    for name, bound in (("min", min), ("max", max)):
        if isinstance(bound, (Tensor, np.ndarray)):
            raise NotImplementedError(f"clamp: a tensor for {name} is not built")
    bounds = [b for b in (min, max) if b is not None]
    x = operands(input, *bounds)[0]
    y = x.data
    if min is not None:
        y = np.maximum(y, min)
    if max is not None:
        y = np.minimum(y, max)

    def backward(grad):
        return (grad * (x.data == y),)

    return Tensor._result(y, (x,), backward)


@operation
def maximum(input, other):
    """The larger of two elements; equal ones share the gradient."""
    a, b = operands(input, other)

    def backward(grad):
        return _shared(grad, a.data, b.data)

    return Tensor._result(np.maximum(a.data, b.data), (a, b), backward)


@operation
def minimum(input, other):
    """The smaller of two elements; equal ones share the gradient."""
    a, b = operands(input, other)

    def backward(grad):
        return _shared(grad, b.data, a.data)

    return Tensor._result(np.minimum(a.data, b.data), (a, b), backward)


def _shared(grad, winner, loser):
    """Return each side's gradient: all where it wins, half where both are equal."""
    first = (winner > loser) + (winner == loser) / winner.dtype.type(2)
    by_winner = grad * first
    return by_winner, grad - by_winner


@operation
def where(condition, input, other):
    """``input`` where the condition holds, ``other`` elsewhere."""
    chosen = condition.data if isinstance(condition, Tensor) else np.asarray(condition)
    if chosen.dtype != bool:
        raise TypeError(
            f"where: expected a condition of dtype bool, got {chosen.dtype}"
        )
    a, b = operands(input, other)

    def backward(grad):
        return grad * chosen, grad * ~chosen

    return Tensor._result(np.where(chosen, a.data, b.data), (a, b), backward)
