"""W3: an LSTM over a sequence of vectors, and a linear layer on its last state."""

from dataclasses import dataclass


@dataclass
class Sizes:
    batch: int = 32
    length: int = 64
    features: int = 32
    hidden: int = 128
    classes: int = 10


def draw(rng, s):
    """Noise, and in which number of the last vector it is largest."""
    x = rng.standard_normal((s.batch, s.length, s.features), dtype="float32")
    return x, x[:, -1, : s.classes].argmax(1)


def make(lib, s):
    """LSTM, linear, cross-entropy."""
    nn = lib.nn

    class Classifier(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(s.features, s.hidden, batch_first=True)
            self.head = nn.Linear(s.hidden, s.classes)

        def forward(self, x):
            states, _ = self.lstm(x)  # (batch, length, hidden)
            return self.head(states[:, -1])

    model = Classifier()

    def loss(x, y):
        return nn.functional.cross_entropy(model(x), y)

    return model, loss
