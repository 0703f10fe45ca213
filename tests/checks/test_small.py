"""Wrong answers to the exercises on small models fail, each at the property that it lacks."""

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises


def unsigned_weights(bits_x, bits_w, accumulator=32):
    return (2 ** (accumulator - 1) - 1) // ((2**bits_x - 1) * (2**bits_w - 1))


def unsigned_sum(bits_x, bits_w, accumulator=32):
    return (2**accumulator - 1) // ((2**bits_x - 1) * (2 ** (bits_w - 1) - 1))


def halves_swapped(codes):
    shifted = np.append(np.asarray(codes, dtype=int) + 8, [0] * (len(codes) % 2))
    return (16 * shifted[0::2] + shifted[1::2]).astype(np.uint8)


def odd_one_lost(codes):
    shifted = np.asarray(codes, dtype=int)[: len(codes) // 2 * 2] + 8
    return (shifted[0::2] + 16 * shifted[1::2]).astype(np.uint8)


def wide_numbers(codes):
    shifted = np.append(np.asarray(codes, dtype=int) + 8, [0] * (len(codes) % 2))
    return shifted[0::2] + 16 * shifted[1::2]


def overflowing(codes):
    shifted = np.append(codes + np.int8(8), [0] * (len(codes) % 2)).astype(codes.dtype)
    return (shifted[0::2] + shifted[1::2] * 16).clip(0, 127).astype(np.uint8)


def bias_forgotten(W1, b1, W2):
    s = np.sqrt(np.abs(W2).max(axis=0) / np.abs(W1).max(axis=1))
    return s[:, None] * W1, b1, W2 / s


def rows_made_one(W1, b1, W2):
    s = 1 / np.abs(W1).max(axis=1)
    return s[:, None] * W1, s * b1, W2 / s


def without_the_root(W1, b1, W2):
    s = np.abs(W2).max(axis=0) / np.abs(W1).max(axis=1)
    return s[:, None] * W1, s * b1, W2 / s


def smallest_kept(W, rank):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    return U[:, -rank:] * s[-rank:], Vt[-rank:]


def values_twice(W, rank):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    return U[:, :rank] * s[:rank], s[:rank, None] * Vt[:rank]


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def temperature_forgotten(student, teacher, tau):
    return (softmax(student / tau) - softmax(teacher / tau)) / len(student)


def summed(student, teacher, tau):
    return tau * (softmax(student / tau) - softmax(teacher / tau))


def teacher_first(student, teacher, tau):
    return tau * (softmax(teacher / tau) - softmax(student / tau)) / len(student)


def naive(student, teacher, tau):
    q, p = np.exp(student / tau), np.exp(teacher / tau)
    return tau * (q / q.sum(axis=1, keepdims=True) - p / p.sum(axis=1, keepdims=True)) / len(student)


def bias_not_centred(W, b, gamma, beta, mean, variance, eps=1e-5):
    factor = gamma / np.sqrt(variance + eps)
    return factor[:, None] * W, factor * b + beta


def eps_outside(W, b, gamma, beta, mean, variance, eps=1e-5):
    factor = gamma / (np.sqrt(variance) + eps)
    return factor[:, None] * W, factor * (b - mean) + beta


WRONG = [
    ("longest-sum", unsigned_weights, "66,311 products"),
    ("longest-sum", unsigned_sum, "a single one fits into 16"),
    ("pack", halves_swapped, "the first of a pair goes into the lower four bits"),
    ("pack", odd_one_lost, "ends with a 0 in the upper half"),
    ("pack", wide_numbers, "returns bytes, uint8"),
    ("pack", overflowing, "101 codes of type int8"),
    ("equalise", bias_forgotten, "computes the same function"),
    ("equalise", rows_made_one, "have the same range"),
    ("equalise", without_the_root, "have the same range"),
    ("equalise", lambda W1, b1, W2: W1, "returns three arrays"),
    ("low-rank", smallest_kept, "the sum of the squares left out"),
    ("low-rank", values_twice, "is exact for a matrix of that rank"),
    ("low-rank", lambda W, rank: W, "returns two arrays"),
    ("soft-gradient", temperature_forgotten, "has the factor τ"),
    ("soft-gradient", summed, "is a mean over the batch"),
    ("soft-gradient", teacher_first, "is q - p for one example"),
    ("soft-gradient", naive, "does not overflow"),
    ("fold-norm", bias_not_centred, "computes what the two layers compute"),
    ("fold-norm", eps_outside, "adds eps to the variance, under the root"),
    ("fold-norm", lambda W, b, gamma, beta, mean, variance, eps=1e-5: W, "returns two arrays"),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"small/{name}", answer)
    assert result.attempted and not result.passed
    assert any(lacking in failure.sentence for failure in result.failures), str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"small/{name}" for name, *_ in WRONG} == set(exercises("small"))
