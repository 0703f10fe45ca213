"""The exercises of chapter 9, second part."""

from collections import Counter

import numpy as np

from nbcourse.checks.properties import equal, holds, is_type, matches, same_shape
from nbcourse.checks.registry import exercise


@exercise("words_games/cheapest-threshold", signature="cheapest_threshold(p, y, miss, alarm)")
def cheapest_threshold(answer, rng):
    """The threshold with the smallest cost, found by trying."""

    def cost(p, y, miss, alarm, t):
        return miss * np.sum((p < t) & (y == 1)) + alarm * np.sum((p >= t) & (y == 0))

    def reference(p, y, miss, alarm):
        tried = [*np.unique(p), np.inf]
        return min(tried, key=lambda t: (cost(p, y, miss, alarm, t), t))

    p, y = np.array([0.1, 0.3, 0.6, 0.9]), np.array([0, 1, 0, 1])
    yield equal(answer(p, y, 5, 1), 0.3, "takes one false alarm to miss nothing, where a miss costs five")
    yield equal(answer(p, y, 1, 5), 0.9, "takes one miss to avoid a false alarm, where that costs five")
    nothing = answer(p, np.zeros(4, int), 5, 1)
    yield equal(nothing, np.inf, "is infinity where there is nothing to find")
    yield equal(answer(p, np.ones(4, int), 5, 1), 0.1, "is the smallest p where every case is one")
    tie = answer(np.array([0.2, 0.7]), np.array([1, 0]), 1, 1)
    yield equal(tie, 0.2, "takes the smallest of thresholds that cost the same")
    p, y = rng.random(60).round(2), rng.integers(0, 2, 60)
    for miss, alarm in ((5, 1), (1, 1), (2, 7)):
        what = f"is right for 60 random cases with costs {miss} and {alarm}"
        yield matches(answer, reference, (p, y, miss, alarm), what, 0)


@exercise("words_games/clipped-matches", signature="clipped_matches(translation, reference, n)")
def clipped_matches(answer, rng):
    """The n-grams that a translation shares with its reference, and how many it has."""

    def reference(translation, right, n):
        ours, theirs = (
            Counter(" ".join(words[i : i + n]) for i in range(len(words) - n + 1))
            for words in (translation.split(), right.split())
        )
        return (ours & theirs).total(), ours.total()

    both = answer("the cat sat", "the cat sat down", 1)
    pair = isinstance(both, tuple | list) and len(both) == 2
    yield holds(pair, "returns two numbers: m and w", f"got {type(both).__name__}")
    if not pair:
        return
    yield equal(both, (3, 3), "finds three of three words")
    yield equal(
        answer("the the the the", "the cat sat down", 1), (1, 4), "counts a word once that stands once"
    )
    yield equal(
        answer("the cat the cat", "the cat and the cat", 2), (2, 3), "counts a pair twice that stands twice"
    )
    yield equal(answer("sat cat the", "the cat sat", 2), (0, 2), "cares for the order inside a pair")
    yield equal(answer("the cat", "the cat sat down", 3), (0, 0), "finds nothing in a text shorter than n")
    yield equal(answer("a bc", "ab c", 2), (0, 1), "keeps the borders of words")
    texts = [" ".join(rng.choice(["a", "b", "c"], 12)) for _ in range(2)]
    for n in (1, 2, 3, 4):
        yield matches(answer, reference, (*texts, n), f"is right for random texts and n = {n}")


@exercise("words_games/widening", signature="widening(low, high, y, share)")
def widening(answer, rng):
    """The margin that makes ranges cover a share of new values."""

    def reference(low, high, y, share):
        needed, place = np.sort(np.maximum(low - y, y - high)), int(np.ceil((len(y) + 1) * share))
        return needed[place - 1] if place <= len(y) else np.inf

    zero, one, y = np.zeros(4), np.ones(4), np.array([-3.0, 0.5, 1.5, 2.0])
    yield equal(answer(zero, one, y, 0.6), 1.0, "covers three of four values for a share of 0.6", 1e-12)
    yield equal(answer(zero, one, y, 0.8), 3.0, "counts low misses like high ones", 1e-12)
    yield equal(answer(zero, one, y, 0.9), np.inf, "is infinite where the values are too few for the share")
    inside = np.full(4, 0.5)
    yield equal(answer(zero, one, inside, 0.6), -0.5, "is negative where the ranges are too wide", 1e-12)
    low = rng.normal(size=50)
    high, y = low + rng.uniform(0, 2, 50), rng.normal(size=50)
    margin = answer(low, high, y, 0.8)
    covered = np.sum((low - margin <= y + 1e-12) & (y - 1e-12 <= high + margin))
    yield equal(covered, 41, "covers exactly 41 of 50 values for a share of 0.8")
    yield matches(answer, reference, (low, high, y, 0.5), "is right for a share of one half", 1e-12)
    yield is_type(margin, (float, np.floating), "returns a number")


@exercise("words_games/ndcg", signature="ndcg_at(gains, k)")
def ndcg_at(answer, rng):
    """The normalised discounted cumulative gain of one list."""

    def reference(gains, k):
        def dcg(ordered):
            return sum(g / np.log2(j + 2) for j, g in enumerate(ordered[:k]))

        return dcg(gains) / dcg(sorted(gains, reverse=True))

    yield equal(answer(np.array([3.0, 2.0, 1.0]), 3), 1, "is 1 for the best order", 1e-12)
    late = answer(np.array([0.0, 0.0, 1.0, 0.0]), 4)
    yield equal(late, 0.5, "is 1/2 for the only good film in the third place", 1e-12)
    missed = answer(np.array([0.0, 0.0, 1.0]), 2)
    yield equal(missed, 0, "is 0 where the first k hold nothing good", 1e-12)
    yield equal(answer(np.array([1.0, 0.0]), 10), 1, "takes fewer than k candidates", 1e-12)
    gains = rng.integers(0, 4, 30).astype(float)
    yield matches(answer, reference, (gains, 10), "is right for 30 random gains", 1e-12)
    yield equal(answer(7 * gains, 10), reference(gains, 10), "does not care for the unit of the gains", 1e-12)


@exercise("words_games/new-user", signature="new_person(Q, rest, strength)")
def new_person(answer, rng):
    """The mildness and vector of somebody who gave a few stars."""

    def reference(Q, rest, strength):
        A = np.hstack([np.ones((len(Q), 1)), Q])
        rows = np.vstack([A, np.sqrt(strength) * np.eye(A.shape[1])])
        return np.linalg.lstsq(rows, np.append(rest, np.zeros(A.shape[1])), rcond=None)[0]

    Q, rest = rng.normal(size=(7, 2)), rng.normal(size=7)
    yield same_shape(answer(Q, rest, 1.0), (3,), "returns b and p in one array of length 1 + k")
    for strength in (0.1, 1.0, 10.0):
        what = f"has the least penalised error at strength {strength:g}"
        yield matches(answer, reference, (Q, rest, strength), what, 1e-9)
    yield equal(answer(np.zeros((0, 2)), np.zeros(0), 1.0), np.zeros(3), "is zero where nothing is known")
    exact = answer(Q, 0.5 + Q @ np.array([1.0, -2.0]), 1e-9)
    yield equal(exact, [0.5, 1.0, -2.0], "finds b and p from many ratings without noise", 1e-5)
    one = answer(Q[:1], rest[:1], 1.0)
    yield equal(one, reference(Q[:1], rest[:1], 1.0), "takes a single rating", 1e-9)


@exercise("words_games/returns", signature="returns(rewards, discount)")
def returns(answer, rng):
    """The discounted sums of the rewards to come."""

    def reference(rewards, discount):
        n = len(rewards)
        return np.array([sum(discount ** (j - t) * rewards[j] for j in range(t, n)) for t in range(n)])

    yield equal(answer(np.array([0.0, 0.0, 1.0]), 0.5), [0.25, 0.5, 1], "halves the last reward at each step")
    yield equal(answer(np.array([1.0, 2.0, 3.0]), 1.0), [6, 5, 3], "sums what is to come without a discount")
    rewards = rng.normal(size=9)
    yield equal(answer(rewards, 0.0), rewards, "is the reward itself where the future counts nothing")
    yield matches(answer, reference, (rewards, 0.9), "is right for nine random rewards", 1e-12)
    whole = answer(np.array([0, 0, -1]), 0.9)
    yield equal(whole, [-0.81, -0.9, -1.0], "is not rounded where rewards are whole numbers", 1e-12)
