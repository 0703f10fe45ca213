"""The mathematics of layers, as in ``torch.nn.functional``: a file for each family."""

from ...names import public
from . import (
    activation,
    attention,
    convolution,
    distance,
    dropout,
    folding,
    linear,
    loss,
    normalization,
    padding,
    pooling,
    sparse,
)

_functions = public(
    *(linear, activation, convolution, pooling, padding, folding, normalization),
    *(dropout, sparse, attention, distance, loss),
)

__all__ = list(_functions)

globals().update(_functions)
