"""Pictures of one shape among clutter, whose class, place and pixels are known: they were drawn here."""

from typing import NamedTuple

import numpy as np

from nbcourse.datasets.splits import checked_count, checked_seed

SHAPES = ("disc", "ring", "square", "triangle", "cross")


class Shapes(NamedTuple):
    """Pictures and all that is known about them; row i of each array belongs to picture i."""

    images: np.ndarray
    labels: np.ndarray
    boxes: np.ndarray
    masks: np.ndarray


Shapes.images.__doc__ = "Grey values, (n, size, size) float32, 0 for black to 1 for white."
Shapes.labels.__doc__ = "The shape, (n,) int64: an index into `SHAPES`."
Shapes.boxes.__doc__ = (
    "(n, 4) int64: left, top, right, bottom in pixels; right and bottom are the first outside."
)
Shapes.masks.__doc__ = "(n, size, size) bool: the pixels of the shape."


def shapes(n: int = 200, size: int = 24, noise: float = 0.05, clutter: int = 3, seed: int = 0) -> Shapes:
    """Draw pictures, each with one bright shape: a disc, a ring, a square, a triangle or a cross.

    A shape is turned by a random angle, has a radius of 17 to 29 % of the side, and lies anywhere as long as
    all of it is in the picture. Bars of the same brightness lie beneath it. Edges are smooth: a pixel that
    the edge cuts is partly bright, and belongs to the mask if at least half of it is covered. They are made
    here, so no licence binds them.

    Parameters
    ----------
    n : int
        How many pictures, at least 1; the five classes are as even as n allows, in random order.
    size : int
        Height and width in pixels, at least 16.
    noise : float
        Standard deviation of the Gaussian noise on every pixel, 0 or more; the shape is 0.3 to 0.6 brighter
        than its background. Grey values are cut off at 0 and 1.
    clutter : int
        How many bars, 0 or more. They belong to no class and to no mask.
    seed : int
        Seed of the random generator.

    Returns
    -------
    Shapes
        `images`, `labels`, `boxes` and `masks`.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a number of its kind or lies out of range; the message names it.
    """
    n, size, clutter = (
        checked_count("n", n, 1),
        checked_count("size", size, 16),
        checked_count("clutter", clutter, 0),
    )
    if not (isinstance(noise, int | float | np.number) and 0 <= noise < np.inf):
        raise ValueError(f"expected noise ≥ 0 and finite, got {noise!r}")
    rng = np.random.default_rng(checked_seed(seed))
    labels = rng.permutation(np.arange(n, dtype=np.int64) % len(SHAPES))
    radius = rng.uniform(0.17, 0.29, n) * size
    reach = 1.3 * radius[:, None]  # no shape reaches further from its centre
    covered = _cover(_distance(labels, radius, *_turned(rng.uniform(reach, size - reach, (n, 2)), size, rng)))
    bars = np.zeros((n, size, size))
    for _ in range(clutter):
        u, v = _turned(rng.uniform(0, size, (n, 2)), size, rng)
        bars = np.maximum(bars, _cover(np.maximum(abs(u) - 0.2 * size, abs(v) - 0.04 * size)))
    dark, contrast = rng.uniform(0.1, 0.4, (n, 1, 1)), rng.uniform(0.3, 0.6, (n, 1, 1))
    images = dark + contrast * np.maximum(bars, covered) + noise * rng.standard_normal(bars.shape)
    masks = covered >= 0.5
    return Shapes(np.clip(images, 0, 1).astype(np.float32), labels, _boxes(masks), masks)


def _turned(centre, size, rng):
    """Coordinates of every pixel about centres (n, 2), turned at random: two arrays (n, size, size)."""
    pixel = np.arange(size) + 0.5
    x = (pixel - centre[:, :1])[:, None, :]  # (n, 1, size)
    y = (pixel - centre[:, 1:])[:, :, None]  # (n, size, 1)
    angle = rng.uniform(0, 2 * np.pi, (len(centre), 1, 1))
    return np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x


def _distance(labels, radius, u, v):
    """How far each pixel lies outside its picture's shape, in pixels; negative inside. (n, size, size)"""
    r = radius[:, None, None]
    from_centre, a, b = np.hypot(u, v), abs(u), abs(v)
    side = np.sqrt(3) / 2 * a + v / 2  # the two sides of the triangle that slope
    all_five = [
        from_centre - r,
        abs(from_centre - 0.75 * r) - 0.25 * r,
        np.maximum(a, b) - 0.8 * r,
        np.maximum(side, -v) - 0.65 * r,
        np.minimum(np.maximum(a - 0.3 * r, b - r), np.maximum(a - r, b - 0.3 * r)),
    ]
    return np.choose(labels[:, None, None], all_five)


def _cover(distance):
    """The share of a pixel that is covered, when the edge passes at this distance from its centre."""
    return np.clip(0.5 - distance, 0, 1)


def _boxes(masks):
    """Left, top, right and bottom of each mask (n, size, size), the last two exclusive: (n, 4) int64."""
    columns, rows = masks.any(axis=1), masks.any(axis=2)
    size = masks.shape[1]
    return np.stack(
        [
            columns.argmax(axis=1),
            rows.argmax(axis=1),
            size - columns[:, ::-1].argmax(axis=1),
            size - rows[:, ::-1].argmax(axis=1),
        ],
        axis=1,
    )
