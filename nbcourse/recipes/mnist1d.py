"""MNIST-1D: four models, on the signals as they are and with their points in another order.

The models have the sizes of those of Greydanus and Kobak (2024), whose perceptron adds its first hidden layer
to the second; the shuffled control shows which of them lives on neighbourhood. Their budget, 6,000 batches of
100, is kept; step sizes and decay were chosen on 400 training signals that no model learns from.
"""

import torch
from torch import nn

from nbcourse import datasets
from nbcourse.models import MLP, SignalCNN, SignalRNN
from nbcourse.recipes.classification import as_classes, classifier
from nbcourse.recipes.recipe import Recipe, Target
from nbcourse.train import Settings

_SOURCE = "Greydanus and Kobak (2024), MNIST-1D"
_HELD_OUT = 400  # of the 4,000 training signals, to validate with


def _parts(shuffled, device):
    signals = datasets.mnist1d()
    signals = signals.shuffled() if shuffled else signals
    X, y = (
        torch.tensor(signals.train.X, dtype=torch.float32, device=device),
        as_classes(signals.train.y, device),
    )
    test = torch.tensor(signals.test.X, dtype=torch.float32, device=device)
    return {
        "train": (X[:-_HELD_OUT], y[:-_HELD_OUT]),
        "validation": (X[-_HELD_OUT:], y[-_HELD_OUT:]),
        "test": (test, as_classes(signals.test.y, device)),
    }


def _maker(model, shuffled):
    def make(settings, seed, device):
        return classifier(model(), _parts(shuffled, device), settings, seed)

    return make


def _gru():
    return SignalRNN("gru")


_BUDGET = Settings(steps=6000, batch_size=100, lr=1e-2, weight_decay=0.0, validate_every=500)
MODELS = {  # name: (title, model, settings, published accuracy on signals in order, shuffled; minutes)
    "logistic": ("logistic regression", lambda: nn.Sequential(nn.Linear(40, 10)), _BUDGET, (32, 32), 0.1),
    "mlp": (
        "a perceptron of two hidden layers",
        lambda: MLP(40, 100, 100, 10),
        _BUDGET.changed(lr=4e-2, weight_decay=0.2),
        (68, 68),
        0.1,
    ),
    "cnn": ("three convolutions", SignalCNN, _BUDGET.changed(lr=2e-2, weight_decay=0.3), (94, 56), 0.3),
    "gru": ("a bidirectional GRU", _gru, _BUDGET.changed(lr=2e-2, weight_decay=0.1), (91, 57), 1.5),
}

RECIPES = tuple(
    Recipe(
        f"mnist1d-{name}{'-shuffled' if shuffled else ''}",
        f"MNIST-1D{', shuffled' if shuffled else ''}, {title}",
        _maker(model, shuffled),
        settings,
        target=Target(float(published[shuffled]), _SOURCE, 0),
        minutes=minutes,
    )
    for name, (title, model, settings, published, minutes) in MODELS.items()
    for shuffled in (False, True)
)
