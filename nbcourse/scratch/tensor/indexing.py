"""Picking elements: by slices, integers, None, lists, arrays of integers and masks.

An index is taken in two steps, as in torch. First all slices, integers and None, which
give a view of the same memory; then all arrays and masks together, which give a copy.
"""

import math
import operator

import numpy as np

from .arguments import axes, axis, operation
from .core import Tensor
from .shape import chosen, flatten, listed, permute, unsqueeze

__all__ = ["flip", "fliplr", "flipud", "narrow", "roll", "rot90", "select", "unfold"]


@operation
def getitem(input, index):
    """input[index]; the gradient of an element that was picked twice adds up."""
    first, second = in_two_steps(index, input.ndim)
    part = _viewed(input, first)
    return _picked(part, second) if second else part


def as_index(index):
    """Return ``index`` as a tuple with each part checked.

    A part is an integer, a slice, None, Ellipsis, a truth value, or what tensors and
    lists become: an array of integers or truth values.
    """
    numbers = (int, float, np.generic)
    if isinstance(index, list) and not all(isinstance(i, numbers) for i in index):
        kinds = sorted({type(i).__name__ for i in index})
        raise NotImplementedError(
            f"an index that is a list of {', '.join(kinds)} is not built; "
            "write a tuple or a tensor"
        )
    parts = index if isinstance(index, tuple) else (index,)
    return tuple([_as_part(part) for part in parts])


def _as_part(part):
    if part is None or part is Ellipsis or isinstance(part, int):
        return part
    if isinstance(part, slice):
        if part.step is not None and part.step < 1:
            raise ValueError(
                f"a slice: expected a step of at least 1, got {part.step}; use flip()"
            )
        return part
    array = part.data if isinstance(part, Tensor) else np.asarray(part)
    if not array.size and not hasattr(part, "dtype"):
        array = array.astype(np.int64)  # the empty list
    if array.dtype not in (np.int64, np.int32, np.bool_):
        raise IndexError(
            "expected an index of integers (int64 or int32) or truth values, "
            f"got {array.dtype}"
        )
    return array if array.ndim else array.item()


def in_two_steps(index, ndim):
    """Return ``index`` as two for NumPy, the first of them without arrays.

    ``array[first]`` is a view. If ``second`` is not (), ``array[first][second]`` is the
    result; there ``second`` has an array or a full slice for each dimension.
    """
    parts = as_index(index)
    left = ndim - sum([_dimensions(part) for part in parts])  # for the ellipsis
    if left < 0:
        raise IndexError(f"expected at most {ndim} indices, got {ndim - left}")
    if not any([part is Ellipsis for part in parts]):
        parts = (*parts, Ellipsis)  # so that the first step is a view in any case
    first, second = [], []
    for part in parts:
        if isinstance(part, np.ndarray):  # what it picks from stays for now
            first += [slice(None)] * _dimensions(part)
            second.append(part)
        elif isinstance(part, bool):  # a new dimension: all of it is picked, or nothing
            first.append(None)
            second.append(np.zeros(int(part), np.int64))
        else:
            first.append(part)
            kept = left if part is Ellipsis else int(not isinstance(part, int))
            second += [slice(None)] * kept
    by_array = any([isinstance(part, np.ndarray) for part in second])
    return tuple(first), tuple(second) if by_array else ()


def _dimensions(part):
    """Return how many dimensions one part of an index takes."""
    if isinstance(part, np.ndarray):
        return part.ndim if part.dtype == bool else 1
    return 0 if part is None or part is Ellipsis or isinstance(part, bool) else 1


def _viewed(input, index):
    shape = input.shape

    def backward(grad):
        by_input = np.zeros(shape, grad.dtype)
        by_input[index] = grad  # each element was picked at most once
        return (by_input,)

    return Tensor._result(input.data[index], (input,), backward)


def _picked(input, index):
    """Return input[index], where ``index`` has at least one array.

    Dimensions are joined until one is left to pick from, by number.
    """
    numbers = {}  # dimension → integers
    for dim, part in enumerate(index):
        if isinstance(part, np.ndarray):
            if part.dtype == bool:
                input, part = _masked(input, dim, part)
            numbers[dim] = part
    dims = list(numbers)
    if len(dims) == 1:
        return taken(input, numbers[dims[0]], dims[0])
    if dims[-1] - dims[0] >= len(dims):  # not side by side: to the front, as in NumPy
        others = [i for i in range(input.ndim) if i not in dims]
        input, dims = permute(input, dims + others), range(len(dims))
    sizes = input.shape[dims[0] : dims[-1] + 1]
    rows = np.ravel_multi_index(_in_range(numbers, sizes), sizes, mode="wrap")
    return taken(flatten(input, dims[0], dims[-1]), rows, dims[0])


def _masked(input, dim, mask):
    """Return the input with the dimensions of ``mask`` joined, and where it is true."""
    shape = input.shape[dim : dim + mask.ndim]
    if shape != mask.shape:
        raise IndexError(f"expected a mask of shape {shape}, got {mask.shape}")
    if mask.ndim > 1:
        input = flatten(input, dim, dim + mask.ndim - 1)
    return input, np.flatnonzero(mask)


def _in_range(numbers, sizes):
    """Return the arrays in one shape; raise IndexError for a number out of range."""
    for (dim, array), n in zip(numbers.items(), sizes, strict=True):
        wrong = array[(array < -n) | (array >= n)]
        if wrong.size:
            raise IndexError(
                f"index {wrong[0]} is out of bounds for dimension {dim} with size {n}"
            )
    try:
        return np.broadcast_arrays(*numbers.values())
    except ValueError as error:
        shapes = [array.shape for array in numbers.values()]
        raise IndexError(
            f"expected indices that broadcast, got shapes {shapes}"
        ) from error


@operation
def taken(input, numbers, dim):
    """Return the parts of the input with these ``numbers`` along ``dim``.

    The dimensions of ``numbers`` stand in the place of ``dim``.
    """
    before, count, after = input.shape[:dim], input.shape[dim], input.shape[dim + 1 :]

    def backward(grad):
        parts = np.moveaxis(grad.reshape(*before, numbers.size, *after), dim, 0)
        rows = parts.reshape(numbers.size, math.prod(before + after))
        total = sum_rows(rows, numbers.ravel(), count)
        return (np.moveaxis(total.reshape(count, *before, *after), 0, dim),)

    # np.take is twice as fast as x[numbers]
    return Tensor._result(np.take(input.data, numbers, dim), (input,), backward)


def sum_rows(rows, places, count):
    """Return (count, d) zeros to which each row of (n, d) was added at its place."""
    width = np.arange(rows.shape[1])
    return sum_at(rows, places[:, None] * len(width) + width, (count, len(width)))


def sum_at(values, places, shape):
    """Return zeros of ``shape`` to which each value was added at its flat place."""
    total = np.zeros(math.prod(shape), values.dtype)
    # np.add.at is fast in one dimension only, and slow on rows
    np.add.at(total, places.ravel(), values.ravel())
    return total.reshape(shape)


# --- parts and windows along one dimension


def _along(dim, part):
    """Return an index that takes ``part`` in one dimension, as a view."""
    return (*[slice(None)] * dim, part, Ellipsis)


@operation
def narrow(input, dim, start, length):
    """Return ``length`` elements along ``dim`` from ``start`` on, without a copy."""
    along, first = axis(dim, input.ndim), operator.index(start)
    n = input.shape[along] if input.ndim else -1
    first = first + n if first < 0 else first
    if not 0 <= first <= first + length <= n:
        raise ValueError(
            f"narrow: expected a part of dimension {along} of {input.shape}, "
            f"got start {start} and length {length}"
        )
    return _viewed(input, _along(along, slice(first, first + length)))


@operation
def select(input, dim, index):
    """Return the part at ``index`` along ``dim``, which leaves the shape."""
    along = axis(dim, input.ndim)
    return _viewed(input, _along(along, operator.index(index)))


@operation
def unfold(self, dimension, size, step):
    """Return all windows of ``size`` elements along a dimension, ``step`` apart.

    (…, n, …) → (…, (n - size) // step + 1, …, size); windows that overlap share
    elements, so their gradients add up.
    """
    if not self.ndim:  # one window
        return select(unfold(unsqueeze(self, dimension), 0, size, step), 0, 0)
    along, x = axis(dimension, self.ndim), self.data
    if not 0 <= size <= x.shape[along] or step < 1:
        raise ValueError(
            f"unfold: expected a size up to {x.shape[along]} and a step of at least 1, "
            f"got {size} and {step}"
        )
    every = _along(along, slice(None, None, step))
    windows = np.lib.stride_tricks.sliding_window_view(x, size, along)[every]
    span = step * (windows.shape[along] - 1) + 1

    def backward(grad):
        by_x = np.zeros(x.shape, grad.dtype)
        for i in range(size):  # element i of every window
            by_x[_along(along, slice(i, i + span, step))] += grad[..., i]
        return (by_x,)

    return Tensor._result(windows, (self,), backward)


# --- the other way round


@operation
def flip(input, dims, *more):
    """Reverse the order of the elements along ``dims``."""
    along = chosen(listed((dims, *more)), input.ndim)

    def backward(grad):
        return (np.flip(grad, along),)

    return Tensor._result(np.flip(input.data, along).copy(), (input,), backward)


@operation
def fliplr(input):
    """Reverse the columns, dimension 1."""
    return flip(input, (1,))


@operation
def flipud(input):
    """Reverse the rows, dimension 0."""
    if not input.ndim:
        raise IndexError("flipud: expected at least 1 dimension, got shape ()")
    return flip(input, (0,))


@operation
def roll(input, shifts, dims=None):
    """Shift the elements along ``dims``; those pushed out at the end return in front.

    Without ``dims`` all elements count as one row.
    """
    shifts = shifts if isinstance(shifts, (tuple, list)) else (shifts,)
    along = dims if isinstance(dims, (tuple, list)) else (dims,)
    if len(shifts) != len(along):
        raise ValueError(f"roll: expected one shift for each of {dims}, got {shifts}")
    along = None if dims is None else tuple([axis(d, input.ndim) for d in along])
    back = tuple([-n for n in shifts])

    def backward(grad):
        return (np.roll(grad, back, along),)

    return Tensor._result(np.roll(input.data, shifts, along), (input,), backward)


@operation
def rot90(input, k=1, dims=(0, 1)):
    """Turn by k · 90° in the plane of two dimensions, from the first to the second."""
    plane = axes(dims, input.ndim)
    if len(plane) != 2:
        raise ValueError(f"rot90: expected two dimensions, got {dims}")

    def backward(grad):
        return (np.rot90(grad, -k, plane),)

    return Tensor._result(np.rot90(input.data, k, plane).copy(), (input,), backward)
