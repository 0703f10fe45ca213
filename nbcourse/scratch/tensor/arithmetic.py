"""Arithmetic with broadcasting: each derivative stands beneath its operation."""

import numpy as np

from .arguments import not_built, operation
from .conversion import operands
from .core import Tensor

__all__ = ["add", "div", "mul", "neg", "pow", "square", "sub"]


@operation
def add(input, other, *, alpha=1):
    """input + alpha · other."""
    a, b = operands(input, other if alpha == 1 else mul(operands(other)[0], alpha))

    def backward(grad):
        return grad, grad

    return Tensor._result(a.data + b.data, (a, b), backward)


@operation
def sub(input, other, *, alpha=1):
    """input - alpha · other."""
    if _is_bool(input) or _is_bool(other):
        raise TypeError(
            "sub: expected numbers, got bool; "
            "use ~ to negate or ^ to compare truth values"
        )
    a, b = operands(input, other if alpha == 1 else mul(operands(other)[0], alpha))

    def backward(grad):
        return grad, -grad

    return Tensor._result(a.data - b.data, (a, b), backward)


@operation
def rsub(input, other):
    """other - input, for a number or array on the left."""
    return sub(operands(other, input)[0], input)


def _is_bool(value):
    return isinstance(value, bool) or getattr(value, "dtype", None) == np.bool_


@operation
def mul(input, other):
    """Elementwise product, input · other."""
    a, b = operands(input, other)

    def backward(grad):
        return (
            grad * b.data if a.requires_grad else None,
            grad * a.data if b.requires_grad else None,
        )

    return Tensor._result(a.data * b.data, (a, b), backward)


@operation
def div(input, other, *, rounding_mode=None):
    """Elementwise quotient, input / other; integers give the default float dtype."""
    not_built("div", rounding_mode=rounding_mode)
    a, b = operands(input, other)
    if a.dtype.kind != "f":
        a, b = operands(a, b, 1.0)[:2]
    y = a.data / b.data

    def backward(grad):
        by_a = grad / b.data
        return by_a, -by_a * y if b.requires_grad else None

    return Tensor._result(y, (a, b), backward)


@operation
def neg(input):
    """-input."""

    def backward(grad):
        return (-grad,)

    return Tensor._result(-input.data, (input,), backward)


@operation
def square(input):
    """input · input."""

    def backward(grad):
        return (2 * grad * input.data,)

    return Tensor._result(input.data * input.data, (input,), backward)


@operation
def pow(input, exponent):
    """input ** exponent; the exponent may be a number or a tensor."""
    if isinstance(exponent, (int, float)):  # bool and np.float64 become plain
        number = +exponent if isinstance(exponent, int) else float(exponent)
        return _power(operands(input, exponent)[0], number)
    a, b = operands(input, exponent)
    y = a.data**b.data

    def backward(grad):
        by_a = by_b = None
        if a.requires_grad:
            by_a = np.where(b.data == 0, 0, grad * b.data * a.data ** (b.data - 1))
        if b.requires_grad:
            flat = (a.data == 0) & (b.data >= 0)  # 0 ** b does not change with b
            by_b = grad * np.where(flat, 0, y * np.log(a.data))
        return by_a, by_b

    return Tensor._result(y, (a, b), backward)


def _power(a, exponent):
    """Return a ** exponent for a number.

    Squares and cubes are products, which are 50 times faster than np.power.
    """

    def raised(x, n):
        if n == 1:
            return x
        return x * x if n == 2 else x * x * x if n == 3 else x**n

    def backward(grad):
        if exponent == 0:
            return (np.zeros_like(grad),)
        return (grad * (exponent * raised(a.data, exponent - 1)),)

    y = raised(a.data, exponent)
    return Tensor._result(y.copy() if y is a.data else y, (a,), backward)
