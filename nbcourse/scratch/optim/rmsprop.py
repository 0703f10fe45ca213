"""RMSprop: steps in units of the gradient's recent size."""

import numpy as np

from ..tensor import zeros_like
from .optimizer import Optimizer, no_steps, pieces

__all__ = ["RMSprop"]


class RMSprop(Optimizer):
    """w ← w - lr · g / (√v + ε), v a moving average of g² (Tieleman and Hinton, 2012).

    Parameters
    ----------
    lr : float
        The learning rate, at least 0.
    alpha : float
        α of the moving averages, v ← α v + (1 - α) g².
    eps : float
        ε, against division by 0.
    weight_decay : float
        λ of the penalty ½ λ ‖w‖², whose gradient λ w is added to g.
    momentum : float
        μ; above 0, b ← μ b + g / (√v + ε) is the step.
    centered : bool
        Divide by the standard deviation, √(v - m²) with m the average of g.
    maximize : bool
        Climb instead of descend.
    """

    non_negative = ("lr", "eps", "momentum", "weight_decay", "alpha")

    def __init__(
        self,
        params,
        lr=1e-2,
        alpha=0.99,
        eps=1e-8,
        weight_decay=0,
        momentum=0,
        centered=False,
        capturable=False,
        foreach=None,
        maximize=False,
        differentiable=False,
    ):
        settings = {
            "lr": lr,
            "momentum": momentum,
            "alpha": alpha,
            "eps": eps,
            "centered": centered,
            "weight_decay": weight_decay,
            "capturable": capturable,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
        }
        super().__init__(params, settings)

    def initial_state(self, value, group):
        """Return the count of updates and v; with momentum b, when centred m."""
        state = {"step": no_steps(), "square_avg": zeros_like(value)}
        if group["momentum"]:
            state["momentum_buffer"] = zeros_like(value)
        if group["centered"]:
            state["grad_avg"] = zeros_like(value)
        return state

    def update(self, value, gradient, state, group):
        """v ← α v + (1 - α) g², w ← w - lr · g / (√v + ε), in place."""
        alpha = group["alpha"]
        names = ("square_avg", "momentum_buffer", "grad_avg")
        kept = [state.get(name) for name in names]
        for w, g, v, b, m in pieces(value, gradient, *kept):
            if group["weight_decay"]:
                g = g + group["weight_decay"] * w
            v *= alpha
            v += (1 - alpha) * g * g
            variance = v
            if group["centered"]:
                m += (1 - alpha) * (g - m)
                variance = v - m * m
            step = g / (np.sqrt(variance) + group["eps"])
            if group["momentum"]:  # b ← μ b + step
                b *= group["momentum"]
                b += step
                step = b
            w -= group["lr"] * step
