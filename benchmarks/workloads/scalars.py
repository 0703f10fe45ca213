"""W5: micrograd's demonstration: a perceptron of single numbers, hinge loss and a penalty, plain SGD."""

import itertools
import math


def make(Value, rng, points=100, hidden=16, penalty=1e-4, rate=0.5):
    """Return the training step of Karpathy's demo.ipynb in terms of ``Value``, an engine's scalar."""
    sizes = [2, hidden, hidden, 1]
    layers = [  # a neuron is its weights and its bias
        [([Value(rng.uniform(-1, 1)) for _ in range(n)], Value(0.0)) for _ in range(m)]
        for n, m in itertools.pairwise(sizes)
    ]
    parameters = [p for layer in layers for weights, bias in layer for p in (*weights, bias)]
    data = [moon(rng) for _ in range(points)]

    def score(x):
        for layer in layers:
            x = [sum((w * v for w, v in zip(weights, x, strict=True)), bias) for weights, bias in layer]
            if layer is not layers[-1]:
                x = [v.relu() for v in x]
        return x[0]

    def step():
        losses = [(1 + -y * score([Value(v) for v in x])).relu() for x, y in data]
        loss = sum(losses) * (1.0 / points) + penalty * sum(p * p for p in parameters)
        for p in parameters:
            p.grad = 0.0
        loss.backward()
        for p in parameters:
            p.data -= rate * p.grad
        return loss.data

    return step


def moon(rng, noise=0.1):
    """Return a point on one of two interleaved half circles, and which one, -1 or 1."""
    angle, label = rng.uniform(0, math.pi), float(rng.choice((-1, 1)))
    x, y = math.cos(angle), math.sin(angle)
    if label > 0:
        x, y = 1 - x, 0.5 - y
    return (x + rng.normal(0, noise), y + rng.normal(0, noise)), label
