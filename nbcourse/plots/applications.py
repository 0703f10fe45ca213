"""The figures of chapter 9's first half: what networks see, find, outline, recognise, hear and draw."""

import base64
import io
import wave

import numpy as np

from nbcourse.plots.style import (
    DATA,
    INK,
    LOSS,
    SEQUENTIAL,
    WEIGHT,
    clean,
    figure,
    on_paper,
)

__all__ = [
    "clips",
    "detections",
    "diffusion",
    "drawn_digits",
    "people",
    "rates",
    "segments",
    "spectrograms",
    "top_answers",
]


@figure(width=5.4, height=3.4)
def top_answers(fig, curves):
    """Accuracy (%) against k: name -> (seeds, K), the share with the class among the k best answers."""
    ax = fig.subplots()
    looks = [(DATA, ":"), (DATA, "--"), (WEIGHT, "-")]
    for (name, scores), (color, dash) in zip(curves.items(), looks, strict=False):
        scores = np.asarray(scores)
        k = np.arange(1, scores.shape[1] + 1)
        ax.fill_between(k, scores.min(0), scores.max(0), color=color, alpha=0.2, linewidth=0)
        ax.plot(k, scores.mean(0), color=color, linestyle=dash, label=name)
    ax.legend(*(v[::-1] for v in ax.get_legend_handles_labels()), loc="lower right")
    ax.set(xlabel="answers that the network may give, k", ylabel="right one among them (%)", ylim=(0, 101))
    ax.set_xticks([1, 5, 10, 15, 20])


@figure(width=6.4, height=3.6)
def detections(fig, images, rows):
    """Scenes (n, h, w), a row of them for each name -> list of (boxes (k, 4), labels (k,) of str)."""
    axes = fig.subplots(len(rows), len(images), squeeze=False)
    for line, (name, found) in zip(axes, rows.items(), strict=True):
        for ax, image, (boxes, labels) in zip(line, images, found, strict=True):
            height, width = image.shape
            room = np.full((7, width), np.median(image))  # for the names of boxes at the lower edge
            clean(ax).imshow(np.concatenate([image, room]), cmap="gray", vmin=0, vmax=1)
            for (left, top, right, bottom), label in zip(boxes, labels, strict=True):
                x, y = [left, right, right, left, left], [top, top, bottom, bottom, top]
                ax.plot(np.array(x) - 0.5, np.array(y) - 0.5, "-", color=WEIGHT, linewidth=1.5)
                middle = np.clip((left + right) / 2, 12, width - 12)
                ax.text(middle, bottom + 0.5, label, color="white", ha="center", va="top")
            ax.set(xlim=(-0.5, width - 0.5), ylim=(height + 6.5, -0.5))
        line[0].set_ylabel(name)


@figure(width=6.4, height=4.6)
def segments(fig, images, rows, classes):
    """Pictures (n, h, w), below them a row for each name -> class of every pixel (n, h, w) from 0."""
    axes = fig.subplots(len(rows) + 1, len(images), squeeze=False)
    for ax, image in zip(axes[0], images, strict=True):
        clean(ax).imshow(image, cmap="gray", vmin=0, vmax=1)
    axes[0, 0].set_ylabel("picture")
    for line, (name, maps) in zip(axes[1:], rows.items(), strict=True):
        for ax, pixels in zip(line, maps, strict=True):
            clean(ax).imshow(pixels, cmap=SEQUENTIAL, vmin=0, vmax=classes - 1, interpolation="nearest")
        line[0].set_ylabel(name)


@figure(width=6.4, height=3.4)
def people(fig, images):
    """Pictures (people, each, h, w): a row for each person."""
    for line, pictures in zip(fig.subplots(*images.shape[:2]), images, strict=True):
        for ax, picture in zip(line, pictures, strict=True):
            clean(ax).imshow(picture, cmap="gray", vmin=0, vmax=1)


@figure(width=5.4, height=4.0)
def rates(fig, curves):
    """Right against wrong admissions (%): name -> a pair (false (k,), true (k,)) of shares for each seed."""
    ax = fig.subplots()
    x = np.geomspace(0.1, 100, 200)
    ax.plot(x, 100 - x, "-", color=INK, linewidth=0.8)  # errors of both kinds are equal
    ax.annotate("equal errors", (0.12, 97), va="top")
    looks = [(DATA, "-"), (LOSS, ":"), (WEIGHT, "-")]
    for (name, runs), (color, dash) in zip(curves.items(), looks, strict=False):
        for false, true in runs:
            ax.plot(100 * np.asarray(false), 100 * np.asarray(true), dash, color=color, linewidth=1.4)
        false, true = (100 * np.asarray(v) for v in runs[0])
        at = np.searchsorted(false, 4)
        place = dict(xytext=(7, -7), va="top") if name == "random" else dict(xytext=(-6, 4), ha="right")
        ax.annotate(name, (false[at], true[at]), textcoords="offset points", **place)
        ax.plot(false[at], true[at], "o", color=color)
    ax.set(xscale="log", xlim=(0.1, 100), ylim=(0, 101))
    ax.set(xlabel="strangers admitted (%)", ylabel="the same person admitted (%)")


@figure(width=6.4, height=4.4)
def spectrograms(fig, sounds, powers, names, rate, hop):
    """Sounds (n, samples) in the upper row, below them log powers (n, frequencies, frames); rate in Hz."""
    axes = fig.subplots(2, len(sounds), height_ratios=(1, 2), squeeze=False)
    ends = (0, 1000 * powers.shape[2] * hop / rate, 0, rate / 2000)  # ms and kHz
    for (above, below), sound, power, name in zip(axes.T, sounds, powers, names, strict=True):
        time = 1000 * np.arange(len(sound)) / rate
        above.plot(time, sound, color=DATA, linewidth=0.5)
        above.set(xlim=ends[:2], ylim=(-1, 1), xticks=[], yticks=[], title=name)
        below.imshow(power, cmap=SEQUENTIAL, origin="lower", aspect="auto", extent=ends)
        below.set(xlabel="time (ms)", yticks=[0, 1, 2, 3, 4])
        below.tick_params(labelleft=below is axes[1, 0])
    axes[1, 0].set_ylabel("frequency (kHz)")


@figure(width=6.4, height=3.4)
def diffusion(fig, frames, kept):
    """Pictures (rows, steps, h, w) on their way out of noise; above each column the signal kept, 0 to 1."""
    axes = fig.subplots(*frames.shape[:2], squeeze=False)
    for line, pictures in zip(axes, frames, strict=True):
        for ax, picture in zip(line, pictures, strict=True):
            on_paper(clean(ax), picture, low=-1)
    for ax, share in zip(axes[0], kept, strict=True):
        ax.set_title(f"{share:.2f}", loc="center")


@figure(width=6.4, height=4.0)
def drawn_digits(fig, rows):
    """Digits: name -> (pictures (n, h, w), nearest (n, h, w)), drawings and below them the nearest."""
    count = len(next(iter(rows.values()))[0])
    for part, (name, pair) in zip(fig.subfigures(len(rows), 1), rows.items(), strict=True):
        part.set_facecolor("none")
        axes = part.subplots(2, count)
        for line, pictures, framed in zip(axes, pair, (False, True), strict=True):
            for ax, picture in zip(line, pictures, strict=True):
                on_paper(clean(ax), picture, low=-1)
                ax.spines[:].set(visible=framed, color=DATA, linewidth=1.2)
        part.suptitle(name, x=0.01, ha="left", fontsize=axes[0, 0].xaxis.label.get_size())


def clips(sounds, names, rate):
    """Show a player for each sound (samples,), from −1 to 1, `rate` samples a second, with its name.

    A clip is part of the page, as 8-bit WAV: half a second at 8,000 Hz takes 5 KB.
    """
    from IPython.display import display

    rows = [
        f'<p>{name}<br><audio controls preload="metadata" aria-label="{name}" src="{_wav(sound, rate)}">'
        "</audio></p>"
        for sound, name in zip(sounds, names, strict=True)
    ]
    display({"text/html": "".join(rows), "text/plain": f"<sounds: {', '.join(names)}>"}, raw=True)


def _wav(sound, rate):
    """A sound as the data URI of a WAV file with one byte for each sample."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(rate)
        out.writeframes(np.uint8(np.round(127.5 + 127.5 * np.clip(sound, -1, 1))).tobytes())
    return "data:audio/wav;base64," + base64.b64encode(file.getvalue()).decode()
