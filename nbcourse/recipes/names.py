"""First names by the character: from pairs of letters to a Transformer, each rung one idea more.

The test loss is the mean over all characters of the test names and their ends. The ladder is that of
Karpathy's makemore (2022).
"""

import torch
from torch import nn

from nbcourse.datasets import texts
from nbcourse.models import GPT, RecurrentLM, WindowLM
from nbcourse.recipes.language import IGNORED, Characters, mean_loss, token_loss
from nbcourse.recipes.recipe import Recipe, Target, Task
from nbcourse.train import Batches, Settings

_SOURCE = "makemore, test loss"
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def as_rows(names, characters, length):
    """Return inputs and targets (n, length): a name between a 0 before and a 0 after; the rest is ignored."""
    inputs = torch.zeros(len(names), length, dtype=torch.long)
    targets = torch.full((len(names), length), IGNORED)
    for i, name in enumerate(names):
        numbers = torch.tensor(characters.encode(name))
        inputs[i, 1 : len(name) + 1] = numbers
        targets[i, : len(name)] = numbers
        targets[i, len(name)] = 0
    return inputs, targets


def _loss(network, batch):
    """Mean cross-entropy of a batch, computed as far as its longest name goes."""
    length = (batch[1] != IGNORED).any(0).sum()
    return token_loss(network, tuple(part[:, :length] for part in batch))


def spelled(words, model, settings, seed, device):
    """Return the `Task` of spelling these `Words`; ``model(27, longest)`` makes the network."""
    characters = Characters(ALPHABET, reserved=1)
    length = 1 + max(len(word) for part in words for word in part)
    train, validation, test = (
        tuple(x.to(device) for x in as_rows(part, characters, length)) for part in words
    )
    return Task(
        model(27, length),
        Batches(*train, batch_size=settings.batch_size, seed=seed),
        _loss,
        validate=lambda network: {"loss": mean_loss(network, *validation, 512)},
        test=lambda network: {"loss": mean_loss(network, *test, 512)},
    )


def make_bigram(settings, seed, device):
    """A table: the score of each letter after each letter."""
    return spelled(
        texts.names(), lambda vocabulary, _: nn.Embedding(vocabulary, vocabulary), settings, seed, device
    )


def make_mlp(settings, seed, device):
    """Three letters, side by side, and a hidden layer."""
    return spelled(texts.names(), lambda vocabulary, _: WindowLM(vocabulary), settings, seed, device)


def _recurrent(cell):
    def make(settings, seed, device):
        dropout = max(settings.dropout, 0.0)
        return spelled(
            texts.names(),
            lambda vocabulary, _: RecurrentLM(vocabulary, cell, 64, 256, dropout=dropout),
            settings,
            seed,
            device,
        )

    return make


def transformer(vocabulary, length, dropout):
    """A GPT of 200,000 parameters: 4 layers, 4 heads, 64 channels.

    As in makemore, the last layer has weights of its own, and all start as PyTorch's layers do: GPT-2's small
    first weights are made for width and depth that this model does not have.
    """
    model = GPT(vocabulary, length, 4, 4, 64, dropout, tied=False)
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Embedding)):
            layer.reset_parameters()
    return model


def make_transformer(settings, seed, device):
    """A small GPT."""
    dropout = max(settings.dropout, 0.0)
    return spelled(
        texts.names(),
        lambda vocabulary, length: transformer(vocabulary, length, dropout),
        settings,
        seed,
        device,
    )


def _recipe(rung, title, make, settings, target, minutes):
    return Recipe(
        f"names-{rung}",
        f"First names, {title}",
        make,
        settings,
        metric="loss",
        unit="nats a character",
        largest=False,
        best=True,
        target=None if target is None else Target(target, _SOURCE, 2),
        data=("names",),
        minutes=minutes,
    )


_NETWORK = Settings(epochs=12, batch_size=128, lr=3e-3, weight_decay=0.05, clip=1.0)
RECIPES = (
    _recipe("bigram", "pairs of letters", make_bigram, Settings(epochs=4, batch_size=128, lr=0.1), 2.45, 0.2),
    _recipe(
        "mlp",
        "three letters and a hidden layer",
        make_mlp,
        _NETWORK.changed(epochs=30, lr=4e-3, weight_decay=0.1),
        2.10,
        1,
    ),
    _recipe("rnn", "a recurrent network", _recurrent("rnn"), _NETWORK, None, 1),
    _recipe(
        "gru",
        "a gated recurrent network",
        _recurrent("gru"),
        _NETWORK.changed(weight_decay=0.1, dropout=0.1),
        None,
        2,
    ),
    _recipe(
        "transformer",
        "a Transformer",
        make_transformer,
        _NETWORK.changed(epochs=16, lr=4e-3, weight_decay=0.3, dropout=0.1),
        1.92,
        4,
    ),
)
