"""Losses beyond the table: any shapes and settings of cross-entropy, arrays as targets, whole trainings."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nbcourse import scratch
from nbcourse.scratch.nn import functional as F

from .helpers import assert_same

LIBRARIES = (scratch, torch)


@st.composite
def classifications(draw):
    """Scores (N, C, …) or (C), classes or probabilities for them, and settings of `cross_entropy`."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, classes = draw(st.sampled_from([None, 0, 1, 3])), draw(st.integers(1, 5))
    places = [] if n is None else [n, *draw(st.lists(st.integers(1, 3), max_size=2))]
    shape = [classes] if n is None else [n, classes, *places[1:]]
    scores = draw(st.sampled_from([0.1, 3, 100])) * rng.standard_normal(shape)
    options = {
        "label_smoothing": draw(st.sampled_from([0.0, 0.1, 1.0])),
        "reduction": draw(st.sampled_from(["none", "mean", "sum"])),
    }
    if draw(st.booleans()):
        options["weight"] = rng.random(classes)
    if draw(st.booleans()):
        return scores, rng.random(shape), options
    if draw(st.booleans()):
        options["ignore_index"] = draw(st.integers(-1, classes))
    target = rng.integers(0, classes, places)
    if options.get("ignore_index", 0) in (-1, classes) and target.ndim:
        target[:1] = options["ignore_index"]  # a number that is no class
    return scores, target, options


def with_gradients(lib, scores, target, options):
    """The loss and the gradients of the scores and, where they have one, of the probabilities."""
    x = lib.tensor(scores, requires_grad=True)
    y = lib.tensor(target)
    if target.dtype.kind == "f":
        y.requires_grad_()
    options = {k: lib.tensor(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}
    loss = lib.nn.functional.cross_entropy(x, y, **options)
    (loss * loss).sum().backward()
    return [loss, x.grad] + ([y.grad] if target.dtype.kind == "f" else [])


@settings(max_examples=300, deadline=None)
@given(classifications())
def test_cross_entropy_is_torchs(case):
    for mine, expected in zip(*(with_gradients(lib, *case) for lib in LIBRARIES), strict=True):
        assert_same(mine, expected, 1e-9)


@settings(max_examples=100, deadline=None)
@given(classifications())
def test_cross_entropy_is_the_loss_of_log_softmax(case):
    scores, target, options = case
    if target.dtype.kind == "f" or options.pop("label_smoothing"):
        return
    x, z = (scratch.tensor(scores, requires_grad=True) for _ in range(2))
    loss = F.cross_entropy(x, target, **options)
    expected = F.nll_loss(z.log_softmax(min(1, z.ndim - 1)), target, **options)
    loss.sum().backward()
    expected.sum().backward()
    np.testing.assert_allclose(loss.data, expected.data, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(x.grad.data, z.grad.data, rtol=1e-10, atol=1e-10)


def test_a_huge_number_of_classes_needs_no_table_of_ones():
    x = scratch.zeros(3, 100_000, requires_grad=True)
    F.cross_entropy(x, [0, 5, 99_999]).backward()
    assert x.grad.data[1, 5] == pytest.approx(-1 / 3, rel=1e-4)


def test_targets_may_be_arrays_and_lists():
    x = scratch.tensor([[1.0, 2.0], [3.0, 0.5]])
    expected = F.cross_entropy(x, scratch.tensor([0, 1])).item()
    for target in (np.array([0, 1]), [0, 1], np.array([0, 1], np.int32), np.array([0, 1], np.uint8)):
        assert F.cross_entropy(x, target).item() == expected
        assert F.nll_loss(x.log_softmax(1), target).item() == pytest.approx(expected, rel=1e-6)
    assert F.cross_entropy(x, [0, 1], weight=[1, 1]).item() == expected
    array = np.zeros((2, 2), np.float32)
    for loss in (F.mse_loss, F.l1_loss, F.huber_loss, F.smooth_l1_loss, F.binary_cross_entropy_with_logits):
        assert loss(x, array).item() == loss(x, scratch.tensor(array)).item()
        assert loss(x, array).dtype == scratch.float32


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "huber_loss", "smooth_l1_loss"])
def test_it_warns_where_the_call_broadcasts(name):
    with pytest.warns(UserWarning, match=rf"{name}: input \(3, 1\) and target \(3,\)") as caught:
        getattr(F, name)(scratch.ones(3, 1), scratch.ones(3))
    assert caught[0].filename == __file__


def test_the_mean_of_a_divergence_warns():
    with pytest.warns(UserWarning, match="'batchmean' is") as caught:
        F.kl_div(scratch.zeros(2, 3), scratch.ones(2, 3))
    assert caught[0].filename == __file__


@pytest.mark.parametrize("error", [0.0, 0.5, 1.0, 3.0])
def test_losses_by_hand(error):
    """Squared, absolute and Huber loss of one error that can be reckoned in the head."""
    x, zero = scratch.tensor(-error), scratch.tensor(0.0)
    assert F.mse_loss(x, zero).item() == error**2
    assert F.l1_loss(x, zero).item() == error
    assert F.huber_loss(x, zero).item() == {0.0: 0, 0.5: 0.125, 1.0: 0.5, 3.0: 2.5}[error]


def test_equal_scores_cost_the_logarithm_of_the_number_of_classes():
    loss = F.cross_entropy(scratch.zeros(4, 10), [1, 2, 3, 4])
    assert loss.item() == pytest.approx(np.log(10), rel=1e-6)


RNG = np.random.default_rng(0)
INPUTS = RNG.standard_normal((20, 4))
TRAININGS = {
    "mse_loss": (RNG.standard_normal((20, 3)), {}),
    "huber_loss": (RNG.standard_normal((20, 3)), {"delta": 0.5}),
    "binary_cross_entropy_with_logits": ((RNG.random((20, 3)) > 0.5) * 1.0, {}),
    "cross_entropy": (RNG.integers(0, 3, 20), {"ignore_index": 1}),
    "cross_entropy, smoothed": (RNG.integers(0, 3, 20), {"label_smoothing": 0.1}),
    "cross_entropy, probabilities": (RNG.dirichlet([1, 1, 1], 20), {}),
}


def train(lib, state, name, activation, steps=50):
    """The losses of a small network that is trained by plain gradient descent."""
    target, options = TRAININGS[name]
    nn, loss_function = lib.nn, getattr(lib.nn.functional, name.split(",")[0])
    net = nn.Sequential(nn.Linear(4, 16), getattr(nn, activation)(), nn.Linear(16, 3)).double()
    net.load_state_dict({k: lib.tensor(v) for k, v in state.items()})
    x, y, losses = lib.tensor(INPUTS), lib.tensor(target), []
    for _ in range(steps):
        loss = loss_function(net(x), y, **options)
        net.zero_grad()
        loss.backward()
        with lib.no_grad():
            for p in net.parameters():
                p -= 0.3 * p.grad
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("activation", ["Tanh", "ReLU", "GELU"])
@pytest.mark.parametrize("name", TRAININGS)
def test_fifty_steps_of_training_are_torchs(name, activation):
    rng = np.random.default_rng(1)
    shapes = {"0.weight": (16, 4), "0.bias": (16,), "2.weight": (3, 16), "2.bias": (3,)}
    state = {k: 0.3 * rng.standard_normal(shape) for k, shape in shapes.items()}
    mine, expected = (train(lib, state, name, activation) for lib in LIBRARIES)
    np.testing.assert_allclose(mine, expected, rtol=1e-9)
    assert mine[-1] < 0.9 * mine[0]
