"""The figures of chapter 7's second half: pieces of words, a language model's losses, masks, few labels."""

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
    "cache_work",
    "cross_attention",
    "few_labels",
    "language_losses",
    "loss_against_size",
    "picture_as_sentence",
    "pieces",
    "three_masks",
]


@figure(width=5.4, height=1.9)
def pieces(fig, cut):
    """A text cut into tokens, name of the row -> pieces (str): a frame around each piece."""
    ax = clean(fig.subplots())
    length = sum(map(len, next(iter(cut.values()))))
    ax.set(xlim=(-0.2, length + 0.2), ylim=(len(cut) - 0.3, -0.6))
    for row, found in enumerate(cut.values()):
        start = 0
        for piece in found:
            ax.add_patch(_frame(start, row, len(piece)))
            for i, letter in enumerate(piece):
                ax.text(start + i + 0.5, row, letter, ha="center", va="center")
            start += len(piece)
    ax.set_yticks(range(len(cut)), cut)
    ax.tick_params(length=0)


def _frame(start, row, length):
    from matplotlib.patches import FancyBboxPatch

    return FancyBboxPatch(
        (start + 0.14, row - 0.36),
        length - 0.28,
        0.72,
        boxstyle="round,pad=0,rounding_size=0.2",
        edgecolor=DATA,
        facecolor="none",
        linewidth=1,
    )


@figure(width=5.4, height=3.0)
def language_losses(fig, steps, training, validation, uniform):
    """Losses in nats a token (looks,) against steps; `uniform` is that of guessing every token alike."""
    ax = fig.subplots()
    ax.axhline(uniform, color=DATA, linestyle=":", linewidth=1.2)
    ax.annotate(
        "guessing", (steps[-1], uniform), xytext=(0, -4), textcoords="offset points", ha="right", va="top"
    )
    ax.plot(steps, validation, color=LOSS)
    ax.plot(steps, training, color=DATA, linestyle="--")
    label_line(ax, steps, validation, "validation", LOSS, dy=4)
    label_line(ax, steps, training, "training", DATA, dy=-4)
    best = int(np.argmin(validation))
    ax.plot(steps[best], validation[best], marker="v", color=LOSS, linestyle="none", markersize=8)
    ax.set(xlabel="step", ylabel="loss (nats a character)", ylim=(0, None))


@figure(width=5.4, height=2.7)
def cache_work(fig, lengths, without, kept):
    """Tokens that pass through the blocks to write a text of so many tokens, without and with a cache."""
    ax = fig.subplots()
    ax.loglog(lengths, without, color=LOSS, marker="X")
    ax.loglog(lengths, kept, color=SIGNAL, marker="o", linestyle="--")
    label_line(ax, lengths, without, "anew each time", LOSS)
    label_line(ax, lengths, kept, "with a cache", SIGNAL)
    ax.set(xlabel="tokens written", ylabel="tokens computed")
    ax.minorticks_off()
    ax.set_xticks(lengths, [str(n) for n in lengths])


@figure(width=5.4, height=3.0)
def loss_against_size(fig, sizes, training, validation):
    """Losses in nats (models, seeds) against the number of parameters (models,): each seed, and the means."""
    ax = fig.subplots()
    for losses, color, marker, line, name in [
        (validation, LOSS, "o", "-", "validation"),
        (training, DATA, "s", "--", "training"),
    ]:
        losses = np.asarray(losses)
        ax.semilogx(np.repeat(sizes, losses.shape[1]), losses.ravel(), marker, color=color, **SEED)
        ax.semilogx(sizes, losses.mean(axis=1), color=color, linestyle=line)
        label_line(ax, sizes, losses.mean(axis=1), name, color)
    ax.set(xlabel="parameters", ylabel="loss (nats a character)")


@figure(width=5.4, height=2.3)
def three_masks(fig, length=6):
    """Who may look at whom: a filled square where the row's position sees the column's."""
    every, causal = np.ones((length, length), bool), np.tri(length, dtype=bool)
    wide = np.ones((length, length + 2), bool)
    panels = [("encoder", every, "source"), ("decoder", causal, "target"), ("across", wide, "source")]
    rows = ["source", "target", "target"]
    axes = fig.subplots(1, 3, width_ratios=[length, length, length + 2])
    for ax, row, (title, seen, column) in zip(axes, rows, panels, strict=True):
        for (i, j), sees in np.ndenumerate(seen):
            ax.add_patch(_cell(j, i, sees))
        height, width = seen.shape
        ax.set(title=title, xlabel=f"looks at: {column}", ylabel=f"from: {row}")
        ax.set(xlim=(-0.6, width - 0.4), ylim=(height - 0.4, -0.6), aspect="equal", xticks=[], yticks=[])
        ax.spines[:].set_visible(False)


def _cell(x, y, filled):
    from matplotlib.patches import Rectangle

    color = SIGNAL if filled else "none"
    return Rectangle((x - 0.42, y - 0.42), 0.84, 0.84, edgecolor=DATA, facecolor=color, linewidth=0.6)


@figure(width=5.0, height=3.6)
def cross_attention(fig, weights, source, target):
    """Attention weights (T, S) from each character that is written to each that was read."""
    ax = fig.subplots()
    image = ax.imshow(weights, cmap=SEQUENTIAL, vmin=0, vmax=1, aspect="auto")
    ax.set_xticks(range(len(source)), ["␣" if c == " " else c for c in source])
    ax.set_yticks(range(len(target)), list(target))
    ax.tick_params(length=0)
    ax.set(xlabel="read", ylabel="to be written")
    fig.colorbar(image, ax=ax, label="weight", ticks=[0, 0.5, 1], shrink=0.8)


@figure(width=5.4, height=2.6)
def picture_as_sentence(fig, image, size=2):
    """A picture (h, w), cut into patches of size × size, and the patches in a row, as they are read."""
    whole, row = fig.subplots(2, 1, height_ratios=[3, 1])
    height, width = image.shape
    on_paper(clean(whole), image)
    for k in range(0, height + 1, size):
        whole.axhline(k - 0.5, color=WEIGHT, linewidth=1, clip_on=False)
    for k in range(0, width + 1, size):
        whole.axvline(k - 0.5, color=WEIGHT, linewidth=1, clip_on=False)
    cut = image.reshape(height // size, size, width // size, size).swapaxes(1, 2).reshape(-1, size, size)
    gap = np.full((size, 1), np.nan)
    line = np.concatenate([part for patch in cut for part in (patch, gap)][:-1], axis=1)
    on_paper(clean(row), line)
    for k in range(len(cut)):
        row.add_patch(_outline(k * (size + 1) - 0.5, size))
        row.text(k * (size + 1) + size / 2 - 0.5, size + 0.2, str(k + 1), ha="center", va="top")


def _outline(x, size):
    from matplotlib.patches import Rectangle

    return Rectangle((x, -0.5), size, size, edgecolor=WEIGHT, facecolor="none", linewidth=1, clip_on=False)


_KINDS = {  # how a network was adapted: colour, marker, line
    "fine-tuned": (WEIGHT, "o", "-"),
    "frozen": (SIGNAL, "s", "--"),
    "frozen, next word": (GRADIENT, "D", "--"),
    "from scratch": (DATA, "X", "-."),
    "bag of words": (DATA, "^", ":"),
}


@figure(width=5.4, height=3.2)
def few_labels(fig, labels, scores):
    """Accuracies in %, kind -> (numbers of labels, draws): means with deviations."""
    ax = fig.subplots()
    for i, (kind, found) in enumerate(scores.items()):
        color, marker, line = _KINDS[kind]
        found = np.asarray(found)
        mean, spread = found.mean(axis=1), found.std(axis=1, ddof=1)
        beside = np.multiply(labels, 1.05 ** (i - len(scores) // 2))  # or the bars would hide each other
        ax.errorbar(beside, mean, spread, color=color, marker=marker, linestyle=line, capsize=2)
    ax.set(xlabel="labelled sentences", ylabel="accuracy (%)", xscale="log")
    ax.minorticks_off()
    ax.set_xticks(labels, [str(n) for n in labels])
    _name_kinds(ax, scores)


def _name_kinds(ax, kinds):
    """Name the lines by colour and marker in the lower right corner, where none of them runs."""
    for i, kind in enumerate(reversed(list(kinds))):
        color, marker, _ = _KINDS[kind]
        y = 0.06 + 0.1 * i
        ax.plot(0.64, y, marker=marker, color=color, transform=ax.transAxes, linestyle="none")
        ax.text(0.68, y, kind, transform=ax.transAxes, va="center", color=INK)
