"""Running results along a dimension: sums, products and extremes so far."""

import numpy as np

from .arguments import axis, check_float, operation
from .comparison import ne
from .conversion import to
from .core import Tensor
from .dtypes import int64
from .indexing import narrow
from .joining import cat
from .picking import gather
from .reductions import Extreme

__all__ = ["cummax", "cummin", "cumprod", "cumsum", "diff", "logcumsumexp"]


def _backwards(scan, x, along):
    """Return a scan that runs from the end: element k takes in k, k + 1, …"""
    return np.flip(scan(np.flip(x, along), along), along)


def _summable(input, dtype):
    """Return the input in ``dtype``; without one, integers and bool become int64."""
    if dtype is None and input.dtype.kind != "f":
        dtype = int64
    return input if dtype is None else to(input, dtype)


@operation
def cumsum(input, dim, *, dtype=None):
    """y_k = Σ_{i ≤ k} x_i along ``dim``; integers and bool give int64."""
    x, along = _summable(input, dtype), axis(dim, input.ndim)
    if not x.ndim:
        return x.clone()

    def backward(grad):
        return (_backwards(np.cumsum, grad, along),)  # x_i is in all y_k with k ≥ i

    return Tensor._result(np.cumsum(x.data, along, dtype=x.dtype), (x,), backward)


@operation
def cumprod(input, dim, *, dtype=None):
    """y_k = Π_{i ≤ k} x_i along ``dim``; integers and bool give int64."""
    x, along = _summable(input, dtype), axis(dim, input.ndim)
    if not x.ndim:
        return x.clone()
    y = np.cumprod(x.data, along, dtype=x.dtype)

    def backward(grad):
        # dL/dx_k = Π_{i < k} x_i · (g_k + x_{k+1} (g_{k+1} + x_{k+2} (g_{k+2} + …)));
        # the shorter Σ_{i ≥ k} g_i y_i / x_k would divide by zeros
        values, grad = np.moveaxis(x.data, along, 0), np.moveaxis(grad, along, 0)
        before = np.ones_like(values)
        before[1:] = np.moveaxis(y, along, 0)[:-1]
        by_x, rest = np.empty_like(values), 0
        for k in reversed(range(len(values))):
            rest = grad[k] + rest
            by_x[k] = before[k] * rest
            rest = values[k] * rest
        return (np.moveaxis(by_x, 0, along),)

    return Tensor._result(y, (x,), backward)


@operation
def logcumsumexp(input, dim):
    """y_k = log Σ_{i ≤ k} e^{x_i} along ``dim``, without overflow."""
    check_float("logcumsumexp", input)
    along = axis(dim, input.ndim)
    if not input.ndim:
        return input.clone()
    scan = np.logaddexp.accumulate
    y = scan(input.data, along)

    def backward(grad):
        # Σ_{k ≥ i} g_k e^{x_i - y_k}, positive and negative g_k each as a logarithm
        def share(positive):
            total = _backwards(scan, np.log(positive) - y, along)
            return np.exp(input.data + total)

        return (share(np.maximum(grad, 0)) - share(np.maximum(-grad, 0)),)

    return Tensor._result(y, (input,), backward)


@operation
def cummax(input, dim):
    """Return the largest element so far along ``dim``, and where the last one stands.

    The pair is (values, indices). From a NaN on all is NaN.
    """
    return _running_extreme(np.maximum, input, dim)


@operation
def cummin(input, dim):
    """Return the smallest element so far along ``dim``; see `cummax`."""
    return _running_extreme(np.minimum, input, dim)


def _running_extreme(extreme, input, dim):
    along, x = axis(dim, input.ndim), np.atleast_1d(input.data)
    best = extreme.accumulate(x, along)
    reached = (x == best) | np.isnan(x)  # here is one as good as all before, or NaN
    places = np.arange(x.shape[along]).reshape(-1, *[1] * (x.ndim - along - 1))
    where = np.maximum.accumulate(np.where(reached, places, 0), along)
    where = where.reshape(input.shape)
    return Extreme(gather(input, along, Tensor(where)), Tensor(where))


@operation
def diff(input, n=1, dim=-1, prepend=None, append=None):
    """x_{k+1} - x_k along ``dim``, ``n`` times; truth values are compared.

    ``prepend`` and ``append`` are joined to the input first.
    """
    if not input.ndim or n < 0:
        raise ValueError(
            "diff: expected at least one dimension and n of at least 0, "
            f"got shape {input.shape} and n {n}"
        )
    along = axis(dim, input.ndim)
    given = [part for part in (prepend, input, append) if part is not None]
    if any(part.ndim != input.ndim for part in given):
        raise ValueError(
            f"diff: expected {input.ndim} dimensions of prepend and append, "
            f"got shapes {[part.shape for part in given]}"
        )
    x = input if len(given) == 1 else cat(given, along)
    for _ in range(n):
        size = max(x.shape[along] - 1, 0)
        after = narrow(x, along, x.shape[along] - size, size)
        before = narrow(x, along, 0, size)
        x = ne(after, before) if x.dtype.kind == "b" else after - before
    return x
