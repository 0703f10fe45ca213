"""Tensors joined into one, and one cut into several."""

import numpy as np

from .arguments import axis, operation
from .conversion import operands
from .core import Tensor

__all__ = ["cat", "stack"]


@operation
def cat(tensors, dim=0):
    """Join tensors along the existing dimension ``dim``; all other sizes must agree."""
    parts = operands(*_several("cat", tensors))
    along = axis(dim, parts[0].ndim)
    shapes = [p.shape for p in parts]
    if not shapes[0] or len({(len(s), s[:along], s[along + 1 :]) for s in shapes}) > 1:
        raise ValueError(
            f"cat: expected shapes that differ in dimension {along} only, got {shapes}"
        )
    ends = np.cumsum([s[along] for s in shapes])[:-1]

    def backward(grad):
        return np.split(grad, ends, along)

    joined = np.concatenate([p.data for p in parts], along)
    return Tensor._result(joined, parts, backward)


@operation
def stack(tensors, dim=0):
    """Join tensors of one shape along a new dimension ``dim``."""
    parts = operands(*_several("stack", tensors))
    shapes = [p.shape for p in parts]
    if len(set(shapes)) > 1:
        raise ValueError(f"stack: expected one shape, got {shapes}")
    along = axis(dim, parts[0].ndim + 1)

    def backward(grad):
        return list(np.moveaxis(grad, along, 0))

    return Tensor._result(np.stack([p.data for p in parts], along), parts, backward)


def _several(function, tensors):
    """Return ``tensors``; raise unless it is a list or tuple of at least one Tensor."""
    several = isinstance(tensors, (list, tuple))
    if not several or not all(isinstance(t, Tensor) for t in tensors):
        kinds = type(tensors).__name__
        if several:
            kinds = [type(t).__name__ for t in tensors]
        raise TypeError(f"{function}: expected a list of Tensors, got {kinds}")
    if not tensors:
        raise ValueError(f"{function}: expected at least one tensor, got none")
    return tensors
