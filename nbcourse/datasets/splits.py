"""What a data set looks like here: parts that are pairs of arrays, and a scaler that sees one part."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np


class Part(NamedTuple):
    """One part of a data set: inputs `X`, an example in each row, and targets `y` of shape (n,)."""

    X: np.ndarray
    y: np.ndarray


Part.X.__doc__ = "Inputs: (n, d) float64, or pictures (n, …) uint8."
Part.y.__doc__ = "Targets, (n,): int64 classes, or float64 quantities."


@dataclass(frozen=True)
class Split:
    """A data set cut into three parts that share no example.

    Attributes
    ----------
    train, validation, test : Part
        Each unpacks as ``X, y = split.train``. Learn from the first, choose with the second,
        report the third.
    feature_names, target_names : tuple of str
        Names of the columns of `X`, and of the classes 0, 1, … (or of the one quantity to predict).
    source : str
        Where the data come from, and their licence.
    """

    train: Part
    validation: Part
    test: Part
    feature_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    source: str = ""

    def standardised(self) -> "Split":
        """Return a new split whose features are standardised by the *training* part's mean and deviation.

        The targets are the same arrays. See `Standardiser`.
        """
        scale = Standardiser(self.train.X)
        parts = {name: getattr(self, name) for name in ("train", "validation", "test")}
        return replace(self, **{name: Part(scale(part.X), part.y) for name, part in parts.items()})


class Standardiser:
    """z = (x − mean) / deviation for each feature, both measured once, on the data given here.

    Give it the training inputs only, then apply it to every part: a scaler that has seen the test set has
    leaked it. The fit is scikit-learn's `StandardScaler`; a constant feature keeps the scale 1.

    Parameters
    ----------
    X : array of shape (n, d)
        The training inputs.

    Attributes
    ----------
    mean, deviation : ndarray of shape (d,), float64
        In the features' own units.

    Raises
    ------
    ValueError
        If `X` is not two-dimensional, holds no row, or, when applied, has another number of features.
    """

    def __init__(self, X):
        from sklearn.preprocessing import StandardScaler

        X = np.asarray(X, dtype=float)
        if X.ndim != 2 or not len(X):
            raise ValueError(f"expected inputs of shape (n, d) with n ≥ 1, got shape {X.shape}")
        scaler = StandardScaler().fit(X)
        self.mean, self.deviation = scaler.mean_, scaler.scale_

    def __call__(self, X) -> np.ndarray:
        """Standardise `X`, (n, d) → (n, d) float64, with the stored mean and deviation."""
        return (self._checked(X) - self.mean) / self.deviation

    def inverse(self, Z) -> np.ndarray:
        """Undo it: standardised inputs (n, d) back to the features' own units, float64."""
        return self._checked(Z) * self.deviation + self.mean

    def _checked(self, X):
        X = np.asarray(X, dtype=float)
        if X.ndim != 2 or X.shape[1] != len(self.mean):
            raise ValueError(f"expected inputs of shape (n, {len(self.mean)}), got {X.shape}")
        return X


def split(X, y, *, seed: int, stratify: bool, **described) -> Split:
    """Cut examples at random into 60 % train, 20 % validation and 20 % test (the last two rounded up).

    With `stratify` every part holds the classes in the same shares. `described` are the further fields of
    `Split`. The cut is scikit-learn's `train_test_split`, twice.
    """
    from sklearn.model_selection import train_test_split

    seed, held_out = checked_seed(seed), -(-len(y) // 5)
    X, X_test, y, y_test = train_test_split(
        X, y, test_size=held_out, random_state=seed, stratify=y if stratify else None
    )
    X, X_validation, y, y_validation = train_test_split(
        X, y, test_size=held_out, random_state=seed, stratify=y if stratify else None
    )
    return Split(Part(X, y), Part(X_validation, y_validation), Part(X_test, y_test), **described)


def checked_count(name: str, value, least: int) -> int:
    """Return `value` if it is an integer of at least `least`; otherwise the error names it."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"expected {name} to be an integer, got {value!r} ({type(value).__name__})")
    if value < least:
        raise ValueError(f"expected {name} ≥ {least}, got {value}")
    return int(value)


def checked_seed(seed) -> int:
    """Return `seed` if it is an integer from 0 to 2³² − 1, the range that every generator takes."""
    if checked_count("seed", seed, 0) >= 2**32:
        raise ValueError(f"expected seed < 2**32, got {seed}")
    return int(seed)
