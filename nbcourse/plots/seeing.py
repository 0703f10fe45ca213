"""The figures of chapter 5's second half: what networks cost, which filters travel, where they looked."""

import numpy as np
from matplotlib.patheffects import withStroke

from nbcourse.plots.style import (
    DATA,
    DIVERGING,
    GRADIENT,
    INK,
    LOSS,
    SEQUENTIAL,
    SIGNAL,
    WEIGHT,
    clean,
    figure,
    label_line,
    on_paper,
)

__all__ = [
    "album",
    "compared",
    "costs",
    "filters",
    "ideals",
    "maps",
    "misread_by",
    "randomised",
    "shapes",
    "transfer",
    "units",
]

_CASING = [withStroke(linewidth=2.6, foreground="black")]  # what is true is white with a rim, on any picture


@figure(width=5.4, height=4.2)
def costs(fig, counted):
    """Multiply-adds against parameters, counted: name -> (parameters, multiply-adds), both logarithmic."""
    ax = fig.subplots()
    ax.plot([3e4, 3e8], [3e4, 3e8], "--", color=DATA, linewidth=1)
    ax.annotate("1 multiply-add\nfor each parameter", (1.6e6, 7.5e5), va="top", ha="left")
    for name, (parameters, operations) in counted.items():
        ax.plot(parameters, operations, "o", color=WEIGHT)
        left = name in ("GoogLeNet", "DenseNet-201")
        dy = {"ConvNeXt-T": 6, "ResNet-50": -9}.get(name, 0)
        ax.annotate(
            name,
            (parameters, operations),
            xytext=(-7 if left else 7, dy),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
        )
    ax.set(xscale="log", yscale="log", xlim=(2e4, 1.5e9), ylim=(1e5, 6e10))
    ax.set(xlabel="parameters", ylabel="multiply-adds for one picture")


@figure(width=5.4, height=4.2)
def album(fig, points):
    """Accuracy (%) against multiply-adds: family -> one or two (multiply-adds, scores (seeds,)); mean, sd."""
    ax = fig.subplots()
    ends = []
    for number, (family, sizes) in enumerate(points.items()):
        x = [operations for operations, _ in sizes]
        y = [np.mean(scores) for _, scores in sizes]
        sd = [np.std(scores, ddof=1) for _, scores in sizes]
        shift = 1 + 0.025 * (number - 3.5)  # equal cost: side by side, not on top of each other
        ax.errorbar(
            np.array(x) * shift, y, sd, color=WEIGHT, marker="o", capsize=3, linewidth=1.2, elinewidth=1
        )
        ends.append((x[-1] * shift, y[-1], family))
    _labels_in_a_column(ax, ends)
    ax.set(xscale="log", xlabel="multiply-adds for one digit", ylabel="test accuracy (%)")
    ticks = [20_000, 50_000, 100_000]
    ax.set_xticks(ticks, [f"{t:,}" for t in ticks])
    ax.set_xticks([], minor=True)


def _labels_in_a_column(ax, ends):
    """Write names right of their points (x, y, name), apart from each other, joined by thin lines."""
    ends = sorted(ends, key=lambda end: end[1])
    low, high = ax.get_ylim()
    gap = (high - low) / 13
    at = []
    for _, y, _ in ends:
        at.append(max(y, at[-1] + gap) if at else y)
    excess = (at[-1] - ends[-1][1]) / 2  # half of what the names were pushed up
    right = 1.25 * max(x for x, _, _ in ends)
    for (x, y, name), height in zip(ends, at, strict=True):
        ax.annotate(
            name,
            (x, y),
            xytext=(right, height - excess),
            va="center",
            ha="left",
            arrowprops=dict(arrowstyle="-", color=INK, linewidth=0.6, relpos=(0, 0.5), shrinkA=1, shrinkB=3),
        )
    ax.set_xlim(right=2.3 * right)


@figure(width=5.4, height=1.5)
def shapes(fig, images, boxes, names):
    """Pictures (n, h, w) from 0 to 1 in a row, each with its box (n, 4) and the name of its shape."""
    for ax, image, (left, top, right, bottom), name in zip(
        fig.subplots(1, len(images)), images, boxes, names, strict=True
    ):
        clean(ax).imshow(image, cmap="gray", vmin=0, vmax=1)
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]])
        ax.plot(*(corners - 0.5).T, color="white", linestyle="-", linewidth=1.4, path_effects=_CASING)
        ax.set_title(name, loc="center")


@figure(width=6.4, height=4.2)
def transfer(fig, reached, numbers):
    """Accuracy (%) against labelled examples: task -> way -> (seeds, len(numbers[task])); mean ± sd."""
    axes = fig.subplots(1, len(reached))
    looks = {
        "from scratch": (DATA, "-", "o"),
        "random, frozen": (DATA, ":", "x"),
        "frozen": (SIGNAL, "-", "s"),
        "frozen, settled": (GRADIENT, "-.", "D"),
        "fine-tuned": (WEIGHT, "--", "^"),
    }
    for ax, (task, ways) in zip(np.atleast_1d(axes), reached.items(), strict=True):
        for number, (way, scores) in enumerate(ways.items()):
            color, dash, marker = looks[way]
            x = np.array(numbers[task]) * (1 + 0.04 * (number - 2))
            mean, sd = np.mean(scores, axis=0), np.std(scores, axis=0, ddof=1)
            ax.errorbar(
                x, mean, sd, color=color, linestyle=dash, marker=marker, capsize=3, elinewidth=1, label=way
            )
        ax.set(xscale="log", xlabel="labels for each class", title=task, ylim=(20, 102))
        ax.set_xticks(numbers[task], [str(k) for k in numbers[task]])
        ax.set_xticks([], minor=True)
    np.atleast_1d(axes)[0].set_ylabel("accuracy on new pictures (%)")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=2)


@figure(width=5.4, height=3.7)
def filters(fig, before, after):
    """Kernels (n, k, k) before training and after, two rows each; every one on its own scale around zero."""
    for part, kernels, name in zip(fig.subfigures(2), (before, after), ("before", "after"), strict=True):
        part.supylabel(name, fontsize="medium")
        axes = part.subplots(2, -(-len(kernels) // 2)).flat
        for ax, kernel in zip(map(clean, axes), kernels, strict=False):
            limit = np.abs(kernel).max()
            ax.imshow(kernel, cmap=DIVERGING, vmin=-limit, vmax=limit)


@figure(width=5.4, height=5.2)
def units(fig, patches, made, names):
    """A row for each unit: its patches (units, count, k, k), then the picture (units, k, k) made for it."""
    axes = fig.subplots(len(patches), len(patches[0]) + 1)
    for row, real, picture, name in zip(axes, patches, made, names, strict=True):
        for ax, image in zip(row, [*real, picture], strict=True):
            clean(ax).imshow(image, cmap="gray", vmin=-0.5, vmax=0.5)
        row[0].set_ylabel(name)
    axes[0, 0].set_title("real patches")
    axes[0, -1].set_title("made")


@figure(width=5.4, height=1.5)
def ideals(fig, made, names):
    """The pictures (classes, h, w) that excite the classes' logits most, in a row, with the names."""
    for ax, image, name in zip(fig.subplots(1, len(made)), made, names, strict=True):
        clean(ax).imshow(image, cmap="gray", vmin=-0.5, vmax=0.5)
        ax.set_title(name, loc="center")


@figure(width=5.4, height=5.6)
def maps(fig, images, found, masks):
    """A row for each picture (n, h, w): itself with its outline, then a map (n, h, w) of each method."""
    axes = fig.subplots(len(images), 1 + len(found))
    for i, row in enumerate(np.atleast_2d(axes)):
        clean(row[0]).imshow(images[i], cmap="gray", vmin=0, vmax=1)
        _map_row(row[1:], [each[i] for each in found.values()])
        for ax in row:
            _outline(ax, masks[i])
    for ax, name in zip(fig.axes, ["picture", *found], strict=False):
        ax.set_title(name, loc="center")


@figure(width=5.4, height=2.45)
def compared(fig, image, found, mask, names):
    """A picture (h, w) and its maps from several networks, (networks, h, w) of each method, a row each."""
    axes = fig.subplots(len(names), 1 + len(found))
    for i, (row, name) in enumerate(zip(axes, names, strict=True)):
        clean(row[0]).imshow(image, cmap="gray", vmin=0, vmax=1)
        row[0].set_ylabel(name)
        _map_row(row[1:], [each[i] for each in found.values()])
        for ax in row:
            _outline(ax, mask)
    for ax, title in zip(axes[0], ["picture", *found], strict=True):
        ax.set_title(title, loc="center")


def _map_row(axes, found):
    """Draw maps (h, w), each on its own scale from 0 to its largest value."""
    for ax, each in zip(axes, found, strict=True):
        clean(ax).imshow(each, cmap=SEQUENTIAL, vmin=0, vmax=max(each.max(), 1e-12))


def _outline(ax, mask):
    ax.contour(mask, levels=[0.5], colors=["white"], linewidths=1).set(path_effects=_CASING)


@figure(width=5.4, height=3.8)
def randomised(fig, correlation):
    """Mean rank correlation (seeds, parts + 1) of each method with 0, 1, … parts redrawn, mean and range."""
    ax = fig.subplots()
    looks = {
        "edges": (DATA, ":"),
        "guided": (LOSS, "--"),
        "saliency": (GRADIENT, "-."),
        "Grad-CAM": (WEIGHT, "-"),
    }
    ends = {}
    for name, values in correlation.items():
        values = np.asarray(values)
        color, dash = looks.get(name, (SIGNAL, "-"))
        parts = np.arange(values.shape[1])
        ax.plot(parts, values.mean(axis=0), dash, color=color, marker="o", markersize=4)
        ax.fill_between(parts, values.min(axis=0), values.max(axis=0), color=color, alpha=0.15, linewidth=0)
        ends[name] = values.mean(axis=0)[-1], color
    last, below = len(parts) - 1, -np.inf
    for name, (end, color) in sorted(ends.items(), key=lambda item: item[1][0]):
        below = max(end, below + 0.09)  # names keep apart
        label_line(ax, [last], [end], name, color, dy=(below - end) * 165)
    ax.axhline(0, color=DATA, linewidth=0.8)
    names = ["none", "linear", "+ conv 4", "+ conv 3", "+ conv 2", "all"]
    ax.set_xticks(parts, names[: len(parts)], rotation=30, ha="right", rotation_mode="anchor")
    ax.set(xlabel="layers with random weights", ylabel="rank correlation of the maps", ylim=(-0.5, 1.06))


@figure(width=5.4, height=3.4)
def misread_by(fig, images, answers, targets):
    """Digits (n, 8, 8), above each what several networks answered, (n, networks), below it the target."""
    for ax in fig.subplots(2, 5).flat:
        clean(ax)
    for ax, image, given, target in zip(fig.axes, images, answers, targets, strict=False):
        on_paper(ax, image)
        ax.set_title(" ".join(map(str, given)), loc="center")
        ax.set_xlabel(f"is {target}")
