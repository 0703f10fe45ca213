"""The landscape explorer: four rules of descent race over a surface whose height is the loss."""

import contourpy
import numpy as np
import traitlets

from nbcourse.widgets import descent, svg
from nbcourse.widgets.base import Figure

LIMIT, CELLS = 2, 81  # as in js/landscape.js: the map shows [−2, 2]²
SURFACES = {"ravine": "Ravine", "bend": "Bent valley", "saddle": "Saddle", "hollows": "Many hollows"}
RULES = {"sgd": "SGD", "momentum": "Momentum", "rmsprop": "RMSProp", "adam": "Adam"}
LOOKS = {
    "sgd": (svg.DATA, ""),
    "momentum": (svg.WEIGHT, "8 3"),
    "rmsprop": (svg.SIGNAL, "2 3"),
    "adam": (svg.GRADIENT, "10 3 2 3"),
}
KEY = (  # the same words as in js/landscape.js
    "Lines of equal loss, from above. Click the map, or use the sliders, to move the start. All four rules "
    "see the same learning rate and the same noise; momentum counts for Momentum and Adam."
)


class LandscapeExplorer(Figure):
    """SGD, momentum, RMSProp and Adam from one start, with one learning rate, on a surface of two weights.

    Parameters
    ----------
    surface : {"ravine", "bend", "saddle", "hollows"}
    rate : float
        Learning rate of all four, 0.001 to 3.2.
    momentum : float
        Of "momentum", and Adam's β₁; 0 to 0.99.
    noise : float
        Deviation of what is added to each gradient, 0 to 3.
    start_x, start_y : float
        Where all begin, −2 to 2.
    seed : int
        Of the noise.

    Raises
    ------
    traitlets.TraitError
        If a setting is out of its range; the message names the setting, what was expected and what came.
    """

    script = "landscape.js"
    surface = traitlets.Enum(tuple(SURFACES), "ravine").tag(sync=True)
    rate = traitlets.Float(0.05, min=0.001, max=3.2).tag(sync=True)
    momentum = traitlets.Float(0.9, min=0, max=0.99).tag(sync=True)
    noise = traitlets.Float(0.0, min=0, max=3).tag(sync=True)
    start_x = traitlets.Float(-1.8, min=-LIMIT, max=LIMIT).tag(sync=True)
    start_y = traitlets.Float(0.9, min=-LIMIT, max=LIMIT).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)

    def paths(self) -> dict[str, np.ndarray]:
        """Return each rule's path (201, 2) with the settings as they are."""
        start = (self.start_x, self.start_y)
        return {
            rule: descent.race(self.surface, rule, self.rate, self.momentum, self.noise, start, self.seed)
            for rule in RULES
        }

    def still(self) -> str:
        """Return settings, map, losses and results after the race, as HTML and SVG."""
        paths, height = self.paths(), descent.SURFACES[self.surface][0]
        words = {rule: loss_words(float(height(*path[-1]))) for rule, path in paths.items()}
        told = ", ".join(f"{RULES[rule]} {text}" for rule, text in words.items())
        sentence = f"After {descent.STEPS} steps the loss is: {told}."
        rows = {
            "Surface": SURFACES[self.surface],
            "Learning rate": f"{self.rate:g}",
            "Momentum": f"{self.momentum:.2f}",
            "Noise": f"{self.noise:.1f}",
            "Start x": f"{self.start_x:.2f}".replace("-", "−"),
            "Start y": f"{self.start_y:.2f}".replace("-", "−"),
        }
        results = "".join(
            f'<div class="nbc-{rule}"><dt>{RULES[rule]}</dt><dd>{text}</dd></div>'
            for rule, text in words.items()
        )
        return (
            f'<div class="nbc-root nbc-landscape">{svg.settings(rows)}'
            f'<div class="nbc-actions"><p>After {descent.STEPS} steps:</p></div>'
            f"{svg.panel('map', _map(self.surface, paths, sentence))}"
            f"{svg.panel('curves', _curves(height, paths, sentence))}"
            f'<dl class="nbc-results">{results}</dl><p class="nbc-key">{KEY}</p></div>'
        )


def loss_words(value: float) -> str:
    """Return a loss with three decimals, or what there is to say of it instead."""
    if not value < 1000:
        return "left the map"
    return "below 0.001" if value < 0.001 else f"{value:.3f}"


def levels(lowest: float, highest: float) -> np.ndarray:
    """Return the 14 heights of the contour lines, closer together where the surface is low."""
    return lowest + (highest - lowest) * ((np.arange(14) + 0.5) / 14) ** 3


def _map(surface, paths, sentence):
    chart = svg.Chart(320, 320, (0, 320, 0, 320), (-LIMIT, LIMIT), (-LIMIT, LIMIT))
    side = np.linspace(-LIMIT, LIMIT, CELLS)
    heights = descent.SURFACES[surface][0](*np.meshgrid(side, side))
    generator = contourpy.contour_generator(side, side, heights)
    for number, level in enumerate(levels(heights.min(), heights.max())):
        data = "".join(svg.trace(chart.at(*line[::2].T)) for line in generator.lines(level))
        chart.parts.append(
            f'<path d="{data}" fill="none" stroke="{svg.DATA}" opacity="{0.9 - 0.045 * number:.2f}"/>'
        )
    for rule, path in paths.items():
        colour, dash = LOOKS[rule]
        near = path[
            np.abs(path).max(axis=1) < 9 * LIMIT
        ]  # what is beyond the map, the picture's edge cuts off
        chart.parts.append(
            f'<path d="{svg.trace(chart.at(*near.T))}" fill="none" stroke="{colour}" stroke-width="2.5" '
            f'stroke-dasharray="{dash or "none"}"/>'
        )
        if np.abs(path[-1]).max() <= LIMIT:
            chart.dot(*path[-1], colour)
    chart.dot(*paths["sgd"][0], "currentColor")
    return chart.markup(f"The surface seen from above, with the four paths. {sentence}")


def _curves(height, paths, sentence):
    chart = svg.Chart(300, 176, (34, 292, 20, 158), (0, descent.STEPS), (-6, 1))
    powers = [(-6, "10⁻⁶"), (-4, "10⁻⁴"), (-2, "0.01"), (0, "1")]
    chart.ticks([(0, "0"), (100, "100"), (192, "200")], powers, base=-6, name="loss, by step")
    steps = np.arange(descent.STEPS + 1)
    for rule, path in paths.items():
        chart.line(steps, np.log10(np.maximum(1e-6, height(*path.T))), *LOOKS[rule])
    return chart.markup(f"Loss against steps. {sentence}")
