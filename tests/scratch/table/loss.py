"""Losses as layers, and what the rows of all losses share."""

import numpy as np

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from ..rows import ModuleRow, Row, normal, positive, unit

REDUCTIONS = ["mean", "sum", "none"]
CLASSES = [0, 2, 4, 2, 1, 0]  # of 5
CLASS_WEIGHT = np.array([0.5, 1.0, 2.0, 0.1, 3.0])
COLUMN_WEIGHT = np.array([0.5, 2.0, 1.0])
SIGNS = [1, -1, 1, -1, 1]


def each(name, call, shapes, **options):
    """A row for each reduction, which the call gets last."""
    return {
        f"{name}-{reduction}": Row(
            lambda lib, *x, reduction=reduction: call(lib, *x, reduction), shapes, **options
        )
        for reduction in REDUCTIONS
    }


def like(x, lib, values):
    """A tensor with the dtype of x."""
    return lib.tensor(values, dtype=x.dtype)


def given(values):
    """A way to draw exactly these values."""
    return lambda rng, shape: np.array(values, "float64")


def named(*names, **constants):
    """A call of a layer with its inputs under these names, and with constants."""

    def call(lib, module, *inputs):
        tensors = {name: lib.tensor(values) for name, values in constants.items()}
        return module(**dict(zip(names, inputs, strict=True)), **tensors)

    return call


ON_TARGET = named("input", "target")


def layer(make, shapes, call=ON_TARGET, **options):
    return ModuleRow(make, shapes, call, **options)


MODULES = {
    "MSELoss": layer(lambda lib: lib.nn.MSELoss(), [(4, 3)] * 2),
    "MSELoss-sum": layer(lambda lib: lib.nn.MSELoss(reduction="sum"), [(4, 3)] * 2),
    "L1Loss": layer(lambda lib: lib.nn.L1Loss(reduction="none"), [(4, 3)] * 2),
    "SmoothL1Loss": layer(lambda lib: lib.nn.SmoothL1Loss(reduction="sum", beta=0.3), [(4, 3)] * 2),
    "HuberLoss": layer(lambda lib: lib.nn.HuberLoss(reduction="sum", delta=0.3), [(4, 3)] * 2),
    "GaussianNLLLoss": layer(
        lambda lib: lib.nn.GaussianNLLLoss(full=True, eps=0.3, reduction="sum"),
        [(4, 3)] * 3,
        named("input", "target", "var"),
        draw=[normal, normal, positive],
    ),
    "PoissonNLLLoss": layer(
        lambda lib: lib.nn.PoissonNLLLoss(log_input=False, full=True, eps=0.1, reduction="sum"),
        [(4, 3)] * 2,
        named("log_input", "target"),
        draw=positive,
    ),
    "BCELoss": layer(
        lambda lib: lib.nn.BCELoss(weight=lib.tensor(COLUMN_WEIGHT), reduction="sum"), [(4, 3)] * 2, draw=unit
    ),
    "BCEWithLogitsLoss": layer(
        lambda lib: lib.nn.BCEWithLogitsLoss(
            weight=lib.tensor(COLUMN_WEIGHT), pos_weight=lib.tensor(COLUMN_WEIGHT) * 2, reduction="sum"
        ),
        [(4, 3)] * 2,
        draw=[normal, unit],
    ),
    "BCEWithLogitsLoss-plain": layer(
        lambda lib: lib.nn.BCEWithLogitsLoss(), [(4, 3)] * 2, draw=[normal, unit]
    ),
    "KLDivLoss": layer(lambda lib: lib.nn.KLDivLoss(reduction="batchmean", log_target=True), [(4, 3)] * 2),
    "NLLLoss": layer(
        lambda lib: lib.nn.NLLLoss(weight=lib.tensor(CLASS_WEIGHT), ignore_index=1, reduction="sum"),
        [(6, 5)],
        named("input", target=CLASSES),
    ),
    "CrossEntropyLoss": layer(
        lambda lib: lib.nn.CrossEntropyLoss(), [(6, 5)], named("input", target=CLASSES)
    ),
    "CrossEntropyLoss-all": layer(
        lambda lib: lib.nn.CrossEntropyLoss(
            weight=lib.tensor(CLASS_WEIGHT), ignore_index=1, reduction="none", label_smoothing=0.1
        ),
        [(6, 5)],
        named("input", target=CLASSES),
    ),
    "MultiMarginLoss": layer(
        lambda lib: lib.nn.MultiMarginLoss(p=2, margin=0.5, weight=lib.tensor(CLASS_WEIGHT), reduction="sum"),
        [(6, 5)],
        named("input", target=CLASSES),
    ),
    "HingeEmbeddingLoss": layer(
        lambda lib: lib.nn.HingeEmbeddingLoss(margin=0.5, reduction="sum"),
        [(5,)],
        named("input", target=SIGNS),
    ),
    "MarginRankingLoss": layer(
        lambda lib: lib.nn.MarginRankingLoss(margin=0.5, reduction="sum"),
        [(5,)] * 2,
        named("input1", "input2", target=SIGNS),
    ),
    "CosineEmbeddingLoss": layer(
        lambda lib: lib.nn.CosineEmbeddingLoss(margin=0.1, reduction="sum"),
        [(5, 3)] * 2,
        named("input1", "input2", target=SIGNS),
    ),
    "TripletMarginLoss": layer(
        lambda lib: lib.nn.TripletMarginLoss(margin=0.5, p=1.5, eps=0.1, swap=True, reduction="sum"),
        [(5, 3)] * 3,
        named("anchor", "positive", "negative"),
    ),
}

ONES = scratch.ones(2, 3)
TWO = scratch.tensor([0, 1])
OLD = ("size_average", "reduce")  # what `reduction` replaced


def old_arguments(name, call, kind):
    """Rows for the arguments that `reduction` replaced, of a function and of its layer."""
    rows = {}
    for argument in OLD:
        rows[f"{name}-{argument}"] = (lambda a=argument: call({a: True}), f"{name}: {argument}=True")
        rows[f"{kind.__name__}-{argument}"] = (
            lambda a=argument: kind(**{a: True}),
            f"{kind.__name__}: {argument}=True",
        )
    return rows


NOT_BUILT = {
    **old_arguments("mse_loss", lambda old: F.mse_loss(ONES, ONES, **old), nn.MSELoss),
    **old_arguments("l1_loss", lambda old: F.l1_loss(ONES, ONES, **old), nn.L1Loss),
    **old_arguments("smooth_l1_loss", lambda old: F.smooth_l1_loss(ONES, ONES, **old), nn.SmoothL1Loss),
    **old_arguments("poisson_nll_loss", lambda old: F.poisson_nll_loss(ONES, ONES, **old), nn.PoissonNLLLoss),
    **old_arguments(
        "binary_cross_entropy", lambda old: F.binary_cross_entropy(ONES, ONES, **old), nn.BCELoss
    ),
    **old_arguments(
        "binary_cross_entropy_with_logits",
        lambda old: F.binary_cross_entropy_with_logits(ONES, ONES, **old),
        nn.BCEWithLogitsLoss,
    ),
    **old_arguments("kl_div", lambda old: F.kl_div(ONES, ONES, **old), nn.KLDivLoss),
    **old_arguments("nll_loss", lambda old: F.nll_loss(ONES, TWO, **old), nn.NLLLoss),
    **old_arguments("cross_entropy", lambda old: F.cross_entropy(ONES, TWO, **old), nn.CrossEntropyLoss),
    **old_arguments(
        "multi_margin_loss", lambda old: F.multi_margin_loss(ONES, TWO, **old), nn.MultiMarginLoss
    ),
    **old_arguments(
        "hinge_embedding_loss", lambda old: F.hinge_embedding_loss(ONES, ONES, **old), nn.HingeEmbeddingLoss
    ),
    **old_arguments(
        "margin_ranking_loss",
        lambda old: F.margin_ranking_loss(ONES, ONES, ONES, **old),
        nn.MarginRankingLoss,
    ),
    **old_arguments(
        "cosine_embedding_loss",
        lambda old: F.cosine_embedding_loss(ONES, ONES, TWO, **old),
        nn.CosineEmbeddingLoss,
    ),
    **old_arguments(
        "triplet_margin_loss",
        lambda old: F.triplet_margin_loss(ONES, ONES, ONES, **old),
        nn.TripletMarginLoss,
    ),
    "cross_entropy-weight-gradient": (
        lambda: F.cross_entropy(ONES, TWO, weight=scratch.ones(3, requires_grad=True)),
        "cross_entropy: a gradient for weight",
    ),
    "binary_cross_entropy-weight-gradient": (
        lambda: F.binary_cross_entropy(ONES, ONES, weight=scratch.ones(3, requires_grad=True)),
        "a gradient for weight",
    ),
    "binary_cross_entropy_with_logits-pos_weight-gradient": (
        lambda: F.binary_cross_entropy_with_logits(
            ONES, ONES, pos_weight=scratch.ones(3, requires_grad=True)
        ),
        "a gradient for pos_weight",
    ),
}
