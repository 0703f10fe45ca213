"""Division: exact, rounded to whole numbers, and what is left over."""

import numpy as np

from .arguments import mixed_operation, operation, tensors_only
from .arithmetic import add, check_numbers
from .conversion import floating, operands
from .core import Tensor

__all__ = [
    "addcdiv",
    "div",
    "divide",
    "floor_divide",
    "fmod",
    "reciprocal",
    "remainder",
    "true_divide",
]


@mixed_operation
def div(input, other, *, rounding_mode=None):
    """Elementwise quotient, input / other; integers give the default float dtype.

    ``rounding_mode="trunc"`` rounds it towards zero and ``"floor"`` down; integers stay
    integers then, and the derivative is 0. Raises ZeroDivisionError for an integer
    divided by 0.
    """
    if rounding_mode is not None:
        return _rounded(input, other, rounding_mode)
    a, b = floating(input, other)
    y = a.data / b.data

    def backward(grad):
        by_a = grad / b.data
        return by_a, -by_a * y if b.requires_grad else None

    return Tensor._result(y, (a, b), backward)


def _rounded(input, other, rounding_mode):
    rounded = {"trunc": _trunc_divide, "floor": np.floor_divide}
    if rounding_mode not in rounded:
        raise ValueError(
            "div: expected rounding_mode None, 'trunc' or 'floor', "
            f"got {rounding_mode!r}"
        )
    a, b = _divisible("div", input, other)

    def backward(grad):
        nothing = np.zeros_like(grad)
        return nothing, nothing

    return Tensor._result(rounded[rounding_mode](a.data, b.data), (a, b), backward)


def _divisible(function, input, other):
    """Return both as operands; raise where whole numbers cannot be divided."""
    a, b = operands(input, other)
    check_numbers(function, a)
    if a.dtype.kind != "f" and not b.data.all():
        raise ZeroDivisionError(f"{function}: an integer was divided by 0")
    return a, b


def _trunc_divide(a, b):
    if a.dtype.kind == "f":
        return np.trunc(a / b)
    return (a - np.fmod(a, b)) // b


@mixed_operation
def true_divide(input, other):
    """`div` without rounding."""
    return div(input, other)


@mixed_operation
def floor_divide(input, other):
    """The quotient rounded down, which has no derivative here, as in torch."""
    a, b = _divisible("floor_divide", input, other)

    def backward(grad):
        raise NotImplementedError(
            "floor_divide: a derivative is not built; "
            "div(..., rounding_mode='floor') has the derivative 0"
        )

    return Tensor._result(np.floor_divide(a.data, b.data), (a, b), backward)


@mixed_operation
def remainder(input, other):
    """input - other · floor(input / other), Python's %: it has the sign of ``other``.

    Raises ZeroDivisionError for integers and 0.
    """
    a, b = _divisible("remainder", input, other)

    def backward(grad):
        if not b.requires_grad:
            return grad, None
        return grad, -grad * np.floor_divide(a.data, b.data)

    return Tensor._result(np.remainder(a.data, b.data), (a, b), backward)


@operation
def fmod(input, other):
    """input - other · trunc(input / other), C's fmod: it has the sign of ``input``.

    Raises ZeroDivisionError for integers and 0.
    """
    a, b = _divisible("fmod", input, other)

    def backward(grad):
        if not b.requires_grad:
            return grad, None
        return grad, -grad * np.trunc(a.data / b.data)

    return Tensor._result(np.fmod(a.data, b.data), (a, b), backward)


@operation
def reciprocal(input):
    """1 / input; integers give the default float dtype."""
    (x,) = floating(input)
    y = 1 / x.data

    def backward(grad):
        return (-grad * y * y,)

    return Tensor._result(y, (x,), backward)


@operation
def addcdiv(input, tensor1, tensor2, *, value=1):
    """input + value · tensor1 / tensor2, of which one must be floating-point."""
    tensors_only("addcdiv", tensor1=tensor1, tensor2=tensor2)
    if tensor1.dtype.kind != "f" and tensor2.dtype.kind != "f":
        raise TypeError(
            "addcdiv: expected tensor1 or tensor2 of a floating-point dtype, "
            f"got {tensor1.dtype} and {tensor2.dtype}"
        )
    return add(input, div(tensor1, tensor2), alpha=value)


divide = div
