"""The figures of chapter 5, first half: kernels that slide, what they see, what they owe to neighbours."""

import numpy as np
from matplotlib.patches import Rectangle

from nbcourse.plots.style import (
    DATA,
    DIVERGING,
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
    "accuracy_against_shift",
    "flip_and_slide",
    "in_order_and_shuffled",
    "kernels_at_work",
    "loss_against_depth",
    "receptive_fields",
    "shared_weights",
    "shift_and_convolve",
    "shifted_digits",
    "shuffled_signals",
    "times",
    "windows",
]

_DASHES = ["-", "--", "-.", ":"]


@figure(width=5.4, height=1.7)
def shifted_digits(fig, images, shifts):
    """The same digit, images (k, h, w), moved to the right by each of the shifts (k,)."""
    for ax, image, shift in zip(fig.subplots(1, len(images)), images, shifts, strict=True):
        _image(ax, image)
        ax.set_title(f"{shift:+d}".replace("-", "−") if shift else "0", loc="center")


def _image(ax, image):
    """Draw one grey image (h, w) in a thin frame: 0 is paper, 1 is ink."""
    on_paper(ax, image)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=DATA)


@figure(width=5.4, height=3.6)
def accuracy_against_shift(fig, shifts, found):
    """Per cent right, name -> (seeds, shifts), with its deviation over the seeds, against the shift."""
    ax = fig.subplots()
    ends = _apart([np.mean(values, axis=0)[-1] for values in found.values()], 6)
    for (name, values), dash, end in zip(found.items(), _DASHES, ends, strict=False):
        mean, sd = np.mean(values, axis=0), np.std(values, axis=0, ddof=1)
        ax.errorbar(shifts, mean, sd, color=WEIGHT, linestyle=dash, marker="o", capsize=3)
        ax.annotate(name, (shifts[-1], end), xytext=(9, 0), textcoords="offset points", va="center")
    ax.axhline(10, color=DATA, linewidth=1, linestyle=":")
    ax.annotate("guessing", (np.mean(shifts), 10), xytext=(0, 4), textcoords="offset points", ha="center")
    ax.set(xlabel="shift to the right (pixels)", ylabel="digits read right (%)", ylim=(0, 103))
    ax.set_xticks(shifts)


def _apart(heights, least):
    """Heights of labels in the order given, moved down until neighbours are `least` apart."""
    placed, last = np.array(heights, float), np.inf
    for i in np.argsort(placed)[::-1]:
        placed[i] = last = min(placed[i], last - least)
    return placed


@figure(width=5.4, height=3.7)
def flip_and_slide(fig, f, g, places):
    """f (k,) and g (m,), g flipped and laid over f at three places; below, the sums: their convolution."""
    grid = fig.add_gridspec(2, len(places), height_ratios=[1, 1.2])
    index, flipped = np.arange(len(f)), g[::-1]
    for column, n in enumerate(places):
        ax = fig.add_subplot(grid[0, column])
        ax.bar(index, f, color=DATA, alpha=0.6, width=0.8)
        under = n - len(g) + 1 + np.arange(len(g))
        ax.bar(under, flipped, facecolor="none", edgecolor=WEIGHT, width=0.9, linewidth=1.6)
        ax.set(xlim=(-len(g), len(f) + len(g) - 1), ylim=(0, 1.15 * max(*f, *g)), yticks=[], xlabel="m")
        ax.set_title(f"n = {n}", loc="center")
        ax.set_xticks([0, len(f) - 1])
    ax = fig.add_subplot(grid[1, :])
    total = np.convolve(f, g)
    faces = [SIGNAL if n in places else "none" for n in range(len(total))]
    ax.bar(np.arange(len(total)), total, color=faces, edgecolor=SIGNAL, width=0.8)
    ax.set(xlabel="n", ylabel="(f ∗ g)[n]", xticks=np.arange(len(total)))


@figure(width=5.4, height=3.6)
def kernels_at_work(fig, image, maps):
    """An image (h, w) and its maps, name -> (h, w): orange below 0, blue above, each on its own scale."""
    axes = fig.subplots(2, (len(maps) + 2) // 2).flat
    _image(axes[0], image)
    axes[0].set_title("the image", loc="center")
    for ax, (name, values) in zip(axes[1:], maps.items(), strict=False):
        _map(ax, values, np.abs(values).max(), name)
    for ax in axes[len(maps) + 1 :]:
        clean(ax)


def _map(ax, values, most, title):
    """Draw one feature map (h, w): orange below 0, blue above, on a scale from -most to most."""
    ax.imshow(values, cmap=DIVERGING, vmin=-most, vmax=most)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=DATA)
    ax.set_title(title, loc="center")


@figure(width=5.4, height=2.5)
def shared_weights(fig, numbers):
    """The matrix of a convolution: numbers (outputs, inputs) say which weight stands where, 0 none."""
    ax = fig.subplots()
    shown = np.ma.masked_equal(numbers, 0)
    drawn = ax.imshow(shown, cmap=SEQUENTIAL, vmin=1, vmax=numbers.max())
    ax.spines[:].set(visible=True, color=DATA)
    ax.set(xlabel=f"input pixels ({numbers.shape[1]})", ylabel=f"output pixels ({numbers.shape[0]})")
    ax.set(xticks=[], yticks=[])
    bar = fig.colorbar(drawn, ax=ax, shrink=0.8, ticks=np.arange(1, numbers.max() + 1))
    bar.set_label("number of the weight")
    bar.outline.set_visible(False)


@figure(width=5.4, height=2.4)
def times(fig, seconds):
    """Milliseconds of each way to compute a convolution, name -> seconds, on a logarithmic axis."""
    ax = fig.subplots()
    names, values = list(seconds), 1e3 * np.array(list(seconds.values()))
    ax.barh(names, values, color=SIGNAL, height=0.6)
    for row, value in enumerate(values):
        ax.annotate(f"{value:.2g}", (value, row), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set(xscale="log", xlabel="time (ms, one run)", xlim=(values.min() / 3, values.max() * 4))
    ax.invert_yaxis()


@figure(width=5.4, height=5.6)
def windows(fig, cases, side=5, kernel=3):
    """Where a kernel goes on a small image, its first two places: title -> (padding, stride, dilation)."""
    fig.get_layout_engine().set(hspace=0.12)  # between what stands below one and the title of the next
    for ax, (title, (padding, stride, dilation)) in zip(fig.subplots(2, 2).flat, cases.items(), strict=True):
        clean(ax).set(xlim=(-1.3, side + 1.3), ylim=(side + 2, -1.3), aspect="equal")
        for row in range(-padding, side + padding):
            for column in range(-padding, side + padding):
                inside = 0 <= row < side and 0 <= column < side
                look = dict(linestyle="-") if inside else dict(linestyle=":")
                ax.add_patch(Rectangle((column, row), 1, 1, facecolor="none", edgecolor=DATA, **look))
        out = (side + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
        if out > 1:
            _window(ax, stride - padding, -padding, kernel, dilation, WEIGHT, first=False)
        _window(ax, -padding, -padding, kernel, dilation, WEIGHT, first=True)
        ax.set_title(title, loc="center")
        ax.annotate(f"{out} × {out} outputs", (side / 2, side + 1.55), ha="center", va="center")


def _window(ax, left, top, kernel, dilation, colour, first):
    """Draw the pixels that the kernel reads at one place: filled for the first place, else outlined."""
    for i in range(kernel):
        for j in range(kernel):
            corner = (left + j * dilation, top + i * dilation)
            if first:
                ax.add_patch(Rectangle(corner, 1, 1, facecolor=colour, alpha=0.35, edgecolor="none"))
            else:
                inset = (corner[0] + 0.17, corner[1] + 0.17)
                ax.add_patch(Rectangle(inset, 0.66, 0.66, facecolor="none", edgecolor=colour, linewidth=1.6))


@figure(width=5.4, height=2.6)
def receptive_fields(fig, fields):
    """How much one output depends on each pixel, title -> (size, (h, w)), with the computed field framed."""
    for ax, (title, (size, strength)) in zip(fig.subplots(1, len(fields)), fields.items(), strict=True):
        ax.imshow(np.ma.masked_equal(strength, 0), cmap=SEQUENTIAL, vmin=0)
        rows, columns = np.nonzero(strength)
        corner = (columns.min() - 0.5, rows.min() - 0.5)
        ax.add_patch(Rectangle(corner, size, size, facecolor="none", edgecolor=GRADIENT, linewidth=1.6))
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color=DATA)
        ax.set_title(title, loc="center")
        ax.set_xlabel(f"{size} × {size}")


@figure(width=4.8, height=4.8)
def shift_and_convolve(fig, image, shifted, mapped, shifted_mapped):
    """An image (h, w) and the same one shifted; below each its feature map (h, w), on one scale."""
    axes = fig.subplots(2, 2)
    most = np.abs(mapped).max()
    for ax, values, title in zip(axes[0], (image, shifted), ("image", "shifted"), strict=True):
        _image(ax, values)
        ax.set_title(title, loc="center")
    titles = "map of the image", "map of the shifted"
    for ax, values, title in zip(axes[1], (mapped, shifted_mapped), titles, strict=True):
        _map(ax, values, most, title)


@figure(width=5.4, height=3.6)
def shuffled_signals(fig, in_order, shuffled, labels):
    """Signals (k, points) as they are, above, and with their points in another order, below; labels (k,)."""
    axes = fig.subplots(2, len(labels), sharex=True)
    for axes_row, rows, name in zip(axes, (in_order, shuffled), ("in order", "shuffled"), strict=True):
        for ax, values, label in zip(axes_row, rows, labels, strict=True):
            ax.plot(values, np.arange(len(values)), color=DATA, linewidth=1.5)
            ax.set(xticks=[], yticks=[], ylim=(len(values), -1))
            ax.set_title(f"a {label}" if name == "in order" else "", loc="center")
        axes_row[0].set_ylabel(name)


@figure(width=5.4, height=3.2)
def in_order_and_shuffled(fig, found, published):
    """Per cent right, name -> ((seeds,) in order, (seeds,) shuffled), and the published pair of each name."""
    ax = fig.subplots()
    for row, (name, pair) in enumerate(found.items()):
        means = [np.mean(values) for values in pair]
        ax.plot(means, [row, row], color=DATA, linewidth=1)
        for values, mean, face in zip(pair, means, (WEIGHT, "none"), strict=True):
            ax.errorbar(mean, row, xerr=np.std(values, ddof=1), color=WEIGHT, capsize=3, linewidth=1.2)
            ax.plot(mean, row, "o", markersize=8, markerfacecolor=face, markeredgecolor=WEIGHT)
        for value, mark in zip(published[name], ("|", "x"), strict=True):
            ax.plot(value, row + 0.27, mark, color=INK, markersize=7)
    ax.axvline(10, color=DATA, linewidth=1, linestyle=":")
    ax.annotate("guessing", (10, -0.42), xytext=(4, 0), textcoords="offset points", va="center")
    ax.set_yticks(range(len(found)), list(found))
    ax.set(xlabel="test signals read right (%)", xlim=(5, 100), ylim=(len(found) - 0.4, -0.65))


@figure(width=5.4, height=3.4)
def loss_against_depth(fig, depths, found):
    """Training loss, name -> (depths, seeds), of stacks of convolutions: mean and every seed."""
    ax = fig.subplots()
    for (name, losses), dash, marker in zip(found.items(), _DASHES, "os", strict=False):
        losses = np.asarray(losses)
        ax.plot(depths, losses.mean(axis=1), color=LOSS, linestyle=dash)
        for column in losses.T:
            ax.plot(depths, column, marker, color=LOSS, linestyle="none", **SEED)
        label_line(ax, depths, losses.mean(axis=1), name, LOSS)
    ax.set(xlabel="convolutions in the stack", ylabel="training loss", ylim=(0, None))
    ax.set_xticks(depths)
