"""The exercises of chapter 6, second half."""

import numpy as np

from nbcourse.checks.properties import equal, holds, is_type, matches, same_shape
from nbcourse.checks.registry import exercise


@exercise("sequences/perplexity", signature="perplexity(log_p)")
def perplexity(answer, rng):
    """The perplexity of several texts together, from natural log-probabilities."""

    def reference(log_p):
        return np.exp(-np.concatenate(log_p).mean())

    by_hand = [np.log([1 / 2, 1 / 2, 1 / 4, 1 / 4])]
    yield equal(answer(by_hand), 2**1.5, "is 2.83 for the text aab of the chapter", 1e-12)
    fair = [np.full(n, -np.log(27)) for n in (3, 8)]
    yield equal(answer(fair), 27, "is 27 where each of 27 tokens is equally likely", 1e-9)
    texts = [np.log(rng.uniform(0.05, 1, n)) for n in (2, 9, 30)]
    yield matches(answer, reference, (texts,), "counts every token the same, in texts of 2, 9 and 30 tokens")
    yield matches(answer, reference, (texts[::-1],), "does not care for the order of the texts")
    split = [texts[2][:11], texts[2][11:]]
    yield equal(answer(split), reference([texts[2]]), "is the same for a text cut in two", 1e-9)


@exercise("sequences/gumbel", signature="gumbel_draw(scores, temperature, rng)")
def gumbel_draw(answer, rng):
    """Drawing from a softmax by the largest of noisy scores."""
    scores = rng.normal(size=(1, 5))

    def shares(temperature, scores, n=20_000):
        drawn = np.asarray(answer(np.repeat(scores, n, axis=0), temperature, np.random.default_rng(1)))
        return np.bincount(drawn.astype(int).ravel(), minlength=scores.shape[1])[: scores.shape[1]] / n

    def softmax(z):
        e = np.exp(z - z.max())
        return e / e.sum()

    drawn = np.asarray(answer(rng.normal(size=(7, 4)), 1.0, np.random.default_rng(0)))
    yield same_shape(drawn, (7,), "returns one token for each row")
    yield holds(np.issubdtype(drawn.dtype, np.integer), "returns integers", f"got {drawn.dtype}")
    for temperature in (1.0, 0.5, 2.0):
        what = f"draws as often as the softmax says, at temperature {temperature:g}"
        yield equal(shares(temperature, scores), softmax(scores[0] / temperature), what, 0.02)
    yield equal(
        shares(1.0, scores + 50.0), softmax(scores[0]), "does not care for a constant in all scores", 0.02
    )
    many = rng.normal(size=(30, 6))
    likeliest = answer(many, 0, np.random.default_rng(0))
    yield equal(likeliest, many.argmax(axis=1), "takes the largest score at temperature 0")
    barred = np.array([[0.0, -np.inf, 1.0]])
    with np.errstate(all="ignore"):
        yield equal(shares(1.0, barred, 2000)[1], 0, "never draws a score of minus infinity")


@exercise("sequences/skip-gram", signature="skip_gram_loss(u, v, random)")
def skip_gram_loss(answer, rng):
    """The loss of skip-gram with negative sampling, and its gradient by the word's vector."""

    def reference(u, v, random):
        return np.logaddexp(0, -(u @ v)) + np.logaddexp(0, random @ u).sum()

    u, v, random = rng.normal(size=6), rng.normal(size=6), rng.normal(size=(4, 6))
    both = answer(u, v, random)
    pair = isinstance(both, tuple | list) and len(both) == 2
    yield holds(pair, "returns two things: the loss and its gradient", f"got {type(both).__name__}")
    if not pair:
        return
    yield equal(both[0], reference(u, v, random), "the loss is right", 1e-12)
    yield same_shape(both[1], (6,), "the gradient has the shape of u")
    steps = 1e-6 * np.eye(6)
    numeric = [(reference(u + s, v, random) - reference(u - s, v, random)) / 2e-6 for s in steps]
    yield equal(both[1], np.array(numeric), "the gradient equals finite differences", 1e-6)
    zero = answer(np.zeros(6), v, random)
    yield equal(zero[0], 5 * np.log(2), "is log 2 for each of the five questions at u = 0", 1e-12)
    with np.errstate(all="ignore"):
        huge = answer(np.array([1000.0]), np.array([-1.0]), np.array([[1.0], [-1.0]]))
        yield equal(huge[0], 2000, "is 2000 where two answers are wrong by 1000", 1e-9)
        yield equal(huge[1], [2.0], "and its gradient is finite there", 1e-9)


@exercise("sequences/analogy", signature="analogy(vectors, a, b, c, exclude)")
def analogy(answer, rng):
    """The nearest row to b - a + c, with or without the three."""
    king, queen, actor = np.array([1.0, 0, 1, 0]), np.array([1.0, 1, 1, 0]), np.array([1.0, 0, 0, 1])
    vectors = np.stack([king, queen, actor, [1.0, 1, 0, 1], [0.0, 1, 1, 0]])
    yield equal(answer(vectors, 0, 1, 2, True), 3, "finds the fourth corner of a parallelogram")
    yield is_type(answer(vectors, 0, 1, 2, True), (int, np.integer), "returns one row number")
    close = np.stack([[1.0, 0.0], [1.0, 0.02], [0.0, 1.0], [0.2, 1.0]])
    yield equal(answer(close, 0, 1, 2, False), 2, "without exclusion, c itself may be the answer")
    yield equal(answer(close, 0, 1, 2, True), 3, "with it, the next one is")
    unequal = vectors * np.array([1, 20, 0.1, 1, 50])[:, None]
    yield equal(answer(unequal, 0, 1, 2, True), 3, "does not care how long the rows are")
    rows = rng.normal(size=(40, 8))
    a, b, c = (int(i) for i in rng.choice(40, 3, replace=False))
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    cosine = unit @ (unit[b] - unit[a] + unit[c])
    yield equal(answer(rows, a, b, c, False), cosine.argmax(), "is right among 40 random rows")
    cosine[[a, b, c]] = -np.inf
    yield equal(answer(rows, a, b, c, True), cosine.argmax(), "and when its three rows are left out")


@exercise("sequences/attend", signature="attend_padded(query, memory, real)")
def attend_padded(answer, rng):
    """Dot-product attention over memories of different lengths."""
    query, memory = rng.normal(size=(3, 4, 5)), rng.normal(size=(3, 6, 5))
    real = np.arange(6) < np.array([6, 3, 1])[:, None]  # (3, 6)
    both = answer(query, memory, real)
    pair = isinstance(both, tuple | list) and len(both) == 2
    yield holds(pair, "returns two things: contexts and weights", f"got {type(both).__name__}")
    if not pair:
        return
    context, weights = both
    yield same_shape(context, (3, 4, 5), "the contexts are (n, T, d)")
    yield same_shape(weights, (3, 4, 6), "the weights are (n, T, S)")
    yield equal(np.sum(weights, axis=-1), np.ones((3, 4)), "the weights of each query sum to 1", 1e-12)
    hidden = np.where(real[:, None], 0, weights)
    yield equal(hidden, np.zeros((3, 4, 6)), "padding gets no weight at all")
    alone = answer(query[1:2], memory[1:2, :3], real[1:2, :3])[0]
    yield equal(context[1:2], alone, "padding changes nothing", 1e-12)
    yield equal(context[2], np.repeat(memory[2, :1], 4, axis=0), "one real place gets all the weight", 1e-12)
    changed = np.where(real[..., None], memory, 1e3)
    yield equal(answer(query, changed, real)[0], context, "whatever stands in the padding is not read", 1e-9)
    turned = answer(query[:1], memory[:1, ::-1], real[:1, ::-1])[0]
    yield equal(turned, context[:1], "the order of the memory does not matter", 1e-12)
    with np.errstate(all="ignore"):
        large = answer(2000 * query, memory, real)[0]
    yield holds(np.isfinite(np.asarray(large)).all(), "scores in the thousands give finite numbers")


@exercise("sequences/walk-forward", signature="walk_forward(values, forecast, first)")
def walk_forward(answer, rng):
    """One-step forecasts from the past alone, and their mean absolute error."""
    values = rng.normal(size=30).cumsum()
    seen = []

    def last(past):
        seen.append(len(past))
        return past[-1]

    both = answer(values.copy(), last, 12)
    pair = isinstance(both, tuple | list) and len(both) == 2
    yield holds(pair, "returns two things: forecasts and their error", f"got {type(both).__name__}")
    if not pair:
        return
    yield equal(seen, list(range(12, 30)), "calls forecast with 12, 13, … values, once each")
    yield equal(both[0], values[11:-1], "persistence forecasts the value before")
    error = np.abs(np.diff(values))[11:].mean()
    yield equal(both[1], error, "the error is the mean absolute one", 1e-12)
    later = values.copy()
    later[20:] += 100
    what = "what comes later changes no earlier forecast"
    yield equal(np.asarray(answer(later, last, 12)[0])[:9], np.asarray(both[0])[:9], what)

    def careless(past):
        past -= past.mean()
        return 0.0

    error = answer(values.copy(), careless, 12)[1]
    what = "a forecast that scales its input in place does not spoil the truth"
    yield equal(error, np.abs(values[12:]).mean(), what, 1e-12)
