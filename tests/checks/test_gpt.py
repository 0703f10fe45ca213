"""Wrong answers to the exercises on GPTs fail, each at the property that it lacks."""

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises


def shortest_match(text, pieces):
    return list(text)


def longest_anywhere(text, pieces):
    """The longest piece of all is taken out first, wherever it stands."""
    for piece in sorted(pieces, key=len, reverse=True):
        if piece in text:
            before, _, after = text.partition(piece)
            return [*longest_anywhere(before, pieces), piece, *longest_anywhere(after, pieces)]
    return []


def attention_without_scale(q, k, v, keys, values):
    keys, values = np.vstack([keys, k]), np.vstack([values, v])
    weights = np.exp(keys @ q - (keys @ q).max())
    return weights / weights.sum() @ values, keys, values


def blind_to_itself(q, k, v, keys, values):
    if not len(keys):
        return v, np.vstack([keys, k]), np.vstack([values, v])
    scores = keys @ q / np.sqrt(len(q))
    weights = np.exp(scores - scores.max())
    return weights / weights.sum() @ values, np.vstack([keys, k]), np.vstack([values, v])


def overflowing(q, k, v, keys, values):
    keys, values = np.vstack([keys, k]), np.vstack([values, v])
    weights = np.exp(keys @ q / np.sqrt(len(q)))
    return weights / weights.sum() @ values, keys, values


def newest_first(q, k, v, keys, values):
    keys, values = np.vstack([k, keys]), np.vstack([v, values])
    scores = keys @ q / np.sqrt(len(q))
    weights = np.exp(scores - scores.max())
    return weights / weights.sum() @ values, keys, values


def cut_below_the_mass(p, mass):
    order = np.argsort(-p)
    kept = np.zeros_like(p)
    inside = order[np.cumsum(p[order]) <= mass]
    inside = inside if len(inside) else order[:1]
    kept[inside] = p[inside]
    return kept / kept.sum()


def one_too_many(p, mass):
    """Right, but for a mass that is hit exactly."""
    order = np.argsort(-p)
    kept = np.zeros_like(p)
    inside = order[: np.searchsorted(np.cumsum(p[order]), mass, side="right") + 1]
    kept[inside] = p[inside]
    return kept / kept.sum()


def not_rescaled(p, mass):
    order = np.argsort(-p)
    kept = np.zeros_like(p)
    inside = order[np.cumsum(p[order]) - p[order] < mass]
    kept[inside] = p[inside]
    return kept


def always_masked(tokens, share, mask, vocabulary, rng):
    asked = rng.random(tokens.shape) < share
    return np.where(asked, mask, tokens), np.where(asked, tokens, -1)


def targets_everywhere(tokens, share, mask, vocabulary, rng):
    return always_masked(tokens, share, mask, vocabulary, rng)[0], tokens


def one_fate_for_all(tokens, share, mask, vocabulary, rng):
    asked = np.random.default_rng(0).random(tokens.shape) < share
    fate = np.random.default_rng(1).random(tokens.shape)
    inputs = np.where(asked & (fate < 0.8), mask, tokens)
    inputs = np.where(asked & (fate > 0.9), rng.integers(vocabulary), inputs)
    return inputs, np.where(asked, tokens, -1)


def reshaped_only(images, size):
    return images.reshape(len(images), -1, size * size)


def column_by_column(images, size):
    n, h, w = images.shape
    cut = images.reshape(n, h // size, size, w // size, size)
    return cut.transpose(0, 3, 1, 2, 4).reshape(n, -1, size * size)


WRONG = [
    ("longest-match", shortest_match, "takes the longest piece"),
    ("longest-match", longest_anywhere, "goes from left to right, and never back"),
    ("longest-match", lambda text, pieces: [text], "cuts the empty text into nothing"),
    (
        "bits-per-character",
        lambda loss, tokens, characters: loss / np.log(2),
        "a token of four characters shares",
    ),
    ("bits-per-character", lambda loss, tokens, characters: loss * tokens / characters, "are one bit"),
    ("cached-step", attention_without_scale, "seven steps equal causal attention"),
    ("cached-step", blind_to_itself, "seven steps equal causal attention"),
    ("cached-step", overflowing, "does not overflow for large scores"),
    ("cached-step", newest_first, "the values are kept in order"),
    ("cached-step", lambda q, k, v, keys, values: v, "returns three things: output, keys, values"),
    (
        "cache-bytes",
        lambda layers, heads, size, tokens, shared=1, number=2: (
            layers * heads * size * tokens * number // shared
        ),
        "takes 36 MiB",
    ),
    (
        "cache-bytes",
        lambda layers, heads, size, tokens, shared=1, number=2: 4 * layers * heads * size * tokens,
        "a twelfth",
    ),
    ("nucleus", cut_below_the_mass, "the token that reaches the mass is kept too"),
    ("nucleus", one_too_many, "0.5 alone is enough"),
    ("nucleus", not_rescaled, "sums to 1"),
    ("bert-mask", always_masked, "hides 80 %"),
    ("bert-mask", targets_everywhere, "asks for 15 % of the tokens"),
    ("bert-mask", one_fate_for_all, "puts random tokens at the rest"),
    ("bert-mask", one_fate_for_all, "asks for other tokens each time"),
    ("bert-mask", lambda tokens, share, mask, vocabulary, rng: tokens, "returns two arrays"),
    ("patches", reshaped_only, "the first patch of 4 × 4 is its top left corner"),
    ("patches", column_by_column, "the second stands right of it"),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"gpt/{name}", answer)
    assert result.attempted and not result.passed
    assert any(lacking in failure.sentence for failure in result.failures), str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"gpt/{name}" for name, *_ in WRONG} == set(exercises("gpt"))
