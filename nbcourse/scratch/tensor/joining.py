"""Tensors joined into one, one repeated side by side, and one cut into several."""

import math
import operator

import numpy as np

from .arguments import axis, operation
from .conversion import operands
from .core import Tensor
from .indexing import narrow, select, taken
from .shape import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    listed,
    ravel,
    reshape,
)

__all__ = [
    "cat",
    "chunk",
    "column_stack",
    "concat",
    "concatenate",
    "dsplit",
    "dstack",
    "hsplit",
    "hstack",
    "repeat",
    "repeat_interleave",
    "split",
    "stack",
    "tensor_split",
    "tile",
    "unbind",
    "vsplit",
    "vstack",
]

# --- joined


@operation
def cat(tensors, dim=0):
    """Join tensors along the existing dimension ``dim``; all other sizes must agree.

    A tensor of shape (0,) adds nothing and fits everywhere, as in torch.
    """
    parts = operands(*_several("cat", tensors))
    joined = [p for p in parts if p.shape != (0,)] or parts[:1]
    along = axis(dim, joined[0].ndim)
    shapes = [p.shape for p in joined]
    if not shapes[0] or len({(len(s), s[:along], s[along + 1 :]) for s in shapes}) > 1:
        raise ValueError(
            f"cat: expected shapes that differ in dimension {along} only, got {shapes}"
        )
    ends = np.cumsum([0 if p.shape == (0,) else p.shape[along] for p in parts])[:-1]

    def backward(grad):
        cut = zip(np.split(grad, ends, along), parts, strict=True)
        return [part.reshape(p.shape) for part, p in cut]

    y = np.concatenate([p.data for p in joined], along)
    return Tensor._result(y, parts, backward)


@operation
def concat(tensors, dim=0):
    """Join tensors along an existing dimension, as `cat`."""
    return cat(tensors, dim)


@operation
def concatenate(tensors, axis=0):
    """Join tensors along an existing dimension: `cat` with NumPy's names."""
    return cat(tensors, axis)


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


@operation
def hstack(tensors):
    """Join side by side: along dimension 1, vectors along dimension 0."""
    parts = atleast_1d(_several("hstack", tensors))
    return cat(parts, 0 if parts[0].ndim == 1 else 1)


@operation
def vstack(tensors):
    """Join one below the other, along dimension 0; a vector (n) is a row (1, n)."""
    return cat(atleast_2d(_several("vstack", tensors)), 0)


@operation
def dstack(tensors):
    """Join along dimension 2; a matrix (m, n) counts as (m, n, 1)."""
    return cat(atleast_3d(_several("dstack", tensors)), 2)


@operation
def column_stack(tensors):
    """Join side by side, where a vector (n) is a column (n, 1)."""
    parts = _several("column_stack", tensors)
    return hstack([p if p.ndim > 1 else reshape(p, (p.numel(), 1)) for p in parts])


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


# --- repeated


@operation
def repeat(self, *repeats):
    """Put copies side by side, so many along each dimension.

    More repeats than dimensions add dimensions in front. (It is NumPy's ``tile``, not
    NumPy's ``repeat``.)
    """
    repeats = listed(repeats)
    if len(repeats) < self.ndim or min(repeats, default=0) < 0:
        raise ValueError(
            f"repeat: expected a number, at least 0, for each dimension of "
            f"{self.shape}, got {repeats}"
        )
    shape = (1,) * (len(repeats) - self.ndim) + self.shape
    split = [n for pair in zip(repeats, shape, strict=True) for n in pair]

    def backward(grad):
        copies = grad.reshape(split)  # (repeats[0], shape[0], repeats[1], …)
        return (copies.sum(tuple(range(0, len(split), 2))).reshape(self.shape),)

    return Tensor._result(np.tile(self.data, repeats), (self,), backward)


@operation
def tile(input, dims, *more):
    """Put copies side by side, as `repeat`; missing numbers in front count as 1."""
    repeats = listed((dims, *more))
    return repeat(input, (1,) * (input.ndim - len(repeats)) + repeats)


@operation
def repeat_interleave(input, repeats, dim=None, *, output_size=None):
    """Repeat each element along ``dim``, one after the other: [a, b] → [a, a, b, b].

    ``repeats`` is a number, or one for each element. Without ``dim`` all elements count
    as one row. ``output_size``, if given, must be the resulting size.
    """
    if dim is None:
        return repeat_interleave(ravel(input), repeats, 0, output_size=output_size)
    along = axis(dim, input.ndim)
    n = input.shape[along]
    times = repeats.data if isinstance(repeats, Tensor) else np.asarray(repeats)
    fits = times.dtype.kind == "i" and times.shape in ((), (1,), (n,))
    if not fits or (times < 0).any():
        raise ValueError(
            f"repeat_interleave: expected one number of repeats or {n}, at least 0, "
            f"got {repeats}"
        )
    rows = np.repeat(np.arange(n), times)
    if output_size not in (None, len(rows)):
        raise ValueError(
            f"repeat_interleave: expected output_size {len(rows)}, got {output_size}"
        )
    return taken(input, rows, along)


# --- cut; the parts are views


@operation
def split(tensor, split_size_or_sections, dim=0):
    """Cut along ``dim`` into parts of one size, the last perhaps smaller, a tuple.

    With a list these are the sizes of the parts, which must add up.
    """
    along, n = _cut_dimension("split", tensor, dim)
    given = split_size_or_sections
    sizes = list(given) if isinstance(given, (tuple, list)) else None
    if sizes is None:
        size = operator.index(given)
        if size < 0 or (size == 0 and n):
            raise ValueError(f"split: expected a size of at least 1, got {size}")
        starts = range(0, max(n, 1), max(size, 1))
        sizes = [min(size, n - start) for start in starts]
    if min(sizes, default=0) < 0 or sum(sizes) != n:
        raise ValueError(f"split: expected sizes that add up to {n}, got {sizes}")
    return _cut(tensor, along, sizes)


def split_method(self, split_size, dim=0):
    """Cut along ``dim``, as the function `split`."""
    return split(self, split_size, dim)


@operation
def chunk(input, chunks, dim=0):
    """Cut along ``dim`` into at most so many parts of one size, the last smaller."""
    along, n = _cut_dimension("chunk", input, dim)
    if chunks < 1:
        raise ValueError(f"chunk: expected at least one chunk, got {chunks}")
    if not n:
        return _cut(input, along, [0] * chunks)
    return split(input, math.ceil(n / chunks), along)


@operation
def tensor_split(input, indices_or_sections, dim=0):
    """Cut along ``dim`` into so many parts of nearly one size, the first ones larger.

    With a list these are the places where to cut.
    """
    along, n = _cut_dimension("tensor_split", input, dim)
    places = indices_or_sections
    if isinstance(places, Tensor):
        places = places.tolist()
    if not isinstance(places, (tuple, list)):
        if places < 1:
            raise ValueError(f"tensor_split: expected at least one part, got {places}")
        sizes = [n // places + (i < n % places) for i in range(places)]
        return _cut(input, along, sizes)
    edges = [slice(None, place).indices(n)[1] for place in places]
    parts = zip([0, *edges], [*edges, n], strict=True)
    return tuple([narrow(input, along, a, max(b - a, 0)) for a, b in parts])


@operation
def hsplit(input, indices_or_sections):
    """Cut into columns, along dimension 1 (a vector along 0), as `tensor_split`.

    A number of parts must divide the size.
    """
    return _split_evenly("hsplit", input, indices_or_sections, min(input.ndim - 1, 1))


@operation
def vsplit(input, indices_or_sections):
    """Cut into rows, along dimension 0; see `hsplit`."""
    return _split_evenly("vsplit", input, indices_or_sections, 0, least=2)


@operation
def dsplit(input, indices_or_sections):
    """Cut along dimension 2; see `hsplit`."""
    return _split_evenly("dsplit", input, indices_or_sections, 2, least=3)


def _split_evenly(function, input, indices_or_sections, along, least=1):
    if input.ndim < least:
        raise ValueError(
            f"{function}: expected at least {least} dimensions, got {input.shape}"
        )
    parts, n = indices_or_sections, input.shape[along]
    if isinstance(parts, int) and (parts < 1 or n % parts):
        raise ValueError(f"{function}: expected a divisor of {n}, got {parts}")
    return tensor_split(input, parts, along)


@operation
def unbind(input, dim=0):
    """Return all parts along ``dim``, which leaves their shape, as a tuple."""
    along, n = _cut_dimension("unbind", input, dim)
    return tuple([select(input, along, i) for i in range(n)])


def _cut_dimension(function, input, dim):
    if not isinstance(input, Tensor) or not input.ndim:
        raise ValueError(
            f"{function}: expected a Tensor of at least one dimension, got {input!r}"
        )
    along = axis(dim, input.ndim)
    return along, input.shape[along]


def _cut(input, along, sizes):
    ends = np.cumsum(sizes).tolist()
    return tuple(
        [narrow(input, along, b - n, n) for b, n in zip(ends, sizes, strict=True)]
    )
