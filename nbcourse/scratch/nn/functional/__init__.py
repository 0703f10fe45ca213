"""The mathematics of layers, as in ``torch.nn.functional``: a file for each family."""

from ...names import public
from . import (
    activation,
    adaptive_pooling,
    attention,
    classification,
    convolution,
    distance,
    dropout,
    folding,
    layer_norm,
    linear,
    normalization,
    padding,
    pooling,
    probability,
    regression,
    similarity,
    softmax,
    sparse,
)

_functions = public(
    *(linear, activation, softmax, convolution, pooling, adaptive_pooling),
    *(padding, folding),
    *(normalization, layer_norm, dropout, sparse, attention, distance),
    *(regression, probability, classification, similarity),
)

__all__ = list(_functions)

globals().update(_functions)
