"""Triangles and diagonals of matrices; the matrices may be a batch, (…, m, n)."""

import numpy as np

from .arguments import axis, operation
from .core import Tensor
from .reductions import sum
from .shape import ravel

__all__ = ["diag", "diag_embed", "diagflat", "diagonal", "trace", "tril", "triu"]


@operation
def tril(input, diagonal=0):
    """Keep the lower triangle, up to that diagonal above the main one; 0 elsewhere."""
    _check_matrix("tril", input)

    def backward(grad):
        return (np.tril(grad, diagonal),)

    return Tensor._result(np.tril(input.data, diagonal), (input,), backward)


@operation
def triu(input, diagonal=0):
    """Keep the upper triangle, from that diagonal above the main one on."""
    _check_matrix("triu", input)

    def backward(grad):
        return (np.triu(grad, diagonal),)

    return Tensor._result(np.triu(input.data, diagonal), (input,), backward)


def _check_matrix(function, input):
    if input.ndim < 2:
        raise ValueError(
            f"{function}: expected at least two dimensions, got shape {input.shape}"
        )


@operation
def diagonal(input, offset=0, dim1=0, dim2=1):
    """Return a diagonal of the dimensions ``dim1`` and ``dim2`` as the last dimension.

    It is a view. ``offset`` counts diagonals to the right, negative ones to the left.
    """
    plane, shape = _plane("diagonal", input.ndim, dim1, dim2), input.shape
    y = np.diagonal(input.data, offset, *plane)
    y.flags.writeable = input.data.flags.writeable  # NumPy would not let it be written

    def backward(grad):
        by_input = np.zeros(shape, grad.dtype)
        _write_diagonal(by_input, offset, plane, grad)
        return (by_input,)

    return Tensor._result(y, (input,), backward)


@operation
def diag_embed(input, offset=0, dim1=-2, dim2=-1):
    """Return zeros with the last dimension on a diagonal of ``dim1`` and ``dim2``.

    (…, n) → (…, n + |offset|, n + |offset|) with the new dimensions at these places.
    """
    plane = _plane("diag_embed", input.ndim + 1, dim1, dim2)
    shape = list(input.shape[:-1])
    for dim in sorted(plane):
        shape.insert(dim, input.shape[-1] + abs(offset))
    y = np.zeros(shape, input.dtype)
    _write_diagonal(y, offset, plane, input.data)

    def backward(grad):
        return (np.diagonal(grad, offset, *plane),)

    return Tensor._result(y, (input,), backward)


def _plane(function, ndim, dim1, dim2):
    plane = axis(dim1, ndim), axis(dim2, ndim)
    if plane[0] == plane[1]:
        raise ValueError(
            f"{function}: expected two different dimensions, got {dim1} and {dim2}"
        )
    return plane


def _write_diagonal(array, offset, plane, values):
    """Write ``values`` (…, n) on a diagonal of two dimensions of ``array``."""
    steps = np.arange(values.shape[-1])
    matrices = np.moveaxis(array, plane, (-2, -1))  # a view
    matrices[..., steps + max(-offset, 0), steps + max(offset, 0)] = values


@operation
def diag(input, diagonal=0):
    """Return the diagonal of a matrix, or the matrix with a vector as its diagonal."""
    if input.ndim == 1:
        return diag_embed(input, diagonal)
    if input.ndim != 2:
        raise ValueError(f"diag: expected a vector or a matrix, got {input.shape}")
    return _diagonal(input, diagonal)


_diagonal = diagonal  # in `diag` the name is an argument


@operation
def diagflat(input, offset=0):
    """Return the matrix with all elements on its diagonal."""
    return diag_embed(ravel(input), offset)


@operation
def trace(input):
    """Return the sum of the diagonal of a matrix."""
    if input.ndim != 2 or input.dtype.kind == "b":
        raise ValueError(
            f"trace: expected a matrix of numbers, got {input.dtype} {input.shape}"
        )
    return sum(diagonal(input))
