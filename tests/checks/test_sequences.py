"""Wrong answers to the exercises of chapter 6, second half, fail, each at the property that it lacks."""

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises


def draw_without_noise_on_temperature(scores, temperature, rng):
    noise = -np.log(-np.log(rng.random(scores.shape)))
    return (scores + noise).argmax(axis=1)


def one_row_of_noise(scores, temperature, rng):
    if temperature == 0:
        return scores.argmax(axis=1)
    return (scores / temperature - np.log(-np.log(rng.random(scores.shape[1])))).argmax(axis=1)


def wrong_sign(u, v, random):
    return np.logaddexp(0, u @ v) + np.logaddexp(0, random @ u).sum(), v


def summed_gradient_only_of_the_pair(u, v, random):
    loss = np.logaddexp(0, -(u @ v)) + np.logaddexp(0, random @ u).sum()
    return loss, -v / (1 + np.exp(u @ v))


def naive_skip_gram(u, v, random):
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    true, false = u @ v, random @ u
    loss = -np.log(sigmoid(true)) - np.log(sigmoid(-false)).sum()
    return loss, (sigmoid(true) - 1) * v + sigmoid(false) @ random


def unscaled_analogy(vectors, a, b, c, exclude):
    scores = vectors @ (vectors[b] - vectors[a] + vectors[c])
    if exclude:
        scores[[a, b, c]] = -np.inf
    return int(scores.argmax())


def always_excluding(vectors, a, b, c, exclude):
    rows = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosine = rows @ (rows[b] - rows[a] + rows[c])
    cosine[[a, b, c]] = -np.inf
    return int(cosine.argmax())


def zeroed_after_the_softmax(query, memory, real):
    scores = query @ memory.transpose(0, 2, 1)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = np.where(real[:, None], e / e.sum(axis=-1, keepdims=True), 0)
    return weights @ memory, weights


def padding_at_minus_ten(query, memory, real):
    scores = np.where(real[:, None], query @ memory.transpose(0, 2, 1), -10.0)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    return weights @ memory, weights


def overflowing(query, memory, real):
    e = np.where(real[:, None], np.exp(query @ memory.transpose(0, 2, 1)), 0)
    weights = e / e.sum(axis=-1, keepdims=True)
    return weights @ memory, weights


def peeking(values, forecast, first):
    found = [forecast(values[: t + 1].copy()) for t in range(first, len(values))]
    return np.array(found), np.abs(found - values[first:]).mean()


def without_a_copy(values, forecast, first):
    found = [forecast(values[:t]) for t in range(first, len(values))]
    return np.array(found), np.abs(found - values[first:]).mean()


def forecasts_alone(values, forecast, first):
    return np.array([forecast(values[:t].copy()) for t in range(first, len(values))])


# exercise, answer, one property that it must fail
WRONG = [
    (
        "perplexity",
        lambda log_p: np.mean([np.exp(-row.mean()) for row in log_p]),
        "counts every token the same, in texts of 2, 9 and 30 tokens",
    ),
    (
        "perplexity",
        lambda log_p: 2 ** -np.concatenate(log_p).mean(),
        "is 2.83 for the text aab of the chapter",
    ),
    (
        "perplexity",
        lambda log_p: np.exp(-np.mean([row.mean() for row in log_p])),
        "is the same for a text cut in two",
    ),
    ("gumbel", draw_without_noise_on_temperature, "takes the largest score at temperature 0"),
    ("gumbel", one_row_of_noise, "draws as often as the softmax says, at temperature 1"),
    (
        "gumbel",
        lambda scores, temperature, rng: scores.argmax(axis=1),
        "draws as often as the softmax says, at temperature 2",
    ),
    ("skip-gram", wrong_sign, "the loss is right"),
    ("skip-gram", summed_gradient_only_of_the_pair, "the gradient equals finite differences"),
    ("skip-gram", naive_skip_gram, "is 2000 where two answers are wrong by 1000"),
    ("skip-gram", lambda u, v, random: 0.0, "returns two things: the loss and its gradient"),
    ("analogy", unscaled_analogy, "does not care how long the rows are"),
    ("analogy", always_excluding, "without exclusion, c itself may be the answer"),
    ("attend", zeroed_after_the_softmax, "the weights of each query sum to 1"),
    ("attend", padding_at_minus_ten, "padding gets no weight at all"),
    ("attend", overflowing, "scores in the thousands give finite numbers"),
    ("walk-forward", peeking, "persistence forecasts the value before"),
    ("walk-forward", without_a_copy, "a forecast that scales its input in place does not spoil the truth"),
    ("walk-forward", forecasts_alone, "returns two things: forecasts and their error"),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"sequences/{name}", answer)
    assert result.attempted and not result.passed
    assert lacking in [failure.sentence for failure in result.failures], str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"sequences/{name}" for name, *_ in WRONG} == set(exercises("sequences"))
