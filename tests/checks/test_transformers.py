"""Wrong answers to the exercises on attention fail, each at the property that it lacks."""

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises


def softmax(scores):
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def unguarded(Q, K, V, mask):
    weights = softmax(np.where(mask, Q @ K.T / np.sqrt(Q.shape[1]), -np.inf))
    return weights @ V, weights


def undivided(Q, K, V, mask):
    weights = softmax(np.where(mask, Q @ K.T, -np.inf))
    return weights @ V, weights


def minus_a_thousand(Q, K, V, mask):
    weights = softmax(np.where(mask, Q @ K.T / np.sqrt(Q.shape[1]), -1000.0))
    return weights @ V, weights


def all_or_nothing(Q, K, V, mask):
    """One query that may look nowhere empties them all."""
    weights = softmax(np.where(mask, Q @ K.T / np.sqrt(Q.shape[1]), -np.inf))
    weights = weights * mask.any(axis=1).all()
    return weights @ V, weights


def overflowing(Q, K, V, mask):
    e = np.exp(np.where(mask, Q @ K.T / np.sqrt(Q.shape[1]), -np.inf))
    weights = e / np.maximum(e.sum(1, keepdims=True), 1e-300)
    return weights @ V, weights


def all_zeroed_inputs(layer, X):
    """Compares with the last place's influence only."""
    changed = X.copy()
    changed[-1] += 1
    different = np.any(layer(changed) != layer(X), axis=1)
    return {(i, len(X) - 1) for i in range(len(X) - 1) if different[i]}


def coarse(layer, X):
    found = set()
    for j in range(len(X)):
        changed = X.copy()
        changed[j] += 1
        different = np.abs(layer(changed) - layer(X)).max(axis=1) > 1e-3
        found |= {(i, j) for i in range(j) if different[i]}
    return found


def both_directions(layer, X):
    found = set()
    for j in range(len(X)):
        changed = X.copy()
        changed[j] += 1
        found |= {(i, j) for i in np.flatnonzero((layer(changed) != layer(X)).any(axis=1)) if i != j}
    return found


def reshaped_at_once(X, heads):
    n, T, d = X.shape
    split = X.reshape(n, heads, T, d // heads)
    return split, split.reshape(n, T, d)


def not_joined(X, heads):
    n, T, d = X.shape
    split = X.reshape(n, T, heads, d // heads).swapaxes(1, 2)
    return split, split.reshape(n, T, d)


def gradient(scaled=True, centred=True, swapped=False):
    def answer(Q, K, V, G):
        scale = 1 / np.sqrt(Q.shape[1])
        A = softmax(Q @ K.T * scale)
        D = G @ V.T
        S = A * (D - np.sum(A * D, axis=1, keepdims=True) * centred) * (scale if scaled else 1)
        return (S @ K, S.T @ Q, A.T @ G)[:: -1 if swapped else 1]

    return answer


def block(biases=True, norms=True):
    def answer(d, hidden, cross):
        attention = 4 * d * d + 4 * d * biases
        return (1 + cross) * attention + 2 * d * hidden + (hidden + d) * biases + 2 * d * norms * (2 + cross)

    return answer


def turned(sign=1, halves=False, base=10_000.0):
    def answer(X, positions):
        d = X.shape[1]
        angles = sign * positions[:, None] * base ** (-np.arange(0, d, 2) / d)
        pairs = X.reshape(len(X), 2, -1).swapaxes(1, 2) if halves else X.reshape(len(X), -1, 2)
        z = (pairs[..., 0] + 1j * pairs[..., 1]) * np.exp(1j * angles)
        out = np.stack([z.real, z.imag], -1)
        return out.swapaxes(1, 2).reshape(X.shape) if halves else out.reshape(X.shape)

    return answer


def added(X, positions):
    return X + np.sin(positions)[:, None]


def looking(sharpness=20.0, ahead=False):
    def answer(T, V, k):
        wanted = np.arange(T) + (k if ahead else -k)
        wanted = np.where((wanted < 0) | (wanted >= T), np.arange(T), wanted)
        nothing = np.zeros((T, V))
        Wq = sharpness * np.sqrt(T) * np.hstack([nothing, np.eye(T)[:, wanted]])
        return Wq, np.hstack([nothing, np.eye(T)]), np.hstack([np.eye(V), np.zeros((V, T))])

    return answer


WRONG = [
    ("masked-attention", unguarded, "a query that may look nowhere gets zeros"),
    ("masked-attention", unguarded, "raises no warning"),
    ("masked-attention", undivided, "is right with a mask"),
    ("masked-attention", minus_a_thousand, "a query that may look nowhere gets zeros"),
    ("masked-attention", minus_a_thousand, "and its weights are zeros"),
    ("masked-attention", all_or_nothing, "which leaves the other queries as they were"),
    ("masked-attention", all_or_nothing, "and their weights"),
    ("masked-attention", overflowing, "large scores do not overflow"),
    ("masked-attention", lambda Q, K, V, mask: unguarded(Q, K, V, ~mask), "is right with a mask"),
    ("leaks", all_zeroed_inputs, "finds a mask that is shifted by one"),
    ("leaks", coarse, "finds a faint leak from one entry of one input"),
    ("leaks", both_directions, "finds nothing in causal attention"),
    ("leaks", lambda layer, X: set(), "finds a mask that comes after the softmax"),
    ("heads", reshaped_at_once, "head 1 holds its columns of every row"),
    ("heads", not_joined, "joining undoes splitting"),
    ("gradient", gradient(scaled=False), "the gradient by Q equals finite differences"),
    ("gradient", gradient(centred=False), "the gradient by K equals finite differences"),
    ("gradient", gradient(swapped=True), "the gradient by Q has the shape of Q"),
    ("block-parameters", block(biases=False), "an encoder block of width 1 counts every bias"),
    ("block-parameters", block(norms=False), "the encoder block above has 3,280"),
    (
        "block-parameters",
        lambda d, hidden, cross: block()(d, hidden, False),
        "the decoder block above has 4,400",
    ),
    ("rotary", turned(sign=-1), "turns the first pair by one radian at place 1"),
    ("rotary", turned(halves=True), "turns pair i by ω_i t"),
    ("rotary", turned(base=100.0), "turns pair i by ω_i t"),
    ("rotary", added, "keeps every vector's length"),
    ("rotary", lambda X, positions: X, "and they do depend on it"),
    ("look-back", looking(sharpness=1.0), "k = 1: the right place has weight 0.99"),
    ("look-back", looking(ahead=True), "k = 3: every place says the right token"),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"transformers/{name}", answer)
    assert result.attempted and not result.passed
    assert lacking in [failure.sentence for failure in result.failures], str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"transformers/{name}" for name, *_ in WRONG} == set(exercises("transformers"))


def test_the_order_of_the_pairs_does_not_change_the_relative_property():
    """`turned(halves=True)` is the package's own pairing: only the properties about pairs fail it."""
    failed = [f.sentence for f in evaluate("transformers/rotary", turned(halves=True)).failures]
    assert "dot products depend on the distance alone" not in failed
