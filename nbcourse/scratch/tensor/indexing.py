"""Picking elements: by slices, integers, None, lists, arrays of integers and masks."""

import numpy as np

from .arguments import operation
from .core import Tensor

__all__ = []  # x[index] is all of it; see `methods`


def as_index(index):
    """Return ``index`` with tensors turned into arrays, as NumPy takes it."""
    if isinstance(index, tuple):
        return tuple(as_index(i) for i in index)
    if isinstance(index, Tensor):
        index = index.data
    if isinstance(index, list):
        index = np.asarray(index, dtype=None if index else np.int64)
    if isinstance(index, np.ndarray) and index.dtype.kind not in "iub":
        raise IndexError(
            f"expected an index of integers or truth values, got {index.dtype}"
        )
    return index


@operation
def getitem(input, index):
    """input[index]; the gradient of an element that was picked twice adds up."""
    index, shape = as_index(index), input.shape
    parts = index if isinstance(index, tuple) else (index,)
    by_array = any(isinstance(i, (np.ndarray, bool)) for i in parts)

    def backward(grad):
        if not by_array:  # each element at most once
            by_input = np.zeros(shape, grad.dtype)
            by_input[index] = grad
            return (by_input,)
        size = int(np.prod(shape))
        picked = np.arange(size).reshape(shape)[index].ravel()  # flat positions
        by_input = np.bincount(picked, grad.ravel(), size)  # (size,), float64
        return (by_input.astype(grad.dtype).reshape(shape),)

    return Tensor._result(input.data[index], (input,), backward)
