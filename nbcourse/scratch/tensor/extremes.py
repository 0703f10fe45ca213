"""The largest and the smallest elements, and where they stand."""

import collections

import numpy as np

from .arguments import axes, axis, check_not_empty, reduction
from .core import Tensor
from .limits import maximum, minimum
from .reductions import Extreme, restored

__all__ = ["amax", "amin", "aminmax", "argmax", "argmin", "max", "min"]

MinMax = collections.namedtuple("MinMax", ["min", "max"])


@reduction
def amax(input, dim=(), keepdim=False):
    """Largest element over ``dim``; equal ones share the gradient."""
    return _shared_extreme("amax", np.max, input, dim, keepdim)


@reduction
def amin(input, dim=(), keepdim=False):
    """Smallest element over ``dim``; equal ones share the gradient."""
    return _shared_extreme("amin", np.min, input, dim, keepdim)


@reduction
def aminmax(input, *, dim=None, keepdim=False):
    """Return the pair (min, max) of `amin` and `amax`."""
    smallest = _shared_extreme("aminmax", np.min, input, dim, keepdim)
    return MinMax(smallest, _shared_extreme("aminmax", np.max, input, dim, keepdim))


def _shared_extreme(function, extreme, input, dim, keepdim, nan_counts=False):
    """Return the extreme; equal ones share its gradient, NaN if ``nan_counts``."""
    x, reduced = input.data, axes(dim, input.ndim)
    check_not_empty(function, input.shape, reduced)
    y = extreme(x, axis=reduced, keepdims=True)

    def backward(grad):
        found = x == y
        if nan_counts:
            found |= np.isnan(x)
        share = found / found.sum(reduced, keepdims=True, dtype=x.dtype)
        return (restored(grad, reduced, keepdim) * share,)

    return Tensor._result(y if keepdim else np.squeeze(y, reduced), (input,), backward)


@reduction
def max(input, dim=None, keepdim=False, *, other=None):
    """Largest element; with ``dim`` also where it stands.

    Returns a Tensor, or with ``dim`` a pair (values, indices) whose gradient goes to
    the first largest element. With a tensor ``other``, also in the place of ``dim``, it
    is `maximum`.
    """
    if isinstance(dim, Tensor) or other is not None:
        return maximum(input, dim if other is None else other)
    return _one_extreme("max", np.max, np.argmax, input, dim, keepdim)


@reduction
def min(input, dim=None, keepdim=False, *, other=None):
    """Smallest element; with ``dim`` also where it stands; see `max`."""
    if isinstance(dim, Tensor) or other is not None:
        return minimum(input, dim if other is None else other)
    return _one_extreme("min", np.min, np.argmin, input, dim, keepdim)


def _one_extreme(function, extreme, pick, input, dim, keepdim):
    if dim is not None:
        return _picked_extreme(function, pick, input, dim, keepdim)
    if keepdim:
        raise TypeError(f"{function}: expected dim together with keepdim, got None")
    return _shared_extreme(function, extreme, input, None, False, nan_counts=True)


def _picked_extreme(function, pick, input, dim, keepdim):
    x, along = np.atleast_1d(input.data), axis(dim, input.ndim)
    check_not_empty(function, x.shape, (along,))
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
    return _position("argmax", np.argmax, input, dim, keepdim)


@reduction
def argmin(input, dim=None, keepdim=False):
    """Where the (first) smallest element stands; see `argmax`."""
    return _position("argmin", np.argmin, input, dim, keepdim)


def _position(function, pick, input, dim, keepdim):
    if input.dtype.kind == "b":
        raise TypeError(f"{function}: expected numbers, got dtype bool")
    along = None if dim is None else axis(dim, input.ndim)
    check_not_empty(function, input.shape, axes(dim, input.ndim))
    if not input.ndim:
        along = None
    return Tensor._result(pick(input.data, axis=along, keepdims=keepdim))
