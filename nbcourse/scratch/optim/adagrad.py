"""Adagrad: each weight's steps shrink with all the gradients that it has seen."""

import numpy as np

from ..tensor import full_like
from .optimizer import Optimizer, no_steps, pieces

__all__ = ["Adagrad"]


class Adagrad(Optimizer):
    """w ← w - lr · g / (√s + ε), where s adds up g² (Duchi, Hazan and Singer, 2011).

    Parameters
    ----------
    lr, lr_decay : float
        The learning rate and η in lr / (1 + (t - 1) η), its value at update t.
    weight_decay : float
        λ of the penalty ½ λ ‖w‖², whose gradient λ w is added to g.
    initial_accumulator_value : float
        Where s begins. A group may have its own, which torch ignores.
    eps : float
        ε, against division by 0.
    maximize : bool
        Climb instead of descend.
    """

    non_negative = (
        "lr",
        "lr_decay",
        "weight_decay",
        "initial_accumulator_value",
        "eps",
    )

    def __init__(
        self,
        params,
        lr=1e-2,
        lr_decay=0,
        weight_decay=0,
        initial_accumulator_value=0,
        eps=1e-10,
        foreach=None,
        *,
        maximize=False,
        differentiable=False,
        fused=None,
    ):
        settings = {
            "lr": lr,
            "lr_decay": lr_decay,
            "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, settings)

    def add_param_group(self, param_group):
        """Add parameters with settings of their own; their state begins at once."""
        super().add_param_group(param_group)
        group = self.param_groups[-1]
        for p in group["params"]:
            self.state[p] = self.initial_state(p, group)

    def initial_state(self, value, group):
        """Return the count of updates and s."""
        start = group["initial_accumulator_value"]
        return {"step": no_steps(), "sum": full_like(value, start)}

    def update(self, value, gradient, state, group):
        """s ← s + g², w ← w - lr · g / (√s + ε), in place."""
        t = state["step"].item()
        lr = group["lr"] / (1 + (t - 1) * group["lr_decay"])
        for w, g, s in pieces(value, gradient, state["sum"]):
            if group["weight_decay"]:
                g = g + group["weight_decay"] * w
            s += g * g
            w -= lr * g / (np.sqrt(s) + group["eps"])
