"""The playground: a neuron or a small network that learns, live in the page, to tell two classes apart."""

import functools

import numpy as np
import traitlets

from nbcourse.widgets import network, still, svg
from nbcourse.widgets.base import Figure

DATASETS = ("blobs", "moons", "circles", "spirals", "xor")
LABELS = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "sigmoid", "xor": "XOR"}
STILL_STEPS = 500  # the still shows the settings after so many steps


class Playground(Figure):
    """A network from the plane to one probability, trained by gradient descent on binary cross-entropy.

    Half of the 200 points train, the other half is held out. With `depth` 0 it is a single neuron, whose
    weights can also be moved by hand. After a run, `result` holds its step, losses and held-out accuracy.

    Parameters
    ----------
    dataset : {"blobs", "moons", "circles", "spirals", "xor"}
    activation : {"tanh", "relu", "sigmoid"}
        Of the hidden layers; the output is a sigmoid.
    depth : int
        Hidden layers, 0 to 3.
    width : int
        Neurons in each of them, 1 to 8.
    rate : float
        Learning rate, 0.001 to 10.
    seed : int
        Of the initial weights.

    Raises
    ------
    traitlets.TraitError
        If a setting is out of its range; the message names the setting, what was expected and what came.
    """

    script = "playground.js"
    dataset = traitlets.Enum(DATASETS, "moons").tag(sync=True)
    activation = traitlets.Enum(tuple(network.ACTIVATIONS), "tanh").tag(sync=True)
    depth = traitlets.Int(2, min=0, max=3).tag(sync=True)
    width = traitlets.Int(6, min=1, max=8).tag(sync=True)
    rate = traitlets.Float(0.5, min=0.001, max=10).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    data = traitlets.Dict().tag(sync=True)  # set -> points [x, y, x, y, …] and labels "0110…"
    result = traitlets.Dict().tag(sync=True)

    def __init__(self, **kwargs):
        super().__init__(**{"data": points(), **kwargs})

    def still(self) -> str:
        """Return settings, decision regions, network and loss after `STILL_STEPS` steps, as HTML and SVG."""
        run = train(self.dataset, self.activation, self.depth, self.width, self.rate, self.seed)
        return (
            '<div class="nbc-root nbc-playground">'
            f"{_settings(self)}"
            f'<div class="nbc-actions"><p>After {STILL_STEPS} steps of gradient descent:</p></div>'
            f'<dl class="nbc-tiles">{_tiles(run)}</dl>'
            f'<div class="nbc-plane"><div class="nbc-canvas">{still.plane(run)}</div></div>'
            f'<p class="nbc-legend">{still.LEGEND}</p>'
            f'<div class="nbc-side"><div class="nbc-canvas">{still.diagram(run["layers"])}</div></div>'
            '<div class="nbc-loss"><div class="nbc-canvas">'
            f"{still.curve(run['train'], run['held_out'])}</div></div>"
            f'<p class="nbc-key">{still.KEY}</p></div>'
        )


@functools.cache
def _generated() -> dict:
    from nbcourse import datasets  # here, so that a quiz does not load what it does not use

    found = {}
    for name in DATASETS:
        X, y = getattr(datasets, name)(n=200, seed=0)
        found[name] = {"points": np.round(X, 3).ravel().tolist(), "labels": "".join(map(str, y))}
    return found


def points() -> dict:
    """Return the five data sets as the page gets them: coordinates to 3 decimals, labels as one string."""
    return {name: dict(one) for name, one in _generated().items()}


@functools.lru_cache(maxsize=16)
def train(dataset: str, activation: str, depth: int, width: int, rate: float, seed: int) -> dict:
    """Return what the figure shows after `STILL_STEPS` steps: points, layers, both losses at every step."""
    one = _generated()[dataset]
    X = np.array(one["points"]).reshape(-1, 2)
    y = np.array(list(one["labels"]), dtype=float)
    half = len(y) // 2
    layers, losses, held_out = network.initial(depth, width, seed), [], []
    for _ in range(STILL_STEPS):
        held_out.append(network.loss(network.logits(layers, activation, X[half:]), y[half:]))
        before, layers = network.step(layers, activation, X[:half], y[:half], rate)
        losses.append(before)
    right = (network.logits(layers, activation, X[half:]) > 0) == (y[half:] == 1)
    run = {"X": X, "y": y, "layers": layers, "activation": activation, "train": losses, "held_out": held_out}
    return {**run, "accuracy": float(right.mean())}


def _settings(figure: Playground) -> str:
    rows = {
        "Data": LABELS.get(figure.dataset, figure.dataset.capitalize()),
        "Activation": LABELS[figure.activation],
        "Hidden layers": figure.depth,
        "Width": figure.width,
        "Learning rate": f"{figure.rate:g}",
    }
    return svg.settings(rows)


def _tiles(run: dict) -> str:
    values = {
        "Step": STILL_STEPS,
        "Training loss": f"{run['train'][-1]:.3f}",
        "Held-out loss": f"{run['held_out'][-1]:.3f}",
        "Held-out right": f"{100 * run['accuracy']:.0f} %",
    }
    return "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in values.items())
