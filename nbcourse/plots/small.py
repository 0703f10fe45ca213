"""The figures of chapter 8's second half: grids, ranges, and what is left when a network shrinks."""

import numpy as np

from nbcourse.plots.style import (
    DATA,
    GRADIENT,
    INK,
    LOSS,
    SEED,
    SIGNAL,
    WEIGHT,
    clean,
    figure,
    label_line,
    on_paper,
)

__all__ = [
    "bits_needed",
    "bytes_and_accuracy",
    "examples_seen",
    "ranges",
    "soft_targets",
    "staircase",
    "thinned",
]

_LOOKS = [(DATA, ":", "X"), (WEIGHT, "--", "s"), (SIGNAL, "-", "o"), (GRADIENT, "-.", "^")]


@figure(width=5.4, height=4.0)
def staircase(fig, x, shown):
    """What a grid makes of numbers x (n,), in rising order: the values shown (n,), and below the error."""
    top, bottom = fig.subplots(2, 1, sharex=True, height_ratios=[2, 1])
    top.plot(x, x, "--", color=DATA, linewidth=1)
    top.step(x, shown, where="mid", color=WEIGHT)
    top.set(ylabel="value shown")
    step = np.diff(np.unique(shown)).min()
    bottom.axhspan(-step / 2, step / 2, color=LOSS, alpha=0.12, linewidth=0)
    bottom.plot(x, shown - x, color=LOSS, linewidth=1.2)
    bottom.set(xlabel="number", ylabel="error", yticks=[-step / 2, 0, step / 2])
    bottom.set_yticklabels(["−Δ/2", "0", "Δ/2"])


def _lines(ax, places, scores, lift=None):
    """Lines of mean ± sd: name -> (len(places), seeds), or fewer, which then are the last places."""
    for (name, found), (color, dash, marker) in zip(scores.items(), _LOOKS, strict=False):
        found = np.asarray(found)
        mean, sd, at = found.mean(axis=1), found.std(axis=1, ddof=1), places[-len(found) :]
        ax.errorbar(at, mean, sd, color=color, linestyle=dash, marker=marker, capsize=3, elinewidth=1)
        label_line(ax, at, mean, name, color, dy=(lift or {}).get(name, 0))


@figure(width=5.8, height=3.6)
def bits_needed(fig, bits, scores, lift=None):
    """Accuracy (%) against bits of a weight: name -> (len(bits), seeds), mean ± sd; `lift` moves names."""
    ax = fig.subplots()
    _lines(ax, range(len(bits)), scores, lift)
    ax.set_xticks(range(len(bits)), bits)
    ax.set(xlabel="bits for a weight", ylabel="validation accuracy (%)")


@figure(width=5.8, height=3.6)
def thinned(fig, sparsities, scores, lift=None):
    """Accuracy (%) against the share of weights taken out: name -> (len(sparsities), seeds), mean ± sd."""
    ax = fig.subplots()
    _lines(ax, range(len(sparsities)), scores, lift)
    ax.set_xticks(range(len(sparsities)), [f"{100 * s:.3g}" for s in sparsities])
    ax.set(xlabel="weights taken out (%)", ylabel="validation accuracy (%)")


@figure(width=5.8, height=3.4)
def examples_seen(fig, numbers, scores, lift=None):
    """Accuracy (%) against the number of examples: name -> (len(numbers), seeds), mean ± sd."""
    ax = fig.subplots()
    _lines(ax, range(len(numbers)), scores, lift)
    ax.set_xticks(range(len(numbers)), [f"{n:,}" for n in numbers])
    ax.set(xlabel="digits that the student sees", ylabel="validation accuracy (%)")


@figure(width=5.8, height=3.0)
def ranges(fig, values, tops):
    """How often activations (n,) have each size, counts logarithmic, and where ranges end: name -> value."""
    ax = fig.subplots()
    edges = np.linspace(0, 1.05 * max(tops.values()), 60)
    ax.hist(np.ravel(values), bins=edges, color=SIGNAL, alpha=0.7, log=True)
    height = ax.get_ylim()[1]
    for row, (name, top) in enumerate(sorted(tops.items(), key=lambda item: item[1])):
        ax.axvline(top, color=LOSS if row else WEIGHT, linestyle="--" if row else "-")
        right = top > 0.6 * edges[-1]
        ax.annotate(
            name,
            (top, height),
            xytext=(-5 if right else 5, -4),
            textcoords="offset points",
            ha="right" if right else "left",
            va="top",
        )
    ax.set(xlabel="activation", ylabel="how often")


@figure(width=5.8, height=3.2)
def soft_targets(fig, images, probabilities):
    """Digits (n, 8, 8), each above its ten probabilities: up to two names -> (n, 10)."""
    n = len(images)
    axes = fig.subplots(2, n, height_ratios=[1, 1.4], sharey="row", squeeze=False)
    for column, image in enumerate(images):
        on_paper(clean(axes[0, column]), image)
        ax = axes[1, column]
        for p, color, shift in zip(probabilities.values(), (DATA, WEIGHT), (-0.2, 0.2), strict=False):
            ax.bar(np.arange(10) + shift, p[column], width=0.4, color=color)
        ax.set(xlabel="class", xticks=range(0, 10, 3))
    axes[1, 0].set(ylabel="probability", ylim=(0, 1.4), yticks=[0, 0.5, 1])
    sides = [f"{side}: {name}" for side, name in zip(("left", "right"), probabilities, strict=False)]
    axes[1, 0].annotate("\n".join(sides), (0.04, 0.98), xycoords="axes fraction", va="top", color=INK)


@figure(width=5.8, height=4.6)
def bytes_and_accuracy(fig, variants, room):
    """Accuracy (%), mean ± sd, a row for each variant: name -> (bytes, (seeds,)); `room`: bytes there are."""
    ax = fig.subplots()
    names = []
    for row, (name, (size, scores)) in enumerate(variants.items()):
        color, marker, width = (WEIGHT, "o", 7) if size <= room else (LOSS, "X", 11)
        ax.plot(scores, np.full(len(scores), row), marker.lower(), color=color, **SEED)
        ax.errorbar(
            np.mean(scores),
            row,
            xerr=np.std(scores, ddof=1),
            color=color,
            marker=marker,
            markersize=width,
            capsize=3,
        )
        names.append(f"{name}\n{size / 1024:.1f} KiB")
    ax.set_yticks(range(len(names)), names, multialignment="right")
    ax.invert_yaxis()
    ax.set(xlabel="test accuracy (%)")
    ax.set_title(f"crosses: more than {room / 1024:.0f} KiB", color=INK)
