"""Multilayer perceptrons: fully connected layers with an activation between them."""

from itertools import pairwise

from torch import nn
from torch.nn import functional as F

from nbcourse.models.arguments import at_least, each_at_least, one_of, share

ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "gelu": nn.GELU}


class MLP(nn.Sequential):
    """Fully connected layers of the given sizes: (n, …) → (n, sizes[-1]).

    Inputs of more than two dimensions are flattened first. ``MLP(784, 128, 10)`` is another `SimpleNN`,
    ``MLP(10, 64, 32, 1)`` a binary classifier's scores, ``MLP(40, 10)`` a linear model.

    Parameters
    ----------
    sizes : int
        Inputs, units of each hidden layer, outputs.
    activation : str
        "relu", "sigmoid", "tanh" or "gelu".
    dropout : float
        How often a hidden unit is dropped while training.
    """

    def __init__(self, *sizes, activation="relu", dropout=0.0):
        if len(sizes) < 2:
            raise ValueError(f"expected at least two sizes, of inputs and outputs; got {sizes}")
        each_at_least(1, sizes=sizes)
        one_of(ACTIVATIONS, activation=activation)
        share(dropout=dropout)
        layers = [nn.Flatten()]
        for m, n in pairwise(sizes[:-1]):
            layers += [nn.Linear(m, n), ACTIVATIONS[activation]()]
            layers += [nn.Dropout(dropout)] if dropout else []
        super().__init__(*layers, nn.Linear(*sizes[-2:]))


class SimpleNN(nn.Module):
    """One hidden layer of ReLUs, (n, input_size) → (n, output_size): the smallest network of the course."""

    def __init__(self, input_size=784, hidden_size=128, output_size=10):
        super().__init__()
        at_least(1, input_size=input_size, hidden_size=hidden_size, output_size=output_size)
        self.layer1 = nn.Linear(input_size, hidden_size)
        self.relu = nn.ReLU()
        self.layer2 = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        """Return the scores of the classes."""
        return self.layer2(self.relu(self.layer1(x)))


class WindowLM(nn.Module):
    """A language model that sees the last few tokens only: (n, T) → scores (n, T, vocabulary).

    The tokens' vectors stand side by side and pass one hidden layer (Bengio et al., 2003).

    Parameters
    ----------
    vocabulary, window : int
        How many tokens there are; how many it sees. Before the first token, token 0 is seen.
    width, hidden : int
        Size of a token's vector; units of the hidden layer.
    """

    def __init__(self, vocabulary, window=3, width=24, hidden=256):
        super().__init__()
        at_least(1, vocabulary=vocabulary, window=window, width=width, hidden=hidden)
        self.window = window
        self.embedding = nn.Embedding(vocabulary, width)
        self.layers = nn.Sequential(
            nn.Linear(window * width, hidden), nn.Tanh(), nn.Linear(hidden, vocabulary)
        )

    def forward(self, tokens):
        """Return the scores of the next token at every place."""
        padded = F.pad(tokens, (self.window - 1, 0))  # (n, T + window - 1)
        seen = padded.unfold(1, self.window, 1)  # (n, T, window)
        return self.layers(self.embedding(seen).flatten(2))
