"""The linear layer, the identity, and flattening."""

import math

from .. import random
from ..tensor import flatten, get_default_dtype
from ..tensor.arguments import cpu_only
from ..tensor.dtypes import as_dtype
from . import functional as F
from .module import Module
from .parameter import Parameter

__all__ = ["Flatten", "Identity", "Linear"]


class Linear(Module):
    """y = x Wᵀ + b.  x: (*, in_features) → y: (*, out_features).

    The weight W (out_features, in_features) and the bias b (out_features) start evenly
    spread over ± 1/√in_features.
    """

    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        cpu_only("Linear", device)
        _check_size("in_features", in_features)
        _check_size("out_features", out_features)
        self.in_features, self.out_features = in_features, out_features
        dtype = get_default_dtype() if dtype is None else as_dtype(dtype)
        bound = 1 / math.sqrt(in_features) if in_features else 0
        weight = random.uniform(-bound, bound, (out_features, in_features), dtype)
        self.weight = Parameter(weight)
        self.bias = None
        if bias:
            self.bias = Parameter(random.uniform(-bound, bound, (out_features,), dtype))

    def forward(self, input):
        """Return input Wᵀ + b."""
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self):
        """Return the sizes, as torch prints them."""
        sizes = f"in_features={self.in_features}, out_features={self.out_features}"
        return f"{sizes}, bias={self.bias is not None}"


def _check_size(name, size):
    """Raise unless ``size`` is an integer of at least 0."""
    if not hasattr(size, "__index__"):
        raise TypeError(f"Linear: expected {name} to be an integer, got {size!r}")
    if size < 0:
        raise ValueError(f"Linear: expected {name} of at least 0, got {size}")


class Identity(Module):
    """Returns its input; takes any arguments, as a stand-in for another layer."""

    def __init__(self, *args, **kwargs):
        super().__init__()

    def forward(self, input):
        """Return ``input``."""
        return input


class Flatten(Module):
    """Join dimensions ``start_dim`` to ``end_dim``: (N, C, H, W) → (N, C·H·W)."""

    def __init__(self, start_dim=1, end_dim=-1):
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input):
        """Return the flattened tensor."""
        return flatten(input, self.start_dim, self.end_dim)

    def extra_repr(self):
        """Return the two dimensions."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"
