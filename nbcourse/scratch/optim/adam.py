"""Adam: momentum divided by the gradient's recent size, both without their bias."""

import math

import numpy as np

from ..tensor import zeros_like
from .optimizer import Optimizer, no_steps, pieces

__all__ = ["Adam", "AdamW"]


class Adam(Optimizer):
    """w ← w - lr · m̂ / (√v̂ + ε) (Kingma and Ba, 2015).

    m and v are moving averages of g and g². They begin at 0; m̂ = m / (1 - β₁ᵗ) and
    v̂ = v / (1 - β₂ᵗ) make up for that at update t.

    Parameters
    ----------
    lr : float
        The learning rate, at least 0.
    betas : (float, float)
        β₁ and β₂ of the averages, in [0, 1).
    eps : float
        ε, against division by 0.
    weight_decay : float
        λ of the penalty ½ λ ‖w‖², whose gradient λ w is added to g.
    amsgrad : bool
        Divide by the largest v so far (Reddi, Kale and Kumar, 2018).
    maximize : bool
        Climb instead of descend.
    decoupled_weight_decay : bool
        Decay as `AdamW` does.
    """

    non_negative = ("lr", "eps", "weight_decay")

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0,
        amsgrad=False,
        *,
        foreach=None,
        maximize=False,
        capturable=False,
        differentiable=False,
        fused=None,
        decoupled_weight_decay=False,
    ):
        settings = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
            "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, settings)

    def _check(self, settings):
        super()._check(settings)
        betas = settings["betas"]
        if len(betas) != 2 or not all(
            isinstance(b, float) and 0 <= b < 1 for b in betas
        ):
            raise ValueError(
                f"{type(self).__name__}: expected betas to be two floats in [0, 1), "
                f"got {betas}"
            )

    def initial_state(self, value, group):
        """Return the count of updates, m and v; for AMSGrad the largest v."""
        names = ["exp_avg", "exp_avg_sq"] + ["max_exp_avg_sq"] * group["amsgrad"]
        return {"step": no_steps(), **{name: zeros_like(value) for name in names}}

    def update(self, value, gradient, state, group):
        """w ← w - lr · m̂ / (√v̂ + ε), in place, a piece at a time."""
        (beta1, beta2), decay = group["betas"], group["weight_decay"]
        t = state["step"].item()
        # Kingma and Ba's faster order: both corrections as numbers, outside the arrays.
        correction = math.sqrt(1 - beta2**t)
        step_size = group["lr"] * correction / (1 - beta1**t)
        names = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
        kept = [state.get(name) for name in names]
        for w, g, m, v, peak in pieces(value, gradient, *kept):
            if decay and group["decoupled_weight_decay"]:
                w *= 1 - group["lr"] * decay
            elif decay:
                g = g + decay * w
            m *= beta1  # m ← β₁ m + (1 - β₁) g
            x = (1 - beta1) * g
            m += x
            v *= beta2  # v ← β₂ v + (1 - β₂) g²
            np.square(g, out=x)
            x *= 1 - beta2
            v += x
            np.sqrt(np.maximum(peak, v, out=peak) if group["amsgrad"] else v, out=x)
            x += group["eps"] * correction
            np.divide(m, x, out=x)
            x *= step_size
            w -= x


class AdamW(Adam):
    """Adam with decoupled weight decay: w ← (1 - lr · λ) w comes before its step.

    So g stays without λ w, and the decay is not divided by √v̂ (Loshchilov and Hutter,
    2019). The parameters are those of `Adam`.
    """

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=1e-2,
        amsgrad=False,
        *,
        maximize=False,
        foreach=None,
        capturable=False,
        differentiable=False,
        fused=None,
    ):
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )

    def load_state_dict(self, state_dict):
        """Take over state and settings, also Adam's, but stay AdamW."""
        super().load_state_dict(state_dict)
        for group in self.param_groups:
            group["decoupled_weight_decay"] = True
