"""Losses for pairs and triples."""

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from ..rows import Row
from .loss import SIGNS, each

ROWS = {
    **each(
        "hinge_embedding_loss",
        lambda lib, x, r: lib.nn.functional.hinge_embedding_loss(x, lib.tensor(SIGNS), reduction=r),
        [(4, 5)],
    ),
    **each(
        "hinge_embedding_loss-margin",
        lambda lib, x, r: lib.nn.functional.hinge_embedding_loss(
            x, lib.tensor([1, -1, 0, 2, -1]), margin=-0.2, reduction=r
        ),
        [(5,)],
    ),
    **each(
        "margin_ranking_loss",
        lambda lib, x, y, r: lib.nn.functional.margin_ranking_loss(x, y, lib.tensor(SIGNS), reduction=r),
        [(5,), (5,)],
    ),
    **each(
        "margin_ranking_loss-margin",
        lambda lib, x, y, t, r: lib.nn.functional.margin_ranking_loss(x, y, t, margin=0.7, reduction=r),
        [(4, 3), (1, 3), (4, 3)],
    ),
    **each(
        "cosine_embedding_loss",
        lambda lib, x, y, r: lib.nn.functional.cosine_embedding_loss(x, y, lib.tensor(SIGNS), reduction=r),
        [(5, 3), (5, 3)],
    ),
    **each(
        "cosine_embedding_loss-margin",
        lambda lib, x, y, r: lib.nn.functional.cosine_embedding_loss(
            x, y, lib.tensor([1, -1, 0, 2, -1]), margin=-0.3, reduction=r
        ),
        [(5, 3), (1, 3)],
    ),
    **each(
        "cosine_embedding_loss-one",
        lambda lib, x, y, r: lib.nn.functional.cosine_embedding_loss(x, y, lib.tensor(1), reduction=r),
        [(3,), (3,)],
    ),
    "cosine_embedding_loss-zeros": Row(
        lambda lib, x, y: lib.nn.functional.cosine_embedding_loss(0 * x, y, lib.tensor([1, -1])), [(2, 3)] * 2
    ),
    **each(
        "triplet_margin_loss",
        lambda lib, a, p, n, r: lib.nn.functional.triplet_margin_loss(a, p, n, reduction=r),
        [(5, 3)] * 3,
    ),
    **each(
        "triplet_margin_loss-all",
        lambda lib, a, p, n, r: lib.nn.functional.triplet_margin_loss(
            a, p, n, margin=2, p=3, eps=0.1, swap=True, reduction=r
        ),
        [(5, 3), (5, 3), (1, 3)],
    ),
    "triplet_margin_loss-one": Row(
        lambda lib, a, p, n: lib.nn.functional.triplet_margin_loss(a, p, n), [(3,)] * 3
    ),
}

ONES, THREE = scratch.ones(2, 3), scratch.ones(3)
TWO = scratch.tensor([0, 1])
BAD = {
    "margin_ranking_loss-dims": (
        lambda: F.margin_ranking_loss(ONES, THREE, THREE),
        ValueError,
        r"same number of dimensions, got input1 \(2, 3\), input2 \(3,\), target \(3,\)",
    ),
    "cosine_embedding_loss-target": (
        lambda: F.cosine_embedding_loss(ONES, ONES, scratch.tensor(1)),
        ValueError,
        r"got \(2, 3\), \(2, 3\) and \(\)",
    ),
    "cosine_embedding_loss-matrix": (
        lambda: F.cosine_embedding_loss(ONES, ONES, ONES),
        ValueError,
        r"and \(2, 3\)",
    ),
    "triplet_margin_loss-margin": (
        lambda: F.triplet_margin_loss(ONES, ONES, ONES, margin=0),
        ValueError,
        "margin above 0, got 0",
    ),
    "TripletMarginLoss-margin": (
        lambda: nn.TripletMarginLoss(margin=-1),
        ValueError,
        "margin above 0, got -1",
    ),
    "triplet_margin_loss-dims": (
        lambda: F.triplet_margin_loss(ONES, THREE, ONES),
        ValueError,
        r"anchor \(2, 3\), positive \(3,\), negative \(2, 3\)",
    ),
}
