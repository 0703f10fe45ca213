"""Losses and the other functions of nn.functional against torch and finite differences."""

import numpy as np
import pytest
import torch

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from .helpers import assert_matches, assert_same

REDUCTIONS = ["mean", "sum", "none"]
CLASSES = np.array([0, 2, 4, 2, 1, 0])
IMAGE_CLASSES = np.array([[[0, 1], [2, 3], [-100, 1]], [[1, 1], [0, 2], [3, 3]]])  # (2, 3, 2) of 4
CLASS_WEIGHT = np.array([0.5, 1.0, 2.0, 0.1, 3.0])
WEIGHT = np.array([[0.5, 2.0, 1.0]])


def on(lib, x, **arrays):
    """Return ``arrays`` as tensors of the library, floats in the dtype of ``x``."""
    tensors = {k: lib.tensor(v) for k, v in arrays.items()}
    return {k: t.to(x.dtype) if t.is_floating_point() else t for k, t in tensors.items()}


def probabilities(shape, dim):
    x = np.exp(np.random.default_rng(5).standard_normal(shape))
    return x / x.sum(dim, keepdims=True)


FUNCTIONS = {
    "linear": ([(4, 2, 3), (5, 3), (5,)], lambda lib, f, x, w, b: f.linear(x, w, b)),
    "linear without bias": ([(4, 3), (5, 3)], lambda lib, f, x, w: f.linear(x, w)),
    "linear of a vector": ([(3,), (5, 3), (5,)], lambda lib, f, x, w, b: f.linear(x, w, b)),
    "linear of nothing": ([(0, 3), (5, 3), (5,)], lambda lib, f, x, w, b: f.linear(x, w, b)),
    "leaky_relu": ([(3, 5)], lambda lib, f, x: f.leaky_relu(x, 0.2)),
    "relu": ([(3, 5)], lambda lib, f, x: f.relu(x)),
    "sigmoid": ([(3, 5)], lambda lib, f, x: f.sigmoid(x)),
    "tanh": ([(3, 5)], lambda lib, f, x: f.tanh(x)),
    "softmax": ([(3, 5)], lambda lib, f, x: f.softmax(x, dim=-1)),
    "log_softmax": ([(3, 5)], lambda lib, f, x: f.log_softmax(x, dim=0)),
}


def add_rows(name, shapes, call):
    for reduction in REDUCTIONS:
        FUNCTIONS[f"{name} {reduction}"] = (shapes, lambda *a, r=reduction: call(*a, r))


add_rows("mse_loss", [(4, 3), (4, 3)], lambda lib, f, x, y, r: f.mse_loss(x, y, reduction=r))
add_rows("mse_loss scalar", [(), ()], lambda lib, f, x, y, r: f.mse_loss(x, y, reduction=r))
add_rows(
    "binary_cross_entropy",
    [(4, 3), (4, 3)],
    lambda lib, f, x, y, r: f.binary_cross_entropy(x.sigmoid(), y.sigmoid(), reduction=r),
)
add_rows(
    "binary_cross_entropy weight",
    [(4, 3), (4, 3)],
    lambda lib, f, x, y, r: f.binary_cross_entropy(
        x.sigmoid(), y.sigmoid(), on(lib, x, w=WEIGHT)["w"].expand(4, 3), reduction=r
    ),
)
add_rows(
    "binary_cross_entropy_with_logits",
    [(4, 3), (4, 3)],
    lambda lib, f, x, y, r: f.binary_cross_entropy_with_logits(x, y.sigmoid(), reduction=r),
)
add_rows(
    "binary_cross_entropy_with_logits weights",
    [(4, 3), (4, 3)],
    lambda lib, f, x, y, r: f.binary_cross_entropy_with_logits(
        x, y.sigmoid(), **on(lib, x, weight=WEIGHT, pos_weight=WEIGHT * 3), reduction=r
    ),
)
for label, options in {
    "": {},
    " smoothed": {"label_smoothing": 0.1},
    " ignoring": {"ignore_index": 2},
    " weighted": {"weight": CLASS_WEIGHT},
    " all": {"weight": CLASS_WEIGHT, "label_smoothing": 0.3, "ignore_index": 0},
}.items():

    def call(lib, f, x, r, options=options):
        tensors = on(lib, x, weight=options["weight"]) if "weight" in options else {}
        return f.cross_entropy(x, lib.tensor(CLASSES), **{**options, **tensors}, reduction=r)

    def call_probabilities(lib, f, x, r, options=options):
        tensors = on(lib, x, target=probabilities((6, 5), 1))
        if "weight" in options:
            tensors |= on(lib, x, weight=options["weight"])
        rest = {k: v for k, v in options.items() if k == "label_smoothing"}
        return f.cross_entropy(x, **tensors, **rest, reduction=r)

    add_rows(f"cross_entropy{label}", [(6, 5)], call)
    if "ignoring" not in label:
        add_rows(f"cross_entropy probabilities{label}", [(6, 5)], call_probabilities)
add_rows(
    "cross_entropy one row",
    [(5,)],
    lambda lib, f, x, r: f.cross_entropy(x, lib.tensor(3), reduction=r),
)
add_rows(
    "cross_entropy images",
    [(2, 4, 3, 2)],
    lambda lib, f, x, r: f.cross_entropy(x, lib.tensor(IMAGE_CLASSES), reduction=r),
)
add_rows(
    "cross_entropy image probabilities",
    [(2, 4, 3)],
    lambda lib, f, x, r: f.cross_entropy(x, **on(lib, x, target=probabilities((2, 4, 3), 1)), reduction=r),
)
add_rows(
    "nll_loss",
    [(6, 5)],
    lambda lib, f, x, r: f.nll_loss(
        x.log_softmax(1), lib.tensor(CLASSES), **on(lib, x, weight=CLASS_WEIGHT), ignore_index=4, reduction=r
    ),
)
add_rows(
    "nll_loss images",
    [(2, 4, 3, 2)],
    lambda lib, f, x, r: f.nll_loss(x, lib.tensor(IMAGE_CLASSES), reduction=r),
)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_matches_torch(name):
    shapes, function = FUNCTIONS[name]
    assert_matches(
        lambda *x: function(scratch, F, *x), lambda *x: function(torch, torch.nn.functional, *x), shapes
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_against_finite_differences(name):
    shapes, function = FUNCTIONS[name]
    rng = np.random.default_rng(11)
    inputs = [scratch.tensor(rng.standard_normal(shape), requires_grad=True) for shape in shapes]
    assert scratch.gradcheck(lambda *x: function(scratch, F, *x), inputs)


LAYERS = [
    ("MSELoss", {}, "real"),
    ("BCELoss", {"reduction": "sum"}, "binary"),
    ("BCEWithLogitsLoss", {"pos_weight": np.array([1.0, 2.0, 0.5])}, "binary"),
    ("CrossEntropyLoss", {"weight": np.array([1.0, 2.0, 0.5]), "label_smoothing": 0.1}, "class"),
    ("CrossEntropyLoss", {"ignore_index": 1, "reduction": "none"}, "class"),
    ("NLLLoss", {"weight": np.array([1.0, 2.0, 0.5])}, "class"),
]


@pytest.mark.parametrize("name, kwargs, kind", LAYERS)
def test_loss_layer_matches_torch(name, kwargs, kind):
    x = np.random.default_rng(0).random((4, 3))
    target = {"real": x[::-1].copy(), "binary": (x > 0.5) * 1.0, "class": np.array([0, 2, 1, 1])}[kind]
    results = []
    for lib in (scratch, torch):
        given = {k: lib.tensor(v) if isinstance(v, np.ndarray) else v for k, v in kwargs.items()}
        layer = getattr(lib.nn, name)(**given)
        results.append((layer(lib.tensor(x), lib.tensor(target)), list(layer.state_dict())))
    assert_same(results[0][0], results[1][0])
    assert results[0][1] == results[1][1]


EXTREMES = {
    "bce certain": (lambda lib, f, x: f.binary_cross_entropy(x, 1 - x), [0.0, 1.0]),
    "logits": (
        lambda lib, f, x: f.binary_cross_entropy_with_logits(x, lib.tensor([0.0, 0.0, 1.0, 1.0])),
        [1e4, -1e4, 1e4, -1e4],
    ),
    "cross_entropy": (lambda lib, f, x: f.cross_entropy(x, lib.tensor(1)), [1e4, -1e4, 0.0]),
    "leaky_relu at 0": (lambda lib, f, x: f.leaky_relu(x).sum(), [0.0, 1.0]),
    "all ignored": (lambda lib, f, x: f.cross_entropy(x[None], lib.tensor([-100])), [1.0, 2.0]),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_match_torch_without_a_warning(name):
    function, values = EXTREMES[name]
    x, t = scratch.tensor(values, requires_grad=True), torch.tensor(values, requires_grad=True)
    y, expected = function(scratch, F, x), function(torch, torch.nn.functional, t)
    assert_same(y, expected, 1e-6)
    y.backward()
    expected.backward()
    if name != "bce certain":  # the target depends on x there
        assert_same(x.grad, t.grad, 1e-6)


INF = np.inf
SCORES = np.array([[0, -INF, 1], [1, 2, -INF], [0.3, 0.2, 0.1]])
FINITE = np.array([[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]])
WEIGHTED = {"weight": np.array([1.0, 0.0, 2.0])}
SOFT = np.array([[0.5, 0.1, 0.4], [0.5, 0.5, 0], [0.2, 0.3, 0.5]])
NOT_FINITE = {  # scores, target, options
    "not the target": (SCORES, [0, 1, 2], {}),
    "the target": (SCORES, [1, 1, 1], {}),
    "the target, weight 0": (SCORES, [1, 1, 1], WEIGHTED),
    "weighted": (SCORES, [0, 1, 2], WEIGHTED),
    "ignored": (SCORES, [0, 1, 1], {"ignore_index": 1}),
    "all ignored": (SCORES, [1, 1, 1], {"ignore_index": 1}),
    "finite, all ignored": (FINITE, [1, 1], {"ignore_index": 1}),
    "finite, all of weight 0": (FINITE, [1, 1], WEIGHTED),
    "nothing but -inf": (np.array([[-INF, -INF], [1, 2]]), [0, 1], {}),
    "inf": (np.array([[INF, 1], [1, 2]]), [0, 1], {}),
    "no rows": (np.zeros((0, 3)), np.zeros(0, int), {}),
}
SMOOTHED_OR_SOFT = {
    "smoothed": (SCORES, [0, 1, 2], {"label_smoothing": 0.1}),
    "smoothed, weighted": (SCORES, [0, 1, 2], {"label_smoothing": 0.1, **WEIGHTED}),
    "smoothed, ignored": (SCORES, [1, 1, 2], {"label_smoothing": 0.1, "ignore_index": 1}),
    "smoothed, all ignored": (SCORES, [1, 1, 1], {"label_smoothing": 0.1, "ignore_index": 1}),
    "smoothed, finite, all ignored": (FINITE, [1, 1], {"label_smoothing": 0.1, "ignore_index": 1}),
    "probabilities of 0": (SCORES, np.array([[0.5, 0, 0.5], [0.5, 0.5, 0], [0.2, 0.3, 0.5]]), {}),
    "probabilities, weighted": (SCORES, SOFT, WEIGHTED),
    "probabilities, smoothed": (SCORES, SOFT, {"label_smoothing": 0.1}),
    "probabilities that do not add up to 1": (FINITE, FINITE, {"label_smoothing": 0.1}),
    "probabilities, no rows": (np.zeros((0, 3)), np.zeros((0, 3)), {}),
}
NOT_FINITE_ROWS = [("nll_loss", row) for row in NOT_FINITE.values()]
NOT_FINITE_ROWS += [("cross_entropy", row) for row in {**NOT_FINITE, **SMOOTHED_OR_SOFT}.values()]
NOT_FINITE_IDS = [*(f"nll_loss {n}" for n in NOT_FINITE), *NOT_FINITE, *SMOOTHED_OR_SOFT]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name, row", NOT_FINITE_ROWS, ids=NOT_FINITE_IDS)
def test_infinite_scores_and_rows_that_do_not_count_match_torch(name, row, reduction):
    scores, target, options = row
    results = []
    for lib in (scratch, torch):
        x = lib.tensor(scores, requires_grad=True)
        given = {k: lib.tensor(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}
        y = getattr(lib.nn.functional, name)(x, lib.tensor(target), **given, reduction=reduction)
        y.sum().backward()
        results.append((y, x.grad))
    for mine, expected in zip(*results, strict=True):
        assert_same(mine, expected, 1e-10)


def test_targets_may_be_arrays_and_lists():
    x = scratch.tensor([[1.0, 2.0], [3.0, 0.5]])
    expected = F.cross_entropy(x, scratch.tensor([0, 1])).item()
    for target in (np.array([0, 1]), [0, 1], np.array([0, 1], np.int32), np.array([0, 1], np.uint8)):
        assert F.cross_entropy(x, target).item() == expected
    assert F.mse_loss(x, np.zeros((2, 2), np.float32)).dtype == scratch.float32


def test_mse_warns_when_it_broadcasts():
    with pytest.warns(UserWarning, match=r"input \(3, 1\) and target \(3,\)"):
        F.mse_loss(scratch.ones(3, 1), scratch.ones(3))


ONES = scratch.ones(2, 3)
BAD = [
    (lambda: F.cross_entropy(ONES, [0, 3]), IndexError, "from 0 to 2, got 3"),
    (lambda: F.cross_entropy(ONES, [0, -1]), IndexError, "from 0 to 2, got -1"),
    (lambda: F.cross_entropy(ONES, [0]), ValueError, r"class numbers of shape \(2,\), got \(1,\)"),
    (
        lambda: F.cross_entropy(ONES, scratch.ones(2)),
        ValueError,
        r"probabilities of shape \(2, 3\), got \(2,\)",
    ),
    (lambda: F.cross_entropy(ONES, np.ones((2, 3))), TypeError, "input float32, target float64"),
    (lambda: F.cross_entropy(ONES, [True, False]), TypeError, "got dtype bool"),
    (lambda: F.cross_entropy(ONES.long(), [0, 1]), TypeError, "floating-point scores"),
    (
        lambda: F.cross_entropy(ONES, [0, 1], weight=np.ones(2)),
        ValueError,
        r"weight of shape \(3,\), got \(2,\)",
    ),
    (
        lambda: F.cross_entropy(ONES, [0, 1], reduction="avg"),
        ValueError,
        "'none', 'mean' or 'sum', got 'avg'",
    ),
    (
        lambda: F.cross_entropy(ONES, [0, 1], label_smoothing=2),
        ValueError,
        "label_smoothing from 0 to 1, got 2",
    ),
    (lambda: F.cross_entropy(ONES, [0, 1], reduce=True), NotImplementedError, "cross_entropy: reduce=True"),
    (
        lambda: F.cross_entropy(ONES, scratch.ones(2, 3, requires_grad=True)),
        NotImplementedError,
        "gradient for target",
    ),
    (lambda: F.nll_loss(ONES, ONES), TypeError, "integer dtype, got float32"),
    (lambda: F.binary_cross_entropy(ONES, scratch.ones(3)), ValueError, r"shape \(2, 3\), got \(3,\)"),
    (lambda: F.binary_cross_entropy(ONES * 2, ONES), ValueError, r"in \[0, 1\], got 2 to 2"),
    (lambda: F.binary_cross_entropy(ONES, ONES * 2 - 0.5), ValueError, r"target in \[0, 1\], got 1.5 to 1.5"),
    (lambda: F.binary_cross_entropy(ONES, -ONES), ValueError, r"target in \[0, 1\], got -1 to -1"),
    (lambda: F.binary_cross_entropy(ONES, ONES * np.nan), ValueError, r"target in \[0, 1\], got nan"),
    (lambda: F.leaky_relu(ONES.long()), TypeError, "leaky_relu: expected a floating-point dtype, got int64"),
    (lambda: F.binary_cross_entropy(ONES, ONES.double()), TypeError, "input float32, target float64"),
    (lambda: F.binary_cross_entropy_with_logits(ONES, [[1, 1, 1]] * 2), TypeError, "target int64"),
    (lambda: F.mse_loss(ONES, ONES, reduction=None), ValueError, "got None"),
    (lambda: F.mse_loss(ONES, ONES, size_average=True), NotImplementedError, "size_average"),
    (lambda: nn.MSELoss(reduce=True), NotImplementedError, "MSELoss: reduce=True"),
    (lambda: F.mse_loss(ONES, scratch.ones(4)), ValueError, "broadcast"),
]


@pytest.mark.filterwarnings("ignore:mse_loss")
@pytest.mark.parametrize("call, error, text", BAD)
def test_a_bad_call_says_what_was_expected(call, error, text):
    with pytest.raises(error, match=text):
        call()
