"""The playground's JavaScript against NumPy: the same weights give the same loss, gradients and training."""

import json
from pathlib import Path

import numpy as np
import pytest

from nbcourse.widgets import Playground, network, playground

RUN = Path(__file__).parent / "js" / "run-network.mjs"
TOLERANCE = 1e-10
CASES = [(0, 1, "tanh"), (1, 1, "sigmoid"), (1, 5, "relu"), (2, 4, "tanh"), (3, 8, "sigmoid"), (3, 8, "relu")]


@pytest.fixture(scope="module")
def javascript(node):
    """Return what network.js makes of every case: {case: result}."""
    cases = [
        dict(zip(("depth", "width", "activation"), case, strict=True), seed=7, rate=0.3) for case in CASES
    ]
    X, y = points()
    request = {"points": X.ravel().tolist(), "labels": y.tolist(), "steps": 50, "cases": cases}
    return dict(zip(CASES, json.loads(node(RUN, stdin=json.dumps(request))), strict=True))


def points():
    rng = np.random.default_rng(3)
    return rng.normal(size=(37, 2)), rng.integers(0, 2, 37).astype(float)


def flat(layers):
    return np.concatenate([part.ravel() for layer in layers for part in layer])


@pytest.mark.parametrize("case", CASES)
def test_loss_gradients_and_training_match_numpy(javascript, case):
    depth, width, activation = case
    X, y = points()
    layers, found = network.initial(depth, width, seed=7), javascript[case]
    assert np.abs(flat(layers) - found["initial"]).max() < TOLERANCE
    loss, grads = network.gradients(layers, activation, X, y)
    assert abs(loss - found["loss"]) < TOLERANCE
    assert np.abs(flat(grads) - found["gradients"]).max() < TOLERANCE
    z = network.logits(layers, activation, X)
    assert found["accuracy"] == np.mean((z > 0) == (y == 1))
    losses = []
    for _ in range(50):
        before, layers = network.step(layers, activation, X, y, rate=0.3)
        losses.append(before)
    assert np.abs(np.array(losses) - found["losses"]).max() < TOLERANCE
    assert np.abs(flat(layers) - found["trained"]).max() < TOLERANCE


@pytest.mark.parametrize("case", CASES)
def test_gradients_match_finite_differences(case):
    depth, width, activation = case
    X, y = points()
    layers = network.initial(depth, width, seed=7)
    _, grads = network.gradients(layers, activation, X, y)
    for index, (weight, bias) in enumerate(layers):
        for part, grad in ((weight, grads[index][0]), (bias, grads[index][1])):
            for at in np.ndindex(part.shape):
                kept, slopes = part[at], []
                for nudge in (1e-6, -1e-6):
                    part[at] = kept + nudge
                    slopes.append(network.loss(network.logits(layers, activation, X), y))
                part[at] = kept
                assert abs((slopes[0] - slopes[1]) / 2e-6 - grad[at]) < 1e-8


def test_extreme_logits_give_a_finite_loss():
    assert network.loss(np.array([1000.0, -1000.0]), np.array([1.0, 0.0])) == 0
    assert network.loss(np.array([1000.0, -1000.0]), np.array([0.0, 1.0])) == 1000


def test_points_are_rounded_and_even():
    data = Playground().data
    assert set(data) == set(playground.DATASETS)
    for one in data.values():
        assert len(one["points"]) == 2 * len(one["labels"]) == 400
        assert all(round(value, 3) == value for value in one["points"])
        assert 60 <= one["labels"].count("1") <= 140


def test_default_settings_learn_the_moons():
    run = playground.train("moons", "tanh", 2, 6, 0.5, 0)
    assert run["train"][0] > 0.6
    assert run["train"][-1] < 0.05
    assert run["accuracy"] > 0.95
