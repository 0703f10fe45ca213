"""The exercises of chapter 8's first half."""

import math

from nbcourse.checks.properties import equal, holds, matches
from nbcourse.checks.registry import exercise


@exercise("scaling/intensity", signature="intensity(n, k, m, size=4)")
def intensity(answer, rng):
    """Operations for each byte of a matrix product, each array moved once."""

    def reference(n, k, m, size=4):
        return 2 * n * k * m / (size * (n * k + k * m + n * m))

    yield equal(answer(600, 600, 600), 100, "of two square matrices it is n/6 in float32", 1e-9)
    yield holds(0.49 < answer(1, 4096, 4096) < 0.5, "of a matrix and a vector it is nearly 1/2")
    yield equal(answer(96, 96, 96, 2), 32, "numbers of 2 bytes double it", 1e-9)
    for _ in range(3):
        case = tuple(int(value) for value in rng.integers(2, 500, size=3))
        yield matches(
            answer, reference, case, "is right for ({}, {}) times ({}, {})".format(*case[:2], *case[1:])
        )


@exercise("scaling/least-time", signature="least_time(operations, peak, bandwidth)")
def least_time(answer, rng):
    """The least time of operations one after the other, and the share of it that is bound by memory."""
    both = [(8.0, 1.0), (1.0, 6.0)]  # 8 s of arithmetic; 6 s of moving
    seconds, share = answer(both, 1.0, 1.0)
    yield equal(seconds, 14, "operations run one after the other: their times add up", 1e-12)
    yield equal(share, 6 / 14, "the share counts what is bound by memory", 1e-12)
    yield equal(answer([(2.0, 2.0)], 1.0, 1.0)[1], 0, "on the ridge counts as bound by arithmetic", 1e-12)
    yield equal(
        answer([(1.0, 9.0)], 5.0, 3.0), (3, 1), "one operation that waits for memory: all of it", 1e-12
    )
    work = [(float(f), float(b)) for f, b in rng.uniform(1, 9, size=(12, 2))]
    times = [(f / 2, b / 1.5) for f, b in work]
    total = sum(max(pair) for pair in times)
    waiting = sum(b for f, b in times if b > f)
    yield equal(answer(work, 2.0, 1.5), (total, waiting / total), "is right for twelve operations", 1e-12)


@exercise("scaling/serial-share", signature="serial_share(speedup, workers)")
def serial_share(answer, rng):
    """The share of the time that cannot be split, from a speed-up by Amdahl's law."""
    yield equal(answer(8.0, 8), 0, "eight times as fast with eight: everything was split", 1e-12)
    yield equal(answer(1.0, 8), 1, "not faster at all: nothing was split", 1e-12)
    yield equal(answer(16 / 3.5, 16), 1 / 6, "16 workers, 4.57 times as fast: a sixth", 1e-9)
    workers = rng.integers(2, 100, size=5)
    serial = rng.uniform(0, 1, size=5)
    speedup = 1 / (serial + (1 - serial) / workers)
    what = "takes arrays, and finds the share that made them"
    yield matches(answer, lambda speedup, workers: serial, (speedup, workers), what, 1e-9)


@exercise("scaling/loss-scale", signature="next_scale(scale, finite, calm, patience=2000)")
def loss_scale(answer, rng):
    """The next scale of the loss, and how many good steps there have been in a row."""
    yield equal(answer(1024.0, False, 77), (512, 0), "halves after an overflow, and counts from 0")
    yield equal(answer(1024.0, True, 77), (1024, 78), "counts one more good step")
    yield equal(answer(1024.0, True, 1999), (2048, 0), "doubles after 2,000 good steps, and counts from 0")
    yield equal(answer(1024.0, False, 1999), (512, 0), "halves also where it was about to double")
    scale, calm = 1.0, 0
    for finite in rng.random(60) < 0.9:
        scale, calm = answer(scale, bool(finite), calm, patience=3)
    yield holds(math.log2(scale).is_integer(), "the scale stays a power of two", f"got {scale}")
    scale, calm = 1.0, 0
    for _ in range(9):
        scale, calm = answer(scale, True, calm, patience=3)
    yield equal((scale, calm), (8, 0), "nine good steps with patience 3 double it three times")


@exercise("scaling/segments", signature="best_segment(k, inside, edge)")
def segments(answer, rng):
    """The length of segments whose inputs are kept that holds the fewest numbers at the peak."""
    yield equal(answer(16, 1, 1), (4, 8), "with equal sizes it is the square root of the depth")
    yield equal(answer(12, 1, 1), (3, 7), "of two that are equal it is the smaller one")
    yield equal(answer(7, 100, 1), (1, 107), "large insides: keep the input of every block")
    yield equal(answer(7, 1, 100), (7, 107), "large inputs: keep a single one")
    for _ in range(3):
        k, inside, edge = 24, int(rng.integers(1, 40)), int(rng.integers(1, 40))
        peaks = {s: k // s * edge + s * inside for s in (1, 2, 3, 4, 6, 8, 12, 24)}
        best = min(peaks, key=peaks.get)
        what = f"is right for 24 blocks of {inside} with inputs of {edge}"
        yield equal(answer(k, inside, edge), (best, peaks[best]), what)


@exercise("scaling/accumulate", signature="accumulated(gradient, X, y, sizes)")
def accumulate(answer, rng):
    """The gradient of a mean loss, from parts of any sizes."""
    X, y, w = rng.normal(size=(12, 3)), rng.normal(size=12), rng.normal(size=3)
    asked = []

    def gradient(X, y):  # of the mean of (X w - y)² / 2
        asked.append(len(X))
        return (X @ w - y) @ X / max(1, len(X))

    expected = (X @ w - y) @ X / 12
    for sizes, what in [
        ([12], "one part is the whole"),
        ([4, 4, 4], "three equal parts"),
        ([7, 4, 1], "parts of unequal size"),
        ([0, 9, 0, 3], "empty parts add nothing"),
    ]:
        asked.clear()
        yield equal(answer(gradient, X, y, sizes), expected, f"{what}: the gradient of the whole", 1e-12)
        yield holds(
            asked == [size for size in sizes if size],
            f"{what}: each part that has rows is asked once, in order",
            f"asked with {asked} rows",
        )


@exercise("scaling/budget", signature="split_budget(operations, ratio=20)")
def budget(answer, rng):
    """Parameters and tokens for a number of operations, with so many tokens for each parameter."""
    yield equal(answer(120.0), (1, 20), "120 operations: one parameter, twenty tokens", 1e-9)
    parameters, tokens = answer(1e21)
    yield equal(6 * parameters * tokens / 1e21, 1, "spends exactly the budget", 1e-9)
    yield equal(tokens / parameters, 20, "keeps the ratio", 1e-9)
    more = answer(1e23)
    yield equal(more[0] / parameters, 10, "a hundred times the budget: ten times the parameters", 1e-9)
    ratio = float(rng.uniform(5, 100))
    parameters, tokens = answer(1e20, ratio)
    yield equal(
        (tokens / parameters, 6 * parameters * tokens / 1e20), (ratio, 1), "takes another ratio", 1e-9
    )
