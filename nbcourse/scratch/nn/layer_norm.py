"""Layer norm and RMS norm as layers."""

import numbers

from ..tensor import get_default_dtype, ones, zeros
from ..tensor.arguments import cpu_only
from ..tensor.dtypes import as_dtype
from . import functional as F
from .module import Module
from .parameter import Parameter

__all__ = ["LayerNorm", "RMSNorm"]


class LayerNorm(Module):
    """y = (x - mean) / √(variance + eps) · w + b, over the last dimensions of x.

    ``normalized_shape`` is their sizes, or the size of the last one. The weight w and
    the bias b have that shape and start as ones and zeros; ``elementwise_affine=False``
    leaves out both, ``bias=False`` only b. (Ba, Kiros and Hinton, 2016.)
    """

    def __init__(
        self,
        normalized_shape,
        eps=1e-5,
        elementwise_affine=True,
        bias=True,
        device=None,
        dtype=None,
    ):
        super().__init__()
        cpu_only("LayerNorm", device)
        self.normalized_shape = _as_shape(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        dtype = get_default_dtype() if dtype is None else as_dtype(dtype)
        self.weight = self.bias = None
        if elementwise_affine:
            self.weight = Parameter(ones(self.normalized_shape, dtype=dtype))
        if elementwise_affine and bias:
            self.bias = Parameter(zeros(self.normalized_shape, dtype=dtype))

    def forward(self, input):
        """Return the input with each example normalised."""
        return F.layer_norm(
            input, self.normalized_shape, self.weight, self.bias, self.eps
        )

    def extra_repr(self):
        """Return the settings, as torch prints them."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """y = x / √(mean of x² + eps) · w, over the last dimensions of x.

    `LayerNorm` without the mean and the bias. ``eps=None`` is the rounding error of the
    input's dtype. (Zhang and Sennrich, 2019.)
    """

    def __init__(
        self,
        normalized_shape,
        eps=None,
        elementwise_affine=True,
        device=None,
        dtype=None,
    ):
        super().__init__()
        cpu_only("RMSNorm", device)
        self.normalized_shape = _as_shape(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        dtype = get_default_dtype() if dtype is None else as_dtype(dtype)
        self.weight = None
        if elementwise_affine:
            self.weight = Parameter(ones(self.normalized_shape, dtype=dtype))

    def forward(self, x):
        """Return the input with each example brought to root mean square 1."""
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self):
        """Return the settings, as torch prints them."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}"
        )


def _as_shape(normalized_shape):
    """Return a shape; a number is the size of one dimension."""
    if isinstance(normalized_shape, numbers.Integral):
        return (int(normalized_shape),)
    return tuple(normalized_shape)
