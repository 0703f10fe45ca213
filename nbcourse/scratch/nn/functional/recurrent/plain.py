"""The plain recurrent network: the new state is a layer of the input and the old one.

h_t = φ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)  (Elman, 1990)
"""

import numpy as np

from ....tensor import Tensor, relu, tanh
from ....tensor.arguments import operation
from ..linear import linear
from .steps import by_input, by_weights, seen_by_steps, total_bias

__all__ = ["rnn", "rnn_cell"]


def rnn_cell(
    input, h, weight_ih, weight_hh, bias_ih=None, bias_hh=None, nonlinearity="tanh"
):
    """Return the new state (n, H) as a tuple.  input: (n, I), h: (n, H)."""
    sums = linear(input, weight_ih, bias_ih) + linear(h, weight_hh, bias_hh)
    return (tanh(sums) if nonlinearity == "tanh" else relu(sums),)


@operation
def rnn(
    input, h_0, weight_ih, weight_hh, bias_ih=None, bias_hh=None, nonlinearity="tanh"
):
    """Return all states (T, n, H) and the last one.  input: (T, n, I), h_0: (n, H)."""
    seen, h = seen_by_steps(input, h_0)
    bias = total_bias(weight_ih, bias_ih, bias_hh)
    weight = np.column_stack((weight_ih.data, bias, weight_hh.data))
    for step, state in zip(seen, h[1:], strict=False):
        np.matmul(weight, step, out=state)
        if nonlinearity == "tanh":
            np.tanh(state, out=state)
        else:
            np.maximum(state, 0, out=state)

    def backward(grad):
        y = h[1:]
        slope = 1 - y * y if nonlinearity == "tanh" else (~(y <= 0)).astype(y.dtype)
        d, by_h_0 = _back(grad, slope, weight_hh.data)
        by_x = by_input(input, weight_ih.data, d)
        return by_x, by_h_0.T, *by_weights(weights, d, seen[:-1])

    weights = (weight_ih, weight_hh)
    weights += () if bias_ih is None else (bias_ih, bias_hh)
    states = Tensor._result(h[1:], (input, h_0, *weights), backward)  # (T, H, n)
    return states.transpose(1, 2), states[-1].t()


def _back(grad, slope, weight_hh):
    """Return the gradients by the sums of all steps, (H, T, n), and by h_0, (H, n).

    ``grad`` is the gradient by each state, ``slope`` is φ' at each sum.
    """
    steps, hidden, n = slope.shape
    d, step = np.empty((hidden, steps, n), slope.dtype), np.empty_like(slope[0])
    back, dh = weight_hh.T.copy(), np.zeros_like(slope[0])
    for t in reversed(range(steps)):
        dh += grad[t]
        np.multiply(dh, slope[t], out=step)
        d[:, t] = step
        np.matmul(back, step, out=dh)  # what h_{t-1} did through h_t
    return d, dh
