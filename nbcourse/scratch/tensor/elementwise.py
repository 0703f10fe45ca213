"""Functions of each element on its own: exponentials, roots, limits, activations."""

import numpy as np

from .arguments import not_built, operation
from .conversion import operands
from .core import Tensor

__all__ = [
    "abs",
    "clamp",
    "exp",
    "log",
    "maximum",
    "minimum",
    "relu",
    "sigmoid",
    "sign",
    "sqrt",
    "tanh",
    "where",
]


def _floating(input):
    """Return ``input``, or an integer tensor in the default floating-point dtype."""
    return input if input.dtype.kind == "f" else operands(input, 1.0)[0]


@operation
def exp(input):
    """e^x."""
    x = _floating(input)
    y = np.exp(x.data)

    def backward(grad):
        return (grad * y,)

    return Tensor._result(y, (x,), backward)


@operation
def log(input):
    """Natural logarithm; -inf at 0 and NaN below."""
    x = _floating(input)

    def backward(grad):
        return (grad / x.data,)

    return Tensor._result(np.log(x.data), (x,), backward)


@operation
def sqrt(input):
    """Square root; NaN below 0."""
    x = _floating(input)
    y = np.sqrt(x.data)

    def backward(grad):
        return (grad / (2 * y),)

    return Tensor._result(y, (x,), backward)


@operation
def abs(input):
    """Return the absolute value of each element, with derivative 0 at 0."""

    def backward(grad):
        return (grad * np.sign(input.data),)

    return Tensor._result(np.abs(input.data), (input,), backward)


@operation
def sign(input):
    """-1, 0 or 1; its derivative is 0 everywhere."""

    def backward(grad):
        return (np.zeros_like(grad),)

    return Tensor._result(np.sign(input.data), (input,), backward)


@operation
def tanh(input):
    """(e^x - e^-x) / (e^x + e^-x)."""
    x = _floating(input)
    y = np.tanh(x.data)

    def backward(grad):
        return (grad * (1 - y * y),)

    return Tensor._result(y, (x,), backward)


@operation
def sigmoid(input):
    """1 / (1 + e^-x); where e^-x overflows the result is 0, which is right."""
    x = _floating(input)
    y = 1 / (1 + np.exp(-x.data))

    def backward(grad):
        return (grad * y * (1 - y),)

    return Tensor._result(y, (x,), backward)


@operation
def relu(input, inplace=False):
    """max(x, 0), with derivative 0 at 0; NaN lets the gradient through, as in torch."""
    not_built("relu", inplace=inplace)
    y = np.maximum(input.data, 0)

    def backward(grad):
        return (grad * ~(y <= 0),)

    return Tensor._result(y, (input,), backward)


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
