"""Losses for classes: scores against class numbers or against probabilities."""

import numpy as np

from nbcourse import scratch
from nbcourse.scratch.nn import functional as F

from ..rows import Row
from .loss import CLASS_WEIGHT, CLASSES, each, given, like

IMAGE_CLASSES = [[[0, 1], [2, 3], [-100, 1]], [[1, 1], [0, 2], [3, 3]]]  # (2, 3, 2), of 4


def with_probabilities(call, weight=None):
    """A call whose second input is turned into probabilities along dimension 1, or 0 of a vector."""

    def on_scores(lib, x, scores, reduction):
        q = scores.softmax(1 if scores.ndim > 1 else 0)
        w = None if weight is None else like(x, lib, weight)
        return call(lib, x, q, w, reduction)

    return on_scores


ROWS = {
    **each(
        "nll_loss",
        lambda lib, x, r: lib.nn.functional.nll_loss(x, lib.tensor(CLASSES), reduction=r),
        [(6, 5)],
    ),
    **each(
        "nll_loss-weight",
        lambda lib, x, r: lib.nn.functional.nll_loss(
            x, lib.tensor(CLASSES), weight=like(x, lib, CLASS_WEIGHT), ignore_index=4, reduction=r
        ),
        [(6, 5)],
    ),
    **each(
        "nll_loss-images",
        lambda lib, x, r: lib.nn.functional.nll_loss(x, lib.tensor(IMAGE_CLASSES), reduction=r),
        [(2, 4, 3, 2)],
    ),
    **each(
        "nll_loss-one", lambda lib, x, r: lib.nn.functional.nll_loss(x, lib.tensor(3), reduction=r), [(5,)]
    ),
    **each(
        "cross_entropy",
        lambda lib, x, r: lib.nn.functional.cross_entropy(x, lib.tensor(CLASSES), reduction=r),
        [(6, 5)],
    ),
    **each(
        "cross_entropy-weight",
        lambda lib, x, r: lib.nn.functional.cross_entropy(
            x, lib.tensor(CLASSES), weight=like(x, lib, CLASS_WEIGHT), reduction=r
        ),
        [(6, 5)],
    ),
    **each(
        "cross_entropy-ignore",
        lambda lib, x, r: lib.nn.functional.cross_entropy(
            x, lib.tensor(CLASSES), ignore_index=2, reduction=r
        ),
        [(6, 5)],
    ),
    **each(
        "cross_entropy-smoothing",
        lambda lib, x, r: lib.nn.functional.cross_entropy(
            x, lib.tensor(CLASSES), label_smoothing=0.1, reduction=r
        ),
        [(6, 5)],
    ),
    **each(
        "cross_entropy-all-smoothing",
        lambda lib, x, r: lib.nn.functional.cross_entropy(
            x, lib.tensor(CLASSES), label_smoothing=1, reduction=r
        ),
        [(6, 5)],
    ),
    **each(
        "cross_entropy-all",
        lambda lib, x, r: lib.nn.functional.cross_entropy(
            x, lib.tensor(CLASSES), like(x, lib, CLASS_WEIGHT), None, 0, None, r, 0.3
        ),
        [(6, 5)],
    ),
    **each(
        "cross_entropy-images",
        lambda lib, x, r: lib.nn.functional.cross_entropy(
            x, lib.tensor(IMAGE_CLASSES), weight=like(x, lib, CLASS_WEIGHT[:4]), reduction=r
        ),
        [(2, 4, 3, 2)],
    ),
    **each(
        "cross_entropy-images-smoothing",
        lambda lib, x, r: lib.nn.functional.cross_entropy(
            x,
            lib.tensor(IMAGE_CLASSES),
            weight=like(x, lib, CLASS_WEIGHT[:4]),
            label_smoothing=0.2,
            reduction=r,
        ),
        [(2, 4, 3, 2)],
    ),
    **each(
        "cross_entropy-one",
        lambda lib, x, r: lib.nn.functional.cross_entropy(x, lib.tensor(3), reduction=r),
        [(5,)],
    ),
    **each(
        "cross_entropy-one-smoothing",
        lambda lib, x, r: lib.nn.functional.cross_entropy(x, lib.tensor(3), reduction=r, label_smoothing=0.2),
        [(5,)],
    ),
    "cross_entropy-bytes": Row(
        lambda lib, x: lib.nn.functional.cross_entropy(x, lib.tensor(CLASSES, dtype=lib.uint8)), [(6, 5)]
    ),
    **each(
        "cross_entropy-probabilities",
        with_probabilities(lambda lib, x, q, w, r: lib.nn.functional.cross_entropy(x, q, reduction=r)),
        [(6, 5)] * 2,
    ),
    **each(
        "cross_entropy-probabilities-all",
        with_probabilities(
            lambda lib, x, q, w, r: lib.nn.functional.cross_entropy(
                x, q, weight=w, label_smoothing=0.3, reduction=r
            ),
            CLASS_WEIGHT,
        ),
        [(6, 5)] * 2,
    ),
    **each(
        "cross_entropy-probabilities-images",
        with_probabilities(
            lambda lib, x, q, w, r: lib.nn.functional.cross_entropy(x, q, weight=w, reduction=r),
            CLASS_WEIGHT[:4],
        ),
        [(2, 4, 3)] * 2,
    ),
    **each(
        "cross_entropy-probabilities-one",
        with_probabilities(lambda lib, x, q, w, r: lib.nn.functional.cross_entropy(x, q, reduction=r)),
        [(5,)] * 2,
    ),
    "cross_entropy-probabilities-weight": Row(
        lambda lib, x, y, w: lib.nn.functional.cross_entropy(x, y, weight=w), [(4, 3), (4, 3), (3,)]
    ),
    "cross_entropy-mixed": Row(
        lambda lib: lib.nn.functional.cross_entropy(
            lib.ones(2, 3, dtype=lib.float32), lib.ones(2, 3, dtype=lib.float64)
        )
    ),
    "cross_entropy-large": Row(
        lambda lib, x: lib.nn.functional.cross_entropy(x, lib.tensor([1, 0])),
        [(2, 3)],
        given([[1e4, -1e4, 0], [-1e30, 1e30, 3]]),
        differences=False,
    ),
    **each(
        "multi_margin_loss",
        lambda lib, x, r: lib.nn.functional.multi_margin_loss(x, lib.tensor(CLASSES), reduction=r),
        [(6, 5)],
    ),
    **each(
        "multi_margin_loss-all",
        lambda lib, x, r: lib.nn.functional.multi_margin_loss(
            x, lib.tensor(CLASSES), p=2, margin=0.5, weight=like(x, lib, CLASS_WEIGHT), reduction=r
        ),
        [(6, 5)],
    ),
    **each(
        "multi_margin_loss-one",
        lambda lib, x, r: lib.nn.functional.multi_margin_loss(x, lib.tensor(2), reduction=r),
        [(5,)],
    ),
}

# scores that are infinite, rows that do not count, targets that are no probabilities
INF = np.inf
SCORES = [[0, -INF, 1], [1, 2, -INF], [0.3, 0.2, 0.1]]
FINITE = [[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]]
SOFT = [[0.5, 0.1, 0.4], [0.5, 0.5, 0], [0.2, 0.3, 0.5]]
WEIGHTED = {"weight": [1.0, 0.0, 2.0]}
OF_CLASSES = {
    "not the target": (SCORES, [0, 1, 2], {}),
    "the target": (SCORES, [1, 1, 1], {}),
    "the target, weight 0": (SCORES, [1, 1, 1], WEIGHTED),
    "weighted": (SCORES, [0, 1, 2], WEIGHTED),
    "ignored": (SCORES, [0, 1, 1], {"ignore_index": 1}),
    "all ignored": (SCORES, [1, 1, 1], {"ignore_index": 1}),
    "finite, all ignored": (FINITE, [1, 1], {"ignore_index": 1}),
    "finite, all of weight 0": (FINITE, [1, 1], WEIGHTED),
    "nothing but -inf": ([[-INF, -INF], [1, 2]], [0, 1], {}),
    "nothing but -inf, ignored": ([[-INF, -INF], [1, 2]], [-100, 1], {}),
    "inf": ([[INF, 1], [1, 2]], [0, 1], {}),
    "nan, ignored": ([[np.nan, 1], [1, 2]], [-100, 1], {}),
    "no rows": (np.zeros((0, 3)), np.zeros(0, int), {}),
}
SMOOTHED_OR_SOFT = {
    "smoothed": (SCORES, [0, 1, 2], {"label_smoothing": 0.1}),
    "smoothed, weighted": (SCORES, [0, 1, 2], {"label_smoothing": 0.1, **WEIGHTED}),
    "smoothed, ignored": (SCORES, [1, 1, 2], {"label_smoothing": 0.1, "ignore_index": 1}),
    "smoothed, all ignored": (SCORES, [1, 1, 1], {"label_smoothing": 0.1, "ignore_index": 1}),
    "smoothed, finite, all ignored": (FINITE, [1, 1], {"label_smoothing": 0.1, "ignore_index": 1}),
    "probabilities of 0": (SCORES, [[0.5, 0, 0.5], [0.5, 0.5, 0], [0.2, 0.3, 0.5]], {}),
    "probabilities, weighted": (SCORES, SOFT, WEIGHTED),
    "probabilities, smoothed": (SCORES, SOFT, {"label_smoothing": 0.1}),
    "probabilities that do not add up to 1": (FINITE, FINITE, {"label_smoothing": 0.1}),
    "probabilities, no rows": (np.zeros((0, 3)), np.zeros((0, 3)), {}),
}


def odd(name, scores, target, options):
    """A row for each reduction of a loss of odd scores."""
    target = np.array(target)

    def call(lib, x, reduction):
        settings = {k: like(x, lib, v) if k == "weight" else v for k, v in options.items()}
        right = like(x, lib, target) if target.dtype.kind == "f" else lib.tensor(target)
        return getattr(lib.nn.functional, name)(x, right, **settings, reduction=reduction)

    return each(f"{name}", call, [np.shape(scores)], draw=given(scores), differences=False)


for _name, _kinds in (("nll_loss", OF_CLASSES), ("cross_entropy", OF_CLASSES | SMOOTHED_OR_SOFT)):
    for _label, _kind in _kinds.items():
        ROWS |= {f"{key}, {_label}": row for key, row in odd(_name, *_kind).items()}


ONES, THREE = scratch.ones(2, 3), scratch.ones(3)
TWO = scratch.tensor([0, 1])
BAD = {
    "cross_entropy-class": (lambda: F.cross_entropy(ONES, [0, 3]), IndexError, "from 0 to 2, got 3"),
    "cross_entropy-negative-class": (
        lambda: F.cross_entropy(ONES, [0, -1]),
        IndexError,
        "cross_entropy: expected classes from 0 to 2, got -1",
    ),
    "cross_entropy-smoothed-class": (
        lambda: F.cross_entropy(ONES, [0, 5], label_smoothing=0.1),
        IndexError,
        "cross_entropy: expected classes from 0 to 2, got 5",
    ),
    "nll_loss-class": (
        lambda: F.nll_loss(ONES, [0, 3]),
        IndexError,
        "nll_loss: expected classes from 0 to 2",
    ),
    "cross_entropy-shape": (
        lambda: F.cross_entropy(ONES, [0]),
        ValueError,
        r"class numbers of shape \(2,\), got \(1,\)",
    ),
    "cross_entropy-one-shape": (
        lambda: F.cross_entropy(THREE, [0]),
        ValueError,
        r"class numbers of shape \(\), got \(1,\)",
    ),
    "cross_entropy-images-shape": (
        lambda: F.cross_entropy(scratch.ones(2, 3, 4), [0, 1]),
        ValueError,
        r"class numbers of shape \(2, 4\), got \(2,\)",
    ),
    "cross_entropy-probabilities-shape": (
        lambda: F.cross_entropy(ONES, scratch.ones(2)),
        ValueError,
        r"probabilities of shape \(2, 3\), got \(2,\)",
    ),
    "cross_entropy-bool": (
        lambda: F.cross_entropy(ONES, [True, False]),
        TypeError,
        "integer dtype, got bool",
    ),
    "cross_entropy-integers": (
        lambda: F.cross_entropy(ONES.long(), [0, 1]),
        TypeError,
        "floating-point scores",
    ),
    "cross_entropy-0d": (lambda: F.cross_entropy(scratch.tensor(1.0), 0), TypeError, r"got float32 \(\)"),
    "cross_entropy-weight": (
        lambda: F.cross_entropy(ONES, [0, 1], weight=np.ones(2)),
        ValueError,
        r"cross_entropy: expected a weight of shape \(3,\), got \(2,\)",
    ),
    "cross_entropy-probabilities-ignore": (
        lambda: F.cross_entropy(ONES, ONES, ignore_index=1),
        ValueError,
        "no ignore_index for probabilities, got 1",
    ),
    "cross_entropy-reduction": (
        lambda: F.cross_entropy(ONES, [0, 1], reduction="avg"),
        ValueError,
        "'none', 'mean' or 'sum', got 'avg'",
    ),
    "cross_entropy-smoothing": (
        lambda: F.cross_entropy(ONES, [0, 1], label_smoothing=2),
        ValueError,
        "label_smoothing from 0 to 1, got 2",
    ),
    "nll_loss-probabilities": (lambda: F.nll_loss(ONES, ONES), TypeError, "integer dtype, got float32"),
    "multi_margin_loss-p": (
        lambda: F.multi_margin_loss(ONES, TWO, p=3),
        ValueError,
        "expected p 1 or 2, got 3",
    ),
    "multi_margin_loss-images": (
        lambda: F.multi_margin_loss(scratch.ones(2, 3, 4), TWO),
        ValueError,
        r"\(N, C\) or \(C\), got \(2, 3, 4\)",
    ),
    "multi_margin_loss-class": (lambda: F.multi_margin_loss(ONES, [0, 3]), IndexError, "from 0 to 2, got 3"),
    "multi_margin_loss-weight": (
        lambda: F.multi_margin_loss(ONES, TWO, weight=scratch.ones(2)),
        ValueError,
        r"weight of shape \(3,\)",
    ),
}
