"""Stochastic gradient descent: a step against the gradient, or along its momentum."""

from ..tensor import zeros_like
from .optimizer import Optimizer, pieces

__all__ = ["SGD"]


class SGD(Optimizer):
    """Stochastic gradient descent, w ← w - lr · g.

    Momentum puts v ← μ v + (1 - τ) g in the place of g.

    Parameters
    ----------
    lr : float
        The learning rate, at least 0.
    momentum, dampening : float
        μ and τ; the first v is g itself.
    nesterov : bool
        Step along g + μ v (Nesterov, 1983; Sutskever et al., 2013).
    weight_decay : float
        λ of the penalty ½ λ ‖w‖², whose gradient λ w is added to g.
    maximize : bool
        Climb instead of descend.
    """

    non_negative = ("lr", "momentum", "weight_decay")

    def __init__(
        self,
        params,
        lr=1e-3,
        momentum=0,
        dampening=0,
        weight_decay=0,
        nesterov=False,
        *,
        maximize=False,
        foreach=None,
        differentiable=False,
        fused=None,
    ):
        settings = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, settings)

    def _check(self, settings):
        super()._check(settings)
        momentum, dampening = settings["momentum"], settings["dampening"]
        if settings["nesterov"] and (momentum <= 0 or dampening != 0):
            raise ValueError(
                "SGD: nesterov expected a momentum above 0 and no dampening, "
                f"got {momentum} and {dampening}"
            )

    def update(self, value, gradient, state, group):
        """w ← w - lr · (g + λ w), in place; with momentum, w ← w - lr · v instead."""
        momentum = group["momentum"]
        velocity = state.get("momentum_buffer")
        first = velocity is None
        if momentum and first:
            velocity = state["momentum_buffer"] = zeros_like(value)
        for w, g, v in pieces(value, gradient, velocity):
            if group["weight_decay"]:
                g = g + group["weight_decay"] * w
            if momentum:  # v ← μ v + (1 - τ) g, and the first v is g
                v *= momentum
                v += g if first else (1 - group["dampening"]) * g
                g = g + momentum * v if group["nesterov"] else v
            w -= group["lr"] * g
