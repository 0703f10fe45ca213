"""Small sets made on the spot from a seed: points in the plane, a margin that is exact, numbers to predict.

The five labelled sets in the plane return ``X`` of shape (n, 2), float64, without units and roughly within
[−1.5, 1.5], and ``y`` of shape (n,), int64, with labels 0 and 1 as even as n allows, in random order. The
same arguments always give the same arrays. They are made here, so no licence binds them.
"""

import numpy as np

from nbcourse.datasets.splits import checked_count, checked_seed


def blobs(n: int = 200, noise: float = 0.25, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two round clouds that one line can nearly always separate.

    Class 0 lies around (−0.7, −0.7), class 1 around (0.7, 0.7), each Gaussian with deviation `noise`.

    Parameters
    ----------
    n : int
        How many points, at least 2.
    noise : float
        Standard deviation of a cloud, 0 or more; the centres are 1.98 apart.
    seed : int
        Seed of the random generator.

    Returns
    -------
    X : ndarray of shape (n, 2), float64
    y : ndarray of shape (n,), int64
        0 or 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a number of its kind or lies out of range; the message names it.
    """
    rng, y = _start(n, noise, seed)
    centres = np.array([[-0.7, -0.7], [0.7, 0.7]])
    return _finish(centres[y], y, noise, rng)


def moons(n: int = 200, noise: float = 0.1, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two half circles that hook into each other: no line separates them, one bend of a line does.

    The upper moon (class 0) is centred at (−0.4, −0.2), the lower (class 1) at (0.4, 0.2), both of radius
    0.8; `noise` is the deviation of a Gaussian added to each coordinate. Arguments, results and errors as
    `blobs`.
    """
    rng, y = _start(n, noise, seed)
    angle = np.pi * rng.random(n)
    side = 1 - 2 * y  # +1 for the upper moon, −1 for the lower
    X = np.stack([0.8 * np.cos(angle) - 0.4, 0.8 * np.sin(angle) - 0.2], axis=1) * side[:, None]
    return _finish(X, y, noise, rng)


def circles(n: int = 200, noise: float = 0.08, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A ring (class 0, radius 1.2) around a smaller ring (class 1, radius 0.5): outside against inside.

    `noise` is the deviation of a Gaussian added to each coordinate. Arguments, results and errors as `blobs`.
    """
    rng, y = _start(n, noise, seed)
    angle = 2 * np.pi * rng.random(n)
    radius = np.where(y == 0, 1.2, 0.5)
    X = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return _finish(X, y, noise, rng)


def spirals(
    n: int = 200, noise: float = 0.04, seed: int = 0, turns: float = 1.25
) -> tuple[np.ndarray, np.ndarray]:
    """Two arms that wind around each other, the hardest of the five.

    An arm starts at radius 0.15 and reaches 1.3 after `turns` turns (positive); class 1 is class 0 turned by
    half a circle. `noise` is the deviation of a Gaussian added to each coordinate. Further arguments, results
    and errors as `blobs`.
    """
    rng, y = _start(n, noise, seed)
    if not (np.isfinite(turns) and turns > 0):
        raise ValueError(f"expected turns > 0, got {turns!r}")
    along = np.sqrt(rng.random(n))  # the square root spreads the points evenly along the arm
    radius, angle = 0.15 + 1.15 * along, 2 * np.pi * turns * along + np.pi * y
    X = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return _finish(X, y, noise, rng)


def xor(n: int = 200, noise: float = 0.2, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Four clouds at (±1, ±1): class 1 where the two signs differ, class 0 where they agree.

    The exclusive or of two inputs, which no line can separate (Minsky and Papert, 1969). The four clouds are
    as even as n allows; `noise` is their deviation. Arguments, results and errors as `blobs`.
    """
    rng, y = _start(n, noise, seed)
    first = np.empty(n, dtype=np.int64)
    for label in (0, 1):  # within a class the two clouds share the points evenly
        members = np.flatnonzero(y == label)
        first[members] = np.arange(len(members)) % 2
    X = 2.0 * np.stack([first, first ^ y], axis=1) - 1.0
    return _finish(X, y, noise, rng)


def separable(
    margin: float, n: int = 100, dim: int = 2, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points in the unit ball that a hyperplane through the origin separates with exactly this margin.

    A direction u is drawn at random. Each point has a component along it, uniform in [margin, 1], on the side
    of its label, and a random component across it that keeps the point in the ball. One point of each class
    lies *at* the margin. This is the setting of the bound on the perceptron's mistakes (Novikoff, 1962).

    Parameters
    ----------
    margin : float
        γ, with 0 < γ ≤ 0.99.
    n : int
        How many points, at least 2; the classes differ by at most one point.
    dim : int
        How many features, at least 1.
    seed : int
        Seed of the random generator.

    Returns
    -------
    X : ndarray of shape (n, dim), float64
        ‖x‖ ≤ 1 for every row.
    y : ndarray of shape (n,), int64
        −1 or +1.
    u : ndarray of shape (dim,), float64
        The unit vector with y u·x ≥ margin for every point, and y u·x = margin (to 1e-12) for at least one
        point of each class. The inequality holds in floating point too, in whatever order the sum is taken.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a number of its kind or lies out of range; the message names it.
    """
    n, dim = checked_count("n", n, 2), checked_count("dim", dim, 1)
    if not (isinstance(margin, int | float | np.number) and 0 < margin <= 0.99):
        raise ValueError(f"expected 0 < margin <= 0.99, got {margin!r}")
    rng = np.random.default_rng(checked_seed(seed))
    slack = 16 * dim * np.finfo(float).eps  # more than a sum of dim products can lose to rounding
    u = _unit(rng.standard_normal((1, dim)))[0]
    y = rng.permutation(np.where(np.arange(n) % 2, 1, -1))
    along = rng.uniform(margin + slack, 1 - slack, n)
    along[[np.argmax(y == -1), np.argmax(y == 1)]] = margin + slack
    reach = np.sqrt((1 - slack) ** 2 - along**2) * rng.random(n) ** (1 / max(dim - 1, 1))  # even in the slice
    return (y * along)[:, None] * u + reach[:, None] * _across(u, n, rng), y, u


def sums(n: int = 1000, dim: int = 20, noise: float = 0.1, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Predict the sum of the features: y = x₁ + … + x_dim + noise, an easy regression with a known answer.

    Features and noise are Gaussian. No model can do better, on average, than the noise allows: a mean
    absolute error of noise · √(2/π), a mean squared error of noise².

    Parameters
    ----------
    n : int
        How many examples, at least 2.
    dim : int
        How many features, at least 1; each has mean 0 and deviation 1.
    noise : float
        Standard deviation of what is added to the sum, 0 or more.
    seed : int
        Seed of the random generator.

    Returns
    -------
    X : ndarray of shape (n, dim), float64
    y : ndarray of shape (n,), float64

    Raises
    ------
    TypeError, ValueError
        If an argument is not a number of its kind or lies out of range; the message names it.
    """
    n, dim, noise = checked_count("n", n, 2), checked_count("dim", dim, 1), _checked_noise(noise)
    rng = np.random.default_rng(checked_seed(seed))
    X = rng.standard_normal((n, dim))
    return X, X.sum(axis=1) + noise * rng.standard_normal(n)


def wave(n: int = 20, noise: float = 0.3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points on a smooth curve, seen through noise: y = sin(πx) + ½ sin(2.5πx) + noise, x in [−1, 1).

    `noise` is the deviation of a Gaussian; with ``noise=0`` the curve itself. Returns ``X`` of shape (n, 1),
    sorted, and ``y`` of shape (n,), float64. Arguments and errors as `sums`.
    """
    n, noise = checked_count("n", n, 2), _checked_noise(noise)
    rng = np.random.default_rng(checked_seed(seed))
    x = np.sort(rng.uniform(-1, 1, n))
    y = np.sin(np.pi * x) + 0.5 * np.sin(2.5 * np.pi * x)
    return x[:, None], y + noise * rng.standard_normal(n)


def _across(u, n, rng):
    """Return n random unit vectors at right angles to u (n, dim); zeros where there is only one dimension."""
    if len(u) == 1:
        return np.zeros((n, 1))
    rows = rng.standard_normal((n, len(u)))
    for _ in range(2):  # once more, because the first pass loses digits where a row is nearly parallel to u
        rows = _unit(rows - np.outer(rows @ u, u))
    return rows


def _unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _start(n, noise, seed):
    """Check the common arguments; return the generator and shuffled labels, half of them 0 and half 1."""
    n, _ = checked_count("n", n, 2), _checked_noise(noise)
    rng = np.random.default_rng(checked_seed(seed))
    return rng, rng.permutation(np.arange(n, dtype=np.int64) % 2)


def _checked_noise(noise):
    if not (isinstance(noise, int | float | np.number) and 0 <= noise < np.inf):
        raise ValueError(f"expected noise ≥ 0 and finite, got {noise!r}")
    return noise


def _finish(X, y, noise, rng):
    return X + noise * rng.standard_normal(X.shape), y
