"""Multilayer perceptrons: fully connected layers with an activation between them."""

from itertools import pairwise

from torch import nn

from nbcourse.models.arguments import at_least, one_of

ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "gelu": nn.GELU}


class MLP(nn.Sequential):
    """Fully connected layers of the given sizes: (n, …) → (n, sizes[-1]).

    Inputs of more than two dimensions are flattened first. ``MLP(784, 128, 10)`` is the course's SimpleNN for
    MNIST, ``MLP(10, 64, 32, 1)`` a binary classifier's scores, ``MLP(40, 10)`` a linear model.

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
        at_least(1, **{f"sizes[{i}]": size for i, size in enumerate(sizes)})
        one_of(ACTIVATIONS, activation=activation)
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
