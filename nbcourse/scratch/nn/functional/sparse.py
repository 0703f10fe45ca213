"""Class numbers and words as vectors: one-hot codes and embeddings."""

import itertools
import operator

import numpy as np

from ...tensor import Tensor, no_grad
from ...tensor.arguments import not_built, operation

__all__ = ["embedding", "one_hot"]


@operation
def one_hot(input, num_classes=-1):
    """Return int64 vectors that are 1 at the class number and 0 elsewhere.

    input: (*), int64 → (*, num_classes); -1 counts the classes up to the largest.
    Raises IndexError for a class outside 0 … num_classes - 1.
    """
    classes, num_classes = input.data, operator.index(num_classes)
    if classes.dtype != np.int64:
        raise TypeError(f"one_hot: expected class numbers of int64, got {input.dtype}")
    if num_classes == -1 and classes.size:
        num_classes = max(classes.max() + 1, 1)
    if num_classes < 1:
        raise ValueError(
            "one_hot: expected num_classes of at least 1, or -1 and at least one "
            f"class number, got {num_classes} for shape {input.shape}"
        )
    _check_numbers("one_hot", classes, num_classes)
    hot = classes[..., None] == np.arange(num_classes)  # (*, num_classes)
    return Tensor._result(hot.astype(np.int64))


@operation
def embedding(
    input,
    weight,
    padding_idx=None,
    max_norm=None,
    norm_type=2.0,
    scale_grad_by_freq=False,
    sparse=False,
):
    """Return the rows of ``weight`` that ``input`` numbers: a vector for each word.

    It is one_hot(input) @ weight without the product.

    Raises TypeError for a dtype that does not fit, ValueError for a weight or
    padding_idx that does not, and IndexError for a row that does not exist.

    Parameters
    ----------
    input : Tensor
        (*): row numbers, int64 or int32.
    weight : Tensor
        (V, d): a row for each of V words; the result is (*, d).
    padding_idx : int, optional
        A row that gets no gradient.
    max_norm, norm_type : float
        Before, rows of ``input`` whose norm (of order ``norm_type``) exceeds
        ``max_norm`` are shortened to it, in place.
    scale_grad_by_freq : bool
        Whether a row's gradient is divided by how often the row was picked.
    """
    not_built("embedding", sparse=sparse)
    _check(input, weight)
    index, rows = input.data, len(weight)
    padding = None if padding_idx is None else row_number(padding_idx, rows)
    if max_norm is not None:
        _shorten(weight, np.unique(index), max_norm, norm_type)

    def backward(grad):
        by_weight, counts = _sum_by_row(grad, index, rows)
        if scale_grad_by_freq:
            by_weight /= np.maximum(counts, 1)[:, None]  # (rows, 1)
        if padding is not None:
            by_weight[padding] = 0
        return (None, by_weight)

    return Tensor._result(np.take(weight.data, index, 0), (input, weight), backward)


def _sum_by_row(grad, index, rows):
    """Return (rows, d) sums of the vectors in ``grad`` with each index, and counts.

    Sorting brings equal indices together; ones @ group then adds a group up, which is
    far quicker than ``np.add.at``.
    """
    order = np.argsort(index, axis=None, kind="stable")
    index = index.reshape(-1)[order]  # (n)
    grad = grad.reshape(index.size, grad.shape[-1])[order]  # (n, d)
    edges = np.flatnonzero(np.diff(index, prepend=-1, append=-1))  # of the groups
    sums, counts = np.zeros((rows, grad.shape[1]), grad.dtype), np.zeros(rows)
    ones = np.ones(index.size, grad.dtype)
    for begin, end in itertools.pairwise(edges.tolist()):
        row = index[begin]
        counts[row] = end - begin
        np.dot(ones[begin:end], grad[begin:end], out=sums[row])
    return sums, counts


@no_grad
def _shorten(weight, rows, max_norm, norm_type):
    """Shorten those ``rows`` of the weight that are longer than ``max_norm``."""
    norms = np.linalg.norm(weight.data[rows], norm_type, axis=1)
    long = norms > max_norm
    scale = max_norm / (norms[long] + 1e-7)  # as torch: never longer by rounding
    weight[rows[long]] = weight.data[rows[long]] * scale[:, None]


def _check(input, weight):
    """Raise unless the weight is (V, d) and input holds numbers of its rows."""
    if not isinstance(weight, Tensor):
        raise TypeError(
            f"embedding: expected weight to be a Tensor, got {type(weight).__name__}"
        )
    if weight.ndim != 2:
        raise ValueError(f"embedding: expected a weight (V, d), got {weight.shape}")
    if input.dtype not in (np.int64, np.int32):
        raise TypeError(
            f"embedding: expected row numbers of int64 or int32, got {input.dtype}"
        )
    _check_numbers("embedding", input.data, len(weight))


def _check_numbers(function, index, count):
    """Raise IndexError unless all numbers are from 0 to count - 1."""
    if index.size and (index.min() < 0 or index.max() >= count):
        raise IndexError(
            f"{function}: expected numbers from 0 to {count - 1}, "
            f"got {index.min()} to {index.max()}"
        )


def row_number(padding_idx, rows):
    """Return ``padding_idx`` counted from the front; raise if there is no such row."""
    if not -rows <= padding_idx < rows:
        raise ValueError(
            f"padding_idx: expected from {-rows} to {rows - 1}, got {padding_idx}"
        )
    return padding_idx % rows
