"""The same elements in another arrangement: reshaped, reordered, repeated or joined."""

import math

import numpy as np

from .arguments import axes, axis, operation, sizes
from .conversion import operands
from .core import Tensor

__all__ = [
    "broadcast_to",
    "cat",
    "contiguous",
    "expand",
    "flatten",
    "permute",
    "reshape",
    "squeeze",
    "stack",
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
def view(input, *shape):
    """`reshape` that shares memory; raises RuntimeError where it would have to copy."""
    result = _reshaped(input, sizes(shape, input.data.size))
    if input.data.size and not np.may_share_memory(result.data, input.data):
        raise RuntimeError(
            f"view: shape {result.shape} would need a copy of {input.shape}; "
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
def expand(input, *shape):
    """Repeat dimensions of size 1, without a copy, to ``shape``; -1 keeps a size."""
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = shape[0]
    added = len(shape) - input.ndim  # new dimensions, all in front
    target = tuple(
        input.shape[i - added] if n == -1 and i >= added else n
        for i, n in enumerate(shape)
    )
    fits = added >= 0 and all(
        have in (1, n) for have, n in zip(input.shape, target[added:], strict=True)
    )
    if not fits or min(target, default=0) < 0:
        raise ValueError(
            f"expand: expected a shape that {input.shape} broadcasts to, "
            f"got {tuple(shape)}"
        )

    def backward(grad):
        return (grad,)  # the engine sums over what was repeated

    return Tensor._result(np.broadcast_to(input.data, target), (input,), backward)


@operation
def contiguous(input):
    """Return the tensor with its elements in order in memory: itself if they are."""
    if input.data.flags.c_contiguous:
        return input

    def backward(grad):
        return (grad,)

    return Tensor._result(np.ascontiguousarray(input.data), (input,), backward)


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
