"""The exercises of chapter 1."""

from itertools import pairwise

import numpy as np

from nbcourse.checks.properties import equal, holds, matches, same_shape
from nbcourse.checks.registry import exercise


@exercise("neurons/pocket", signature="pocket(X, y, draws, rng)")
def pocket(answer, rng):
    """Rosenblatt's rule on randomly drawn examples, keeping the best weights it has met."""
    bits = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    xor, conjunction = np.array([-1, 1, 1, -1]), np.array([-1, -1, -1, 1])

    def errors(X, y, draws, seed):
        w = np.asarray(answer(X, y, draws, np.random.default_rng(seed)))
        return int(np.sum(y * (X @ w) <= 0))

    yield same_shape(answer(bits, xor, 20, rng), (3,), "returns one weight for each input")
    worst = max(errors(bits, xor, 1000, seed) for seed in range(5))
    yield equal(worst, 1, "makes one error on XOR, in each of five runs")
    yield equal(errors(bits, conjunction, 1000, 0), 0, "makes no error on AND")
    X = rng.normal(size=(60, 3))
    y = np.where(X @ rng.normal(size=3) > 0, 1, -1)
    yield equal(errors(X, y, 30_000, 0), 0, "finds a border on separable data, given enough draws")
    y = np.where(rng.random(60) < 0.15, -y, y)
    kept = [errors(X, y, 1000, seed) for seed in range(10)]
    last = [_errors_of_the_last_weights(X, y, 1000, seed) for seed in range(10)]
    detail = f"{sum(kept)} errors in ten runs on noisy data; the last weights make {sum(last)}"
    yield holds(sum(kept) <= 0.8 * sum(last), "returns the best weights it met, not the last", detail)
    short = [errors(X, y, 50, seed) for seed in range(10)]
    yield holds(
        all(long <= brief for long, brief in zip(kept, short, strict=True)),
        "is never worse after 1,000 draws than after the first 50",
        "keep a copy of the best weights; draw one number from rng for each example, no more",
    )


def _errors_of_the_last_weights(X, y, draws, seed):
    """Rosenblatt's rule on examples drawn at random, without a pocket."""
    rng, w = np.random.default_rng(seed), np.zeros(X.shape[1])
    for _ in range(draws):
        i = rng.integers(len(X))
        if y[i] * (w @ X[i]) <= 0:
            w = w + y[i] * X[i]
    return int(np.sum(y * (X @ w) <= 0))


@exercise("neurons/worst-case", signature="worst_case(k)")
def worst_case(answer, rng):
    """Separable data on which Rosenblatt's rule makes as many mistakes as the bound allows."""
    for k in (1, 4, int(rng.integers(9, 30))):
        X, y, u = (np.asarray(part, dtype=float) for part in answer(k))
        lengths = np.linalg.norm(X, axis=1)
        yield equal(lengths.max(), 1, f"k = {k}: the longest input has length 1", 1e-9)
        yield holds(np.isin(y, (-1, 1)).all(), f"k = {k}: the targets are -1 and +1")
        yield equal(np.linalg.norm(u), 1, f"k = {k}: u has length 1", 1e-9)
        margin = (y * (X @ u)).min()
        enough = margin >= 1 / np.sqrt(k) - 1e-9
        yield holds(enough, f"k = {k}: u separates with margin 1/√k", f"the margin is {margin:.4g}")
        yield equal(_mistakes(X, y), k, f"k = {k}: the rule makes k mistakes")


def _mistakes(X, y, passes=1000):
    """How often Rosenblatt's rule is wrong before its first pass without a mistake."""
    w, mistakes = np.zeros(X.shape[1]), 0
    for _ in range(passes):
        before = mistakes
        for x_i, y_i in zip(X, y, strict=True):
            if y_i * (w @ x_i) <= 0:
                w, mistakes = w + y_i * x_i, mistakes + 1
        if mistakes == before:
            break
    return mistakes


@exercise("neurons/neuron", signature="relu_neuron(inputs, weights, bias)")
def relu_neuron(answer, rng):
    """A ReLU neuron for one example or a batch."""

    def reference(X, w, b):
        return np.maximum(0, X @ w + b)

    X, w = rng.normal(size=(6, 3)), rng.normal(size=3)
    yield matches(answer, reference, (X, w, 0.3), "is right for a batch (6, 3)")
    yield matches(answer, reference, (X[0], w, 0.3), "is right for one example (3,)")
    yield matches(answer, reference, (X[:1], w, 0.3), "keeps a batch of one a batch")
    yield equal(answer(X, w, -1e6), np.zeros(6), "is 0 where the sum is negative")
    yield matches(answer, reference, (rng.normal(size=(4, 1)), w[:1], 0.0), "takes a single input")


@exercise("neurons/parameter-count", signature="parameter_count(sizes)")
def parameter_count(answer, rng):
    """The number of weights and biases of a fully connected network."""

    def reference(sizes):
        return sum((d + 1) * m for d, m in pairwise(sizes))

    yield matches(answer, reference, ([784, 128, 10],), "784-128-10 has 101,770")
    yield matches(answer, reference, ([1, 1],), "one neuron with one input has 2: a weight and a bias")
    deep = [int(n) for n in rng.integers(1, 50, size=6)]
    yield matches(answer, reference, (deep,), f"is right for a deep network, {deep}")
    yield equal(answer([5]), 0, "an input layer alone has none")


@exercise("neurons/pinball", signature="pinball_loss(y, q, tau)")
def pinball_loss(answer, rng):
    """The mean pinball loss and its gradient with respect to the forecasts."""

    def reference(y, q, tau):
        return np.mean(np.maximum(tau * (y - q), (tau - 1) * (y - q)))

    y, q, tau = rng.normal(size=7), rng.normal(size=7), 0.8
    both = answer(y, q, tau)
    pair = isinstance(both, tuple | list) and len(both) == 2
    yield holds(pair, "returns two things: the loss and its gradient", f"got {type(both).__name__}")
    loss, gradient = both if pair else (both, None)
    yield equal(loss, reference(y, q, tau), "the loss is right", 1e-12)
    yield same_shape(gradient, (7,), "the gradient has the shape of q")
    numeric = _numeric_gradient(lambda forecast: reference(y, forecast, tau), q)
    yield equal(gradient, numeric, "the gradient equals finite differences", 1e-6)
    if not pair:
        return
    yield equal(answer(y, q, 0.5)[0], np.abs(y - q).mean() / 2, "τ = 1/2 is half the absolute error", 1e-12)
    yield equal(
        answer(y, y.copy(), tau)[1], np.full(7, -tau / 7), "at y = q the slope is the first case's", 1e-12
    )


@exercise("neurons/stable-bce", signature="bce_with_logits(z, y)")
def bce_with_logits(answer, rng):
    """Binary cross-entropy from logits that never overflows."""

    def reference(z, y):
        return np.mean(np.logaddexp(0, z) - y * z)

    z, y = rng.normal(size=9), rng.integers(0, 2, 9)
    yield matches(answer, reference, (z, y), "is right for everyday logits")
    with np.errstate(all="ignore"):  # an overflow is reported as a property, not as NumPy's warning
        right = np.array([1000.0, -1000.0]), np.array([1, 0])
        wrong = np.array([1000.0, -1000.0]), np.array([0, 1])
        yield matches(answer, reference, right, "is 0 for ±1000, surely right")
        yield matches(answer, reference, wrong, "is 1000 for ±1000, surely wrong")
        tiny = np.array([40.0]), np.array([1])
        exact = 4.248354255291589e-18  # log(1 + e⁻⁴⁰)
        got = float(answer(*tiny))
        hint = ": let the large terms cancel before the small one is added" if np.isfinite(got) else ""
        detail = f"expected {exact:.4g}, got {got:.4g}{hint}"
        yield holds(abs(got / exact - 1) < 1e-9, "keeps its digits for z = 40", detail)
    yield equal(answer(np.zeros(3), np.array([0, 1, 1])), np.log(2), "is log 2 when undecided", 1e-12)


@exercise("neurons/softmax-gradient", signature="cross_entropy_gradient(logits, classes)")
def cross_entropy_gradient(answer, rng):
    """The gradient of the mean cross-entropy with respect to the logits."""
    logits, classes = rng.normal(size=(5, 4)), rng.integers(0, 4, 5)

    def loss(z):
        shifted = z - z.max(axis=1, keepdims=True)
        return -np.mean((shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))[range(5), classes])

    gradient = answer(logits, classes)
    yield same_shape(gradient, (5, 4), "has the shape of the logits")
    yield equal(gradient, _numeric_gradient(loss, logits), "equals finite differences", 1e-6)
    yield equal(np.sum(gradient, axis=1), np.zeros(5), "each row sums to 0", 1e-12)
    twice = answer(np.repeat(logits, 2, axis=0), np.repeat(classes, 2))
    halved = np.allclose(np.asarray(twice)[::2] * 2, gradient, rtol=0, atol=1e-12)
    yield holds(halved, "is the gradient of the mean, not of the sum", "divide by the number of examples")
    with np.errstate(all="ignore"):
        huge = answer(np.array([[1000.0, 0.0]]), np.array([1]))
    yield equal(huge, [[1.0, -1.0]], "does not overflow at logits of 1000", 1e-12)


@exercise("neurons/shallow-sawtooth", signature="shallow_sawtooth(k)")
def shallow_sawtooth(answer, rng):
    """The tent folded k times with one hidden layer of ReLU neurons."""
    x = np.append(rng.random(200), [0.0, 1.0])
    for k in (1, 2, 5):
        W1, b1, W2, b2 = (np.asarray(part, dtype=float) for part in answer(k))
        m = len(b1)
        shapes = (W1.shape, b1.shape, W2.shape, b2.shape)
        right = shapes == ((m, 1), (m,), (1, m), (1,))
        yield holds(right, f"k = {k}: the shapes are (m, 1), (m,), (1, m), (1,)", f"got {shapes}")
        yield holds(m <= 2**k, f"k = {k}: at most {2**k} hidden neurons", f"got {m}")
        out = np.maximum(0, x[:, None] @ W1.T + b1) @ W2.T + b2
        wrong = np.abs(out[:, 0] - _folded_tent(x, k))
        where = x[wrong.argmax()]
        detail = (
            f"at x = {where:.4g}: expected {_folded_tent(where, k):.4g}, got {out[wrong.argmax(), 0]:.4g}"
        )
        yield holds(wrong.max() < 1e-8, f"k = {k}: equals the tent folded {k} times", detail)


def _folded_tent(x, k):
    for _ in range(k):
        x = 1 - np.abs(2 * x - 1)
    return x


@exercise("neurons/xor-weights", signature="xor_weights()")
def xor_weights(answer, rng):
    """Weights of a 2-2-1 ReLU network that returns exactly XOR."""
    W1, b1, W2, b2 = (np.asarray(part, dtype=float) for part in answer())
    shapes = (W1.shape, b1.shape, W2.shape, b2.shape)
    yield holds(
        shapes == ((2, 2), (2,), (1, 2), (1,)), "the shapes are (2, 2), (2,), (1, 2), (1,)", f"got {shapes}"
    )
    for x, target in [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)]:
        out = np.maximum(0, np.array(x) @ W1.T + b1) @ W2.T + b2
        yield equal(out, [target], f"returns {target} for {x}", 1e-9)


def _numeric_gradient(function, x, h=1e-6):
    """Central differences of a function of one array."""
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = h
        gradient[i] = (function(x + step) - function(x - step)) / (2 * h)
    return gradient
