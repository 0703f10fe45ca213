"""Pooling: every window of a signal or an image becomes one number, channel by channel.

Where windows are alike, all their first elements are one slice of the image, all second
elements another; a pooling takes these slices together two at a time, which is much
faster than a maximum or a mean window by window.
"""

import math

import numpy as np

from ...tensor import Tensor
from ...tensor.arguments import operation
from ...tensor.limits import chosen
from .folding import Windows, check_pooled, integers

__all__ = [
    "avg_pool1d",
    "avg_pool2d",
    "max_pool1d",
    "max_pool2d",
]


@operation
def max_pool1d(
    input,
    kernel_size,
    stride=None,
    padding=0,
    dilation=1,
    ceil_mode=False,
    return_indices=False,
):
    """Return the largest element of every window of a signal; see `max_pool2d`.

    (N, C, L) or (C, L) → (N, C, L') or (C, L').
    """
    settings = kernel_size, stride, padding, dilation, ceil_mode
    return _max_pool("max_pool1d", 1, input, settings, return_indices)


@operation
def max_pool2d(
    input,
    kernel_size,
    stride=None,
    padding=0,
    dilation=1,
    ceil_mode=False,
    return_indices=False,
):
    """Return the largest element of every window of an image.

    Of equal ones the first counts: the gradient goes there.

    Returns (N, C, H', W') or (C, H', W'), or a pair of these. Raises ValueError for
    sizes that do not fit.

    Parameters
    ----------
    input : Tensor
        (N, C, H, W) or (C, H, W).
    kernel_size, stride, padding, dilation : int or (int, int)
        As in `conv2d`, but ``stride`` is ``kernel_size`` if None, and padding, at most
        half of the kernel, is never the largest.
    ceil_mode : bool
        Whether a window may reach beyond the end if it starts before it.
    return_indices : bool
        Whether to return also where the elements stand in their plane, row after row.
    """
    settings = kernel_size, stride, padding, dilation, ceil_mode
    return _max_pool("max_pool2d", 2, input, settings, return_indices)


@operation
def avg_pool1d(
    input,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
):
    """Return the mean of every window of a signal; see `avg_pool2d`.

    (N, C, L) or (C, L) → (N, C, L') or (C, L').
    """
    settings = kernel_size, stride, padding, 1, ceil_mode
    return _avg_pool("avg_pool1d", 1, input, settings, count_include_pad, None)


@operation
def avg_pool2d(
    input,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
):
    """Return the mean of every window of an image.

    (N, C, H, W) or (C, H, W) → (N, C, H', W') or (C, H', W'). The arguments are those
    of `max_pool2d`. A mean divides by the number of elements, with the zeros of the
    padding or, unless ``count_include_pad``, without; or by ``divisor_override``.
    Raises ValueError for sizes that do not fit and a divisor of 0.
    """
    settings = kernel_size, stride, padding, 1, ceil_mode
    return _avg_pool(
        "avg_pool2d", 2, input, settings, count_include_pad, divisor_override
    )


def _max_pool(function, dims, input, settings, return_indices):
    """Return the largest element of every window over the last ``dims`` dimensions."""
    windows = _windows_of(function, dims, input, *settings)
    best, winner = _largest(input.data, windows)

    def backward(grad):
        by_y = np.empty_like(winner, grad.dtype)
        by_y[...] = grad  # now in the same order in memory as the images
        shape = *grad.shape[:-dims], *windows.padded_size
        by_x = np.zeros_like(by_y, shape=shape)
        apart = _apart(windows)
        for k, (_, pixels) in enumerate(windows.places()):
            part = chosen(winner == k, by_y)
            if apart:
                by_x[..., *pixels] = part  # twice as fast as an addition
            else:
                by_x[..., *pixels] += part
        return (by_x[..., *windows.inside],)

    result = Tensor._result(best, (input,), backward)
    return (result, _indices(winner, windows)) if return_indices else result


def _largest(x, windows):
    """Return each window's largest element and its number in the window.

    Of equal ones it is the first, of NaN the last, as in torch.
    """
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    x = windows.padded(x, lowest)
    best = winner = None
    for k, (_, pixels) in enumerate(windows.places()):
        here = x[..., *pixels].copy("K")  # gaps closed: all that follows is faster
        if best is None:
            best, winner = here, _first_inside(here, windows)
            continue
        better = (here > best) | (here != here)
        np.maximum(best, here, out=best)
        np.maximum(winner, better * winner.dtype.type(k), out=winner)
    return best, winner


def _apart(windows):
    """Return whether no element lies in two windows."""
    return all(
        s > d * (k - 1)
        for k, s, d in zip(
            windows.kernel, windows.stride, windows.dilation, strict=True
        )
    )


def _starts(windows):
    """Return where windows start in each dimension, negative in the padding."""
    return [
        np.arange(n) * s - before
        for n, s, (before, _) in zip(
            windows.out, windows.stride, windows.padding, strict=True
        )
    ]


def _first_inside(y, windows):
    """Return the number of each window's first element that is not padding, like y."""
    result = np.zeros_like(y, np.min_scalar_type(math.prod(windows.kernel)))
    if any(before for before, _ in windows.padding):
        number = np.zeros((), np.int64)
        for start, k, d in zip(
            _starts(windows), windows.kernel, windows.dilation, strict=True
        ):
            skipped = np.clip(-(start // d), 0, k - 1)  # elements before the image
            number = number[..., None] * k + skipped
        result[...] = number
    return result


def _indices(winner, windows):
    """Return where in its plane each winner stands, from its number in the window."""
    index = 0
    places = np.unravel_index(winner, windows.kernel)
    starts = np.meshgrid(*_starts(windows), indexing="ij")  # (*out) each
    for n, start, d, place in zip(
        windows.size, starts, windows.dilation, places, strict=True
    ):
        index = index * n + start + d * place
    return Tensor(index)


def _avg_pool(function, dims, input, settings, count_include_pad, divisor):
    """Return the mean of every window over the last ``dims`` dimensions."""
    windows = _windows_of(function, dims, input, *settings)
    if divisor is None:
        divisor = _counts(windows, count_include_pad)
    elif divisor == 0:
        raise ValueError(f"{function}: expected divisor_override other than 0, got 0")
    divisor = np.asarray(divisor, input.dtype)
    x = windows.padded(input.data)
    total = np.zeros_like(x, shape=(*x.shape[:-dims], *windows.out))
    for _, pixels in windows.places():
        total += x[..., *pixels]
    one = np.empty_like(x[:1])  # for its order in memory

    def backward(grad):
        part = np.empty_like(one, shape=grad.shape)
        np.divide(grad, divisor, out=part)
        by_x = np.zeros_like(one, shape=(*grad.shape[:-dims], *windows.padded_size))
        for _, pixels in windows.places():
            by_x[..., *pixels] += part
        return (by_x[..., *windows.inside],)

    y = (total / divisor).astype(input.dtype, copy=False)  # of integers: cut
    return Tensor._result(y, (input,), backward)


def _counts(windows, count_include_pad):
    """Return how many elements each mean divides by, (*out).

    What a window of ``ceil_mode`` has beyond the padding never counts.
    """
    count = np.ones((), np.int64)
    every = zip(
        _starts(windows), windows.size, windows.kernel, windows.padding, strict=True
    )
    for start, n, k, (before, _) in every:
        end = np.minimum(start + k, n + before)  # as much padding below as above
        if not count_include_pad:
            start, end = np.maximum(start, 0), np.minimum(end, n)
        count = count[..., None] * (end - start)
    return count


def _windows_of(
    function, dims, input, kernel_size, stride, padding, dilation, ceil_mode
):
    """Return where windows lie; raise unless the arguments fit.

    The padding behind the image is what the last window needs.
    """
    check_pooled(function, dims, input)
    kernel = integers(function, dims, 1, kernel_size=kernel_size)
    stride = kernel_size if stride is None else stride
    stride = integers(function, dims, 1, stride=stride)
    padding = integers(function, dims, 0, padding=padding)
    dilation = integers(function, dims, 1, dilation=dilation)
    if any(p > k // 2 for p, k in zip(padding, kernel, strict=True)):
        raise ValueError(
            f"{function}: expected padding of at most half the kernel {kernel}, "
            f"got {padding}"
        )
    size = input.shape[-dims:]
    every = zip(size, kernel, stride, padding, dilation, strict=True)
    found = [_count(*one, ceil_mode) for one in every]
    out = tuple(count for count, _ in found)
    if min(out) < 1:
        raise ValueError(
            f"{function}: expected an image at least as large as the window {kernel} "
            f"with dilation {dilation}, got {size} with padding {padding}"
        )
    pairs = tuple((p, after) for p, (_, after) in zip(padding, found, strict=True))
    return Windows(size, kernel, stride, pairs, dilation, out)


def _count(n, k, s, p, d, ceil_mode):
    """Return how many windows there are in one dimension, and the padding behind."""
    reach = d * (k - 1) + 1
    count = (n + 2 * p - reach + (s - 1) * bool(ceil_mode)) // s + 1
    if ceil_mode and (count - 1) * s >= n + p:
        count -= 1  # the last one would start behind the image
    return count, max(0, (count - 1) * s + reach - n - p)
