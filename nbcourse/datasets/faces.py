"""Drawn faces of people who do not exist: a few measures make a person, the rest changes each time."""

from typing import NamedTuple

import numpy as np

from nbcourse.datasets.splits import checked_count, checked_seed

# What makes a person, in halves of the picture's side: (least, most). Heights count from the centre down.
_MEASURES = {
    "width": (0.52, 0.78),
    "height": (0.72, 0.92),
    "eyes_apart": (0.18, 0.36),
    "eyes_at": (-0.28, -0.02),
    "eye": (0.06, 0.13),
    "brow_at": (0.14, 0.26),
    "brow_tilt": (-0.45, 0.45),
    "nose": (0.12, 0.32),
    "mouth": (0.12, 0.34),
    "mouth_at": (0.36, 0.52),
    "hair": (-0.75, -0.35),
}


class Faces(NamedTuple):
    """Pictures and whom they show; row i of each array belongs to picture i."""

    images: np.ndarray
    people: np.ndarray


Faces.images.__doc__ = "Grey values, (n, size, size) float32, 0 for black to 1 for white."
Faces.people.__doc__ = "The person, (n,) int64, from 0."


def faces(people: int = 40, each: int = 10, size: int = 24, noise: float = 0.05, seed: int = 0) -> Faces:
    """Draw people who differ in eleven measures, each in several pictures.

    From picture to picture the head moves, tilts and comes nearer, the mouth smiles or does not, and light
    falls from another side. Nothing of this tells who it is; the measures do. They are made here, so no
    licence binds them.

    Parameters
    ----------
    people : int
        How many people, at least 1.
    each : int
        Pictures of each, at least 1.
    size : int
        Height and width in pixels, at least 16.
    noise : float
        Standard deviation of Gaussian noise on every pixel, 0 or more. Grey values are cut off at 0 and 1.
    seed : int
        Seed of the random generator. People of one seed have nothing to do with those of another.

    Returns
    -------
    Faces
        `images` and `people`; the pictures of a person stand together, n = people · each.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a number of its kind or lies out of range; the message names it.
    """
    people, each = checked_count("people", people, 1), checked_count("each", each, 1)
    size = checked_count("size", size, 16)
    if not (isinstance(noise, int | float | np.number) and 0 <= noise < np.inf):
        raise ValueError(f"expected noise ≥ 0 and finite, got {noise!r}")
    rng = np.random.default_rng(checked_seed(seed))
    n = people * each
    person = {
        name: np.repeat(rng.uniform(*between, people), each)[:, None, None]
        for name, between in _MEASURES.items()
    }
    x, y = _posed(n, size, rng)
    face = _drawn(person, x, y, smile=rng.uniform(-1, 1, (n, 1, 1)), edge=2 / size)
    side = rng.uniform(0, 2 * np.pi, (n, 1, 1))
    light = rng.uniform(0.75, 1, (n, 1, 1)) + 0.2 * (np.cos(side) * x + np.sin(side) * y)
    images = face * light + noise * rng.standard_normal(face.shape)
    return Faces(np.clip(images, 0, 1).astype(np.float32), np.repeat(np.arange(people), each))


def _posed(n, size, rng):
    """Coordinates x, y of every pixel about the head's centre, −1 to 1 over the picture: (n, size, size)."""
    grid = (2 * np.arange(size) + 1) / size - 1
    shift, near = rng.uniform(-0.12, 0.12, (2, n, 1, 1)), rng.uniform(0.85, 1.1, (n, 1, 1))
    x, y = (grid[None, None, :] - shift[0]) / near, (grid[None, :, None] - shift[1]) / near
    tilt = rng.uniform(-0.2, 0.2, (n, 1, 1))  # radians
    return np.cos(tilt) * x + np.sin(tilt) * y, np.cos(tilt) * y - np.sin(tilt) * x


def _drawn(p, x, y, smile, edge):
    """The face of measures p, each (n, 1, 1), at coordinates x, y: grey values (n, size, size)."""

    def inside(distance):  # 1 within, 0 without, smooth over a pixel
        return np.clip(0.5 - distance / edge, 0, 1)

    head = inside((np.hypot(x / p["width"], y / p["height"]) - 1) * p["width"])
    grey = 0.15 + 0.65 * head
    grey -= 0.45 * head * inside(y - p["hair"])
    aside = abs(x) - p["eyes_apart"]  # left and right are alike
    eyes = inside(np.hypot(aside, y - p["eyes_at"]) - p["eye"])
    brow_at = p["eyes_at"] - p["brow_at"] + p["brow_tilt"] * aside
    brows = inside(np.maximum(abs(aside) - 0.13, abs(y - brow_at) - 0.035))
    nose = inside(np.maximum(abs(x) - 0.035, abs(y - p["eyes_at"] - p["nose"]) - p["nose"] / 2))
    lip = p["mouth_at"] - 0.8 * smile * x**2
    mouth = inside(np.maximum(abs(x) - p["mouth"], abs(y - lip) - 0.05))
    return grey - 0.55 * head * np.maximum.reduce([eyes, 0.8 * brows, 0.4 * nose, mouth])
