"""MNIST: 99.4 % in a minute or two, a race to it on a GPU, and what 1,000 pictures teach."""

from dataclasses import dataclass

from torch import nn

from nbcourse import datasets
from nbcourse.models import MLP, FastCNN
from nbcourse.recipes.classification import classifier, shifted, tensors
from nbcourse.recipes.recipe import Recipe, Target
from nbcourse.train import Settings

_NIELSEN = "Nielsen (2015), chapter 3, 1,000 training images"


@dataclass(frozen=True)
class Race(Recipe):
    """A recipe whose result is also how long it took until the validation part was at the target.

    Each run has "goal_seconds": the seconds of training, looks not counted, at the first look whose metric
    reached the target; None if none did.
    """

    def run(self, seed, settings=None, **options):
        """Train once with this seed and score the test part; see `Recipe.run`."""
        result = super().run(seed, settings, **options)
        there = (row["seconds"] for row in result["history"] if row[self.metric] >= self.target.value)
        return {**result, "goal_seconds": next(there, None)}


def make_cnn(settings, seed, device):
    """Three convolutions with batch norm, and pictures that are shifted by up to 2 pixels."""
    return classifier(FastCNN(), tensors(datasets.mnist(5_000), device), settings, seed, transform=shifted)


def make_small(settings, seed, device):
    """784-30-10 with sigmoids on the first 1,000 pictures; weights start from N(0, 1), as in Nielsen's."""
    parts = tensors(datasets.mnist(10_000), device)
    parts["train"] = tuple(part[:1000] for part in parts["train"])
    model = MLP(784, 30, 10, activation="sigmoid")
    for parameter in model.parameters():
        nn.init.normal_(parameter)
    return classifier(model, parts, settings, seed)


_CNN = Settings(epochs=5, batch_size=128, lr=1e-2, weight_decay=0.05, warmup=0.2)
_SMALL = Settings(
    epochs=400,
    batch_size=10,
    optimizer="sgd",
    lr=0.5,
    momentum=0.0,
    weight_decay=0.0,
    schedule="constant",
    warmup=0.0,
    validate_every=1000,
)
RECIPES = (
    Recipe(
        "mnist-cnn",
        "MNIST, three convolutions with batch norm",
        make_cnn,
        _CNN,
        target=Target(99.4, "a bound of our own"),
        data=("mnist",),
        minutes=2,
    ),
    Race(
        "mnist-fast",
        "MNIST, the same network, as fast as a GPU can",
        make_cnn,
        _CNN.changed(epochs=8, batch_size=512, precision="bfloat16", validate_every=54),
        target=Target(99.4, "a bound of our own"),
        data=("mnist",),
        minutes=0,
    ),
    Recipe(
        "mnist-small",
        "MNIST, 1,000 training pictures and 30 sigmoids",
        make_small,
        _SMALL,
        target=Target(82.23, _NIELSEN, 2),
        data=("mnist",),
        minutes=0.5,
    ),
    Recipe(
        "mnist-small-decay",
        "MNIST, 1,000 training pictures and 30 sigmoids, with weight decay",
        make_small,
        _SMALL.changed(weight_decay=3e-4),
        target=Target(86.95, _NIELSEN, 2),
        data=("mnist",),
        minutes=0.5,
    ),
)
