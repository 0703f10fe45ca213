"""Functions of each element on its own: sines, their inverses and hyperbolic kin."""

import math

import numpy as np

from .arguments import operation, tensors_only
from .conversion import floating
from .core import Tensor

__all__ = [
    "acos",
    "acosh",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cos",
    "cosh",
    "deg2rad",
    "rad2deg",
    "sin",
    "sinh",
    "tan",
    "tanh",
]


@operation
def sin(input):
    """The sine of an angle in radians."""
    (x,) = floating(input)

    def backward(grad):
        return (grad * np.cos(x.data),)

    return Tensor._result(np.sin(x.data), (x,), backward)


@operation
def cos(input):
    """The cosine of an angle in radians."""
    (x,) = floating(input)

    def backward(grad):
        return (-grad * np.sin(x.data),)

    return Tensor._result(np.cos(x.data), (x,), backward)


@operation
def tan(input):
    """The tangent of an angle in radians, sin(x) / cos(x)."""
    (x,) = floating(input)
    y = np.tan(x.data)

    def backward(grad):
        return (grad * (1 + y * y),)

    return Tensor._result(y, (x,), backward)


@operation
def asin(input):
    """The angle in [-π/2, π/2] whose sine is x; NaN outside [-1, 1]."""
    (x,) = floating(input)

    def backward(grad):
        return (grad / np.sqrt(1 - x.data * x.data),)

    return Tensor._result(np.arcsin(x.data), (x,), backward)


@operation
def acos(input):
    """The angle in [0, π] whose cosine is x; NaN outside [-1, 1]."""
    (x,) = floating(input)

    def backward(grad):
        return (-grad / np.sqrt(1 - x.data * x.data),)

    return Tensor._result(np.arccos(x.data), (x,), backward)


@operation
def atan(input):
    """The angle in (-π/2, π/2) whose tangent is x."""
    (x,) = floating(input)

    def backward(grad):
        return (grad / (1 + x.data * x.data),)

    return Tensor._result(np.arctan(x.data), (x,), backward)


@operation
def atan2(input, other):
    """The angle in [-π, π] of the point with height ``input`` and width ``other``.

    At the origin its derivative is taken as 0.
    """
    tensors_only("atan2", other=other)
    y, x = floating(input, other)

    def backward(grad):
        square = y.data * y.data + x.data * x.data
        share = np.where(square == 0, 0, grad / square)
        return share * x.data, -share * y.data

    return Tensor._result(np.arctan2(y.data, x.data), (y, x), backward)


@operation
def sinh(input):
    """(e^x - e^-x) / 2."""
    (x,) = floating(input)

    def backward(grad):
        return (grad * np.cosh(x.data),)

    return Tensor._result(np.sinh(x.data), (x,), backward)


@operation
def cosh(input):
    """(e^x + e^-x) / 2."""
    (x,) = floating(input)

    def backward(grad):
        return (grad * np.sinh(x.data),)

    return Tensor._result(np.cosh(x.data), (x,), backward)


@operation
def tanh(input):
    """(e^x - e^-x) / (e^x + e^-x)."""
    (x,) = floating(input)
    y = np.tanh(x.data)

    def backward(grad):
        return (grad * (1 - y * y),)

    return Tensor._result(y, (x,), backward)


@operation
def asinh(input):
    """The number whose hyperbolic sine is x, log(x + √(x² + 1))."""
    (x,) = floating(input)

    def backward(grad):
        return (grad / np.sqrt(x.data * x.data + 1),)

    return Tensor._result(np.arcsinh(x.data), (x,), backward)


@operation
def acosh(input):
    """The number >= 0 whose hyperbolic cosine is x; NaN below 1."""
    (x,) = floating(input)

    def backward(grad):
        return (grad / np.sqrt(x.data * x.data - 1),)

    return Tensor._result(np.arccosh(x.data), (x,), backward)


@operation
def atanh(input):
    """The number whose hyperbolic tangent is x; NaN outside [-1, 1]."""
    (x,) = floating(input)

    def backward(grad):
        return (grad / (1 - x.data * x.data),)

    return Tensor._result(np.arctanh(x.data), (x,), backward)


@operation
def deg2rad(input):
    """Degrees to radians, x · π / 180."""
    (x,) = floating(input)
    return x * (math.pi / 180)


@operation
def rad2deg(input):
    """Radians to degrees, x · 180 / π."""
    (x,) = floating(input)
    return x * (180 / math.pi)


arcsin, arccos, arctan, arctan2 = asin, acos, atan, atan2
arcsinh, arccosh, arctanh = asinh, acosh, atanh
