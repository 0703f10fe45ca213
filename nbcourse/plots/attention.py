"""The figures on attention: look-ups, masks, cost, positions, norms, and what trained heads look at."""

import numpy as np

from nbcourse.plots.style import (
    DATA,
    DIVERGING,
    INK,
    LOSS,
    SEQUENTIAL,
    SIGNAL,
    WEIGHT,
    clean,
    figure,
    label_line,
)

__all__ = [
    "blocks",
    "circuit",
    "cost",
    "encodings",
    "extrapolation",
    "heads",
    "masks",
    "norms",
    "reversal",
    "scaling",
    "soft_lookup",
    "taking_shape",
]

_DASHES = ["-", "--", "-.", ":"]


def _map(ax, weights, largest=1.0):
    """Attention weights (queries, keys) as shades from 0 to `largest`, queries downwards."""
    ax.imshow(weights, cmap=SEQUENTIAL, vmin=0, vmax=largest, interpolation="nearest")
    ax.spines[:].set_visible(False)
    ax.set(xlabel="key")
    return ax


@figure(width=5.4, height=4.4)
def soft_lookup(fig, hours, readings, weights, queries, answers):
    """Weights of a query, sharpness -> (keys,), and answers, sharpness -> (m,), to queries (m,) in hours."""
    rows = fig.subplot_mosaic([["0", "1", "2"], ["all"] * 3], height_ratios=[1, 1.9])
    for name, (sharpness, each) in zip("012", weights.items(), strict=True):
        rows[name].bar(hours, each, width=2, color=SIGNAL)
        rows[name].set(ylim=(0, 1), xticks=[0, 12], yticks=[0, 1], title=f"sharpness {sharpness}")
    rows["0"].set(ylabel="weight")
    ax = rows["all"]
    for (sharpness, answer), dash in zip(answers.items(), _DASHES, strict=False):
        ax.plot(queries, answer, dash, color=WEIGHT)
        label_line(ax, queries, answer, f"{sharpness}", WEIGHT, dy={10: 7, 1000: -7}.get(sharpness, 0))
    ax.plot(hours, readings, "o", color=DATA, markersize=7)
    ax.set(xlabel="query: hour of the day", ylabel="answer (°C)", xticks=hours, xlim=(0, 24))


@figure(width=5.4, height=4.6)
def scaling(fig, widths, keys, silent):
    """Keys in use (2, m) and per cent of silent queries (2, m), raw and scaled, against width (m,)."""
    top, bottom = fig.subplots(2, 1, sharex=True)
    for row, (name, color, dash) in enumerate([("raw", LOSS, "--"), ("divided by √d", WEIGHT, "-")]):
        for ax, values in [(top, keys), (bottom, silent)]:
            ax.plot(widths, values[row], dash, color=color, marker="o", clip_on=False)
            label_line(ax, widths, values[row], name, color)
    top.set(yscale="log", ylabel="keys in use", ylim=(0.9, 80))
    bottom.set(ylabel="silent queries (%)", xlabel="width d of queries and keys", ylim=(-3, 100))
    bottom.set_xscale("log", base=4)
    bottom.set_xticks(widths, [f"{d}" for d in widths])


@figure(width=5.4, height=2.5)
def masks(fig, maps):
    """Attention maps, name -> (T, T), side by side on one scale; cells that a mask forbids are blank."""
    for ax, (name, weights) in zip(fig.subplots(1, len(maps), sharey=True), maps.items(), strict=True):
        _map(ax, np.where(weights > 0, weights, np.nan)).set(title=name, xticks=[0, 4], yticks=[0, 4])
        ax.spines[:].set_visible(True)  # what is blank belongs to the map
    fig.axes[0].set(ylabel="query")


@figure(width=5.4, height=3.8)
def cost(fig, lengths, attention, projections, recurrence):
    """Multiply-adds of a layer against the length of the sequence (m,), log-log."""
    ax = fig.subplots()
    for name, values, color, dash in [
        ("scores, averages", attention, LOSS, "-"),
        ("projections", projections, WEIGHT, "--"),
        ("recurrence", recurrence, DATA, "-."),
    ]:
        ax.plot(lengths, values, dash, color=color)
        label_line(ax, lengths, values, name, color)
    ax.set(xscale="log", yscale="log", xlabel="length T", ylabel="multiply-adds")


@figure(width=5.4, height=4.2)
def blocks(fig):
    """An encoder block with the norm after each sum, and with the norm before each sublayer."""
    for ax, title, before in zip(fig.subplots(1, 2), ["post-norm", "pre-norm"], [False, True], strict=True):
        clean(ax).set(xlim=(-1.1, 3.3), ylim=(-0.3, 11.6), title=title)
        _stream(ax, before)


def _stream(ax, before):
    """The residual stream upwards, two sublayers that branch off to the right, and two norms."""
    line, arrow = dict(color=SIGNAL, linestyle="-"), dict(arrowstyle="-|>", color=SIGNAL, linewidth=2)
    ax.annotate("x", (-0.25, 0.1), ha="right")
    bottom = 0
    for base, name in [(0.5, "attention"), (5.8, "feed-forward")]:
        ax.plot([0, 0], [bottom, base + 2.8], **line)
        ax.plot([0, 2, 2], [base, base, base + 0.5], **line)
        if before:
            _box(ax, 2, base + 0.9, "norm", INK)
        ax.plot([2, 2], [base + 1.3 if before else base + 0.5, base + 1.75], **line)
        _box(ax, 2, base + 2.15, name, WEIGHT)
        ax.plot([2, 2], [base + 2.55, base + 3.2], **line)
        ax.annotate("", (0.25, base + 3.2), (2.05, base + 3.2), arrowprops=arrow)
        ax.annotate("+", (0, base + 3.2), ha="center", va="center", bbox=_paper("circle", INK))
        bottom = base + 3.6
        if not before:
            ax.plot([0, 0], [bottom, bottom + 0.3], **line)
            _box(ax, 0, bottom + 0.7, "norm", INK)
            bottom += 1.1
    ax.annotate("", (0, bottom + 0.9), (0, bottom), arrowprops=arrow)


def _box(ax, x, y, name, color):
    ax.annotate(name, (x, y), ha="center", va="center", bbox=_paper("round,pad=0.3", color))


def _paper(shape, color):
    """An empty box: the page, light or dark, shows through."""
    return dict(boxstyle=shape, facecolor="none", edgecolor=color, linewidth=1.4)


@figure(width=5.4, height=4.8)
def encodings(fig, table, similarity):
    """Sinusoidal vectors (T, d) as shades, and dot products (starts, shifts) with those that come later."""
    top, bottom = fig.subplots(2, 1, height_ratios=[1.3, 1])
    image = top.imshow(table.T, cmap=DIVERGING, vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    top.spines[:].set_visible(False)
    top.set(xlabel="position", ylabel="entry of the vector")
    bar = fig.colorbar(image, ax=top, ticks=[-1, 0, 1], label="value")
    bar.outline.set_visible(False)
    for row, dash, broad in zip(similarity, ["-", "--", ":"], [9, 4, 1.5], strict=True):
        alpha = 0.3 if broad == 9 else 1
        bottom.plot(np.arange(len(row)), row, dash, color=SIGNAL, linewidth=broad, alpha=alpha)
    bottom.set(xlabel="shift k", ylabel="p(t) · p(t + k)")


@figure(width=5.4, height=3.8)
def extrapolation(fig, lengths, accuracy, trained):
    """Per cent right, name -> (seeds, lengths), against length; `trained` is the length in training."""
    ax = fig.subplots()
    colors = [DATA, LOSS, SIGNAL, WEIGHT]
    for (name, scores), color, dash in zip(accuracy.items(), colors, [":", "--", "-.", "-"], strict=True):
        scores = np.asarray(scores)
        ax.fill_between(lengths, scores.min(0), scores.max(0), color=color, alpha=0.18, linewidth=0)
        ax.plot(lengths, scores.mean(0), dash, color=color, marker="o")
        lift = {"none": -6, "learned": 4}.get(name, 0)
        label_line(ax, lengths, scores.mean(0), name, color, dy=lift)
    ax.axvline(trained, color=DATA, linewidth=1, linestyle=":")
    ax.annotate("trained on", (trained, 3), xytext=(5, 0), textcoords="offset points")
    ax.set(xscale="log", xlabel="length of the sequence", ylabel="right (%)", ylim=(0, 103))
    ax.set_xticks(lengths, [f"{n}" for n in lengths], minor=False)
    ax.set_xticks([], minor=True)


@figure(width=5.4, height=3.2)
def norms(fig, losses):
    """Losses of training, (norm, warm-up) -> (seeds, steps): one panel a norm, a line a seed."""
    axes = dict(zip(["post-norm", "pre-norm"], fig.subplots(1, 2, sharey=True), strict=True))
    for (norm, warm_up), runs in losses.items():
        for run in runs:
            smooth = np.convolve(run, np.ones(5) / 5, "valid")
            axes[norm].plot(smooth, "-" if warm_up else "--", color=LOSS, linewidth=1.3)
    for name, ax in axes.items():
        ax.set(title=name, xlabel="step", ylim=(0, 2.7))
    axes["post-norm"].set(ylabel="loss")
    axes["pre-norm"].plot([], [], "-", color=LOSS, label="warm-up")
    axes["pre-norm"].plot([], [], "--", color=LOSS, label="none")
    axes["pre-norm"].legend(loc="upper right")


@figure(width=5.4, height=3.3)
def reversal(fig, by_hand, learned):
    """Two attention maps (T, T) of networks that reverse a sequence: weights set by hand, and learned."""
    axes = fig.subplots(1, 2, sharey=True)
    for ax, name, weights in zip(axes, ["set by hand", "learned"], [by_hand, learned], strict=True):
        ticks = range(0, len(weights), max(1, len(weights) // 4))
        _map(ax, weights).set(title=name, xlabel="looks at place", xticks=ticks, yticks=ticks)
    axes[0].set(ylabel="place")


@figure(width=5.4, height=3.3)
def taking_shape(fig, steps, new, known):
    """Losses (seeds, m) on tokens that are new and on tokens that can be known, against steps (m,)."""
    ax = fig.subplots()
    for name, runs, color, dash in [("new", new, DATA, "--"), ("known", known, LOSS, "-")]:
        ax.plot(steps, np.transpose(runs), dash, color=color, linewidth=1.3)
        label_line(ax, steps, np.mean(runs, axis=0), name, color)
    ax.set(xlabel="step", ylabel="loss (nats)", ylim=(0, 4.2))


@figure(width=5.4, height=3.5)
def circuit(fig, previous, induction, tokens, row):
    """The maps (T, T) of a head of each layer over one text of letters; `row` is the query to follow."""
    axes = fig.subplots(1, 2, sharey=True)
    titles = ["layer 1: one back", "layer 2: what came next"]
    for ax, title, weights in zip(axes, titles, [previous, induction], strict=True):
        _map(ax, weights).set(title=title, xticks=range(len(tokens)), xlabel="looks at")
        ax.set_xticklabels(tokens)
        ax.set_yticks(range(len(tokens)), tokens)
        ax.axhline(row - 0.5, color=DATA, linewidth=1)
        ax.axhline(row + 0.5, color=DATA, linewidth=1)
    axes[0].set(ylabel="token")


@figure(width=5.4, height=3.8)
def heads(fig, largest, rise, layer):
    """The rise of the loss (m,) without a head against its mean largest weight (m,); layer (m,) is 1 or 2."""
    ax = fig.subplots()
    for number, marker, color in [(1, "o", WEIGHT), (2, "^", SIGNAL)]:
        ax.plot(largest[layer == number], rise[layer == number], marker, color=color, linestyle="none")
        x, y = largest[layer == number], rise[layer == number]
        ax.annotate(
            f"layer {number}",
            (x[y.argmax()], y.max()),
            xytext=(-8, 0),
            textcoords="offset points",
            ha="right",
        )
    ax.axhline(0, color=DATA, linewidth=1)
    ax.set(xlabel="mean largest weight of a head", ylabel="rise of the loss without it (nats)", xlim=(0.4, 1))
