"""The 8 × 8 digits of scikit-learn: a perceptron and a small convolutional network, in seconds."""

from functools import partial

import torch

from nbcourse import datasets
from nbcourse.models import MLP, SimpleCNN
from nbcourse.recipes.classification import as_classes, classifier, warped
from nbcourse.recipes.recipe import Recipe, Target
from nbcourse.train import Settings


def _parts(shape, device):
    split = datasets.digits()
    return {
        name: (
            torch.tensor(part.X, dtype=torch.float32, device=device).view(-1, *shape),
            as_classes(part.y, device),
        )
        for name, part in (("train", split.train), ("validation", split.validation), ("test", split.test))
    }


def make_mlp(settings, seed, device):
    """64-128-10 with ReLU."""
    return classifier(MLP(64, 128, 10), _parts((64,), device), settings, seed)


def make_cnn(settings, seed, device):
    """Two convolutions on 8 × 8 pixels; pictures are turned, stretched and moved by up to one pixel."""
    parts = _parts((1, 8, 8), device)
    return classifier(SimpleCNN(1, 8), parts, settings, seed, transform=partial(warped, most=1))


RECIPES = (
    Recipe(
        "digits-mlp",
        "Digits of 8 × 8 pixels, one hidden layer",
        make_mlp,
        Settings(epochs=40, batch_size=32, lr=3e-3),
        target=Target(97.0, "a bound of our own"),
        minutes=0.05,
    ),
    Recipe(
        "digits-cnn",
        "Digits of 8 × 8 pixels, two convolutions",
        make_cnn,
        Settings(epochs=60, batch_size=32, lr=3e-3),
        target=Target(98.0, "a bound of our own"),
        minutes=0.2,
    ),
)
