"""Long short-term memory: gates decide what a cell keeps, takes in and shows.

    i, f, o = σ(…), g = tanh(…)   each of W_ih x_t + b_ih + W_hh h_{t-1} + b_hh
    c_t = f c_{t-1} + i g
    h_t = o tanh(c_t)

(Hochreiter and Schmidhuber, 1997; with the forget gate f of Gers et al., 2000.) The
weights' rows stand in the order i, f, g, o.
"""

import numpy as np

from ....tensor import Tensor, chunk, sigmoid, tanh
from ....tensor.arguments import operation
from ..linear import linear
from .steps import by_input, by_weights, seen_by_steps, total_bias

__all__ = ["lstm", "lstm_cell"]


def lstm_cell(
    input, h, c, weight_ih, weight_hh, bias_ih=None, bias_hh=None, weight_hr=None
):
    """Return the new h and c.  input: (n, I), h and c: (n, H).

    With ``weight_hr`` (P, H), h is projected to (n, P).  (Sak et al., 2014.)
    """
    sums = linear(input, weight_ih, bias_ih) + linear(h, weight_hh, bias_hh)
    i, f, g, o = chunk(sums, 4, -1)
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    h = sigmoid(o) * tanh(c)
    return h if weight_hr is None else linear(h, weight_hr), c


@operation
def lstm(input, h_0, c_0, weight_ih, weight_hh, bias_ih=None, bias_hh=None):
    """Return all h (T, n, H), h_T and c_T.  input: (T, n, I), h_0 and c_0: (n, H).

    Inside, o stands first: o, i, f, g, c_{t-1} lie one below the other in memory, so
    that one operation does for the three sigmoids, and one for i g and f c_{t-1}.
    """
    (steps, n), hidden = input.shape[:2], h_0.shape[1]
    seen, h = seen_by_steps(input, h_0, spare=1)
    parts = np.empty((steps + 1, 5, hidden, n), input.dtype)  # o, i, f, g, c_{t-1}
    tanh_c = np.empty((steps, hidden, n), input.dtype)
    parts[0, 4] = c_0.data.T
    bias = total_bias(weight_ih, bias_ih, bias_hh)
    weight = np.column_stack((weight_ih.data, bias, weight_hh.data))
    _forth(np.roll(weight, hidden, 0), seen, h, parts, tanh_c)
    h[-1] = parts[-1, 4]  # c_T

    def backward(grad):
        d, by_h_0, by_c_0 = _back(grad, weight_hh.data, h, parts, tanh_c)
        by_x = by_input(input, weight_ih.data, d)
        return by_x, by_h_0.T, by_c_0.T, *by_weights(weights, d, seen[:steps])

    weights = (weight_ih, weight_hh)
    weights += () if bias_ih is None else (bias_ih, bias_hh)
    states = h[1:]  # (T + 1, H, n): h_1 … h_T, c_T
    states = Tensor._result(states, (input, h_0, c_0, *weights), backward)
    return states[:-1].transpose(1, 2), states[-2].t(), states[-1].t()


def _forth(weight, seen, h, parts, tanh_c):
    """Fill in h, all parts and tanh c, step by step."""
    steps, hidden, n = tanh_c.shape
    weight[: 3 * hidden] /= 2  # then one tanh does for all: σ(x) = (1 + tanh(x/2)) / 2
    products = np.empty((2, hidden, n), parts.dtype)
    for t in range(steps):
        gates, sigmoids = parts[t, :4], parts[t, :3]
        np.matmul(weight, seen[t], out=gates.reshape(4 * hidden, n))
        np.tanh(gates, out=gates)
        sigmoids *= 0.5
        sigmoids += 0.5
        np.multiply(parts[t, 1:3], parts[t, 3:], out=products)  # i g and f c_{t-1}
        c = parts[t + 1, 4]
        np.add(products[0], products[1], out=c)
        np.tanh(c, out=tanh_c[t])
        np.multiply(parts[t, 0], tanh_c[t], out=h[t + 1])


def _back(grad, weight_hh, h, parts, tanh_c):
    """Return the gradients by the sums (4 H, T, n), by h_0 and by c_0 (both (H, n)).

    ``grad`` is the gradient by h_1 … h_T and by c_T.
    """
    steps, hidden, n = tanh_c.shape
    d = np.empty((4, hidden, steps, n), h.dtype)  # i, f, g, o, as the weights' rows
    step = np.empty_like(parts[0, :4])  # o, i, f, g
    back = np.roll(weight_hh, hidden, 0).T.copy()  # (H, 4 H), o first
    dh, dc, part = np.zeros_like(tanh_c[0]), grad[-1].copy(), np.empty_like(tanh_c[0])
    by_gates, slopes = np.empty((2, 3, hidden, n), h.dtype)
    for t in reversed(range(steps)):
        o, i, f, g, _ = parts[t]
        dh += grad[t]
        np.multiply(h[t + 1], tanh_c[t], out=part)
        np.subtract(o, part, out=part)
        part *= dh
        dc += part  # dh o (1 - tanh² c), for h = o tanh c
        np.multiply(dh, tanh_c[t], out=by_gates[0])
        np.multiply(dc, parts[t, 3:], out=by_gates[1:])  # dc g by i, dc c_{t-1} by f
        np.subtract(1, parts[t, :3], out=slopes)
        slopes *= parts[t, :3]  # σ' = σ (1 - σ)
        np.multiply(by_gates, slopes, out=step[:3])
        np.multiply(by_gates[1], g, out=part)
        np.subtract(dc, part, out=part)
        np.multiply(part, i, out=step[3])  # dc i (1 - g²)
        dc *= f
        d[:3, :, t], d[3, :, t] = step[1:], step[0]
        np.matmul(back, step.reshape(4 * hidden, n), out=dh)
    return d.reshape(4 * hidden, steps, n), dh, dc
