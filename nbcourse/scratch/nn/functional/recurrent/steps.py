"""What the layers share: how the time steps lie in memory, and their weights' gradient.

A step is a matrix with one column for each of the n sequences. So a product stands as
in the formulas, W x, and the rows of a gate lie together in memory. ``seen[t]`` stacks
what step t sees, [x_t; 1; h_{t-1}], and with the weights side by side all sums of the
step are one product: [W_ih | b | W_hh] seen[t] = W_ih x_t + b + W_hh h_{t-1}.
"""

import numpy as np

from ....tensor import stack

__all__ = [
    "by_input",
    "by_weights",
    "seen_by_steps",
    "summed_over_time",
    "total_bias",
    "unrolled",
]


def seen_by_steps(input, h_0, spare=0):
    """Return seen, (T + 1 + spare, I + 1 + H, n), and its part for h, to be filled.

    Filled in are x, the ones and h_0; ``spare`` is room for more states after h_T.
    """
    steps, n, features = input.shape
    hidden = h_0.shape[1]
    seen = np.empty((steps + 1 + spare, features + 1 + hidden, n), input.dtype)
    seen[:steps, :features] = input.data.transpose(0, 2, 1)
    seen[:steps, features] = 1
    h = seen[:, features + 1 :]  # (T + 1 + spare, H, n): h_0 … h_T
    h[0] = h_0.data.T
    return seen, h


def total_bias(weight, *biases):
    """Return the sum of those biases that there are, (G), else zeros."""
    zeros = np.zeros(len(weight), weight.dtype)
    return sum((b.data for b in biases if b is not None), zeros)


def by_weights(weights, d, seen):
    """Return the gradients by W_ih, W_hh and, if there are any, by both biases.

    They are parts of Σ_t d[:, t] seen[t]ᵀ, which is one product.

    d: (G, T, n), by the sums of all steps; seen: (T, I + 1 + H, n).
    """
    if not any(weight.requires_grad for weight in weights):
        return (None,) * len(weights)
    features = weights[0].shape[1]
    by_w = summed_over_time(d, seen)  # (G, I + 1 + H)
    by_b = by_w[:, features]
    return (by_w[:, :features], by_w[:, features + 1 :], by_b, by_b)[: len(weights)]


def summed_over_time(d, seen):
    """Return Σ_t d[:, t] seen[t]ᵀ as one product.  d: (G, T, n), seen: (T, K, n)."""
    columns = seen.transpose(1, 0, 2).reshape(seen.shape[1], -1)  # (K, T n)
    return d.reshape(len(d), -1) @ columns.T


def by_input(input, weight_ih, d):
    """Return W_ihᵀ d for each step, as (T, n, I), or None if nobody asks for it."""
    if not input.requires_grad:
        return None
    by_x = weight_ih.T @ d.reshape(len(d), -1)  # (I, T n)
    return by_x.reshape(len(by_x), *d.shape[1:]).transpose(1, 2, 0)


def unrolled(cell, input, state, *weights):
    """Apply a cell to each step of ``input`` (T, n, I); return the output (T, n, H).

    The last states follow the output. ``state`` is a tuple of states (n, H).
    """
    outputs = []
    for x in input:
        state = cell(x, *state, *weights)
        outputs.append(state[0])
    return stack(outputs), *state
