"""What optimisers share: groups of parameters, settings, state, and the loop."""

import collections
import copy
import numbers

import numpy as np

from ..tensor import Tensor, enable_grad, get_default_dtype, no_grad
from ..tensor.arguments import not_built
from ..tensor.writes import note

__all__ = ["Optimizer"]

_PIECE = 2**17  # elements: a few arrays of as many stay in the caches


class Optimizer:
    """Base of optimisers: groups of parameters with settings and state, and the loop.

    A subclass defines ``update(value, gradient, state, group)``, which changes the
    parameter ``value`` in place, and ``initial_state`` if it keeps something.

    Raises ValueError for an empty list and for a parameter that comes twice or is not a
    leaf, and TypeError for what is not a Tensor.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
        The leaves to change; or groups, dicts whose "params" are such leaves and whose
        other entries override defaults.
    defaults : dict
        The settings of a group that says nothing else.
    """

    non_negative = ()  # the settings that are numbers of at least 0

    def __init__(self, params, defaults):
        if isinstance(params, (Tensor, dict)):
            raise TypeError(
                "params: expected an iterable of Tensors or dicts, "
                f"got {type(params).__name__}"
            )
        self._check(defaults)
        self.defaults = defaults
        self.state = collections.defaultdict(dict)  # parameter → what update keeps
        self.param_groups = []
        self._opt_called = False  # whether step() was, since a schedule began
        groups = list(params)
        if not groups:
            raise ValueError(
                "params: expected at least one parameter, got an empty list"
            )
        for group in groups if isinstance(groups[0], dict) else [{"params": groups}]:
            self.add_param_group(group)

    def _check(self, settings):
        """Raise if a setting has a value that is wrong or not built."""
        name = type(self).__name__
        for way in ("foreach", "capturable", "differentiable", "fused"):
            not_built(name, **{way: settings.get(way)})
        for key, value in settings.items():
            several = value if isinstance(value, (tuple, list)) else [value]
            if key != "params" and any(isinstance(v, Tensor) for v in several):
                raise NotImplementedError(f"{name}: a tensor for {key} is not built")
        for key in self.non_negative:
            value = settings[key]
            if not isinstance(value, numbers.Real) or not value >= 0:
                raise ValueError(
                    f"{name}: expected {key} to be a number of at least 0, "
                    f"got {value!r}"
                )

    def add_param_group(self, param_group):
        """Add parameters with settings of their own."""
        group = {**self.defaults, **param_group}
        params = group["params"]
        if isinstance(params, set):
            raise TypeError("params: expected an order, as in a list, got a set")
        group["params"] = [params] if isinstance(params, Tensor) else list(params)
        known = {id(p) for g in self.param_groups for p in g["params"]}
        for p in group["params"]:
            if isinstance(p, tuple):
                raise NotImplementedError("params: named parameters are not built")
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
        self._check(group)
        self.param_groups.append(group)

    # --- learning

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
        self._opt_called = True
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with np.errstate(all="ignore"):
            for group in self.param_groups:
                settings = {k: _plain(v) for k, v in group.items()}
                for p in group["params"]:
                    if (gradient := p.grad) is not None:
                        self._update_one(p, gradient, settings)
        return loss

    def _update_one(self, p, gradient, group):
        """Update one parameter: count the step, and tell the engine of the write."""
        state = self.state[p]
        if not state:
            state.update(self.initial_state(p, group))
        if "step" in state:
            count = state["step"].data
            count += 1
        if group.get("maximize"):
            gradient = -gradient
        self.update(p, gradient, state, group)
        note(p.data)

    def initial_state(self, value, group):
        """Return what ``update`` keeps for the parameter ``value``, at its beginning.

        {name: Tensor}, where "step" is 0-d and counts updates; the others have the
        parameter's shape.
        """
        return {}

    def update(self, value, gradient, state, group):
        """Change the parameter ``value`` in place; every subclass says how."""
        raise NotImplementedError(
            f"{type(self).__name__}: expected the subclass to define update()"
        )

    # --- state

    def state_dict(self):
        """Return {"state": {0: {…}, …}, "param_groups": […]}, as torch does.

        Numbers stand for the parameters, in order; the Tensors are shared.
        """
        parameters = [p for group in self.param_groups for p in group["params"]]
        number = {id(p): i for i, p in enumerate(parameters)}
        state = {
            i: dict(self.state[p])
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

        Its tensors may be torch's, or arrays. Raises ValueError, and changes nothing,
        if the sizes of groups or state differ.
        """
        own = [len(g["params"]) for g in self.param_groups]
        given = [len(g["params"]) for g in state_dict["param_groups"]]
        if own != given:
            raise ValueError(
                f"load_state_dict: expected groups of {own} parameters, got {given}"
            )
        state, loaded = collections.defaultdict(dict), []
        for group, saved in zip(
            self.param_groups, state_dict["param_groups"], strict=True
        ):
            for p, i in zip(group["params"], saved["params"], strict=True):
                if i in state_dict["state"]:
                    entries = state_dict["state"][i].items()
                    state[p] = {k: _restored(k, v, p) for k, v in entries}
            loaded.append({**group, **copy.deepcopy(saved), "params": group["params"]})
            self._check(loaded[-1])
        self.state = state
        for group, settings in zip(self.param_groups, loaded, strict=True):
            group.update(settings)

    def __repr__(self):
        groups = []
        for i, group in enumerate(self.param_groups):
            settings = [f"    {k}: {group[k]}" for k in sorted(group) if k != "params"]
            groups.append("\n".join([f"Parameter Group {i}", *settings]))
        return f"{type(self).__name__} (\n" + "\n\n".join(groups) + "\n)"


def pieces(*tensors):
    """Yield matching rows of the tensors' arrays, as many as fit in the cache.

    An update rule that is written for one piece makes only small temporary arrays, and
    they need not travel to memory and back. None stays None; a 0-d tensor counts as one
    row. Raises TypeError unless the tensors have one shape and dtype.
    """
    arrays = [None if t is None else t.data for t in tensors]
    first = arrays[0]
    for a in arrays:
        if a is not None and (a.shape != first.shape or a.dtype != first.dtype):
            raise TypeError(
                f"expected gradient and state like the parameter, {first.dtype} of "
                f"shape {first.shape}; got {a.dtype} of shape {a.shape}"
            )
    if not first.ndim:
        arrays = [None if a is None else a.reshape(1) for a in arrays]
    length = len(arrays[0])
    rows = max(1, _PIECE * length // max(1, first.size))
    if rows >= length:
        yield arrays
        return
    for i in range(0, length, rows):
        yield [None if a is None else a[i : i + rows] for a in arrays]


def no_steps():
    """Return the 0-d Tensor that counts updates; torch's is floating-point too."""
    return Tensor(np.zeros((), get_default_dtype()))


def _plain(setting):
    """Return NumPy's numbers as Python's, which leave float32 arrays float32."""
    return setting.item() if isinstance(setting, np.generic) else setting


def _restored(key, value, parameter):
    """Return a copy of a saved entry as a Tensor, with the parameter's dtype.

    The count of steps keeps its own; other numbers and None stay what they are.
    """
    if value is None or (isinstance(value, (bool, int, float)) and key != "step"):
        return value
    array = np.asarray(value.data if isinstance(value, Tensor) else value)
    if key == "step":
        return Tensor(array.astype(array.dtype if array.dtype.kind == "f" else "f4"))
    if array.shape != parameter.shape:
        raise ValueError(
            f"load_state_dict: expected state of shape {parameter.shape}, "
            f"got {array.shape}"
        )
    return Tensor(array.astype(parameter.dtype))
