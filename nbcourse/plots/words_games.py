"""The figures of chapter 9, second part: costs, scores, ranges, tastes, stories and a game."""

import numpy as np

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
)

__all__ = [
    "answers_by_hops",
    "boards",
    "cost_by_threshold",
    "fan",
    "new_people",
    "reading",
    "ring",
    "scores_and_facts",
    "self_play",
    "two_judges",
]

_MARKERS = ["o", "s", "^", "D"]
_READERS = [DATA, GRADIENT, SIGNAL, WEIGHT]


@figure(width=5.4, height=3.4)
def cost_by_threshold(fig, thresholds, costs, rule, never):
    """Cost of 100 reviews against the threshold (n,), name -> (seeds, n); `rule` and never calling marked."""
    ax = fig.subplots()
    ax.axhline(never, color=INK, linestyle=":", linewidth=1)
    ax.annotate("never call", (0.02, never), xytext=(0, 4), textcoords="offset points")
    ax.axvline(rule, ymax=0.8, color=INK, linewidth=1)
    ax.annotate(f"{rule:.2f}", (rule, 2), xytext=(4, 0), textcoords="offset points")
    for (name, found), color, dash in zip(costs.items(), [DATA, WEIGHT], ["--", "-"], strict=False):
        for seed in found:
            ax.plot(thresholds, seed, dash, color=color, linewidth=0.9, alpha=0.4)
        ax.plot(thresholds, found.mean(axis=0), dash, color=color)
        label_line(ax, thresholds, found.mean(axis=0), name, color)
    ax.set(xlabel="threshold", ylabel="cost of 100 reviews", xlim=(0, 1), ylim=(0, 1.18 * never))


@figure(width=5.4, height=2.9)
def scores_and_facts(fig, scored):
    """BLEU (bar) and the share of right facts (dot), both in %: name -> (BLEU, facts)."""
    ax = fig.subplots()
    names = list(scored)[::-1]
    for row, name in enumerate(names):
        bleu, facts = scored[name]
        ax.plot([0, bleu], [row, row], "-", color=WEIGHT, linewidth=9, solid_capstyle="butt")
        ax.plot(facts, row, "D", color=SIGNAL, markersize=8, clip_on=False, zorder=3)
    ax.set(xlim=(-3, 103), ylim=(-0.6, len(names) - 0.1), xlabel="%")
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0)
    top = len(names) - 0.55
    ax.annotate("bar: BLEU", (0, top), va="center")
    ax.annotate("diamond: facts right", (100, top), va="center", ha="right")


@figure(width=6.4, height=3.2)
def fan(fig, times, values, quantiles):
    """What came, values (n,) in °C by the month, on the forecast ranges, quantiles (n, 3) in order."""
    ax = fig.subplots()
    years = times.astype("datetime64[M]").astype(float) / 12 + 1970
    low, middle, high = quantiles.T
    ax.fill_between(years, low, high, color=WEIGHT, alpha=0.25, linewidth=0)
    ax.plot(years, middle, "-", color=WEIGHT, linewidth=1.2)
    inside = (low <= values) & (values <= high)
    ax.plot(years[inside], values[inside], "o", color=DATA, markersize=3)
    ax.plot(years[~inside], values[~inside], "D", color=LOSS, markersize=4)
    ax.set(xlabel="year", ylabel="sea temperature (°C)")
    ax.margins(x=0.01)


@figure(width=5.4, height=3.5)
def two_judges(fig, scores):
    """NDCG in % by judge, judge -> way -> (seeds,): a line for each way from one judge to the other."""
    ax = fig.subplots()
    ways = next(iter(scores.values()))
    for way, color, marker in zip(ways, [DATA, GRADIENT, WEIGHT], _MARKERS, strict=False):
        found = np.array([scores[judge][way] for judge in scores])  # (judges, seeds)
        for x, seeds in enumerate(found):
            ax.plot(np.full(len(seeds), x), seeds, marker, color=color, **SEED)
        ax.plot(range(len(found)), found.mean(axis=1), "-", color=color)
        label_line(ax, len(found) - 1, found[-1].mean(), way, color)
    ax.set(ylabel="NDCG of ten films (%)", xlim=(-0.25, 1.6), ylim=(0, 100))
    ax.set_xticks(range(len(scores)), [f"by the {judge}" for judge in scores])


@figure(width=4.6, height=4.2)
def ring(fig, vectors, kind, counts):
    """Learned vectors (films, 2), joined in the order of their kind (films,); size: ratings (films,)."""
    ax = clean(fig.subplots())
    order = np.append(np.argsort(kind), np.argmin(kind))
    ax.plot(*vectors[order].T, "-", color=DATA, linewidth=0.8, alpha=0.7)
    ax.scatter(*vectors.T, s=6 + 0.9 * counts, color=WEIGHT, linewidths=0)
    ax.plot(0, 0, "+", color=INK, markersize=12)
    ax.set_aspect("equal")


@figure(width=5.4, height=3.1)
def new_people(fig, given, errors):
    """Error in stars (seeds, counts) of forecasts for new people, against the ratings they gave (counts,)."""
    ax = fig.subplots()
    places = np.arange(len(given))
    for seed in errors:
        ax.plot(places, seed, "-", color=LOSS, linewidth=0.9, alpha=0.4)
    ax.plot(places, errors.mean(axis=0), "-o", color=LOSS)
    ax.axhline(errors[:, 0].mean(), color=INK, linestyle=":", linewidth=1)
    ax.annotate(
        "the films' means alone",
        (places[-1], errors[:, 0].mean()),
        xytext=(0, 5),
        textcoords="offset points",
        ha="right",
    )
    ax.set(xlabel="ratings that the new person gave", ylabel="error (stars)", ylim=(0, 1.2 * errors.max()))
    ax.set_xticks(places, given)


@figure(width=5.4, height=3.5)
def answers_by_hops(fig, scores):
    """Right answers in %, reader -> (seeds, 4): known places with one and two hops, new ones likewise."""
    ax = fig.subplots()
    ax.axhline(100 / 6, color=INK, linestyle=":", linewidth=1)
    ax.axvline(1.5, color=INK, linewidth=0.6)
    for side, (found, color) in enumerate(zip(scores.values(), _READERS, strict=False)):
        for column in range(4):
            x = column + 0.2 * (side - (len(scores) - 1) / 2)
            ax.plot(np.full(len(found), x), found[:, column], _MARKERS[side], color=color, **SEED)
            ax.plot([x - 0.09, x + 0.09], [found[:, column].mean()] * 2, "-", color=color, linewidth=3)
    handles = [
        ax.plot([], [], m, color=c, label=name)[0]
        for name, m, c in zip(scores, _MARKERS, _READERS, strict=False)
    ]
    ax.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, 1),
        ncols=2,
        labelcolor=INK,
        columnspacing=1.2,
    )
    ax.set(ylabel="right answers (%)", ylim=(-2, 104), xlim=(-0.5, 3.5))
    ax.set_xticks(range(4), ["known\none hop", "known\ntwo hops", "new\none hop", "new\ntwo hops"])


@figure(width=6.4, height=3.3)
def reading(fig, sentences, question, looks, answer):
    """The sentences of a story, and how much each look (looks, sentences) gives to each of them."""
    ax = fig.subplots()
    image = ax.imshow(looks.T, cmap=SEQUENTIAL, vmin=0, vmax=1, aspect="auto")
    ax.set_yticks(range(len(sentences)), sentences)
    ax.set_xticks(range(len(looks)), [f"look {i + 1}" for i in range(len(looks))])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_title(f"{question}?  {answer}")
    bar = fig.colorbar(image, ax=ax, shrink=0.8, ticks=[0, 0.5, 1])
    bar.outline.set_visible(False)
    bar.set_label("weight")


@figure(width=5.4, height=3.4)
def self_play(fig, progress):
    """Losses in % to random and to perfect play against games played: ε -> (seeds, looks, 3)."""
    panels = fig.subplots(1, 2, sharey=True)
    for column, (ax, who) in enumerate(zip(panels, ["random", "perfect"], strict=True), start=1):
        for (epsilon, found), color, dash in zip(progress.items(), [DATA, WEIGHT], ["--", "-"], strict=False):
            games = found[0, :, 0] / 1000
            for seed in found:
                ax.plot(games, seed[:, column], dash, color=color, linewidth=0.9, alpha=0.4)
            mean = found[:, :, column].mean(axis=0)
            ax.plot(games, mean, dash, color=color)
            if ax is panels[-1]:
                label_line(ax, games, mean, f"ε = {epsilon}", color)
        ax.set(title=f"against {who} play", ylim=(0, 100))
    panels[0].set_ylabel("games lost (%)")
    fig.supxlabel("games played (thousands)", fontsize=panels[0].yaxis.label.get_size())


@figure(width=6.4, height=4.4)
def boards(fig, situations):
    """Worth of each move, learned above and exact below: name -> (board (9,), (9,), (9,))."""
    rows = fig.subplots(2, len(situations), squeeze=False)
    for column, (name, (board, *worths)) in enumerate(situations.items()):
        for ax, worth in zip(rows[:, column], worths, strict=True):
            free = np.asarray(board) == 0
            ax.imshow(np.where(free, worth, np.nan).reshape(3, 3), cmap=DIVERGING, vmin=-2, vmax=2)
            ax.hlines([0.5, 1.5], -0.5, 2.5, color=DATA, linewidth=0.8)
            ax.vlines([0.5, 1.5], -0.5, 2.5, color=DATA, linewidth=0.8)
            for cell, stone in enumerate(board):
                text = _signed(worth[cell]) if not stone else "×○"[stone < 0]
                size = {} if not stone else {"fontsize": 22}
                ax.text(cell % 3, cell // 3, text, ha="center", va="center", **size)
            clean(ax)
        rows[0, column].set_title(name, loc="center")
    for ax, label in zip(rows[:, 0], ["learned", "exact"], strict=True):
        ax.set_ylabel(label)


def _signed(worth):
    """Return +0.8, −0.8, or 0.0 without a sign."""
    text = f"{worth:+.1f}".replace("-", "−")
    return "0.0" if text.endswith("0.0") else text
