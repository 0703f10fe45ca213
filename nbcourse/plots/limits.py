"""The figures of chapter 9's last part: what a score does not say."""

import numpy as np

from nbcourse.plots.style import DATA, DIVERGING, LOSS, SIGNAL, WEIGHT, clean, figure, label_line, on_paper

__all__ = ["attacked", "groups", "reliability", "strengths", "turned"]


@figure(width=6.0, height=3.3)
def reliability(fig, cases):
    """Share right against confidence, a panel each: name -> bins (3, b): counts, confidence, share right."""
    axes = fig.subplots(1, len(cases), sharey=True, squeeze=False)[0]
    for ax, (name, (counts, claimed, true)) in zip(axes, cases.items(), strict=True):
        ax.plot([0, 1], [0, 1], "--", color=DATA, linewidth=1)
        area = 12 + 260 * counts / counts.sum()
        ax.scatter(claimed, true, s=area, color=WEIGHT, alpha=0.8, linewidths=0)
        ax.plot(claimed, true, color=WEIGHT, linewidth=1)
        ax.set(xlim=(0, 1.02), ylim=(0, 1.02), xlabel="confidence", title=name)
    axes[0].set_ylabel("share that was right")
    axes[0].annotate("as claimed", (0.3, 0.36), rotation=38, ha="left", va="bottom")


@figure(width=5.4, height=3.4)
def turned(fig, angles, right, sure):
    """Accuracy and mean confidence (seeds, angles) in per cent against the angle, means and deviations."""
    ax = fig.subplots()
    for values, name, color, dash in ((sure, "confidence", WEIGHT, "--"), (right, "accuracy", SIGNAL, "-")):
        _with_spread(ax, angles, values, color, dash)
        label_line(ax, angles, values.mean(axis=0), name, color)
    ax.set(xlabel="test digits turned by (degrees)", ylabel="per cent", ylim=(0, 103))
    ax.set_xticks(angles)


@figure(width=5.8, height=3.4)
def attacked(fig, before, after, truth, answers):
    """Pictures (n, h, w), the change, the changed pictures; `truth` and `answers` (n,) as words below."""
    axes = fig.subplots(3, len(before), squeeze=False)
    most = np.abs(after - before).max()
    for column, (old, new) in enumerate(zip(before, after, strict=True)):
        on_paper(axes[0, column], old)
        axes[1, column].imshow(new - old, cmap=DIVERGING, vmin=-2 * most, vmax=2 * most)
        on_paper(axes[2, column], new)
        axes[0, column].set_title(f"is {truth[column]}", loc="center")
        axes[2, column].set_xlabel(f"“{answers[column]}”")
    for ax in axes.flat:
        clean(ax)
    for ax, name in zip(axes[:, 0], ("picture", "change", "sum"), strict=True):
        ax.set_ylabel(name)


@figure(width=5.8, height=3.4)
def strengths(fig, epsilons, curves, trained_at=0.1):
    """Accuracy (%) against the strength of an attack: name -> (seeds, strengths)."""
    ax = fig.subplots()
    styles = ((LOSS, "--"), (WEIGHT, "-"))
    for (name, values), (color, dash) in zip(curves.items(), styles, strict=True):
        _with_spread(ax, epsilons, values, color, dash)
        label_line(ax, epsilons, values.mean(axis=0), name.replace("on ", "on\n", 1), color)
    ax.axvline(trained_at, color=DATA, linestyle=":", linewidth=1.2)
    ax.set(xlabel="largest change of a pixel", ylabel="test accuracy (%)", ylim=(0, 103))


@figure(width=5.8, height=3.9)
def groups(fig, missed):
    """Per cent missed of groups A and B: (world, what is seen) -> (seeds, 2); a panel for each world."""
    worlds = list(dict.fromkeys(world for world, _ in missed))
    axes = fig.subplots(len(worlds), 1, sharex=True, squeeze=False)[:, 0]
    for ax, world in zip(axes, worlds, strict=True):
        rows = [(seen, shares) for (w, seen), shares in missed.items() if w == world]
        for y, (_, shares) in enumerate(rows):
            a, b = shares.mean(axis=0)
            ax.plot([a, b], [y, y], "-", color=DATA, linewidth=1)
            for value, name, color, marker in ((a, "A", WEIGHT, "o"), (b, "B", LOSS, "s")):
                ax.plot(value, y, marker, color=color, markersize=7)
                far = 1 if value == max(a, b) else -1
                place = {"xytext": (9 * far, 0), "textcoords": "offset points"}
                ax.annotate(name, (value, y), ha="center", va="center", **place)
        ax.set_yticks(range(len(rows)), [seen for seen, _ in rows])
        ax.set(title=world, ylim=(len(rows) - 0.5, -0.5), xlim=(0, 75))
    axes[-1].set_xlabel("suited, but not chosen (%)")


def _with_spread(ax, x, values, color, dash):
    mean, sd = values.mean(axis=0), values.std(axis=0, ddof=1)
    ax.plot(x, mean, dash, color=color)
    ax.fill_between(x, mean - sd, mean + sd, color=color, alpha=0.18, linewidth=0)
