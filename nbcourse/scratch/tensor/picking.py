"""Elements picked or placed by number, counted, and found.

Most of it is one idea: a *place* is the number of an element when all stand in one row.
"""

import numpy as np

from .arguments import axis, not_built, operation, same_dtype
from .conversion import clone
from .core import Tensor
from .creation import as_tensor
from .indexing import getitem, sum_at, taken
from .limits import masked_fill
from .shape import broadcast_to, ravel

__all__ = [
    "argwhere",
    "bincount",
    "bucketize",
    "gather",
    "index_add",
    "index_fill",
    "index_select",
    "isin",
    "masked_select",
    "nonzero",
    "scatter",
    "scatter_add",
    "searchsorted",
    "take",
    "take_along_dim",
    "unique",
]

# --- an index for each element


@operation
def gather(input, dim, index, *, sparse_grad=False):
    """Pick along ``dim``: y[i, j] = x[i, index[i, j]] for dim 1 of a matrix.

    index: integers, as many dimensions as the input, and in all but ``dim`` no larger;
    the result has its shape. Raises IndexError for an index that does not exist.
    """
    not_built("gather", sparse_grad=sparse_grad)
    places = _places("gather", input.shape, dim, as_tensor(index).data)
    return taken(ravel(input), places, 0)


def _places(function, shape, dim, index):
    """Return the flat places in ``shape`` of index[…] along ``dim``."""
    along = axis(dim, len(shape))
    _check_integers(function, index, shape[along] if shape else 1)
    if not shape:
        return index
    apart = [n for n in range(len(shape)) if n != along]
    if index.ndim != len(shape) or any(index.shape[n] > shape[n] for n in apart):
        raise ValueError(
            f"{function}: expected an index of {len(shape)} dimensions, in all but "
            f"{along} no larger than {shape}, got shape {index.shape}"
        )
    grid = list(np.indices(index.shape, sparse=True))
    grid[along] = index
    return np.ravel_multi_index(grid, shape)


def _check_integers(function, index, n, low=0):
    """Raise unless ``index`` holds integers from ``low`` to n - 1."""
    if index.dtype not in (np.int64, np.int32):
        raise TypeError(
            f"{function}: expected an index of int64 or int32, got {index.dtype}"
        )
    wrong = index[(index < low) | (index >= n)]
    if wrong.size:
        raise IndexError(
            f"{function}: expected an index from {low} to {n - 1}, got {wrong[0]}"
        )


@operation
def scatter(input, dim, index, src=None, *, value=None, reduce=None):
    """Place along ``dim``, in a copy: y[i, index[i, j]] = src[i, j] for dim 1.

    The opposite of `gather`. ``src`` is a tensor at least as large as the index, or a
    number, which may also be called ``value``. If two go to one place, the last stays.
    """
    not_built("scatter", reduce=reduce)
    places = _places("scatter", input.shape, dim, as_tensor(index).data)
    if (src is None) == (value is None):
        raise TypeError(f"scatter: expected src or value, got {src} and {value}")
    if not isinstance(src, Tensor):
        src = value if src is None else src
        src = Tensor._result(np.full(places.shape, src, input.dtype))
    part = _fitting("scatter", input, places, src)
    y = input.data.copy()
    np.put(y, places, part.data)

    def backward(grad):
        by_input = grad.copy()
        np.put(by_input, places, 0)
        return by_input, np.take(grad, places)

    return Tensor._result(y, (input, part), backward)


@operation
def scatter_add(input, dim, index, src):
    """Add along ``dim``, in a copy: y[i, index[i, j]] += src[i, j] for dim 1."""
    places = _places("scatter_add", input.shape, dim, as_tensor(index).data)
    part = _fitting("scatter_add", input, places, src)

    def backward(grad):
        return grad, np.take(grad, places)

    y = input.data + sum_at(part.data, places, input.shape)
    return Tensor._result(y, (input, part), backward)


def _fitting(function, input, places, src):
    """Return the part of ``src`` that has the shape of the index."""
    same_dtype(function, input=input, src=src)
    smaller = any(m < n for m, n in zip(src.shape, places.shape, strict=False))
    if src.ndim != places.ndim or smaller:
        raise ValueError(
            f"{function}: expected a src at least as large as the index, "
            f"{places.shape}, got {src.shape}"
        )
    return getitem(src, tuple([slice(n) for n in places.shape]))


@operation
def take(input, index):
    """Pick from all elements in one row; the result has the shape of ``index``."""
    places, n = as_tensor(index).data, input.data.size
    _check_integers("take", places, n, -n)
    return taken(ravel(input), places, 0)


@operation
def take_along_dim(input, indices, dim=None):
    """Pick along ``dim`` with what `sort` or `argmax` found; see `gather`.

    Here the other dimensions of both broadcast, and negative numbers count from the
    end. Without ``dim`` all elements are one row.
    """
    if dim is None:
        return take_along_dim(ravel(input), ravel(as_tensor(indices)), 0)
    picks, along = as_tensor(indices).data, axis(dim, input.ndim)
    if picks.ndim != input.ndim:
        raise ValueError(
            f"take_along_dim: expected indices of {input.ndim} dimensions, "
            f"got shape {picks.shape}"
        )
    n, m = input.shape[along], picks.shape[along]
    _check_integers("take_along_dim", picks, n, -n)
    shapes = [(*s[:along], 1, *s[along + 1 :]) for s in (input.shape, picks.shape)]
    shape = list(np.broadcast_shapes(*shapes))
    x = broadcast_to(input, [*shape[:along], n, *shape[along + 1 :]])
    picks = np.broadcast_to(picks, [*shape[:along], m, *shape[along + 1 :]])
    return gather(x, along, Tensor(np.where(picks < 0, picks + n, picks)))


# --- one index for whole rows


@operation
def index_select(input, dim, index):
    """Pick rows along ``dim``: y[:, j] = x[:, index[j]] for dim 1."""
    along, picks = _rows("index_select", input, dim, index)
    return taken(input, picks, along) if input.ndim else clone(input)


def _rows(function, input, dim, index):
    """Return the dimension and the row numbers, (n)."""
    along, picks = axis(dim, input.ndim), as_tensor(index).data
    if picks.ndim > 1 or (not input.ndim and picks.size != 1):
        raise ValueError(f"{function}: expected a vector of numbers, got {picks.shape}")
    _check_integers(function, picks, input.shape[along] if input.ndim else 1)
    return along, picks.reshape(-1)


@operation
def index_add(input, dim, index, source, *, alpha=1):
    """Add rows along ``dim``, in a copy: y[:, index[j]] += alpha · source[:, j].

    Rows that go to the same place add up.
    """
    along, places = _rows("index_add", input, dim, index)
    same_dtype("index_add", input=input, source=source)
    shape = input.shape
    if shape and source.shape != (*shape[:along], len(places), *shape[along + 1 :]):
        raise ValueError(
            f"index_add: expected a source like {shape} with {len(places)} rows in "
            f"dimension {along}, got {source.shape}"
        )
    each = places.reshape([-1 if i == along else 1 for i in range(len(shape))])
    each = np.broadcast_to(each, source.shape)
    return scatter_add(input, dim, each, source if alpha == 1 else source * alpha)


@operation
def index_fill(input, dim, index, value):
    """Fill rows along ``dim``, in a copy: y[:, index[j]] = value, one number."""
    along, places = axis(dim, input.ndim), as_tensor(index).data
    n = input.shape[along] if input.ndim else 1
    _check_integers("index_fill", places, n, -n)
    filled = np.zeros(n, bool)
    filled[places] = True
    shape = [n if i == along else 1 for i in range(input.ndim)]
    return masked_fill(input, Tensor(filled.reshape(shape)), value)


# --- masks


@operation
def masked_select(input, mask):
    """Return the elements where the mask holds, in one dimension; both broadcast."""
    mask = as_tensor(mask)
    if mask.dtype.kind != "b":
        raise TypeError(f"masked_select: expected a mask of bool, got {mask.dtype}")
    shape = np.broadcast_shapes(input.shape, mask.shape)
    return getitem(broadcast_to(input, shape), np.broadcast_to(mask.data, shape))


@operation
def nonzero(input, *, as_tuple=False):
    """Return where the elements differ from zero: (n, ndim), a row for each of them.

    With ``as_tuple`` a vector for each dimension, which together are an index.
    """
    if as_tuple:
        found = np.atleast_1d(input.data).nonzero()
        return tuple([Tensor._result(places) for places in found])
    return Tensor._result(np.argwhere(input.data))


@operation
def argwhere(input):
    """Return where the elements differ from zero, a row for each; see `nonzero`."""
    return nonzero(input)


@operation
def isin(elements, test_elements, *, assume_unique=False, invert=False):
    """Return whether each element is one of the test elements; inverted, whether not.

    ``assume_unique`` promises that nothing comes twice, which makes no difference here.
    """
    known = [x.data if isinstance(x, Tensor) else x for x in (elements, test_elements)]
    return Tensor._result(np.isin(*known, invert=invert))


# --- counts and sorted sequences


@operation
def bincount(input, weights=None, minlength=0):
    """Count how often each of 0, 1, … occurs, or add up the ``weights`` of each.

    input: integers (n), at least 0. The result has ``minlength`` elements or more.
    """
    x = input.data
    if x.ndim != 1 or x.dtype.kind not in "iu" or x.min(initial=0) < 0 or minlength < 0:
        raise ValueError(
            "bincount: expected a vector of integers of at least 0 and minlength of at "
            f"least 0, got {x.dtype} {x.shape} and {minlength}"
        )
    if weights is None or not x.size:
        return Tensor._result(np.bincount(x, minlength=minlength))
    weights = as_tensor(weights)
    if weights.shape != x.shape:
        raise ValueError(
            f"bincount: expected weights of shape {x.shape}, got {weights.shape}"
        )
    counts = np.bincount(x, weights.data, minlength)
    return Tensor._result(counts.astype(np.result_type(weights.dtype, np.float32)))


@operation
def unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None):
    """Return the different elements, or the different parts along ``dim``, in order.

    ``return_inverse`` adds where each element went, ``return_counts`` how often each
    occurred: a tuple then. They are sorted also where that is not asked for.
    """
    along = None if dim is None else axis(dim, input.ndim)
    values, inverse, counts = np.unique(
        input.data,
        return_inverse=True,
        return_counts=True,
        axis=along,
        equal_nan=False,
    )
    inverse = inverse.reshape(input.shape if dim is None else -1)
    results = [values, inverse] if return_inverse else [values]
    results += [counts] if return_counts else []
    results = tuple([Tensor._result(result) for result in results])
    return results if len(results) > 1 else results[0]


@operation
def searchsorted(
    sorted_sequence, input, *, out_int32=False, right=False, side=None, sorter=None
):
    """Return where each value of ``input`` would be inserted to keep the order.

    sequence[i - 1] < value <= sequence[i], or with ``right`` (or ``side="right"``)
    sequence[i - 1] <= value < sequence[i]. The sequence is a vector, or one for each
    vector of the input, (…, n) and (…, m); ``sorter``, from `argsort`, sorts it.
    """
    if side not in (None, "left", "right") or (right and side == "left"):
        raise ValueError(
            "searchsorted: expected side 'left' or 'right' that agrees with right, "
            f"got {side!r} and {right}"
        )
    side = "right" if right else side or "left"
    sequence = as_tensor(sorted_sequence).data
    values = input.data if isinstance(input, Tensor) else np.asarray(input)
    if sorter is not None:
        sequence = np.take_along_axis(sequence, as_tensor(sorter).data, -1)
    found = _insertions(sequence, values, side)
    return Tensor._result(np.asarray(found, np.int32 if out_int32 else np.int64))


def _insertions(sequence, values, side):
    if sequence.ndim == 1:
        return np.searchsorted(sequence, values, side)
    if sequence.ndim != values.ndim or sequence.shape[:-1] != values.shape[:-1]:
        raise ValueError(
            "searchsorted: expected a vector, or a sequence (…, n) for values (…, m), "
            f"got {sequence.shape} and {values.shape}"
        )
    found = np.empty(values.shape, np.int64)
    for row in np.ndindex(values.shape[:-1]):
        found[row] = np.searchsorted(sequence[row], values[row], side)
    return found


@operation
def bucketize(input, boundaries, *, out_int32=False, right=False):
    """Return the number of the bucket between ``boundaries``, a vector, of each value.

    Bucket i holds boundaries[i - 1] < x <= boundaries[i]; see `searchsorted`.
    """
    boundaries = as_tensor(boundaries)
    if boundaries.ndim != 1:
        raise ValueError(f"bucketize: expected a vector, got {boundaries.shape}")
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)
