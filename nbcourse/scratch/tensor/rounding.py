"""Functions of each element on its own: rounding to whole numbers, and signs.

Where such a function has a derivative, it is 0 (of `frac` 1).
"""

import numpy as np

from .arguments import check_float, operation
from .arithmetic import check_numbers
from .core import Tensor
from .elementwise import signs

__all__ = ["ceil", "fix", "floor", "frac", "round", "sgn", "sign", "trunc"]


def flat(y, *parents):
    """Return ``y`` as a result of ``parents`` whose derivative is 0 everywhere."""

    def backward(grad):
        return tuple(np.zeros_like(grad) for _ in parents)

    return Tensor._result(y, parents, backward)


@operation
def floor(input):
    """The largest whole number that is not above x."""
    check_numbers("floor", input)
    return flat(np.floor(input.data), input)


@operation
def ceil(input):
    """The smallest whole number that is not below x."""
    check_numbers("ceil", input)
    return flat(np.ceil(input.data), input)


@operation
def trunc(input):
    """x without what follows the decimal point."""
    check_numbers("trunc", input)
    return flat(np.trunc(input.data), input)


@operation
def frac(input):
    """What follows the decimal point, with the sign of x; its derivative is 1."""
    check_float("frac", input)

    def backward(grad):
        return (grad,)

    return Tensor._result(input.data - np.trunc(input.data), (input,), backward)


@operation
def round(input, *, decimals=0):
    """The nearest number of ``decimals`` decimals; halves go to the even neighbour.

    Negative decimals round to tens, hundreds and so on.
    """
    check_numbers("round", input)
    if decimals and input.dtype.kind != "f":
        raise TypeError(
            "round: expected a floating-point dtype for decimals other than 0, "
            f"got {input.dtype}"
        )
    return flat(np.round(input.data, decimals), input)


@operation
def sign(input):
    """-1, 0 or 1; 0 for NaN, as in torch."""
    if input.dtype.kind == "b":
        return flat(input.data.copy(), input)
    return flat(signs(input.data), input)


fix, sgn = trunc, sign
