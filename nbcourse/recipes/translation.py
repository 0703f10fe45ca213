"""Captions from German to English (Multi30k): byte pairs, an encoder-decoder Transformer, beam search.

The byte pairs are learned from the training part, both languages together, in small letters. While training,
the validation part is translated greedily. At the end the test part (Flickr, 2016) is translated with beam
search and scored by sacrebleu (Post, 2018), which cuts texts into words itself and here ignores case.

On a GPU, the model's size and the learning rate are those of Transformer-Tiny, which Wu et al. (2021) made
for these captions; norms before each part instead of after it, optimiser and schedule are ours.
"""

import torch
from torch.nn import functional as F

from nbcourse.datasets import texts
from nbcourse.datasets.tokens import Buckets, BytePairs, padded
from nbcourse.models import Translator, beam_search
from nbcourse.recipes.recipe import Recipe, Target, Task
from nbcourse.train import Settings, TrainingError

CONTEXT = 128  # tokens of a sentence, its end included; the longest one to learn from has 64
LONGEST = 64  # tokens of a translation
BEAMS, ALPHA = 5, 1.0


class Captions:
    """Pairs as tokens: `source` (n lists, words and end), `target` (start, words, end), `reference` (texts).

    Raises TrainingError, with the line, for a sentence that is longer than the model's context.
    """

    def __init__(self, pairs, tokens, part):
        source, target = ([tokens.encode(text.lower()) for text in side] for side in pairs)
        for line, row in (numbered for side in (source, target) for numbered in enumerate(side, 1)):
            if len(row) >= CONTEXT:
                raise TrainingError(
                    f"expected sentences of at most {CONTEXT - 1} tokens, "
                    f"got {len(row)} in line {line} of the {part} part"
                )
        self.source = [[*row, tokens.end] for row in source]
        self.target = [[tokens.start, *row, tokens.end] for row in target]
        self.reference = pairs.target


class PairBatches:
    """Batches of pairs of about one length, as tensors: ``for source, target in batches(epoch)``."""

    def __init__(self, captions, batch_size, seed=0):
        self.buckets = Buckets(captions.source, captions.target, batch_size=batch_size, seed=seed)

    def __len__(self):
        return len(self.buckets)

    def __call__(self, epoch):
        """Yield the batches of one epoch: source (b, S) and target (b, T), int64, with padding behind."""
        for arrays in self.buckets(epoch):
            yield tuple(torch.from_numpy(array) for array in arrays)


def pair_loss(network, batch, smoothing=0.0):
    """Mean cross-entropy of the target tokens: source (n, S), target (n, T), of which the first is given."""
    source, target = batch
    scores = network(source, target[:, :-1])  # (n, T - 1, vocabulary)
    return F.cross_entropy(
        scores.flatten(0, 1),
        target[:, 1:].flatten(),
        ignore_index=BytePairs.padding,
        label_smoothing=smoothing,
    )


@torch.no_grad()
def mean_pair_loss(model, captions, device, size=128):
    """Mean cross-entropy over all target tokens, in nats, computed `size` pairs at a time."""
    total = count = 0
    for source, target in PairBatches(captions, size)(0):
        counted = (target[:, 1:] != BytePairs.padding).sum().item()
        total += pair_loss(model, (source.to(device), target.to(device))).item() * counted
        count += counted
    return total / count


def translate(model, source, tokens, device, beams=1, alpha=0.0, size=100):
    """Return translations, as texts, of sentences (lists of tokens): `size` of about one length at a time."""
    order = sorted(range(len(source)), key=lambda i: len(source[i]))
    found = [""] * len(source)
    for first in range(0, len(order), size):
        rows = order[first : first + size]
        batch = torch.from_numpy(padded([source[i] for i in rows])).to(device)
        for i, numbers in zip(rows, beam_search(model, batch, beams, LONGEST, alpha), strict=True):
            found[i] = tokens.decode(numbers)
    return found


def metrics():
    """Return sacrebleu's {"bleu": …, "chrf": …}, in per cent, that ignore case.

    Raises TrainingError if sacrebleu is not installed.
    """
    try:
        from sacrebleu.metrics import BLEU, CHRF
    except ImportError as error:
        raise TrainingError(
            f"translations are scored by sacrebleu, which is not here ({error}): pip install sacrebleu"
        ) from None
    return {"bleu": BLEU(lowercase=True), "chrf": CHRF(lowercase=True)}


def scored(found, reference):
    """Return {name: score} of translations (texts) for each of the `metrics`."""
    return {name: metric.corpus_score(found, [reference]).score for name, metric in metrics().items()}


def signatures():
    """Return {name: signature}: how sacrebleu counts, and its version, for whoever compares scores."""
    found = {}
    for name, metric in metrics().items():
        metric.corpus_score(["a"], [["a"]])  # the signature says how many references there were
        found[name] = str(metric.get_signature())
    return found


def _make(settings, seed, device, vocabulary, **sizes):
    notes = signatures()  # the first thing, so that a missing sacrebleu is told before anything takes long
    data = texts.multi30k()
    tokens = BytePairs([text.lower() for side in data.train for text in side], vocabulary)
    train, validation, test = (
        Captions(getattr(data, part), tokens, part) for part in ("train", "validation", "test")
    )
    if settings.dropout >= 0:
        sizes["dropout"] = settings.dropout
    model = Translator(len(tokens), context=CONTEXT, **sizes)
    smoothing = settings.label_smoothing

    def look(network):
        greedy = translate(network, validation.source, tokens, device)
        return {
            "loss": mean_pair_loss(network, validation, device),
            "bleu": scored(greedy, validation.reference)["bleu"],
        }

    def final(network):
        return scored(translate(network, test.source, tokens, device, BEAMS, ALPHA), test.reference)

    return Task(
        model,
        PairBatches(train, settings.batch_size, seed),
        lambda network, batch: pair_loss(network, batch, smoothing),
        validate=look,
        test=final,
        monitor="bleu",
        largest=True,
        notes=notes,
    )


def make_gpu(settings, seed, device):
    """4 layers each, 4 heads, 128 channels, 256 inside, 10,000 byte pairs."""
    return _make(settings, seed, device, 10_000, layers=4, heads=4, width=128, inner=256)


def make_small(settings, seed, device):
    """3 layers each, 4 heads, 128 channels, 256 inside, 4,000 byte pairs."""
    return _make(settings, seed, device, 4_000, layers=3, heads=4, width=128, inner=256)


_ADAM = {"beta2": 0.98, "clip": 1.0, "label_smoothing": 0.1}
RECIPES = (
    Recipe(
        "multi30k",
        "Captions from German to English, a Transformer",
        make_gpu,
        Settings(
            steps=8000,
            batch_size=256,  # about 4,000 English tokens
            lr=5e-3,
            warmup=2000,
            dropout=0.3,
            precision="bfloat16",
            validate_every=400,
            **_ADAM,
        ),
        metric="bleu",
        unit="BLEU",
        best=True,
        target=Target(35.0, "a bound of our own"),
        data=("multi30k",),
        minutes=0,
    ),
    Recipe(
        "multi30k-small",
        "Captions from German to English, a smaller Transformer, briefly",
        make_small,
        Settings(epochs=6, batch_size=64, lr=2.5e-3, warmup=0.1, dropout=0.1, **_ADAM),
        metric="bleu",
        unit="BLEU",
        best=True,
        data=("multi30k",),
        seeds=2,
        minutes=12,
    ),
)
