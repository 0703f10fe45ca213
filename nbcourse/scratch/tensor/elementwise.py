"""Functions of each element on its own: exponentials, roots, activations."""

import math

import numpy as np

from . import error_function
from .arguments import not_built, operation
from .conversion import operands
from .core import Tensor

__all__ = ["abs", "erf", "exp", "log", "relu", "sigmoid", "sqrt", "tanh"]


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
def erf(input):
    """2/√π ∫₀ˣ e^-t² dt."""
    x = _floating(input)

    def backward(grad):
        return (grad * (2 / math.sqrt(math.pi)) * np.exp(-x.data * x.data),)

    return Tensor._result(error_function.erf(x.data), (x,), backward)


@operation
def relu(input, inplace=False):
    """max(x, 0), with derivative 0 at 0; NaN lets the gradient through, as in torch."""
    not_built("relu", inplace=inplace)
    y = np.maximum(input.data, 0)

    def backward(grad):
        return (grad * ~(y <= 0),)

    return Tensor._result(y, (input,), backward)
