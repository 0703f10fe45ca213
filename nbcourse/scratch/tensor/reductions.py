"""Operations that make dimensions smaller: sums, averages, spreads and extremes."""

import collections
import math

import numpy as np

from . import dtypes
from .arguments import axes, axis, reduction
from .conversion import to
from .core import Tensor
from .limits import maximum, minimum

__all__ = [
    "amax",
    "amin",
    "argmax",
    "argmin",
    "max",
    "mean",
    "min",
    "std",
    "sum",
    "var",
]

Extreme = collections.namedtuple("Extreme", ["values", "indices"])


def _restored(array, reduced, keepdim):
    """Return ``array`` with reduced dimensions back as ones, so that it broadcasts."""
    return array if keepdim else np.expand_dims(array, reduced)


def _floating(function, input):
    """Raise TypeError unless the input has a floating-point dtype."""
    if input.dtype.kind != "f":
        raise TypeError(
            f"{function}: expected a floating-point dtype, got {input.dtype}"
        )


@reduction
def sum(input, dim=None, keepdim=False, dtype=None):
    """Sum over the dimensions ``dim`` (all if None); integers and bool give int64."""
    if dtype is not None or input.dtype.kind != "f":
        input = to(input, dtypes.int64 if dtype is None else dtype)
    shape, reduced = input.shape, axes(dim, input.ndim)

    def backward(grad):
        return (np.broadcast_to(_restored(grad, reduced, keepdim), shape),)

    y = np.sum(input.data, reduced, keepdims=keepdim)
    return Tensor._result(y, (input,), backward)


@reduction
def mean(input, dim=None, keepdim=False, dtype=None):
    """Average over the dimensions ``dim`` (all if None); NaN for no elements."""
    input = input if dtype is None else to(input, dtype)
    _floating("mean", input)
    shape, reduced = input.shape, axes(dim, input.ndim)
    n = math.prod(shape[i] for i in reduced)
    y = np.sum(input.data, reduced, keepdims=keepdim) / input.dtype.type(n)

    def backward(grad):
        return (np.broadcast_to(_restored(grad / n, reduced, keepdim), shape),)

    return Tensor._result(y, (input,), backward)


@reduction
def var(input, dim=None, unbiased=None, keepdim=False, *, correction=1):
    """Variance over ``dim``, Σ (x - mean)² / (n - correction).

    ``unbiased=False`` is correction 0.
    """
    y, centred, reduced, n = _spread("var", input, dim, unbiased, correction)

    def backward(grad):
        return (2 * centred * _restored(grad / n, reduced, keepdim),)

    return Tensor._result(y if keepdim else np.squeeze(y, reduced), (input,), backward)


@reduction
def std(input, dim=None, unbiased=None, keepdim=False, *, correction=1):
    """Standard deviation, the square root of `var`.

    Where it is 0, its derivative is taken as 0.
    """
    y, centred, reduced, n = _spread("std", input, dim, unbiased, correction)
    y = np.sqrt(y)

    def backward(grad):
        slope = np.where(y == 0, 0, centred / (n * y))
        return (slope * _restored(grad, reduced, keepdim),)

    return Tensor._result(y if keepdim else np.squeeze(y, reduced), (input,), backward)


def _spread(function, input, dim, unbiased, correction):
    """Return variance (dimensions kept), x - mean, reduced axes and n - correction."""
    _floating(function, input)
    if unbiased is not None:
        correction = int(unbiased)
    reduced = axes(dim, input.ndim)
    n = input.dtype.type(math.prod(input.shape[i] for i in reduced) - correction)
    n = np.maximum(n, 0)  # no degrees of freedom left: NaN, as torch
    centred = input.data - input.data.mean(reduced, keepdims=True)
    return (centred * centred).sum(reduced, keepdims=True) / n, centred, reduced, n


@reduction
def amax(input, dim=(), keepdim=False):
    """Largest element over ``dim``; equal ones share the gradient."""
    return _shared_extreme(np.max, input, dim, keepdim)


@reduction
def amin(input, dim=(), keepdim=False):
    """Smallest element over ``dim``; equal ones share the gradient."""
    return _shared_extreme(np.min, input, dim, keepdim)


def _shared_extreme(extreme, input, dim, keepdim):
    x, reduced = input.data, axes(dim, input.ndim)
    y = extreme(x, axis=reduced, keepdims=True)

    def backward(grad):
        found = (x == y).astype(x.dtype)
        share = found / found.sum(reduced, keepdims=True)
        return (_restored(grad, reduced, keepdim) * share,)

    return Tensor._result(y if keepdim else np.squeeze(y, reduced), (input,), backward)


@reduction
def max(input, dim=None, keepdim=False):
    """Largest element; with ``dim`` also where it stands.

    Returns a Tensor, or with ``dim`` a pair (values, indices) whose gradient goes to
    the first largest element. With a tensor in the place of ``dim`` it is `maximum`.
    """
    if isinstance(dim, Tensor):
        return maximum(input, dim)
    if dim is None:
        return amax(input)
    return _picked_extreme(np.argmax, input, dim, keepdim)


@reduction
def min(input, dim=None, keepdim=False):
    """Smallest element; with ``dim`` also where it stands; see `max`."""
    if isinstance(dim, Tensor):
        return minimum(input, dim)
    if dim is None:
        return amin(input)
    return _picked_extreme(np.argmin, input, dim, keepdim)


def _picked_extreme(pick, input, dim, keepdim):
    x, along = np.atleast_1d(input.data), axis(dim, input.ndim)
    where = pick(x, axis=along, keepdims=True)
    kept = tuple(1 if i == along else n for i, n in enumerate(input.shape))
    shape = kept if keepdim else kept[:along] + kept[along + 1 :]

    def backward(grad):
        by_x = np.zeros_like(x)
        np.put_along_axis(by_x, where, grad.reshape(where.shape), along)
        return (by_x,)

    y = np.take_along_axis(x, where, along).reshape(shape)
    values = Tensor._result(y, (input,), backward)
    return Extreme(values, Tensor(where.reshape(shape)))


@reduction
def argmax(input, dim=None, keepdim=False):
    """Where the (first) largest element stands, along ``dim``.

    Without ``dim`` all elements count, in order.
    """
    return _position(np.argmax, input, dim, keepdim)


@reduction
def argmin(input, dim=None, keepdim=False):
    """Where the (first) smallest element stands; see `argmax`."""
    return _position(np.argmin, input, dim, keepdim)


def _position(pick, input, dim, keepdim):
    along = None if dim is None else axis(dim, input.ndim)
    return Tensor._result(pick(input.data, axis=along, keepdims=keepdim))
