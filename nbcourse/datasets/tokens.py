"""Texts as numbers: characters, words or byte pairs as tokens, learned from the training texts only.

A vocabulary that has seen the validation or the test texts has leaked them; so each of the three learns from
what it is given once, here, and never changes after. `padded` and `Buckets` turn lists of tokens into arrays.
"""

from collections import Counter

import numpy as np

from nbcourse.datasets.splits import checked_count, checked_seed
from nbcourse.messages import short


class Characters:
    """Characters as numbers: those of a text, in order; `encode` and `decode` go both ways.

    `reserved` numbers from 0 are left free for other tokens.
    """

    def __init__(self, text: str, reserved: int = 0):
        self.reserved = checked_count("reserved", reserved, 0)
        self.characters = sorted(set(text))
        self.number = {c: i for i, c in enumerate(self.characters, reserved)}

    def __len__(self):
        return len(self.characters) + self.reserved

    def encode(self, text: str) -> list[int]:
        """Return the numbers of a text's characters; raise ValueError for one that is not known."""
        unknown = set(text) - set(self.number)
        if unknown:
            raise ValueError(f"expected characters of the training text, got {min(unknown)!r}")
        return [self.number[c] for c in text]

    def decode(self, numbers) -> str:
        """Return the text of numbers; reserved ones are left out."""
        return "".join(self.characters[i - self.reserved] for i in numbers if i >= self.reserved)


class Vocabulary:
    """Words as numbers: 0 is padding, 1 every unknown word, then the known words from frequent to rare.

    Parameters
    ----------
    texts : list of str
        The *training* texts. A word is what stands between spaces; words of one frequency are in order.
    min_count : int
        How often a word must occur to be known.
    """

    padding, unknown = 0, 1

    def __init__(self, texts, min_count: int = 1):
        checked_count("min_count", min_count, 1)
        counts = Counter(word for text in _checked_texts(texts) for word in text.split())
        ranked = sorted((-count, word) for word, count in counts.items() if count >= min_count)
        self.words = ["", "�", *(word for _, word in ranked)]
        self.number = {word: i for i, word in enumerate(self.words) if i > self.unknown}

    def __len__(self):
        return len(self.words)

    def encode(self, text: str) -> list[int]:
        """Return the number of each word of a text; an unknown word's is 1."""
        return [self.number.get(word, self.unknown) for word in text.split()]

    def decode(self, numbers) -> str:
        """Return the words of numbers with spaces between; padding is left out, an unknown word is �."""
        return " ".join(self.words[i] for i in numbers if i != self.padding)


class BytePairs:
    """Pieces of words as numbers: byte-pair encoding (Sennrich, Haddow and Birch, 2016) over bytes.

    It begins with the 256 bytes and joins the most frequent pair of neighbours, again and again, until there
    are `size` tokens. No text is unknown to it, and ``decode(encode(text))`` is the text. The merges are
    learned by Hugging Face's `tokenizers`. Tokens 0, 1 and 2 are padding, start and end of a sentence; they
    never come out of a text.

    Parameters
    ----------
    texts : list of str
        The *training* texts.
    size : int
        Tokens at most, at least 259; fewer where no pair occurs twice any more.
    """

    padding, start, end = 0, 1, 2

    def __init__(self, texts, size: int = 8_000):
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

        checked_count("size", size, 3 + 256)
        self._tokenizer = Tokenizer(models.BPE())
        self._tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        self._tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=size,
            min_frequency=2,
            special_tokens=["<padding>", "<start>", "<end>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        self._tokenizer.train_from_iterator(_checked_texts(texts), trainer)
        self._tokenizer.encode_special_tokens = True  # "<end>" in a text is five characters, not the end

    def __len__(self):
        return self._tokenizer.get_vocab_size()

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text, without start and end."""
        return self._tokenizer.encode(text).ids

    def decode(self, numbers) -> str:
        """Return the text of tokens; padding, start and end are left out."""
        return self._tokenizer.decode([int(i) for i in numbers if i > self.end])

    def pieces(self, text: str) -> list[str]:
        """Return a text cut into its tokens, to look at; parts of a character show as �."""
        return [self.decode([i]) for i in self.encode(text)]


def _checked_texts(texts):
    """Return a list of texts; one str is refused, because it would be taken for a list of characters."""
    if isinstance(texts, str):
        raise TypeError(f"expected a list of texts, got one text {short(texts)}")
    return list(texts)


def padded(rows, padding: int = 0) -> np.ndarray:
    """Put lists of tokens into one array (n, longest), int64: `padding` stands after the shorter ones.

    Raises ValueError if there is no row.
    """
    if not len(rows):
        raise ValueError("expected at least one list of tokens, got none")
    array = np.full((len(rows), max(map(len, rows))), padding, dtype=np.int64)
    for places, row in zip(array, rows, strict=True):
        places[: len(row)] = row
    return array


class Buckets:
    """Batches of texts of about one length, so that little is padded: ``for x, y in buckets(epoch)``.

    The examples are shuffled, then sorted by length, so that only those of one length change places; the cut
    batches come in random order. All of it follows from (seed, epoch).

    Parameters
    ----------
    columns : list of token lists, or array with n rows
        Columns of one length n. Lists of tokens come out as `padded` arrays (b, longest of the batch), int64;
        an array, such as labels, comes out row by row. Lengths are compared column by column.
    batch_size : int
        Examples in a batch; one of an epoch's batches may be smaller.
    seed, padding : int
        Seed of the order; what stands after the shorter lists.
    """

    def __init__(self, *columns, batch_size: int, seed: int = 0, padding: int = 0):
        sizes = sorted({len(column) for column in columns})
        if len(sizes) != 1 or not sizes[0]:
            raise ValueError(f"expected columns of one length of at least 1, got lengths {sizes}")
        self.columns, self.padding = columns, padding
        self.batch_size, self.seed = checked_count("batch_size", batch_size, 1), checked_seed(seed)
        lengths = [[len(row) for row in column] for column in columns if not isinstance(column, np.ndarray)]
        if not lengths:
            raise ValueError("expected a column of token lists, got arrays only")
        self._lengths = np.array(lengths)  # (columns of lists, n)

    def __len__(self):
        return -(-self._lengths.shape[1] // self.batch_size)

    def __call__(self, epoch: int):
        """Yield the batches of one epoch, each a tuple with an array for each column."""
        rng = np.random.default_rng([self.seed, checked_count("epoch", epoch, 0)])
        order = rng.permutation(self._lengths.shape[1])
        order = order[np.lexsort(self._lengths[::-1, order])]  # the last key of lexsort counts first
        batches = [order[i : i + self.batch_size] for i in range(0, len(order), self.batch_size)]
        for i in rng.permutation(len(batches)):
            yield tuple(self._taken(column, batches[i]) for column in self.columns)

    def _taken(self, column, rows):
        if isinstance(column, np.ndarray):
            return column[rows]
        return padded([column[row] for row in rows], self.padding)
