"""The gated recurrent unit: a gate mixes the old state with a new proposal.

    r, z = σ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)
    n = tanh(W_in x_t + b_in + r (W_hn h_{t-1} + b_hn))
    h_t = (1 - z) n + z h_{t-1}

(Cho et al., 2014; r stands outside the product, as in torch.) The weights' rows stand
in the order r, z, n.
"""

import numpy as np

from ....tensor import Tensor, chunk, sigmoid, tanh
from ....tensor.arguments import operation
from ..linear import linear
from .steps import by_input, seen_by_steps, summed_over_time, total_bias

__all__ = ["gru", "gru_cell"]


def gru_cell(input, h, weight_ih, weight_hh, bias_ih=None, bias_hh=None):
    """Return the new state (n, H) as a tuple.  input: (n, I), h: (n, H)."""
    r_x, z_x, n_x = chunk(linear(input, weight_ih, bias_ih), 3, -1)
    r_h, z_h, n_h = chunk(linear(h, weight_hh, bias_hh), 3, -1)
    z = sigmoid(z_x + z_h)
    n = tanh(n_x + sigmoid(r_x + r_h) * n_h)
    return ((1 - z) * n + z * h,)


@operation
def gru(input, h_0, weight_ih, weight_hh, bias_ih=None, bias_hh=None):
    """Return all states (T, n, H) and the last one.  input: (T, n, I), h_0: (n, H)."""
    (steps, n, features), hidden = input.shape, h_0.shape[1]
    seen, h = seen_by_steps(input, h_0)
    gates = np.empty((steps, 4 * hidden, n), input.dtype)  # r, z, n, W_hn h + b_hn
    weight_x = np.column_stack((weight_ih.data, total_bias(weight_ih, bias_ih)))
    weight_h = np.column_stack((total_bias(weight_hh, bias_hh), weight_hh.data))
    for weight in (weight_x, weight_h):
        weight[: 2 * hidden] /= 2  # so that one tanh does: σ(x) = (1 + tanh(x/2)) / 2
    _forth(weight_x, weight_h, seen, gates, h)

    def backward(grad):
        d, by_h_0 = _back(grad, weight_hh.data, gates, h)
        d_x, d_h = d[: 3 * hidden], d[hidden:]  # n, r, z and r, z, n
        by_x = by_input(input, np.roll(weight_ih.data, hidden, 0), d_x)
        if not any(weight.requires_grad for weight in weights):
            return by_x, by_h_0.T, *[None for _ in weights]
        by_ih = summed_over_time(d_x, seen[:-1, : features + 1])
        by_ih = np.roll(by_ih, -hidden, 0)  # r, z, n
        by_hh = summed_over_time(d_h, seen[:-1, features:])
        by_w = (by_ih[:, :-1], by_hh[:, 1:], by_ih[:, -1], by_hh[:, 0])
        return by_x, by_h_0.T, *by_w[: len(weights)]

    weights = (weight_ih, weight_hh)
    weights += () if bias_ih is None else (bias_ih, bias_hh)
    states = Tensor._result(h[1:], (input, h_0, *weights), backward)  # (T, H, n)
    return states.transpose(1, 2), states[-1].t()


def _forth(weight_x, weight_h, seen, gates, h):
    """Fill in all gates and states, step by step."""
    steps, hidden, n = len(gates), h.shape[1], h.shape[2]
    k = weight_x.shape[1]  # rows of [x_t; 1]
    np.matmul(weight_x, seen[:-1, :k], out=gates[:, : 3 * hidden])
    by_h, part = np.empty((3 * hidden, n), h.dtype), np.empty_like(h[0])
    for t in range(steps):
        np.matmul(weight_h, seen[t, k - 1 :], out=by_h)  # of [1; h_{t-1}]
        r_and_z = gates[t, : 2 * hidden]
        r_and_z += by_h[: 2 * hidden]
        np.tanh(r_and_z, out=r_and_z)
        r_and_z *= 0.5
        r_and_z += 0.5
        r, z, new, new_by_h = gates[t].reshape(4, hidden, n)
        new_by_h[:] = by_h[2 * hidden :]
        np.multiply(r, new_by_h, out=part)
        new += part
        np.tanh(new, out=new)
        np.subtract(h[t], new, out=part)
        part *= z
        np.add(new, part, out=h[t + 1])  # (1 - z) n + z h


def _back(grad, weight_hh, gates, h):
    """Return the gradients by the sums (4 H, T, n) and by h_0 (H, n).

    The sums stand in the order n (its part of x), r, z, n (its part of h): so those
    that x enters lie together, and those that h enters.
    """
    steps, hidden, n = len(gates), h.shape[1], h.shape[2]
    d, step = np.empty((4 * hidden, steps, n), h.dtype), np.empty_like(gates[0])
    d_new, dr, dz, d_new_by_h = step.reshape(4, hidden, n)
    back, dh = weight_hh.T.copy(), np.zeros_like(h[0])
    slopes = np.empty((2, hidden, n), h.dtype)
    part, kept = np.empty_like(dh), np.empty_like(dh)
    for t in reversed(range(steps)):
        r, z, new, new_by_h = gates[t].reshape(4, hidden, n)
        dh += grad[t]
        r_and_z = gates[t, : 2 * hidden].reshape(2, hidden, n)
        np.subtract(1, r_and_z, out=slopes)
        slopes *= r_and_z  # σ' = σ (1 - σ)
        np.subtract(h[t], new, out=part)
        part *= dh
        np.multiply(part, slopes[1], out=dz)
        np.multiply(dh, z, out=kept)  # goes to h_{t-1} directly
        np.multiply(new, new, out=part)
        np.subtract(1, part, out=part)
        np.subtract(dh, kept, out=d_new)
        d_new *= part  # dh (1 - z) (1 - n²)
        np.multiply(d_new, r, out=d_new_by_h)
        np.multiply(d_new, new_by_h, out=part)
        np.multiply(part, slopes[0], out=dr)
        d[:, t] = step
        np.matmul(back, step[hidden:], out=dh)
        dh += kept
    return d, dh
