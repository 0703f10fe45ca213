"""The character explorer: a small GRU spells place names, and shows its gates while it does."""

import math

import numpy as np
import traitlets

from nbcourse.widgets import gru, svg, weights
from nbcourse.widgets.base import Figure

NAMES = 8
VIEWS = {"z": "update gate z", "r": "reset gate r", "h": "state h"}
KEY = (  # the same words as in js/characters.js
    "Above: the probability of each next letter, and of the end (·), filled at your temperature, dashed "
    "at 1. Below: a column for each letter that was read, a row for each of the 48 units. Gates run from 0 "
    "(dark) to 1 (bright); the state from −1 (orange) to 1 (blue). A unit whose update gate is 1 keeps what "
    "it holds."
)


class CharacterExplorer(Figure):
    """A GRU of 48 units that learned the names of English places by the letter, and names that it draws.

    Parameters
    ----------
    start : str
        How each name begins, 0 to 10 letters from a to z.
    temperature : float
        What the scores are divided by before the softmax, 0.2 to 2.
    view : {"z", "r", "h"}
        What the columns show: the update gate, the reset gate or the state.
    chosen : int
        Which of the eight names is looked at, 0 to 7.
    place : int
        After how many letters; beyond the end of the name, its end.
    seed : int
        Of the names.

    Raises
    ------
    traitlets.TraitError
        If a setting is out of its range; the message names the setting, what was expected and what came.
    """

    script = "characters.js"
    start = traitlets.Unicode("").tag(sync=True)
    temperature = traitlets.Float(1.0, min=0.2, max=2.0).tag(sync=True)
    view = traitlets.Enum(tuple(VIEWS), "z").tag(sync=True)
    chosen = traitlets.Int(0, min=0, max=NAMES - 1).tag(sync=True)
    place = traitlets.Int(3, min=0, max=gru.LONGEST).tag(sync=True)
    seed = traitlets.Int(1, min=0, max=100_000).tag(sync=True)
    tensors = traitlets.Dict().tag(sync=True)

    def __init__(self, **kwargs):
        super().__init__(**{"tensors": weights.load("figure-characters")["tensors"], **kwargs})
        self._weights = weights.unpack(self.tensors)

    @traitlets.validate("start")
    def _letters(self, proposal):
        start = proposal["value"]
        if len(start) > 10 or set(start) - set(gru.LETTERS):
            raise traitlets.TraitError(f"'start' expected at most 10 letters from a to z, got {start!r}")
        return start

    def names(self) -> list[str]:
        """Return the names that are drawn, each from a stream of its own."""
        seeds = range(NAMES * self.seed, NAMES * (self.seed + 1))
        return [gru.draw(self._weights, self.start, self.temperature, seed) for seed in seeds]

    def words(self) -> tuple[str, str]:
        """Return what the drawings show in two sentences, those of ``js/characters.js``."""
        name = self.names()[self.chosen]
        place, steps = min(self.place, len(name)), gru.read(self._weights, name)
        plain = gru.probabilities(self._weights, steps[place]["h"])
        first = f"{_after(name[:place])} the model gives {_likeliest(plain)}"
        if self.temperature != 1:
            warm = gru.probabilities(self._weights, steps[place]["h"], self.temperature)
            first += f"; at temperature {self.temperature:.1f} it draws from {_likeliest(warm)}"
        values = np.array([one[self.view] for one in steps])  # (letters + 1, units)
        unit = int((values.max(0) - values.min(0)).argmax())
        low, high = (_two(value) for value in (values[:, unit].min(), values[:, unit].max()))
        return (
            f"{first}.",
            f"“{name}” costs {_two(gru.surprise(self._weights, name))} nats a letter, the end included. "
            f"Unit {unit + 1} moves most along it: its {VIEWS[self.view]} runs from {low} to {high}.",
        )

    def still(self) -> str:
        """Return settings, names, probabilities and gates as HTML and SVG."""
        names, (first, second) = self.names(), self.words()
        name = names[self.chosen]
        place = min(self.place, len(name))
        steps = gru.read(self._weights, name)
        rows = {
            "Names begin with": self.start or "any letter",
            "Temperature": f"{self.temperature:.1f}",
            "Show": VIEWS[self.view],
            "Letters read": place,
        }
        listed = "".join(
            f"<span>{'▸ ' if i == self.chosen else ''}{one}</span>" for i, one in enumerate(names)
        )
        both = [gru.probabilities(self._weights, steps[place]["h"], t) for t in (self.temperature, 1)]
        return (
            f'<div class="nbc-root nbc-characters">{svg.settings(rows)}'
            f'<div class="nbc-actions"><p>Eight names that the model drew:</p></div>'
            f'<div class="nbc-names">{listed}</div>'
            f"{svg.panel('bars', _bars(*both, first))}"
            f"{svg.panel('columns', _columns(name, steps, self.view, place, second))}"
            f'<div class="nbc-words"><p>{first}</p><p>{second}</p></div><p class="nbc-problem"></p>'
            f'<p class="nbc-key">{KEY}</p></div>'
        )


def _after(read):
    return f"After “{read}”" if read else "At the beginning"


def _likeliest(p):
    """The three likeliest tokens: ``i 31 %, l 20 % and the end 12 %``."""
    shown = [f"{_token(t)} {math.floor(100 * p[t] + 0.5)} %" for t in np.argsort(-p, kind="stable")[:3]]
    return f"{shown[0]}, {shown[1]} and {shown[2]}"


def _token(token):
    return gru.LETTERS[token - 1] if token else "the end"


def _two(value):
    return f"{value:.2f}".replace("-", "−")


def _bars(filled, dashed, label):
    chart = svg.Chart(600, 150, (30, 592, 20, 126), (-0.6, 26.6), (0, _top(filled, dashed)))
    top = chart.ranges[1][1]
    marks = [(t, gru.LETTERS[t - 1] if t else "·") for t in range(27)]
    chart.ticks(marks, [(0, "0"), (top, f"{100 * top:.0f} %")], 0, "probability of the next letter")
    for token, (p, plain) in enumerate(zip(filled, dashed, strict=True)):
        (x0, y0), (x1, y1) = chart.at([token - 0.4, token + 0.4], [0, p])
        _, high = chart.at(token, plain)
        chart.parts.append(
            f'<rect x="{x0:.1f}" y="{y1:.1f}" width="{x1 - x0:.1f}" height="{y0 - y1:.1f}" '
            f'fill="{svg.WEIGHT}"/>'
            f'<path d="M{x0:.1f},{high:.1f}H{x1:.1f}" stroke="currentColor" stroke-dasharray="3 2"/>'
        )
    return chart.markup(label)


def _top(*probabilities):
    """The end of the axis: the largest probability, rounded up to a fifth."""
    return math.ceil(5 * max(p.max() for p in probabilities)) / 5


def _columns(name, steps, view, place, label):
    columns, units = len(steps), len(steps[0]["h"])
    width, height = 560 / columns, 190 / units
    parts = []
    for column, one in enumerate(steps):
        x = 30 + column * width
        for unit, value in enumerate(one[view]):
            colour, opacity = svg.viridis(value), 1
            if view == "h":
                colour, opacity = (svg.WEIGHT if value > 0 else svg.GRADIENT), abs(value)
            parts.append(
                f'<rect x="{x:.1f}" y="{20 + unit * height:.1f}" width="{width - 1:.1f}" '
                f'height="{height:.1f}" fill="{colour}" fill-opacity="{opacity:.2f}"/>'
            )
        letter = name[column - 1] if column else "·"
        parts.append(f'<text x="{x + width / 2:.1f}" y="224" text-anchor="middle" {svg.TEXT}>{letter}</text>')
    x = 30 + place * width
    parts.append(
        f'<rect x="{x - 1:.1f}" y="19" width="{width + 1:.1f}" height="192" fill="none" '
        f'stroke="currentColor" stroke-width="2"/>'
        f'<text x="0" y="10" {svg.TEXT}>{VIEWS[view]} of each unit, letter by letter</text>'
    )
    return f'<svg viewBox="0 0 600 230" role="img" aria-label="{label}">{"".join(parts)}</svg>'
