"""W3: an LSTM over a sequence of vectors, and a linear layer on its last state."""

import numpy as np


def make(lib, rng, batch=32, length=64, features=32, hidden=128, classes=10):
    """LSTM, linear, cross-entropy."""
    nn = lib.nn

    class Classifier(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(features, hidden, batch_first=True)
            self.head = nn.Linear(hidden, classes)

        def forward(self, x):
            states, _ = self.lstm(x)  # (batch, length, hidden)
            return self.head(states[:, -1])

    model = Classifier()

    def draw():
        x = rng.standard_normal((batch, length, features), dtype=np.float32)
        return x, x[:, -1, :classes].argmax(1)

    def loss(x, y):
        return nn.functional.cross_entropy(model(x), y)

    return model, draw, loss
