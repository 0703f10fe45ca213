"""Losses for numbers."""

import numpy as np

from nbcourse import scratch
from nbcourse.scratch.nn import functional as F

from ..rows import Row, normal, positive, unit
from .loss import each, given

ROWS = {
    **each("mse_loss", lambda lib, x, y, r: lib.nn.functional.mse_loss(x, y, reduction=r), [(4, 3), (4, 3)]),
    **each("mse_loss-0d", lambda lib, x, y, r: lib.nn.functional.mse_loss(x, y, reduction=r), [(), ()]),
    **each(
        "mse_loss-empty", lambda lib, x, y, r: lib.nn.functional.mse_loss(x, y, None, None, r), [(0,)] * 2
    ),
    **each(
        "mse_loss-broadcast",
        lambda lib, x, y, r: lib.nn.functional.mse_loss(x, y, reduction=r),
        [(4, 1), (3,)],
    ),
    **each(
        "mse_loss-weight",
        lambda lib, x, y, w, r: lib.nn.functional.mse_loss(x, y, reduction=r, weight=w),
        [(4, 3)] * 3,
        draw=[normal, normal, positive],
    ),
    **each("l1_loss", lambda lib, x, y, r: lib.nn.functional.l1_loss(x, y, reduction=r), [(4, 3), (4, 3)]),
    **each(
        "l1_loss-broadcast",
        lambda lib, x, y, r: lib.nn.functional.l1_loss(x, y, None, None, r),
        [(3, 1), (2,)],
    ),
    **each(
        "l1_loss-weight",
        lambda lib, x, y, w, r: lib.nn.functional.l1_loss(x, y, reduction=r, weight=w),
        [(4, 3)] * 3,
        draw=[normal, normal, positive],
    ),
    "l1_loss-equal": Row(
        lambda lib, x, y: lib.nn.functional.l1_loss(x, y),
        [(3,), (3,)],
        given([0, 1, np.inf]),
        differences=False,
    ),
    **each(
        "smooth_l1_loss",
        lambda lib, x, y, r: lib.nn.functional.smooth_l1_loss(x, y, reduction=r),
        [(4, 3)] * 2,
    ),
    **each(
        "smooth_l1_loss-beta",
        lambda lib, x, y, r: lib.nn.functional.smooth_l1_loss(x, y, None, None, r, beta=0.4),
        [(4, 1), (3,)],
    ),
    "smooth_l1_loss-no-beta": Row(
        lambda lib, x, y: lib.nn.functional.smooth_l1_loss(x, y, beta=0), [(4, 3), (4, 3)]
    ),
    **each("huber_loss", lambda lib, x, y, r: lib.nn.functional.huber_loss(x, y, reduction=r), [(4, 3)] * 2),
    **each(
        "huber_loss-delta",
        lambda lib, x, y, r: lib.nn.functional.huber_loss(x, y, r, delta=0.4),
        [(4, 1), (3,)],
    ),
    **each(
        "huber_loss-weight",
        lambda lib, x, y, w, r: lib.nn.functional.huber_loss(x, y, reduction=r, weight=w),
        [(4, 3)] * 3,
        draw=[normal, normal, positive],
    ),
    **{
        f"{name}-special": Row(
            lambda lib, x, y, name=name: getattr(lib.nn.functional, name)(x, y, reduction="none"),
            [(6,), (6,)],
            [given([1, -1, 0, np.inf, -np.inf, np.nan]), given([0] * 6)],
            differences=False,
        )
        for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
    },
    **each(
        "gaussian_nll_loss",
        lambda lib, x, y, var, r: lib.nn.functional.gaussian_nll_loss(x, y, var, reduction=r),
        [(4, 3)] * 3,
        draw=[normal, normal, positive],
    ),
    **each(
        "gaussian_nll_loss-rows",
        lambda lib, x, y, var, r: lib.nn.functional.gaussian_nll_loss(x, y, var, full=True, reduction=r),
        [(4, 3), (4, 3), (4,)],
        draw=[normal, normal, positive],
    ),
    "gaussian_nll_loss-one-row": Row(
        lambda lib, x, y, var: lib.nn.functional.gaussian_nll_loss(x, y, var),
        [(4, 3), (3,), (1, 3)],
        [normal, normal, positive],
    ),
    "gaussian_nll_loss-number": Row(
        lambda lib, x, y: lib.nn.functional.gaussian_nll_loss(x, y, 2.5), [(4, 3), (4, 3)]
    ),
    "gaussian_nll_loss-eps": Row(
        lambda lib, x, y, var: lib.nn.functional.gaussian_nll_loss(x, y, var, eps=0.5),
        [(4, 3)] * 3,
        [normal, normal, unit],
        differences=False,  # the derivative by a variance below eps is that at eps
    ),
    "gaussian_nll_loss-0d": Row(
        lambda lib, x, y, var: lib.nn.functional.gaussian_nll_loss(x, y, var), [()] * 3, positive
    ),
    **each(
        "poisson_nll_loss",
        lambda lib, x, y, r: lib.nn.functional.poisson_nll_loss(x, y, reduction=r),
        [(4, 3)] * 2,
        draw=[normal, positive],
    ),
    **each(
        "poisson_nll_loss-numbers",
        lambda lib, x, y, r: lib.nn.functional.poisson_nll_loss(x, y, log_input=False, eps=0.1, reduction=r),
        [(4, 3), (3,)],
        draw=positive,
    ),
    "poisson_nll_loss-full": Row(
        lambda lib, x, y: lib.nn.functional.poisson_nll_loss(x, 3 * y, full=True),
        [(5, 3)] * 2,
        [normal, positive],
    ),
    "poisson_nll_loss-counts": Row(
        lambda lib, x: lib.nn.functional.poisson_nll_loss(x, lib.tensor([0, 1, 2, 7]), full=True),
        [(3, 4)],
        single=None,
    ),
}

ONES, THREE = scratch.ones(2, 3), scratch.ones(3)
TWO = scratch.tensor([0, 1])
BAD = {
    "mse_loss-reduction": (
        lambda: F.mse_loss(ONES, ONES, reduction="avg"),
        ValueError,
        "'none', 'mean' or 'sum', got 'avg'",
    ),
    "mse_loss-no-reduction": (lambda: F.mse_loss(ONES, ONES, reduction=None), ValueError, "got None"),
    "mse_loss-shape": (lambda: F.mse_loss(ONES, scratch.ones(4)), ValueError, "broadcast"),
    "mse_loss-integers": (
        lambda: F.mse_loss(TWO, TWO),
        TypeError,
        "input of a floating-point dtype, got int64",
    ),
    "mse_loss-weight": (
        lambda: F.mse_loss(ONES, ONES, weight=THREE),
        ValueError,
        r"one shape, got input \(2, 3\), weight \(3,\)",
    ),
    "l1_loss-weight": (lambda: F.l1_loss(ONES, ONES, weight=THREE), ValueError, r"weight \(3,\)"),
    "l1_loss-integers": (lambda: F.l1_loss(TWO, TWO), TypeError, "floating-point dtype, got int64"),
    "huber_loss-weight": (lambda: F.huber_loss(ONES, ONES, weight=THREE), ValueError, r"weight \(3,\)"),
    "huber_loss-delta": (lambda: F.huber_loss(ONES, ONES, delta=0), ValueError, "delta above 0, got 0"),
    "smooth_l1_loss-beta": (
        lambda: F.smooth_l1_loss(ONES, ONES, beta=-1),
        ValueError,
        "beta of at least 0, got -1",
    ),
    "gaussian_nll_loss-negative": (
        lambda: F.gaussian_nll_loss(ONES, ONES, -ONES),
        ValueError,
        "var of at least 0, got -1",
    ),
    "gaussian_nll_loss-shape": (
        lambda: F.gaussian_nll_loss(ONES, ONES, THREE),
        ValueError,
        r"one size replaced by 1, got \(3,\)",
    ),
    "gaussian_nll_loss-shape-two-ones": (
        lambda: F.gaussian_nll_loss(ONES, ONES, scratch.ones(1, 1)),
        ValueError,
        r"got \(1, 1\)",
    ),
    "gaussian_nll_loss-reduction": (
        lambda: F.gaussian_nll_loss(ONES, ONES, ONES, reduction="x"),
        ValueError,
        "got 'x'",
    ),
}
