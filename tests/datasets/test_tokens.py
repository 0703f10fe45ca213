"""Tokens: there and back, learned from the training texts only, and batches in which little is padded."""

import inspect
import itertools
import os
import subprocess
import sys

import numpy as np
import pytest

from nbcourse import datasets
from nbcourse.datasets import Buckets, BytePairs, Characters, Vocabulary, padded

TEXTS = ["the film is good", "the film is the best film", "a bad , bad story", "the story is bad"]
CAPTIONS = [
    " ".join(words)
    for words in itertools.product(
        ("Two men", "Ein Mann", "Eine Frau", "A woman"),
        ("play", "spielt", "sit", "sitzt"),
        ("outside", "draußen", "im Schnee"),
    )
]


class TestCharacters:
    def test_there_and_back(self):
        characters = Characters("hello world")
        assert len(characters) == 8 and characters.characters == sorted(set("hello world"))
        assert characters.decode(characters.encode("lower do")) == "lower do"
        assert Characters("ba").encode("ab") == [0, 1]

    def test_reserved_numbers(self):
        characters = Characters("ab", reserved=2)
        assert len(characters) == 4 and characters.encode("ab") == [2, 3]
        assert characters.decode([0, 3, 1, 2]) == "ba"

    def test_unknown_character(self):
        with pytest.raises(ValueError, match="training text, got '!'"):
            Characters("ab").encode("a?b!")
        with pytest.raises(ValueError, match="reserved"):
            Characters("ab", reserved=-1)


class TestVocabulary:
    def test_words_from_frequent_to_rare(self):
        words = Vocabulary(TEXTS)
        assert words.words[2:6] == ["the", "bad", "film", "is"]  # 4, then three times 3 in order
        assert words.encode("the film is new") == [2, 4, 5, words.unknown]
        assert words.decode([2, 4, 1, 0, 0]) == "the film �"
        assert len(words) == 2 + 9 and max(words.encode(" ".join(TEXTS))) == len(words) - 1

    def test_rare_words_are_unknown(self):
        words = Vocabulary(TEXTS, min_count=3)
        assert words.words[2:] == ["the", "bad", "film", "is"] and words.encode("the story") == [2, 1]

    def test_no_text_gives_padding_or_unknown_by_accident(self):
        words = Vocabulary(["� and more"])
        assert words.encode("�") == [words.number["�"]] and words.number["�"] > words.unknown
        assert words.encode("") == [] and len(Vocabulary([])) == 2

    def test_bad_arguments(self):
        with pytest.raises(TypeError, match="list of texts, got one text 'the film'"):
            Vocabulary("the film")
        with pytest.raises(ValueError, match="min_count"):
            Vocabulary(TEXTS, min_count=0)


PAIRS_IN_A_PROCESS = """
from tests.datasets.test_tokens import CAPTIONS
from nbcourse.datasets import BytePairs
pairs = BytePairs(CAPTIONS, 300)
print([pairs.encode(text) for text in CAPTIONS])
"""


@pytest.fixture(scope="module")
def pairs():
    pytest.importorskip("tokenizers", reason="pip install -e '.[torch]'")
    return BytePairs(CAPTIONS, 300)


class TestBytePairs:
    @pytest.mark.parametrize(
        "text", [*CAPTIONS[:3], "", " ", "  two\nspaces\t", "Größe — 数字 😀", "never seen", "é", "e\u0301"]
    )
    def test_there_and_back(self, pairs, text):
        numbers = pairs.encode(text)
        assert pairs.decode([pairs.start, *numbers, pairs.end, pairs.padding]) == text
        assert all(pairs.end < i < len(pairs) for i in numbers)

    @pytest.mark.parametrize("name", ["<padding>", "<start>", "<end>"])
    def test_no_text_becomes_a_special_token(self, pairs, name):
        assert min(pairs.encode(f"A {name} man")) > pairs.end
        assert pairs.decode(pairs.encode(f"A {name} man")) == f"A {name} man"

    def test_frequent_pieces_become_one_token(self, pairs):
        assert len(pairs) == 300 and len(pairs.encode("Eine Frau")) == 4
        assert BytePairs(CAPTIONS, 1000).pieces("Eine Frau sitzt") == ["Eine", " Frau", " sitzt"]
        assert len(pairs.encode("Zwölf")) > 3

    def test_size_is_a_bound(self):
        pytest.importorskip("tokenizers", reason="pip install -e '.[torch]'")
        assert len(BytePairs(["abab"], 1000)) == 260  # one pair occurs twice
        assert len(BytePairs([], 259)) == 259

    def test_deterministic_in_every_process(self):
        pytest.importorskip("tokenizers", reason="pip install -e '.[torch]'")
        outs = set()
        for variables in (
            {"PYTHONHASHSEED": "1"},
            {"PYTHONHASHSEED": "2", "TOKENIZERS_PARALLELISM": "false"},
            {"RAYON_NUM_THREADS": "1"},
        ):
            done = subprocess.run(
                [sys.executable, "-c", PAIRS_IN_A_PROCESS],
                env=os.environ | variables,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
            outs.add(done.stdout)
        assert len(outs) == 1

    def test_bad_arguments(self):
        pytest.importorskip("tokenizers", reason="pip install -e '.[torch]'")
        with pytest.raises(ValueError, match="size ≥ 259, got 258"):
            BytePairs(CAPTIONS, 258)
        with pytest.raises(TypeError, match="list of texts"):
            BytePairs("Two men")


class TestLeakage:
    """What is held out must not move what is learned."""

    @staticmethod
    def learned(kind, train):
        if kind is BytePairs:
            pytest.importorskip("tokenizers", reason="pip install -e '.[torch]'")
            return BytePairs(train, 300)._tokenizer.to_str()  # vocabulary and merges
        return Vocabulary(train).number

    @pytest.mark.parametrize("kind", [Vocabulary, BytePairs])
    def test_held_out_texts_change_nothing(self, kind, monkeypatch, tmp_path):
        from tests.datasets.published import set_of

        def pairs(held_out):
            folder = tmp_path / held_out[:5]
            monkeypatch.setenv("NBCOURSE_DATA", str(folder))
            lines = {f"train.{x}": "\n".join(CAPTIONS) + "\n" for x in ("de", "en")}
            lines |= {f"{part}.{x}": held_out + "\n" for part in ("val", "test") for x in ("de", "en")}
            contents = {name: text.encode() for name, text in lines.items()}
            monkeypatch.setitem(datasets.registry.SETS, "multi30k", set_of(contents, folder))
            return datasets.multi30k()

        one, other = pairs("schlittenhunde " * 50), pairs("zitronenfalter " * 50)
        assert one.test != other.test
        assert self.learned(kind, [*one.train.source, *one.train.target]) == self.learned(
            kind, [*other.train.source, *other.train.target]
        )
        # and the test can fail: with the held-out texts it would differ
        assert self.learned(kind, one.train.source + one.test.source) != self.learned(
            kind, other.train.source + other.test.source
        )

    @pytest.mark.parametrize("kind", [Vocabulary, BytePairs])
    def test_encoding_learns_nothing(self, kind):
        if kind is BytePairs:
            pytest.importorskip("tokenizers", reason="pip install -e '.[torch]'")
        tokens = kind(CAPTIONS)
        before, probe = len(tokens), tokens.encode("Two dogs draußen")
        for _ in range(50):
            tokens.encode("dogs dogs dogs")
        assert (len(tokens), tokens.encode("Two dogs draußen")) == (before, probe)


class TestPadded:
    def test_rows(self):
        array = padded([[5, 6], [], [7, 8, 9]])
        assert array.tolist() == [[5, 6, 0], [0, 0, 0], [7, 8, 9]] and array.dtype == np.int64
        assert padded([[1], [2, 3]], padding=-1).tolist() == [[1, -1], [2, 3]]
        assert padded([[], []]).shape == (2, 0)

    def test_no_row(self):
        with pytest.raises(ValueError, match="at least one list"):
            padded([])


class TestBuckets:
    @pytest.fixture
    def rows(self):
        rng = np.random.default_rng(0)
        return [[i + 1] * length for i, length in enumerate(rng.integers(1, 12, 103))]

    def test_every_example_once_with_its_label(self, rows):
        y = np.arange(103)
        buckets = Buckets(rows, [[*row, 999] for row in rows], y, batch_size=10)
        batches = list(buckets(0))
        assert len(batches) == len(buckets) == 11
        assert sorted(len(labels) for _, _, labels in batches) == [3, *[10] * 10]
        assert sorted(np.concatenate([labels for _, _, labels in batches])) == list(range(103))
        for x, z, labels in batches:
            assert (x.dtype, z.dtype) == (np.int64, np.int64) and x.shape[1] + 1 == z.shape[1]
            for row, other, label in zip(x, z, labels, strict=True):
                assert row[row > 0].tolist() == rows[label] and other[other > 0].tolist() == [
                    *rows[label],
                    999,
                ]

    def test_little_is_padded(self, rows):
        shares = [np.mean(x == 0) for (x,) in Buckets(rows, batch_size=10)(0)]
        assert np.mean(shares) < 0.1 < np.mean(padded(rows) == 0)

    def test_the_first_column_is_compared_first(self, rows):
        other = [[1] * length for length in np.random.default_rng(1).integers(1, 12, 103)]
        shares = [(np.mean(x == 0), np.mean(y == 0)) for x, y in Buckets(rows, other, batch_size=10)(0)]
        first, second = np.mean(shares, axis=0)
        assert first < 0.1 < second

    def test_order_follows_from_seed_and_epoch(self, rows):
        def order(seed, epoch):
            return [x[:, 0].tolist() for (x,) in Buckets(rows, batch_size=10, seed=seed)(epoch)]

        buckets = Buckets(rows, batch_size=10, seed=1)
        first = [x[:, 0].tolist() for (x,) in buckets(3)]
        assert first == [x[:, 0].tolist() for (x,) in buckets(3)] == order(1, 3)
        assert first != order(1, 4) and first != order(2, 3)
        assert [sorted(b) for b in sorted(order(1, 3))] != [sorted(b) for b in sorted(order(1, 4))]
        lengths = [len(rows[b[0] - 1]) for b in first]
        assert lengths != sorted(lengths)

    def test_the_global_generator_is_left_alone(self, rows):
        np.random.seed(5)  # noqa: NPY002
        before = np.random.get_state()[1].copy()  # noqa: NPY002
        list(Buckets(rows, batch_size=10)(0))
        assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002

    @pytest.mark.parametrize(
        "columns, arguments, message",
        [
            ((), {}, "one length of at least 1"),
            (([],), {}, r"at least 1, got lengths \[0\]"),
            (([[1]], [[1], [2]]), {}, r"got lengths \[1, 2\]"),
            ((np.arange(3),), {}, "arrays only"),
            (([[1]],), {"batch_size": 0}, "batch_size ≥ 1"),
            (([[1]],), {"seed": -1}, "seed"),
        ],
    )
    def test_bad_arguments(self, columns, arguments, message):
        with pytest.raises(ValueError, match=message):
            Buckets(*columns, **{"batch_size": 2, **arguments})

    def test_bad_epoch(self, rows):
        with pytest.raises(ValueError, match="epoch"):
            next(Buckets(rows, batch_size=2)(-1))


def test_tokens_are_plain_numbers():
    assert all(type(i) is int for i in Vocabulary(TEXTS).encode(TEXTS[0]))
    assert "torch" not in inspect.getsource(sys.modules["nbcourse.datasets.tokens"])
