"""Ways to fill a parameter before training, in place; each returns the tensor.

Xavier: Glorot and Bengio (2010). Kaiming: He, Zhang, Ren and Sun (2015).
"""

import math
import warnings

from .. import random
from ..tensor import no_grad
from ..tensor.arguments import not_built

__all__ = [
    "calculate_gain",
    "constant_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "normal_",
    "ones_",
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
        return math.sqrt(2 / (1 + slope**2))
    if nonlinearity == "selu":
        return 3 / 4
    raise ValueError(
        "calculate_gain: expected linear, conv1d…, sigmoid, tanh, relu, leaky_relu "
        f"or selu, got {nonlinearity!r}"
    )


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
def constant_(tensor, val):
    """Fill with one value."""
    return tensor.fill_(val)


def zeros_(tensor):
    """Fill with 0."""
    return constant_(tensor, 0)


def ones_(tensor):
    """Fill with 1."""
    return constant_(tensor, 1)


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
