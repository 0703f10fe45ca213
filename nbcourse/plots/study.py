"""The figure of a search for settings: which of them mattered."""

import numpy as np

from nbcourse.plots.style import INK, WEIGHT, figure

__all__ = ["importances"]

_WORDS = {"lr": "learning rate", "warmup": "warm-up"}


@figure(width=5.4, height=3.0)
def importances(fig, shares):
    """Bars for {setting: {"mean", "sd"}}: the share of the variance of log(loss) that each one explains."""
    ax = fig.subplots()
    names = list(shares)[::-1]  # the first one stands at the top
    means, deviations = (np.array([shares[name][of] for name in names]) for of in ("mean", "sd"))
    rows = np.arange(len(names))
    ax.barh(rows, means, height=0.6, color=WEIGHT)
    ax.errorbar(means, rows, xerr=deviations, fmt="none", ecolor=INK, elinewidth=1.2, capsize=3)
    for row, (mean, deviation) in enumerate(zip(means, deviations, strict=True)):
        ax.annotate(
            f"{mean:.2f}",
            (mean + deviation, row),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
        )
    ax.set(xlabel="share of the variance of log(loss)", xlim=(0, 1.15 * (means + deviations).max()))
    ax.set_yticks(rows, [_WORDS.get(name, name.replace("_", " ")) for name in names])
    ax.tick_params(axis="y", length=0)
