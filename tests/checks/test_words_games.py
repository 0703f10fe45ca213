"""Wrong answers to the exercises of chapter 9, second part, fail, each at the property that it lacks."""

from collections import Counter

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises


def by_the_rule(p, y, miss, alarm):
    return alarm / (miss + alarm)


def never_infinite(p, y, miss, alarm):
    costs = [miss * np.sum((p < t) & (y == 1)) + alarm * np.sum((p >= t) & (y == 0)) for t in np.unique(p)]
    return np.unique(p)[np.argmin(costs)]


def costs_mixed_up(p, y, miss, alarm):
    tried = np.append(np.unique(p), np.inf)
    return tried[
        np.argmin([alarm * np.sum((p < t) & (y == 1)) + miss * np.sum((p >= t) & (y == 0)) for t in tried])
    ]


def grams(text, n):
    words = text.split()
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


def unclipped(translation, reference, n):
    ours, right = grams(translation, n), grams(reference, n)
    return sum(count for gram, count in ours.items() if gram in right), ours.total()


def single_sets(translation, reference, n):
    ours, right = grams(translation, n), grams(reference, n)
    return len(set(ours) & set(right)), ours.total()


def without_borders(translation, reference, n):
    words = translation.split()
    pieces = ["".join(words[i : i + n]) for i in range(len(words) - n + 1)]
    return sum(piece in reference.replace(" ", "") for piece in pieces), len(pieces)


def plain_quantile(low, high, y, share):
    return np.quantile(np.maximum(low - y, y - high), share)


def one_sided(low, high, y, share):
    needed, place = np.sort(y - high), int(np.ceil((len(y) + 1) * share))
    return needed[place - 1] if place <= len(y) else np.inf


def never_negative(low, high, y, share):
    needed, place = np.sort(np.maximum(low - y, y - high)), int(np.ceil((len(y) + 1) * share))
    return max(0.0, needed[place - 1]) if place <= len(y) else np.inf


def dcg(gains, k, base=2):
    return sum(g / np.log(j + 2) * np.log(base) for j, g in enumerate(gains[:k]))


def best_of_the_shown(gains, k):
    best = dcg(sorted(gains[:k], reverse=True), k)
    return dcg(gains, k) / best if best else 1.0


def natural(gains, k):
    return dcg(gains, k)


def ridge(Q, rest, strength, start):
    A = np.c_[np.ones(len(Q)), Q]
    penalty = strength * np.eye(A.shape[1])
    penalty[:start, :start] = 0
    return np.linalg.lstsq(A.T @ A + penalty, A.T @ rest, rcond=None)[0]


def unpenalised_constant(Q, rest, strength):
    return ridge(Q, rest, strength, 1)


def no_penalty(Q, rest, strength):
    return ridge(Q, rest, strength, 3)


def undiscounted(rewards, discount):
    return np.cumsum(rewards[::-1])[::-1]


def discounted_from_the_start(rewards, discount):
    weighted = rewards * discount ** np.arange(len(rewards))
    return np.cumsum(weighted[::-1])[::-1]


def rounded(rewards, discount):
    found, ahead = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        found[t] = ahead = rewards[t] + discount * ahead
    return found


# exercise, answer, one property that it must fail
WRONG = [
    ("cheapest-threshold", by_the_rule, "takes one false alarm to miss nothing, where a miss costs five"),
    ("cheapest-threshold", never_infinite, "is infinity where there is nothing to find"),
    ("cheapest-threshold", costs_mixed_up, "is right for 60 random cases with costs 5 and 1"),
    ("clipped-matches", unclipped, "counts a word once that stands once"),
    ("clipped-matches", single_sets, "counts a pair twice that stands twice"),
    ("clipped-matches", without_borders, "keeps the borders of words"),
    ("clipped-matches", lambda *_: 0.5, "returns two numbers: m and w"),
    ("widening", plain_quantile, "covers exactly 41 of 50 values for a share of 0.8"),
    ("widening", one_sided, "counts low misses like high ones"),
    ("widening", never_negative, "is negative where the ranges are too wide"),
    ("ndcg", best_of_the_shown, "is 0 where the first k hold nothing good"),
    ("ndcg", natural, "is 1 for the best order"),
    ("new-user", unpenalised_constant, "has the least penalised error at strength 1"),
    ("new-user", no_penalty, "takes a single rating"),
    ("returns", undiscounted, "halves the last reward at each step"),
    ("returns", discounted_from_the_start, "is right for nine random rewards"),
    ("returns", rounded, "is not rounded where rewards are whole numbers"),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"words_games/{name}", answer)
    assert result.attempted and not result.passed
    assert lacking in [failure.sentence for failure in result.failures], str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"words_games/{name}" for name, *_ in WRONG} == set(exercises("words_games"))
