"""The exercises of chapter 7's second half."""

import numpy as np

from nbcourse.checks.properties import equal, holds, matches, same_shape
from nbcourse.checks.registry import exercise


@exercise("gpt/longest-match", signature="longest_match(text, pieces)")
def longest_match(answer, rng):
    """A text cut from left to right, each time by the longest piece of a vocabulary that fits."""
    letters = set("abcdr")
    cases = [
        ("abracadabra", letters | {"ab", "abra", "cad"}, ["abra", "cad", "abra"], "takes the longest piece"),
        ("abcab", letters | {"ab", "bca"}, ["ab", "c", "ab"], "goes from left to right, and never back"),
        ("", letters, [], "cuts the empty text into nothing"),
        ("cab", letters | {"cabra"}, ["c", "a", "b"], "takes no piece that runs over the end"),
    ]
    for text, pieces, expected, what in cases:
        yield _same_list(answer(text, pieces), expected, what)
    pieces = letters | {"".join(rng.choice([*"abcdr"], size=int(n))) for n in rng.integers(2, 6, size=60)}
    text = "".join(rng.choice([*"abcdr"], size=200))
    yield _same_list(answer(text, pieces), _longest(text, pieces), "is right for 200 random letters")


def _longest(text, pieces):
    found = []
    while text:
        found.append(max((p for p in pieces if text.startswith(p)), key=len))
        text = text[len(found[-1]) :]
    return found


def _same_list(got, expected, what):
    got = list(got) if isinstance(got, list | tuple) else got
    return holds(got == expected, what, f"expected {expected[:8]}, got {str(got)[:60]}")


@exercise("gpt/bits-per-character", signature="bits_per_character(loss, tokens, characters)")
def bits_per_character(answer, rng):
    """A mean loss in nats per token, as bits per character of the same text."""

    def reference(loss, tokens, characters):
        return loss * tokens / characters / np.log(2)

    yield equal(answer(np.log(2), 10, 10), 1, "log 2 nats for each character are one bit", 1e-12)
    yield equal(answer(np.log(2), 10, 40), 0.25, "a token of four characters shares its bits out", 1e-12)
    for _ in range(3):
        case = (float(rng.uniform(0.5, 4)), int(rng.integers(100, 999)), int(rng.integers(1000, 9999)))
        yield matches(answer, reference, case, "is right for loss {:.2f}, {} tokens, {}".format(*case))


@exercise("gpt/cached-step", signature="cached_step(q, k, v, keys, values)")
def cached_step(answer, rng):
    """Attention of one new query to all keys so far, and the cache with the new key and value in it."""
    length, width = 7, 4
    Q, K, V = rng.normal(size=(3, length, width))
    expected = _causal(Q, K, V)
    keys, values = np.zeros((0, width)), np.zeros((0, width))
    outputs = []
    for i in range(length):
        got = answer(Q[i], K[i], V[i], keys, values)
        triple = isinstance(got, tuple | list) and len(got) == 3
        if not triple:
            yield holds(False, "returns three things: output, keys, values", f"got {type(got).__name__}")
            return
        output, keys, values = got
        outputs.append(output)
    yield holds(True, "returns three things: output, keys, values")
    yield equal(outputs[0], V[0], "the first query can only look at itself", 1e-12)
    yield same_shape(keys, (length, width), "the keys grow by one row in each step")
    yield equal(values, V, "the values are kept in order")
    yield equal(np.array(outputs), expected, "seven steps equal causal attention", 1e-12)
    with np.errstate(all="ignore"):
        large = answer(1e3 * Q[0], 1e3 * K[0], V[0], 1e3 * K[1:], V[1:])[0]
    yield holds(np.isfinite(large).all(), "does not overflow for large scores", "subtract the largest score")


def _causal(Q, K, V):
    """Causal attention of all queries at once: (T, d), three times -> (T, d)."""
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    scores[np.triu_indices(len(Q), 1)] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) @ V


@exercise("gpt/cache-bytes", signature="cache_bytes(layers, heads, size, tokens, shared=1, number=2)")
def cache_bytes(answer, rng):
    """How many bytes a cache takes whose keys and values `shared` query heads have in common."""

    def reference(layers, heads, size, tokens, shared=1, number=2):
        return 2 * layers * (heads // shared) * size * tokens * number

    gpt2 = (12, 12, 64, 1024)
    yield matches(answer, reference, gpt2, "a GPT-2 of 12 layers, 1,024 tokens, takes 36 MiB in 16 bits")
    yield matches(answer, reference, (*gpt2, 12), "one pair of keys and values for 12 heads takes a twelfth")
    yield matches(answer, reference, (*gpt2, 1, 4), "numbers of four bytes take twice as much")
    case = tuple(int(n) for n in rng.integers(2, 9, size=4))
    case = (case[0], 4 * case[1], *case[2:], 4)
    yield matches(answer, reference, case, f"is right for {case}")


@exercise("gpt/nucleus", signature="nucleus(p, mass)")
def nucleus(answer, rng):
    """Probabilities cut to the fewest likeliest tokens that together hold `mass`, and scaled to sum to 1."""
    p = np.array([0.1, 0.4, 0.2, 0.3])
    yield equal(answer(p, 0.6), [0, 4 / 7, 0, 3 / 7], "0.4 and 0.3 are kept for a mass of 0.6", 1e-12)
    yield equal(
        answer(p, 0.75), [0, 4 / 9, 2 / 9, 3 / 9], "the token that reaches the mass is kept too", 1e-12
    )
    exact = np.array([0.25, 0.5, 0.25])
    yield equal(answer(exact, 0.5), [0, 1, 0], "0.5 alone is enough for a mass of 0.5", 1e-12)
    yield equal(answer(p, 1e-9), [0, 1, 0, 0], "a tiny mass keeps the likeliest token alone", 1e-12)
    yield equal(answer(p, 1.0), p, "a mass of 1 changes nothing", 1e-12)
    p = rng.dirichlet(np.full(50, 0.3))
    cut = np.asarray(answer(p, 0.9))
    yield same_shape(cut, p, "keeps the shape")
    yield equal(cut.sum(), 1, "sums to 1", 1e-12)
    kept = np.sort(p[cut > 0])
    fewest = kept.sum() >= 0.9 and kept[1:].sum() < 0.9
    yield holds(fewest, "keeps as few of 50 tokens as hold 0.9", f"kept {len(kept)} with {kept.sum():.4f}")


@exercise("gpt/bert-mask", signature="bert_mask(tokens, share, mask, vocabulary, rng)")
def bert_mask(answer, rng):
    """BERT's spoiled inputs, and targets that are -1 wherever nothing is asked."""
    mask, vocabulary = 0, 50
    tokens = rng.integers(1, vocabulary, size=(400, 100))  # 40,000 tokens, none of them the mask
    both = answer(tokens, 0.15, mask, vocabulary, np.random.default_rng(1))
    pair = isinstance(both, tuple | list) and len(both) == 2
    yield holds(pair, "returns two arrays: inputs and targets", f"got {type(both).__name__}")
    if not pair:
        return
    inputs, targets = map(np.asarray, both)
    yield same_shape(inputs, tokens, "the inputs keep the shape")
    yield same_shape(targets, tokens, "the targets have the shape of the tokens")
    asked = targets != -1
    yield _near(asked.mean(), 0.15, 0.01, "asks for 15 % of the tokens")
    yield equal(targets[asked], tokens[asked], "the target is the token that stood there")
    yield equal(inputs[~asked], tokens[~asked], "leaves all other tokens as they are")
    hidden, same = inputs[asked] == mask, inputs[asked] == tokens[asked]
    yield _near(hidden.mean(), 0.8, 0.02, "hides 80 % of those that it asks for behind the mask")
    yield _near(same.mean(), 0.1 + 0.1 / vocabulary, 0.02, "leaves 10 % of them as they are")
    changed = inputs[asked][~hidden & ~same]
    yield holds(len(np.unique(changed)) >= vocabulary - 2, "puts random tokens at the rest, from all of them")
    other = np.asarray(answer(tokens, 0.15, mask, vocabulary, np.random.default_rng(2))[1])
    yield holds((other != targets).any(), "asks for other tokens each time")


def _near(value, expected, reach, what):
    return holds(abs(value - expected) <= reach, what, f"expected about {expected:.3g}, got {value:.3g}")


@exercise("gpt/patches", signature="patches(images, size)")
def patches(answer, rng):
    """Pictures cut into square patches, row by row: (n, h, w) -> (n, patches, size * size)."""

    def reference(images, size):
        rows, columns = images.shape[1] // size, images.shape[2] // size
        cut = [
            images[:, i * size : (i + 1) * size, j * size : (j + 1) * size].reshape(len(images), -1)
            for i in range(rows)
            for j in range(columns)
        ]
        return np.stack(cut, axis=1)

    picture = np.arange(16.0).reshape(1, 4, 4)
    yield equal(answer(picture, 2)[0][0], [0, 1, 4, 5], "the first patch of 4 × 4 is its top left corner")
    yield equal(answer(picture, 2)[0][1], [2, 3, 6, 7], "the second stands right of it")
    yield matches(answer, reference, (rng.normal(size=(3, 8, 8)), 2), "is right for 8 × 8 pictures")
    yield matches(
        answer, reference, (rng.normal(size=(2, 6, 9)), 3), "is right for pictures that are not square"
    )
    yield matches(answer, reference, (rng.normal(size=(2, 4, 4)), 4), "one patch is the whole picture")
