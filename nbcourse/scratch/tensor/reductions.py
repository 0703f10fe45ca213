"""Operations that make dimensions smaller: sums, averages, spreads and norms."""

import collections
import math

import numpy as np

from . import dtypes
from .arguments import axes, axis, check_float, check_not_empty, reduction
from .conversion import floating, to
from .core import Tensor
from .division import div
from .elementwise import signs

__all__ = [
    "count_nonzero",
    "logsumexp",
    "mean",
    "nanmean",
    "nansum",
    "norm",
    "prod",
    "std",
    "std_mean",
    "sum",
    "var",
    "var_mean",
]


Extreme = collections.namedtuple("Extreme", ["values", "indices"])


def restored(array, reduced, keepdim):
    """Return ``array`` with reduced dimensions back as ones, so that it broadcasts."""
    return array if keepdim else np.expand_dims(array, reduced)


def _summable(input, dtype):
    """Return ``input`` in ``dtype``; without one, integers and bool become int64."""
    if dtype is None and input.dtype.kind != "f":
        dtype = dtypes.int64
    return input if dtype is None else to(input, dtype)


@reduction
def sum(input, dim=None, keepdim=False, *, dtype=None):
    """Sum over the dimensions ``dim`` (all if None); integers and bool give int64."""
    input = _summable(input, dtype)
    shape, reduced = input.shape, axes(dim, input.ndim)

    def backward(grad):
        return (np.broadcast_to(restored(grad, reduced, keepdim), shape),)

    y = input.data.sum(reduced, keepdims=keepdim)
    return Tensor._result(y, (input,), backward)


@reduction
def nansum(input, dim=None, keepdim=False, *, dtype=None):
    """`sum` that counts NaN as 0."""
    input = _summable(input, dtype)
    reduced, counts = axes(dim, input.ndim), ~np.isnan(input.data)

    def backward(grad):
        return (restored(grad, reduced, keepdim) * counts,)

    y = np.nansum(input.data, reduced, keepdims=keepdim)
    return Tensor._result(y, (input,), backward)


@reduction
def mean(input, dim=None, keepdim=False, *, dtype=None):
    """Average over the dimensions ``dim`` (all if None); NaN for no elements."""
    input = input if dtype is None else to(input, dtype)
    check_float("mean", input)
    shape, reduced = input.shape, axes(dim, input.ndim)
    n = math.prod([shape[i] for i in reduced])
    y = input.data.sum(reduced, keepdims=keepdim) / input.dtype.type(n)

    def backward(grad):
        return (np.broadcast_to(restored(grad / n, reduced, keepdim), shape),)

    return Tensor._result(y, (input,), backward)


@reduction
def nanmean(input, dim=None, keepdim=False, *, dtype=None):
    """Average of what is not NaN."""
    check_float("nanmean", input)
    counted = Tensor._result(~np.isnan(input.data))
    total = nansum(input, dim, keepdim, dtype=dtype)
    return div(total, sum(counted, dim, keepdim))


@reduction
def prod(input, dim=None, keepdim=False, *, dtype=None):
    """Product along the dimension ``dim``, or of all elements; none give 1."""
    x = _summable(input, dtype)
    if dim is None or not x.ndim:
        axes(dim, x.ndim)
        return _product(x.reshape(-1), 0, False)
    return _product(x, axis(dim, x.ndim), keepdim)


def _product(x, along, keepdim):
    def backward(grad):
        # each factor's derivative is the product of the others: dividing fails at 0
        before = _product_before(x.data, along)
        behind = np.flip(_product_before(np.flip(x.data, along), along), along)
        return (restored(grad, along, keepdim) * before * behind,)

    return Tensor._result(np.prod(x.data, along, keepdims=keepdim), (x,), backward)


def _product_before(x, along):
    """Return for each element the product of those before it."""
    x = np.moveaxis(x, along, 0)
    running = np.ones_like(x)
    np.cumprod(x[:-1], 0, out=running[1:])
    return np.moveaxis(running, 0, along)


@reduction
def count_nonzero(input, dim=None):
    """The number of elements that differ from 0."""
    return Tensor._result(np.count_nonzero(input.data, axes(dim, input.ndim)))


@reduction
def logsumexp(input, dim, keepdim=False):
    """log Σ e^x over ``dim``, which stays finite where e^x does not."""
    (x,) = floating(input)
    reduced = axes(dim, x.ndim)
    largest = x.data.max(reduced, keepdims=True, initial=-np.inf)
    shift = np.where(np.isinf(largest), 0, largest)
    y = np.log(np.exp(x.data - shift).sum(reduced, keepdims=True)) + shift

    def backward(grad):
        return (restored(grad, reduced, keepdim) * np.exp(x.data - y),)

    return Tensor._result(y if keepdim else np.squeeze(y, reduced), (x,), backward)


@reduction
def var(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """Variance over ``dim``, Σ (x - mean)² / (n - correction).

    The correction is 1 if nothing is given; ``unbiased=False`` is correction 0.
    """
    y, centred, reduced, n = _spread("var", input, dim, unbiased, correction)

    def backward(grad):
        return (2 * centred * restored(grad / n, reduced, keepdim),)

    return Tensor._result(y if keepdim else np.squeeze(y, reduced), (input,), backward)


@reduction
def std(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """Standard deviation, the square root of `var`.

    Where it is 0, its derivative is taken as 0.
    """
    y, centred, reduced, n = _spread("std", input, dim, unbiased, correction)
    y = np.sqrt(y)

    def backward(grad):
        slope = np.where(y == 0, 0, centred / (n * y))
        return (slope * restored(grad, reduced, keepdim),)

    return Tensor._result(y if keepdim else np.squeeze(y, reduced), (input,), backward)


def _spread(function, input, dim, unbiased, correction):
    """Return variance (dimensions kept), x - mean, reduced axes and n - correction."""
    check_float(function, input)
    if isinstance(dim, bool):  # var(x, False)
        dim, unbiased = None, dim
    if unbiased is not None and correction is not None:
        raise TypeError(f"{function}: expected unbiased or correction, got both")
    if correction is None:
        correction = 1 if unbiased is None else int(unbiased)
    reduced = axes(dim, input.ndim)
    count = input.dtype.type(math.prod([input.shape[i] for i in reduced]))
    n = np.maximum(count - input.dtype.type(correction), 0)  # at 0: NaN, as torch
    centred = input.data - input.data.sum(reduced, keepdims=True) / count
    return (centred * centred).sum(reduced, keepdims=True) / n, centred, reduced, n


@reduction
def var_mean(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """Return the pair (`var`, `mean`)."""
    spread = var(input, dim, unbiased, keepdim, correction=correction)
    return spread, mean(input, None if isinstance(dim, bool) else dim, keepdim)


@reduction
def std_mean(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """Return the pair (`std`, `mean`)."""
    spread = std(input, dim, unbiased, keepdim, correction=correction)
    return spread, mean(input, None if isinstance(dim, bool) else dim, keepdim)


@reduction
def norm(input, p="fro", dim=None, keepdim=False, *, dtype=None):
    """(Σ |x|^p)^(1/p) over ``dim``; p = "fro" is 2, ±∞ the largest or smallest |x|.

    p = 0 counts what is not 0. The derivative at 0 is taken as 0.
    """
    check_float("norm", input)
    p = _order(p)
    x, reduced = input if dtype is None else to(input, dtype), axes(dim, input.ndim)
    size = np.abs(x.data)
    y = _norm(size, p, reduced)

    def backward(grad):
        if p == 0:  # a count
            return (None,)
        if np.isinf(p):
            chosen = (size == y) | np.isnan(size)
            slope = chosen / chosen.sum(reduced, keepdims=True, dtype=size.dtype)
        else:
            slope = _power_but_0(size, p - 1) * _power_but_0(y, 1 - p)
        return (restored(grad, reduced, keepdim) * slope * signs(x.data),)

    return Tensor._result(y if keepdim else np.squeeze(y, reduced), (x,), backward)


def _power_but_0(x, exponent):
    return np.where(x == 0, 0, x**exponent)


def _order(p):
    if p == "nuc":
        raise NotImplementedError("norm: p='nuc' is not built")
    if p is None or p == "fro":
        return 2
    if not isinstance(p, (int, float)):
        raise ValueError(f"norm: expected p a number, 'fro' or None, got {p!r}")
    return p


def _norm(size, p, reduced):
    """Return the norm of absolute values, reduced dimensions kept."""
    if np.isinf(p):
        check_not_empty("norm", size.shape, reduced)
        extreme = np.max if p > 0 else np.min
        return extreme(size, axis=reduced, keepdims=True)
    if p == 0:
        return (size != 0).sum(reduced, keepdims=True, dtype=size.dtype)
    powers = size if p == 1 else size * size if p == 2 else size**p
    total = powers.sum(reduced, keepdims=True)
    return total if p == 1 else np.sqrt(total) if p == 2 else total ** (1 / p)
