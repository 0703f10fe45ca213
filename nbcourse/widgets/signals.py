"""The mathematics of the activation explorer in NumPy: what ``js/signals.js`` is tested against.

A stack of layers h ← f(W h) with W drawn from N(0, gain² / n): what becomes of the size of a signal on its
way forward, and of a gradient on its way back. Both sides draw the same numbers (mulberry32, Box and Muller).
"""

import math
from collections.abc import Callable

import numpy as np

WIDTH = 64  # neurons in each layer
BATCH = 48  # inputs, drawn from N(0, 1)
LEAK, INPUT_SEED = 0.01, 1_000_003

_erf = np.vectorize(math.erf, otypes=[float])
_ROOT = math.sqrt(2 * math.pi)


def _sigmoid(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def _normal_distribution(z):
    return 0.5 * (1 + _erf(z / math.sqrt(2)))


FUNCTIONS: dict[str, tuple[Callable, Callable]] = {  # f(z), and its slope f′(z); element by element
    "sigmoid": (_sigmoid, lambda z: _sigmoid(z) * (1 - _sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
    "leaky_relu": (lambda z: np.where(z > 0, z, LEAK * z), lambda z: np.where(z > 0, 1.0, LEAK)),
    "elu": (
        lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
        lambda z: np.exp(np.minimum(z, 0)),
    ),
    "gelu": (
        lambda z: z * _normal_distribution(z),
        lambda z: _normal_distribution(z) + z * np.exp(-z * z / 2) / _ROOT,
    ),
    "silu": (lambda z: z * _sigmoid(z), lambda z: _sigmoid(z) * (1 + z * (1 - _sigmoid(z)))),
    "softplus": (lambda z: np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))), _sigmoid),
}


def uniform(seed: int, count: int) -> np.ndarray:
    """Return the first `count` numbers of `network.mulberry32`, all at once."""
    step = np.arange(1, count + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
    state = step + np.uint32(seed & 0xFFFFFFFF)
    t = (state ^ (state >> 15)) * (state | np.uint32(1))
    t ^= t + (t ^ (t >> 7)) * (t | np.uint32(61))
    return (t ^ (t >> 14)) / 4294967296


def normal(seed: int, count: int) -> np.ndarray:
    """Return `count` numbers from N(0, 1), two from each pair of uniform ones (Box and Muller, 1958)."""
    u = uniform(seed, count + count % 2).reshape(-1, 2)
    radius, angle = np.sqrt(-2 * np.log(1 - u[:, 0])), 2 * np.pi * u[:, 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).ravel()[:count]


def propagate(activation: str, gain: float, depth: int, seed: int) -> dict:
    """Send a batch forward through `depth` layers, and a random gradient back.

    Returns
    -------
    dict
        "layers": the signals, depth + 1 arrays (BATCH, WIDTH), the input first; "signal" and "gradient":
        their root mean squares (depth + 1,), the gradient that of the loss in each layer's signal; "zero":
        the share of slopes in each layer (depth,) that are 0 to the last digit.
    """
    value, slope = FUNCTIONS[activation]
    weights = normal(seed, depth * WIDTH * WIDTH).reshape(depth, WIDTH, WIDTH) * (gain / math.sqrt(WIDTH))
    layers, sums = [normal(seed + INPUT_SEED, BATCH * WIDTH).reshape(BATCH, WIDTH)], []
    for W in weights:
        sums.append(layers[-1] @ W.T)
        layers.append(value(sums[-1]))
    gradients = [normal(seed + 2 * INPUT_SEED, BATCH * WIDTH).reshape(BATCH, WIDTH)]
    slopes = [slope(z) for z in sums]
    for W, s in zip(weights[::-1], slopes[::-1], strict=True):
        gradients.append((gradients[-1] * s) @ W)
    return {
        "layers": layers,
        "signal": np.array([_rms(h) for h in layers]),
        "gradient": np.array([_rms(g) for g in gradients[::-1]]),
        "zero": np.array([np.mean(s == 0) for s in slopes]),
    }


def _rms(x: np.ndarray) -> float:
    return float(np.sqrt(np.mean(x * x)))
