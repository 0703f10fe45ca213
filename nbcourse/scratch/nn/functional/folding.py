"""Windows of an image laid out as columns, and columns put back.

`Windows` knows where the windows of a convolution, a pooling or an unfolding lie.
"""

import math
import operator
from typing import NamedTuple

import numpy as np

from ...tensor import Tensor, squeeze, unsqueeze
from ...tensor.arguments import operation

__all__ = ["fold", "unfold"]


@operation
def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    """Copy every window to a column: (N, C, H, W) → (N, C·kH·kW, windows).

    (C, H, W) gives one matrix. Each argument after the input is an integer or two; see
    `conv2d`, which is a product of its weights with these columns. Raises ValueError
    where no window fits.
    """
    if input.ndim == 3:
        columns = unfold(unsqueeze(input, 0), kernel_size, dilation, padding, stride)
        return squeeze(columns, 0)
    _check_image(input)
    size, channels = input.shape[2:], input.shape[1]
    windows = _windows_of("unfold", size, kernel_size, dilation, padding, stride)

    def backward(grad):
        return (_put_back(grad, channels, windows),)

    return Tensor._result(_taken_out(input.data, windows), (input,), backward)


@operation
def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """Add columns up in the image that `unfold` would have taken them from.

    (N, C·kH·kW, windows) → (N, C, *output_size); without N → (C, *output_size). Raises
    ValueError where the numbers do not fit.
    """
    if input.ndim == 2:
        one = unsqueeze(input, 0)
        image = fold(one, output_size, kernel_size, dilation, padding, stride)
        return squeeze(image, 0)
    size = integers("fold", 2, 1, output_size=output_size)
    windows = _windows_of("fold", size, kernel_size, dilation, padding, stride)
    _check_columns(input, windows)
    channels = input.shape[1] // math.prod(windows.kernel)

    def backward(grad):
        return (_taken_out(grad, windows),)

    return Tensor._result(_put_back(input.data, channels, windows), (input,), backward)


def _taken_out(x, windows):
    """Copy windows to columns: (N, C, H, W) → (N, C·kH·kW, windows)."""
    view = windows.view(np.moveaxis(windows.padded(x), 1, -1))  # (N, oH, oW, kH, kW, C)
    columns = view.transpose(0, 5, 3, 4, 1, 2)
    shape = len(x), x.shape[1] * math.prod(windows.kernel), math.prod(windows.out)
    return columns.reshape(shape)


def _put_back(columns, channels, windows):
    """Add columns up in an image: (N, C·kH·kW, windows) → (N, C, H, W)."""
    x = np.zeros((len(columns), channels, *windows.padded_size), columns.dtype)
    columns = columns.reshape(len(x), channels, *windows.kernel, *windows.out)
    for (i, j), pixels in windows.places():
        x[:, :, *pixels] += columns[:, :, i, j]
    return x[:, :, *windows.inside]


class Windows(NamedTuple):
    """Where windows lie: for each dimension an integer, or of padding a pair."""

    size: tuple  # of the image
    kernel: tuple  # of a window
    stride: tuple  # from window to window
    padding: tuple  # (before, after) the image
    dilation: tuple  # from neighbour to neighbour in a window
    out: tuple  # how many windows

    @property
    def padded_size(self):
        """The size of the image with its padding."""
        return tuple(
            n + sum(pair) for n, pair in zip(self.size, self.padding, strict=True)
        )

    @property
    def inside(self):
        """Where in the padded image the image is, slices."""
        return tuple(
            slice(before, before + n)
            for n, (before, _) in zip(self.size, self.padding, strict=True)
        )

    def padded(self, x, value=0):
        """Return images with their padding: (…, *size) → (…, *padded_size)."""
        if not any(map(any, self.padding)):
            return x
        lead = x.shape[: x.ndim - len(self.size)]
        result = np.full_like(x, value, shape=(*lead, *self.padded_size))
        result[..., *self.inside] = x
        return result

    def view(self, x):
        """Show all windows: (N, *padded_size, C) → (N, *out, *kernel, C).

        An element is seen once for each window that it lies in; nothing is copied.
        """
        axes = tuple(range(1, 1 + len(self.size)))
        pairs = zip(self.kernel, self.dilation, strict=True)
        reach = [d * (k - 1) + 1 for k, d in pairs]
        view = np.lib.stride_tricks.sliding_window_view(x, reach, axes)
        pairs = zip(self.out, self.stride, strict=True)
        every = [slice(0, n * s, s) for n, s in pairs]
        within = [slice(None, None, d) for d in self.dilation]
        view = view[:, *every, :, *within]  # (N, *out, C, *kernel)
        return np.moveaxis(view, len(axes) + 1, -1)

    def turned(self):
        """Return the windows of outputs that each pixel takes part in.

        They are alike where there is one for each step of 1; otherwise return None.
        """
        reach = [d * (k - 1) for k, d in zip(self.kernel, self.dilation, strict=True)]
        pairs = tuple(
            (r - before, n - m + before)
            for r, (before, _), n, m in zip(
                reach, self.padding, self.size, self.out, strict=True
            )
        )
        if set(self.stride) != {1} or min(min(pair) for pair in pairs) < 0:
            return None
        return self._replace(size=self.out, padding=pairs, out=self.size)

    def places(self):
        """Yield each place in a window with the pixels that lie there, in all windows.

        A place is an index into the window; the pixels are slices of the padded image.
        """
        for place in np.ndindex(*self.kernel):
            lies = zip(place, self.out, self.stride, self.dilation, strict=True)
            yield place, tuple(slice(p * d, p * d + n * s, s) for p, n, s, d in lies)


def window_count(size, kernel, stride, dilation):
    """Return how many windows lie side by side: (size - reach) // stride + 1.

    One that reaches beyond the end does not count. There may be none, or less.
    """
    return tuple(
        (n - (d * (k - 1) + 1)) // s + 1
        for n, k, s, d in zip(size, kernel, stride, dilation, strict=True)
    )


def integers(function, n, least, **argument):
    """Return an argument that is an integer, or n of them, as a tuple of n integers.

    Raises TypeError for anything else and ValueError for one below ``least``.
    """
    ((name, given),) = argument.items()
    several = given if isinstance(given, (tuple, list)) else (given,)
    several = several * n if len(several) == 1 else several
    whole = all(hasattr(i, "__index__") and not isinstance(i, bool) for i in several)
    if len(several) != n or not whole:
        expected = "an integer" if n == 1 else f"an integer or {n} of them"
        raise TypeError(f"{function}: expected {name} to be {expected}, got {given!r}")
    if min(several) < least:
        raise ValueError(
            f"{function}: expected {name} of at least {least}, got {given!r}"
        )
    return tuple(operator.index(i) for i in several)


def check_pooled(function, dims, input):
    """Raise unless the input is numbers in signals or images that have elements."""
    size = "L" if dims == 1 else "H, W"
    if input.ndim - dims not in (1, 2) or 0 in input.shape[-dims - 1 :]:
        raise ValueError(
            f"{function}: expected input (N, C, {size}) or (C, {size}) with elements, "
            f"got {input.shape}"
        )
    if input.dtype.kind == "b":
        raise TypeError(f"{function}: expected numbers, got {input.dtype}")


def _windows_of(function, size, kernel_size, dilation, padding, stride):
    """Return the windows in an image of two dimensions; raise unless one fits."""
    kernel = integers(function, 2, 1, kernel_size=kernel_size)
    dilation = integers(function, 2, 1, dilation=dilation)
    padding = integers(function, 2, 0, padding=padding)
    stride = integers(function, 2, 1, stride=stride)
    padded = [n + 2 * p for n, p in zip(size, padding, strict=True)]
    out = window_count(padded, kernel, stride, dilation)
    if min(out) < 1:
        raise ValueError(
            f"{function}: expected an image at least as large as the window {kernel} "
            f"with dilation {dilation}, got {size} with padding {padding}"
        )
    pairs = tuple((p, p) for p in padding)
    return Windows(size, kernel, stride, pairs, dilation, out)


def _check_image(input):
    if input.ndim != 4 or 0 in input.shape[1:]:
        raise ValueError(
            "unfold: expected an image (N, C, H, W) or (C, H, W) with elements, "
            f"got {input.shape}"
        )
    _check_dtype("unfold", input)


def _check_columns(input, windows):
    """Raise unless the columns are as long and as many as the windows."""
    length, count = math.prod(windows.kernel), math.prod(windows.out)
    channels, rest = divmod(input.shape[1], length) if input.ndim == 3 else (0, 0)
    if not channels or rest or input.shape[2] != count:
        raise ValueError(
            f"fold: expected input (N, C·{length}, {count}) or (C·{length}, {count}), "
            f"got {input.shape}"
        )
    _check_dtype("fold", input)


def _check_dtype(function, input):
    if input.dtype.kind not in "fb":
        raise TypeError(
            f"{function}: expected a floating-point dtype, got {input.dtype}"
        )
