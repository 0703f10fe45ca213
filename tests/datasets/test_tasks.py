"""The memory tasks: what they ask is what they say, and a guess has the error that they state."""

import numpy as np
import pytest

from nbcourse import datasets


@pytest.mark.parametrize("n, length", [(1, 2), (50, 7), (50, 40)])
def test_adding_asks_for_the_two_marked_numbers(n, length):
    X, y = datasets.adding(n, length, seed=1)
    assert X.shape == (n, length, 2) and y.shape == (n,) and X.dtype == y.dtype == np.float64
    numbers, marks = X[..., 0], X[..., 1]
    assert ((numbers >= 0) & (numbers < 1)).all() and set(marks.ravel()) <= {0, 1}
    assert (marks[:, : length // 2].sum(axis=1) == 1).all()
    assert (marks[:, length // 2 :].sum(axis=1) == 1).all()
    assert np.allclose((numbers * marks).sum(axis=1), y)


def test_adding_marks_every_step_and_a_guess_of_1_has_an_error_of_a_sixth():
    X, y = datasets.adding(20_000, 8, seed=2)
    assert np.allclose(X[..., 1].mean(axis=0), 1 / 4, atol=0.02)
    assert np.mean((y - 1) ** 2) == pytest.approx(1 / 6, rel=0.03)


@pytest.mark.parametrize("delay, items, symbols", [(1, 1, 2), (6, 3, 4), (20, 5, 8)])
def test_copying_repeats_the_items_after_the_cue(delay, items, symbols):
    X, y = datasets.copying(30, delay, items, symbols, seed=1)
    assert X.shape == y.shape == (30, delay + 2 * items) and X.dtype == y.dtype == np.int64
    assert np.array_equal(X[:, :items], y[:, -items:])
    assert X[:, :items].min() >= 1 and X[:, :items].max() <= symbols
    cue = items + delay - 1  # its answer begins at the next step
    assert (X[:, cue] == symbols + 1).all()
    assert not np.delete(X[:, items:], cue - items, axis=1).any()
    assert not y[:, :-items].any()


def test_copying_draws_all_symbols_equally_often():
    X, _ = datasets.copying(5000, symbols=4, seed=3)
    assert np.allclose(np.bincount(X[:, :3].ravel())[1:] / 15_000, 1 / 4, atol=0.02)


@pytest.mark.parametrize("make", [datasets.adding, datasets.copying])
def test_seed_decides_everything(make):
    assert all(np.array_equal(a, b) for a, b in zip(make(9, seed=3), make(9, seed=3), strict=True))
    assert not np.array_equal(make(9, seed=3)[0], make(9, seed=4)[0])


@pytest.mark.parametrize(
    "make, wrong",
    [
        (datasets.adding, {"n": 0}),
        (datasets.adding, {"length": 1}),
        (datasets.copying, {"delay": 0}),
        (datasets.copying, {"items": 0}),
        (datasets.copying, {"symbols": 1}),
    ],
)
def test_bad_sizes_are_named(make, wrong):
    with pytest.raises(ValueError, match=f"expected {next(iter(wrong))} ≥"):
        make(**wrong)
    with pytest.raises(TypeError, match=next(iter(wrong))):
        make(**dict.fromkeys(wrong, 2.5))
