"""Data sets as NumPy arrays: generated, embedded, and later downloaded. Nothing here needs a network.

``X, y = datasets.moons()`` is a set in the plane; ``datasets.digits().train`` is a part of a larger one.
"""

from nbcourse.datasets.embedded import TABLES, digits, table
from nbcourse.datasets.generated import blobs, circles, moons, separable, spirals, xor
from nbcourse.datasets.mnist1d import Signals, mnist1d
from nbcourse.datasets.splits import Part, Split, Standardiser

__all__ = [
    "TABLES",
    "Part",
    "Signals",
    "Split",
    "Standardiser",
    "blobs",
    "circles",
    "digits",
    "mnist1d",
    "moons",
    "separable",
    "spirals",
    "table",
    "xor",
]
