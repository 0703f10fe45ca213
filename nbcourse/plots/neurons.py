"""The figures of chapter 1: perceptrons, single neurons, losses, and what width and depth buy."""

import numpy as np

from nbcourse.plots.style import (
    DATA,
    GRADIENT,
    INK,
    LOSS,
    SEED,
    SEQUENTIAL,
    SIGNAL,
    WEIGHT,
    clean,
    figure,
    label_line,
    on_paper,
)

__all__ = [
    "error_against_width",
    "folds",
    "learned_share",
    "linear_regions",
    "losses_of_constants",
    "misread",
    "mistakes_against_margin",
    "neuron",
    "sigmoid_learns_slowly",
    "two_kinds",
    "xor_by_hand",
]

_TRUE = dict(marker="o", s=34, facecolors=DATA, edgecolors=DATA)
_FALSE = dict(marker="x", s=34, color=DATA)


@figure(width=4.6, height=4.4)
def two_kinds(fig, X, y, u, margin):
    """Points of two kinds, X (n, 2) and y (n,) of -1 and +1, a separating direction u (2,) and its margin."""
    ax = fig.subplots()
    along = np.array([-u[1], u[0]])
    for offset, line in [(0, "--"), (margin, ":"), (-margin, ":")]:
        ends = np.array([offset * u - 1.15 * along, offset * u + 1.15 * along])
        ax.plot(*ends.T, line, color=WEIGHT, linewidth=2 if offset == 0 else 1)
    ax.scatter(*X[y > 0].T, **_TRUE)
    ax.scatter(*X[y < 0].T, **_FALSE)
    ax.annotate("", 0.6 * u, (0, 0), arrowprops=dict(arrowstyle="-|>", color=WEIGHT, linewidth=2))
    ax.annotate("u", 0.6 * u, xytext=(6, 4), textcoords="offset points", fontweight="bold")
    ax.set(
        xlim=(-1.15, 1.15), ylim=(-1.15, 1.15), aspect="equal", xlabel="first input", ylabel="second input"
    )


@figure(width=5.4, height=3.8)
def mistakes_against_margin(fig, margins, counts):
    """Mistakes of Rosenblatt's rule, counts (len(margins), seeds), under the bound 1/margin², log-log."""
    ax = fig.subplots()
    margins, counts = np.asarray(margins), np.asarray(counts)
    bound = 1 / margins**2
    ax.plot(margins, bound, "--", color=LOSS)
    ax.plot(margins, counts.mean(axis=1), color=WEIGHT)
    jitter = 1 + 0.06 * np.linspace(-1, 1, counts.shape[1])
    ax.plot((margins[:, None] * jitter).ravel(), counts.ravel(), "o", color=WEIGHT, **SEED)
    label_line(ax, margins, bound, "bound (R/γ)²", LOSS, dy=-2)
    label_line(ax, margins, counts.mean(axis=1), "mean of 20", WEIGHT)
    ax.set(xscale="log", yscale="log", xlabel="margin γ (smaller to the right)", ylabel="mistakes")
    ax.invert_xaxis()


@figure(width=5.4, height=3.4)
def xor_by_hand(fig, inputs, hidden):
    """XOR's four inputs (4, 2) and the answers (4, 2) of two hidden step neurons, each with its borders."""
    left, right = fig.subplots(1, 2)
    line = np.array([-0.4, 1.9])
    for ax, points, offsets in [(left, inputs, (0.5, 1.5)), (right, hidden, (0.5,))]:
        for number, offset in enumerate(offsets, start=1):
            other = offset - line if ax is left else line - offset
            ax.plot(line, other, color=WEIGHT, linestyle="-" if number == 1 else "--")
        for (x0, x1), is_true in zip(points, [False, True, True, False], strict=True):
            ax.scatter(x0, x1, **(_TRUE if is_true else _FALSE) | {"s": 70}, zorder=3)
        ax.set(xlim=(-0.4, 1.6), ylim=(-0.4, 1.6), aspect="equal", xticks=[0, 1], yticks=[0, 1])
    left.set(xlabel="x₁", ylabel="x₂", title="inputs")
    left.annotate("h₁", (-0.32, 0.9), va="bottom")
    left.annotate("h₂", (0.12, 1.44), va="bottom")
    right.set(xlabel="h₁", ylabel="h₂", title="hidden answers")
    right.annotate("(0,1) and (1,0)", (1, 0), xytext=(0, -16), textcoords="offset points", ha="center")


@figure(width=5.4, height=3.1)
def neuron(fig):
    """A neuron with three inputs, and the step, sigmoid, tanh and ReLU that it may end in."""
    left, right = fig.subplots(1, 2, width_ratios=[1.15, 1])
    _draw_neuron(left)
    z = np.linspace(-4, 4, 401)
    right.plot(z, np.tanh(z), "--", color=SIGNAL)
    right.plot(z, 1 / (1 + np.exp(-z)), color=SIGNAL)
    right.plot(z, np.heaviside(z, 0), ":", color=DATA)
    right.plot(z, np.maximum(0, z), "-.", color=SIGNAL)
    for name, x, y in [
        ("ReLU", 1.55, 1.85),
        ("step", -0.2, 1.08),
        ("sigmoid", 2.3, 0.66),
        ("tanh", -3.9, -0.88),
    ]:
        right.annotate(name, (x, y), ha="right" if name in ("ReLU", "step") else "left")
    right.set(xlim=(-4, 4), ylim=(-1.15, 2.2), xlabel="z", ylabel="f(z)", yticks=[-1, 0, 1, 2])


def _draw_neuron(ax):
    """Inputs, weights, sum, activation and output, from left to right."""
    clean(ax).set(xlim=(-0.3, 6.7), ylim=(-0.5, 4.3), aspect="equal")
    arrow = dict(arrowstyle="-|>", linewidth=1.6, shrinkA=9, shrinkB=12)
    for row, name in zip([3.4, 2.0, 0.6], "₁₂₃", strict=True):
        ax.annotate("", (2.6, 2), (0.2, row), arrowprops=arrow | {"color": WEIGHT})
        ax.annotate(f"x{name}", (0, row), ha="center", va="center")
        ax.annotate(f"w{name}", (1.25, 2 + (row - 2) * 0.56 + 0.28), ha="center", va="center")
    ax.annotate("", (2.6, 2), (2.6, 4), arrowprops=arrow | {"color": WEIGHT})
    ax.annotate("b", (2.6, 4.05), ha="center", va="center")
    ax.annotate("", (4.5, 2), (2.6, 2), arrowprops=arrow | {"color": SIGNAL})
    ax.annotate("", (5.9, 2), (4.5, 2), arrowprops=arrow | {"color": SIGNAL})
    for x, name in [(2.6, "Σ"), (4.4, "f")]:
        ax.plot(x, 2, "o", markersize=23, markerfacecolor="none", markeredgecolor=INK)
        ax.annotate(name, (x, 2), ha="center", va="center")
    ax.annotate("z", (3.45, 2.25), ha="center")
    ax.annotate("a", (5.95, 2), ha="left", va="center")


@figure(width=5.4, height=3.2)
def sigmoid_learns_slowly(fig, squared, crossed):
    """Left, both losses' slopes in z for target 1; right, the answers (steps,) of a neuron under each."""
    left, right = fig.subplots(1, 2)
    z = np.linspace(-8, 8, 321)
    a = 1 / (1 + np.exp(-z))
    left.plot(z, a - 1, color=GRADIENT)
    left.plot(z, 2 * (a - 1) * a * (1 - a), "--", color=GRADIENT)
    left.annotate("cross-\nentropy", (-7.8, -0.76), va="center")
    left.annotate("squared\nerror", (-7.8, -0.42), va="center")
    left.set(xlabel="z", ylabel="slope dL/dz", ylim=(-1.05, 0.08))
    right.plot(np.arange(len(crossed)), crossed, color=WEIGHT)
    right.plot(np.arange(len(squared)), squared, "--", color=WEIGHT)
    right.annotate("cross-\nentropy", (11, 0.62), ha="left")
    right.annotate("squared\nerror", (150, 0.3), ha="right")
    right.set(xscale="log", xlim=(1, len(squared)), ylim=(-0.02, 1.02))
    right.set(xlabel="step", ylabel="answer (target 1)")


@figure(width=5.4, height=3.9)
def losses_of_constants(fig, constants, losses, demand):
    """Each loss, name -> values (m,), against constant forecasts (m,), over a histogram of demand (n,)."""
    top, bottom = fig.subplots(2, 1, sharex=True, height_ratios=[2.4, 1])
    dashes = ["-", "--", "-."]
    for values, dash in zip(losses.values(), dashes, strict=True):
        values = np.asarray(values)
        scaled = (values - values.min()) / (values.max() - values.min())
        lowest = constants[values.argmin()]
        top.plot(constants, scaled, color=LOSS, linestyle=dash)
        top.plot(lowest, 0, "o", color=LOSS, clip_on=False, zorder=3)
        bottom.axvline(lowest, color=WEIGHT, linestyle=dash, linewidth=1.5)  # a prediction
    for name, (x, y) in zip(losses, [(226, 0.3), (216, 0.62), (50, 0.74)], strict=False):
        top.annotate(name, (x, y), ha="right" if name == "absolute error" else "left")
    top.set(ylabel="loss, own scale", yticks=[0, 1], ylim=(-0.03, 1.05))
    bottom.hist(demand, bins=40, range=(0, 300), color=DATA, alpha=0.5)
    bottom.set(xlabel="constant forecast, and demand (loaves a day)", ylabel="days", xlim=(0, 300))


@figure(width=5.4, height=3.5)
def learned_share(fig, widths, learned, networks=100):
    """Per cent (len(widths),) of networks that learn XOR, one line an activation, ± one standard error."""
    ax = fig.subplots()
    for (name, share), dash in zip(learned.items(), ["-", "--"], strict=True):
        share = np.asarray(share)
        error = np.sqrt(share * (100 - share) / networks)  # binomial, in points
        ax.errorbar(widths, share, error, color=WEIGHT, linestyle=dash, marker="o", capsize=3)
        label_line(ax, widths, share, name, WEIGHT, dy=8 if name == "tanh" else -8)
    ax.axvline(2, color=DATA, linewidth=1, linestyle=":")
    ax.annotate("enough by hand", (2, 4), xytext=(5, 0), textcoords="offset points")
    ax.set(xlabel="hidden neurons", ylabel="networks that learn XOR (%)", ylim=(-3, 105), xticks=widths)


@figure(width=5.4, height=3.8)
def error_against_width(fig, widths, grid, random, trained):
    """Root mean squared errors (len(widths), seeds) of three ways to set kinks: mean and range, log-log."""
    ax = fig.subplots()
    lines = [
        ("kinks on a grid", grid, "-"),
        ("kinks at random", random, "-."),
        ("all trained", trained, "--"),
    ]
    for name, error, dash in lines:
        mean = error.mean(axis=1)
        ax.plot(widths, mean, dash, color=LOSS, marker="o")
        if error.shape[1] > 1:
            ax.fill_between(widths, error.min(axis=1), error.max(axis=1), color=LOSS, alpha=0.14, linewidth=0)
        label_line(ax, widths, mean, name, LOSS)
    ax.set(xscale="log", yscale="log", xlabel="hidden neurons", ylabel="root mean squared error")
    ax.set_xticks(widths, [str(n) for n in widths], minor=False)
    ax.set_xticks([], minor=True)


@figure(width=5.4, height=2.2)
def folds(fig, grid, folded):
    """One panel for each curve of `folded` (n,) over grid (n,)."""
    for number, (ax, values) in enumerate(
        zip(fig.subplots(1, len(folded), sharey=True), folded, strict=True), 1
    ):
        ax.plot(grid, values, color=SIGNAL)
        ax.set(title=f"{number} layer{'s' * (number > 1)}", xticks=[0, 1], yticks=[0, 1])


@figure(width=4.4, height=4.2)
def linear_regions(fig, W, b):
    """The regions into which the borders of ReLU neurons, W (n, 2) and b (n,), cut the square [-1, 1]²."""
    ax = fig.subplots()
    side = np.linspace(-1, 1, 300)
    plane = np.stack(np.meshgrid(side, side), axis=-1)
    pattern = (plane @ W.T + b > 0) @ (1 << np.arange(len(b)))  # (300, 300): which neurons are on, as bits
    shade = np.unique(pattern, return_inverse=True)[1].reshape(pattern.shape)
    order = np.random.default_rng(0).permutation(shade.max() + 1)  # neighbours get unlike shades
    ax.imshow(order[shade], extent=(-1, 1, -1, 1), origin="lower", cmap=SEQUENTIAL, alpha=0.5)
    for w, offset in zip(W, b, strict=True):
        direction = np.array([-w[1], w[0]]) / np.linalg.norm(w)
        foot = -offset * w / (w @ w)
        ax.plot(
            *np.array([foot - 3 * direction, foot + 3 * direction]).T,
            color=WEIGHT,
            linestyle="-",
            linewidth=1.5,
        )
    ax.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    ax.set(xlabel="first input", ylabel="second input")


@figure(width=5.4, height=3.2)
def misread(fig, images, answers, targets, columns=6):
    """Digits (n, 64) that were misread, under each what was answered and what is right; at most 12."""
    for ax in fig.subplots(2, columns).flat:
        clean(ax)
    for ax, image, answer, target in zip(fig.axes, images, answers, targets, strict=False):
        on_paper(ax, image.reshape(8, 8))
        ax.set_title(f"{answer}, is {target}", loc="center")
