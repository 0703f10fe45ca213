"""The figures of chapter 6's first half: unrolled networks, gradients across time, gates and what they do."""

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
    "cliff",
    "errors",
    "gru",
    "jumps",
    "lags",
    "latch",
    "lstm",
    "reading",
    "truncated",
    "unrolled",
]

_TEXT = dict(ha="center", va="center")


@figure(width=5.4, height=2.3)
def unrolled(fig):
    """A recurrent network as a loop, and the same network with its steps laid out side by side."""
    ax = clean(fig.subplots())
    ax.set(xlim=(-0.9, 10), ylim=(-2.0, 2.1), aspect="equal")
    _node(ax, 0, 0, "h")
    _arrow(ax, (0, -1.5), (0, -0.45), WEIGHT)
    ax.annotate("x", (0, -1.75), **_TEXT)
    loop = dict(arrowstyle="-|>", color=WEIGHT, linewidth=1.6, connectionstyle="arc3,rad=-1.5")
    ax.annotate("", (0.33, 0.38), (-0.33, 0.38), arrowprops=loop)
    ax.annotate("Wₕ", (0, 1.45), **_TEXT)
    ax.annotate("Wₓ", (0.12, -0.95), ha="left", va="center")
    ax.annotate("=", (1.75, 0), **_TEXT)
    ax.annotate("h₀", (2.6, 0), **_TEXT)
    _arrow(ax, (2.85, 0), (3.65, 0), WEIGHT)
    for step, name in enumerate(["₁", "₂", "₃"]):
        x = 4.1 + 1.9 * step
        _node(ax, x, 0, f"h{name}")
        _arrow(ax, (x, -1.5), (x, -0.45), WEIGHT)
        _arrow(ax, (x + 0.45, 0), (x + 1.45, 0), WEIGHT)
        _arrow(ax, (x, 0.45), (x, 1.35), SIGNAL)
        ax.annotate(f"x{name}", (x, -1.75), **_TEXT)
        ax.annotate("Wₓ", (x + 0.12, -0.95), ha="left", va="center")
        ax.annotate("Wₕ", (x + 0.95, 0.28), **_TEXT)
    ax.annotate("…", (9.75, 0), **_TEXT)


def _node(ax, x, y, text, color=SIGNAL, size=25):
    ax.plot(x, y, "o", markersize=size, markerfacecolor="none", markeredgecolor=color, markeredgewidth=1.6)
    ax.annotate(text, (x, y), **_TEXT)


def _arrow(ax, start, end, color, style="-|>"):
    arrow = dict(arrowstyle=style, color=color, linewidth=1.6, shrinkA=0, shrinkB=0)
    ax.annotate("", end, start, arrowprops=arrow)


def _line(ax, points, color):
    """A line with corners that ends in an arrow."""
    points = np.asarray(points, dtype=float)
    ax.plot(*points[:-1].T, "-", color=color, linewidth=1.6, solid_capstyle="butt")
    _arrow(ax, points[-2], points[-1], color)


@figure(width=5.4, height=3.4)
def lstm(fig):
    """One step of an LSTM: the cell's line above, three gates and a proposal that read x and h below."""
    ax = clean(fig.subplots())
    ax.set(xlim=(-0.9, 9.6), ylim=(-0.75, 5.6), aspect="equal")
    _line(ax, [(0, 4.6), (1.05, 4.6)], SIGNAL)
    _line(ax, [(1.75, 4.6), (3.65, 4.6)], SIGNAL)
    _line(ax, [(4.35, 4.6), (9.0, 4.6)], SIGNAL)
    for x, y, sign in [(1.4, 4.6, "×"), (4.0, 4.6, "+"), (4.0, 3.2, "×"), (7.4, 1.9, "×")]:
        _node(ax, x, y, sign, INK, 17)
    _gate(ax, 1.4, 1.9, "f", "σ")
    _gate(ax, 3.0, 1.9, "i", "σ")
    _gate(ax, 4.6, 1.9, "g", "tanh")
    _gate(ax, 6.1, 1.9, "o", "σ")
    _line(ax, [(1.4, 2.3), (1.4, 4.25)], WEIGHT)
    _line(ax, [(3.0, 2.3), (3.0, 3.2), (3.65, 3.2)], WEIGHT)
    _line(ax, [(4.6, 2.3), (4.6, 3.2), (4.35, 3.2)], SIGNAL)
    _line(ax, [(4.0, 3.55), (4.0, 4.25)], SIGNAL)
    _line(ax, [(6.33, 1.9), (7.05, 1.9)], WEIGHT)
    _line(ax, [(7.4, 4.6), (7.4, 2.25)], SIGNAL)
    ax.annotate("tanh", (7.5, 3.3), ha="left", va="center")
    _line(ax, [(7.75, 1.9), (9.0, 1.9)], SIGNAL)
    ax.plot([0, 6.1], [0.6, 0.6], "-", color=DATA, linewidth=1.6)
    for x in (1.4, 3.0, 4.6, 6.1):
        _arrow(ax, (x, 0.6), (x, 1.48), DATA)
    _ends(ax, 4.6, "c")
    for text, place in [("hₜ₋₁", (-0.1, 0.85)), ("xₜ", (-0.1, 0.3))]:
        ax.annotate(text, place, ha="right", va="center")
    ax.annotate("hₜ", (9.1, 1.9), ha="left", va="center")
    for text, x in [("forget", 1.4), ("input", 3.0), ("proposal", 4.55), ("output", 6.25)]:
        ax.annotate(text, (x, -0.3), **_TEXT)


def _gate(ax, x, y, name, function):
    """A layer of its own: its letter above, its activation below."""
    ax.annotate(f"{name}\n{function}", (x, y), bbox=dict(boxstyle="round", fc="none", ec=WEIGHT), **_TEXT)


def _ends(ax, y, name):
    ax.annotate(f"{name}ₜ₋₁", (-0.1, y), ha="right", va="center")
    ax.annotate(f"{name}ₜ", (9.1, y), ha="left", va="center")


@figure(width=5.4, height=3.2)
def gru(fig):
    """One step of a GRU: the old state goes straight on, mixed by z with a proposal that r has a say in."""
    ax = clean(fig.subplots())
    ax.set(xlim=(-0.9, 9.6), ylim=(-0.6, 5.3), aspect="equal")
    _line(ax, [(0, 4.3), (4.45, 4.3)], SIGNAL)
    _line(ax, [(5.15, 4.3), (7.05, 4.3)], SIGNAL)
    _line(ax, [(7.75, 4.3), (9.0, 4.3)], SIGNAL)
    for x, y, sign in [(4.8, 4.3, "×"), (7.4, 4.3, "+"), (7.4, 3.0, "×")]:
        _node(ax, x, y, sign, INK, 17)
    ax.annotate("z", (4.95, 3.2), ha="left", va="center")
    ax.annotate("1 − z", (6.1, 3.28), **_TEXT)
    _gate(ax, 1.6, 1.7, "r", "σ")
    _gate(ax, 4.8, 1.7, "z", "σ")
    _gate(ax, 7.4, 1.7, "n", "tanh")
    _line(ax, [(4.8, 2.12), (4.8, 3.95)], WEIGHT)
    _line(ax, [(4.8, 3.0), (7.05, 3.0)], WEIGHT)
    _line(ax, [(7.4, 2.12), (7.4, 2.65)], SIGNAL)
    _line(ax, [(7.4, 3.35), (7.4, 3.95)], SIGNAL)
    _line(ax, [(1.8, 1.7), (2.95, 1.7), (2.95, 0.25), (7.15, 0.25), (7.15, 1.25)], WEIGHT)
    ax.annotate("r ⊙ (…)", (6.0, -0.15), **_TEXT)
    ax.plot([0, 7.6], [0.75, 0.75], "-", color=DATA, linewidth=1.6)
    for x in (1.6, 4.8, 7.6):
        _arrow(ax, (x, 0.75), (x, 1.28), DATA)
    _ends(ax, 4.3, "h")
    ax.annotate("hₜ₋₁", (-0.1, 1.0), ha="right", va="center")
    ax.annotate("xₜ", (-0.1, 0.5), ha="right", va="center")


@figure(width=5.4, height=6.2)
def lags(fig, panels, ylabel, limits):
    """Gradient norms by lag, title -> label -> (measured (seeds, k), forecast (k,) or None), log axis."""
    axes = np.ravel(fig.subplots(len(panels), 1, sharex=True))
    for ax, (title, lines) in zip(axes, panels.items(), strict=True):
        ends = {}
        for (label, (measured, forecast)), dash in zip(lines.items(), _dashes(), strict=False):
            middle = np.exp(np.log(measured).mean(axis=0))
            k = np.arange(len(middle))
            low, high = measured.min(axis=0), measured.max(axis=0)
            ax.fill_between(k, low, high, color=GRADIENT, alpha=0.15, linewidth=0)
            ax.plot(k, middle, linestyle=dash, color=GRADIENT)
            if forecast is not None:
                ax.plot(k, forecast, ":", color=DATA, linewidth=1.5)
            ends[label] = k[-1], np.clip(middle[-1], *limits)
        ax.set(yscale="log", title=title, ylabel=ylabel, ylim=limits, xlim=(0, None))
        _spread_labels(ax, ends)
    fig.axes[-1].set(xlabel="lag: steps back from the last state")


def _dashes():
    return ["-", "--", "-.", (0, (3, 1, 1, 1, 1, 1))]  # none dotted: that is a forecast


def _spread_labels(ax, ends, points=13):
    """Label ends (x, y) on a log axis, at least so many points apart."""
    low, high = np.log10(ax.get_ylim())
    height = 0.36 * ax.figure.get_size_inches()[1] * 72
    order = sorted(ends, key=lambda label: ends[label][1])
    at = np.array([(np.log10(ends[label][1]) - low) / (high - low) * height for label in order])
    placed = at.copy()
    for _ in range(200):  # push neighbours apart until all have room
        overlap = np.maximum(0, points - np.diff(placed)) / 2
        placed[1:] += overlap
        placed[:-1] -= overlap
    for label, y, target in zip(order, at, placed, strict=True):
        label_line(ax, *ends[label], label, GRADIENT, dy=target - y)


@figure(width=5.4, height=3.9)
def cliff(fig, w, b, loss, paths):
    """A loss (len(b), len(w)) over two weights, the greyer the larger, and paths, name -> (steps + 1, 2)."""
    from matplotlib.colors import to_rgb

    ax = fig.subplots()
    shade = np.empty((*loss.shape, 4))
    shade[..., :3], shade[..., 3] = to_rgb(DATA), 0.75 * loss / loss.max()
    ax.imshow(shade, extent=(w[0], w[-1], b[0], b[-1]), origin="lower", aspect="auto")
    for (name, path), color, marker in zip(paths.items(), [LOSS, WEIGHT], ["X", "o"], strict=True):
        ax.plot(*path.T, "-", marker=marker, color=color, markersize=4, linewidth=1.2)
        ax.plot([], [], "-", marker=marker, color=color, label=name)
    ax.plot(*path[0], "o", color=INK, markersize=7, zorder=3)
    ax.legend(loc="lower right")
    ax.set(xlim=(w[0], w[-1]), ylim=(b[0], b[-1]), xlabel="weight w", ylabel="bias b")


@figure(width=5.4, height=4.4)
def errors(fig, curves, guess):
    """Validation errors, model -> list of (steps, values) over seeds, a panel each; a line at `guess`."""
    panels = fig.subplots(2, 2, sharex=True, sharey=True)
    for ax, (name, seeds) in zip(panels.flat, curves.items(), strict=True):
        ax.axhline(guess, color=DATA, linestyle="--", linewidth=1.2)
        for steps, values in seeds:
            ax.plot(steps, values, "-", color=LOSS, linewidth=1.3, alpha=0.8)
            ax.plot(steps[-1], values[-1], "o", color=LOSS, markersize=4)
        ax.set(title=name, yscale="log", ylim=(0.001, 0.6))
    for ax in panels[:, 0]:
        ax.set(ylabel="squared error")
    for ax in panels[1]:
        ax.set(xlabel="step")
    place = dict(xycoords=("axes fraction", "data"), xytext=(4, -14), textcoords="offset points")
    panels[0, 0].annotate("guess 1", (0, guess), **place)


@figure(width=5.4, height=4.6)
def latch(fig, numbers, marks, input_gate, forget_gate, cell):
    """One unit of an LSTM along a sequence (T,): what comes in, its gates, and what its cell holds."""
    above, middle, below = fig.subplots(3, 1, sharex=True)
    steps = np.arange(1, len(numbers) + 1)
    marked = np.asarray(marks) == 1
    for ax in (above, middle, below):
        for step in steps[marked]:
            ax.axvline(step, color=DATA, linewidth=1, linestyle=":")
    above.plot(steps, numbers, "o", color=DATA, markerfacecolor="none")
    above.plot(steps[marked], np.asarray(numbers)[marked], "o", color=DATA, markersize=8)
    above.set(ylabel="number", ylim=(-0.08, 1.08))
    for values, dash, name in [(forget_gate, "-", "forget"), (input_gate, "--", "input")]:
        middle.plot(steps, values, dash, color=WEIGHT)
        label_line(middle, steps, values, name, WEIGHT)
    middle.set(ylabel="gate", ylim=(-0.08, 1.08))
    below.plot(steps, cell, "-", color=SIGNAL, marker="o", markersize=3)
    below.set(ylabel="cell", xlabel="step")


@figure(width=5.4, height=3.2)
def jumps(fig, taken):
    """How far a cell jumps against the number that comes with a mark, mark -> (numbers (n,), jumps (n,))."""
    ax = fig.subplots()
    ax.axhline(0, color=DATA, linewidth=1, linestyle=":")
    for (name, (numbers, jumped)), marker in zip(taken.items(), ["o", "x"], strict=True):
        ax.plot(numbers, jumped, marker, color=SIGNAL, markersize=5, markerfacecolor="none", label=name)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, labelcolor=INK)
    ax.set(xlabel="marked number", ylabel="jump of the cell", xlim=(-0.03, 1.03))


@figure(width=5.4, height=2.9)
def reading(fig, image, z, p):
    """A digit (8, 8) read row by row: beside each row the update gate z (8, H) and the classes p (8, C)."""
    ink, gate, belief = fig.subplots(1, 3, sharey=True, width_ratios=[1, 1.5, 1.25])
    on_paper(ink, image, aspect="auto")
    gate.imshow(z, vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    belief.imshow(p, vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    ink.set(title="digit", ylabel="row = step", xticks=[], yticks=range(8))
    ink.set_yticklabels(range(1, 9))
    gate.set(title="z", xlabel="unit", xticks=[])
    belief.set(title="probability", xlabel="class", xticks=range(0, p.shape[1], 3))
    for ax in (ink, gate, belief):
        ax.spines[:].set_visible(False)


@figure(width=5.4, height=3.2)
def truncated(fig, kept, cosines):
    """Cosine between truncated and full gradient, name -> (seeds, k), against the steps that are kept."""
    ax = fig.subplots()
    ax.axhline(1, color=DATA, linewidth=1, linestyle=":")
    for (name, rows), dash in zip(cosines.items(), _dashes(), strict=False):
        mean = np.mean(rows, axis=0)
        ax.plot(kept, mean, linestyle=dash, color=GRADIENT, marker="o")
        ax.plot(kept, np.transpose(rows), "o", color=GRADIENT, **SEED)
        at = len(kept) // 3
        ax.annotate(name, (kept[at], mean[at]), xytext=(8, -12), textcoords="offset points")
    ax.set(xlabel="steps that the gradient goes back", ylabel="cosine to full gradient", ylim=(None, 1.06))
