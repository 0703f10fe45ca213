"""Recurrent networks that read a sequence: to continue it, to classify it, to forecast it."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from nbcourse.models.arguments import at_least, below, one_of, share
from nbcourse.models.drawing import checked, draw, evaluating

CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def _recurrent(cell, inputs, hidden, layers=1, dropout=0.0, bidirectional=False):
    """Recurrent layers (n, T, inputs) → (n, T, hidden), or 2 · hidden, with dropout between the layers."""
    one_of(CELLS, cell=cell)
    at_least(1, hidden=hidden, layers=layers)
    share(dropout=dropout)
    between = dropout if layers > 1 else 0.0
    return CELLS[cell](inputs, hidden, layers, batch_first=True, dropout=between, bidirectional=bidirectional)


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
    """Reads tokens (n, T) from both ends, averages the states, and scores the classes, (n, classes).

    `padding` stands after a shorter text. It is not read at all: a text's scores are the same, however much
    of it follows. The tokens' vectors begin with a standard deviation of 0.1: a rare word's is seldom
    learned, and as long as PyTorch draws it, it would drown the others in noise.
    """

    def __init__(
        self, vocabulary, classes=2, cell="lstm", width=64, hidden=64, layers=1, dropout=0.0, padding=0
    ):
        super().__init__()
        at_least(1, vocabulary=vocabulary, classes=classes, width=width)
        below(vocabulary, padding=padding)
        self.padding = padding
        self.embedding = nn.Embedding(vocabulary, width, padding_idx=padding)
        with torch.no_grad():
            self.embedding.weight *= 0.1
        self.recurrent = _recurrent(cell, width, hidden, layers, dropout, bidirectional=True)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(2 * hidden, classes)

    def forward(self, tokens):
        """Return the scores of the classes."""
        real = tokens != self.padding  # (n, T)
        if (real[:, 1:] & ~real[:, :-1]).any():
            raise ValueError(f"expected padding ({self.padding}) after the other tokens only")
        lengths = real.sum(1)
        x = self.drop(self.embedding(tokens))  # (n, T, width)
        # without packing, the reading from the right would start in the padding
        packed = pack_padded_sequence(x, lengths.clamp(min=1).cpu(), batch_first=True, enforce_sorted=False)
        y, _ = pad_packed_sequence(self.recurrent(packed)[0], batch_first=True)  # (n, longest, 2 · hidden)
        total = (y * real[:, : y.shape[1], None]).sum(1)  # (n, 2 · hidden)
        return self.head(self.drop(total / lengths.clamp(min=1)[:, None]))


class SignalRNN(nn.Module):
    """Reads a signal (n, points) from both ends and scores the classes from all states, (n, classes).

    The recurrent model of Greydanus and Kobak (2024).
    """

    def __init__(self, cell="gru", hidden=6, classes=10, points=40):
        super().__init__()
        at_least(1, hidden=hidden, classes=classes, points=points)
        self.recurrent = _recurrent(cell, 1, hidden, bidirectional=True)
        self.head = nn.Linear(2 * hidden * points, classes)

    def forward(self, x):
        """Return the scores of the classes."""
        y, _ = self.recurrent(x[..., None])  # (n, points, 2 · hidden)
        return self.head(y.flatten(1))


class Forecaster(nn.Module):
    """Reads the last values of a series, (n, T, features), and forecasts the next `steps`: (n, steps)."""

    def __init__(self, features=1, cell="lstm", hidden=32, layers=1, steps=1, dropout=0.0):
        super().__init__()
        at_least(1, features=features, steps=steps)
        self.recurrent = _recurrent(cell, features, hidden, layers, dropout)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(hidden, steps)

    def forward(self, x):
        """Return the forecasts."""
        y, _ = self.recurrent(x)  # (n, T, hidden)
        return self.head(self.drop(y[:, -1]))


def continue_text(model, tokens, length, temperature=1.0, top_k=None, generator=None):
    """Return `tokens` (n, T) and `length` more, drawn one by one from a `RecurrentLM` as by `draw`."""
    checked(temperature, top_k, tokens, length)
    with evaluating(model):
        seen, state = tokens, None
        for _ in range(length):
            scores, state = model.step(seen, state)
            seen = draw(scores[:, -1], temperature, top_k, generator)  # (n, 1)
            tokens = torch.cat([tokens, seen], 1)
    return tokens
