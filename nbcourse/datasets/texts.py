"""Texts: a keeper's log, plays, first names, sentences for or against a film, captions in two languages."""

import gzip
import zlib
from dataclasses import dataclass
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from nbcourse.datasets.registry import known
from nbcourse.datasets.splits import checked_count, checked_seed
from nbcourse.datasets.store import DataError, paths


@dataclass(frozen=True)
class Text:
    """A text cut into what to learn from and what to validate with; `source` says whom to credit."""

    train: str
    validation: str
    source: str = ""


@dataclass(frozen=True)
class Words:
    """Words, cut into three parts that share no entry of the list: ``train, validation, test = names()``."""

    train: list[str]
    validation: list[str]
    test: list[str]
    source: str = ""

    def __iter__(self):
        return iter((self.train, self.validation, self.test))


@dataclass(frozen=True)
class Reviews:
    """Sentences `texts`, and `y` (n,) int64: whether each is for the film (1) or against it (0)."""

    texts: list[str]
    y: np.ndarray
    source: str = ""

    def folds(self, k: int = 10, seed: int = 0):
        """Return `k` pairs (train, test) of arrays of positions: every sentence is tested once.

        The classes are evenly spread over the folds (scikit-learn's `StratifiedKFold`).
        """
        from sklearn.model_selection import StratifiedKFold

        folds = StratifiedKFold(checked_count("k", k, 2), shuffle=True, random_state=checked_seed(seed))
        return list(folds.split(np.zeros(len(self.y)), self.y))


class Pairs(NamedTuple):
    """Sentences and their translations, line by line."""

    source: list[str]
    target: list[str]


@dataclass(frozen=True)
class Translations:
    """Captions in German and English: 29,000 pairs to train, 1,014 to validate, 1,000 to test."""

    train: Pairs
    validation: Pairs
    test: Pairs
    source: str = ""


def keeper() -> Text:
    """The log of a lighthouse keeper, 91 days in simple words: the first 77 train, the last 14 validate.

    About 27,000 characters of 47 kinds, days parted by an empty line. Written for this course, so it needs no
    network; its licence is the course's, CC BY 4.0.
    """
    text = files("nbcourse.datasets").joinpath("keeper.txt").read_text(encoding="utf-8")
    days = text.split("\n\n")
    train, validation = ("\n\n".join(part) for part in (days[:77], days[77:]))
    return Text(train + "\n\n", validation, "The keeper's log, written for this course, CC BY 4.0")


def shakespeare() -> Text:
    """Tiny Shakespeare: the first 90 % of its 1,115,394 characters train, the rest validates."""
    (path,) = paths("shakespeare")
    text = _read(path)
    cut = int(len(text) * 0.9)  # as nanoGPT cuts it
    return Text(text[:cut], text[cut:], known("shakespeare").credit)


def names(seed: int = 0) -> Words:
    """First names in small letters: 80 % to train, 10 % to validate, 10 % to test, cut at random."""
    (path,) = paths("names")
    return cut_words(_read(path).split(), seed, known("names").credit)


def cut_words(words: list[str], seed: int, source: str) -> Words:
    """Cut a list at random: 80 % to train, 10 % to validate, 10 % to test."""
    order = np.random.default_rng(checked_seed(seed)).permutation(len(words))
    first, second = int(0.8 * len(words)), int(0.9 * len(words))
    parts = (order[:first], order[first:second], order[second:])
    return Words(*([words[i] for i in part] for part in parts), source)


def reviews() -> Reviews:
    """Sentence polarity: 5,331 sentences for a film, then 5,331 against one, already cut into words."""
    good, bad = (_lines(path) for path in paths("reviews"))
    texts = [line.strip() for line in good + bad]
    y = np.repeat(np.array([1, 0], dtype=np.int64), [len(good), len(bad)])
    return Reviews(texts, y, known("reviews").credit)


def multi30k() -> Translations:
    """Captions of pictures in German and English, in the parts of the first shared task (2016)."""
    texts = [_lines(path) for path in paths("multi30k")]
    parts = [Pairs(*texts[i : i + 2]) for i in (0, 2, 4)]
    for german, english in parts:
        if len(german) != len(english):
            raise DataError(
                f"multi30k: expected as many German as English lines, got {len(german)}, {len(english)}"
            )
    return Translations(*parts, known("multi30k").credit)


def _read(path):
    """Read a text file (UTF-8), gzipped or not."""
    data = path.read_bytes()
    try:
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise DataError(f"{path}: expected a whole text in UTF-8 ({error})") from None


def _lines(path):
    """The lines of a text file. Only a line feed ends one; `splitlines` also cuts at rarer characters."""
    return _read(path).removesuffix("\n").split("\n")
