"""W2 and W2c: two convolutions with max-pooling and a linear layer, for small images and ten classes."""

import numpy as np


def make(lib, rng, batch=64, channels=1, side=28, filters=32, classes=10):
    """Convolution 3×3, ReLU, pool; again with twice the filters; linear, cross-entropy."""
    nn = lib.nn
    model = nn.Sequential(
        nn.Conv2d(channels, filters, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(filters, 2 * filters, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(2 * filters * (side // 4) ** 2, classes),
    )

    def draw():
        x = rng.standard_normal((batch, channels, side, side), dtype=np.float32)
        return x, x[:, 0, 0, :classes].argmax(1)

    def loss(x, y):
        return nn.functional.cross_entropy(model(x), y)

    return model, draw, loss
