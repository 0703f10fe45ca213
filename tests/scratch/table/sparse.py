"""One-hot codes and embeddings."""

import math

import numpy as np

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from ..rows import ModuleRow, Row


def words(lib):
    """Row numbers below 5, with repetitions; 3 does not occur."""
    return lib.tensor([[0, 4, 1], [1, 1, 2]])


def looked_up(**settings):
    """A row that looks up `words` in an input (5, 3); with settings, the gradient is not the slope."""

    def call(lib, w):
        return lib.nn.functional.embedding(words(lib), w, **settings)

    return Row(call, [(5, 3)], differences=not settings)


def shortened(**settings):
    """A row that looks up in a constant table and returns the table too, for it is written into."""

    def call(lib, x):
        w = lib.tensor(np.arange(15.0).reshape(5, 3) - 7)
        y = lib.nn.functional.embedding(words(lib), w, **settings)
        return y * x, w

    return Row(call, [(3,)])


def hot(values, *args, **kwargs):
    """A row of one_hot."""
    return Row(lambda lib: lib.nn.functional.one_hot(lib.tensor(values), *args, **kwargs))


def no_words(lib, *shape):
    return lib.zeros(shape, dtype=lib.int64)


ROWS = {
    "embedding": looked_up(),
    "embedding-int32": Row(lambda lib, w: lib.nn.functional.embedding(words(lib).int(), w), [(5, 3)]),
    "embedding-keywords": Row(
        lambda lib, w: lib.nn.functional.embedding(input=words(lib), weight=w, sparse=False), [(5, 3)]
    ),
    "embedding-one-number": Row(lambda lib, w: lib.nn.functional.embedding(lib.tensor(2), w), [(5, 3)]),
    "embedding-of-another-row": Row(
        lambda lib, w: lib.nn.functional.embedding(words(lib), w * 2) + w[3], [(5, 3)]
    ),
    "embedding-padding": looked_up(padding_idx=1),
    "embedding-padding-0": looked_up(padding_idx=0),
    "embedding-padding-from-the-end": looked_up(padding_idx=-1),
    "embedding-by-frequency": looked_up(scale_grad_by_freq=True),
    "embedding-by-frequency-padded": looked_up(scale_grad_by_freq=True, padding_idx=2),
    "embedding-no-words": Row(lambda lib, w: lib.nn.functional.embedding(no_words(lib, 2, 0), w), [(5, 3)]),
    "embedding-no-rows": Row(lambda lib, w: lib.nn.functional.embedding(no_words(lib, 0), w), [(0, 3)]),
    "embedding-no-columns": Row(lambda lib, w: lib.nn.functional.embedding(words(lib), w), [(5, 0)]),
    "embedding-of-integers": Row(
        lambda lib: lib.nn.functional.embedding(words(lib), lib.tensor([[1], [2], [3], [4], [5]]))
    ),
    "embedding-shortened": shortened(max_norm=6),
    "embedding-shortened-sum-of-sizes": shortened(max_norm=6.5, norm_type=1),
    "embedding-shortened-largest": shortened(max_norm=5.0, norm_type=math.inf),
    "embedding-shortened-third-power": shortened(max_norm=5.0, norm_type=3.0),
    "embedding-long-enough": shortened(max_norm=100),
    "one_hot": hot([[0, 2], [1, 2]]),
    "one_hot-more": hot([[0, 2], [1, 2]], 5),
    "one_hot-keyword": hot([3, 0], num_classes=4),
    "one_hot-scalar": hot(2),
    "one_hot-zeros": hot([0, 0]),
    "one_hot-input": Row(lambda lib: lib.nn.functional.one_hot(input=words(lib))),
    "one_hot-empty": Row(lambda lib: lib.nn.functional.one_hot(no_words(lib, 0, 3), 4)),
}


def embedded(*args, **kwargs):
    """A module row: an embedding of `words`, times a vector so that there is an input."""
    return ModuleRow(
        lambda lib: lib.nn.Embedding(*args, **kwargs),
        [(1,)],
        lambda lib, module, x: module(input=words(lib)) * x,
    )


def pretrained(**settings):
    """A module row: an embedding made of a table."""

    def make(lib):
        table = lib.tensor(np.arange(15.0).reshape(5, 3) - 7)
        return lib.nn.Embedding.from_pretrained(table, **settings)

    return ModuleRow(make, [(1,)], lambda lib, module, x: module(words(lib)) * x)


def with_weight(lib):
    return lib.nn.Embedding(5, 2, _weight=lib.tensor(np.arange(10.0).reshape(5, 2)), _freeze=True)


MODULES = {
    "Embedding": embedded(5, 3),
    "Embedding-padding": embedded(5, 3, padding_idx=-4),
    "Embedding-padding-0": embedded(5, 3, padding_idx=0, scale_grad_by_freq=True),
    "Embedding-shortened": embedded(5, 3, max_norm=0.5, norm_type=1.0),
    "Embedding-dtype": ModuleRow(
        lambda lib: lib.nn.Embedding(5, 3, device="cpu", dtype=lib.float64),
        [],
        lambda lib, module: module(words(lib)),
    ),
    "Embedding-weight": ModuleRow(with_weight, [(2,)], lambda lib, module, x: module(words(lib)) * x),
    "from_pretrained": pretrained(),
    "from_pretrained-padding": pretrained(freeze=False, padding_idx=2, scale_grad_by_freq=True),
    "from_pretrained-shortened": pretrained(max_norm=2.0, norm_type=math.inf),
}

NUMBERS, TABLE = scratch.tensor([0, 1]), scratch.ones(3, 2)

NOT_BUILT = {
    "embedding-sparse": (lambda: F.embedding(NUMBERS, TABLE, sparse=True), "sparse"),
    "Embedding-sparse": (lambda: nn.Embedding(2, 3, sparse=True), "sparse"),
    "Embedding-device": (lambda: nn.Embedding(2, 3, device="cuda"), "device"),
    "from_pretrained-sparse": (lambda: nn.Embedding.from_pretrained(TABLE, sparse=True), "sparse"),
}

BAD = {
    "one_hot-dtype": (
        lambda: F.one_hot(NUMBERS.int()),
        TypeError,
        "expected class numbers .* got int32",
    ),
    "one_hot-large": (lambda: F.one_hot(NUMBERS + 3, 4), IndexError, "numbers from 0 to 3, got 3 to 4"),
    "one_hot-negative": (lambda: F.one_hot(NUMBERS - 1), IndexError, "got -1 to 0"),
    "one_hot-classes": (lambda: F.one_hot(NUMBERS, 0), ValueError, "num_classes of at least 1, .* got 0"),
    "one_hot-unknown": (lambda: F.one_hot(no_words(scratch, 0)), ValueError, r"got -1 for shape \(0,\)"),
    "one_hot-half": (lambda: F.one_hot(NUMBERS, 2.5), TypeError, "float"),
    "embedding-dtype": (lambda: F.embedding(NUMBERS.float(), TABLE), TypeError, "row numbers .* got float32"),
    "embedding-list": (lambda: F.embedding([0], TABLE), TypeError, "expected input to be a Tensor, got list"),
    "embedding-array": (lambda: F.embedding(NUMBERS, TABLE.data), TypeError, "weight .* got ndarray"),
    "embedding-weight": (lambda: F.embedding(NUMBERS, TABLE[0]), ValueError, r"weight \(V, d\), got \(2,\)"),
    "embedding-large": (lambda: F.embedding(NUMBERS + 2, TABLE), IndexError, "from 0 to 2, got 2 to 3"),
    "embedding-negative": (lambda: F.embedding(NUMBERS - 1, TABLE), IndexError, "got -1 to 0"),
    "embedding-padding": (
        lambda: F.embedding(NUMBERS, TABLE, 3),
        ValueError,
        "padding_idx: expected from -3 to 2, got 3",
    ),
    "Embedding-padding": (lambda: nn.Embedding(3, 2, -4), ValueError, "from -3 to 2, got -4"),
    "Embedding-weight": (
        lambda: nn.Embedding(2, 2, _weight=TABLE),
        ValueError,
        r"_weight of shape \(2, 2\), got \(3, 2\)",
    ),
    "from_pretrained": (lambda: nn.Embedding.from_pretrained(TABLE[0]), ValueError, r"got \(2,\)"),
}
