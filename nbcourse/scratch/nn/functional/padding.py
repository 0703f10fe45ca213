"""Elements picked along dimensions: padding, and resizing by the nearest neighbour."""

import math
import operator

import numpy as np

from ...tensor import Tensor
from ...tensor.arguments import not_built, operation

__all__ = ["interpolate", "pad"]


@operation
def pad(input, pad, mode="constant", value=None):
    """Put elements before and after those that are there.

    Raises ValueError for more padding than the mode can fill, TypeError for what is not
    integers.

    Parameters
    ----------
    input : Tensor
        Of any shape for "constant"; else (C, L), (C, H, W) or (C, D, H, W), or one of
        these with a dimension N in front, for one, two or three padded dimensions.
    pad : sequence of int
        (before, after) of the last dimension, then of the one before it, and so on. A
        negative number takes elements away.
    mode : str
        "constant" puts ``value`` (0 if None) there; "reflect" mirrors the input without
        its edge, "replicate" repeats the edge, "circular" goes on at the other end.
    """
    pairs = _pairs(input, pad)
    if mode == "constant":
        return _constant(input, pairs, 0 if value is None else value)
    count = len(pad) // 2
    _check_mode(input, pairs, count, mode, value)
    for axis in range(input.ndim - count, input.ndim):
        wanted = SOURCES[mode](input.shape[axis], *pairs[axis])
        input = _picked(input, axis, wanted)
    return input


@operation
def interpolate(
    input,
    size=None,
    scale_factor=None,
    mode="nearest",
    align_corners=None,
    recompute_scale_factor=None,
    antialias=False,
):
    """Resize signals or images: (N, C, …) → (N, C, *size).

    Each element of the result is the one at ⌊i · scale⌋ in the input.

    Only mode "nearest" is built. Raises ValueError for sizes that do not fit and for
    ``align_corners`` or ``antialias``, which belong to other modes.

    Parameters
    ----------
    input : Tensor
        Of three to five dimensions.
    size : int or sequence of int
        The new size; or else
    scale_factor : float or sequence of float
        by how much larger it is. The scale above is its reciprocal or, given ``size``
        or ``recompute_scale_factor``, the quotient of the sizes.
    """
    if mode != "nearest":
        not_built("interpolate", mode=mode)
    if align_corners is not None or antialias:
        raise ValueError(
            "interpolate: expected align_corners=None and antialias=False for mode "
            f"'nearest', got {align_corners} and {antialias}"
        )
    sizes, scales = _resized(input, size, scale_factor, recompute_scale_factor)
    for axis, (n, scale) in enumerate(zip(sizes, scales, strict=True), 2):
        wanted = np.arange(n, dtype=np.float32) * np.float32(scale)  # rounded as torch
        wanted = np.minimum(wanted.astype(np.int64), input.shape[axis] - 1)
        input = _picked(input, axis, wanted)
    return input


def _constant(input, pairs, value):
    """Return the input with ``value`` around it."""
    x = input.data
    shape = [n + sum(pair) for n, pair in zip(x.shape, pairs, strict=True)]
    kept, inside = [], []  # slices of the input, and where they go in the result
    for n, m, (before, after) in zip(x.shape, shape, pairs, strict=True):
        kept.append(slice(max(-before, 0), n - max(-after, 0)))
        inside.append(slice(max(before, 0), m - max(after, 0)))
    kept, inside = tuple(kept), tuple(inside)

    def backward(grad):
        by_x = np.zeros_like(x)
        by_x[kept] = grad[inside]
        return (by_x,)

    y = np.full_like(x, value, shape=shape)
    y[inside] = x[kept]
    return Tensor._result(y, (input,), backward)


def _picked(input, axis, wanted):
    """Return the elements ``wanted``, integers, along one axis; some more than once."""
    x = input.data

    def backward(grad):
        by_x = np.zeros_like(x)
        of_x, of_y = np.moveaxis(by_x, axis, 0), np.moveaxis(grad, axis, 0)
        for source, part in zip(wanted, of_y, strict=True):
            of_x[source] += part
        return (by_x,)

    return Tensor._result(np.take(x, wanted, axis), (input,), backward)


def _reflected(n, before, after):
    """2 1 | 0 1 2 3 | 2 1."""
    last = n - 1
    return last - np.abs(last - np.abs(np.arange(-before, n + after)))


def _replicated(n, before, after):
    """0 0 | 0 1 2 3 | 3 3."""
    return np.clip(np.arange(-before, n + after), 0, n - 1)


def _circular(n, before, after):
    """2 3 | 0 1 2 3 | 0 1; what is taken away does not come back at the other end."""
    first, last = max(-before, 0), n + min(after, 0)
    around = np.arange(-max(before, 0), last - first + max(after, 0))
    return first + around % max(last - first, 1)


SOURCES = {"reflect": _reflected, "replicate": _replicated, "circular": _circular}


def _pairs(input, pad):
    """Return (before, after) for every dimension of ``input``, in order."""
    whole = isinstance(pad, (tuple, list))
    if not whole or not all(hasattr(i, "__index__") for i in pad):
        raise TypeError(f"pad: expected a sequence of integers, got {pad!r}")
    if len(pad) % 2 or len(pad) > 2 * input.ndim:
        raise ValueError(
            "pad: expected two numbers for each of the last dimensions of shape "
            f"{input.shape}, got {pad!r}"
        )
    given = [operator.index(i) for i in pad]
    pairs = list(zip(given[::2], given[1::2], strict=True))[::-1]
    pairs = [(0, 0)] * (input.ndim - len(pairs)) + pairs
    for n, (before, after) in zip(input.shape, pairs, strict=True):
        if n + min(before, 0) + min(after, 0) < 0:
            raise ValueError(
                f"pad: expected to take away at most all of shape {input.shape}, "
                f"got {pad!r}"
            )
    return pairs


def _check_mode(input, pairs, count, mode, value):
    """Raise unless ``mode`` can pad ``count`` dimensions of this input by so much."""
    if mode not in SOURCES:
        raise ValueError(
            "pad: expected mode 'constant', 'reflect', 'replicate' or 'circular', "
            f"got {mode!r}"
        )
    if value not in (None, 0):
        raise ValueError(f"pad: expected no value for mode {mode!r}, got {value!r}")
    if count not in (1, 2, 3) or input.ndim - count not in (1, 2):
        raise ValueError(
            f"pad: expected mode {mode!r} to pad all dimensions of the input but one "
            f"or two, at most three; got pairs for {count} of shape {input.shape}"
        )
    if 0 in input.shape[input.ndim - count - 1 :]:
        raise ValueError(f"pad: expected something to repeat, got {input.shape}")
    for n, pair in zip(input.shape[-count:], pairs[-count:], strict=True):
        most = {"reflect": n - 1, "circular": n}.get(mode, max(pair))
        if max(pair) > most or n + sum(pair) < (mode != "circular"):
            raise ValueError(
                f"pad: expected mode {mode!r} to leave something of {n} elements and "
                f"to add at most {most}, got {pair} for shape {input.shape}"
            )


def _resized(input, size, factor, recompute):
    """Return the new size, and the old one divided by it, for each dimension."""
    old = input.shape[2:]
    if not 1 <= len(old) <= 3 or (size is None) == (factor is None):
        raise ValueError(
            "interpolate: expected input (N, C, …) of 3 to 5 dimensions and either "
            f"size or scale_factor, got {input.shape}, {size!r} and {factor!r}"
        )
    given = factor if size is None else size
    given = given if isinstance(given, (tuple, list)) else (given,) * len(old)
    if len(given) != len(old):
        raise ValueError(
            f"interpolate: expected one number or {len(old)}, got {given!r}"
        )
    if size is None:
        new = [math.floor(n * f) for n, f in zip(old, given, strict=True)]
    else:
        new = [operator.index(n) for n in given]
    if min(*old, *new) < 1:
        raise ValueError(
            f"interpolate: expected sizes of at least 1, got {old} and {tuple(new)}"
        )
    if size is None and not recompute:
        return new, [1 / f for f in given]
    return new, [n / m for n, m in zip(old, new, strict=True)]
