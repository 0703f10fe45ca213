"""The data sets that ship with scikit-learn: handwritten digits and four small tables."""

import numpy as np

from nbcourse.datasets.splits import Split, split
from nbcourse.messages import nearest

_UCI = "UCI Machine Learning Repository, CC BY 4.0, as shipped with scikit-learn"

# name: (scikit-learn's loader, its arguments, classification?, source)
_LOADERS = {
    "iris": ("load_iris", {}, True, f"Fisher (1936), {_UCI}"),
    "wine": ("load_wine", {}, True, f"Aeberhard and Forina (1992), {_UCI}"),
    "breast_cancer": (
        "load_breast_cancer",
        {},
        True,
        f"Wolberg, Mangasarian, Street and Street (1995), {_UCI}",
    ),
    "diabetes": (
        "load_diabetes",
        {"scaled": False},
        False,
        "Efron, Hastie, Johnstone and Tibshirani (2004), as shipped with scikit-learn; no licence is stated",
    ),
}
TABLES = tuple(_LOADERS)


def digits(seed: int = 0) -> Split:
    """Handwritten digits of 8 × 8 pixels, 1,797 in all: 1,077 to train, 360 to validate, 360 to test.

    Each pixel counts the inked points of a 4 × 4 block of a 32 × 32 bitmap, here divided by 16. The three
    parts hold the ten classes in the same shares.

    Parameters
    ----------
    seed : int
        Which cut into three parts. The images are always the same.

    Returns
    -------
    Split
        Each part: `X` (n, 64) float64 in [0, 1], 0 is paper and 1 is ink, row by row, so that
        ``X[0].reshape(8, 8)`` is an image; `y` (n,) int64, the digit from 0 to 9.

    Raises
    ------
    TypeError, ValueError
        If `seed` is not an integer from 0 to 2³² − 1.

    Notes
    -----
    The test part of Alpaydin and Kaynak (1998), *Optical Recognition of Handwritten Digits*, UCI Machine
    Learning Repository, CC BY 4.0, as shipped with scikit-learn.
    """
    from sklearn.datasets import load_digits

    data = load_digits()
    return split(
        data.data / 16,
        data.target.astype(np.int64),
        seed=seed,
        stratify=True,
        feature_names=tuple(data.feature_names),
        target_names=tuple(str(name) for name in data.target_names),
        source=f"Alpaydin and Kaynak (1998), {_UCI}",
    )


def table(name: str, seed: int = 0) -> Split:
    """Load a small table of measurements, cut into three parts (60, 20 and 20 %), features *not* scaled.

    Scaling is a choice that must see the training part only: ``table("wine").standardised()``.

    ================= ======== ======== ==========================================================
    name              examples features to predict
    ================= ======== ======== ==========================================================
    ``iris``          150      4        species, 3 classes; lengths in cm
    ``wine``          178      13       cultivar, 3 classes; chemical analysis in mixed units
    ``breast_cancer`` 569      30       0 malignant, 1 benign; measures of cell nuclei
    ``diabetes``      442      10       disease progression after one year, 25 to 346; mixed units
    ================= ======== ======== ==========================================================

    Parameters
    ----------
    name : str
        One of the four.
    seed : int
        Which cut into three parts. The three tables with classes are cut in the classes' shares.

    Returns
    -------
    Split
        Each part: `X` (n, features) float64 in the units of the source; `y` (n,) int64 classes, for diabetes
        float64. `feature_names`, `target_names` and `source` (with the licence) are filled.

    Raises
    ------
    ValueError
        If there is no such table; the message names the nearest. Also if `seed` is out of range.
    TypeError
        If `seed` is not an integer.
    """
    if name not in TABLES:
        known = ", ".join(TABLES)
        raise ValueError(f"expected a table's name, one of {known}, got {name!r}{nearest(name, TABLES)}")
    import sklearn.datasets

    loader, arguments, classes, source = _LOADERS[name]
    data = getattr(sklearn.datasets, loader)(**arguments)
    return split(
        data.data.astype(float),
        data.target.astype(np.int64 if classes else float),
        seed=seed,
        stratify=classes,
        feature_names=tuple(str(feature) for feature in data.feature_names),
        target_names=tuple(str(t) for t in data.target_names) if classes else ("disease progression",),
        source=source,
    )
