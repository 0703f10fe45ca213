"""The mathematics of the landscape explorer in NumPy: the reference that ``js/descent.js`` is tested against.

Four surfaces over the plane with their gradients, and four rules of descent with PyTorch's definitions. Each
rule sees the same noise, so that the race is fair.
"""

from collections.abc import Callable

import numpy as np

from nbcourse.widgets.signals import normal

SURFACES: dict[str, tuple[Callable, Callable]] = {  # height f(x, y), and its gradient
    "ravine": (
        lambda x, y: (x * x + 25 * y * y) / 10,
        lambda x, y: (x / 5, 5 * y),
    ),
    "bend": (
        lambda x, y: ((1 - x) ** 2 + 20 * (y - x * x) ** 2) / 20,
        lambda x, y: ((x - 1) / 10 - 4 * x * (y - x * x), 2 * (y - x * x)),
    ),
    "saddle": (
        lambda x, y: x * x / 2 - y * y / 2 + y**4 / 8 + 0.5,
        lambda x, y: (x, y**3 / 2 - y),
    ),
    "hollows": (
        lambda x, y: (x * x + y * y) / 4 + (2 - np.cos(5 * x) - np.cos(5 * y)) / 4,
        lambda x, y: (x / 2 + 1.25 * np.sin(5 * x), y / 2 + 1.25 * np.sin(5 * y)),
    ),
}
RULES = ("sgd", "momentum", "rmsprop", "adam")
ALPHA, BETA2, EPSILON = 0.99, 0.999, 1e-8
STEPS = 200  # a race
FAR = 1e3  # whoever is further out than this has left the map, and stops


def race(surface: str, rule: str, rate: float, momentum: float, noise: float, start, seed: int) -> np.ndarray:
    """Return the path (STEPS + 1, 2) of one rule from `start`; it repeats its last place once it is FAR away.

    `momentum` is that of "momentum" and Adam's β₁; `noise` the deviation of what is added to each gradient.
    """
    slope, p = SURFACES[surface][1], np.array(start, float)
    added = noise * normal(seed, 2 * STEPS).reshape(STEPS, 2)
    first, second, path = np.zeros(2), np.zeros(2), [p]
    for t in range(1, STEPS + 1):
        g = np.array(slope(*p)) + added[t - 1]
        step, first, second = update(rule, g, first, second, t, momentum)
        p = p - rate * step
        if not np.abs(p).max() < FAR:
            p = path[-1]
            path += [p] * (STEPS + 1 - len(path))
            break
        path.append(p)
    return np.array(path)


def update(rule: str, g, first, second, t: int, momentum: float):
    """Return what is multiplied by the learning rate, and both running means, at step t = 1, 2, …"""
    if rule == "sgd":
        return g, first, second
    if rule == "momentum":
        first = momentum * first + g
        return first, first, second
    if rule == "rmsprop":
        second = ALPHA * second + (1 - ALPHA) * g * g
        return g / (np.sqrt(second) + EPSILON), first, second
    first = momentum * first + (1 - momentum) * g
    second = BETA2 * second + (1 - BETA2) * g * g
    corrected = np.sqrt(second / (1 - BETA2**t)) + EPSILON
    return first / (1 - momentum**t) / corrected, first, second
