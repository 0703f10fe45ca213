"""Is a sentence for a film or against it? Counted words, and networks that read, over the same ten folds.

Run k of ten is tested on fold k; a twentieth of the other nine folds validates. A vocabulary knows the words
of the training sentences only. Beside each network stands logistic regression on TF-IDF.
"""

import time
from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np
import torch
from torch.nn import functional as F

from nbcourse.datasets import texts
from nbcourse.datasets.tokens import Buckets, Vocabulary, padded
from nbcourse.models import BagOfWords, RecurrentClassifier, TextCNN, TextTransformer
from nbcourse.recipes.classification import measured, scores_of
from nbcourse.recipes.recipe import Recipe, Target, Task
from nbcourse.train import Settings, TrainingError

FOLDS = 10
UNKNOWN = 0.2  # the share of the words that are made unknown while training
_BASELINE = Target(77.8, "TF-IDF of words and pairs, logistic regression, the same ten folds")


def parts(seed):
    """Return {"train", "validation", "test"}: (list of sentences, classes (n,)) of one run."""
    data = texts.reviews()
    train, test = data.folds(FOLDS)[seed % FOLDS]
    train = np.random.default_rng(seed).permutation(train)
    cut = len(train) // 20
    named = {"train": train[cut:], "validation": train[:cut], "test": test}
    return {name: ([data.texts[i] for i in rows], data.y[rows]) for name, rows in named.items()}


def with_pairs(text):
    """Return the words of a text and then its pairs of neighbours, each once: ``"a b" → "a b a_b"``."""
    words = text.split()
    return " ".join(dict.fromkeys(words + ["_".join(pair) for pair in pairwise(words)]))


def log_count_ratios(rows, y, size):
    """Return how much more frequent each token is in class 1 than in class 0, as a logarithm: (size,).

    A text counts a token once; in each class the counts of all tokens begin at 1 (Wang and Manning, 2012).
    """
    counts = np.ones((2, size))
    for row, label in zip(rows, y, strict=True):
        counts[label, row] += 1  # once, however often a token stands in the row
    against, favour = counts / counts.sum(1, keepdims=True)
    return torch.tensor(np.log(favour / against), dtype=torch.float32)


class Sentences:
    """Batches of `Buckets` as tensors, in which a share of the words, drawn anew each time, is unknown.

    So a network does not lean on single words, and learns what an unknown one is worth.
    """

    def __init__(self, buckets, share):
        self.buckets, self.share = buckets, share

    def __len__(self):
        return len(self.buckets)

    def __call__(self, epoch):
        """Yield (tokens (b, T), classes (b,)) of one epoch."""
        rng = np.random.default_rng([self.buckets.seed, epoch, 1])  # not the one that orders the sentences
        for tokens, y in self.buckets(epoch):
            lost = (rng.random(tokens.shape) < self.share) & (tokens != Vocabulary.padding)
            tokens = np.where(lost, Vocabulary.unknown, tokens)
            yield torch.as_tensor(tokens), torch.as_tensor(y)


def encoded(seed, prepare):
    """Return the size of a vocabulary and the `parts` of a run, with lists of tokens instead of sentences."""
    data = {name: ([prepare(text) for text in sentences], y) for name, (sentences, y) in parts(seed).items()}
    vocabulary = Vocabulary(data["train"][0])
    rows = {name: ([vocabulary.encode(text) for text in prepared], y) for name, (prepared, y) in data.items()}
    return len(vocabulary), rows


def task(network, settings, seed, device, prepare=str):
    """Return the `Task` of a run; its model is ``network(size of vocabulary, rows of tokens, classes)``."""
    size, data = encoded(seed, prepare)
    smoothing = settings.label_smoothing

    def scored_on(name):
        rows, y = data[name]
        tokens, y = torch.as_tensor(padded(rows), device=device), torch.as_tensor(y, device=device)
        return lambda model: measured(scores_of(model, tokens, 500), y)

    return Task(
        network(size, *data["train"]),
        Sentences(Buckets(*data["train"], batch_size=settings.batch_size, seed=seed), UNKNOWN),
        lambda model, batch: F.cross_entropy(model(batch[0]), batch[1], label_smoothing=smoothing),
        validate=scored_on("validation"),
        test=scored_on("test"),
        monitor="accuracy",
        largest=True,
    )


@torch.no_grad()
def begun_small(model):
    """Return a model whose word vectors begin a tenth as long as PyTorch draws them.

    A rare word's vector is seldom learned: as long as it began, it would drown the others in noise.
    """
    model.embedding.weight *= 0.1
    return model


@torch.no_grad()
def begun_as_naive_bayes(model, rows, y):
    """Return a model whose word vectors begin on one line, each at its word's log-count ratio."""
    size, width = model.embedding.weight.shape
    model.embedding.weight.copy_(torch.outer(log_count_ratios(rows, y, size), torch.randn(width)))
    model.embedding.weight[Vocabulary.padding] = 0
    return model


def make_bag(settings, seed, device):
    """The mean of the vectors of words and pairs, which begin as naive Bayes, and a hidden layer."""

    def network(size, rows, y):
        return begun_as_naive_bayes(BagOfWords(size, width=16, hidden=16), rows, y)

    return task(network, settings, seed, device, with_pairs)


def make_words(settings, seed, device):
    """The mean of the words' vectors, and a hidden layer."""
    return task(lambda size, *_: begun_small(BagOfWords(size)), settings, seed, device)


def make_cnn(settings, seed, device):
    """Convolutions over three, four and five words (Kim, 2014)."""
    return task(lambda size, *_: begun_small(TextCNN(size)), settings, seed, device)


def make_lstm(settings, seed, device):
    """An LSTM from both ends."""
    return task(lambda size, *_: RecurrentClassifier(size, dropout=0.5), settings, seed, device)


def make_transformer(settings, seed, device):
    """A Transformer encoder of one layer."""
    return task(lambda size, *_: begun_small(TextTransformer(size, layers=1)), settings, seed, device)


@dataclass(frozen=True)
class TfIdf(Recipe):
    """The baseline: scikit-learn fits it in one go, on the CPU, and nothing about it can be set."""

    def recorded(self, settings):
        """Return no settings: none is used."""
        return {}

    def run(self, seed, settings=None, **_):
        """Fit on all but one fold, score that one; the result has the form of `Recipe.run`'s."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        self._refuse_changes(settings or self.settings)
        data, began = parts(seed), time.perf_counter()
        (sentences, y), (more, more_y) = data["train"], data["validation"]  # nothing is chosen: both train
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\S+", sublinear_tf=True),
            LogisticRegression(C=10, max_iter=1000),
        ).fit(sentences + more, np.concatenate([y, more_y]))
        seconds = round(time.perf_counter() - began, 2)
        accuracy = 100 * float(model.score(*data["test"]))
        return {
            "seed": seed,
            "metric": accuracy,
            "test": {"accuracy": accuracy},
            "seconds": seconds,
            "history": [],
        }

    def _refuse_changes(self, settings):
        for name, value in asdict(settings).items():
            if value != getattr(self.settings, name):
                raise TrainingError(f"{self.name} has no {name}: changing it would change nothing")


def _recipe(name, title, make, settings, kind=Recipe, minutes=0.5, target=_BASELINE):
    return kind(
        f"reviews-{name}",
        f"Film reviews: {title}",
        make,
        settings,
        target=target,
        instead="the baseline of the others",
        data=("reviews",),
        seeds=FOLDS,
        over="folds",
        best=True,
        minutes=minutes,
    )


_NETWORK = Settings(epochs=5, batch_size=64, lr=3e-3, weight_decay=0.1)
_BAG = _NETWORK.changed(epochs=3, lr=2e-3)
RECIPES = (
    _recipe("tfidf", "logistic regression on TF-IDF", None, Settings(epochs=1), TfIdf, 0.05, None),
    _recipe("bag", "words and pairs, begun as naive Bayes", make_bag, _BAG, minutes=0.2),
    _recipe("words", "the mean of word vectors", make_words, _NETWORK, minutes=0.1),
    _recipe("cnn", "convolutions over words", make_cnn, _NETWORK.changed(lr=1e-3)),
    _recipe("lstm", "an LSTM from both ends", make_lstm, _NETWORK),
    _recipe("transformer", "a Transformer encoder", make_transformer, _NETWORK.changed(lr=2e-3)),
)
