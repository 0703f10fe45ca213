"""Powers and roots of each element."""

import numpy as np

from . import dtypes
from .arguments import mixed_operation, operation
from .arithmetic import check_numbers
from .conversion import as_operand, floating, operands
from .core import Tensor

__all__ = ["float_power", "pow", "rsqrt", "sqrt", "square"]


@mixed_operation
def pow(input, exponent):
    """input ** exponent; the exponent may be a number or a tensor.

    Integers to a negative tensor of integers give 0, or ±1 for ±1; to a negative number
    they raise ValueError.
    """
    if isinstance(exponent, (int, float)):  # bool and np.float64 become plain
        number = +exponent if isinstance(exponent, int) else float(exponent)
        return _power(operands(input, exponent)[0], number)
    a, b = operands(input, exponent)
    check_numbers("pow", a)
    y = _raised(a.data, b.data)

    def backward(grad):
        by_a = by_b = None
        if a.requires_grad:
            by_a = np.where(b.data == 0, 0, grad * b.data * a.data ** (b.data - 1))
        if b.requires_grad:
            flat = (a.data == 0) & (b.data >= 0)  # 0 ** b does not change with b
            by_b = grad * np.where(flat, 0, y * np.log(a.data))
        return by_a, by_b

    return Tensor._result(y, (a, b), backward)


def _raised(a, b):
    if b.dtype.kind != "i" or (b >= 0).all():
        return np.power(a, b)
    return np.power(a, np.abs(b)) * ((b >= 0) | (np.abs(a) == 1))


def _power(a, exponent):
    """Return a ** exponent for a number."""
    if exponent < 0 and a.dtype.kind != "f":
        raise ValueError(
            f"pow: expected an exponent of at least 0 for {a.dtype}, got {exponent}"
        )

    def backward(grad):
        if exponent == 0:
            return (np.zeros_like(grad),)
        return (grad * (exponent * _to_a_number(a.data, exponent - 1)),)

    y = _to_a_number(a.data, exponent)
    return Tensor._result(y.copy() if y is a.data else y, (a,), backward)


def _to_a_number(x, n):
    """Return x ** n; products and roots are many times faster than np.power."""
    if n == 0:
        return np.ones_like(x)
    if n in (1, 2, 3):
        return x if n == 1 else x * x if n == 2 else x * x * x
    if n in (0.5, -0.5):
        return np.sqrt(x) if n > 0 else 1 / np.sqrt(x)
    return x**n


@mixed_operation
def float_power(input, exponent):
    """`pow` computed in float64, whatever the dtypes are."""
    a, b = (as_operand(value, dtypes.float64) for value in (input, exponent))
    return pow(a, b)


@operation
def square(input):
    """input · input."""
    return pow(input, 2)


@operation
def sqrt(input):
    """Square root; NaN below 0."""
    (x,) = floating(input)
    y = np.sqrt(x.data)

    def backward(grad):
        return (grad / (2 * y),)

    return Tensor._result(y, (x,), backward)


@operation
def rsqrt(input):
    """1 / √input; infinite at 0 and NaN below."""
    (x,) = floating(input)
    y = 1 / np.sqrt(x.data)

    def backward(grad):
        return (-0.5 * grad * (y * y * y),)

    return Tensor._result(y, (x,), backward)
