"""Activation functions as layers; their mathematics is in `functional`."""

from ..tensor import full, get_default_dtype
from ..tensor.arguments import cpu_only, not_built
from . import functional as F
from .module import Module
from .parameter import Parameter

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GLU",
    "SELU",
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "LeakyReLU",
    "LogSigmoid",
    "LogSoftmax",
    "Mish",
    "PReLU",
    "RReLU",
    "ReLU",
    "ReLU6",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softmax2d",
    "Softmin",
    "Softplus",
    "Softshrink",
    "Softsign",
    "Tanh",
    "Tanhshrink",
    "Threshold",
]


class _Activation(Module):
    """Base of activations that torch can also do in place, which is not built."""

    def __init__(self, inplace=False):
        super().__init__()
        not_built(type(self).__name__, inplace=inplace)


# --- bent at 0


class ReLU(_Activation):
    """max(x, 0)."""

    def forward(self, input):
        """Return max(input, 0)."""
        return F.relu(input)


class LeakyReLU(_Activation):
    """x where x > 0, else negative_slope · x."""

    def __init__(self, negative_slope=0.01, inplace=False):
        super().__init__(inplace)
        self.negative_slope = negative_slope

    def forward(self, input):
        """Return the leaky rectification of ``input``."""
        return F.leaky_relu(input, self.negative_slope)

    def extra_repr(self):
        """Return the slope."""
        return f"negative_slope={self.negative_slope}"


class PReLU(Module):
    """Leaky ReLU that learns its slope, ``weight``: one, or one for each channel."""

    def __init__(self, num_parameters=1, init=0.25, device=None, dtype=None):
        super().__init__()
        cpu_only("PReLU", device)
        self.num_parameters, self.init = num_parameters, init
        dtype = get_default_dtype() if dtype is None else dtype
        self.weight = Parameter(full((num_parameters,), init, dtype=dtype))

    def forward(self, input):
        """Return the rectification of ``input``, (N, C, …) if there are C slopes."""
        return F.prelu(input, self.weight)

    def extra_repr(self):
        """Return the number of slopes."""
        return f"num_parameters={self.num_parameters}"


class RReLU(_Activation):
    """Leaky ReLU with random slopes in training, and with their mean in evaluation."""

    def __init__(self, lower=1.0 / 8, upper=1.0 / 3, inplace=False):
        super().__init__(inplace)
        self.lower, self.upper = lower, upper

    def forward(self, input):
        """Return the rectification of ``input``."""
        return F.rrelu(input, self.lower, self.upper, self.training)

    def extra_repr(self):
        """Return the range of slopes."""
        return f"lower={self.lower}, upper={self.upper}"


class _Exponential(_Activation):
    """Base of units that are exponential below 0, with the height ``alpha``."""

    def __init__(self, alpha=1.0, inplace=False):
        super().__init__(inplace)
        self.alpha = alpha

    def extra_repr(self):
        """Return alpha."""
        return f"alpha={self.alpha}"


class ELU(_Exponential):
    """x where x > 0, else alpha · (e^x - 1)."""

    def forward(self, input):
        """Return the exponential linear unit of ``input``."""
        return F.elu(input, self.alpha)


class SELU(_Activation):
    """`ELU`, scaled so that mean 0 and variance 1 stay as they are."""

    def forward(self, input):
        """Return the scaled exponential linear unit of ``input``."""
        return F.selu(input)


class CELU(_Exponential):
    """x where x > 0, else alpha · (e^(x / alpha) - 1)."""

    def forward(self, input):
        """Return the continuously differentiable exponential linear unit."""
        return F.celu(input, self.alpha)


class Threshold(_Activation):
    """x where x > threshold, else ``value``."""

    def __init__(self, threshold, value, inplace=False):
        super().__init__(inplace)
        self.threshold, self.value = threshold, value

    def forward(self, input):
        """Return ``input`` with ``value`` in the place of small elements."""
        return F.threshold(input, self.threshold, self.value)

    def extra_repr(self):
        """Return the threshold and the value."""
        return f"threshold={self.threshold}, value={self.value}"


# --- smooth


class GELU(Module):
    """x · Φ(x), exactly or, with ``approximate="tanh"``, by a formula."""

    def __init__(self, approximate="none"):
        super().__init__()
        self.approximate = approximate

    def forward(self, input):
        """Return the Gaussian error linear unit of ``input``."""
        return F.gelu(input, approximate=self.approximate)

    def extra_repr(self):
        """Return how it is computed."""
        return f"approximate={self.approximate!r}"


class SiLU(_Activation):
    """x · sigmoid(x), also called swish."""

    def forward(self, input):
        """Return input · sigmoid(input)."""
        return F.silu(input)


class Mish(_Activation):
    """x · tanh(softplus(x))."""

    def forward(self, input):
        """Return input · tanh(softplus(input))."""
        return F.mish(input)


class Softplus(Module):
    """log(1 + e^(beta · x)) / beta; x where beta · x > threshold."""

    def __init__(self, beta=1.0, threshold=20.0):
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, input):
        """Return the smooth rectification of ``input``."""
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self):
        """Return beta and the threshold."""
        return f"beta={self.beta}, threshold={self.threshold}"


class Sigmoid(Module):
    """1 / (1 + e^-x)."""

    def forward(self, input):
        """Return the logistic function of ``input``."""
        return F.sigmoid(input)


class LogSigmoid(Module):
    """log(sigmoid(x)), without overflow."""

    def forward(self, input):
        """Return the logarithm of the logistic function of ``input``."""
        return F.logsigmoid(input)


class Tanh(Module):
    """Hyperbolic tangent."""

    def forward(self, input):
        """Return tanh(input)."""
        return F.tanh(input)


class Softsign(Module):
    """x / (1 + |x|)."""

    def forward(self, input):
        """Return input / (1 + |input|)."""
        return F.softsign(input)


class Tanhshrink(Module):
    """x - tanh(x)."""

    def forward(self, input):
        """Return input - tanh(input)."""
        return F.tanhshrink(input)


# --- in straight pieces


class Hardtanh(_Activation):
    """x limited to [min_val, max_val]."""

    def __init__(
        self,
        min_val=-1.0,
        max_val=1.0,
        inplace=False,
        min_value=None,
        max_value=None,
    ):
        super().__init__(inplace)
        not_built("Hardtanh", min_value=min_value, max_value=max_value)  # old names
        if not min_val < max_val:
            raise ValueError(
                f"Hardtanh: expected min_val < max_val, got {min_val} and {max_val}"
            )
        self.min_val, self.max_val = min_val, max_val

    def forward(self, input):
        """Return the limited ``input``."""
        return F.hardtanh(input, self.min_val, self.max_val)

    def extra_repr(self):
        """Return the limits."""
        return f"min_val={self.min_val}, max_val={self.max_val}"


class ReLU6(_Activation):
    """x limited to [0, 6]."""

    def forward(self, input):
        """Return the limited ``input``."""
        return F.relu6(input)


class Hardsigmoid(_Activation):
    """x / 6 + 1/2, limited to [0, 1]."""

    def forward(self, input):
        """Return the straight sigmoid of ``input``."""
        return F.hardsigmoid(input)


class Hardswish(_Activation):
    """x · Hardsigmoid(x)."""

    def forward(self, input):
        """Return input · hardsigmoid(input)."""
        return F.hardswish(input)


class _Shrink(Module):
    """Base of shrinkages: small elements become 0."""

    def __init__(self, lambd=0.5):
        super().__init__()
        self.lambd = lambd

    def extra_repr(self):
        """Return lambd."""
        return f"{self.lambd}"


class Softshrink(_Shrink):
    """x moved towards 0 by ``lambd``, and no further than to 0."""

    def forward(self, input):
        """Return the shrunken ``input``."""
        return F.softshrink(input, self.lambd)


class Hardshrink(_Shrink):
    """x where |x| > lambd, else 0."""

    def forward(self, input):
        """Return ``input`` with 0 in the place of small elements."""
        return F.hardshrink(input, self.lambd)


# --- along a dimension


class _AlongDim(Module):
    """Base of activations that look at all elements along ``dim``."""

    def __init__(self, dim=None):
        super().__init__()
        self.dim = dim

    def extra_repr(self):
        """Return the dimension."""
        return f"dim={self.dim}"


class Softmax(_AlongDim):
    """e^x / Σ e^x along ``dim``."""

    def forward(self, input):
        """Return the probabilities that ``input`` scores."""
        return F.softmax(input, self.dim, _stacklevel=5)


class LogSoftmax(_AlongDim):
    """x - log Σ e^x along ``dim``."""

    def forward(self, input):
        """Return the logarithms of the probabilities that ``input`` scores."""
        return F.log_softmax(input, self.dim, _stacklevel=5)


class Softmin(_AlongDim):
    """e^-x / Σ e^-x along ``dim``."""

    def forward(self, input):
        """Return the probabilities that -input scores."""
        return F.softmin(input, self.dim, _stacklevel=5)


class Softmax2d(Module):
    """`Softmax` over the channels at each place of an image (N, C, H, W)."""

    def forward(self, input):
        """Return the probabilities of the channels."""
        if input.ndim not in (3, 4):
            raise ValueError(
                "Softmax2d: expected an image (N, C, H, W) or (C, H, W), "
                f"got shape {input.shape}"
            )
        return F.softmax(input, -3)


class GLU(_AlongDim):
    """a · sigmoid(b) for the halves a and b along ``dim``."""

    def __init__(self, dim=-1):
        super().__init__(dim)

    def forward(self, input):
        """Return the first half, gated by the second."""
        return F.glu(input, self.dim)
