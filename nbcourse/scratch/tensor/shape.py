"""The same elements in another shape: most results share the memory of their input."""

import math

import numpy as np

from .arguments import axes, axis, not_built, operation
from .arguments import sizes as as_shape
from .core import Tensor

__all__ = [
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "broadcast_tensors",
    "broadcast_to",
    "contiguous",
    "expand",
    "expand_as",
    "flatten",
    "is_contiguous",
    "moveaxis",
    "movedim",
    "permute",
    "ravel",
    "reshape",
    "reshape_as",
    "squeeze",
    "swapaxes",
    "swapdims",
    "t",
    "transpose",
    "unflatten",
    "unsqueeze",
    "view",
    "view_as",
]


def listed(given):
    """Return the integers that were given as ``2, 3`` or as ``(2, 3)``, a tuple."""
    if len(given) == 1 and isinstance(given[0], (tuple, list)):
        return tuple(given[0])
    return given


# --- other sizes, the same order


@operation
def reshape(input, shape, *more):
    """Return the elements in another shape, in which one -1 is filled in.

    ``x.reshape(2, -1)`` and ``x.reshape((2, -1))`` are the same. Raises ValueError for
    a shape of another number of elements.
    """
    return _reshaped(input, as_shape((shape, *more), input.data.size))


def _reshaped(input, shape):
    source = input.shape

    def backward(grad):
        return (grad.reshape(source),)

    return Tensor._result(input.data.reshape(shape), (input,), backward)


@operation
def reshape_as(self, other):
    """Return the elements in the shape of ``other``."""
    return reshape(self, other.shape)


@operation
def view(self, *shape, dtype=None):
    """`reshape` that shares memory; raises RuntimeError where it would have to copy.

    What convolutions return is copied all the same, into memory that refuses writes:
    for torch it lies in order, here its channels are last (see `conv2d`).
    """
    if shape and isinstance(shape[0], np.dtype):
        dtype = shape[0]
    not_built("view", dtype=dtype)
    result = _reshaped(self, as_shape(shape, self.data.size))
    if self.data.size and not np.may_share_memory(result.data, self.data):
        if self.ndim > 2 and np.moveaxis(self.data, 1, -1).flags.c_contiguous:
            result.data.flags.writeable = False
            return result
        raise RuntimeError(
            f"view: shape {result.shape} would need a copy of {self.shape}; "
            "use reshape()"
        )
    return result


@operation
def view_as(self, other):
    """Return a `view` in the shape of ``other``."""
    return view(self, other.shape)


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
def ravel(input):
    """Return all elements in one dimension."""
    return _reshaped(input, (input.data.size,))


@operation
def unflatten(input, dim, sizes):
    """Cut the dimension ``dim`` into several of these sizes, one of which may be -1."""
    at = axis(dim, input.ndim)
    before, after = input.shape[:at], input.shape[at + 1 :]
    if not input.ndim or not sizes:
        raise ValueError(
            f"unflatten: expected a dimension and sizes, got {input.shape} and {sizes}"
        )
    return _reshaped(input, (*before, *as_shape(sizes, input.shape[at]), *after))


@operation
def squeeze(input, dim=None):
    """Drop dimensions of size 1: all of them, or those in ``dim``."""
    dropped = chosen(dim, input.ndim)
    kept = [n for i, n in enumerate(input.shape) if n != 1 or i not in dropped]
    return _reshaped(input, tuple(kept))


@operation
def unsqueeze(input, dim):
    """Insert a dimension of size 1 at position ``dim``."""
    at = axis(dim, input.ndim + 1)
    return _reshaped(input, (*input.shape[:at], 1, *input.shape[at:]))


@operation
def atleast_1d(*tensors):
    """Return each tensor with at least one dimension, () → (1,).

    One tensor gives a tensor; several, or a list of them, give a tuple.
    """
    return _each(lambda x: x if x.ndim else _reshaped(x, (1,)), tensors)


@operation
def atleast_2d(*tensors):
    """Return each tensor with at least two dimensions, (n) → (1, n)."""

    def raised(x):
        return x if x.ndim > 1 else _reshaped(x, (1, x.data.size))

    return _each(raised, tensors)


@operation
def atleast_3d(*tensors):
    """Return each tensor with at least three dimensions, (n) → (1, n, 1).

    A matrix gets the new dimension at its end, (m, n) → (m, n, 1).
    """

    def raised(x):
        return x if x.ndim > 2 else _reshaped(x, (*atleast_2d(x).shape, 1))

    return _each(raised, tensors)


def _each(function, tensors):
    """Return what ``function`` makes of one tensor, or of each of several."""
    if len(tensors) == 1 and isinstance(tensors[0], Tensor):
        return function(tensors[0])
    if len(tensors) == 1:
        tensors = tensors[0]  # a list
    for x in tensors:
        if not isinstance(x, Tensor):
            raise TypeError(f"expected Tensors, got {type(x).__name__}")
    return tuple([function(x) for x in tensors])


def chosen(dim, ndim):
    """Return `axes`; but here no dimensions, ``()``, are none and not all."""
    return () if isinstance(dim, (tuple, list)) and not dim else axes(dim, ndim)


# --- another order of the dimensions


@operation
def permute(input, dims, *more):
    """Reorder the dimensions: ``permute(2, 0, 1)`` puts the last one first."""
    dims = listed((dims, *more))
    order = axes(dims, input.ndim)
    if len(dims) != input.ndim:
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
def swapaxes(input, axis0, axis1):
    """Swap two dimensions: `transpose` under NumPy's name."""
    return transpose(input, axis0, axis1)


@operation
def swapdims(input, dim0, dim1):
    """Swap two dimensions, as `transpose`."""
    return transpose(input, dim0, dim1)


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
def movedim(input, source, destination):
    """Move the dimensions ``source`` (one or several) to ``destination``.

    The others keep their order: (B, H, W, C) → (B, C, H, W) is ``movedim(-1, 1)``.
    """
    moved, places = chosen(source, input.ndim), chosen(destination, input.ndim)
    if len(moved) != len(places):
        raise ValueError(
            "movedim: expected as many sources as destinations, "
            f"got {source} and {destination}"
        )
    order = [i for i in range(input.ndim) if i not in moved]
    for place, dim in sorted(zip(places, moved, strict=True)):
        order.insert(place, dim)
    return permute(input, order)


@operation
def moveaxis(input, source, destination):
    """Move dimensions, as `movedim`."""
    return movedim(input, source, destination)


# --- sizes of 1 repeated without a copy


@operation
def expand(self, *size):
    """Repeat dimensions of size 1, without a copy, to ``size``; -1 keeps a size.

    Raises ValueError for a shape that the tensor does not broadcast to.
    """
    size = listed(size)
    added = len(size) - self.ndim  # new dimensions, all in front
    target = tuple(
        self.shape[i - added] if n == -1 and i >= added else n
        for i, n in enumerate(size)
    )
    fits = added >= 0 and all(
        have in (1, n) for have, n in zip(self.shape, target[added:], strict=True)
    )
    if not fits or min(target, default=0) < 0:
        raise ValueError(
            f"expand: expected a shape that {self.shape} broadcasts to, got {size}"
        )

    def backward(grad):
        return (grad,)  # the engine sums over what was repeated

    return Tensor._result(np.broadcast_to(self.data, target), (self,), backward)


@operation
def expand_as(self, other):
    """Repeat dimensions of size 1 to the shape of ``other``."""
    return expand(self, other.shape)


@operation
def broadcast_to(input, shape, *more):
    """Repeat dimensions of size 1, without a copy, to ``shape``: `expand`."""
    return expand(input, listed((shape, *more)))


@operation
def broadcast_tensors(*tensors):
    """Return all tensors in the one shape that they broadcast to, a tuple."""
    shape = np.broadcast_shapes(*[x.shape for x in tensors])
    return tuple([expand(x, shape) for x in tensors])


# --- order in memory


@operation
def contiguous(self, memory_format=None):
    """Return the tensor with its elements in order in memory: itself if they are."""
    not_built("contiguous", memory_format=memory_format)
    if self.data.flags.c_contiguous:
        return self

    def backward(grad):
        return (grad,)

    return Tensor._result(np.ascontiguousarray(self.data), (self,), backward)


@operation
def is_contiguous(self, memory_format=None):
    """Return whether the elements are in order in memory."""
    not_built("is_contiguous", memory_format=memory_format)
    return self.data.flags.c_contiguous
