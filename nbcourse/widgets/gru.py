"""A GRU that spells words, in NumPy: what ``js/gru.js`` is tested against, itself tested against PyTorch.

Token 0 begins and ends a word; 1 to 26 are the letters.
"""

from itertools import islice

import numpy as np

from nbcourse.widgets.network import mulberry32

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONGEST = 14


def step(weights: dict, token: int, h: np.ndarray) -> dict[str, np.ndarray]:
    """Return a step's gates and state, {"r", "z", "h"}, each (hidden,), from the state h before it."""
    x = weights["embedding.weight"][token]
    a = weights["recurrent.weight_ih_l0"] @ x + weights["recurrent.bias_ih_l0"]  # (3 · hidden)
    b = weights["recurrent.weight_hh_l0"] @ h + weights["recurrent.bias_hh_l0"]
    (ar, az, an), (br, bz, bn) = np.split(a, 3), np.split(b, 3)
    r, z = _logistic(ar + br), _logistic(az + bz)
    n = np.tanh(an + r * bn)
    return {"r": r, "z": z, "h": (1 - z) * n + z * h}


def probabilities(weights: dict, h: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Return softmax(scores / temperature) (27,) of the token that follows the state h."""
    scores = (weights["head.weight"] @ h + weights["head.bias"]) / temperature
    e = np.exp(scores - scores.max())
    return e / e.sum()


def read(weights: dict, word: str) -> list[dict[str, np.ndarray]]:
    """Return the steps over the beginning and each letter of a word: len(word) + 1 of them."""
    h = np.zeros(weights["recurrent.weight_hh_l0"].shape[1])
    steps = []
    for token in (0, *(LETTERS.index(letter) + 1 for letter in word)):
        steps.append(step(weights, token, h))
        h = steps[-1]["h"]
    return steps


def draw(weights: dict, start: str, temperature: float, seed: int) -> str:
    """Return a word that begins with `start`, each further letter drawn; at most `LONGEST` letters."""
    word, h = start, read(weights, start)[-1]["h"]
    for u in islice(mulberry32(seed), LONGEST - len(start)):
        token = int(np.searchsorted(np.cumsum(probabilities(weights, h, temperature)), u, side="right"))
        if token == 0:
            break
        token = min(token, len(LETTERS))  # rounding may leave the last sum a little below 1
        word += LETTERS[token - 1]
        h = step(weights, token, h)["h"]
    return word


def surprise(weights: dict, word: str) -> float:
    """Return the mean of −log p over the letters of a word and its end, in nats.

    A word that was cut at LONGEST letters is charged with an end that was not drawn.
    """
    tokens = [*(LETTERS.index(letter) + 1 for letter in word), 0]
    found = [
        probabilities(weights, one["h"])[token]
        for one, token in zip(read(weights, word), tokens, strict=True)
    ]
    return float(-np.mean(np.log(found)))


def _logistic(x):
    return 1 / (1 + np.exp(-x))
