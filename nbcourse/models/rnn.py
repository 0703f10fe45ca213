"""Recurrent networks that read a sequence: to continue it, to classify it, to forecast it."""

import torch
from torch import nn

from nbcourse.models.arguments import at_least, one_of

CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def _recurrent(cell, inputs, hidden, layers, dropout):
    one_of(CELLS, cell=cell)
    at_least(1, hidden=hidden, layers=layers)
    between = dropout if layers > 1 else 0.0
    return CELLS[cell](inputs, hidden, layers, batch_first=True, dropout=between)


class RecurrentLM(nn.Module):
    """A language model: tokens (n, T) → scores of each next token (n, T, vocabulary).

    Parameters
    ----------
    vocabulary : int
        How many tokens there are.
    cell : str
        "rnn", "lstm" or "gru".
    width, hidden, layers : int
        Size of a token's vector, of the hidden state, and how many recurrent layers.
    """

    def __init__(self, vocabulary, cell="lstm", width=64, hidden=128, layers=1, dropout=0.0):
        super().__init__()
        at_least(1, vocabulary=vocabulary, width=width)
        self.embedding = nn.Embedding(vocabulary, width)
        self.recurrent = _recurrent(cell, width, hidden, layers, dropout)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(hidden, vocabulary)

    def forward(self, tokens, state=None):
        """Return the scores."""
        return self.step(tokens, state)[0]

    def step(self, tokens, state=None):
        """Return the scores and the state after the last token, with which a text can go on."""
        y, state = self.recurrent(self.embedding(tokens), state)  # (n, T, hidden)
        return self.head(self.drop(y)), state


class RecurrentClassifier(nn.Module):
    """Reads tokens (n, T) from both ends and scores the classes, (n, classes).

    What is read at the places of `padding` does not count: the states of the other places are averaged.
    """

    def __init__(
        self, vocabulary, classes=2, cell="lstm", width=64, hidden=64, layers=1, dropout=0.0, padding=0
    ):
        super().__init__()
        at_least(1, vocabulary=vocabulary, classes=classes, width=width)
        self.padding = padding
        self.embedding = nn.Embedding(vocabulary, width, padding_idx=padding)
        one_of(CELLS, cell=cell)
        between = dropout if layers > 1 else 0.0
        self.recurrent = CELLS[cell](
            width, hidden, layers, batch_first=True, dropout=between, bidirectional=True
        )
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(2 * hidden, classes)

    def forward(self, tokens):
        """Return the scores of the classes."""
        y, _ = self.recurrent(self.drop(self.embedding(tokens)))  # (n, T, 2 · hidden)
        real = (tokens != self.padding).unsqueeze(-1)  # (n, T, 1)
        mean = (y * real).sum(1) / real.sum(1).clamp(min=1)  # (n, 2 · hidden)
        return self.head(self.drop(mean))


class SignalRNN(nn.Module):
    """Reads a signal (n, T) point by point from both ends and scores the classes, (n, classes)."""

    def __init__(self, cell="gru", hidden=6, classes=10, points=40):
        super().__init__()
        one_of(CELLS, cell=cell)
        at_least(1, hidden=hidden, classes=classes)
        self.recurrent = CELLS[cell](1, hidden, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * hidden * points, classes)

    def forward(self, x):
        """Return the scores of the classes, from the states at all points."""
        y, _ = self.recurrent(x[..., None])  # (n, T, 2 · hidden)
        return self.head(y.flatten(1))


class Forecaster(nn.Module):
    """Reads the last values of a series, (n, T, features), and forecasts the next `steps`: (n, steps)."""

    def __init__(self, features=1, cell="lstm", hidden=32, layers=1, steps=1, dropout=0.0):
        super().__init__()
        at_least(1, features=features, steps=steps)
        self.recurrent = _recurrent(cell, features, hidden, layers, dropout)
        self.head = nn.Linear(hidden, steps)

    def forward(self, x):
        """Return the forecasts."""
        y, _ = self.recurrent(x)
        return self.head(y[:, -1])


@torch.no_grad()
def continue_text(model, tokens, length, temperature=1.0, generator=None):
    """Return `tokens` (n, T) and `length` more, drawn one by one from a `RecurrentLM`."""
    model.eval()
    scores, state = model.step(tokens)
    for _ in range(length):
        p = torch.softmax(scores[:, -1] / temperature, -1)  # (n, vocabulary)
        drawn = torch.multinomial(p, 1, generator=generator)  # (n, 1)
        tokens = torch.cat([tokens, drawn], 1)
        scores, state = model.step(drawn, state)
    return tokens
