"""Functions of each element on its own: exponentials, logarithms, activations."""

import math

import numpy as np

from . import error_function
from .arguments import mixed_operation, not_built, operation, tensors_only
from .arithmetic import check_numbers
from .conversion import floating, operands
from .core import Tensor
from .limits import chosen

__all__ = [
    "abs",
    "absolute",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expm1",
    "hypot",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "logit",
    "relu",
    "sigmoid",
    "xlogy",
]


@operation
def exp(input):
    """e^x."""
    (x,) = floating(input)
    y = np.exp(x.data)

    def backward(grad):
        return (grad * y,)

    return Tensor._result(y, (x,), backward)


@operation
def exp2(input):
    """2^x."""
    (x,) = floating(input)
    y = np.exp2(x.data)

    def backward(grad):
        return (grad * y * math.log(2),)

    return Tensor._result(y, (x,), backward)


@operation
def expm1(input):
    """e^x - 1, with all its digits also where that is close to 0."""
    (x,) = floating(input)
    y = np.expm1(x.data)

    def backward(grad):
        return (grad * (y + 1),)

    return Tensor._result(y, (x,), backward)


@operation
def log(input):
    """Natural logarithm; -inf at 0 and NaN below."""
    (x,) = floating(input)

    def backward(grad):
        return (grad / x.data,)

    return Tensor._result(np.log(x.data), (x,), backward)


@operation
def log2(input):
    """Logarithm to base 2."""
    (x,) = floating(input)

    def backward(grad):
        return (grad / (x.data * math.log(2)),)

    return Tensor._result(np.log2(x.data), (x,), backward)


@operation
def log10(input):
    """Logarithm to base 10."""
    (x,) = floating(input)

    def backward(grad):
        return (grad / (x.data * math.log(10)),)

    return Tensor._result(np.log10(x.data), (x,), backward)


@operation
def log1p(input):
    """log(1 + x), with all its digits also where x is close to 0."""
    (x,) = floating(input)

    def backward(grad):
        return (grad / (x.data + 1),)

    return Tensor._result(np.log1p(x.data), (x,), backward)


@operation
def logaddexp(input, other):
    """log(e^x + e^y), which stays finite where e^x does not."""
    a, b = _float_pair("logaddexp", input, other)

    def backward(grad):
        return (
            grad / (1 + np.exp(b.data - a.data)),
            grad / (1 + np.exp(a.data - b.data)),
        )

    return Tensor._result(np.logaddexp(a.data, b.data), (a, b), backward)


@operation
def hypot(input, other):
    """√(x² + y²), which stays finite where x² does not."""
    a, b = _float_pair("hypot", input, other)
    y = np.hypot(a.data, b.data)

    def backward(grad):
        return grad * (a.data / y), grad * (b.data / y)

    return Tensor._result(y, (a, b), backward)


def _float_pair(function, input, other):
    """Return two tensors as operands; raise unless they are, and give a float."""
    tensors_only(function, other=other)
    a, b = operands(input, other)
    if a.dtype.kind != "f":
        raise TypeError(
            f"{function}: expected a floating-point dtype, "
            f"got {input.dtype} and {other.dtype}"
        )
    return a, b


@mixed_operation
def xlogy(input, other):
    """x · log(y), and 0 where x is 0 although log(y) may be infinite."""
    a, b = floating(input, other)
    nothing = (a.data == 0) & ~np.isnan(b.data)

    def backward(grad):
        flat = (grad == 0) | ((a.data == 0) & (b.data <= 0))
        return np.where(flat, 0, grad * np.log(b.data)), grad * a.data / b.data

    y = np.where(nothing, 0, a.data * np.log(b.data))
    return Tensor._result(y, (a, b), backward)


@operation
def abs(input):
    """The absolute value, with derivative 0 at 0 and at NaN."""
    check_numbers("abs", input)

    def backward(grad):
        return (grad * signs(input.data),)

    return Tensor._result(np.abs(input.data), (input,), backward)


def signs(x):
    """Return -1, 0 or 1 for each element of an array; 0 for NaN, unlike np.sign."""
    return np.subtract(x > 0, x < 0, dtype=x.dtype)


@operation
def sigmoid(input):
    """1 / (1 + e^-x); where e^-x overflows the result is 0, which is right."""
    (x,) = floating(input)
    y = 1 / (1 + np.exp(-x.data))

    def backward(grad):
        return (grad * y * (1 - y),)

    return Tensor._result(y, (x,), backward)


@operation
def logit(input, eps=None):
    """log(x / (1 - x)), the inverse of `sigmoid`; NaN outside [0, 1].

    With ``eps`` x is first limited to [eps, 1 - eps], where the derivative is 0.
    """
    (x,) = floating(input)
    low, outside = (0, math.nan) if eps is None else (eps, 0)
    z = x.data if eps is None else np.minimum(np.maximum(x.data, eps), 1 - eps)

    def backward(grad):
        inside = ~((x.data < low) | (x.data > 1 - low))
        return (np.where(inside, grad / (x.data * (1 - x.data)), outside),)

    return Tensor._result(np.log(z / (1 - z)), (x,), backward)


@operation
def relu(input, inplace=False):
    """max(x, 0), with derivative 0 at 0; NaN lets the gradient through, as in torch."""
    not_built("relu", inplace=inplace)
    check_numbers("relu", input)
    top = np.inf if input.dtype.kind == "f" else None
    y = np.clip(input.data, 0, top)  # faster than np.maximum

    def backward(grad):
        return (chosen(~(y <= 0), grad),)

    return Tensor._result(y, (input,), backward)


@operation
def erf(input):
    """The error function, 2/√π ∫₀ˣ e^-t² dt."""
    (x,) = floating(input)

    def backward(grad):
        return (grad * _bell(x.data),)

    return Tensor._result(error_function.erf(x.data), (x,), backward)


@operation
def erfc(input):
    """1 - erf(x), with all its digits also where that is close to 0."""
    (x,) = floating(input)

    def backward(grad):
        return (-grad * _bell(x.data),)

    return Tensor._result(error_function.erfc(x.data), (x,), backward)


def _bell(x):
    """Return 2/√π e^-x², the derivative of `erf`."""
    return 2 / math.sqrt(math.pi) * np.exp(-x * x)


absolute = abs
