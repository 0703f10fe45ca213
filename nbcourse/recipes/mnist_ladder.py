"""The MNIST ladder: from one hidden layer to an ensemble of convolutional networks, rung by rung.

The first seven rungs are those of Nielsen (2015), Neural Networks and Deep Learning, chapter 6; his best of
three runs stands beside each. Widths and schedule are ours: ten epochs, one cycle, the same on every rung. So
is batch norm after each convolution, and one hidden layer of 500 with dropout, where his has two of 1,000.
Two rungs more show what has been learned since: six small convolutions, and the mean of many answers. Their
step and decay, and the nine places, were chosen on the 5,000 pictures that are held out.
"""

from dataclasses import dataclass, replace

from torch import nn

from nbcourse import datasets
from nbcourse.models import FastCNN, LeNet
from nbcourse.recipes.classification import classifier, tensors, warped
from nbcourse.recipes.ensemble import Ensemble
from nbcourse.recipes.recipe import Recipe, Target
from nbcourse.train import Settings

_SOURCE = "Nielsen (2015), chapter 6, best of three"
_SETTINGS = Settings(epochs=10, batch_size=128, lr=5e-3, weight_decay=0.01)
_DEEPER = replace(_SETTINGS, lr=0.01, weight_decay=0.05, precision="bfloat16")  # half the time of float32


@dataclass(frozen=True)
class Rung:
    """One rung: what is new, the per cent that was published, and how the network is built and trained."""

    new: str
    published: float | None
    filters: tuple[int, ...] = ()
    pairs: tuple[int, ...] = ()  # widths of pairs of 3 × 3 convolutions, in place of filters and hidden
    activation: type = nn.Sigmoid
    augment: bool = False
    hidden: tuple[int, ...] = (100,)
    dropout: float = 0.0

    def make(self, settings, seed, device):
        """Return the `Task`."""
        dropout = self.dropout if settings.dropout < 0 else settings.dropout
        if self.pairs:
            model = FastCNN(self.pairs, dropout=dropout, repeat=2)
        else:
            model = LeNet(self.filters, self.hidden, self.activation, dropout, norm=True)
        parts = tensors(datasets.mnist(5_000), device)
        return classifier(model, parts, settings, seed, warped if self.augment else None)


_TWO = (16, 48)
_DEEP = {"filters": _TWO, "activation": nn.ReLU}
RUNGS = {
    "shallow": Rung("one hidden layer of 100 sigmoids", 97.80),
    "conv": Rung("a convolution", 98.78, (16,)),
    "conv2": Rung("a second convolution", 99.06, _TWO),
    "relu": Rung("ReLU", 99.23, **_DEEP),
    "augment": Rung("pictures turned, stretched and moved a little", 99.37, **_DEEP, augment=True),
    "dropout": Rung(
        "a hidden layer of 500 with dropout",
        99.60,
        **_DEEP,
        augment=True,
        hidden=(500,),
        dropout=0.5,
    ),
}
DEEP = Rung("six convolutions of 3 × 3", None, pairs=(24, 48, 96), augment=True, dropout=0.4)
LOOKS = tuple((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1))


def _recipe(name, title, rung, target, minutes, kind=Recipe, **more):
    return kind(
        f"mnist-ladder-{name}",
        f"MNIST ladder: {title}",
        rung.make,
        _DEEPER if rung.pairs else _SETTINGS,
        target=target,
        data=("mnist",),
        minutes=minutes,
        **more,
    )


RECIPES = (
    *(_recipe(name, rung.new, rung, Target(rung.published, _SOURCE, 2), 2) for name, rung in RUNGS.items()),
    _recipe(
        "ensemble",
        "five networks, their probabilities averaged",
        RUNGS["dropout"],
        Target(99.67, _SOURCE, 2),
        10,
        Ensemble,
    ),
    _recipe("deep", DEEP.new, DEEP, None, 6),
    _recipe(
        "top",
        "five of the six-convolution networks, each at nine places of the picture",
        DEEP,
        Target(99.70, "a bound of our own", 2),
        30,
        Ensemble,
        looks=LOOKS,
    ),
)
