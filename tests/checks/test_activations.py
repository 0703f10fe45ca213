"""Wrong answers to chapter 2's exercises fail, each at the property that it lacks."""

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises


def tanh_by_its_formula(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def tanh_that_cancels(z):
    t = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - t) / (1 + t)


def log_of_softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.log(e / e.sum(axis=-1, keepdims=True))


def naive_log_softmax(z):
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def one_maximum_for_all(z):
    shifted = z - z.max()
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def doubled_log_softmax(z):
    shifted = z.astype(float) - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def simulated_gain(slope):
    z = np.random.default_rng(0).normal(size=100_000)
    return 1 / np.sqrt(np.mean(np.where(z > 0, z, slope * z) ** 2))


def gains_of_means(f, slope):
    z = np.linspace(-9, 9, 10_000)
    share = np.exp(-z * z / 2)
    share /= share.sum()
    return 1 / abs(share @ f(z) + 1e-300), 1 / abs(share @ slope(z) + 1e-300)


def off_in_one_example(a):
    return np.flatnonzero((a == 0).any(axis=0))


WRONG = [
    (
        "leaky-relu",
        lambda z, slope: (np.maximum(z, slope * z), z > 1),
        "the derivative is 1 above 0, else the",
    ),
    (
        "leaky-relu",
        lambda z, slope: (np.maximum(z, 0), np.where(z > 0, 1, slope)),
        "the values are right for",
    ),
    (
        "leaky-relu",
        lambda z, slope: (np.maximum(z, slope * z), np.where(z >= 0, 1, slope)),
        "at 0 the derivat",
    ),
    ("stable-tanh", tanh_by_its_formula, "is ±1 for ±1000"),
    ("stable-tanh", tanh_that_cancels, "keeps its digits near 0"),
    ("stable-tanh", np.sin, "is right for everyday values"),
    ("log-softmax", log_of_softmax, "is right for a logit of 1000"),
    ("log-softmax", naive_log_softmax, "is right when all are -1000"),
    ("log-softmax", one_maximum_for_all, "takes a single example (C,)"),
    ("log-softmax", doubled_log_softmax, "keeps float32"),
    ("softmax-backward", lambda p, grad: p * (1 - p) * grad, "equals the product with the Jacobian"),
    ("softmax-backward", lambda p, grad: p * (grad - (grad * p).sum()), "the rows do not mix"),
    ("leaky-gain", lambda slope: np.sqrt(2 / (1 + slope)), "keeps the mean square of a signal"),
    ("leaky-gain", lambda slope: 2 / (1 + slope**2), "slope 0 is ReLU: √2"),
    ("leaky-gain", simulated_gain, "is exact, not simulated"),
    ("two-gains", gains_of_means, "is √2 for ReLU, both ways"),
    ("two-gains", lambda f, slope: (np.sqrt(2), np.sqrt(2)), "is 1.593 forward and 1.468 backward for tanh"),
    ("dead-units", off_in_one_example, "is empty when every unit is active somewhere"),
    ("dead-units", lambda a: a.sum(axis=0) < 1e-6, "finds the units that are always 0"),
    ("dead-units", lambda a: np.flatnonzero(a.max(axis=0) < 1e-6), "one example, however little, is enough"),
    ("branch-scale", lambda depth, growth: 1 / depth, "four times the depth, half the scale"),
    ("branch-scale", lambda depth, growth: growth ** (1 / depth) - 1, "blocks multiply the mean square by"),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"activations/{name}", answer)
    assert result.attempted and not result.passed
    assert any(lacking in failure.sentence for failure in result.failures), str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"activations/{name}" for name, *_ in WRONG} == set(exercises("activations"))
