"""Coordinates of grids: where the rows and columns cross, and triangles of them."""

import numpy as np

from . import dtypes
from .arguments import operation, sizes
from .core import Tensor
from .creation import plainly

__all__ = ["meshgrid", "tril_indices", "triu_indices"]


@operation
def meshgrid(*tensors, indexing=None):
    """Return for each vector a grid in which only that coordinate changes.

    Vectors of n₁, n₂, … elements give grids (n₁, n₂, …); with ``indexing="xy"`` the
    first two dimensions are swapped. The grids share memory with the vectors.
    """
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        tensors = tuple(tensors[0])
    if not tensors or any(x.ndim > 1 for x in tensors):
        shapes = [x.shape for x in tensors]
        raise ValueError(f"meshgrid: expected vectors, got shapes {shapes}")
    if len({x.dtype for x in tensors}) > 1:
        kinds = ", ".join(str(x.dtype) for x in tensors)
        raise TypeError(f"meshgrid: expected one dtype, got {kinds}")
    if indexing not in (None, "ij", "xy"):
        raise ValueError(f"meshgrid: expected indexing 'ij' or 'xy', got {indexing!r}")
    shape = tuple(x.data.size for x in tensors)
    grids = []
    for i, x in enumerate(tensors):
        alone = tuple(n if i == k else 1 for k, n in enumerate(shape))
        grids.append(x.reshape(alone).expand(shape))
    if indexing == "xy" and len(shape) > 1:
        grids = [grid.transpose(0, 1) for grid in grids]
    return tuple(grids)


def tril_indices(row, col, offset=0, *, dtype=None, device=None, layout=None):
    """Return (2, n): rows and columns on and below a diagonal of a matrix, by rows.

    ``offset`` moves the diagonal to the right.
    """
    plainly("tril_indices", device, layout=layout)
    return _indices(np.tri(*sizes((row, col)), offset, dtype=bool), dtype)


def triu_indices(row, col, offset=0, *, dtype=None, device=None, layout=None):
    """Return (2, n): rows and columns on and above a diagonal; see `tril_indices`."""
    plainly("triu_indices", device, layout=layout)
    return _indices(~np.tri(*sizes((row, col)), offset - 1, dtype=bool), dtype)


def _indices(chosen, dtype):
    dtype = dtypes.int64 if dtype is None else dtypes.as_dtype(dtype)
    return Tensor(np.stack(np.nonzero(chosen)).astype(dtype))
