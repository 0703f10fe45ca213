"""Adaptive pooling: as many windows as wanted, over an image of any size.

They cover the image, differ in size by one at most, and may share their edges.
"""

import math

import numpy as np

from ...tensor import Tensor, squeeze, unsqueeze
from ...tensor.arguments import check_float, operation
from .folding import check_pooled, integers

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
]


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
    check_pooled(function, dims, input)
    check_float(function, input)
    several = isinstance(output_size, (tuple, list))
    pair = output_size if several else (output_size,) * dims
    if dims == len(pair) == 2:
        pairs = zip(input.shape[-2:], pair, strict=True)
        output_size = [n if m is None else m for n, m in pairs]
    return integers(function, dims, 0, output_size=output_size)
