"""Stars that people gave to films, made by a known rule: tastes on a ring, and films seen unevenly."""

from typing import NamedTuple

import numpy as np

from nbcourse.datasets.splits import checked_count, checked_seed


class Ratings(NamedTuple):
    """Ratings that were given, and what is hidden in a real log.

    `user`, `item` (m,) int64 and `stars` (m,) float64 from 1 to 5 are the log, in random order. Hidden are
    `mean` (users, items) float64, the stars that a user would give on average, before they are rounded and
    kept from 1 to 5, and `kind` (items,) float64, each film's place on the ring of tastes, in radians.
    """

    user: np.ndarray
    item: np.ndarray
    stars: np.ndarray
    mean: np.ndarray
    kind: np.ndarray


def ratings(users: int = 300, items: int = 100, seen: int = 24, seed: int = 0) -> Ratings:
    r"""Draw `seen` ratings of each user.

    A user's taste φ and a film's kind θ are places on a ring. With the film's quality a and the user's
    mildness b, the mean is 3 + a + b + 1.2 cos(θ − φ); stars are rounded after noise of deviation 0.5. Who
    rates what is not random: a film is chosen with odds exp(f + cos(θ − φ)), so films of large fame f, which
    has nothing to do with quality, are seen by many, and all films mostly by those who like their kind.

    Parameters
    ----------
    users, items : int
        How many, at least 1 and 2.
    seen : int
        How many different films each user rates, from 1 to `items`.
    seed : int
        Seed of the random generator.

    Raises
    ------
    TypeError, ValueError
        If an argument is not an integer of its range; the message names it.
    """
    users, items = checked_count("users", users, 1), checked_count("items", items, 2)
    if checked_count("seen", seen, 1) > items:
        raise ValueError(f"expected seen from 1 to items ({items}), got {seen}")
    rng = np.random.default_rng(checked_seed(seed))
    kind = rng.uniform(0, 2 * np.pi, items)
    taste = rng.uniform(0, 2 * np.pi, users)
    match = np.cos(kind - taste[:, None])  # (users, items)
    quality, mildness = rng.normal(0, 0.4, items), rng.normal(0, 0.4, users)
    mean = 3 + quality + mildness[:, None] + 1.2 * match
    fame = rng.normal(0, 1.2, items)
    noise = rng.gumbel(size=mean.shape)  # the largest of odds plus Gumbel noise: draws without repeats
    item = np.argsort(-(fame + match + noise), axis=1)[:, :seen].ravel()
    user = np.repeat(np.arange(users), seen)
    stars = np.clip(np.round(mean[user, item] + rng.normal(0, 0.5, len(user))), 1, 5)
    order = rng.permutation(len(user))
    return Ratings(user[order], item[order], stars[order], mean, kind)
