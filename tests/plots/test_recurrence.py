"""The figures of chapter 6's first half draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse.plots import recurrence
from tests.language import problems

FALLING = 0.5 ** np.arange(10.0)
LAGS = {
    "above": {"ρ = 0.5": (np.stack([FALLING, 2 * FALLING]), FALLING)},
    "below": {"bias 0": (np.stack([FALLING, FALLING]), None), "bias 3": (np.ones((2, 10)), None)},
}
CURVES = {name: [([50, 100], [0.2, 0.01]), ([50], [0.02])] for name in ("RNN", "IRNN", "LSTM", "GRU")}
W, B = np.linspace(1, 2, 5), np.linspace(-1, 0, 4)
PATHS = {"plain": np.array([[1.5, -0.5], [9.0, 9.0]]), "clipped": np.array([[1.5, -0.5], [1.4, -0.4]])}
UNIT = np.linspace(0, 1, 6), [0, 1, 0, 0, 1, 0], np.zeros(6), np.ones(6), np.arange(6.0)

TAKEN = {"first mark": (W - 1, -W), "second mark": (W - 1, W)}

# name, arguments, words that must stand in it
FIGURES = [
    ("unrolled", (), ["Wₓ", "Wₕ", "h₀", "x₃"]),
    ("lstm", (), ["forget", "input", "proposal", "output", "cₜ₋₁", "hₜ"]),
    ("gru", (), ["1 − z", "hₜ₋₁", "xₜ"]),
    ("lags", (LAGS, "gradient", (1e-6, 10)), ["above", "below", "ρ = 0.5", "bias 3", "gradient"]),
    ("cliff", (W, B, np.ones((4, 5)), PATHS), ["plain", "clipped", "weight w", "bias b"]),
    ("errors", (CURVES, 1 / 6), ["RNN", "GRU", "guess 1", "step"]),
    ("latch", UNIT, ["number", "gate", "cell", "step", "input", "forget"]),
    ("jumps", (TAKEN,), ["marked number", "jump of the cell", "first mark", "second mark"]),
    ("reading", (np.zeros((8, 8)), np.ones((8, 3)), np.ones((8, 10)) / 10), ["digit", "z", "probability"]),
    ("truncated", ([1, 2, 3, 4], {"untrained": np.ones((2, 4)), "trained": np.zeros((2, 4))}), ["trained"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(recurrence, name).svg(*arguments)
    texts = {text for found in re.findall(r"<text[^>]*>([^<]*)</text>", svg) for text in found.split("\n")}
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} == set(recurrence.__all__)


def test_the_lags_show_the_geometric_mean_of_the_seeds():
    ax = recurrence.lags.draw(LAGS, "gradient", (1e-6, 10)).axes[0]
    assert np.allclose(ax.lines[0].get_ydata(), np.sqrt(2) * FALLING)


def test_labels_that_would_collide_are_pushed_apart():
    same = {"one": (np.ones((2, 10)), None), "two": (np.ones((2, 10)), None)}
    ax = recurrence.lags.draw({"panel": same}, "gradient", (1e-6, 10)).axes[0]
    heights = sorted(text.xyann[1] for text in ax.texts)
    assert heights[1] - heights[0] >= 12
