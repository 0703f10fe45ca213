"""The figures of chapter 8's first half: rooflines, number formats, memory, a ring, batches, a power law."""

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
)

__all__ = [
    "amdahl",
    "attention_memory",
    "gradient_exponents",
    "power_law",
    "process_memory",
    "ring",
    "roofline",
    "steps_against_batch",
    "time_shares",
]


@figure(width=5.4, height=2.6)
def time_shares(fig, shares):
    """Shares of a step's time in %, name -> share, the largest on top."""
    ax = fig.subplots()
    names = sorted(shares, key=shares.get)
    values = [shares[name] for name in names]
    ax.barh(names, values, color=SIGNAL, height=0.6)
    for row, value in enumerate(values):
        ax.annotate(f"{value:.0f} %", (value, row), xytext=(4, 0), textcoords="offset points", va="center")
    ax.set(xlabel="share of the time (%)", xlim=(0, max(values) * 1.15))
    ax.tick_params(axis="y", length=0)


@figure(width=5.4, height=3.6)
def roofline(fig, peak, bandwidth, points):
    """Attainable FLOP/s against intensity (FLOP/byte), both logarithmic; points: name -> (intensity, rate).

    `peak` is in FLOP/s, `bandwidth` in bytes/s. Rates are drawn in GFLOP/s.
    """
    ax = fig.subplots()
    intensities = [intensity for intensity, _ in points.values()]
    left, right = min(intensities) / 2, max(*intensities, 4 * peak / bandwidth) * 2
    x = np.array([left, peak / bandwidth, right])
    ax.loglog(x, np.minimum(peak, x * bandwidth) / 1e9, color=DATA)
    ax.axvline(peak / bandwidth, color=DATA, linestyle=":", linewidth=1)
    last = list(points)[-1]  # its name stands above the roof
    for name, (intensity, rate) in points.items():
        ax.plot(intensity, rate / 1e9, color=SIGNAL, marker="o" if intensity < peak / bandwidth else "s")
        place = {"xytext": (6, -3), "va": "top"} if name != last else {"xytext": (0, 5), "ha": "center"}
        ax.annotate(name, (intensity, rate / 1e9), textcoords="offset points", **place)
    ax.annotate("ridge", (peak / bandwidth, ax.get_ylim()[0]), xytext=(4, 4), textcoords="offset points")
    ax.set(xlabel="operations for each byte", ylabel="GFLOP/s", xlim=(left, right * 3))


@figure(width=5.4, height=3.0)
def amdahl(fig, shares, workers, measured=()):
    """Speed-up against workers, for shares that can be split; measured: pairs (workers, speed-up)."""
    ax = fig.subplots()
    p = np.geomspace(1, workers, 100)
    ax.loglog(p, p, color=DATA, linestyle=":", linewidth=1.2)
    for share, line in zip(shares, ["-", "--", "-."], strict=False):
        speed = 1 / (1 - share + share / p)
        ax.loglog(p, speed, color=WEIGHT, linestyle=line)
        label_line(ax, p, speed, f"{100 * share:g} %", WEIGHT)
    for number, speed in measured:
        ax.plot(number, speed, color=SIGNAL, marker="D", linestyle="none")
    ax.set(xlabel="workers", ylabel="times as fast")
    ax.minorticks_off()
    ticks = [n for n in (1, 4, 16, 64, 256) if n <= workers]
    ax.set_xticks(ticks, map(str, ticks))


@figure(width=5.4, height=3.0)
def gradient_exponents(fig, exponents, shift):
    """Histograms of log2 |gradient|, as it is and times 2**shift, over the range of float16."""
    ax = fig.subplots()
    bins = np.arange(-44, 17)
    for start, end, name, alpha in [(-24, -14, "fewer bits", 0.12), (-14, 16, "all bits", 0.25)]:
        ax.axvspan(start, end, color=DATA, alpha=alpha, linewidth=0)
        ax.annotate(
            name, ((start + end) / 2, 1), xycoords=("data", "axes fraction"), ha="center", va="bottom"
        )
    ax.annotate("zero", (-34, 1), xycoords=("data", "axes fraction"), ha="center", va="bottom")
    for moved, line, name, side in [
        (0, "-", "gradients", "right"),
        (shift, "--", f"times {2**shift:,}", "left"),
    ]:
        counts, _ = np.histogram(exponents + moved, bins)
        share = 100 * counts / len(exponents)
        ax.step(bins[:-1], share, where="post", color=GRADIENT, linestyle=line)
        top = int(np.argmax(share))
        ax.annotate(name, (bins[top], share[top]), xytext=(0, 6), textcoords="offset points", ha=side)
    ax.set(xlabel="exponent: log₂ of the size", ylabel="share of gradients (%)", xlim=(-44, 16))
    ax.set_ylim(0, ax.get_ylim()[1] * 1.12)


@figure(width=5.4, height=3.0)
def attention_memory(fig, lengths, written, fused):
    """MiB that attention keeps for the backward pass against the length, written out and fused."""
    ax = fig.subplots()
    ax.loglog(lengths, written, color=LOSS, marker="X")
    ax.loglog(lengths, fused, color=SIGNAL, marker="o", linestyle="--")
    label_line(ax, lengths, written, "written out", LOSS)
    label_line(ax, lengths, fused, "fused", SIGNAL)
    ax.set(xlabel="tokens", ylabel="kept (MiB)")
    ax.minorticks_off()
    ax.set_xticks(lengths, map(str, lengths))


@figure(width=6.0, height=3.4)
def ring(fig, held):
    """How many summands each chunk holds: (steps + 1, processes, chunks), a small map for each step."""
    held = np.asarray(held)
    p = held.shape[1]
    axes = fig.subplots(2, p)
    clean(axes[1, 0]).axis("off")
    places = [*axes[0], *axes[1, 1:]]
    for step, (ax, state) in enumerate(zip(places, held, strict=True)):
        clean(ax).imshow(state, cmap=SEQUENTIAL, vmin=0, vmax=p)
        for (i, j), count in np.ndenumerate(state):
            ax.text(j, i, count, ha="center", va="center", color="white" if count <= p / 2 else "black")
        ax.set_title("start" if step == 0 else f"step {step}")
    axes[0, 0].set(ylabel="process", xlabel="chunk")


_HELD = {
    "weights": (WEIGHT, ""),
    "gradients": (GRADIENT, "//"),
    "Adam": (DATA, ".."),
    "activations": (SIGNAL, ""),
}


@figure(width=5.4, height=2.9)
def process_memory(fig, held):
    """MiB that one process holds: name of the way -> {part: MiB}, as bars of parts."""
    ax = fig.subplots()
    names, ends = list(held)[::-1], np.zeros(len(held))
    for part, (color, hatch) in _HELD.items():
        sizes = np.array([held[name].get(part, 0) for name in names])
        look = {"color": color, "hatch": hatch, "edgecolor": "white", "linewidth": 0.5}
        ax.barh(names, sizes, left=ends, height=0.6, label=part, **look)
        ends += sizes
    ax.legend(loc="lower right")  # beside the short bars
    ax.set(xlabel="MiB in each process")
    ax.tick_params(axis="y", length=0)


@figure(width=5.4, height=3.0)
def steps_against_batch(fig, sizes, steps, smallest, critical):
    """Steps to a loss (sizes, seeds) against batch size, and the curve smallest · (1 + critical / size)."""
    ax = fig.subplots()
    steps, x = np.asarray(steps), np.geomspace(sizes[0], sizes[-1], 100)
    ax.loglog(x, smallest * (1 + critical / x), color=DATA, linewidth=1.2)
    ax.loglog(x, steps[0].mean() * sizes[0] / x, color=DATA, linestyle=":", linewidth=1.2)
    ax.plot(np.repeat(sizes, steps.shape[1]), steps.ravel(), "o", color=LOSS, **SEED)
    ax.plot(sizes, steps.mean(axis=1), "s", color=LOSS)
    ax.axvline(critical, color=DATA, linestyle="--", linewidth=1)
    ax.annotate(
        "critical", (critical, steps.max()), xytext=(5, 0), textcoords="offset points", va="top", color=INK
    )
    ax.set(xlabel="examples in a batch", ylabel="steps", ylim=(steps.min() / 2, steps.max() * 1.5))
    ax.minorticks_off()
    ax.set_xticks(sizes, map(str, sizes))


@figure(width=5.4, height=3.0)
def power_law(fig, sizes, errors):
    """Errors, name -> (sizes, seeds), against the size of the data: means, seeds, and the fitted lines."""
    ax = fig.subplots()
    for (name, found), marker, dash in zip(errors.items(), "osD", ["-", "--", "-."], strict=False):
        found = np.asarray(found)
        mean = np.exp(np.log(found).mean(axis=1))
        ax.loglog(np.repeat(sizes, found.shape[1]), found.ravel(), marker, color=LOSS, **SEED)
        slope, level = np.polyfit(np.log(sizes), np.log(mean), 1)
        line = np.exp(level) * np.asarray(sizes, float) ** slope
        ax.loglog(sizes, line, dash, color=LOSS)
        label_line(ax, sizes, line, name, LOSS)
    ax.set(xlabel="examples seen", ylabel="share not yet known")
    ax.minorticks_off()
