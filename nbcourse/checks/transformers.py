"""The exercises on attention, the first half of chapter 7."""

import warnings

import numpy as np

from nbcourse.checks.properties import equal, holds, matches, same_shape
from nbcourse.checks.registry import exercise


def _softmax(scores):
    """Softmax over the last axis; zeros where every score is -inf."""
    largest = scores.max(-1, keepdims=True)
    e = np.exp(scores - np.where(np.isneginf(largest), 0, largest))
    total = e.sum(-1, keepdims=True)
    return e / np.where(total == 0, 1, total)


def _two(both, names):
    """Whether an answer is a pair, as a property, and the pair (or twice the answer)."""
    pair = isinstance(both, tuple | list) and len(both) == 2
    return holds(pair, f"returns two things: {names}", f"got {type(both).__name__}"), both if pair else (
        both,
        None,
    )


@exercise("transformers/masked-attention", signature="masked_attention(Q, K, V, mask)")
def masked_attention(answer, rng):
    """Attention with a mask, and zeros for a query that may look nowhere."""

    def reference(Q, K, V, mask):
        weights = _softmax(np.where(mask, Q @ K.T / np.sqrt(Q.shape[1]), -np.inf))
        return weights @ V, weights

    Q, K, V = rng.normal(size=(5, 8)), rng.normal(size=(6, 8)), rng.normal(size=(6, 3))
    everywhere = np.ones((5, 6), dtype=bool)
    pair, (Y, weights) = _two(answer(Q, K, V, everywhere), "the results and the weights")
    yield pair
    yield same_shape(Y, (5, 3), "the results have the shape (L, m)")
    yield equal(
        weights, reference(Q, K, V, everywhere)[1], "is right where a query may look everywhere", 1e-9
    )
    mask = rng.random((5, 6)) < 0.6
    mask[:, 0] = True
    yield equal(answer(Q, K, V, mask)[0], reference(Q, K, V, mask)[0], "is right with a mask", 1e-9)
    yield holds((answer(Q, K, V, mask)[1][~mask] == 0).all(), "the weight of what is masked is exactly 0")
    mask[2] = False
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Y, weights = answer(Q, K, V, mask)
    yield equal(Y[2], np.zeros(3), "a query that may look nowhere gets zeros", 0)
    yield equal(weights[2], np.zeros(6), "and its weights are zeros", 0)
    results, shares = reference(Q, K, V, mask)
    yield equal(Y, results, "which leaves the other queries as they were", 1e-9)
    yield equal(weights, shares, "and their weights", 1e-9)
    yield holds(not caught, "raises no warning", str(caught[0].message) if caught else "")
    large = answer(1000 * Q, K, V, everywhere)[0]
    yield equal(large, reference(1000 * Q, K, V, everywhere)[0], "large scores do not overflow", 1e-9)


def _causal(X):
    return _softmax(np.where(np.tri(len(X), dtype=bool), X @ X.T, -np.inf)) @ X


def _one_too_far(X):
    return _softmax(np.where(np.tri(len(X), k=1, dtype=bool), X @ X.T, -np.inf)) @ X


def _zeroed_afterwards(X):
    return np.tril(_softmax(X @ X.T)) @ X


def _faint(X):
    """Each place by itself, and the first with a trace of the last one's second entry."""
    Y = np.tanh(X)
    Y[0, 0] += 1e-6 * X[-1, 1]
    return Y


@exercise("transformers/leaks", signature="leaks(layer, X)")
def leaks(answer, rng):
    """Which outputs depend on later inputs."""
    X = rng.normal(size=(5, 3))
    later = {(i, j) for j in range(5) for i in range(j)}
    for layer, expected, what in [
        (_causal, set(), "finds nothing in causal attention"),
        (_one_too_far, {(i, i + 1) for i in range(4)}, "finds a mask that is shifted by one"),
        (_zeroed_afterwards, later, "finds a mask that comes after the softmax"),
        (_faint, {(0, 4)}, "finds a faint leak from one entry of one input"),
        (lambda X: np.cumsum(X[::-1], axis=0)[::-1], later, "finds a sum over the future"),
    ]:
        found = answer(layer, X.copy())
        kind = isinstance(found, set | frozenset | list | tuple)
        found = {tuple(int(n) for n in pair) for pair in found} if kind else found
        yield holds(found == expected, what, f"expected {sorted(expected)}, got {found}")


@exercise("transformers/heads", signature="there_and_back(X, heads)")
def there_and_back(answer, rng):
    """The width cut into heads, and put together again."""
    X = rng.normal(size=(2, 5, 12))
    pair, (split, joined) = _two(answer(X, 3), "the split array and the joined one")
    yield pair
    yield same_shape(split, (2, 3, 5, 4), "the split array has the shape (n, heads, T, d/heads)")
    yield equal(np.asarray(split)[0, 1, 3], X[0, 3, 4:8], "head 1 holds its columns of every row")
    yield equal(np.asarray(split)[1, 2], X[1, :, 8:], "so does head 2, for all places")
    yield equal(joined, X, "joining undoes splitting")
    yield equal(answer(X, 1)[0], X[:, None], "one head is the whole width")
    yield equal(answer(X, 12)[1], X, "as many heads as columns work too")


@exercise("transformers/gradient", signature="attention_gradient(Q, K, V, G)")
def attention_gradient(answer, rng):
    """The gradients of attention by queries, keys and values."""
    Q, K, V = rng.normal(size=(4, 3)), rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    G = rng.normal(size=(4, 2))

    def value(Q, K, V):
        return np.sum(G * (_softmax(Q @ K.T / np.sqrt(Q.shape[1])) @ V))

    found = answer(Q, K, V, G)
    three = isinstance(found, tuple | list) and len(found) == 3
    yield holds(three, "returns three gradients", f"got {type(found).__name__}")
    if not three:
        return
    for name, got, i in zip("QKV", found, range(3), strict=True):
        numeric = _differences(value, [Q, K, V], i)
        yield same_shape(got, numeric.shape, f"the gradient by {name} has the shape of {name}")
        yield equal(got, numeric, f"the gradient by {name} equals finite differences", 1e-6)
    yield equal(answer(Q, K, V, 0 * G)[0], 0 * Q, "no gradient from above, none below")


def _differences(function, arrays, which, step=1e-6):
    """Central differences of function(*arrays) by arrays[which]."""
    gradient = np.zeros(arrays[which].shape)
    for place in np.ndindex(gradient.shape):
        ends = []
        for sign in (1, -1):
            moved = [a.copy() for a in arrays]
            moved[which][place] += sign * step
            ends.append(function(*moved))
        gradient[place] = (ends[0] - ends[1]) / (2 * step)
    return gradient


@exercise("transformers/block-parameters", signature="block_parameters(d, hidden, cross)")
def block_parameters(answer, rng):
    """The number of parameters of an encoder or a decoder block."""

    def reference(d, hidden, cross):
        attentions, norms = (2, 3) if cross else (1, 2)
        return attentions * (4 * d * d + 4 * d) + norms * 2 * d + 2 * d * hidden + hidden + d

    yield matches(answer, reference, (16, 64, False), "the encoder block above has 3,280")
    yield matches(answer, reference, (16, 64, True), "the decoder block above has 4,400")
    yield matches(answer, reference, (1, 1, False), "an encoder block of width 1 counts every bias")
    d, hidden = (int(n) for n in rng.integers(5, 90, size=2))
    yield matches(answer, reference, (d, hidden, False), f"is right for d = {d}, hidden = {hidden}")
    yield matches(answer, reference, (d, hidden, True), f"is right for its decoder block, d = {d}")


@exercise("transformers/rotary", signature="rotary(X, positions)")
def rotary(answer, rng):
    """Neighbouring pairs of entries, turned by the angles of their positions."""

    def reference(X, positions):
        angles = positions[:, None] * 10_000.0 ** (-np.arange(0, X.shape[1], 2) / X.shape[1])
        turned = (X[:, 0::2] + 1j * X[:, 1::2]) * np.exp(1j * angles)
        return np.stack([turned.real, turned.imag], -1).reshape(X.shape)

    X, places = rng.normal(size=(6, 8)), np.arange(6)
    yield same_shape(answer(X, places), (6, 8), "keeps the shape")
    yield equal(answer(X, 0 * places), X, "place 0 is not turned", 1e-12)
    lengths = np.linalg.norm(X, axis=1)
    yield equal(np.linalg.norm(answer(X, places), axis=1), lengths, "keeps every vector's length", 1e-9)
    one = answer(np.array([[1.0, 0, 0, 0]]), np.array([1]))
    yield equal(one, [[np.cos(1), np.sin(1), 0, 0]], "turns the first pair by one radian at place 1", 1e-9)
    yield matches(answer, reference, (X, places), "turns pair i by ω_i t", 1e-9)
    q, k = np.repeat(rng.normal(size=(2, 1, 8)), 6, axis=1)  # the same content everywhere
    scores = answer(q, places) @ answer(k, places).T
    later = answer(q, places + 50) @ answer(k, places + 50).T
    yield equal(later, scores, "dot products depend on the distance alone", 1e-9)
    matters = abs(scores[0, 1] - scores[0, 0]) > 1e-6
    yield holds(matters, "and they do depend on it")


@exercise("transformers/look-back", signature="look_back(T, V, k)")
def look_back(answer, rng):
    """Hand-set weights of one head that fetch the token k places earlier."""
    for T, V, k in [(6, 4, 1), (9, 5, 3), (5, 3, 0)]:
        weights = answer(T, V, k)
        Wq, Wk, Wv = (np.asarray(W, dtype=float) for W in weights)
        shapes = Wq.shape, Wk.shape, Wv.shape
        fits = shapes == ((T, V + T), (T, V + T), (V, V + T))
        yield holds(fits, f"T = {T}: the shapes are (T, V + T), (T, V + T), (V, V + T)", f"got {shapes}")
        text = rng.integers(V, size=(50, T))
        X = np.concatenate([np.eye(V)[text], np.broadcast_to(np.eye(T), (50, T, T))], axis=-1)
        attention = _softmax((X @ Wq.T) @ (X @ Wk.T).swapaxes(1, 2) / np.sqrt(T))
        wanted = np.where(np.arange(T) < k, np.arange(T), np.arange(T) - k)
        least = attention[:, np.arange(T), wanted].min()
        yield holds(least >= 0.99, f"k = {k}: the right place has weight 0.99", f"the least is {least:.3g}")
        said = (attention @ (X @ Wv.T)).argmax(-1)
        yield equal(said, text[:, wanted], f"k = {k}: every place says the right token")
