"""From scores to probabilities: the functions of tensors, and which dimension is meant.

Torch's old rule is to guess the dimension, with a warning, where none is given.
"""

import warnings

from ...tensor import log_softmax as log_softmax_along
from ...tensor import softmax as softmax_along
from ...tensor.arguments import operation

__all__ = ["log_softmax", "softmax", "softmin"]


@operation
def softmax(input, dim=None, _stacklevel=3, dtype=None):
    """e^x / Σ e^x along ``dim``: positive numbers that add up to 1."""
    return softmax_along(input, _given("softmax", input, dim, _stacklevel), dtype)


@operation
def log_softmax(input, dim=None, _stacklevel=3, dtype=None):
    """x - log Σ e^x along ``dim``, the logarithm of `softmax` without its rounding."""
    dim = _given("log_softmax", input, dim, _stacklevel)
    return log_softmax_along(input, dim, dtype)


@operation
def softmin(input, dim=None, _stacklevel=3, dtype=None):
    """`softmax` of -x: the smallest gets the largest share."""
    return softmax_along(-input, _given("softmin", input, dim, _stacklevel), dtype)


def _given(function, input, dim, stacklevel):
    """Return ``dim``, or what torch takes for None: dimension 1, or 0 of 0, 1 or 3."""
    if dim is not None:
        return dim
    warnings.warn(
        f"{function}: name the dimension of the classes, dim=…",
        stacklevel=stacklevel + 2,
    )
    return 0 if input.ndim in (0, 1, 3) else 1
