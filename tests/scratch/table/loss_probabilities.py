"""Losses for probabilities."""

import numpy as np

from nbcourse import scratch
from nbcourse.scratch.nn import functional as F

from ..rows import Row, normal, unit
from .loss import COLUMN_WEIGHT, each, given, like

ROWS = {
    **each(
        "binary_cross_entropy",
        lambda lib, x, y, r: lib.nn.functional.binary_cross_entropy(x, y, reduction=r),
        [(4, 3)] * 2,
        draw=unit,
    ),
    **each(
        "binary_cross_entropy-weight",
        lambda lib, x, y, r: lib.nn.functional.binary_cross_entropy(
            x, y, weight=like(x, lib, COLUMN_WEIGHT), reduction=r
        ),
        [(4, 3)] * 2,
        draw=unit,
    ),
    "binary_cross_entropy-certain": Row(
        lambda lib, x, y: lib.nn.functional.binary_cross_entropy(x, y, reduction="none"),
        [(6,), (6,)],
        [given([0, 1, 0, 1, 0.5, 1e-40]), given([0, 1, 1, 0, 0.3, 1])],
        differences=False,
        single=None,
    ),
    "binary_cross_entropy-empty": Row(
        lambda lib, x, y: lib.nn.functional.binary_cross_entropy(x, y), [(0, 3)] * 2
    ),
    **each(
        "binary_cross_entropy_with_logits",
        lambda lib, x, y, r: lib.nn.functional.binary_cross_entropy_with_logits(x, y, reduction=r),
        [(4, 3)] * 2,
        draw=[normal, unit],
    ),
    **each(
        "binary_cross_entropy_with_logits-weights",
        lambda lib, x, y, r: lib.nn.functional.binary_cross_entropy_with_logits(
            x,
            y,
            weight=like(x, lib, COLUMN_WEIGHT),
            pos_weight=like(x, lib, 3 * COLUMN_WEIGHT),
            reduction=r,
        ),
        [(4, 3)] * 2,
        draw=[normal, unit],
    ),
    "binary_cross_entropy_with_logits-large": Row(
        lambda lib, x, y: lib.nn.functional.binary_cross_entropy_with_logits(x, y, reduction="none"),
        [(6,), (6,)],
        [given([1e4, -1e4, 1e4, -1e4, 40, -40]), given([0, 0, 1, 1, 0.5, 0.5])],
        differences=False,
    ),
    "binary_cross_entropy_with_logits-mixed": Row(
        lambda lib: lib.nn.functional.binary_cross_entropy_with_logits(
            lib.ones(3, dtype=lib.float32), lib.ones(3, dtype=lib.float64)
        )
    ),
    **each(
        "kl_div",
        lambda lib, x, y, r: lib.nn.functional.kl_div(x, y, reduction=r),
        [(4, 3)] * 2,
        draw=[normal, unit],
    ),
    **each(
        "kl_div-log_target",
        lambda lib, x, y, r: lib.nn.functional.kl_div(x, y, reduction=r, log_target=True),
        [(4, 3), (3,)],
    ),
    "kl_div-batchmean": Row(
        lambda lib, x, y: lib.nn.functional.kl_div(x, y, None, None, "batchmean"),
        [(4, 3)] * 2,
        [normal, unit],
    ),
    "kl_div-0d": Row(
        lambda lib, x, y: lib.nn.functional.kl_div(x, y, reduction="batchmean"), [(), ()], [normal, unit]
    ),
    "kl_div-special": Row(
        lambda lib, x: lib.nn.functional.kl_div(x, like(x, lib, [0, 0, 1, -1, 0.5]), reduction="none"),
        [(5,)],
        given([-1, -np.inf, -np.inf, -1, np.nan]),
        differences=False,
    ),
}

ONES, THREE = scratch.ones(2, 3), scratch.ones(3)
TWO = scratch.tensor([0, 1])
BAD = {
    "binary_cross_entropy-shape": (
        lambda: F.binary_cross_entropy(ONES, THREE),
        ValueError,
        r"one shape, got input \(2, 3\), target \(3,\)",
    ),
    "binary_cross_entropy-input": (
        lambda: F.binary_cross_entropy(ONES * 2, ONES),
        ValueError,
        r"input in \[0, 1\], got 2 to 2",
    ),
    "binary_cross_entropy-target": (
        lambda: F.binary_cross_entropy(ONES, ONES * 2 - 0.5),
        ValueError,
        r"target in \[0, 1\], got 1.5 to 1.5",
    ),
    "binary_cross_entropy-negative": (
        lambda: F.binary_cross_entropy(ONES, -ONES),
        ValueError,
        "got -1 to -1",
    ),
    "binary_cross_entropy-nan": (
        lambda: F.binary_cross_entropy(ONES, ONES * np.nan),
        ValueError,
        r"target in \[0, 1\], got nan",
    ),
    "binary_cross_entropy-dtype": (
        lambda: F.binary_cross_entropy(ONES, ONES.double()),
        TypeError,
        "input float32, target float64",
    ),
    "binary_cross_entropy-weight": (
        lambda: F.binary_cross_entropy(THREE, THREE, weight=ONES),
        ValueError,
        r"weight that broadcasts to \(3,\), got \(2, 3\)",
    ),
    "binary_cross_entropy_with_logits-integers": (
        lambda: F.binary_cross_entropy_with_logits(ONES, [[1, 1, 1]] * 2),
        TypeError,
        "target of a floating-point dtype, got int64",
    ),
    "binary_cross_entropy_with_logits-shape": (
        lambda: F.binary_cross_entropy_with_logits(ONES, THREE),
        ValueError,
        r"target \(3,\)",
    ),
    "kl_div-reduction": (
        lambda: F.kl_div(ONES, ONES, reduction="x"),
        ValueError,
        "'none', 'batchmean', 'mean' or 'sum', got 'x'",
    ),
    "kl_div-integers": (lambda: F.kl_div(TWO, TWO, reduction="sum"), TypeError, "got int64"),
}
