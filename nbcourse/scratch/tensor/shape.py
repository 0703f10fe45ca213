"""The same elements in another arrangement: reshaped, reordered or repeated."""

import math

import numpy as np

from .arguments import axes, axis, operation, sizes
from .core import Tensor

__all__ = [
    "broadcast_to",
    "contiguous",
    "expand",
    "flatten",
    "permute",
    "reshape",
    "squeeze",
    "t",
    "transpose",
    "unsqueeze",
    "view",
]


@operation
def reshape(input, *shape):
    """Return the elements in another shape, in which one -1 is filled in.

    ``x.reshape(2, -1)`` and ``x.reshape((2, -1))`` are the same.
    """
    return _reshaped(input, sizes(shape, input.data.size))


def _reshaped(input, shape):
    source = input.shape

    def backward(grad):
        return (grad.reshape(source),)

    return Tensor._result(input.data.reshape(shape), (input,), backward)


@operation
def view(self, *shape):
    """`reshape` that shares memory; raises RuntimeError where it would have to copy."""
    result = _reshaped(self, sizes(shape, self.data.size))
    if self.data.size and not np.may_share_memory(result.data, self.data):
        raise RuntimeError(
            f"view: shape {result.shape} would need a copy of {self.shape}; "
            "use reshape()"
        )
    return result


@operation
def flatten(input, start_dim=0, end_dim=-1):
    """Join the dimensions from ``start_dim`` to ``end_dim`` into one."""
    first, last = axis(start_dim, input.ndim), axis(end_dim, input.ndim)
    if first > last:
        raise ValueError(
            f"flatten: expected start_dim <= end_dim, got {start_dim} and {end_dim}"
        )
    shape = input.shape
    joined = math.prod(shape[first : last + 1])
    return _reshaped(input, (*shape[:first], joined, *shape[last + 1 :]))


@operation
def squeeze(input, dim=None):
    """Drop dimensions of size 1: all of them, or those in ``dim``."""
    dropped = axes(dim, input.ndim)
    kept = [n for i, n in enumerate(input.shape) if n != 1 or i not in dropped]
    return _reshaped(input, tuple(kept))


@operation
def unsqueeze(input, dim):
    """Insert a dimension of size 1 at position ``dim``."""
    at = axis(dim, input.ndim + 1)
    return _reshaped(input, (*input.shape[:at], 1, *input.shape[at:]))


@operation
def permute(input, *dims):
    """Reorder the dimensions: ``permute(2, 0, 1)`` puts the last one first."""
    given = dims[0] if len(dims) == 1 and isinstance(dims[0], (tuple, list)) else dims
    order = axes(given, input.ndim)
    if len(order) != input.ndim:
        raise ValueError(f"permute: expected {input.ndim} dimensions, got {dims}")
    back = tuple(np.argsort(order))

    def backward(grad):
        return (np.transpose(grad, back),)

    return Tensor._result(np.transpose(input.data, order), (input,), backward)


@operation
def transpose(input, dim0, dim1):
    """Swap two dimensions."""
    i, j = axis(dim0, input.ndim), axis(dim1, input.ndim)
    if not input.ndim:
        return _reshaped(input, ())

    def backward(grad):
        return (np.swapaxes(grad, i, j),)

    return Tensor._result(np.swapaxes(input.data, i, j), (input,), backward)


@operation
def t(input):
    """Return the transposed matrix; a tensor of fewer dimensions stays as it is."""
    if input.ndim > 2:
        raise ValueError(
            f"t: expected at most 2 dimensions, got shape {input.shape}; "
            "use transpose or permute"
        )
    return transpose(input, 0, -1)


@operation
def broadcast_to(input, *shape):
    """Repeat the input, without a copy, to ``shape``."""
    return expand(input, *shape)


@operation
def expand(self, *shape):
    """Repeat dimensions of size 1, without a copy, to ``shape``; -1 keeps a size."""
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = shape[0]
    added = len(shape) - self.ndim  # new dimensions, all in front
    target = tuple(
        self.shape[i - added] if n == -1 and i >= added else n
        for i, n in enumerate(shape)
    )
    fits = added >= 0 and all(
        have in (1, n) for have, n in zip(self.shape, target[added:], strict=True)
    )
    if not fits or min(target, default=0) < 0:
        raise ValueError(
            f"expand: expected a shape that {self.shape} broadcasts to, "
            f"got {tuple(shape)}"
        )

    def backward(grad):
        return (grad,)  # the engine sums over what was repeated

    return Tensor._result(np.broadcast_to(self.data, target), (self,), backward)


@operation
def contiguous(self):
    """Return the tensor with its elements in order in memory: itself if they are."""
    if self.data.flags.c_contiguous:
        return self

    def backward(grad):
        return (grad,)

    return Tensor._result(np.ascontiguousarray(self.data), (self,), backward)
