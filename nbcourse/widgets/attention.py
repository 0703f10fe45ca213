"""The attention explorer: a small GPT reads a text that you type, and shows what each head looks at."""

import math

import numpy as np
import traitlets

from nbcourse.widgets import svg, transformer, weights
from nbcourse.widgets.base import Figure

CHARACTERS = ' "' + ",-.?" + "abcdefghijklmnopqrstuvwxyz"  # in the order of the model's embedding
LAYERS, HEADS, LONGEST, ROW = 2, 4, 40, 20
MOST = 5  # nats: a full red bar
EXAMPLES = {
    "a sentence from the log": "the cat looked at the soup",
    "letters over and over": "kwqzmvbkwqzmvbkwqzmvb",
    "a word that comes twice": "tamwick was late. tamwick was",
    "one letter": "aaaaaaaaaaaa",
}
KEY = (  # the same words as in js/attention.js
    "The text: each character as bright as the framed one attends to it; the red bar below it says how "
    "surprised the model was (full at 5 nats). The map: a row for each character that looks, a column for "
    "each that is looked at, from 0 (dark) to 1 (bright); what comes later is never seen."
)


class AttentionExplorer(Figure):
    """What each head of a small GPT attends to in a text, and what changes when a head is switched off.

    Parameters
    ----------
    text : str
        2 to 40 characters: small letters, space and ``" , - . ?``
    layer, head : int
        Which head is looked at: layer 1 or 2, head 1 to 4.
    place : int
        Which character looks, counted from 1; beyond the end of the text, its last.
    off : list of int
        Heads that are switched off, numbered 0 to 7 through both layers.

    Raises
    ------
    traitlets.TraitError
        If a setting is out of its range; the message names the setting, what was expected and what came.
    """

    script = "attention.js"
    text = traitlets.Unicode(EXAMPLES["a sentence from the log"]).tag(sync=True)
    layer = traitlets.Int(1, min=1, max=LAYERS).tag(sync=True)
    head = traitlets.Int(1, min=1, max=HEADS).tag(sync=True)
    place = traitlets.Int(LONGEST, min=1, max=LONGEST).tag(sync=True)
    off = traitlets.List(traitlets.Int(min=0, max=LAYERS * HEADS - 1)).tag(sync=True)
    examples = traitlets.Dict(EXAMPLES).tag(sync=True)
    tensors = traitlets.Dict().tag(sync=True)

    def __init__(self, **kwargs):
        super().__init__(**{"tensors": weights.load("figure-attention")["tensors"], **kwargs})
        self._weights = weights.unpack(self.tensors)

    @traitlets.validate("text")
    def _known(self, proposal):
        text = proposal["value"]
        if not 2 <= len(text) <= LONGEST or set(text) - set(CHARACTERS):
            raise traitlets.TraitError(
                f"'text' expected 2 to {LONGEST} small letters, spaces and \", - . ?; got {text!r}"
            )
        return text

    def run(self, off=None) -> dict[str, np.ndarray]:
        """Return the attention (layers, heads, T, T) and log-probabilities (T, characters) of the text."""
        tokens = [CHARACTERS.index(c) for c in self.text]
        return transformer.run(self._weights, tokens, HEADS, self.off if off is None else off)

    def surprise(self, found) -> np.ndarray:
        """Return −log p (T − 1,) of each character of the text after its first, in nats."""
        tokens = [CHARACTERS.index(c) for c in self.text[1:]]
        return -found["log_p"][np.arange(len(tokens)), tokens]

    def words(self) -> tuple[str, str, str]:
        """Return what the drawings show in three sentences, those of ``js/attention.js``."""
        found, at = self.run(), min(self.place, len(self.text))
        row = found["attention"][self.layer - 1, self.head - 1, at - 1]
        seen = [f"{_spoken(self.text[s])} at {s + 1} ({_percent(row[s])})" for s in _most(row)]
        p = np.exp(found["log_p"][at - 1])
        next_ = [f"{_spoken(CHARACTERS[t])} {_percent(p[t])}" for t in _most(p)]
        mean = f"Mean surprise over the text: {self.surprise(found).mean():.2f} nats a character"
        if self.off:
            mean += f"; with every head on {self.surprise(self.run([])).mean():.2f}"
        silent = ", switched off," if self._number() in self.off else ""
        return (
            f"Layer {self.layer}, head {self.head}{silent} looks from {_spoken(self.text[at - 1])} at {at} "
            f"to {', '.join(seen)}.",
            f"Next, the model expects {', '.join(next_)}.",
            f"{mean}.",
        )

    def still(self) -> str:
        """Return settings, text and map as HTML and SVG."""
        found, told = self.run(), self.words()
        attention = found["attention"][self.layer - 1, self.head - 1]
        rows = {
            "Text": self.text,
            "Layer": self.layer,
            "Head": self.head,
            "Looks from": min(self.place, len(self.text)),
        }
        surprise = [None, *self.surprise(found)]
        sentences = "".join(f"<p>{sentence}</p>" for sentence in told)
        return (
            f'<div class="nbc-root nbc-attention">{svg.settings(rows)}'
            '<div class="nbc-actions"><p>One head, and what it looks at:</p></div>'
            f"{svg.panel('reading', self._reading(attention, surprise, told[0]))}"
            f"{svg.panel('attended', self._map(attention))}"
            f'<div class="nbc-words">{sentences}</div><p class="nbc-problem"></p>'
            f'<p class="nbc-key">{KEY}</p></div>'
        )

    def _number(self):
        return (self.layer - 1) * HEADS + self.head - 1

    def _reading(self, attention, surprise, label):
        at = min(self.place, len(self.text)) - 1
        parts = []
        for i, character in enumerate(self.text):
            x, y, share = 16 * (i % ROW), 60 * (i // ROW) + 4, attention[at, i]
            frame = f' stroke="{svg.WEIGHT}" stroke-width="2.5"' if i == at else ""
            ink = "#000" if share > 0.6 else "#fff"
            parts.append(
                f'<rect x="{x + 1}" y="{y}" width="14" height="26" fill="{svg.viridis(share)}"{frame}/>'
                f'<text x="{x + 8}" y="{y + 18}" text-anchor="middle" font-size="13" fill="{ink}" '
                f'font-family="monospace">{_shown(character)}</text>'
            )
            if surprise[i] is not None:
                height = 22 * min(1, surprise[i] / MOST)
                parts.append(
                    f'<rect x="{x + 3}" y="{y + 29}" width="10" height="{height:.1f}" fill="{svg.LOSS}"/>'
                )
        return f'<svg viewBox="0 0 320 120" role="img" aria-label="{label}">{"".join(parts)}</svg>'

    def _map(self, attention):
        length = len(self.text)
        side, at = 300 / length, min(self.place, length) - 1
        cells = "".join(
            f'<rect x="{10 + s * side:.1f}" y="{10 + t * side:.1f}" width="{side:.1f}" height="{side:.1f}" '
            f'fill="{svg.viridis(attention[t, s])}"/>'
            for t in range(length)
            for s in range(t + 1)
        )
        frame = (
            f'<rect x="9" y="{10 + at * side:.1f}" width="{(at + 1) * side + 2:.1f}" height="{side:.1f}" '
            f'fill="none" stroke="{svg.WEIGHT}" stroke-width="2.5"/>'
        )
        label = f"Attention map of layer {self.layer}, head {self.head}, {length} by {length}."
        return f'<svg viewBox="0 0 320 320" role="img" aria-label="{label}">{cells}{frame}</svg>'


def _most(shares):
    """The three largest, the earlier first among equals."""
    return np.argsort(-shares, kind="stable")[:3]


def _percent(share):
    return f"{math.floor(100 * share + 0.5)} %"


def _spoken(character):
    return "the space" if character == " " else f"“{character}”"


def _shown(character):
    return {" ": "␣", '"': "&quot;"}.get(character, character)
