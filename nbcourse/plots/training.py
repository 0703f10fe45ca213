"""The figures of chapter 4: leaks, valleys, fits, remedies, learning rates and searches."""

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
    mark_start_and_goal,
    on_paper,
)

__all__ = [
    "ablation",
    "augmented",
    "double_descent",
    "finder",
    "fits",
    "leaks",
    "learning_curves",
    "norm_axes",
    "schedules",
    "step_sizes",
    "study",
    "valleys",
]


@figure(width=5.4, height=2.9)
def leaks(fig, claimed, real):
    """Accuracies in %, name -> (seeds,), with a leak and without: each seed and the mean, a row each."""
    ax = fig.subplots()
    names = list(claimed)[::-1]
    for row, name in enumerate(names):
        for found, color, marker, lift in [(claimed, LOSS, "X", 0.14), (real, WEIGHT, "o", -0.14)]:
            height = np.full(len(found[name]), row + lift)
            ax.plot(found[name], height, marker.lower(), color=color, **SEED)
            ax.plot(np.mean(found[name]), row + lift, marker, color=color, markersize=8)
    top, bottom = len(names) - 1, 0
    ax.annotate("with the leak", (np.mean(claimed[names[bottom]]), bottom + 0.3), ha="center")
    ax.annotate("honest", (np.mean(real[names[bottom]]), bottom - 0.36), ha="center", va="top")
    ax.set(xlabel="accuracy on held-out rows (%)", ylim=(-0.8, top + 0.5))
    ax.set_yticks(range(len(names)), names)


@figure(width=5.4, height=3.1)
def valleys(fig, X, y, steps):
    """Gradient descent on squared error with two inputs X (n, 2), in their own units and standardised."""
    X, y = X - X.mean(axis=0), y - y.mean()
    for ax, inputs, title in zip(
        fig.subplots(1, 2), [X, X / X.std(axis=0)], ["own units", "standardised"], strict=True
    ):
        hessian = 2 / len(inputs) * inputs.T @ inputs  # (2, 2)
        best = np.linalg.lstsq(inputs, y, rcond=None)[0]
        path = _descent(hessian, best, steps)  # (steps + 1, 2)
        reach = 1.15 * np.abs(path - best).max()
        axes = [np.linspace(b - reach, b + reach, 200) for b in best]
        away = np.stack(np.meshgrid(*axes), axis=-1) - best  # (200, 200, 2)
        height = np.einsum("...i,ij,...j->...", away, hessian, away) / 2
        levels = height[0, 100] * np.geomspace(0.002, 0.9, 7)
        ax.contour(*axes, height, levels=levels, colors=DATA, linewidths=0.8)
        ax.plot(*path.T, color=WEIGHT, marker="o", markersize=3, linewidth=1)
        mark_start_and_goal(ax, path[0], best)
        condition = np.linalg.cond(hessian)
        ax.set(title=f"{title}, κ = {condition:.2g}", xlabel="weight 1", xticks=[], yticks=[])
        ax.set_aspect("equal")
    fig.axes[0].set_ylabel("weight 2")


def _descent(hessian, best, steps):
    """Return the path (steps + 1, 2) of gradient descent with rate 1/λ_max, from equal heights."""
    values, vectors = np.linalg.eigh(hessian)  # ascending
    start = vectors @ (1 / np.sqrt(values))  # the same height along each direction
    away, path = start, [start]
    for _ in range(steps):
        away = away - hessian @ away / values[-1]
        path.append(away)
    return best + np.array(path)


@figure(width=5.4, height=1.1)
def augmented(fig, digit, views):
    """A digit (64,) and changed views of it (k, 64), side by side."""
    for ax, image in zip(fig.subplots(1, 1 + len(views)), [digit, *views], strict=True):
        on_paper(clean(ax), image.reshape(8, 8))
        ax.spines[:].set_visible(True)  # the frame shows that the digit has moved


@figure(width=5.4, height=2.7)
def fits(fig, x, y, drawn):
    """Points x (n, 1), y (n,), and for each width a curve (200,) over [-1, 1]; the true curve is dotted."""
    grid = np.linspace(-1, 1, 200)
    truth = np.sin(np.pi * grid) + 0.5 * np.sin(2.5 * np.pi * grid)
    for ax, (width, values) in zip(fig.subplots(1, len(drawn), sharey=True), drawn.items(), strict=True):
        ax.plot(grid, truth, ":", color=INK, linewidth=1.5)
        ax.plot(x, y, "o", color=DATA, markersize=4)
        ax.plot(grid, values, color=WEIGHT)
        ax.set(title=f"m = {width}", xlabel="x", ylim=(-2.6, 2.6), xticks=[-1, 0, 1])
    fig.axes[0].set_ylabel("y")


@figure(width=5.4, height=1.9)
def norm_axes(fig, examples=4, neurons=6):
    """What batch norm and layer norm average over: a column, a row of a batch's activations."""
    for ax, title, column in zip(
        fig.subplots(1, 2), ["batch norm", "layer norm"], [True, False], strict=True
    ):
        clean(ax).set(title=title, xlim=(-0.1, neurons + 0.1), ylim=(examples + 0.1, -0.1), aspect="equal")
        for i, j in np.ndindex(examples, neurons):
            mine = j == 2 if column else i == 1
            color, fill = (SIGNAL, SIGNAL) if mine else (DATA, "none")
            ax.add_patch(_square(j, i, color, fill))
        ax.set(xlabel="neurons", ylabel="examples")


def _square(x, y, color, fill):
    from matplotlib.patches import Rectangle

    return Rectangle((x + 0.08, y + 0.08), 0.84, 0.84, edgecolor=color, facecolor=fill, linewidth=1.2)


@figure(width=5.4, height=3.9)
def ablation(fig, scores):
    """Validation accuracies in %, remedy -> seeds: a dot each, and their mean."""
    ax = fig.subplots()
    names = list(scores)[::-1]
    for row, name in enumerate(names):
        found = np.asarray(scores[name])
        spread = row + 0.22 * np.linspace(-1, 1, len(found))
        ax.plot(found, spread, "o", color=WEIGHT, **SEED)
        ax.plot([found.mean()] * 2, [row - 0.36, row + 0.36], "-", color=WEIGHT, linewidth=2.5)
    ax.axvline(np.mean(scores[names[-1]]), color=DATA, linestyle="--", linewidth=1.2)
    ax.set(xlabel="validation accuracy (%)")
    ax.set_yticks(range(len(names)), names)


@figure(width=5.4, height=3.0)
def learning_curves(fig, histories):
    """Training and validation loss of each history (rows with step, train_loss, loss), a panel each."""
    panels = fig.subplots(1, len(histories), sharey=True)
    for ax, (name, rows) in zip(panels, histories.items(), strict=True):
        steps = [row["step"] for row in rows]
        for key, dash, color in [("train_loss", "--", DATA), ("loss", "-", LOSS)]:
            ax.plot(steps, [row[key] for row in rows], dash, color=color)
        losses = [row["loss"] for row in rows]
        ax.plot(steps[np.argmin(losses)], min(losses), "o", color=LOSS, markersize=6)
        ax.set(title=name, xlabel="step", ylim=(0, 2.4))
    last = next(iter(histories.values()))[-1]
    for text, key in [("validation", "loss"), ("training", "train_loss")]:
        place = dict(xytext=(0, 9), textcoords="offset points", ha="right")
        panels[0].annotate(text, (last["step"], last[key]), **place)
    panels[0].set_ylabel("loss")


@figure(width=5.4, height=3.2)
def finder(fig, rates, losses, smooth, falling):
    """A learning-rate sweep: losses (k,) at growing rates (k,), their smooth form, the steepest fall."""
    ax = fig.subplots()
    ax.plot(rates, losses, "-", color=LOSS, linewidth=0.8, alpha=0.5)
    ax.plot(rates, smooth, "-", color=LOSS)
    height = smooth[np.argmin(np.abs(np.asarray(rates) - falling))]
    ax.plot(falling, height, "o", color=LOSS, markersize=8)
    ax.annotate("falls fastest", (falling, height), xytext=(-9, -4), textcoords="offset points", ha="right")
    ax.set(xscale="log", xlabel="learning rate", ylabel="loss of a batch", ylim=(0, 4))


@figure(width=5.4, height=2.9)
def schedules(fig, shares):
    """Shares of the highest rate at each step, name -> (T,), and step decay beside them."""
    ax = fig.subplots()
    steps = len(next(iter(shares.values())))
    t = np.arange(steps)
    curves = {**shares, "step decay": np.select([t < steps / 2, t < 3 * steps / 4], [1.0, 0.1], 0.01)}
    places = {
        "constant": (0.62, 1.04),
        "cosine": (0.27, 0.55),
        "one-cycle": (0.15, 0.28),
        "step decay": (0.27, 0.08),
    }
    for (name, share), dash in zip(curves.items(), ["-", "--", "-.", ":"], strict=False):
        ax.plot(t, share, dash, color=WEIGHT)
        x, y = places[name]
        ax.annotate(name, (x * steps, y))
    ax.set(xlabel="step", ylabel="share of highest rate", ylim=(-0.03, 1.15), yticks=[0, 0.5, 1])


@figure(width=5.4, height=3.2)
def step_sizes(fig, ratios):
    """Relative sizes of the updates, learning rate -> (steps,), on a logarithmic axis."""
    ax = fig.subplots()
    ax.axhspan(3e-4, 3e-3, color=DATA, alpha=0.2, linewidth=0)
    for (rate, values), dash in zip(ratios.items(), ["-.", "-", "--"], strict=False):
        ax.plot(np.arange(1, len(values) + 1), values, dash, color=GRADIENT)
        early = min(7, len(values) - 1)
        below = rate == sorted(ratios)[len(ratios) // 2]  # the curve above comes down on it
        place = dict(xytext=(6, -15 if below else 5), textcoords="offset points")
        ax.annotate(f"rate {rate:f}".rstrip("0"), (early + 1, values[early]), **place)
    ax.set(yscale="log", xlabel="step", ylabel="|Δw| / |w|")


@figure(width=5.4, height=3.3)
def study(fig, trials, importance):
    """Trials as (pruned?, {step: loss}), and the importance of each setting, name -> share."""
    left, right = fig.subplots(1, 2, width_ratios=[1.1, 1])
    for pruned, values in trials:
        color, dash, width = (DATA, "--", 1.2) if pruned else (LOSS, "-", 1.2)
        left.plot(list(values), list(values.values()), dash, color=color, linewidth=width, alpha=0.7)
        if pruned and values:
            step = list(values)[-1]
            left.plot(step, values[step], "x", color=DATA, markersize=6, markeredgewidth=1.5)
    left.set(xlabel="step", ylabel="validation loss", ylim=(0.3, 2.6))
    names = list(importance)[::-1]
    right.barh(names, [importance[name] for name in names], color=WEIGHT, height=0.55)
    right.set(xlabel="importance", xlim=(0, 1), xticks=[0, 0.5, 1])


@figure(width=5.4, height=3.3)
def double_descent(fig, widths, peaked, ridged, examples):
    """Test errors (k,) against widths (k,), without ridge and with; a line at the number of examples."""
    ax = fig.subplots()
    ax.axvline(examples, color=DATA, linewidth=1, linestyle=":")
    for values, dash, name, dy in [(peaked, "-", "no ridge", 7), (ridged, "--", "with ridge", -7)]:
        ax.plot(widths, values, dash, color=LOSS, marker="o")
        label_line(ax, widths, values, name, LOSS, dy=dy)
    ax.annotate(f"{examples} examples", (examples, peaked.max()), xytext=(7, 0), textcoords="offset points")
    ax.set(xscale="log", yscale="log", xlabel="random features m", ylabel="test error")
