"""Activation functions as layers; their mathematics is in `functional`."""

from ..tensor.arguments import not_built
from . import functional as F
from .module import Module

__all__ = ["LeakyReLU", "LogSoftmax", "ReLU", "Sigmoid", "Softmax", "Tanh"]


class ReLU(Module):
    """max(x, 0), elementwise."""

    def __init__(self, inplace=False):
        super().__init__()
        not_built("ReLU", inplace=inplace)

    def forward(self, input):
        """Return max(input, 0)."""
        return F.relu(input)


class LeakyReLU(Module):
    """x where x > 0, else negative_slope · x."""

    def __init__(self, negative_slope=0.01, inplace=False):
        super().__init__()
        not_built("LeakyReLU", inplace=inplace)
        self.negative_slope = negative_slope

    def forward(self, input):
        """Return the leaky rectification of ``input``."""
        return F.leaky_relu(input, self.negative_slope)

    def extra_repr(self):
        """Return the slope."""
        return f"negative_slope={self.negative_slope}"


class Sigmoid(Module):
    """1 / (1 + e^-x), elementwise."""

    def forward(self, input):
        """Return the logistic function of ``input``."""
        return F.sigmoid(input)


class Tanh(Module):
    """Hyperbolic tangent, elementwise."""

    def forward(self, input):
        """Return tanh(input)."""
        return F.tanh(input)


class Softmax(Module):
    """e^x / Σ e^x along ``dim``."""

    def __init__(self, dim=None):
        super().__init__()
        self.dim = dim

    def forward(self, input):
        """Return the probabilities that ``input`` scores."""
        return F.softmax(input, self.dim)

    def extra_repr(self):
        """Return the dimension."""
        return f"dim={self.dim}"


class LogSoftmax(Module):
    """x - log Σ e^x along ``dim``."""

    def __init__(self, dim=None):
        super().__init__()
        self.dim = dim

    def forward(self, input):
        """Return the logarithms of the probabilities that ``input`` scores."""
        return F.log_softmax(input, self.dim)

    def extra_repr(self):
        """Return the dimension."""
        return f"dim={self.dim}"
