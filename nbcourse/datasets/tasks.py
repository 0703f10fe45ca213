"""Two tasks that need memory and nothing else: add two marked numbers, repeat what came first.

Adding is after Hochreiter and Schmidhuber (1997), copying after Arjovsky, Shah and Bengio (2016). How long
something must be kept is an argument, so a network's memory can be measured against it.
"""

import numpy as np

from nbcourse.datasets.splits import checked_count, checked_seed


def adding(n: int = 1000, length: int = 40, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Add two numbers of a sequence, one marked in its first half and one in its second.

    An answer that has not looked at the numbers is best at 1, with a mean squared error of 1/6.

    Parameters
    ----------
    n : int
        How many sequences, at least 1.
    length : int
        How many steps each has, at least 2.
    seed : int
        Seed of the random generator.

    Returns
    -------
    X : ndarray of shape (n, length, 2), float64
        At each step a number, uniform in [0, 1), and a mark: 1 at two steps, else 0.
    y : ndarray of shape (n,), float64
        The sum of the two marked numbers.

    Raises
    ------
    TypeError, ValueError
        If an argument is not an integer or lies out of range; the message names it.
    """
    n, length = checked_count("n", n, 1), checked_count("length", length, 2)
    rng = np.random.default_rng(checked_seed(seed))
    X = np.zeros((n, length, 2))
    X[..., 0] = rng.random((n, length))
    rows, half = np.arange(n), length // 2
    marked = rng.integers(0, half, n), rng.integers(half, length, n)
    for step in marked:
        X[rows, step, 1] = 1
    return X, sum(X[rows, step, 0] for step in marked)


def copying(
    n: int = 1000, delay: int = 20, items: int = 3, symbols: int = 4, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Repeat `items` symbols, in order, after a pause.

    An input is the items, blanks, a cue as the last step of the pause, and as many blanks as there are items.
    The target is blank until the cue has come, then the items. A guess of an item is right once in `symbols`.

    Parameters
    ----------
    n : int
        How many sequences, at least 1.
    delay : int
        Steps from the last item to the cue, at least 1.
    items, symbols : int
        How many items a sequence has, and of how many kinds they are; at least 1 and 2.
    seed : int
        Seed of the random generator.

    Returns
    -------
    X, y : ndarrays of shape (n, delay + 2 · items), int64
        Inputs and targets: 0 is blank, 1 to `symbols` are the items, `symbols` + 1 is the cue.

    Raises
    ------
    TypeError, ValueError
        If an argument is not an integer or lies out of range; the message names it.
    """
    n, delay = checked_count("n", n, 1), checked_count("delay", delay, 1)
    items, symbols = checked_count("items", items, 1), checked_count("symbols", symbols, 2)
    rng = np.random.default_rng(checked_seed(seed))
    X, y = np.zeros((2, n, delay + 2 * items), dtype=np.int64)
    X[:, :items] = y[:, -items:] = rng.integers(1, symbols + 1, (n, items))
    X[:, items + delay - 1] = symbols + 1
    return X, y
