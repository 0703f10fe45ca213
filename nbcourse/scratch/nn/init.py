"""Ways to fill a parameter before training, in place; each returns the tensor.

Xavier: Glorot and Bengio (2010). Kaiming: He, Zhang, Ren and Sun (2015).
"""

import math
import warnings

import numpy as np

from .. import random
from ..tensor import no_grad
from ..tensor.arguments import not_built

__all__ = [
    "calculate_gain",
    "constant_",
    "dirac_",
    "eye_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",
    "sparse_",
    "trunc_normal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]

_LINEAR = (
    "linear",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
)


def calculate_gain(nonlinearity, param=None):
    """Return the factor on weights that keeps the spread through this activation."""
    if nonlinearity in (*_LINEAR, "sigmoid"):
        return 1
    if nonlinearity == "tanh":
        return 5 / 3
    if nonlinearity == "relu":
        return math.sqrt(2)
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise ValueError(f"calculate_gain: expected a number, got {param!r}")
        return math.sqrt(2 / (1 + slope**2))
    if nonlinearity == "selu":
        return 3 / 4
    raise ValueError(
        "calculate_gain: expected linear, conv1d…, sigmoid, tanh, relu, leaky_relu "
        f"or selu, got {nonlinearity!r}"
    )


# --- the same everywhere, or in a pattern


@no_grad
def constant_(tensor, val):
    """Fill with one value."""
    return tensor.fill_(val)


def zeros_(tensor):
    """Fill with 0."""
    return constant_(tensor, 0)


def ones_(tensor):
    """Fill with 1."""
    return constant_(tensor, 1)


@no_grad
def eye_(tensor):
    """Fill a matrix with the identity: a linear layer that passes its input on."""
    _check_matrix("eye_", tensor)
    return tensor.copy_(np.eye(*tensor.shape))


@no_grad
def dirac_(tensor, groups=1):
    """Fill a convolution's weight so that it passes channel i on to output i.

    The kernel is 1 in its centre there and 0 elsewhere; with ``groups`` this holds in
    each group. weight: (out, in / groups, *kernel).
    """
    if tensor.ndim not in (3, 4, 5) or len(tensor) % groups:
        raise ValueError(
            "dirac_: expected 3 to 5 dimensions and a first size that "
            f"{groups} groups divide, got shape {tensor.shape}"
        )
    out, channels, *kernel = tensor.shape
    values = np.zeros((groups, out // groups, channels, *kernel))
    i = np.arange(min(out // groups, channels))
    values[:, i, i, *(size // 2 for size in kernel)] = 1
    return tensor.copy_(values.reshape(tensor.shape))


# --- random


@no_grad
def uniform_(tensor, a=0.0, b=1.0, generator=None):
    """Fill with values spread evenly over [a, b)."""
    not_built("uniform_", generator=generator)
    return tensor.copy_(random.uniform(a, b, tensor.shape, tensor.dtype))


@no_grad
def normal_(tensor, mean=0.0, std=1.0, generator=None):
    """Fill from the normal distribution with this mean and standard deviation."""
    not_built("normal_", generator=generator)
    return tensor.copy_(random.normal(mean, std, tensor.shape, tensor.dtype))


@no_grad
def trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None):
    """Fill from the normal distribution as it is between a and b.

    What is drawn outside is drawn again. Warns, as torch does, where the mean is more
    than two standard deviations outside [a, b].
    """
    not_built("trunc_normal_", generator=generator)
    if a > b:
        raise ValueError(f"trunc_normal_: expected a <= b, got {a} and {b}")
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            f"trunc_normal_: the mean {mean} is more than 2 std outside [{a}, {b}]",
            stacklevel=3,
        )
    low, high = ((bound - mean) / (std * math.sqrt(2)) for bound in (a, b))
    inside = (math.erf(high) - math.erf(low)) / 2  # the share of draws that are kept
    draw = _rejecting_outside if inside > 0.3 else _rejecting_improbable
    values = np.empty(tensor.shape, tensor.dtype)
    missing = np.ones(tensor.shape, bool)
    while missing.any():
        values[missing], rejected = draw(mean, std, a, b, missing.sum(), tensor.dtype)
        missing[missing] = rejected
    return tensor.copy_(values)


def _rejecting_outside(mean, std, a, b, n, dtype):
    """Return n draws from N(mean, std²), and which of them lie outside [a, b]."""
    values = random.normal(mean, std, n, dtype)
    return values, (values < a) | (values > b)


def _rejecting_improbable(mean, std, a, b, n, dtype):
    """Return n draws spread evenly over [a, b], and which of them to reject.

    A draw is kept with the probability that its density is of the largest in [a, b].
    """
    values = random.uniform(a, b, n, dtype)
    z, likeliest = (values - mean) / std, (min(max(mean, a), b) - mean) / std
    kept = np.exp((likeliest**2 - z * z) / 2)
    return values, random.uniform(0, 1, n, dtype) >= kept


@no_grad
def orthogonal_(tensor, gain=1, generator=None):
    """Fill with rows, or columns if there are fewer, at right angles and ``gain`` long.

    A convolution's weight (out, in, *kernel) counts as a matrix (out, in · kernel). All
    such matrices are equally likely. Saxe, McClelland and Ganguli (2014).
    """
    not_built("orthogonal_", generator=generator)
    if tensor.ndim < 2:
        raise ValueError(
            f"orthogonal_: expected at least 2 dimensions, got shape {tensor.shape}"
        )
    if 0 in tensor.shape:
        return tensor
    rows, columns = len(tensor), math.prod(tensor.shape[1:])
    tall = random.normal(0, 1, (max(rows, columns), min(rows, columns)), tensor.dtype)
    q, r = np.linalg.qr(tall)
    q = q * np.sign(np.diag(r))  # without it some directions would be likelier
    q = q.T if rows < columns else q
    return tensor.copy_(gain * q.reshape(tensor.shape))


@no_grad
def sparse_(tensor, sparsity, std=0.01, generator=None):
    """Fill a matrix normally, but each column with a share ``sparsity`` of zeros.

    Martens (2010).
    """
    not_built("sparse_", generator=generator)
    _check_matrix("sparse_", tensor)
    values = random.normal(0, std, tensor.shape, tensor.dtype)
    order = random.uniform(0, 1, tensor.shape).argsort(0)  # mixed in each column
    return tensor.copy_(values * (order >= math.ceil(sparsity * len(tensor))))


def _check_matrix(function, tensor):
    if tensor.ndim != 2:
        raise ValueError(
            f"{function}: expected a tensor of 2 dimensions, got shape {tensor.shape}"
        )


# --- random, fitted to how many inputs and outputs there are


def xavier_uniform_(tensor, gain=1.0, generator=None):
    """Fill evenly over ± gain · √(6 / (fan_in + fan_out))."""
    fan_in, fan_out = _fans(tensor)
    bound = gain * math.sqrt(6 / (fan_in + fan_out))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor, gain=1.0, generator=None):
    """Fill normally with standard deviation gain · √(2 / (fan_in + fan_out))."""
    fan_in, fan_out = _fans(tensor)
    return normal_(tensor, 0.0, gain * math.sqrt(2 / (fan_in + fan_out)), generator)


def kaiming_uniform_(
    tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None
):
    """Fill evenly over ± √3 · gain / √fan.

    ``a`` is the slope of the leaky ReLU that follows.
    """
    if 0 in tensor.shape:
        warnings.warn(
            "kaiming_uniform_: a tensor without elements stays as it is", stacklevel=2
        )
        return tensor
    bound = math.sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None
):
    """Fill normally with standard deviation gain / √fan.

    ``a`` is the slope of the leaky ReLU that follows.
    """
    if 0 in tensor.shape:
        warnings.warn(
            "kaiming_normal_: a tensor without elements stays as it is", stacklevel=2
        )
        return tensor
    return normal_(tensor, 0.0, _kaiming_std(tensor, a, mode, nonlinearity), generator)


def _kaiming_std(tensor, a, mode, nonlinearity):
    mode = mode.lower()
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"mode: expected 'fan_in' or 'fan_out', got {mode!r}")
    fan = _fans(tensor)[mode == "fan_out"]
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def _fans(tensor):
    """Return (fan_in, fan_out): inputs for each output, and outputs for each input.

    A weight is (out, in) or, for a convolution, (out, in, *kernel).
    """
    if tensor.ndim < 2:
        raise ValueError(
            f"expected a weight of at least 2 dimensions, got shape {tensor.shape}"
        )
    area = math.prod(tensor.shape[2:])
    return tensor.shape[1] * area, tensor.shape[0] * area
