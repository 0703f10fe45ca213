"""Norms, distances and cosines."""

import math

import numpy as np

from nbcourse import scratch
from nbcourse.scratch.nn import functional as F

from ..rows import ModuleRow, Row


def with_zeros(rng, shape):
    """Draw vectors of which the first is zero and the others have a zero."""
    values = rng.standard_normal(shape)
    values[0], values[:, 0] = 0, 0
    return values


NORMS = [1, 1.5, 2, 3, 0.5, -1, math.inf, -math.inf]
ROWS = {
    "normalize": Row(lambda lib, x: lib.nn.functional.normalize(x), [(4, 3)]),
    "normalize-dim": Row(lambda lib, x: lib.nn.functional.normalize(x, dim=-2), [(2, 4, 3)]),
    "normalize-dims": Row(lambda lib, x: lib.nn.functional.normalize(x, p=3, dim=(0, 2)), [(2, 4, 3)]),
    "normalize-eps": Row(lambda lib, x: lib.nn.functional.normalize(x, eps=1.5), [(6, 3)]),
    "normalize-zeros": Row(
        lambda lib, x: lib.nn.functional.normalize(x, eps=0.1), [(4, 3)], with_zeros, differences=False
    ),
    "normalize-count": Row(lambda lib, x: lib.nn.functional.normalize(x, p=0), [(4, 3)]),
    "normalize-0d": Row(lambda lib, x: lib.nn.functional.normalize(x, dim=0), [()]),
    "normalize-empty": Row(lambda lib, x: lib.nn.functional.normalize(x), [(0, 3)]),
    **{
        f"normalize-{p}": Row(lambda lib, x, p=p: lib.nn.functional.normalize(x, p=p), [(4, 3)])
        for p in NORMS
    },
    "pairwise_distance": Row(lambda lib, x, y: lib.nn.functional.pairwise_distance(x, y), [(4, 3), (4, 3)]),
    "pairwise_distance-broadcast": Row(
        lambda lib, x, y: lib.nn.functional.pairwise_distance(x, y, eps=0.1, keepdim=True), [(2, 4, 3), (3,)]
    ),
    "pairwise_distance-vector": Row(
        lambda lib, x, y: lib.nn.functional.pairwise_distance(x, y), [(3,), (3,)]
    ),
    "pairwise_distance-0d": Row(lambda lib, x, y: lib.nn.functional.pairwise_distance(x, y), [(), ()]),
    "pairwise_distance-integers": Row(
        lambda lib: lib.nn.functional.pairwise_distance(lib.tensor([[1, 2]]), lib.tensor([[4, 6]]))
    ),
    **{
        f"pairwise_distance-{p}": Row(
            lambda lib, x, y, p=p: lib.nn.functional.pairwise_distance(x, y, p=p), [(4, 3), (4, 3)]
        )
        for p in NORMS
    },
    **{
        f"pairwise_distance-zeros-{p}": Row(
            lambda lib, x, y, p=p: lib.nn.functional.pairwise_distance(x, 0 * y, p=p, eps=0),
            [(4, 3), (4, 3)],
            with_zeros,
            differences=False,
        )
        for p in NORMS
        if p > 0
    },
    "pairwise_distance-infinite": Row(
        lambda lib, x: lib.nn.functional.pairwise_distance(x, lib.tensor([[np.inf, 0.0, 1], [0, np.nan, 1]])),
        [(2, 3)],
        differences=False,
    ),
    "cosine_similarity": Row(lambda lib, x, y: lib.nn.functional.cosine_similarity(x, y), [(4, 3), (4, 3)]),
    "cosine_similarity-dim": Row(
        lambda lib, x, y: lib.nn.functional.cosine_similarity(x1=x, x2=y, dim=-1), [(5, 1, 3), (4, 3)]
    ),
    "cosine_similarity-common-dim": Row(
        lambda lib, x, y: lib.nn.functional.cosine_similarity(x, y, dim=0), [(5, 4, 3), (4, 3)]
    ),
    "cosine_similarity-eps": Row(
        lambda lib, x, y: lib.nn.functional.cosine_similarity(x, y, eps=2.0),
        [(4, 3), (4, 3)],
        differences=False,  # the derivative of a norm below eps is that of the norm
    ),
    "cosine_similarity-zeros": Row(
        lambda lib, x, y: lib.nn.functional.cosine_similarity(x, y),
        [(4, 3), (4, 3)],
        with_zeros,
        differences=False,
    ),
    "cosine_similarity-0d": Row(lambda lib, x, y: lib.nn.functional.cosine_similarity(x, y, dim=0), [(), ()]),
    "cosine_similarity-large": Row(
        lambda lib, x, y: lib.nn.functional.cosine_similarity(1e150 * x, 1e-3 * y),
        [(4, 3), (4, 3)],
        single=None,
    ),
    "cosine_similarity-mixed": Row(
        lambda lib: lib.nn.functional.cosine_similarity(
            lib.tensor([[1, 2]]), lib.tensor([[3.0, 4.0]], dtype=lib.float64)
        )
    ),
}


def by_name(lib, module, x1, x2):
    return module(x1=x1, x2=x2)


MODULES = {
    "CosineSimilarity": ModuleRow(
        lambda lib: lib.nn.CosineSimilarity(dim=0, eps=1e-3), [(4, 3), (4, 3)], by_name
    ),
    "PairwiseDistance": ModuleRow(
        lambda lib: lib.nn.PairwiseDistance(p=3, eps=1e-3, keepdim=True), [(4, 3), (4, 3)], by_name
    ),
}

INTEGERS = scratch.ones(2, 3).long()
NOT_BUILT = {"normalize-out": (lambda: F.normalize(INTEGERS.float(), out=INTEGERS), "out=")}
BAD = {
    "normalize-integers": (lambda: F.normalize(INTEGERS), TypeError, "normalize: .* got int64"),
    "normalize-dim": (lambda: F.normalize(scratch.ones(3)), IndexError, "from -1 to 0, got 1"),
    "cosine_similarity-integers": (
        lambda: F.cosine_similarity(INTEGERS, INTEGERS),
        TypeError,
        "cosine_similarity: .* got int64",
    ),
    "cosine_similarity-shapes": (
        lambda: F.cosine_similarity(scratch.ones(2, 3), scratch.ones(2, 4)),
        ValueError,
        "broadcast",
    ),
}
