"""The figures of chapter 3: a computational graph, checks of gradients, and ways downhill."""

import numpy as np

from nbcourse.plots.style import (
    DATA,
    GRADIENT,
    INK,
    LOSS,
    SEQUENTIAL,
    SIGNAL,
    WEIGHT,
    clean,
    figure,
    label_line,
    mark_start_and_goal,
)

__all__ = [
    "cost_of_modes",
    "error_against_epsilon",
    "gradient_noise",
    "learning_rates",
    "loss_against_rate",
    "neuron_graph",
    "schedules",
    "valley",
]

# name: column, row, value, derivative of L by it
_NEURON = {
    "w": (0, 2, "3", "8"),
    "x": (0, 0, "−2", "−12"),
    "a": (1, 1, "−6", "−4"),
    "b": (1, -1, "1", "−4"),
    "z": (2, 1, "−5", "−4"),
    "y": (2, -1, "−3", "4"),
    "e": (3, 1, "−2", "−4"),
    "L": (4, 1, "4", "1"),
}
# from, to, local derivative, bend, where the number stands: to the right and up, in points
_ARROWS = [
    ("w", "a", "−2", 0, (8, 8)),
    ("x", "a", "3", 0, (8, -9)),
    ("a", "z", "1", 0, (0, 8)),
    ("b", "z", "1", 0, (8, -8)),
    ("z", "e", "1", 0, (0, 8)),
    ("y", "e", "−1", 0, (11, -8)),
    ("e", "L", "−2", 0.35, (0, -25)),
    ("e", "L", "−2", -0.35, (0, 25)),
]
_STEPS = {"a": "w · x", "z": "a + b", "e": "z − y", "L": "e · e"}


@figure(width=6.4, height=3.9)
def neuron_graph(fig):
    """The graph of (wx + b − y)²: values framed in green above the boxes, derivatives in orange below."""
    ax = clean(fig.subplots()).set(xlim=(-0.45, 4.5), ylim=(-1.75, 2.7)) and fig.axes[0]
    frame = dict(boxstyle="square,pad=0.12", facecolor="none", linewidth=1.2)
    forward, backward = frame | {"edgecolor": SIGNAL}, frame | {"edgecolor": GRADIENT, "linestyle": "--"}
    for start, end, local, bend, offset in _ARROWS:
        (x0, y0), (x1, y1) = _NEURON[start][:2], _NEURON[end][:2]
        way = dict(arrowstyle="-|>", color=DATA, shrinkA=17, shrinkB=17, linewidth=1.4)
        ax.annotate("", (x1, y1), (x0, y0), arrowprops=way | {"connectionstyle": f"arc3,rad={bend}"})
        middle = ((x0 + x1) / 2, (y0 + y1) / 2)
        ax.annotate(local, middle, offset, textcoords="offset points", ha="center", va="center")
    for name, (column, row, value, gradient) in _NEURON.items():
        edge = WEIGHT if name in "wb" else LOSS if name == "L" else DATA
        box = dict(boxstyle="round,pad=0.35", facecolor="none", edgecolor=edge, linewidth=1.6)
        ax.annotate(name, (column, row), ha="center", va="center", bbox=box, fontweight="bold")
        above, below = dict(ha="center", va="bottom"), dict(ha="center", va="top")
        ax.annotate(value, (column, row), (0, 17), textcoords="offset points", bbox=forward, **above)
        ax.annotate(gradient, (column, row), (0, -17), textcoords="offset points", bbox=backward, **below)
        if name in _STEPS:
            ax.annotate(_STEPS[name], (column, row), (0, 32), textcoords="offset points", **above)
    ax.annotate("value  →", (3.2, -0.75), va="center", bbox=forward)
    ax.annotate("←  ∂L/∂value", (3.2, -1.25), va="center", bbox=backward)


@figure(width=5.4, height=3.5)
def cost_of_modes(fig, weights, forward, reverse):
    """Cost of all derivatives in evaluations, (len(weights),) each, by forward and reverse mode, log-log."""
    ax = fig.subplots()
    for name, cost, color, dash in [
        ("forward mode", forward, LOSS, "--"),
        ("reverse mode", reverse, GRADIENT, "-"),
    ]:
        ax.plot(weights, cost, dash, color=color, marker="o")
        label_line(ax, weights, cost, name, color)
    ax.set(xscale="log", yscale="log", xlabel="weights", ylabel="cost (evaluations)", ylim=(1, 2000))
    ax.set_xticks(weights, [str(n) for n in weights], minor=False)
    ax.set_xticks([], minor=True)


@figure(width=5.4, height=4.2)
def error_against_epsilon(fig, epsilons, errors):
    """Errors (len(epsilons),) of finite differences, {name: errors}, log-log, with slopes beside them."""
    ax = fig.subplots()
    styles = [(LOSS, "--"), (LOSS, "-"), (DATA, ":")]
    for (name, error), (color, dash) in zip(errors.items(), styles, strict=True):
        shown = error > 0  # a difference can happen to be exact
        ax.plot(epsilons[shown], error[shown], dash, color=color, marker="o", markersize=3)
        at = (epsilons[-8], 4 * error[-8]) if "float32" in name else (1.7 * epsilons[0], error[0])
        ax.annotate(name, at, va="center")
    for text, at in [("∝ 1/ε", (2e-11, 1e-3)), ("∝ ε", (4e-7, 1e-6)), ("∝ ε²", (3e-2, 1e-9))]:
        ax.annotate(text, at, ha="center", color=INK)
    for name, x, side in [("rounding", 0.04, "left"), ("truncation", 0.98, "right")]:
        ax.annotate(name, (x, 0.09), xycoords="axes fraction", ha=side, fontweight="bold")
    ax.set(xscale="log", yscale="log", xlabel="step ε", ylabel="error of the slope", ylim=(1e-13, 10))
    ax.set_xticks(10.0 ** np.arange(-15, 0, 3))


@figure(width=6.4, height=3.0)
def learning_rates(fig, paths):
    """Gradient descent on ½ w², one panel for each of {learning rate: weights (steps + 1,)}."""
    axes = fig.subplots(1, len(paths), sharey=True)
    grid = np.linspace(-1.75, 1.75, 201)
    for ax, (rate, w) in zip(axes, paths.items(), strict=True):
        ax.plot(grid, grid**2 / 2, color=LOSS, linewidth=1.2)
        near = w[:6]
        ax.plot(near, near**2 / 2, "-", color=WEIGHT, marker="o", markersize=4, linewidth=1.2)
        ax.plot(near[0], near[0] ** 2 / 2, "o", color=INK, markersize=7, zorder=3)
        ax.set(title=f"η = {rate}", xticks=[-1, 0, 1], xlabel="w", ylim=(-0.06, 1.5))
    axes[0].set(ylabel="loss")


@figure(width=6.4, height=5.4)
def valley(fig, paths):
    """Paths (steps + 1, 2) down Rosenbrock's valley, {name: path}, a panel each; at most four."""
    x, y = np.linspace(-1.9, 1.9, 161), np.linspace(-0.7, 2.6, 141)
    height = np.log10((1 - x) ** 2 + 100 * (y[:, None] - x**2) ** 2 + 1e-3)
    axes = fig.subplots(2, 2, sharex=True, sharey=True).flat
    for ax, (name, path) in zip(axes, paths.items(), strict=True):
        ax.contourf(x, y, height, levels=14, cmap=SEQUENTIAL, alpha=0.35)
        ax.plot(*path.T, color=WEIGHT, linewidth=1.6)
        mark_start_and_goal(ax, path[0], (1, 1))
        ax.set(title=name, xlim=(-1.9, 1.9), ylim=(-0.7, 2.6), xticks=[-1, 0, 1], yticks=[0, 1, 2])
    for ax in fig.axes[2:]:
        ax.set(xlabel="w₁")
    for ax in fig.axes[::2]:
        ax.set(ylabel="w₂")


@figure(width=6.4, height=5.0)
def loss_against_rate(fig, rates, losses):
    """Final losses (rates, seeds) against learning rates, {name: …} each: mean and range, log-log.

    A panel for each rule, with the others in grey; AdamW stands, dotted, in the panel of Adam.
    """
    own = [name for name in losses if name != "AdamW"]
    for ax, name in zip(fig.subplots(2, 2, sharex=True, sharey=True).flat, own, strict=True):
        for other in own:
            ax.plot(rates[other], losses[other].mean(axis=1), "-", color=DATA, alpha=0.5, linewidth=1)
        for shown, dash in [(name, "-")] + [("AdamW", ":")] * (name == "Adam" and "AdamW" in losses):
            loss = losses[shown]
            ax.plot(rates[shown], loss.mean(axis=1), dash, color=LOSS, marker="o", markersize=4)
            ax.fill_between(
                rates[shown], loss.min(axis=1), loss.max(axis=1), color=LOSS, alpha=0.18, linewidth=0
            )
        ax.set(xscale="log", yscale="log", title=name, ylim=(0.025, 4))
        ax.set_xticks([1e-4, 1e-2, 1])
        ax.set_xticks([], minor=True)
    for ax in fig.axes[2:]:
        ax.set(xlabel="learning rate")
    for ax in fig.axes[::2]:
        ax.set(ylabel="training loss")


@figure(width=5.4, height=3.5)
def gradient_noise(fig, batches, noise):
    """Relative noise (len(batches),) of a batch's gradient at several moments, {name: noise}, log-log."""
    ax = fig.subplots()
    for (name, values), dash in zip(noise.items(), ["-", "--"], strict=True):
        ax.plot(batches, values, dash, color=GRADIENT, marker="o")
        label_line(ax, batches, values, name, GRADIENT)
    ax.axhline(1, color=DATA, linestyle=":", linewidth=1)
    ax.annotate("as large as the gradient", (batches[0], 1), (0, -6), textcoords="offset points", va="top")
    ax.set(xscale="log", yscale="log", xlabel="batch size", ylabel="noise / gradient")
    ax.set_xticks(batches, [str(b) for b in batches], minor=False)
    ax.set_xticks([], minor=True)


@figure(width=5.4, height=3.5)
def schedules(fig, heights):
    """Mean loss on a noisy bowl against the step, {name: losses (steps,)}, the loss on a log axis."""
    ax = fig.subplots()
    for (name, height), dash in zip(heights.items(), ["--", "-.", "-"], strict=True):
        step = np.arange(len(height))
        ax.plot(step, height, dash, color=LOSS)
        label_line(ax, step, height, name, LOSS)
    ax.set(yscale="log", xlabel="step", ylabel="mean loss")
