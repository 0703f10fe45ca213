"""MNIST-1D: the published set number by number, other sizes, and the shuffled control."""

import os
from pathlib import Path

import numpy as np
import pytest

from nbcourse import datasets

FIRST_LABELS = [2, 6, 4, 5, 6, 6, 6, 0]
FIRST_VALUES = [-0.3320056674, -0.4719103657, -0.7786970763, -1.0097408265]


@pytest.fixture(scope="module")
def published():
    return datasets.mnist1d()


@pytest.mark.skipif(
    "NBCOURSE_DATA" not in os.environ,
    reason="NBCOURSE_DATA names no folder with mnist1d/mnist1d.npz to compare with",
)
def test_equals_the_reference_file(published):
    with np.load(
        Path(os.environ["NBCOURSE_DATA"]) / "mnist1d" / "mnist1d.npz", allow_pickle=False
    ) as reference:
        assert np.abs(published.train.X - reference["x"]).max() < 1e-12
        assert np.abs(published.test.X - reference["x_test"]).max() < 1e-12
        assert np.array_equal(published.train.y, reference["y"])
        assert np.array_equal(published.test.y, reference["y_test"])


def test_shapes_types_and_scale(published):
    assert published.train.X.shape == (4000, 40) and published.test.X.shape == (1000, 40)
    assert published.train.X.dtype == np.float64 and published.train.y.dtype == np.int64
    whole = np.concatenate([published.train.X, published.test.X])
    assert abs(whole.mean()) < 1e-12 and whole.std() == pytest.approx(1)
    assert np.bincount(np.concatenate([published.train.y, published.test.y])).tolist() == [500] * 10
    assert "Apache 2.0" in published.source


def test_a_few_published_values(published):
    """Kept here so that a change shows where the reference file is not at hand."""
    assert published.train.y[:8].tolist() == FIRST_LABELS
    assert published.train.X[0, :4] == pytest.approx(FIRST_VALUES, abs=1e-9)


@pytest.mark.parametrize("samples", [1, 10, 13])
def test_other_sizes(samples):
    signals = datasets.mnist1d(samples_per_class=samples)
    assert signals.train.X.shape == (8 * samples, 40) and signals.test.X.shape == (2 * samples, 40)
    assert (
        np.bincount(np.concatenate([signals.train.y, signals.test.y]), minlength=10).tolist()
        == [samples] * 10
    )
    assert np.isfinite(signals.train.X).all()


def test_the_seed_decides_and_the_global_generator_is_left_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    a, b, c = (datasets.mnist1d(5, seed=seed).train.X for seed in (1, 1, 2))
    assert np.array_equal(a, b) and not np.array_equal(a, c)
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_shuffled_is_one_permutation_of_the_positions():
    signals = datasets.mnist1d(10)
    control = signals.shuffled()
    order = [
        int(np.flatnonzero((column[:, None] == signals.train.X).all(axis=0))[0])
        for column in control.train.X.T
    ]
    assert np.array_equal(sorted(order), range(40))
    assert order != sorted(order)
    assert np.array_equal(control.test.X, signals.test.X[:, order])
    assert np.array_equal(control.test.y, signals.test.y)
    assert not np.array_equal(control.test.X, signals.shuffled(seed=1).test.X)


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: datasets.mnist1d(0), ValueError, "expected samples_per_class ≥ 1, got 0"),
        (
            lambda: datasets.mnist1d("500"),
            TypeError,
            "expected samples_per_class to be an integer, got '500'",
        ),
        (lambda: datasets.mnist1d(1, seed=-1), ValueError, "expected seed ≥ 0, got -1"),
        (lambda: datasets.mnist1d(1).shuffled(seed="x"), TypeError, "expected seed to be an integer"),
    ],
)
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
