"""Tiny Shakespeare by the character: a small GPT on two cores, a larger one on a GPU.

The architectures are nanoGPT's (Karpathy, 2022); optimiser and schedule are ours. The CPU's 1,800 steps are
meant to stay within the time of nanoGPT's own 2,000; benchmarks/shakespeare.py compares the two. The
validation loss is taken over the whole validation part, in windows of the context's length that do not
overlap.
"""

import torch

from nbcourse.datasets import texts
from nbcourse.models import GPT
from nbcourse.recipes.language import Characters, mean_loss, token_loss
from nbcourse.recipes.recipe import Recipe, Target, Task
from nbcourse.train import Settings, Windows

_SOURCE = "nanoGPT, character-level Shakespeare, validation loss"


def _windows(sequence, length):
    """Cut a sequence into inputs (n, length) and targets one place on, without overlap; the rest is left."""
    n = (len(sequence) - 1) // length
    cut = sequence[: n * length + 1]
    return cut[:-1].view(n, length), cut[1:].view(n, length)


def _make(settings, seed, device, **sizes):
    text = texts.shakespeare()
    characters = Characters(text.train)
    train, validation = (
        torch.tensor(characters.encode(part), device=device) for part in (text.train, text.validation)
    )
    context, dropout = sizes["context"], max(settings.dropout, 0.0)
    model = GPT(len(characters), dropout=dropout, **sizes)
    tokens, targets = _windows(validation, context)

    def look(network):
        return {"loss": mean_loss(network, tokens, targets)}

    batches = Windows(train, context, batch_size=settings.batch_size, seed=seed)
    return Task(model, batches, token_loss, validate=look, test=look)


def make_cpu(settings, seed, device):
    """4 layers, 4 heads, 128 channels, context 64."""
    return _make(settings, seed, device, context=64, layers=4, heads=4, width=128)


def make_gpu(settings, seed, device):
    """6 layers, 6 heads, 384 channels, context 256."""
    return _make(settings, seed, device, context=256, layers=6, heads=6, width=384)


RECIPES = (
    Recipe(
        "shakespeare-cpu",
        "Tiny Shakespeare, nanoGPT's CPU configuration",
        make_cpu,
        Settings(steps=1800, batch_size=12, lr=4e-3, beta2=0.99, weight_decay=0.1, clip=1.0, warmup=100),
        metric="loss",
        unit="nats a character",
        largest=False,
        target=Target(1.88, _SOURCE, 2),
        data=("shakespeare",),
        minutes=2,
    ),
    Recipe(
        "shakespeare-gpu",
        "Tiny Shakespeare, nanoGPT's GPU configuration",
        make_gpu,
        Settings(
            steps=5000,
            batch_size=64,
            lr=1e-3,
            beta2=0.99,
            weight_decay=0.1,
            clip=1.0,
            warmup=100,
            schedule="cosine",
            dropout=0.2,
            precision="bfloat16",
            compile=True,
            validate_every=250,
        ),
        metric="loss",
        unit="nats a character",
        largest=False,
        best=True,
        target=Target(1.4697, _SOURCE, 4),
        data=("shakespeare",),
        seeds=5,
        minutes=0,
    ),
)
