"""The linear and the bilinear layer, the identity, flattening and its reverse."""

import math

from ..tensor import empty, flatten
from ..tensor.arguments import cpu_only
from . import functional as F
from . import init
from .module import Module
from .parameter import Parameter

__all__ = ["Bilinear", "Flatten", "Identity", "Linear", "Unflatten"]


class Linear(Module):
    """y = x Wᵀ + b.  x: (*, in_features) → y: (*, out_features).

    The weight W (out_features, in_features) and the bias b (out_features) start evenly
    spread over ± 1/√in_features.
    """

    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        cpu_only("Linear", device)
        _check_sizes("Linear", in_features=in_features, out_features=out_features)
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(empty(out_features, in_features, dtype=dtype))
        self.bias = Parameter(empty(out_features, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self):
        """Draw weight and bias anew."""
        _spread(self, self.in_features)

    def forward(self, input):
        """Return input Wᵀ + b."""
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self):
        """Return the sizes, as torch prints them."""
        sizes = f"in_features={self.in_features}, out_features={self.out_features}"
        return f"{sizes}, bias={self.bias is not None}"


class Bilinear(Module):
    """y = x1ᵀ W x2 + b.  x1: (*, in1), x2: (*, in2) → y: (*, out).

    The weight W (out, in1, in2) and the bias b (out) start evenly spread over ± 1/√in1.
    """

    def __init__(
        self,
        in1_features,
        in2_features,
        out_features,
        bias=True,
        device=None,
        dtype=None,
    ):
        super().__init__()
        cpu_only("Bilinear", device)
        sizes = (out_features, in1_features, in2_features)
        names = ("out_features", "in1_features", "in2_features")
        _check_sizes("Bilinear", **dict(zip(names, sizes, strict=True)))
        if not in1_features:
            raise ValueError("Bilinear: expected in1_features above 0, got 0")
        self.out_features, self.in1_features, self.in2_features = sizes
        self.weight = Parameter(empty(sizes, dtype=dtype))
        self.bias = Parameter(empty(out_features, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self):
        """Draw weight and bias anew."""
        _spread(self, self.in1_features)

    def forward(self, input1, input2):
        """Return x1ᵀ W x2 + b."""
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self):
        """Return the sizes, as torch prints them."""
        inputs = f"in1_features={self.in1_features}, in2_features={self.in2_features}"
        rest = f"out_features={self.out_features}, bias={self.bias is not None}"
        return f"{inputs}, {rest}"


def _check_sizes(layer, **sizes):
    """Raise unless all sizes are integers of at least 0."""
    for name, size in sizes.items():
        if not hasattr(size, "__index__"):
            raise TypeError(f"{layer}: expected {name} to be an integer, got {size!r}")
        if size < 0:
            raise ValueError(f"{layer}: expected {name} of at least 0, got {size}")


def _spread(layer, fan_in):
    """Draw weight and bias evenly from ± 1/√fan_in."""
    bound = 1 / math.sqrt(fan_in) if fan_in else 0
    for parameter in layer.parameters():
        init.uniform_(parameter, -bound, bound)


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


class Unflatten(Module):
    """Split dimension ``dim`` into several: (N, C·H·W) → (N, C, H, W).

    The sizes multiply up to its size; one of them may be -1.
    """

    def __init__(self, dim, unflattened_size):
        super().__init__()
        if not isinstance(unflattened_size, (tuple, list)):
            raise TypeError(
                "Unflatten: expected a tuple of sizes, "
                f"got {type(unflattened_size).__name__}"
            )
        self.dim, self.unflattened_size = dim, unflattened_size

    def forward(self, input):
        """Return the tensor with more dimensions."""
        return input.unflatten(self.dim, self.unflattened_size)

    def extra_repr(self):
        """Return the dimension and the sizes."""
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
