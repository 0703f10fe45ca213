"""A small GPT in NumPy: what ``js/transformer.js`` is tested against, itself tested against PyTorch."""

import numpy as np


def run(weights: dict, tokens, heads: int, off=()) -> dict[str, np.ndarray]:
    """Return {"attention": (layers, heads, T, T), "log_p": (T, vocabulary)} of tokens (T,).

    `off` lists heads, counted through all layers, whose result is replaced by 0. They go on attending.
    """
    x = weights["embedding.weight"][tokens] + weights["position.weight"][: len(tokens)]  # (T, width)
    maps, layer = [], 0
    while f"blocks.{layer}.norm1.weight" in weights:
        part = {
            name.removeprefix(f"blocks.{layer}."): value
            for name, value in weights.items()
            if name.startswith(f"blocks.{layer}.")
        }
        silent = [head - layer * heads for head in off if 0 <= head - layer * heads < heads]
        y, attention = _attend(part, _layer_norm(x, part["norm1.weight"]), heads, silent)
        x = x + y
        hidden = _gelu(_layer_norm(x, part["norm2.weight"]) @ part["mlp.0.weight"].T)  # (T, 4 · width)
        x = x + hidden @ part["mlp.2.weight"].T
        maps.append(attention)
        layer += 1
    scores = _layer_norm(x, weights["norm.weight"]) @ weights["embedding.weight"].T
    top = scores.max(-1, keepdims=True)
    return {
        "attention": np.array(maps),
        "log_p": scores - top - np.log(np.exp(scores - top).sum(-1, keepdims=True)),
    }


def _attend(part: dict, x: np.ndarray, heads: int, silent) -> tuple[np.ndarray, np.ndarray]:
    """Return the attention's result (T, width) and its weights (heads, T, T), 0 after each position."""
    length, width = x.shape
    size = width // heads
    q, k, v = (
        one.reshape(length, heads, size).transpose(1, 0, 2)  # (heads, T, size)
        for one in np.split(x @ part["attention.qkv.weight"].T, 3, axis=1)
    )
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(size)
    scores = np.where(np.tri(length, dtype=bool), scores, -np.inf)
    e = np.exp(scores - scores.max(-1, keepdims=True))
    attention = e / e.sum(-1, keepdims=True)
    y = attention @ v
    y[silent] = 0
    return y.transpose(1, 0, 2).reshape(length, width) @ part["attention.out.weight"].T, attention


def _layer_norm(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return layer norm of the rows of x (T, width)."""
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * weight


def _gelu(x: np.ndarray) -> np.ndarray:
    """Return GELU in its tanh form."""
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
