"""The exercises of chapter 8's second half."""

import numpy as np

from nbcourse.checks.properties import equal, holds, matches, same_dtype, same_shape
from nbcourse.checks.registry import exercise


@exercise("small/longest-sum", signature="longest_sum(bits_x, bits_w, accumulator=32)")
def longest_sum(answer, rng):
    """How many products of codes a signed accumulator can add without ever overflowing."""

    def reference(bits_x, bits_w, accumulator=32):
        return (2 ** (accumulator - 1) - 1) // ((2**bits_x - 1) * (2 ** (bits_w - 1) - 1))

    yield matches(answer, reference, (8, 8), "66,311 products of 8 and 8 bits fit into 32")
    yield matches(answer, reference, (8, 8, 16), "a single one fits into 16")
    yield matches(answer, reference, (2, 2, 4), "symmetric codes of 2 bits reach to 1, unsigned ones to 3")
    case = tuple(int(n) for n in rng.integers(2, 9, size=2))
    yield matches(answer, reference, (*case, 24), f"is right for {case} bits in 24")


@exercise("small/pack", signature="pack(codes)")
def pack(answer, rng):
    """Codes of four bits, from -8 to 7, two in a byte."""

    def reference(codes):
        shifted = np.append(np.asarray(codes, dtype=int) + 8, [0] * (len(codes) % 2))
        return (shifted[0::2] + 16 * shifted[1::2]).astype(np.uint8)

    yield same_dtype(answer(np.array([1, 2])), np.uint8, "returns bytes, uint8")
    yield equal(answer(np.array([-8, 7])), [240], "-8 and 7 become 0 + 16 · 15 = 240")
    yield equal(answer(np.array([7, -8])), [15], "the first of a pair goes into the lower four bits")
    yield equal(
        answer(np.array([0, 0, 0])), [136, 8], "an odd number of codes ends with a 0 in the upper half"
    )
    codes = rng.integers(-8, 8, size=101).astype(np.int8)
    yield matches(answer, reference, (codes,), "is right for 101 codes of type int8")
    yield matches(answer, reference, (np.arange(-8, 8),), "is right for all sixteen codes")


@exercise("small/equalise", signature="equalise(W1, b1, W2)")
def equalise(answer, rng):
    """The same network of ReLUs with equal ranges before and after each hidden unit."""
    m, d, classes = 6, 5, 4
    spread = 10.0 ** rng.uniform(-2, 2, size=(m, 1))
    W1, b1, W2 = spread * rng.normal(size=(m, d)), rng.normal(size=m), rng.normal(size=(classes, m))
    got = answer(W1, b1, W2)
    triple = isinstance(got, tuple | list) and len(got) == 3
    yield holds(triple, "returns three arrays: W1, b1, W2", f"got {type(got).__name__}")
    if not triple:
        return
    for name, new, old in zip(("W1", "b1", "W2"), got, (W1, b1, W2), strict=True):
        yield same_shape(new, old, f"keeps the shape of {name}")
    new1, new_b, new2 = map(np.asarray, got)
    x = rng.normal(size=(20, d))
    before = np.maximum(x @ W1.T + b1, 0) @ W2.T
    yield equal(np.maximum(x @ new1.T + new_b, 0) @ new2.T, before, "computes the same function", 1e-9)
    rows, columns = np.abs(new1).max(axis=1), np.abs(new2).max(axis=0)
    yield equal(rows / columns, np.ones(m), "each unit's row and column have the same range", 1e-9)


@exercise("small/low-rank", signature="low_rank(W, rank)")
def low_rank(answer, rng):
    """Two thin matrices whose product is as close to W as their rank allows."""
    W, rank = rng.normal(size=(7, 5)), 2
    got = answer(W, rank)
    pair = isinstance(got, tuple | list) and len(got) == 2
    yield holds(pair, "returns two arrays: B and A", f"got {type(got).__name__}")
    if not pair:
        return
    B, A = map(np.asarray, got)
    yield same_shape(B, (7, rank), "B has the shape (m, rank)")
    yield same_shape(A, (rank, 5), "A has the shape (rank, d)")
    left = (np.linalg.svd(W, compute_uv=False)[rank:] ** 2).sum()
    error = ((B @ A - W) ** 2).sum()
    yield equal(error, left, "the squared error is the sum of the squares left out", 1e-9)
    thin = rng.normal(size=(6, 2)) @ rng.normal(size=(2, 9))
    B, A = answer(thin, 2)
    yield equal(B @ A, thin, "is exact for a matrix of that rank", 1e-9)


@exercise("small/soft-gradient", signature="soft_gradient(student, teacher, tau)")
def soft_gradient(answer, rng):
    """The gradient of distillation's loss by the student's scores, a mean over the batch."""
    student, teacher = rng.normal(size=(2, 6, 5))

    def softmax(z):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def reference(student, teacher, tau):
        return tau * (softmax(student / tau) - softmax(teacher / tau)) / len(student)

    yield same_shape(answer(student, teacher, 2.0), student, "has the shape of the scores")
    yield matches(answer, reference, (student[:1], teacher[:1], 1.0), "is q - p for one example at τ = 1")
    yield matches(answer, reference, (student, teacher, 1.0), "is a mean over the batch")
    yield matches(answer, reference, (student, teacher, 4.0), "has the factor τ at τ = 4")
    same = answer(student, student, 3.0)
    yield equal(same, np.zeros_like(student), "is 0 where student and teacher agree", 1e-12)
    with np.errstate(all="ignore"):
        large = np.asarray(answer(1e3 * student, 1e3 * teacher, 1.0))
    yield holds(
        np.isfinite(large).all(), "does not overflow for scores of a thousand", "take the largest away"
    )


@exercise("small/fold-norm", signature="fold_norm(W, b, gamma, beta, mean, variance, eps=1e-5)")
def fold_norm(answer, rng):
    """A linear layer and the batch norm after it, in use, as one linear layer."""
    m, d = 5, 3
    W, x = rng.normal(size=(m, d)), rng.normal(size=(8, d))
    b, gamma, beta, mean = rng.normal(size=(4, m))
    variance = rng.uniform(0.1, 2, size=m)
    got = answer(W, b, gamma, beta, mean, variance)
    pair = isinstance(got, tuple | list) and len(got) == 2
    yield holds(pair, "returns two arrays: weight and bias", f"got {type(got).__name__}")
    if not pair:
        return
    yield same_shape(got[0], W, "keeps the shape of W")
    yield same_shape(got[1], b, "keeps the shape of b")
    wanted = gamma * (x @ W.T + b - mean) / np.sqrt(variance + 1e-5) + beta
    yield equal(x @ np.asarray(got[0]).T + got[1], wanted, "computes what the two layers compute", 1e-9)
    tiny = np.zeros(m)
    weight, _ = answer(W, b, gamma, beta, mean, tiny, 0.25)
    yield equal(weight, 2 * gamma[:, None] * W, "adds eps to the variance, under the root", 1e-9)
