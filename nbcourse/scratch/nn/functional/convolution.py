"""Convolution: a small window of weights moved over a signal or an image.

All windows side by side are one large matrix, and the convolution is its product with
the weights. Inside this file images are channels-last, (N, H, W, C): a pixel's channels
are neighbours in memory, so that windows are copied in long runs. What comes out has
torch's shape, (N, C, H, W), as a view of that, and elementwise operations keep it so.
"""

import math

import numpy as np

from ...tensor import Tensor, squeeze, unsqueeze
from ...tensor.arguments import operation, same_dtype, tensors_only
from .folding import Windows, integers, window_count

__all__ = ["conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d"]

IN_CACHE = 2**18  # numbers that are worked on at a time: 1 MiB in float32


@operation
def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Slide ``weight`` along a signal; for all arguments see `conv2d`.

    (N, C, L) or (C, L), with weights (O, C / groups, k) → (N, O, L') or (O, L').
    """
    settings = stride, padding, dilation
    return _convolution("conv1d", 1, input, weight, bias, groups, *settings)


@operation
def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Slide ``weight`` over an image: each output weighs one window of the input.

    y[n, o, i, j] = b[o] + Σ w[o, c, p, q] · x[n, c, i·stride + p·dilation, …] over c, p
    and q, where x has ``padding`` zeros around it.

    Returns (N, O, H', W'), H' = ⌊(H + 2·padding - dilation·(kH - 1) - 1) / stride⌋ + 1.
    Raises ValueError for shapes that do not fit and TypeError for different dtypes.

    Parameters
    ----------
    input : Tensor
        (N, C, H, W), or (C, H, W) for one image.
    weight : Tensor
        (O, C / groups, kH, kW).
    bias : Tensor, optional
        (O).
    stride, dilation : int or (int, int)
        Steps from window to window, and between neighbours inside a window.
    padding : int, (int, int), "same" or "valid"
        "same" adds what keeps the size, at stride 1; "valid" is 0.
    groups : int
        The channels are dealt to so many convolutions side by side.
    """
    settings = stride, padding, dilation
    return _convolution("conv2d", 2, input, weight, bias, groups, *settings)


@operation
def conv_transpose1d(
    input,
    weight,
    bias=None,
    stride=1,
    padding=0,
    output_padding=0,
    groups=1,
    dilation=1,
):
    """Spread a signal through ``weight``; for all arguments see `conv_transpose2d`.

    (N, C, L) or (C, L), with weights (C, O / groups, k) → (N, O, L') or (O, L').
    """
    settings = stride, padding, output_padding, dilation
    return _transposed("conv_transpose1d", 1, input, weight, bias, groups, *settings)


@operation
def conv_transpose2d(
    input,
    weight,
    bias=None,
    stride=1,
    padding=0,
    output_padding=0,
    groups=1,
    dilation=1,
):
    """Spread each pixel over a window, as `conv2d` does with gradients on the way back.

    With stride 2 an image grows to twice its size (Zeiler et al., 2010).

    Returns (N, O, H', W'), H' = (H - 1)·stride - 2·padding + dilation·(kH - 1) +
    output_padding + 1. Raises as `conv2d` does.

    Parameters
    ----------
    input : Tensor
        (N, C, H, W), or (C, H, W) for one image.
    weight : Tensor
        (C, O / groups, kH, kW): that of a convolution from O channels to C.
    bias : Tensor, optional
        (O).
    padding : int or (int, int)
        That of the convolution: so much is cut off here, on all sides.
    output_padding : int or (int, int)
        Added to the size below and on the right, less than stride or dilation.
    """
    settings = stride, padding, output_padding, dilation
    return _transposed("conv_transpose2d", 2, input, weight, bias, groups, *settings)


def _convolution(function, dims, input, weight, bias, groups, *settings):
    """Return the convolution over the last ``dims`` dimensions."""
    if input.ndim == dims + 1:  # one image, no batch
        more = weight, bias, groups, *settings
        return squeeze(_convolution(function, dims, unsqueeze(input, 0), *more), 0)
    _check(function, dims, input, weight, bias, groups, transposed=False)
    windows = _windows_of(function, input, weight, *settings)
    y = _correlate(input.data, weight.data, bias, groups, windows)

    def backward(grad):
        by_x = by_w = None
        if input.requires_grad:
            by_x = _scatter(grad, weight.data, None, groups, windows)
        if weight.requires_grad:
            by_w = _weight_gradient(input.data, grad, groups, windows)
        return by_x, by_w, *_bias_gradient(bias, grad)

    parents = (input, weight) if bias is None else (input, weight, bias)
    return Tensor._result(y, parents, backward)


def _transposed(function, dims, input, weight, bias, groups, *settings):
    """Return the transposed convolution: there and back have changed places."""
    if input.ndim == dims + 1:
        more = weight, bias, groups, *settings
        return squeeze(_transposed(function, dims, unsqueeze(input, 0), *more), 0)
    _check(function, dims, input, weight, bias, groups, transposed=True)
    windows = _transposed_windows_of(function, input, weight, *settings)
    y = _scatter(input.data, weight.data, bias, groups, windows)

    def backward(grad):
        by_x = by_w = None
        if input.requires_grad:
            by_x = _correlate(grad, weight.data, None, groups, windows)
        if weight.requires_grad:
            by_w = _weight_gradient(grad, input.data, groups, windows)
        return by_x, by_w, *_bias_gradient(bias, grad)

    parents = (input, weight) if bias is None else (input, weight, bias)
    return Tensor._result(y, parents, backward)


# --- the three products, of an image x with windows and y with a number for each


def _correlate(x, w, bias, groups, windows):
    """Weigh every window: x (N, C, *size), w (O, C/groups, *kernel) → (N, O, *out)."""
    matrix = np.moveaxis(w, 1, -1)  # (O, *kernel, C/groups)
    matrix = matrix.reshape(groups, len(w) // groups, -1).swapaxes(1, 2)
    y = np.empty((len(x), *windows.out, len(w)), x.dtype)
    for part, columns in _columns(x, len(w), groups, windows):
        np.matmul(columns, matrix, out=_rows(y[part], groups))
        if bias is not None:
            _add_bias(y[part], bias)  # while these images are in the cache
    return np.moveaxis(y, -1, 1)


def _weight_gradient(x, by_y, groups, windows):
    """Sum over windows: what each weight met, times the gradient of what came of it.

    x (N, C, *size), by_y (N, O, *out) → (O, C/groups, *kernel).
    """
    c, o = x.shape[1] // groups, by_y.shape[1]
    by_y = np.moveaxis(by_y, 1, -1)
    by_w = np.zeros((groups, math.prod(windows.kernel) * c, o // groups), x.dtype)
    for part, columns in _columns(x, o, groups, windows):
        by_w += columns.swapaxes(1, 2) @ _rows(by_y[part], groups)
    return np.moveaxis(by_w.swapaxes(1, 2).reshape(o, *windows.kernel, c), -1, 1)


def _scatter(y, w, bias, groups, windows):
    """Send each y back to its window: (N, O, *out), w (O, C/groups, *kernel) → x.

    As a matrix this is the transpose of `_correlate`. At stride 1 it is a correlation
    too, with the kernel turned by half a circle.
    """
    o, c, *kernel = w.shape
    w = w.reshape(groups, o // groups, c, *kernel)
    turned = windows.turned()
    if turned is not None:
        w = np.flip(w.swapaxes(1, 2), range(3, w.ndim))  # (groups, C/groups, O/groups…
        w = w.reshape(groups * c, o // groups, *kernel)
        return _correlate(y, w, bias, groups, turned)
    return _scatter_in_steps(y, w, bias, groups, windows)


def _scatter_in_steps(y, w, bias, groups, windows):
    """`_scatter` weight by weight, with w (groups, O/groups, C/groups, *kernel).

    All pixels that one weight has met are one slice of the images.
    """
    o, c = y.shape[1], w.shape[2]
    w = np.ascontiguousarray(np.moveaxis(w, (0, 1, 2), (-3, -2, -1)))
    y = np.moveaxis(y, 1, -1)
    x = np.empty((len(y), *windows.size, groups * c), y.dtype)
    for part in _small_batches(len(y), math.prod(windows.out) * max(o, groups * c)):
        rows = _rows(y[part], groups)
        padded = np.zeros((len(y[part]), *windows.padded_size, groups, c), y.dtype)
        by_group = np.moveaxis(padded, -2, 0)  # (groups, n, *padded_size, C/groups)
        for place, pixels in windows.places():
            met = by_group[:, :, *pixels]
            # of one channel a group there is no sum to take
            product = rows * w[place] if o == groups else rows @ w[place]
            met += product.reshape(met.shape)
        x[part] = padded[:, *windows.inside].reshape(x[part].shape)
        if bias is not None:
            _add_bias(x[part], bias)
    return np.moveaxis(x, -1, 1)


def _add_bias(y, bias):
    """Add the bias (O) to images (n, *out, O), a whole row of pixels at a time."""
    row = np.tile(bias.data, y.shape[-2])
    lines = y.reshape(-1, len(row))  # a view: channels are last
    lines += row


def _bias_gradient(bias, grad):
    """Return (the sum over images and pixels,), (N, O, *out) → (O); () without bias."""
    if bias is None or not bias.requires_grad:
        return () if bias is None else (None,)
    rows = np.moveaxis(grad, 1, -1).reshape(-1, grad.shape[1])
    return (np.ones(len(rows), rows.dtype) @ rows,)  # rows.sum(0), but faster


# --- windows become matrices, a few images at a time


def _small_batches(n, numbers):
    """Yield slices of a batch so short that ``numbers`` of each image stay in cache."""
    few = max(1, IN_CACHE // max(1, numbers))
    for start in range(0, n, few):
        yield slice(start, min(start + few, n))


def _columns(x, o, groups, windows):
    """Yield a slice of the batch with its windows, (groups, n·out, kernel·C/groups).

    All windows at once would take as many times the images' memory as a window has
    elements; a few at a time are copied, used and forgotten while they are in cache.
    """
    n, c = x.shape[:2]
    numbers = math.prod(windows.out) * max(math.prod(windows.kernel) * c, o)
    parts = list(_small_batches(n, numbers))
    most = parts[0].stop if parts else 0
    few_channels = c // groups * windows.kernel[-1] < windows.out[-1]
    if few_channels:
        padded = np.zeros((most, c, *windows.padded_size), x.dtype)
    else:
        padded = np.moveaxis(np.zeros((most, *windows.padded_size, c), x.dtype), -1, 1)
    view = windows.view(np.moveaxis(padded, 1, -1))
    for part in parts:
        images = x[part]
        padded[: len(images), :, *windows.inside] = images
        yield part, _matrices(view[: len(images)], groups, few_channels)


def _matrices(view, groups, few_channels):
    """Copy windows (n, *out, *kernel, C) to matrices (groups, n·out, kernel·C/groups).

    Long runs are copied fastest: a row of the window with its channels or, where
    channels are few, the same element of a row of windows.
    """
    dims, c = view.ndim // 2 - 1, view.shape[-1] // groups
    view = view.reshape(*view.shape[:-1], groups, c)
    window, element = range(1 + dims), range(1 + dims, 1 + 2 * dims)
    group, channel = 1 + 2 * dims, 2 + 2 * dims
    rows = math.prod(view.shape[i] for i in window)
    columns = math.prod(view.shape[i] for i in element) * c
    if few_channels:
        matrices = view.transpose(group, *element, channel, *window)
        return matrices.reshape(groups, columns, rows).swapaxes(1, 2)
    matrices = view.transpose(group, *window, *element, channel)
    return matrices.reshape(groups, rows, columns)


def _rows(y, groups):
    """(n, *out, O) → (groups, n·out, O/groups), a view where channels are last."""
    return y.reshape(-1, groups, y.shape[-1] // groups).swapaxes(0, 1)


# --- the arguments


def _windows_of(function, input, weight, stride, padding, dilation):
    """Return where the windows of a convolution lie; raise unless one fits."""
    size, kernel = input.shape[2:], weight.shape[2:]
    stride = integers(function, len(kernel), 1, stride=stride)
    dilation = integers(function, len(kernel), 1, dilation=dilation)
    if isinstance(padding, str):
        pairs = named_padding(function, padding, kernel, stride, dilation)
    else:
        amounts = integers(function, len(kernel), 0, padding=padding)
        pairs = tuple((p, p) for p in amounts)
    padded = [n + sum(pair) for n, pair in zip(size, pairs, strict=True)]
    out = window_count(padded, kernel, stride, dilation)
    if 0 in size or 0 in kernel or min(out) < 1:
        raise ValueError(
            f"{function}: expected an image at least as large as the window {kernel} "
            f"with dilation {dilation}, got {size} with padding {padding}"
        )
    return Windows(size, kernel, stride, pairs, dilation, out)


def named_padding(function, padding, kernel, stride, dilation):
    """Return (before, after) for each dimension, for padding "same" or "valid"."""
    if padding not in ("same", "valid"):
        raise ValueError(
            f"{function}: expected padding 'same', 'valid' or numbers, got {padding!r}"
        )
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if set(stride) != {1}:
        raise ValueError(
            f"{function}: expected stride 1 with padding='same', got {stride}"
        )
    added = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    return tuple((n // 2, n - n // 2) for n in added)


def _transposed_windows_of(
    function, input, weight, stride, padding, output_padding, dilation
):
    """Return where windows lie in the result of a transposed convolution."""
    out, kernel = input.shape[2:], weight.shape[2:]
    stride = integers(function, len(kernel), 1, stride=stride)
    padding = integers(function, len(kernel), 0, padding=padding)
    added = integers(function, len(kernel), 0, output_padding=output_padding)
    dilation = integers(function, len(kernel), 1, dilation=dilation)
    if any(a >= max(s, d) for a, s, d in zip(added, stride, dilation, strict=True)):
        raise ValueError(
            f"{function}: expected output_padding below stride {stride} or dilation "
            f"{dilation}, got {added}"
        )
    every = zip(out, kernel, stride, dilation, added, padding, strict=True)
    size = tuple(
        (n - 1) * s + d * (k - 1) + 1 + a - 2 * p for n, k, s, d, a, p in every
    )
    if 0 in out or 0 in kernel or min(size) < 1:
        raise ValueError(
            f"{function}: expected an image whose result has pixels, got {out} "
            f"with window {kernel} and padding {padding}"
        )
    pairs = tuple((p, p) for p in padding)
    return Windows(size, kernel, stride, pairs, dilation, out)


def _check(function, dims, input, weight, bias, groups, transposed):
    """Raise unless the shapes and dtypes fit."""
    tensors_only(function, weight=weight)
    if bias is not None:
        tensors_only(function, bias=bias)
    same_dtype(function, input=input, weight=weight, bias=bias)
    (groups,) = integers(function, 1, 1, groups=groups)
    fits = input.ndim == weight.ndim == dims + 2
    if fits:
        one, other = weight.shape[0], weight.shape[1] * groups
        channels, o = (one, other) if transposed else (other, one)
        fits = one and one % groups == 0 and input.shape[1] == channels
        fits = fits and (bias is None or bias.shape == (o,))
    if not fits:
        size, kernel = ("L", "k") if dims == 1 else ("H, W", "kH, kW")
        one, other = "CO" if transposed else "OC"
        biased = "" if bias is None else f", bias {bias.shape}"
        raise ValueError(
            f"{function}: expected input (N, C, {size}) or (C, {size}), weight ({one}, "
            f"{other} / groups, {kernel}) and bias (O), C and O multiples of groups; "
            f"got input {input.shape}, weight {weight.shape}{biased}, groups={groups}"
        )
