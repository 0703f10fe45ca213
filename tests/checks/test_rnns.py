"""Wrong answers to the exercises on recurrent networks fail, each at the property that it lacks."""

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forgets_the_old_parity():
    return np.ones((2, 1)), np.zeros((2, 2)), np.array([-0.5, -1.5]), np.array([1.0, -1.0]), 0.0


def never_goes_back():
    return np.ones((2, 1)), np.ones((2, 2)), np.array([-0.5, -0.5]), np.array([1.0, 0.0]), 0.0


def one_unit():
    return np.ones((1, 1)), np.ones((1, 1)), np.zeros(1), np.ones(1), 0.0


def gru(swap_z=False, before=False, order="rzn", no_reset=False):
    """The step of the exercise, with chosen mistakes."""

    def answer(x, h, W_x, W_h, b_x, b_h):
        parts = dict(zip(order, np.split(x @ W_x.T + b_x, 3, axis=1), strict=True))
        by_h = dict(zip(order, np.split(h @ W_h.T + b_h, 3, axis=1), strict=True))
        r, z = sigmoid(parts["r"] + by_h["r"]), sigmoid(parts["z"] + by_h["z"])
        r = np.ones_like(r) if no_reset else r
        m = h.shape[1]
        new = (r * h) @ W_h[2 * m :].T + b_h[2 * m :] if before else r * by_h["n"]
        n = np.tanh(parts["n"] + new)
        return z * n + (1 - z) * h if swap_z else (1 - z) * n + z * h

    return answer


def truncated(first=False, one_less=False, no_slope=False):
    """The truncated gradient of the exercise, with chosen mistakes."""

    def answer(G, h, W_h, kept):
        steps = range(len(h) - 1, 0, -1)
        wanted = list(steps)[: kept - one_less]
        if first:
            wanted = list(steps)[-kept:]
        by_W_h, carried = np.zeros_like(W_h), G
        for t in steps:
            delta = carried * (1 if no_slope else 1 - h[t] ** 2)
            by_W_h += delta.T @ h[t - 1] if t in wanted else 0
            carried = delta @ W_h
        return by_W_h

    return answer


def padding_in_front(x, lengths):
    return x[:, ::-1]


def padding_cleared(x, lengths):
    out = np.zeros_like(x)
    for i, length in enumerate(lengths):
        out[i, :length] = x[i, :length][::-1]
    return out


WRONG = [
    ("parity", forgets_the_old_parity, "keeps a 1 while zeros come"),
    ("parity", never_goes_back, "changes with every one"),
    ("parity", one_unit, "W_x has the shape (2, 1)"),
    ("transient", lambda: 0.9 * np.eye(2), "some power has a norm of 100 or more"),
    ("transient", lambda: np.array([[1.1, 50.0], [0.0, 0.9]]), "has the spectral radius 0.9"),
    ("gru-step", gru(swap_z=True), "keeps the old state where the update gate z is 1"),
    ("gru-step", gru(before=True), "is right for random weights"),
    ("gru-step", gru(order="zrn"), "keeps the old state where the update gate z is 1"),
    ("gru-step", gru(no_reset=True), "proposes from the input alone where the reset gate r is 0"),
    ("forget-bias", lambda k, share: np.log(share / (1 - share)), "leaves one half after 100 steps"),
    (
        "forget-bias",
        lambda k, share: -np.log(share ** (-1 / k) - 1),
        "keeps its digits for 10¹⁵ steps",
    ),
    ("truncated", truncated(first=True), "through one step, is δ_T h_{T-1}ᵀ"),
    ("truncated", truncated(one_less=True), "through 4 of 7 steps, takes the last 4"),
    ("truncated", truncated(no_slope=True), "through all steps, is the full gradient"),
    ("reverse-padded", padding_in_front, "reverses a shorter one within its length"),
    ("reverse-padded", padding_cleared, "leaves the padding at the end"),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"rnns/{name}", answer)
    assert result.attempted and not result.passed
    assert lacking in [failure.sentence for failure in result.failures], str(result)


@pytest.mark.parametrize("name, answer", [("gru-step", gru()), ("truncated", truncated())])
def test_a_right_answer_passes_whoever_wrote_it(name, answer):
    assert evaluate(f"rnns/{name}", answer).passed


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"rnns/{name}" for name, *_ in WRONG} == set(exercises("rnns"))


def test_the_gru_of_the_check_is_the_package_s():
    from nbcourse import scratch
    from nbcourse.checks.rnns import _gru_step
    from nbcourse.scratch.nn.functional.recurrent import gru_cell

    rng = np.random.default_rng(0)
    shapes = (2, 3), (2, 4), (12, 3), (12, 4), (12,), (12,)
    arrays = [rng.normal(size=shape) for shape in shapes]
    (h,) = gru_cell(*map(scratch.tensor, arrays))
    assert np.abs(h.numpy() - _gru_step(*arrays)).max() < 1e-12
