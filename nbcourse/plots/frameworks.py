"""The figures of the Keras appendix: the losses of a history, and what a forgotten setting costs."""

import numpy as np

from nbcourse.plots.style import (
    DATA,
    INK,
    LOSS,
    SEED,
    WEIGHT,
    figure,
    label_line,
)

__all__ = ["forgotten", "history"]

AGREE = 1e-5  # nearer than this, two libraries that compute in float32 agree


@figure(width=5.4, height=3.0)
def history(fig, loss, val_loss, at_rest):
    """Losses (epochs,): training, as `fit` reports it; validation; the training rows after each epoch."""
    ax = fig.subplots()
    epochs = np.arange(1, len(loss) + 1)
    for values, text, color, dash, dy in [
        (loss, "training", DATA, "--", 0),
        (val_loss, "validation", LOSS, "-", 7),
        (at_rest, "training rows,\nat rest", DATA, "-.", -10),
    ]:
        ax.plot(epochs, values, dash, color=color)
        label_line(ax, epochs, values, text, color, dy)
    ax.set(xlabel="epoch", ylabel="mean squared error", yscale="log")


@figure(width=5.4, height=3.4)
def forgotten(fig, apart):
    """Distances from Keras's validation loss, thing forgotten -> (starts,): a row each, the least first."""
    ax = fig.subplots()
    names = sorted(apart, key=lambda name: np.median(apart[name]), reverse=True)
    for row, name in enumerate(names):
        found = np.asarray(apart[name])
        color = WEIGHT if found.max() < AGREE else LOSS
        ax.plot(found, np.full(len(found), row), "o", color=color, **SEED)
        ax.plot([np.median(found)] * 2, [row - 0.3, row + 0.3], "-", color=color, linewidth=2.5)
    ax.axvline(AGREE, color=INK, linestyle=":", linewidth=1.2)
    ax.set(xlabel="distance from Keras's validation loss", xscale="log")
    ax.set_yticks(range(len(names)), names)
