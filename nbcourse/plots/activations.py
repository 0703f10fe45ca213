"""The figures of chapter 2: activations and their slopes, signals through depth, which networks learn."""

import numpy as np

from nbcourse.plots.style import (
    DATA,
    GRADIENT,
    LOSS,
    SEED,
    SEQUENTIAL,
    SIGNAL,
    WEIGHT,
    clean,
    figure,
    label_line,
    mark_start_and_goal,
)

__all__ = ["cost", "dead_units", "gallery", "histograms", "mean_squares", "trainability", "zigzag"]


@figure(width=5.4, height=7.2)
def gallery(fig, z, functions):
    """One panel for each of eight activations, name -> (f, slope), over z (n,): f solid, its slope dashed."""
    axes = fig.subplots(4, 2, sharex=True, sharey=True).flat
    for ax, (name, (f, slope)) in zip(axes, functions.items(), strict=True):
        ax.axhline(0, color=DATA, linewidth=0.6)
        ax.plot(z, f(z), color=SIGNAL)
        ax.plot(z, slope(z), "--", color=GRADIENT)
        ax.set(title=name, xlim=(z[0], z[-1]), ylim=(-1.25, 2.3), xticks=[-5, 0, 5], yticks=[-1, 0, 1, 2])
    first = fig.axes[0]
    first.annotate("f", (4.6, 1.14), ha="right")
    first.annotate("slope f′", (4.6, -0.14), ha="right", va="top")
    for ax in fig.axes[-2:]:
        ax.set(xlabel="z")


@figure(width=5.4, height=3.8)
def cost(fig, times):
    """Dots on a log axis: library -> activation -> time as a multiple of the layer's matrix product."""
    for ax, (library, row) in zip(fig.subplots(1, 2, sharex=True, sharey=True), times.items(), strict=True):
        ax.hlines(list(row), 1e-3, list(row.values()), color=DATA, linewidth=1)
        ax.plot(list(row.values()), list(row), "o", color=SIGNAL, markersize=7)
        ax.axvline(1, color=WEIGHT, linestyle="--", linewidth=1.5)
        ax.set(title=library, xscale="log", xlabel="time / matrix product", xlim=(1e-3, 3))
        ax.minorticks_off()
    fig.axes[0].invert_yaxis()


@figure(width=5.4, height=3.1)
def zigzag(fig, paths):
    """The way of two weights, name -> path (steps + 1, 2), from the start (dot) to the goal (ring)."""
    for ax, (name, path) in zip(fig.subplots(1, 2, sharex=True, sharey=True), paths.items(), strict=True):
        ax.plot(*path.T, color=WEIGHT, linewidth=1)
        mark_start_and_goal(ax, path[0], (1, -1))
        ax.set(title=name, aspect="equal", xlabel="w₁", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    fig.axes[0].set(ylabel="w₂")


@figure(width=5.4, height=4.6)
def histograms(fig, signals, layers):
    """Signals on one scale, name -> (layers, …): a column for each name, a row for each layer number."""
    axes = fig.subplots(len(layers), len(signals), sharex=True, sharey="row", squeeze=False)
    edges = np.linspace(-4, 4, 81)
    for column, (name, values) in zip(axes.T, signals.items(), strict=True):
        column[0].set(title=name)
        for ax, z in zip(column, values, strict=True):
            counts, _ = np.histogram(z, edges)  # what lies outside is left out
            share = counts / np.size(z) / (edges[1] - edges[0])
            ax.stairs(np.minimum(share, 1.2), edges, fill=True, color=SIGNAL)
            ax.set(ylim=(0, 1.2), yticks=[], xticks=[-4, 0, 4])
        column[-1].set(xlabel="z")
    for ax, layer in zip(axes[:, 0], layers, strict=True):
        ax.set_ylabel(f"layer {layer}")


@figure(width=5.4, height=6.4)
def mean_squares(fig, predicted, measured, settings):
    """Mean squares by layer, predicted (settings, 2, layers) and measured (seeds, settings, 2, layers).

    Above the signal, from the first layer on; below the gradient, from the last layer back.
    """
    seeds, *_, depth = measured.shape
    mean = measured.mean(axis=0)
    error = 3 * measured.std(axis=0, ddof=1) / np.sqrt(seeds)
    layers = np.arange(1, depth + 1)
    labels = [f"{name} {gain:.3g}" for name, gain in settings]
    dashes = {"ReLU": "-", "tanh": "--", "sigmoid": ":"}
    for way, (ax, color) in enumerate(zip(fig.subplots(2, 1), [SIGNAL, GRADIENT], strict=True)):
        for i, (name, _) in enumerate(settings):
            ax.plot(layers, predicted[i, way], dashes[name], color=color, linewidth=1.5)
            ax.errorbar(layers, mean[i, way], error[i, way], fmt="o", color=color, markersize=3, linewidth=1)
        ax.set(yscale="log", xticks=[1, 5, 10, 15, 20])
        end = -1 if way == 0 else 0
        _label_ends(ax, layers[end], predicted[:, way, end], labels, color)
    above, below = fig.axes
    above.set(title="signal, mean square of z", xlabel="layer, from the input up")
    below.set(title="gradient, mean square of ∂L/∂z", xlabel="layer, from the top down")
    below.invert_xaxis()


def _label_ends(ax, x, ends, labels, color, points=13):
    """Label lines that end at (x, ends) on a log axis, at least so many points apart."""
    low, high = np.log10(ax.get_ylim())
    height = 0.36 * ax.figure.get_size_inches()[1] * 72  # of this axes, in points
    at = (np.log10(ends) - low) / (high - low) * height
    order = np.argsort(at)
    placed = at[order]
    for _ in range(100):  # push neighbours apart until all have room
        overlap = np.maximum(0, points - np.diff(placed)) / 2
        placed[1:] += overlap
        placed[:-1] -= overlap
    for i, y in zip(order, placed, strict=True):
        label_line(ax, x, ends[i], labels[i], color, dy=y - at[i])


@figure(width=5.4, height=5.8)
def trainability(fig, names, gains, depths, reached, forecast):
    """Accuracy in per cent, reached (names, gains, depths), as colours; rings where `forecast` is true."""
    axes = list(fig.subplots(3, 2).flat)
    for ax, name, shades, rings in zip(axes, names, reached, forecast, strict=False):
        image = ax.imshow(shades, cmap=SEQUENTIAL, vmin=10, vmax=100, origin="lower", aspect="auto")
        rows, columns = np.nonzero(rings)
        ax.plot(columns, rows, "o", color="black", markersize=8, markerfacecolor="none", markeredgewidth=3)
        ax.plot(columns, rows, "o", color="white", markersize=8, markerfacecolor="none", markeredgewidth=1.5)
        ax.set(title=name, xlabel="hidden layers", ylabel="gain")
        ax.set_xticks(range(len(depths)), depths)
        ax.set_yticks(range(len(gains)), [f"{gain:.2f}" for gain in gains])
    key = clean(axes[len(names)])
    bar = fig.colorbar(image, ax=key, orientation="horizontal", fraction=0.3, aspect=9)
    bar.set_label("validation accuracy (%)")
    bar.outline.set_visible(False)


@figure(width=5.4, height=5.6)
def dead_units(fig, rates, share, scores):
    """Silent units and accuracy in per cent: name -> for each learning rate an array over networks."""
    above, below = fig.subplots(2, 1, sharex=True)
    panels = [(above, share, LOSS, "silent units (%)"), (below, scores, WEIGHT, "accuracy (%)")]
    for ax, values, color, label in panels:
        ends = {}
        for (name, rows), dash, shift in zip(values.items(), ["-", "--"], [-0.008, 0.008], strict=True):
            means = np.array([np.mean(row) if len(row) else np.nan for row in rows])
            ax.plot(rates, means, dash, color=color)
            for rate, row in zip(rates, rows, strict=True):
                marker = "o" if dash == "-" else "x"
                ax.plot(np.full(len(row), rate + shift), row, marker, color=color, **SEED)
            last = np.flatnonzero(np.isfinite(means))[-1]  # at larger rates no network is left
            ends[name] = rates[last], means[last]
        highest = max(ends, key=lambda name: ends[name][1])
        for name, end in ends.items():
            label_line(ax, *end, name, color, dy=7 if name == highest else -7)
        ax.set(ylabel=label, ylim=(-4, 104))
    below.set(xlabel="learning rate")
