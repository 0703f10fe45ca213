"""Data sets as NumPy arrays: generated, embedded, or published and fetched once.

``X, y = datasets.moons()`` is a set in the plane, ``datasets.digits().train`` a part of a larger one; these
need no network. ``datasets.mnist()`` and the other published sets are read from NBCOURSE_DATA, or downloaded
when they are asked for the first time; ``nbcourse data list`` shows them.
"""

from nbcourse.datasets.embedded import TABLES, digits, table
from nbcourse.datasets.faces import Faces, faces
from nbcourse.datasets.generated import blobs, circles, moons, separable, spirals, sums, wave, xor
from nbcourse.datasets.grammar import OPINION_KINDS, Opinions, People, Person, opinions, people
from nbcourse.datasets.images import cifar10, fashion_mnist, mnist
from nbcourse.datasets.mnist1d import Signals, mnist1d
from nbcourse.datasets.ratings import Ratings, ratings
from nbcourse.datasets.series import Series, elnino, passengers, temperatures
from nbcourse.datasets.shapes import SHAPES, Shapes, shapes
from nbcourse.datasets.sounds import RATE, WORDS, Keywords, keywords
from nbcourse.datasets.splits import Part, Split, Standardiser
from nbcourse.datasets.store import DataError
from nbcourse.datasets.stories import STORY_PLACES, Stories, stories
from nbcourse.datasets.tasks import adding, copying
from nbcourse.datasets.texts import (
    Pairs,
    Reviews,
    Text,
    Translations,
    Words,
    keeper,
    multi30k,
    names,
    reviews,
    shakespeare,
)
from nbcourse.datasets.tokens import Buckets, BytePairs, Characters, Vocabulary, padded
from nbcourse.datasets.written import places

__all__ = [
    "OPINION_KINDS",
    "RATE",
    "SHAPES",
    "STORY_PLACES",
    "TABLES",
    "WORDS",
    "Buckets",
    "BytePairs",
    "Characters",
    "DataError",
    "Faces",
    "Keywords",
    "Opinions",
    "Pairs",
    "Part",
    "People",
    "Person",
    "Ratings",
    "Reviews",
    "Series",
    "Shapes",
    "Signals",
    "Split",
    "Standardiser",
    "Stories",
    "Text",
    "Translations",
    "Vocabulary",
    "Words",
    "adding",
    "blobs",
    "cifar10",
    "circles",
    "copying",
    "digits",
    "elnino",
    "faces",
    "fashion_mnist",
    "keeper",
    "keywords",
    "mnist",
    "mnist1d",
    "moons",
    "multi30k",
    "names",
    "opinions",
    "padded",
    "passengers",
    "people",
    "places",
    "ratings",
    "reviews",
    "separable",
    "shakespeare",
    "shapes",
    "spirals",
    "stories",
    "sums",
    "table",
    "temperatures",
    "wave",
    "xor",
]
