"""Normalisation over a batch, an image or a group of channels: mean 0, variance 1."""

import math

import numpy as np

from ...tensor import Tensor, no_grad, reshape
from ...tensor.arguments import check_float, operation, same_dtype, tensors_only
from .folding import integers
from .padding import pad
from .pooling import avg_pool2d

__all__ = ["batch_norm", "group_norm", "instance_norm", "local_response_norm"]


@operation
def batch_norm(
    input,
    running_mean,
    running_var,
    weight=None,
    bias=None,
    training=False,
    momentum=0.1,
    eps=1e-5,
):
    """(x - mean) / √(variance + eps) · weight + bias, channel by channel.

    Ioffe and Szegedy (2015).

    Raises ValueError for shapes that do not fit and, in training, for a single value in
    each channel or ``eps`` of 0.

    Parameters
    ----------
    input : Tensor
        (N, C) or (N, C, …).
    running_mean, running_var : Tensor or None
        (C). Both, or in training neither.
    weight, bias : Tensor, optional
        (C).
    training : bool
        Whether mean and variance are those of this batch, which then move the running
        ones by the share ``momentum`` (with n - 1 in the variance). Otherwise the
        running ones are used.
    """
    running = running_mean, running_var
    _check("batch_norm", input, *running, weight, bias, training)
    if not training:
        return _with_running(input, *running, weight, bias, eps)
    if eps <= 0:
        raise ValueError(f"batch_norm: expected eps above 0 in training, got {eps}")
    axes = (0, *range(2, input.ndim))
    _check_several("batch_norm", input, len(input.data) * math.prod(input.shape[2:]))
    return _with_own(input, *running, weight, bias, momentum, eps, axes)


@operation
def instance_norm(
    input,
    running_mean=None,
    running_var=None,
    weight=None,
    bias=None,
    use_input_stats=True,
    momentum=0.1,
    eps=1e-5,
):
    """(x - mean) / √(variance + eps) · weight + bias, for each channel of each image.

    Ulyanov, Vedaldi and Lempitsky (2016). input: (N, C, …), all else as in
    `batch_norm`; ``use_input_stats`` is its ``training``. Raises ValueError for shapes
    that do not fit and for images of one pixel.
    """
    running = running_mean, running_var
    _check("instance_norm", input, *running, weight, bias, use_input_stats)
    if not use_input_stats:
        return _with_running(input, *running, weight, bias, eps)
    axes = tuple(range(2, input.ndim))
    _check_several("instance_norm", input, math.prod(input.shape[2:]))
    return _with_own(input, *running, weight, bias, momentum, eps, axes)


@operation
def group_norm(input, num_groups, weight=None, bias=None, eps=1e-5):
    """(x - mean) / √(variance + eps) · weight + bias, for groups of channels.

    Mean and variance are those of C / num_groups neighbouring channels of one image;
    weight and bias, (C), belong to channels. Wu and He (2018). input: (N, C, …). Raises
    ValueError for shapes that do not fit and for a single value in each group.
    """
    (groups,) = integers("group_norm", 1, 1, num_groups=num_groups)
    _check("group_norm", input, None, None, weight, bias, own=True)
    n, c, *size = input.shape
    if c % groups:
        raise ValueError(
            f"group_norm: expected channels for {groups} equal groups, got shape "
            f"{input.shape}"
        )
    _check_several("group_norm", input, n * c // groups * math.prod(size))
    grouped = reshape(input, (n, groups, c // groups, *size))
    axes = tuple(range(2, grouped.ndim))
    z = _standardized(grouped, *_statistics(grouped.data, axes), eps, axes)
    return _affine(reshape(z, input.shape), weight, bias, (c, *[1] * len(size)))


@operation
def local_response_norm(input, size, alpha=1e-4, beta=0.75, k=1.0):
    """x / (k + alpha · mean of x² over ``size`` neighbouring channels)^beta.

    Krizhevsky, Sutskever and Hinton (2012). input: (N, C, …), at least three
    dimensions, where the mean counts channels that do not exist as 0.
    """
    (size,) = integers("local_response_norm", 1, 1, size=size)
    if input.ndim < 3:
        raise ValueError(
            f"local_response_norm: expected input (N, C, …), got {input.shape}"
        )
    if not input.data.size:
        return input
    n, c = input.shape[:2]
    squares = reshape(input * input, (n, 1, c, input.data.size // (n * c)))
    squares = pad(squares, (0, 0, size // 2, (size - 1) // 2))
    mean = avg_pool2d(squares, (size, 1), stride=1)  # (N, 1, C, pixels)
    return input / (reshape(mean, input.shape) * alpha + k) ** beta


def _mean(x, axes):
    """Return the mean over ``axes``, which stay as ones; NaN of nothing."""
    return np.sum(x, axes, keepdims=True) / math.prod(x.shape[i] for i in axes)


def _statistics(x, axes):
    """Return mean and variance over ``axes``."""
    mean = _mean(x, axes)
    centred = x - mean
    return mean, _mean(centred * centred, axes)


def _standardized(input, mean, variance, eps, axes):
    """Return (x - mean) / √(variance + eps).

    ``axes`` are those that mean and variance were taken over; none if they are given.
    """
    inverse = 1 / np.sqrt(variance + eps)
    z = (input.data - mean) * inverse

    def backward(grad):
        by_z = grad
        if axes:  # mean and variance move with x
            by_z = grad - _mean(grad, axes) - z * _mean(grad * z, axes)
        return (by_z * inverse,)

    return Tensor._result(z, (input,), backward)


def _affine(z, weight, bias, shape):
    """Return z · weight + bias, these in ``shape``, where they are not None."""
    if weight is not None:
        z = z * reshape(weight, shape)
    return z if bias is None else z + reshape(bias, shape)


def _with_running(input, running_mean, running_var, weight, bias, eps):
    """Normalise with the running mean and variance, constants here."""
    shape = (len(running_mean), *[1] * (input.ndim - 2))
    mean, variance = running_mean.data.reshape(shape), running_var.data.reshape(shape)
    z = _standardized(input, mean, variance, eps, axes=())
    return _affine(z, weight, bias, shape)


def _with_own(input, running_mean, running_var, weight, bias, momentum, eps, axes):
    """Normalise with mean and variance over ``axes``; move the running ones there."""
    mean, variance = _statistics(input.data, axes)
    if running_mean is not None and input.data.size:
        n = math.prod(input.shape[i] for i in axes)
        pairs = (running_mean, mean), (running_var, variance * (n / (n - 1)))
        with no_grad():
            for running, found in pairs:
                found = found.mean(0).reshape(running.shape)  # (1 or N, C, …) → (C)
                running.copy_((1 - momentum) * running.data + momentum * found)
    z = _standardized(input, mean, variance, eps, axes)
    return _affine(z, weight, bias, (input.shape[1], *[1] * (input.ndim - 2)))


def _check(function, input, running_mean, running_var, weight, bias, own):
    """Raise unless shapes and dtypes fit and the running ones are there if needed."""
    given = {"running_mean": running_mean, "running_var": running_var}
    given |= {"weight": weight, "bias": bias}
    given = {name: x for name, x in given.items() if x is not None}
    tensors_only(function, **given)
    same_dtype(function, input=input, **given)
    check_float(function, input)
    if input.ndim < 2:
        raise ValueError(f"{function}: expected input (N, C, …), got {input.shape}")
    for name, x in given.items():
        if x.shape != input.shape[1:2]:
            raise ValueError(
                f"{function}: expected {name} of shape {input.shape[1:2]} for input "
                f"{input.shape}, got {x.shape}"
            )
    _check_running(function, running_mean, running_var, own)


def _check_running(function, running_mean, running_var, own):
    """Raise unless both are there or, where the input has its own, neither."""
    missing = [running_mean, running_var].count(None)
    if missing == 1 or (missing and not own):
        raise ValueError(
            f"{function}: expected running_mean and running_var"
            f"{', or neither' if own else ''}, got "
            f"{'none' if missing == 2 else 'only one'}"
        )


def _check_several(function, input, count):
    """Raise ValueError for one value, of which there is no variance."""
    if count == 1:
        raise ValueError(
            f"{function}: expected more than 1 value for a mean and variance, "
            f"got input {input.shape}"
        )
