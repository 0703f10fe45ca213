"""W2 and W2c: two convolutions with max-pooling and a linear layer, for small images and ten classes."""

from dataclasses import dataclass


@dataclass
class Sizes:
    batch: int = 64
    channels: int = 1
    side: int = 28
    filters: int = 32
    classes: int = 10


def draw(rng, s):
    """Noise, and in which pixel of the first row it is largest."""
    x = rng.standard_normal((s.batch, s.channels, s.side, s.side), dtype="float32")
    return x, x[:, 0, 0, : s.classes].argmax(1)


def make(lib, s):
    """Convolution 3×3, ReLU, pool; again with twice the filters; linear, cross-entropy."""
    nn = lib.nn
    model = nn.Sequential(
        nn.Conv2d(s.channels, s.filters, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(s.filters, 2 * s.filters, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(2 * s.filters * (s.side // 4) ** 2, s.classes),
    )

    def loss(x, y):
        return nn.functional.cross_entropy(model(x), y)

    return model, loss
