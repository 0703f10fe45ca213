"""The figures of a search for settings: how its trials went, and which settings mattered."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from nbcourse.plots.style import DATA, INK, LOSS, WEIGHT, figure, label_line

__all__ = ["importances", "trials"]


@figure(width=5.4, height=3.0)
def importances(fig, shares):
    """Bars for {setting: {"mean", "sd"}}: the share of the variance of log(loss) that each one explains."""
    ax = fig.subplots()
    names = list(shares)[::-1]  # the first one stands at the top
    means, deviations = (np.array([shares[name][of] for name in names]) for of in ("mean", "sd"))
    ax.barh(names, means, height=0.6, color=WEIGHT)
    ax.errorbar(means, names, xerr=deviations, fmt="none", ecolor=INK, elinewidth=1.2, capsize=3)
    for row, (mean, deviation) in enumerate(zip(means, deviations, strict=True)):
        ax.annotate(
            f"{mean:.2f}",
            (mean + deviation, row),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
        )
    ax.set(xlabel="share of the variance of log(loss)", xlim=(0, 1.15 * (means + deviations).max()))
    ax.tick_params(axis="y", length=0)


@figure(width=5.4, height=3.6)
def trials(fig, curves):
    """The loss after each look of every trial: curves is a list of (losses, whether it was stopped early)."""
    ax = fig.subplots()
    finished = [losses for losses, stopped in curves if not stopped]
    for losses, stopped in curves:
        looks = np.arange(1, len(losses) + 1)
        if stopped:
            ax.plot(looks, losses, "--", color=DATA, linewidth=1)
            ax.plot(looks[-1:], losses[-1:], "x", color=LOSS, markersize=6)
        else:
            ax.plot(looks, losses, "-", color=WEIGHT, linewidth=1, alpha=0.45)
    if finished:
        best = min(finished, key=lambda losses: losses[-1])
        looks = np.arange(1, len(best) + 1)
        ax.plot(looks, best, "-", color=WEIGHT, linewidth=2.5)
        label_line(ax, looks, best, "best", WEIGHT)
    stopped = len(curves) - len(finished)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(yscale="log", xlabel=f"look ({stopped} of {len(curves)} stopped at ×)", ylabel="validation loss")
