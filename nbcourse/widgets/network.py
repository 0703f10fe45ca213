"""The mathematics of the playground in NumPy: the reference that ``js/network.js`` is tested against.

A network that maps the plane to one number, the logit z of class 1; its probability is σ(z). Hidden layers
share one activation, the loss is binary cross-entropy, and training is full-batch gradient descent. The
random numbers are JavaScript's too (mulberry32), so that both sides start from the same weights.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

ACTIVATIONS: dict[str, tuple[Callable, Callable]] = {  # f(z), and its slope in terms of a = f(z)
    "tanh": (np.tanh, lambda a: 1 - a * a),
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(float)),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
}

Layers = list[tuple[np.ndarray, np.ndarray]]  # (weight (out, in), bias (out,)) from input to output


def mulberry32(seed: int) -> Iterator[float]:
    """Yield uniform numbers in [0, 1): Tommy Ettinger's mulberry32, the same stream as ``js/random.js``."""
    state, mask = seed & 0xFFFFFFFF, 0xFFFFFFFF
    while True:
        state = (state + 0x6D2B79F5) & mask
        t = ((state ^ (state >> 15)) * (state | 1)) & mask
        t ^= (t + (((t ^ (t >> 7)) * (t | 61)) & mask)) & mask
        yield ((t ^ (t >> 14)) & mask) / 4294967296


def initial(depth: int, width: int, seed: int) -> Layers:
    """Return weights and biases uniform in ±1/√(fan-in), torch's default for a linear layer."""
    numbers = mulberry32(seed)
    sizes = [2, *[width] * depth, 1]
    layers = []
    for fan_in, fan_out in pairwise(sizes):
        drawn = np.array([2 * next(numbers) - 1 for _ in range(fan_out * (fan_in + 1))]) / np.sqrt(fan_in)
        layers.append((drawn[: fan_out * fan_in].reshape(fan_out, fan_in), drawn[fan_out * fan_in :]))
    return layers


def logits(layers: Layers, activation: str, X: np.ndarray) -> np.ndarray:
    """Return the logits (n,) of the points X (n, 2)."""
    return _forward(layers, activation, X)[-1][:, 0]


def loss(z: np.ndarray, y: np.ndarray) -> float:
    """Return the mean over the points of max(z, 0) − zy + ln(1 + e^−|z|); logits z (n,), labels y (n,)."""
    return float(np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))))


def gradients(layers: Layers, activation: str, X: np.ndarray, y: np.ndarray) -> tuple[float, Layers]:
    """Return the loss, and its gradient for every weight (out, in) and bias (out,)."""
    outputs = _forward(layers, activation, X)
    slope = ACTIVATIONS[activation][1]
    z = outputs[-1]  # (n, 1)
    delta = (1 / (1 + np.exp(-z)) - y[:, None]) / len(X)  # ∂loss/∂z
    grads: Layers = []
    for index in reversed(range(len(layers))):
        grads.append((delta.T @ outputs[index], delta.sum(axis=0)))
        if index:
            delta = (delta @ layers[index][0]) * slope(outputs[index])
    return loss(z[:, 0], y), grads[::-1]


def step(layers: Layers, activation: str, X: np.ndarray, y: np.ndarray, rate: float) -> tuple[float, Layers]:
    """Return the loss before, and the layers after, one step of full-batch gradient descent."""
    before, grads = gradients(layers, activation, X, y)
    return before, [(W - rate * dW, b - rate * db) for (W, b), (dW, db) in zip(layers, grads, strict=True)]


def _forward(layers: Layers, activation: str, X: np.ndarray) -> list[np.ndarray]:
    """Return the input, every hidden activation and the logits, (n, size) each."""
    value, outputs = ACTIVATIONS[activation][0], [X]
    for index, (W, b) in enumerate(layers):
        z = outputs[-1] @ W.T + b
        outputs.append(value(z) if index < len(layers) - 1 else z)
    return outputs
