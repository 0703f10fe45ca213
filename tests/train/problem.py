"""A small problem that the tests of training share: points in 6 dimensions, three classes, float64."""

import torch
from torch import nn
from torch.nn import functional as F

from nbcourse import train

N = 50


def data(n=N):
    generator = torch.Generator().manual_seed(7)
    X = torch.randn(n, 6, generator=generator, dtype=torch.float64)
    y = (X @ torch.randn(6, 3, generator=generator, dtype=torch.float64)).argmax(1)
    return X, y


def network(dropout=0.0, seed=0, width=8):
    torch.manual_seed(seed)
    layers = [nn.Linear(6, width), nn.Tanh(), nn.Dropout(dropout), nn.Linear(width, 3)]
    return nn.Sequential(*layers).double()


def loss(model, batch):
    return F.cross_entropy(model(batch[0]), batch[1])


def validate(model):
    X, y = data(200)
    scores = model(X[N:])
    return {"loss": F.cross_entropy(scores, y[N:]), "right": int((scores.argmax(1) == y[N:]).sum())}


def settings(**changes):
    return train.Settings(epochs=6, batch_size=8, lr=0.02).changed(**changes)


def run(model=None, chosen=None, n=N, **options):
    """Train on the small problem: 7 batches an epoch, the last of 2."""
    chosen = settings() if chosen is None else chosen
    batches = train.Batches(*data(n), batch_size=chosen.batch_size)
    options = {"validate": validate, "device": "cpu", **options}
    return train.fit(network() if model is None else model, batches, loss, chosen, **options)


def weights(model):
    return {name: t.clone() for name, t in model.state_dict().items()}


def equal(a, b):
    """Whether two state dicts are the same, bit for bit."""
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def told(run):
    """The history without what a clock says."""
    return [{k: v for k, v in row.items() if k != "seconds"} for row in run.progress.history]


class Stop(Exception):
    """What a hook raises to end a run as a fault would."""


def stop_at(step):
    def hook(event, run):
        if event == "step" and run.progress.step == step:
            raise Stop

    return hook
