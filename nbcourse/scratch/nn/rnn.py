"""Recurrent layers and their cells: plain, LSTM and GRU."""

import functools
import math
import numbers
import warnings

from ..tensor import Tensor, cat, empty, flip, stack, zeros
from ..tensor.arguments import cpu_only, same_dtype
from . import functional as F
from . import init
from .functional import recurrent
from .module import Module
from .parameter import Parameter

__all__ = ["GRU", "LSTM", "RNN", "GRUCell", "LSTMCell", "RNNCell"]


class _Recurrent(Module):
    """Base: layers one above the other, each over the whole sequence.

    ``gates`` is how many blocks of hidden_size rows the weights have.
    """

    gates, proj_size = 1, 0

    def __init__(
        self,
        input_size,
        hidden_size,
        num_layers=1,
        bias=True,
        batch_first=False,
        dropout=0.0,
        bidirectional=False,
        device=None,
        dtype=None,
    ):
        super().__init__()
        cpu_only(type(self).__name__, device)
        self.input_size, self.hidden_size = input_size, hidden_size
        self.num_layers, self.bias, self.batch_first = num_layers, bias, batch_first
        self.dropout, self.bidirectional = dropout, bidirectional
        self._check_settings()
        self.dropout = float(dropout)
        self._all_weights = []
        for layer in range(num_layers):
            for suffix in ("", "_reverse")[: 1 + bidirectional]:
                shapes = self._shapes(layer)
                names = {f"{kind}_l{layer}{suffix}": kind for kind in shapes}
                self._all_weights.append(list(names))
                for name, kind in names.items():
                    setattr(self, name, Parameter(empty(shapes[kind], dtype=dtype)))
        self.reset_parameters()

    def _check_settings(self):
        """Raise for a setting that cannot be, as torch does."""
        kind = type(self).__name__
        for name in ("input_size", "hidden_size", "num_layers"):
            _check_size(kind, name, getattr(self, name), 1)
        for name in ("bias", "batch_first", "bidirectional"):
            if not isinstance(getattr(self, name), bool):
                raise TypeError(
                    f"{kind}: expected {name} to be True or False, "
                    f"got {getattr(self, name)!r}"
                )
        _check_size(kind, "proj_size", self.proj_size, 0)
        if self.proj_size >= self.hidden_size:
            raise ValueError(
                f"{kind}: expected proj_size below hidden_size {self.hidden_size}, "
                f"got {self.proj_size}"
            )
        p = self.dropout
        if isinstance(p, bool) or not isinstance(p, numbers.Real) or not 0 <= p <= 1:
            raise ValueError(f"{kind}: expected dropout from 0 to 1, got {p!r}")
        if p and self.num_layers == 1:
            warnings.warn(
                f"{kind}: dropout={p} comes between layers, and there is only one",
                stacklevel=3,
            )

    def _shapes(self, layer):
        """Return {kind of parameter: shape} for one direction of a layer."""
        rows, out = self.gates * self.hidden_size, self.proj_size or self.hidden_size
        below = self.input_size if layer == 0 else out * (1 + self.bidirectional)
        shapes = {"weight_ih": (rows, below), "weight_hh": (rows, out)}
        if self.bias:
            shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
        if self.proj_size:
            shapes |= {"weight_hr": (self.proj_size, self.hidden_size)}
        return shapes

    @property
    def all_weights(self):
        """The parameters: a list for each layer and direction."""
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    def reset_parameters(self):
        """Spread all parameters evenly over ± 1/√hidden_size."""
        _spread(self)

    def flatten_parameters(self):
        """Do nothing: only torch's layers on a GPU need it."""

    def forward(self, input, hx=None):
        """Return the output, the last layer's h at all steps, and all last states.

        input: (T, n, I), (n, T, I) with ``batch_first``, or (T, I) for one sequence.
        The output is alike, with D H instead of I; D is 2 if bidirectional, else 1. hx
        and the last states are (D layers, n, H), or (D layers, H) for one sequence; 0
        without hx. Raises ValueError for shapes that do not fit, TypeError for dtypes.
        """
        x = self._steps_first(input)  # (T, n, I)
        initial = self._initial(hx, x, input.ndim == 3)
        directions, last = 1 + self.bidirectional, []
        for layer in range(self.num_layers):
            x = F.dropout(x, self.dropout, self.training) if layer else x
            outputs = []
            for backwards in range(directions):
                k = layer * directions + backwards
                states = [state[k] for state in initial]
                given = flip(x, 0) if backwards else x
                output, *states = self._layer(given, *states, *self.all_weights[k])
                outputs.append(flip(output, 0) if backwards else output)
                last.append(states)
            x = cat(outputs, 2) if self.bidirectional else outputs[0]
        return self._as_given(input, x, [stack(s) for s in zip(*last, strict=True)])

    def _steps_first(self, input):
        """Return input as (T, n, I); raise unless it fits."""
        kind, size = type(self).__name__, self.input_size
        if isinstance(input, tuple):
            raise NotImplementedError(
                f"{kind}: input={type(input).__name__} is not built; give a Tensor"
            )
        if not isinstance(input, Tensor):
            raise TypeError(
                f"{kind}: expected input to be a Tensor, got {type(input).__name__}"
            )
        if input.ndim not in (2, 3) or input.shape[-1] != size:
            order = "n, T" if self.batch_first else "T, n"
            raise ValueError(
                f"{kind}: expected input ({order}, {size}) or (T, {size}), "
                f"got {input.shape}"
            )
        same_dtype(kind, input=input, weight_ih_l0=self.weight_ih_l0)
        if input.ndim == 2:
            x = input.unsqueeze(1)
        else:
            x = input.transpose(0, 1) if self.batch_first else input
        if not len(x):
            raise ValueError(f"{kind}: expected at least one step, got {input.shape}")
        return x

    def _initial(self, hx, x, batched):
        """Return the states to begin with, each (D layers, n, H); raise unless fit."""
        count, n = self.num_layers * (1 + self.bidirectional), x.shape[1]
        sizes = self._state_sizes()
        if hx is None:
            return [zeros(count, n, size, dtype=x.dtype) for size in sizes.values()]
        leading = (count, n) if batched else (count,)
        states = _checked_states(self, hx, {k: (*leading, s) for k, s in sizes.items()})
        same_dtype(type(self).__name__, input=x, **states)
        return [s if batched else s.unsqueeze(1) for s in states.values()]

    def _state_sizes(self):
        """Return {name: size} of the states."""
        return {"hx": self.hidden_size}

    def _as_given(self, input, output, last):
        """Return output and last states in the form in which the input came."""
        if input.ndim == 2:
            output, last = output.squeeze(1), [state.squeeze(1) for state in last]
        elif self.batch_first:
            output = output.transpose(0, 1)
        else:
            output = output.contiguous()
        return output, last[0] if len(last) == 1 else tuple(last)

    def extra_repr(self):
        """Return the sizes, and the settings that differ from their defaults."""
        usual = {
            "proj_size": 0,
            "num_layers": 1,
            "bias": True,
            "batch_first": False,
            "dropout": 0.0,
            "bidirectional": False,
        }
        settings = [(name, getattr(self, name), x) for name, x in usual.items()]
        shown = [f"{name}={value}" for name, value, x in settings if value != x]
        return ", ".join([str(self.input_size), str(self.hidden_size), *shown])


class RNN(_Recurrent):
    """h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh), or relu as ``nonlinearity``.

    With ``num_layers``, each layer reads the states of the one below, through dropout
    in training; with ``bidirectional``, a second network reads the steps from the end,
    and both outputs stand side by side. Parameters start evenly spread over
    ± 1/√hidden_size. (Elman, 1990; bidirectional: Schuster and Paliwal, 1997.)
    """

    def __init__(
        self,
        input_size,
        hidden_size,
        num_layers=1,
        nonlinearity="tanh",
        bias=True,
        batch_first=False,
        dropout=0.0,
        bidirectional=False,
        device=None,
        dtype=None,
    ):
        _check_nonlinearity("RNN", nonlinearity)
        self.nonlinearity = nonlinearity
        sizes, settings = (input_size, hidden_size, num_layers), (bias, batch_first)
        super().__init__(*sizes, *settings, dropout, bidirectional, device, dtype)

    def _layer(self, x, h, *weights):
        return recurrent.rnn(x, h, *weights, nonlinearity=self.nonlinearity)


class LSTM(_Recurrent):
    """Long short-term memory: gates i, f, o = σ(…) and g = tanh(…) of x_t and h_{t-1}.

    c_t = f c_{t-1} + i g and h_t = o tanh(c_t). The weights' rows stand in the order
    i, f, g, o; hx and the last states are pairs (h, c). With ``proj_size``, h is
    projected to that size (Sak et al., 2014), by a slower loop. The other settings are
    those of `RNN`. (Hochreiter and Schmidhuber, 1997; Gers et al., 2000.)
    """

    gates = 4

    def __init__(
        self,
        input_size,
        hidden_size,
        num_layers=1,
        bias=True,
        batch_first=False,
        dropout=0.0,
        bidirectional=False,
        proj_size=0,
        device=None,
        dtype=None,
    ):
        self.proj_size = proj_size
        sizes, settings = (input_size, hidden_size, num_layers), (bias, batch_first)
        super().__init__(*sizes, *settings, dropout, bidirectional, device, dtype)

    def _state_sizes(self):
        return {"h_0": self.proj_size or self.hidden_size, "c_0": self.hidden_size}

    def _layer(self, x, h, c, *weights):
        if not self.proj_size:
            return recurrent.lstm(x, h, c, *weights)
        *weights, weight_hr = weights
        cell = functools.partial(recurrent.lstm_cell, weight_hr=weight_hr)
        return recurrent.unrolled(cell, x, (h, c), *weights)


class GRU(_Recurrent):
    """Gated recurrent unit: h_t = (1 - z) n + z h_{t-1}, with gates r, z = σ(…).

    n = tanh(W_in x_t + b_in + r (W_hn h_{t-1} + b_hn)). The weights' rows stand in the
    order r, z, n. The other settings are those of `RNN`. (Cho et al., 2014.)
    """

    gates = 3

    def _layer(self, x, h, *weights):
        return recurrent.gru(x, h, *weights)


class _Cell(Module):
    """Base: one step of a recurrent network."""

    gates = 1

    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__()
        cpu_only(type(self).__name__, device)
        _check_size(type(self).__name__, "input_size", input_size, 0)
        _check_size(type(self).__name__, "hidden_size", hidden_size, 0)
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        rows = self.gates * hidden_size
        self.weight_ih = Parameter(empty(rows, input_size, dtype=dtype))
        self.weight_hh = Parameter(empty(rows, hidden_size, dtype=dtype))
        self.bias_ih = Parameter(empty(rows, dtype=dtype)) if bias else None
        self.bias_hh = Parameter(empty(rows, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self):
        """Spread all parameters evenly over ± 1/√hidden_size."""
        _spread(self)

    def _weights(self):
        return self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh

    def _states(self, input, hx, names):
        """Return the states before the step, zeros without hx; raise unless all fit."""
        kind, size = type(self).__name__, self.input_size
        if not isinstance(input, Tensor):
            raise TypeError(
                f"{kind}: expected input to be a Tensor, got {type(input).__name__}"
            )
        if input.ndim not in (1, 2) or input.shape[-1] != size:
            raise ValueError(
                f"{kind}: expected input (n, {size}) or ({size}), got {input.shape}"
            )
        shape = (*input.shape[:-1], self.hidden_size)
        if hx is None:
            return [zeros(shape, dtype=input.dtype) for _ in names]
        return list(_checked_states(self, hx, dict.fromkeys(names, shape)).values())

    def extra_repr(self):
        """Return the sizes, and the settings that differ from their defaults."""
        text = f"{self.input_size}, {self.hidden_size}"
        text += "" if self.bias is True else f", bias={self.bias}"
        nonlinearity = getattr(self, "nonlinearity", "tanh")
        return text + f", nonlinearity={nonlinearity}" * (nonlinearity != "tanh")


class RNNCell(_Cell):
    """One step of `RNN`: h' = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu."""

    def __init__(
        self,
        input_size,
        hidden_size,
        bias=True,
        nonlinearity="tanh",
        device=None,
        dtype=None,
    ):
        _check_nonlinearity("RNNCell", nonlinearity)
        super().__init__(input_size, hidden_size, bias, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input, hx=None):
        """Return the new h.  input: (n, I) or (I), hx: (n, H) or (H), 0 if None."""
        (h,) = self._states(input, hx, ["hx"])
        (h,) = recurrent.rnn_cell(input, h, *self._weights(), self.nonlinearity)
        return h


class LSTMCell(_Cell):
    """One step of `LSTM`."""

    gates = 4

    def forward(self, input, hx=None):
        """Return the new (h, c).  input: (n, I) or (I); hx = (h, c), 0 if None."""
        h, c = self._states(input, hx, ["h_0", "c_0"])
        return recurrent.lstm_cell(input, h, c, *self._weights())


class GRUCell(_Cell):
    """One step of `GRU`."""

    gates = 3

    def forward(self, input, hx=None):
        """Return the new h.  input: (n, I) or (I), hx: (n, H) or (H), 0 if None."""
        (h,) = self._states(input, hx, ["hx"])
        (h,) = recurrent.gru_cell(input, h, *self._weights())
        return h


def _spread(module):
    """Spread all parameters evenly over ± 1/√hidden_size."""
    bound = 1 / math.sqrt(module.hidden_size) if module.hidden_size else 0
    for parameter in module.parameters():
        init.uniform_(parameter, -bound, bound)


def _check_size(kind, name, size, least):
    """Raise unless ``size`` is an integer of at least ``least``."""
    if isinstance(size, bool) or not hasattr(size, "__index__"):
        raise TypeError(f"{kind}: expected {name} to be an integer, got {size!r}")
    if size < least:
        raise ValueError(f"{kind}: expected {name} of at least {least}, got {size}")


def _check_nonlinearity(kind, nonlinearity):
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(
            f"{kind}: expected nonlinearity 'tanh' or 'relu', got {nonlinearity!r}"
        )


def _checked_states(module, hx, shapes):
    """Return hx, a Tensor or a pair, as {name: state}; raise unless the shapes fit."""
    kind, several = type(module).__name__, len(shapes) > 1
    given = hx if isinstance(hx, tuple | list) else (hx,)
    if len(given) != len(shapes) or not all(isinstance(s, Tensor) for s in given):
        expected = "a pair of Tensors (h, c)" if several else "a Tensor"
        found = [type(s).__name__ for s in given]
        raise TypeError(f"{kind}: expected hx to be {expected}, got {found}")
    states = dict(zip(shapes, given, strict=True))
    for name, state in states.items():
        if state.shape != shapes[name]:
            raise ValueError(
                f"{kind}: expected {name} of shape {shapes[name]}, got {state.shape}"
            )
    return states
