"""Pooling: every window of a signal or an image becomes one number, channel by channel.

Where windows are alike, all their first elements are one slice of the image, all second
elements another; a pooling takes these slices together two at a time, which is much
faster than a maximum or a mean window by window.
"""

import math

import numpy as np

from ...tensor import Tensor, squeeze, unsqueeze
from ...tensor.arguments import operation
from .folding import Windows, integers

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
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

    Returns (N, C, H', W') or (C, H', W'), or a pair of these. Raises ValueError for
    sizes that do not fit.
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


@operation
def adaptive_avg_pool1d(input, output_size):
    """Return the means of ``output_size`` windows; see `adaptive_avg_pool2d`."""
    return _adaptive_avg_pool("adaptive_avg_pool1d", 1, input, output_size)


@operation
def adaptive_avg_pool2d(input, output_size):
    """Return the means of as many windows as wanted: (…, H, W) → (…, *output_size).

    Window i of m starts at ⌊i·H / m⌋ and ends before ⌈(i + 1)·H / m⌉. ``output_size``
    is an integer or two; None stands for the size of the input.
    """
    return _adaptive_avg_pool("adaptive_avg_pool2d", 2, input, output_size)


@operation
def adaptive_max_pool1d(input, output_size, return_indices=False):
    """Return the largest elements of ``output_size`` windows of a signal.

    See `adaptive_avg_pool2d` and, for ``return_indices``, `max_pool2d`.
    """
    size = _adaptive_size("adaptive_max_pool1d", 1, input, output_size)
    image = unsqueeze(input, -2)  # of one row
    found = adaptive_max_pool2d(image, (1, *size), return_indices)
    if not return_indices:
        return squeeze(found, -2)
    return tuple(squeeze(part, -2) for part in found)


@operation
def adaptive_max_pool2d(input, output_size, return_indices=False):
    """Return the largest elements of as many windows as wanted.

    See `adaptive_avg_pool2d` and, for ``return_indices``, `max_pool2d`.
    """
    size = _adaptive_size("adaptive_max_pool2d", 2, input, output_size)
    shape, (*lead, height, width) = (*input.shape[:-2], *size), input.shape
    rows, columns = _elements(height, size[0]), _elements(width, size[1])
    pixels = rows[:, None, :, None] * width + columns[:, None, :]  # (H', W', kH, kW)
    pixels = pixels.reshape(*size, rows.shape[1] * columns.shape[1])  # (H', W', k)
    planes = input.data.reshape(math.prod(lead), height * width)
    winner = _largest(planes[:, pixels])[..., None]  # (planes, H', W', 1)
    indices = np.take_along_axis(pixels[None], winner, -1)[..., 0]  # (planes, H', W')
    plane = np.arange(len(planes))[:, None, None]

    def backward(grad):
        by_x = np.zeros((math.prod(lead), height * width), grad.dtype)
        np.add.at(by_x, (plane, indices), grad.reshape(indices.shape))
        return (by_x.reshape(*lead, height, width),)

    y = planes[plane, indices].reshape(shape)
    result = Tensor._result(y, (input,), backward)
    return (result, Tensor(indices.reshape(shape))) if return_indices else result


def _max_pool(function, dims, input, settings, return_indices):
    """Return the largest element of every window over the last ``dims`` dimensions."""
    lie = _windows(function, dims, input, *settings)
    lowest = -np.inf if input.dtype.kind == "f" else np.iinfo(input.dtype).min
    x = lie.padded(input.data, lowest)
    best, winner = None, _first_inside(lie)
    for k, (_, pixels) in enumerate(lie.places()):
        here = x[..., *pixels].copy("K")  # gaps closed: all that follows is faster
        if best is None:
            best, winner = here, np.full_like(here, winner, winner.dtype)
            continue
        better = (here > best) | (here != here)  # NaN wins, the last one
        np.maximum(best, here, out=best)
        np.maximum(winner, better * winner.dtype.type(k), out=winner)

    def backward(grad):
        by_y = np.empty_like(winner, grad.dtype)
        by_y[...] = grad  # now in the same order in memory as the images
        shape = *grad.shape[:-dims], *lie.padded_size
        by_x = np.zeros_like(by_y, shape=shape)
        apart = _apart(lie)
        for k, (_, pixels) in enumerate(lie.places()):
            part = by_y * (winner == k)
            if apart:
                by_x[..., *pixels] = part  # twice as fast as an addition
            else:
                by_x[..., *pixels] += part
        return (by_x[..., *lie.inside],)

    result = Tensor._result(best, (input,), backward)
    return (result, _indices(winner, lie)) if return_indices else result


def _apart(lie):
    """Return whether no element lies in two windows."""
    return all(
        s > d * (k - 1)
        for k, s, d in zip(lie.kernel, lie.stride, lie.dilation, strict=True)
    )


def _starts(lie):
    """Return where windows start in each dimension, negative in the padding."""
    return [
        np.arange(n) * s - before
        for n, s, (before, _) in zip(lie.out, lie.stride, lie.padding, strict=True)
    ]


def _first_inside(lie):
    """Return the number of each window's first element that is not padding, (*out)."""
    number = np.zeros((), np.int64)
    for start, k, d in zip(_starts(lie), lie.kernel, lie.dilation, strict=True):
        skipped = np.clip(-(start // d), 0, k - 1)  # elements before the image
        number = number[..., None] * k + skipped
    return number.astype(np.min_scalar_type(math.prod(lie.kernel)))


def _indices(winner, lie):
    """Return where in its plane each winner stands, from its number in the window."""
    index = 0
    places = np.unravel_index(winner, lie.kernel)
    starts = np.meshgrid(*_starts(lie), indexing="ij")  # (*out) each
    for n, start, d, place in zip(lie.size, starts, lie.dilation, places, strict=True):
        index = index * n + start + d * place
    return Tensor(index)


def _avg_pool(function, dims, input, settings, count_include_pad, divisor):
    """Return the mean of every window over the last ``dims`` dimensions."""
    lie = _windows(function, dims, input, *settings)
    if divisor is None:
        divisor = _counts(lie, count_include_pad)
    elif divisor == 0:
        raise ValueError(f"{function}: expected divisor_override other than 0, got 0")
    divisor = np.asarray(divisor, input.dtype)
    x = lie.padded(input.data)
    total = np.zeros_like(x, shape=(*x.shape[:-dims], *lie.out))
    for _, pixels in lie.places():
        total += x[..., *pixels]
    one = np.empty_like(x[:1])  # for its order in memory

    def backward(grad):
        part = np.empty_like(one, shape=grad.shape)
        np.divide(grad, divisor, out=part)
        by_x = np.zeros_like(one, shape=(*grad.shape[:-dims], *lie.padded_size))
        for _, pixels in lie.places():
            by_x[..., *pixels] += part
        return (by_x[..., *lie.inside],)

    y = (total / divisor).astype(input.dtype, copy=False)  # of integers: cut
    return Tensor._result(y, (input,), backward)


def _counts(lie, count_include_pad):
    """Return how many elements each mean divides by, (*out).

    What a window of ``ceil_mode`` has beyond the padding never counts.
    """
    count = np.ones((), np.int64)
    every = zip(_starts(lie), lie.size, lie.kernel, lie.padding, strict=True)
    for start, n, k, (before, _) in every:
        end = np.minimum(start + k, n + before)  # as much padding below as above
        if not count_include_pad:
            start, end = np.maximum(start, 0), np.minimum(end, n)
        count = count[..., None] * (end - start)
    return count


def _windows(function, dims, input, kernel_size, stride, padding, dilation, ceil_mode):
    """Return where windows lie; raise unless the arguments fit.

    The padding behind the image is what the last window needs.
    """
    _check_image(function, dims, input)
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
    size, out, pairs = input.shape[-dims:], [], []
    for n, k, s, p, d in zip(size, kernel, stride, padding, dilation, strict=True):
        reach = d * (k - 1) + 1
        count = (n + 2 * p - reach + (s - 1) * bool(ceil_mode)) // s + 1
        count -= ceil_mode and (count - 1) * s >= n + p  # it would start behind the end
        out.append(count)
        pairs.append((p, max(0, (count - 1) * s + reach - n - p)))
    if min(out) < 1:
        raise ValueError(
            f"{function}: expected an image at least as large as the window {kernel} "
            f"with dilation {dilation}, got {size} with padding {padding}"
        )
    return Windows(size, kernel, stride, tuple(pairs), dilation, tuple(out))


def _check_image(function, dims, input):
    size = "L" if dims == 1 else "H, W"
    if input.ndim - dims not in (1, 2) or 0 in input.shape[-dims - 1 :]:
        raise ValueError(
            f"{function}: expected input (N, C, {size}) or (C, {size}) with elements, "
            f"got {input.shape}"
        )
    if input.dtype.kind == "b":
        raise TypeError(f"{function}: expected numbers, got {input.dtype}")


def _adaptive_avg_pool(function, dims, input, output_size):
    """Return means over windows of one dimension after the other."""
    size = _adaptive_size(function, dims, input, output_size)
    for axis in range(-dims, 0):
        input = _adaptive_mean(input, axis, size[axis])
    return input


def _adaptive_mean(input, axis, n):
    """Return the means over n windows along ``axis``, from the end."""
    spans = list(zip(*_adaptive_spans(input.shape[axis], n), strict=True))
    x = np.moveaxis(input.data, axis, 0)
    y = np.empty_like(x, shape=(n, *x.shape[1:]))
    for i, (start, end) in enumerate(spans):
        y[i] = x[start:end].mean(0)
    shape = x.shape

    def backward(grad):
        grad = np.moveaxis(grad, axis, 0)
        by_x = np.zeros_like(grad, shape=shape)
        for i, (start, end) in enumerate(spans):
            by_x[start:end] += grad[i] / (end - start)
        return (np.moveaxis(by_x, 0, axis),)

    return Tensor._result(np.moveaxis(y, 0, axis), (input,), backward)


def _adaptive_spans(size, n):
    """Return where n windows that cover ``size`` elements start and end, (n) each."""
    i = np.arange(n)
    return i * size // n, -(-(i + 1) * size // n)


def _elements(size, n):
    """Return the elements of n windows, (n, longest); the last one fills up a row."""
    starts, ends = _adaptive_spans(size, n)
    longest = np.max(ends - starts, initial=1)
    return np.minimum(starts[:, None] + np.arange(longest), ends[:, None] - 1)


def _largest(windows):
    """Return where the first largest element is, or the last NaN: (…, k) → (…)."""
    nan = np.isnan(windows)
    last_nan = windows.shape[-1] - 1 - nan[..., ::-1].argmax(-1)
    return np.where(nan.any(-1), last_nan, windows.argmax(-1))


def _adaptive_size(function, dims, input, output_size):
    """Return how many windows are wanted in each dimension, with None filled in."""
    _check_image(function, dims, input)
    if input.dtype.kind != "f":
        raise TypeError(
            f"{function}: expected a floating-point dtype, got {input.dtype}"
        )
    if dims == 2:
        several = isinstance(output_size, (tuple, list))
        pair = output_size if several else (output_size, output_size)
        pairs = zip(input.shape[-2:], pair, strict=False)
        output_size = [n if m is None else m for n, m in pairs]
    return integers(function, dims, 0, output_size=output_size)
