"""The models of the workloads for HIPS autograd, a public peer: functions of a dict of weights.

A function returns the shapes of the weights, under torch's names, and the loss of a batch.
"""

import math

import autograd.numpy as np
from autograd.scipy.signal import convolve


def linear(x, w, name):
    """x Wᵀ + b."""
    return np.dot(x, w[f"{name}.weight"].T) + w[f"{name}.bias"]


def linear_shapes(name, features, outputs):
    return {f"{name}.weight": (outputs, features), f"{name}.bias": (outputs,)}


def layer_norm(x, w, name, eps=1e-5):
    """γ (x - mean) / √(variance + ε) + β over the last dimension."""
    centred = x - np.mean(x, axis=-1, keepdims=True)
    variance = np.mean(centred * centred, axis=-1, keepdims=True)
    return w[f"{name}.weight"] * centred / np.sqrt(variance + eps) + w[f"{name}.bias"]


def softmax(x):
    """e^x / Σ e^x over the last dimension."""
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def sigmoid(x):
    """1 / (1 + e^-x)."""
    return 0.5 * (np.tanh(0.5 * x) + 1)


def cross_entropy(scores, y):
    """Mean of -log softmax(scores) at the classes ``y``; scores: (n, classes)."""
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), axis=-1))
    return np.mean(log_sum - shifted[np.arange(len(y)), y])


def mlp(s):
    """Linear, ReLU, linear."""
    shapes = linear_shapes("0", s.features, s.hidden) | linear_shapes("2", s.hidden, s.classes)

    def loss(w, x, y):
        return cross_entropy(linear(np.maximum(linear(x, w, "0"), 0), w, "2"), y)

    return shapes, loss


def cnn(s):
    """Convolution, ReLU, pool, twice; linear. ``convolve`` flips its filters, so they are flipped before."""
    f, g = s.filters, 2 * s.filters
    shapes = {"0.weight": (f, s.channels, 3, 3), "0.bias": (f,), "3.weight": (g, f, 3, 3), "3.bias": (g,)}
    shapes |= linear_shapes("7", g * (s.side // 4) ** 2, s.classes)

    def convolution(x, w, name):  # x: (n, channels, side, side)
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), "constant")
        filters = w[f"{name}.weight"][:, :, ::-1, ::-1]
        y = convolve(padded, filters, axes=([2, 3], [2, 3]), dot_axes=([1], [1]), mode="valid")
        return y + np.reshape(w[f"{name}.bias"], (1, -1, 1, 1))

    def pool(x):
        n, c, h, w = x.shape
        return np.max(np.reshape(x, (n, c, h // 2, 2, w // 2, 2)), axis=(3, 5))

    def loss(w, x, y):
        for name in ("0", "3"):
            x = pool(np.maximum(convolution(x, w, name), 0))
        return cross_entropy(linear(np.reshape(x, (len(x), -1)), w, "7"), y)

    return shapes, loss


def lstm(s):
    """LSTM, step by step, and a linear layer on the last state."""
    n = 4 * s.hidden
    shapes = {"lstm.weight_ih_l0": (n, s.features), "lstm.weight_hh_l0": (n, s.hidden)}
    shapes |= {"lstm.bias_ih_l0": (n,), "lstm.bias_hh_l0": (n,)}
    shapes |= linear_shapes("head", s.hidden, s.classes)

    def loss(w, x, y):
        bias = w["lstm.bias_ih_l0"] + w["lstm.bias_hh_l0"]
        by_input, by_state = w["lstm.weight_ih_l0"].T, w["lstm.weight_hh_l0"].T
        h = c = np.zeros((len(x), s.hidden), dtype="float32")
        for t in range(s.length):
            gates = np.dot(x[:, t], by_input) + np.dot(h, by_state) + bias
            i, f, g, o = (gates[:, k * s.hidden : (k + 1) * s.hidden] for k in range(4))
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        return cross_entropy(linear(h, w, "head"), y)

    return shapes, loss


def gpt(s):
    """Embeddings, blocks of causal attention and tanh-GELU, layer norm, linear."""
    shapes = {"characters.weight": (s.vocabulary, s.width), "positions.weight": (s.length, s.width)}
    parts = {"qkv": (s.width, 3 * s.width), "mix": (s.width, s.width)}
    parts |= {"up": (s.width, 4 * s.width), "down": (4 * s.width, s.width)}
    norms = ["norm"]
    for i in range(s.layers):
        norms += [f"blocks.{i}.norm1", f"blocks.{i}.norm2"]
        for part, (features, outputs) in parts.items():
            shapes |= linear_shapes(f"blocks.{i}.{part}", features, outputs)
    shapes |= {f"{norm}.{kind}": (s.width,) for norm in norms for kind in ("weight", "bias")}
    shapes |= linear_shapes("head", s.width, s.vocabulary)
    hidden_future = np.triu(np.full((s.length, s.length), -np.inf, dtype="float32"), 1)

    def gelu(x):
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))

    def attend(x, w, block):
        split = (s.batch, s.length, 3, s.heads, s.width // s.heads)
        q, k, v = np.transpose(np.reshape(linear(x, w, f"{block}.qkv"), split), (2, 0, 3, 1, 4))
        scores = np.matmul(q, np.swapaxes(k, -1, -2)) / math.sqrt(s.width // s.heads)
        y = np.matmul(softmax(scores + hidden_future), v)  # (batch, heads, length, width of a head)
        return linear(np.reshape(np.swapaxes(y, 1, 2), (s.batch, s.length, s.width)), w, f"{block}.mix")

    def loss(w, text, following):
        x = w["characters.weight"][text] + w["positions.weight"]
        for i in range(s.layers):
            block = f"blocks.{i}"
            x = x + attend(layer_norm(x, w, f"{block}.norm1"), w, block)
            up = linear(layer_norm(x, w, f"{block}.norm2"), w, f"{block}.up")
            x = x + linear(gelu(up), w, f"{block}.down")
        scores = linear(layer_norm(x, w, "norm"), w, "head")
        return cross_entropy(np.reshape(scores, (-1, s.vocabulary)), np.reshape(following, -1))

    return shapes, loss
