"""Layers, losses and containers, as in ``torch.nn``."""

from ..names import public
from . import (
    activation,
    attention,
    containers,
    conv,
    distance,
    dropout,
    folding,
    functional,
    init,
    layer_norm,
    linear,
    loss,
    module,
    normalization,
    padding,
    parameter,
    pooling,
    rnn,
    sparse,
    transformer,
    utils,
)

_layers = public(
    *(module, parameter, containers, linear, activation, conv, pooling, padding),
    *(folding, normalization, layer_norm, dropout, sparse, rnn, attention, transformer),
    *(distance, loss),
)

__all__ = [*_layers, "functional", "init", "utils"]

globals().update(_layers)
