"""Wrong answers to the exercises on scaling fail, each at the property that it lacks."""

from itertools import pairwise

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises


def the_sum_of_all(operations, peak, bandwidth):
    """As if arithmetic of one operation could hide the bytes of another."""
    computing = sum(flops for flops, _ in operations) / peak
    moving = sum(moved for _, moved in operations) / bandwidth
    return max(computing, moving), float(moving > computing)


def one_after_the_other(operations, peak, bandwidth):
    """As if computing and moving never overlapped."""
    times = [(flops / peak, moved / bandwidth) for flops, moved in operations]
    total = sum(map(sum, times))
    return total, sum(b for a, b in times if b > a) / total


def ridge_counts_as_memory(operations, peak, bandwidth):
    times = [(flops / peak, moved / bandwidth) for flops, moved in operations]
    total = sum(map(max, times))
    return total, sum(b for a, b in times if b >= a) / total


def never_counts_anew(scale, finite, calm, patience=2000):
    if not finite:
        return scale / 2, calm
    return (scale * 2, 0) if calm + 1 == patience else (scale, calm + 1)


def one_step_late(scale, finite, calm, patience=2000):
    if not finite:
        return scale / 2, 0
    return (scale * 2, 0) if calm == patience else (scale, calm + 1)


def doubles_first(scale, finite, calm, patience=2000):
    if calm + 1 == patience:
        return scale * 2, 0
    return (scale, calm + 1) if finite else (scale / 2, 0)


def peaks(k, inside, edge):
    return {s: k // s * edge + s * inside for s in range(1, k + 1) if k % s == 0}


def the_larger_of_two(k, inside, edge):
    found = peaks(k, inside, edge)
    best = min(found, key=lambda s: (found[s], -s))
    return best, found[best]


def any_length(k, inside, edge):
    found = {s: k / s * edge + s * inside for s in range(1, k + 1)}
    best = min(found, key=found.get)
    return best, found[best]


def plain_mean(gradient, X, y, sizes):
    bounds = np.cumsum([0, *sizes])
    parts = [gradient(X[a:b], y[a:b]) for a, b in pairwise(bounds) if b > a]
    return np.mean(parts, axis=0)


def asks_empty_parts(gradient, X, y, sizes):
    bounds = np.cumsum([0, *sizes])
    return sum(gradient(X[a:b], y[a:b]) * (b - a) / len(X) for a, b in pairwise(bounds))


WRONG = [
    ("intensity", lambda n, k, m, size=4: n * k * m / (size * (n * k + k * m + n * m)), "n/6 in float32"),
    ("intensity", lambda n, k, m, size=4: 2 * n * k * m / (4 * (n * k + k * m + n * m)), "2 bytes"),
    ("intensity", lambda n, k, m, size=4: n / 1.5 / size, "a matrix and a vector"),
    ("least-time", the_sum_of_all, "their times add up"),
    ("least-time", one_after_the_other, "their times add up"),
    ("least-time", ridge_counts_as_memory, "on the ridge"),
    ("serial-share", lambda speedup, workers: 1 / speedup, "everything was split"),
    ("serial-share", lambda speedup, workers: (1 - 1 / speedup) / (1 - 1 / workers), "nothing was split"),
    (
        "serial-share",
        lambda speedup, workers: max(0, (workers / speedup - 1) / (workers - 1)),
        "takes arrays",
    ),
    ("loss-scale", never_counts_anew, "halves after an overflow"),
    ("loss-scale", one_step_late, "after 2,000 good steps"),
    ("loss-scale", doubles_first, "about to double"),
    ("segments", the_larger_of_two, "the smaller one"),
    ("segments", any_length, "is right for 24 blocks"),
    ("accumulate", plain_mean, "parts of unequal size: the gradient"),
    ("accumulate", asks_empty_parts, "asked once"),
    ("accumulate", lambda gradient, X, y, sizes: gradient(X, y), "three equal parts: each part"),
    (
        "budget",
        lambda operations, ratio=20: ((operations / 6) ** 0.5, (operations / 6) ** 0.5),
        "twenty tokens",
    ),
    ("budget", lambda operations, ratio=20: (operations / 120, 20.0), "keeps the ratio"),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"scaling/{name}", answer)
    assert result.attempted and not result.passed
    assert any(lacking in failure.sentence for failure in result.failures), str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"scaling/{name}" for name, *_ in WRONG} == set(exercises("scaling"))
