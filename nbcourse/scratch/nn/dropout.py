"""Dropout layers, which do something in training mode only; see `functional`."""

from ..tensor.arguments import not_built
from . import functional as F
from .module import Module

__all__ = ["AlphaDropout", "Dropout", "Dropout1d", "Dropout2d"]


class _Dropout(Module):
    """Base: the probability p and how it is printed."""

    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        not_built(type(self).__name__, inplace=inplace)
        if not 0 <= p <= 1:
            raise ValueError(f"{type(self).__name__}: expected p from 0 to 1, got {p}")
        self.p = p

    def extra_repr(self):
        """Return the probability, as torch prints it."""
        return f"p={self.p}, inplace=False"


class Dropout(_Dropout):
    """Zeroes each element with probability p and divides the others by 1 - p."""

    def forward(self, input):
        """Return ``input`` with some elements switched off, in training."""
        return F.dropout(input, self.p, self.training)


class Dropout1d(_Dropout):
    """`Dropout` of whole channels.  input: (N, C, L) or (C, L)."""

    def forward(self, input):
        """Return ``input`` with some channels switched off, in training."""
        return F.dropout1d(input, self.p, self.training)


class Dropout2d(_Dropout):
    """`Dropout` of whole channels.  input: (N, C, H, W)."""

    def forward(self, input):
        """Return ``input`` with some channels switched off, in training."""
        return F.dropout2d(input, self.p, self.training)


class AlphaDropout(_Dropout):
    """Dropout that keeps mean 0 and variance 1, for networks with SELU."""

    def forward(self, input):
        """Return ``input`` with some elements at SELU's lowest value, in training."""
        return F.alpha_dropout(input, self.p, self.training)
