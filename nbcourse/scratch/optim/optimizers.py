"""Optimisers: what they share, then each one's update rule."""

import collections
import copy
import numbers

import numpy as np

from ..tensor import Tensor, enable_grad, no_grad
from ..tensor.arguments import not_built
from ..tensor.writes import note

__all__ = ["SGD", "Optimizer"]


class Optimizer:
    """Base of optimisers: groups of parameters with settings and state, and the loop.

    A subclass defines ``update(value, gradient, state, group)``, which changes the
    array ``value`` in place.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
        The leaves to change; or groups, dicts whose "params" are such leaves and whose
        other entries override defaults.
    defaults : dict
        The settings of a group that says nothing else.

    Raises ValueError for an empty list and for a parameter that comes twice or is not a
    leaf, and TypeError for what is not a Tensor.
    """

    def __init__(self, params, defaults):
        if isinstance(params, (Tensor, dict)):
            raise TypeError(
                "params: expected an iterable of Tensors or dicts, "
                f"got {type(params).__name__}"
            )
        self.defaults = defaults
        self.state = collections.defaultdict(dict)  # parameter → what update keeps
        self.param_groups = []
        groups = list(params)
        if not groups:
            raise ValueError(
                "params: expected at least one parameter, got an empty list"
            )
        for group in groups if isinstance(groups[0], dict) else [{"params": groups}]:
            self.add_param_group(group)

    def add_param_group(self, param_group):
        """Add parameters with settings of their own."""
        group = {**self.defaults, **param_group}
        params = group["params"]
        group["params"] = [params] if isinstance(params, Tensor) else list(params)
        known = {id(p) for g in self.param_groups for p in g["params"]}
        for p in group["params"]:
            if not isinstance(p, Tensor):
                raise TypeError(f"params: expected Tensors, got {type(p).__name__}")
            if not p.is_leaf:
                raise ValueError(
                    "params: expected leaf tensors, got the result of an operation"
                )
            if id(p) in known:
                raise ValueError(
                    "params: expected each parameter once, "
                    f"got one of shape {p.shape} again"
                )
            known.add(id(p))
        self.param_groups.append(group)

    def zero_grad(self, set_to_none=True):
        """Forget the gradients, or set them to zeros."""
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none:
                    p.grad = None
                elif p.grad is not None:
                    p.grad.zero_()

    @no_grad
    def step(self, closure=None):
        """Update every parameter that has a gradient.

        ``closure``, if given, computes the loss first, which is then returned.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with np.errstate(all="ignore"):
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        self.update(p.data, p.grad.data, self.state[p], group)
                        note(p.data)  # the engine must know of writes
        return loss

    def update(self, value, gradient, state, group):
        """Change the array ``value`` in place; every subclass says how."""
        raise NotImplementedError(
            f"{type(self).__name__}: expected the subclass to define update()"
        )

    def state_dict(self):
        """Return {"state": …, "param_groups": …}, as torch does.

        Numbers stand for the parameters, in order, and Tensors for arrays.
        """
        parameters = [p for group in self.param_groups for p in group["params"]]
        number = {id(p): i for i, p in enumerate(parameters)}
        state = {
            i: {
                k: Tensor(v) if isinstance(v, np.ndarray) else v
                for k, v in self.state[p].items()
            }
            for i, p in enumerate(parameters)
            if self.state.get(p)
        }
        groups = [
            {**g, "params": [number[id(p)] for p in g["params"]]}
            for g in self.param_groups
        ]
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict):
        """Take over a copy of the state and settings of an optimiser like this one.

        Raises ValueError, and changes nothing, if the sizes of groups or state differ.
        """
        own = [len(g["params"]) for g in self.param_groups]
        given = [len(g["params"]) for g in state_dict["param_groups"]]
        if own != given:
            raise ValueError(
                f"load_state_dict: expected groups of {own} parameters, got {given}"
            )
        groups = list(zip(self.param_groups, state_dict["param_groups"], strict=True))
        state = collections.defaultdict(dict)
        for group, saved in groups:
            for p, i in zip(group["params"], saved["params"], strict=True):
                if i in state_dict["state"]:
                    entries = state_dict["state"][i].items()
                    state[p] = {k: _restored(v, p) for k, v in entries}
        for group, saved in groups:
            settings = {k: v for k, v in saved.items() if k != "params"}
            group.update(copy.deepcopy(settings))
        self.state = state

    def __repr__(self):
        groups = []
        for i, group in enumerate(self.param_groups):
            settings = [f"    {k}: {group[k]}" for k in sorted(group) if k != "params"]
            groups.append("\n".join([f"Parameter Group {i}", *settings]))
        return f"{type(self).__name__} (\n" + "\n\n".join(groups) + "\n)"


def _restored(value, parameter):
    """Return a copy of a saved entry; an array like the parameter gets its dtype."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    array = np.array(value.data if isinstance(value, Tensor) else value)
    if array.ndim and array.shape != parameter.shape:
        raise ValueError(
            f"load_state_dict: expected state of shape {parameter.shape}, "
            f"got {array.shape}"
        )
    return array.astype(parameter.dtype) if array.ndim == parameter.ndim else array


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
        not_built("SGD", foreach=foreach, differentiable=differentiable, fused=fused)
        settings = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
        }
        for name in ("lr", "momentum", "weight_decay"):
            value = settings[name]
            if not isinstance(value, numbers.Real) or not value >= 0:
                raise ValueError(
                    f"SGD: expected {name} to be a number of at least 0, got {value!r}"
                )
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                "SGD: nesterov expected a momentum above 0 and no dampening, "
                f"got {momentum} and {dampening}"
            )
        super().__init__(params, settings)

    def update(self, value, gradient, state, group):
        """w ← w - lr · (g + λ w), in place; with momentum, w ← w - lr · v instead."""
        momentum = group["momentum"]
        g = -gradient if group["maximize"] else gradient
        if group["weight_decay"]:
            g = g + group["weight_decay"] * value
        if momentum:
            v = state.get("momentum_buffer")
            if v is None:
                v = state["momentum_buffer"] = np.array(g)  # a copy
            else:  # v ← μ v + (1 - τ) g
                v *= momentum
                v += (1 - group["dampening"]) * g
            g = g + momentum * v if group["nesterov"] else v
        value -= group["lr"] * g
