"""Arithmetic with broadcasting: each derivative stands beneath its operation."""

import numpy as np

from .arguments import (
    check_float,
    mixed_operation,
    operation,
    same_dtype,
    tensors_only,
)
from .conversion import as_operand, operands
from .core import Tensor

__all__ = [
    "add",
    "addcmul",
    "lerp",
    "mul",
    "multiply",
    "neg",
    "negative",
    "positive",
    "rsub",
    "sub",
    "subtract",
]


@mixed_operation
def add(input, other, *, alpha=1):
    """input + alpha · other."""
    a, b = operands(input, other)
    _check_scale("add", alpha, a.dtype)

    def backward(grad):
        return grad, _scaled(grad, alpha)

    return Tensor._result(a.data + _scaled(b.data, alpha), (a, b), backward)


@mixed_operation
def sub(input, other, *, alpha=1):
    """input - alpha · other."""
    check_numbers("sub", input, other)
    a, b = operands(input, other)
    _check_scale("sub", alpha, a.dtype)

    def backward(grad):
        return grad, -_scaled(grad, alpha)

    return Tensor._result(a.data - _scaled(b.data, alpha), (a, b), backward)


@mixed_operation
def rsub(input, other, *, alpha=1):
    """other - alpha · input: `sub` with its operands swapped."""
    check_numbers("rsub", input, other)
    b, a = operands(input, other)
    return sub(a, b, alpha=alpha)


def _scaled(x, scale):
    return x if scale == 1 else scale * x


def _check_scale(function, scale, dtype):
    """Raise TypeError where torch does: 1.5 times integers, True times numbers."""
    if isinstance(scale, bool) and dtype.kind != "b":
        raise TypeError(f"{function}: expected a number for alpha, got {scale}")
    if isinstance(scale, float) and dtype.kind != "f":
        raise TypeError(
            f"{function}: expected an integer alpha for a result of {dtype}, "
            f"got {scale}"
        )


def check_numbers(function, *values):
    """Raise TypeError if one of ``values`` is a truth value or has the dtype bool."""
    for value in values:
        if isinstance(value, bool) or getattr(value, "dtype", None) == np.bool_:
            raise TypeError(
                f"{function}: expected numbers, got bool; "
                "use ~ to negate or ^ to compare truth values"
            )


@mixed_operation
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
def neg(input):
    """-input."""
    check_numbers("neg", input)

    def backward(grad):
        return (-grad,)

    return Tensor._result(-input.data, (input,), backward)


@operation
def positive(input):
    """+input, which is the input itself."""
    check_numbers("positive", input)
    return input


@operation
def addcmul(input, tensor1, tensor2, *, value=1):
    """input + value · tensor1 · tensor2."""
    tensors_only("addcmul", tensor1=tensor1, tensor2=tensor2)
    return add(input, mul(tensor1, tensor2), alpha=value)


@operation
def lerp(input, end, weight):
    """input + weight · (end - input): ``input`` at weight 0, ``end`` at weight 1.

    Takes tensors of one floating-point dtype; the weight may also be a number.
    """
    w = as_operand(weight, input.dtype) if isinstance(weight, (int, float)) else weight
    tensors_only("lerp", end=end, weight=w)
    check_float("lerp", input)
    same_dtype("lerp", input=input, end=end, weight=w)
    a, b = input.data, end.data
    # from the nearer end, so that weight 1 gives ``end`` to the last digit
    y = np.where(np.abs(w.data) < 0.5, a + w.data * (b - a), b - (1 - w.data) * (b - a))

    def backward(grad):
        by_end = grad * w.data
        return grad - by_end, by_end, grad * (b - a) if w.requires_grad else None

    return Tensor._result(y, (input, end, w), backward)


subtract, multiply, negative = sub, mul, neg
