"""The figures of chapter 6, second half: letters, decoders, word vectors, attention, forecasts, opinions."""

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
    "attention_map",
    "bigrams",
    "by_length",
    "decoders",
    "endless",
    "forecast_errors",
    "forecasts",
    "kinds_of_opinion",
    "language_models",
    "next_letter",
    "word_map",
    "written",
]

_MARKERS = ["o", "s", "^", "D", "v"]
_COLORS = [WEIGHT, SIGNAL, GRADIENT, LOSS, DATA]


@figure(width=5.4, height=5.0)
def bigrams(fig, p, letters):
    """Probability p (V, V) of each next letter (column) after each letter (row); brighter is likelier."""
    ax = fig.subplots()
    image = ax.imshow(np.sqrt(p), cmap=SEQUENTIAL, vmin=0, vmax=1)  # the root shows small ones too
    ax.set(xlabel="next letter", ylabel="letter")
    places = np.arange(len(letters))
    ax.set_xticks(places, letters)
    ax.set_yticks(places, letters)
    ax.tick_params(length=0, labelsize=11)
    bar = fig.colorbar(image, ax=ax, shrink=0.7, ticks=np.sqrt([0, 0.1, 0.3, 0.6, 1]))
    bar.ax.set_yticklabels(["0", "0.1", "0.3", "0.6", "1"])
    bar.outline.set_visible(False)
    bar.set_label("probability")


@figure(width=5.4, height=2.9)
def language_models(fig, losses):
    """Held-out loss in bits a letter of each model, name -> number or (seeds,): a row each."""
    ax = fig.subplots()
    names = list(losses)[::-1]
    for row, name in enumerate(names):
        found = np.atleast_1d(losses[name])
        ax.plot([0, found.mean()], [row, row], "-", color=LOSS, linewidth=2, alpha=0.35)
        ax.plot(found, np.full(len(found), row), "o", color=LOSS, markersize=6, alpha=0.7)
        ax.annotate(
            f"{found.mean():.2f}",
            (found.max(), row),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
        )
    highest = max(np.max(found) for found in losses.values())
    ax.set(xlabel="bits a letter on held-out names", xlim=(0, 1.13 * highest), ylim=(-0.5, len(names) - 0.4))
    ax.set_yticks(range(len(names)), names)


@figure(width=5.4, height=3.2)
def next_letter(fig, letters, p, shown=8):
    """Probabilities of the next letter, temperature -> (V,): the likeliest letters, a panel each."""
    panels = fig.subplots(1, len(p), sharey=True)
    order = np.argsort(-next(iter(p.values())), kind="stable")[:shown]
    for ax, (temperature, values) in zip(panels, p.items(), strict=True):
        ax.bar(range(shown), values[order], color=WEIGHT, width=0.7)
        ax.set(title=f"τ = {temperature:g}", ylim=(0, 1))
        ax.set_xticks(range(shown), [letters[i] for i in order])
        ax.tick_params(axis="x", length=0)
    panels[0].set_ylabel("probability")
    fig.supxlabel("next letter", fontsize=panels[0].xaxis.label.get_size())


@figure(width=5.4, height=3.7)
def decoders(fig, points):
    """Mean log-probability (nats a letter) against distinct names (%), group -> [(label, x, y)]."""
    ax = fig.subplots()
    for (group, rows), color, marker in zip(points.items(), _COLORS, _MARKERS, strict=False):
        x, y = [row[1] for row in rows], [row[2] for row in rows]
        ax.plot(x, y, "-", marker=marker, color=color, linewidth=1.2, markersize=7, label=group)
        side = -1 if group == "top-k" else 1
        for label, left, up in rows:
            if up < 97:  # above, the points lie too close for labels
                ax.annotate(
                    label,
                    (left, up),
                    xytext=(9 * side, 0),
                    textcoords="offset points",
                    ha="left" if side > 0 else "right",
                    va="center",
                )
    ax.legend(loc="center left", labelcolor=INK)
    ax.set(xlabel="log-probability, nats a letter", ylabel="distinct names (%)", ylim=(-4, 104))
    ax.margins(x=0.15)


@figure(width=5.4, height=4.0)
def word_map(fig, gender, number, people):
    """Nouns by their place along two directions, gender (n,) and number (n,): people has word -> person."""
    ax = fig.subplots()
    for kind, color, marker in [
        (("m", "one"), WEIGHT, "o"),
        (("f", "one"), GRADIENT, "o"),
        (("m", "many"), WEIGHT, "s"),
        (("f", "many"), GRADIENT, "s"),
    ]:
        rows = [i for i, person in enumerate(people.values()) if person[1:] == kind]
        fill = color if kind[1] == "one" else "none"
        ax.plot(gender[rows], number[rows], marker, color=color, markerfacecolor=fill, linestyle="none")
        top = (gender[rows].mean(), number[rows].max())
        some = ", ".join([list(people)[i] for i in rows[:2]]) + " …"
        side = "right" if kind[0] == "m" else "left"
        ax.annotate(some, top, xytext=(0, 9), textcoords="offset points", ha=side, va="bottom")
    ax.set(xlabel="along the gender direction", ylabel="along the number direction")
    ax.margins(0.3, 0.2)


@figure(width=4.4, height=3.9)
def attention_map(fig, weights, source, target):
    """Attention (T, S) of each written letter (row) to each letter read (column); rows sum to 1."""
    ax = fig.subplots()
    image = ax.imshow(weights, cmap=SEQUENTIAL, vmin=0, vmax=1)
    ax.set(xlabel="letter read", ylabel="letter written")
    ax.set_xticks(range(len(source)), source)
    ax.set_yticks(range(len(target)), target)
    ax.tick_params(length=0)
    bar = fig.colorbar(image, ax=ax, shrink=0.8, ticks=[0, 0.5, 1])
    bar.outline.set_visible(False)
    bar.set_label("weight")


@figure(width=5.4, height=3.2)
def by_length(fig, lengths, scores, longest):
    """Share of right letters in % against length, name -> (seeds, lengths); grey: longer than trained."""
    ax = fig.subplots()
    ax.axvspan(longest + 0.5, lengths[-1] + 0.5, color=DATA, alpha=0.14, linewidth=0)
    ax.annotate("longer than in training", (longest + 0.8, 4))
    for (name, found), color, dash in zip(scores.items(), [WEIGHT, LOSS], ["-", "--"], strict=False):
        found = np.asarray(found)
        for seed in found:
            ax.plot(lengths, seed, dash, color=color, linewidth=1, alpha=0.4)
        ax.plot(lengths, found.mean(axis=0), dash, color=color)
        label_line(ax, lengths, found.mean(axis=0), name, color)
    ax.set(xlabel="length of the string", ylabel="letters right (%)", ylim=(0, 103))
    ax.set_xticks(lengths)


@figure(width=5.4, height=3.4)
def forecast_errors(fig, horizons, errors, spread):
    """Mean absolute error in °C against months ahead, name -> (H,); `spread` (seeds, H) of the network."""
    ax = fig.subplots()
    styles = [(DATA, ":"), (DATA, "--"), (DATA, "-."), (DATA, "-"), (WEIGHT, "-")]
    heights = _apart({name: values[-1] for name, values in errors.items()}, gap=0.24)
    for (name, values), (color, dash) in zip(errors.items(), styles, strict=True):
        ax.plot(horizons, values, dash, color=color)
        label_line(ax, horizons, values, name, color, dy=48 * (heights[name] - values[-1]))
    for seed in spread:
        ax.plot(horizons, seed, "o", color=WEIGHT, **SEED)
    ax.set(xlabel="months ahead", ylabel="mean absolute error (°C)", ylim=(0, None))
    ax.set_xticks(horizons)


def _apart(heights, gap):
    """Heights of labels, name -> height, moved up where they would stand closer than `gap`."""
    free, moved = -np.inf, {}
    for name in sorted(heights, key=heights.get):
        moved[name] = max(heights[name], free)
        free = moved[name] + gap
    return moved


@figure(width=6.4, height=3.0)
def forecasts(fig, times, values, forecast, seasonal):
    """A series (n,) in °C by the month, with its forecasts (n,) and those of the year before (n,)."""
    ax = fig.subplots()
    years = times.astype("datetime64[M]").astype(float) / 12 + 1970
    ax.plot(years, values, "o", color=DATA, markersize=3)
    ax.plot(years, seasonal, "--", color=DATA, linewidth=1.2)
    ax.plot(years, forecast, "-", color=WEIGHT, linewidth=1.6)
    ax.set(xlabel="year", ylabel="sea temperature (°C)")
    side = np.sign(forecast[-1] - seasonal[-1])  # the upper line's label a little higher
    label_line(ax, years, forecast, "network", WEIGHT, dy=7 * side)
    label_line(ax, years, seasonal, "year before", DATA, dy=-7 * side)


@figure(width=5.4, height=4.0)
def kinds_of_opinion(fig, kinds, scores):
    """Accuracy in % by kind of sentence, four methods -> (seeds, kinds): seeds as dots, means as bars."""
    ax = fig.subplots()
    ax.axhline(50, color=INK, linestyle=":", linewidth=1)
    colors = [DATA, SIGNAL, GRADIENT, WEIGHT]
    for place, ((name, found), color, marker) in enumerate(
        zip(scores.items(), colors, _MARKERS[:4], strict=True)
    ):
        found = np.atleast_2d(found)  # (seeds, kinds)
        for column in range(len(kinds)):
            x = column + 0.2 * (place - 1.5)
            ax.plot(np.full(len(found), x), found[:, column], marker, color=color, **SEED)
            ax.plot([x - 0.08, x + 0.08], [found[:, column].mean()] * 2, "-", color=color, linewidth=3)
        ax.plot([], [], marker, color=color, label=name)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, labelcolor=INK)
    ax.set(ylabel="accuracy (%)", ylim=(0, 104), xlim=(-0.5, len(kinds) - 0.5))
    ax.set_xticks(range(len(kinds)), kinds)


@figure(width=5.4, height=3.9)
def written(fig, examples, known, unseen):
    """Names in four columns, temperature -> 12 names: pale if known, underlined if real but unseen."""
    ax, row = clean(fig.subplots()), 0.0
    for temperature, names in examples.items():
        ax.text(0, -row, f"τ = {temperature:g}", va="center", weight="bold")
        for i, name in enumerate(names[:12]):
            x, y = 1 + i % 4, -row - i // 4
            ax.text(x, y, name, va="center", alpha=0.7 if name in known else 1)
            if name in unseen:
                ax.plot([x, x + 0.1 * len(name)], [y - 0.42] * 2, "-", color=SIGNAL, linewidth=1.5)
        row += 3.4
    ax.set(xlim=(0, 5), ylim=(-row + 0.8, 0.7))


@figure(width=5.4, height=3.6)
def endless(fig, texts, columns=58):
    """Beginnings of long texts, name -> words: a repeated sentence is pale."""
    ax, row = clean(fig.subplots()), 0.0
    for name, words in texts.items():
        ax.text(0, -row, name, va="center", weight="bold")
        seen, sentences = set(), " ".join(words).removesuffix(" .").split(" . ")
        for sentence in sentences[:4]:
            row += 1
            ax.text(0.03, -row, sentence[:columns], va="center", alpha=0.7 if sentence in seen else 1)
            seen.add(sentence)
        row += 1.4
    ax.set(xlim=(0, 1), ylim=(-row + 0.8, 0.7))
