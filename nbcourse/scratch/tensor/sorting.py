"""Putting elements in order, and what follows from an order: the k-th, the middle one.

NaN counts as larger than all numbers. Each result is picked from the input with
`gather`, which sends the gradient to where the value came from.
"""

import collections

import numpy as np

from .arguments import axis, not_built, operation, reduction, same_dtype
from .comparison import isnan
from .core import Tensor
from .indexing import getitem, narrow
from .limits import where
from .picking import gather
from .shape import moveaxis, ravel, reshape, squeeze, unsqueeze

__all__ = [
    "argsort",
    "kthvalue",
    "median",
    "nanmedian",
    "quantile",
    "sort",
    "topk",
]

Ordered = collections.namedtuple("Ordered", ["values", "indices"])


@operation
def argsort(input, dim=-1, descending=False, *, stable=False):
    """Return the indices that sort along ``dim``; equal elements keep their order.

    They do so also without ``stable``, where torch promises nothing.
    """
    return Tensor._result(_order(input.data, axis(dim, input.ndim), descending))


def _order(x, along, descending=False):
    if not x.ndim:
        return np.zeros((), np.int64)
    if not descending:
        return np.argsort(x, along, kind="stable")
    # sorted from the end and then turned round, so that equal elements keep their order
    order = np.argsort(np.flip(x, along), along, kind="stable")
    return x.shape[along] - 1 - np.flip(order, along)


@operation
def sort(input, dim=-1, descending=False, *, stable=False):
    """Return the elements in order along ``dim``, and where each one stood.

    The pair is (values, indices); equal elements keep their order.
    """
    indices = argsort(input, dim, descending)
    return Ordered(gather(input, dim, indices), indices)


@operation
def topk(input, k, dim=-1, largest=True, sorted=True):
    """Return the k largest (or smallest) elements along ``dim``, and where they stand.

    The pair is (values, indices), in order also where ``sorted`` is False.
    """
    along = axis(dim, input.ndim)
    n = input.shape[along] if input.ndim else 1
    if not 0 <= k <= n:
        raise ValueError(f"topk: expected k from 0 to {n}, got {k}")
    order = argsort(input, along, descending=largest)
    indices = narrow(order, along, 0, k) if input.ndim else order
    return Ordered(gather(input, along, indices), indices)


@reduction
def kthvalue(input, k, dim=-1, keepdim=False):
    """Return the k-th smallest element along ``dim``, counted from 1, and its place.

    The pair is (values, indices).
    """
    along = axis(dim, input.ndim)
    n = input.shape[along] if input.ndim else 1
    if not 1 <= k <= n:
        raise ValueError(f"kthvalue: expected k from 1 to {n}, got {k}")
    return _at_rank(input, along, np.asarray(k - 1), keepdim)


def _at_rank(input, along, rank, keepdim):
    """Return the elements that stand at ``rank`` in order, and where they stood.

    The rank is one, or one for each vector along the dimension.
    """
    order = _order(input.data, along)
    if input.ndim:
        shape = [1 if i == along else n for i, n in enumerate(input.shape)]
        order = np.take_along_axis(order, np.broadcast_to(rank, shape), along)
    indices = Tensor._result(order)
    values = gather(input, along, indices)
    if keepdim:
        return Ordered(values, indices)
    return Ordered(squeeze(values, along), squeeze(indices, along))


@reduction
def median(input, dim=None, keepdim=False):
    """Return the middle element; of an even number it is the lower one of the two.

    With ``dim`` the pair (values, indices). NaN if there is one among the elements.
    Without ``dim`` equal elements share the gradient.
    """
    return _middle(input, dim, keepdim, ignore_nan=False)


@reduction
def nanmedian(input, dim=None, keepdim=False):
    """Return the `median` of the elements that are not NaN."""
    return _middle(input, dim, keepdim, ignore_nan=True)


def _middle(input, dim, keepdim, ignore_nan):
    if dim is None:
        return _middle_of_all(input, ignore_nan)
    along = axis(dim, input.ndim)
    n = input.shape[along] if input.ndim else 1
    if not n:
        raise IndexError(f"median: expected elements in dimension {along}, got none")
    # NaN stand last in order; so the first of them, or the middle of the others
    nans = np.isnan(np.atleast_1d(input.data)).sum(along, keepdims=True)
    if ignore_nan:
        rank = np.maximum(n - nans - 1, 0) // 2
    else:
        rank = np.where(nans > 0, n - nans, (n - 1) // 2)
    return _at_rank(input, along, rank, keepdim)


@operation
def _middle_of_all(input, ignore_nan):
    x = input.data
    if x.size:
        y = _middle(ravel(input), 0, False, ignore_nan).values.data
    else:
        y = np.asarray(np.nan, x.dtype)

    def backward(grad):
        same = (x == y) | (np.isnan(x) & np.isnan(y))
        return (grad * same / same.sum(dtype=grad.dtype),)

    return Tensor._result(y, (input,), backward)


@reduction
def quantile(input, q, dim=None, keepdim=False, *, interpolation="linear"):
    """Return the value below which the share q of the elements along ``dim`` lies.

    Between two elements it lies on the line that joins them. ``q`` is a number from 0
    to 1, or a vector of them, whose dimension then comes first in the result. NaN if
    there is one among the elements. Equal ones keep their order, as in `sort`, which
    decides whose the gradient is.
    """
    if interpolation != "linear":
        not_built("quantile", interpolation=interpolation)
    q = _shares(input, q)
    x = ravel(input) if dim is None else moveaxis(input, dim, 0)
    x = sort(x if x.ndim else ravel(x), 0).values  # (n, …)
    rank = q * (len(x) - 1)
    below = np.floor(rank)
    weight = np.reshape(rank - below, (*q.shape, *[1] * (x.ndim - 1)))
    y = _between(
        getitem(x, below.astype(np.int64)),
        getitem(x, np.ceil(rank).astype(np.int64)),
        weight,
    )
    largest = x[-1]
    y = where(isnan(largest), largest, y)  # (…), or (len(q), …)
    if keepdim and dim is None:
        y = reshape(y, (*q.shape, *[1] * input.ndim))
    elif keepdim and input.ndim:
        y = unsqueeze(y, axis(dim, input.ndim) + q.ndim)
    return y


def _shares(input, q):
    """Return q as an array of the input's dtype; raise for what is no share."""
    dtype = input.dtype
    q = q if isinstance(q, Tensor) else Tensor(np.asarray(q, dtype))
    if q.requires_grad:
        raise NotImplementedError("quantile: a gradient for q is not built")
    same_dtype("quantile", input=input, q=q)
    if dtype.kind != "f" or not input.data.size:
        raise ValueError(
            f"quantile: expected floating-point elements, got {dtype} {input.shape}"
        )
    if q.ndim > 1 or not ((q.data >= 0) & (q.data <= 1)).all():
        raise ValueError(f"quantile: expected q, or a vector, in [0, 1], got {q!r}")
    return q.data


@operation
def _between(start, end, weight):
    """start + weight · (end - start), from the nearer end for exactness."""
    a, b = start.data, end.data

    def backward(grad):
        return grad * (1 - weight), grad * weight

    y = np.where(weight < 0.5, a + weight * (b - a), b - (b - a) * (1 - weight))
    return Tensor._result(y, (start, end), backward)
