"""Activation functions; those that tensors have too come from there."""

import math

import numpy as np

from ... import random
from ...tensor import Tensor, abs, relu, sigmoid, tanh
from ...tensor.arguments import axis, not_built, operation, same_dtype
from ...tensor.error_function import erf

__all__ = [
    "celu",
    "elu",
    "gelu",
    "glu",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "leaky_relu",
    "logsigmoid",
    "mish",
    "prelu",
    "relu",
    "relu6",
    "rrelu",
    "selu",
    "sigmoid",
    "silu",
    "softplus",
    "softshrink",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
]


def _array(function, input, inplace=False, integers=False):
    """Return the array of ``input``; raise TypeError for a dtype that torch refuses."""
    not_built(function, inplace=inplace)
    if input.dtype.kind not in ("fiu" if integers else "f"):
        kinds = "floating-point or integer" if integers else "floating-point"
        raise TypeError(f"{function}: expected a {kinds} dtype, got {input.dtype}")
    return input.data


# --- bent at 0


@operation
def leaky_relu(input, negative_slope=0.01, inplace=False):
    """x where x > 0, else negative_slope · x; at 0 the derivative is negative_slope.

    The leaky ReLU of Maas et al. (2013).
    """
    x = _array("leaky_relu", input, inplace)
    # not np.where, which is slow on signs in random order
    slope = (x > 0) + x.dtype.type(negative_slope) * ~(x > 0)

    def backward(grad):
        return (grad * slope,)

    return Tensor._result(x * slope, (input,), backward)


@operation
def prelu(input, weight):
    """`leaky_relu` whose slope below 0 is learnt: one number, or one per channel.

    input: (N, C, …), weight: () or (1) or (C). He et al. (2015).
    """
    x = _array("prelu", input)
    same_dtype("prelu", input=input, weight=weight)
    channels = input.shape[1] if input.ndim > 1 else 1
    if weight.shape not in ((), (1,), (channels,)):
        raise ValueError(
            f"prelu: expected a weight of shape (), (1,) or ({channels},) for an "
            f"input of shape {input.shape}, got {weight.shape}"
        )
    if weight.shape == (channels,) and input.ndim > 1:
        weight = weight.reshape(channels, *[1] * (input.ndim - 2))  # (C, 1, …)
    elif weight.ndim:
        weight = weight.reshape(())
    slope = (x > 0) + weight.data * ~(x > 0)

    def backward(grad):
        return grad * slope, grad * np.minimum(x, 0)

    return Tensor._result(x * slope, (input, weight), backward)


@operation
def rrelu(input, lower=1.0 / 8, upper=1.0 / 3, training=False, inplace=False):
    """`leaky_relu` with slopes below 0 drawn evenly from [lower, upper).

    Without ``training`` the slope is their mean. Xu et al. (2015).
    """
    x = _array("rrelu", input, inplace)
    if lower > upper:
        raise ValueError(f"rrelu: expected lower <= upper, got {lower} and {upper}")
    if not training:
        return leaky_relu(input, (lower + upper) / 2)
    slope = ~(x <= 0) + random.uniform(lower, upper, x.shape, x.dtype) * (x <= 0)

    def backward(grad):
        return (grad * slope,)

    return Tensor._result(x * slope, (input,), backward)


@operation
def elu(input, alpha=1.0, inplace=False):
    """x where x > 0, else alpha · (e^x - 1).  Clevert et al. (2016)."""
    _array("elu", input, inplace)
    return _elu(input, alpha)


@operation
def selu(input, inplace=False):
    """λ x where x > 0, else λ α (e^x - 1); mean 0 and variance 1 are its fixed point.

    λ and α follow from that. Klambauer et al. (2017).
    """
    _array("selu", input, inplace)
    return _elu(input, alpha=1.6732632423543772, scale=1.0507009873554805)


@operation
def celu(input, alpha=1.0, inplace=False):
    """x where x > 0, else alpha · (e^(x / alpha) - 1): smooth for every alpha.

    Barron (2017).
    """
    _array("celu", input, inplace)
    if alpha == 0:
        raise ValueError("celu: expected an alpha other than 0, got 0")
    return _elu(input, alpha, steepness=1 / float(alpha))


def _elu(input, alpha, scale=1.0, steepness=1.0):
    """scale · x where x > 0, else scale · alpha · (e^(steepness · x) - 1)."""
    x, alpha = input.data, float(alpha)
    below = steepness * np.fmin(x, 0)  # 0 where x > 0, and for NaN
    y = scale * (np.clip(x, 0, np.inf) + alpha * np.expm1(below))
    step = x.dtype.type(
        alpha * steepness - 1
    )  # of the slope at 0: 0 where it is smooth

    def backward(grad):
        return (grad * (scale * np.exp(below) * (1 + step * (x <= 0))),)

    return Tensor._result(y, (input,), backward)


@operation
def threshold(input, threshold, value, inplace=False):
    """x where x > threshold, else ``value``."""
    x = _array("threshold", input, inplace, integers=True)
    above = ~(x <= threshold)  # also NaN

    def backward(grad):
        return (grad * above,)

    return Tensor._result(np.where(above, x, x.dtype.type(value)), (input,), backward)


# --- smooth


@operation
def gelu(input, *, approximate="none"):
    """x · Φ(x), where Φ is the normal distribution's cumulative function.

    ``approximate="tanh"`` takes ½ (1 + tanh(√(2/π) (x + 0.044715 x³))) for Φ, as GPT-2
    does. Hendrycks and Gimpel (2016).
    """
    x = _array("gelu", input)
    if approximate == "tanh":
        return _gelu_by_tanh(input)
    if approximate != "none":
        raise ValueError(
            f"gelu: expected approximate 'none' or 'tanh', got {approximate!r}"
        )
    share = 0.5 * (1 + erf(x * math.sqrt(0.5)))  # Φ(x)

    def backward(grad):
        density = np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)  # Φ'(x)
        return (grad * (share + x * density),)

    return Tensor._result(x * share, (input,), backward)


def _gelu_by_tanh(input):
    """x · s with s = ½ (1 + tanh(u)) and u = c (x + a x³).

    Written in place, step by step: fresh memory would cost more than the arithmetic.
    """
    x, a, c = input.data, 0.044715, math.sqrt(2 / math.pi)
    s = np.asarray(x * x)  # an array also for a 0-d x
    s *= a * c
    s += c
    s *= x  # u; x·x·x, because NumPy's x**3 is many times slower
    np.tanh(s, out=s)
    s *= 0.5
    s += 0.5

    def backward(grad):
        slope = x * x  # to become s + x s', where s' = 2 s (1 - s) u'
        slope *= 6 * a * c
        slope += 2 * c
        slope *= x  # 2 x u'
        slope *= 1 - s
        slope += 1
        slope *= s
        slope *= grad
        return (slope,)

    return Tensor._result(x * s, (input,), backward)


@operation
def silu(input, inplace=False):
    """x · sigmoid(x), also called swish.  Elfwing et al. (2017)."""
    x = _array("silu", input, inplace)
    s = 1 / (1 + np.exp(-x))

    def backward(grad):
        return (grad * (s * (1 + x * (1 - s))),)

    return Tensor._result(x * s, (input,), backward)


@operation
def mish(input, inplace=False):
    """x · tanh(log(1 + e^x)).  Misra (2019)."""
    x = _array("mish", input, inplace)
    t = np.tanh(np.log1p(np.exp(x)))

    def backward(grad):
        return (grad * (t + x * (1 - t * t) / (1 + np.exp(-x))),)

    return Tensor._result(x * t, (input,), backward)


@operation
def softplus(input, beta=1.0, threshold=20.0):
    """log(1 + e^(beta · x)) / beta, a smooth `relu`; x where beta · x > threshold."""
    x, beta = _array("softplus", input), float(beta)
    z = beta * x
    linear = z > threshold

    def backward(grad):
        return (grad * np.where(linear, 1, 1 / (1 + np.exp(-z))),)

    y = np.where(linear, x, np.log1p(np.exp(z)) / beta)
    return Tensor._result(y, (input,), backward)


@operation
def logsigmoid(input):
    """log(sigmoid(x)), without overflow: min(x, 0) - log(1 + e^-|x|)."""
    x = _array("logsigmoid", input)

    def backward(grad):
        return (grad / (1 + np.exp(x)),)

    y = np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))
    return Tensor._result(y, (input,), backward)


@operation
def softsign(input):
    """x / (1 + |x|)."""
    return input / (abs(input) + 1)


@operation
def tanhshrink(input):
    """x - tanh(x)."""
    return input - tanh(input)


# --- in straight pieces


@operation
def hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False):
    """x limited to [min_val, max_val]; at and beyond the limits the derivative is 0."""
    x = _array("hardtanh", input, inplace, integers=True)
    if min_val > max_val:
        raise ValueError(
            f"hardtanh: expected min_val <= max_val, got {min_val} and {max_val}"
        )
    low, high = x.dtype.type(min_val), x.dtype.type(max_val)

    def backward(grad):
        return (grad * ~((x <= low) | (x >= high)),)

    return Tensor._result(np.clip(x, low, high), (input,), backward)


@operation
def relu6(input, inplace=False):
    """x limited to [0, 6]."""
    return hardtanh(input, 0, 6, inplace)


@operation
def hardsigmoid(input, inplace=False):
    """x / 6 + 1/2, limited to [0, 1]: a sigmoid without an exponential."""
    x = _array("hardsigmoid", input, inplace)

    def backward(grad):
        return (grad * ((x > -3) & (x < 3)) / 6,)

    return Tensor._result(np.clip(x + 3, 0, 6) / 6, (input,), backward)


@operation
def hardswish(input, inplace=False):
    """x · hardsigmoid(x).  Howard et al. (2019)."""
    x = _array("hardswish", input, inplace)

    def backward(grad):
        slope = np.where(x < 3, x / 3 + 0.5, 1)
        return (grad * np.where(x <= -3, 0, slope),)

    return Tensor._result(x * np.clip(x + 3, 0, 6) / 6, (input,), backward)


@operation
def softshrink(input, lambd=0.5):
    """Move x towards 0 by ``lambd``, and no further than to 0."""
    x, lambd = _array("softshrink", input), float(lambd)
    if not lambd >= 0:
        raise ValueError(f"softshrink: expected lambd of at least 0, got {lambd}")

    def backward(grad):
        return (grad * ~(np.abs(x) <= lambd),)

    return Tensor._result(x - np.clip(x, -lambd, lambd), (input,), backward)


@operation
def hardshrink(input, lambd=0.5):
    """x where |x| > lambd, else 0."""
    x = _array("hardshrink", input)
    kept = ~(np.abs(x) <= lambd)  # also NaN

    def backward(grad):
        return (grad * kept,)

    return Tensor._result(x * kept, (input,), backward)


# --- along a dimension


@operation
def glu(input, dim=-1):
    """a · sigmoid(b), where a and b are the halves of ``input`` along ``dim``.

    The gated linear unit of Dauphin et al. (2017). Raises ValueError for an odd size.
    """
    x = _array("glu", input)
    along = axis(dim, input.ndim)
    if not input.ndim or input.shape[along] % 2:
        raise ValueError(
            f"glu: expected an even size of dimension {dim}, got shape {input.shape}"
        )
    a, b = np.split(x, 2, along)
    gate = 1 / (1 + np.exp(-b))

    def backward(grad):
        by_a = grad * gate
        return (np.concatenate([by_a, by_a * a * (1 - gate)], along),)

    return Tensor._result(a * gate, (input,), backward)
