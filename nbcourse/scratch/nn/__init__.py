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
)

_layers = public(
    *(module, parameter, containers, linear, activation, conv, pooling, padding),
    *(folding, normalization, dropout, sparse, rnn, attention, transformer),
    *(distance, loss),
)

__all__ = [*_layers, "functional", "init"]

globals().update(_layers)
