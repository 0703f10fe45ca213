"""W1: a perceptron with one hidden layer, for images of 28×28 pixels and ten classes."""

import numpy as np


def make(lib, rng, batch=64, features=784, hidden=128, classes=10):
    """Linear, ReLU, linear, cross-entropy."""
    nn = lib.nn
    model = nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, classes))

    def draw():
        x = rng.standard_normal((batch, features), dtype=np.float32)
        return x, x[:, :classes].argmax(1)

    def loss(x, y):
        return nn.functional.cross_entropy(model(x), y)

    return model, draw, loss


def make_autograd(np, features=784, hidden=128, classes=10, **_):
    """The same in HIPS autograd: the shapes of the weights, and the loss as a function of them."""
    shapes = {
        "0.weight": (hidden, features),
        "0.bias": (hidden,),
        "2.weight": (classes, hidden),
        "2.bias": (classes,),
    }

    def loss(w, x, y):
        hidden = np.maximum(x @ w["0.weight"].T + w["0.bias"], 0)
        return cross_entropy(np, hidden @ w["2.weight"].T + w["2.bias"], y)

    return shapes, loss


def cross_entropy(np, scores, y):
    """Mean of -log softmax(scores) at the classes ``y``; scores: (n, classes)."""
    shifted = scores - np.max(scores, 1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), 1))
    return np.mean(log_sum - shifted[np.arange(len(y)), y])
