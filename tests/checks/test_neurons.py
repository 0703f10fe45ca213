"""Wrong answers to chapter 1's exercises fail, each at the property that it lacks."""

from itertools import pairwise

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises


def last_weights(X, y, draws, rng):
    w = np.zeros(X.shape[1])
    for _ in range(draws):
        i = rng.integers(len(X))
        if y[i] * (w @ X[i]) <= 0:
            w = w + y[i] * X[i]
    return w


def in_fixed_order(X, y, draws, rng):
    w = best = np.zeros(X.shape[1])
    for step in range(draws):
        i = step % len(X)
        if y[i] * (w @ X[i]) <= 0:
            w = w + y[i] * X[i]
            best = min(best, w, key=lambda v: np.sum(y * (X @ v) <= 0))
    return best


def twice_the_same_input(k):
    return np.eye(k)[[0] * k], np.ones(k), np.eye(k)[0]


def long_inputs(k):
    return 2 * np.eye(k), np.ones(k), np.ones(k) / np.sqrt(k)


def sum_of_losses(y, q, tau):
    gradient = np.where(y >= q, -tau, 1 - tau)
    return np.where(y >= q, tau * (y - q), (1 - tau) * (q - y)).sum(), gradient


def gradient_of_the_sum(y, q, tau):
    loss, gradient = sum_of_losses(y, q, tau)
    return loss / len(y), gradient


def naive_bce(z, y):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def digits_lost(z, y):
    return np.mean(np.maximum(z, 0) + np.log1p(np.exp(-abs(z))) - y * z)


def clipped_bce(z, y):
    p = np.clip(1 / (1 + np.exp(-z)), 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def naive_softmax_gradient(logits, classes):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return (p - np.eye(logits.shape[1])[classes]) / len(classes)


def summed_gradient(logits, classes):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True) - np.eye(logits.shape[1])[classes]


def too_many_neurons(k):
    kinks = np.arange(2 ** (k + 1)) / 2 ** (k + 1)
    turns = np.zeros(2 ** (k + 1))
    turns[::2] = 2 * 2.0**k * (-1.0) ** np.arange(2**k)
    turns[0] = 2.0**k
    return np.ones((len(kinks), 1)), -kinks, turns[None], np.zeros(1)


def one_tent_only(k):
    return np.ones((2, 1)), np.array([0, -0.5]), np.array([[2.0, -4.0]]), np.zeros(1)


WRONG = [
    ("pocket", last_weights, "makes one error on XOR, in each of five runs"),
    ("pocket", last_weights, "returns the best weights it met, not the last"),
    ("pocket", in_fixed_order, "makes one error on XOR, in each of five runs"),
    ("pocket", lambda X, y, draws, rng: np.zeros((3, 1)), "returns one weight for each input"),
    ("worst-case", twice_the_same_input, "k = 4: the rule makes k mistakes"),
    ("worst-case", long_inputs, "k = 1: the longest input has length 1"),
    ("worst-case", lambda k: (np.eye(k), np.zeros(k), np.ones(k)), "k = 1: the targets are -1 and +1"),
    ("neuron", lambda inputs, weights, bias: inputs @ weights + bias, "is 0 where the sum is negative"),
    ("neuron", lambda inputs, weights, bias: max(0, inputs @ weights + bias), "is right for a batch (6, 3)"),
    (
        "neuron",
        lambda inputs, weights, bias: np.squeeze(np.maximum(0, inputs @ weights + bias)),
        "keeps a batch of one a batch",
    ),
    (
        "parameter-count",
        lambda sizes: sum(a * b for a, b in pairwise(sizes)),
        "one neuron with one input has 2: a weight and a bias",
    ),
    ("parameter-count", lambda sizes: 101770, "an input layer alone has none"),
    ("pinball", sum_of_losses, "the loss is right"),
    ("pinball", lambda y, q, tau: np.mean(q), "returns two things: the loss and its gradient"),
    ("pinball", gradient_of_the_sum, "the gradient equals finite differences"),
    ("stable-bce", naive_bce, "is 1000 for ±1000, surely wrong"),
    ("stable-bce", digits_lost, "keeps its digits for z = 40"),
    ("stable-bce", clipped_bce, "is 1000 for ±1000, surely wrong"),
    ("softmax-gradient", naive_softmax_gradient, "does not overflow at logits of 1000"),
    ("softmax-gradient", summed_gradient, "is the gradient of the mean, not of the sum"),
    ("shallow-sawtooth", too_many_neurons, "k = 1: at most 2 hidden neurons"),
    ("shallow-sawtooth", one_tent_only, "k = 2: equals the tent folded 2 times"),
    (
        "xor-weights",
        lambda: (np.ones((2, 2)), np.array([-0.5, -1.5]), np.array([[1.0, -1.0]]), np.array([-0.5])),
        "returns 0 for (0, 0)",
    ),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"neurons/{name}", answer)
    assert result.attempted and not result.passed
    assert lacking in [failure.sentence for failure in result.failures], str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"neurons/{name}" for name, *_ in WRONG} == set(exercises("neurons"))


@pytest.mark.parametrize(
    "answer, hinted", [(naive_bce, False), (digits_lost, True)], ids=["no number", "digits lost"]
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_hint_on_digits_is_for_a_number(answer, hinted):
    (failure,) = [f for f in evaluate("neurons/stable-bce", answer).failures if "digits" in f.sentence]
    assert ("cancel" in failure.detail) == hinted, failure.detail
