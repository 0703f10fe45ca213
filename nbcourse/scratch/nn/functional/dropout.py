"""Dropout: elements or channels switched off at random while training."""

import math
import warnings

import numpy as np

from ... import random
from ...tensor import Tensor
from ...tensor.arguments import not_built, operation

__all__ = ["alpha_dropout", "dropout", "dropout1d", "dropout2d"]


@operation
def dropout(input, p=0.5, training=True, inplace=False):
    """Zero each element with probability ``p``, and divide the others by 1 - p.

    So the expected value stays the same. Without ``training`` the input is returned
    as it is. (Srivastava et al., 2014.)
    """
    not_built("dropout", inplace=inplace)
    if not _drops("dropout", input, p, training):
        return input
    return input * _noise(input, p, input.shape)


@operation
def dropout1d(input, p=0.5, training=True, inplace=False):
    """`dropout` of whole channels.  input: (N, C, L) or (C, L)."""
    not_built("dropout1d", inplace=inplace)
    if input.ndim not in (2, 3):
        raise ValueError(
            f"dropout1d: expected input (N, C, L) or (C, L), got {input.shape}"
        )
    if not _drops("dropout1d", input, p, training):
        return input
    return input * _noise(input, p, (*input.shape[:-1], 1))


@operation
def dropout2d(input, p=0.5, training=True, inplace=False):
    """`dropout` of whole channels.  input: (N, C, H, W). (Tompson et al., 2015.)

    Other shapes with at least two dimensions are taken as (N, C, *), with a warning,
    as in torch: also (C, H, W).
    """
    not_built("dropout2d", inplace=inplace)
    if input.ndim != 4:
        warnings.warn(
            f"dropout2d: input {input.shape} is not (N, C, H, W) and is taken as "
            "(N, C, *); use dropout1d or dropout",
            stacklevel=4,  # over the decorator
        )
    if not _drops("dropout2d", input, p, training):
        return input
    if input.ndim < 2:
        raise ValueError(f"dropout2d: expected input (N, C, H, W), got {input.shape}")
    return input * _noise(input, p, input.shape[:2] + (1,) * (input.ndim - 2))


@operation
def alpha_dropout(input, p=0.5, training=False, inplace=False):
    """Set elements to SELU's lowest value instead of 0; mean 0 and variance 1 stay.

    a (x m + α (m - 1)) + b with m = 1 for what is kept, else 0, α = 1.7581, the depth
    of SELU; a = 1 / √((α² p + 1)(1 - p)) and b = a α p undo the change of mean and
    variance. (Klambauer et al., 2017.)
    """
    not_built("alpha_dropout", inplace=inplace)
    if not _drops("alpha_dropout", input, p, training):
        return input
    if p == 1:
        return input * 0
    alpha = 1.7580993408473766
    a = 1 / math.sqrt((alpha * alpha * p + 1) * (1 - p))
    kept = Tensor(_kept(input, p, input.shape))
    return input * (kept * a) + ((kept - 1) * (alpha * a) + alpha * a * p)


def _drops(function, input, p, training):
    """Return whether there is anything to do; raise for a wrong p or dtype."""
    if not 0 <= p <= 1:
        raise ValueError(f"{function}: expected p from 0 to 1, got {p}")
    if not training or p == 0 or not input.data.size:
        return False
    if not input.is_floating_point():
        raise TypeError(
            f"{function}: expected a floating-point dtype, got {input.dtype}"
        )
    return True


def _kept(input, p, shape):
    """Return an array that is 1 with probability 1 - p, else 0, of input's dtype."""
    drawn = random.generator().random(shape, dtype=input.dtype)
    return np.asarray(drawn >= p, input.dtype)


def _noise(input, p, shape):
    """Return a tensor that is 1 / (1 - p) with probability 1 - p, else 0."""
    scale = 1 / (1 - p) if p < 1 else 0
    return Tensor._result(_kept(input, p, shape) * scale)
