"""The figures of chapter 8's second half draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse.plots import small
from tests.language import problems

RNG = np.random.default_rng(0)
LINE = np.linspace(-1, 1, 41)
SCORES = {"labels": RNG.normal(90, 1, (3, 5)), "teacher": RNG.normal(95, 1, (3, 5))}
VARIANTS = {"float32": (340_000, [97.0, 98.0]), "2 bits": (12_000, [96.0, 97.0])}

# name, arguments, words that must stand in it
FIGURES = [
    ("bits_needed", ([8, 4, 2], SCORES), ["labels", "teacher", "bits for a weight"]),
    (
        "bytes_and_accuracy",
        (VARIANTS, 24_576),
        ["float32", "2 bits", "11.7 KiB", "crosses: more than 24 KiB"],
    ),
    ("examples_seen", ([50, 200, 1077], SCORES), ["1,077", "teacher", "validation accuracy (%)"]),
    ("ranges", (RNG.exponential(size=500), {"99.9 %": 5.0, "largest": 60.0}), ["99.9 %", "largest"]),
    ("soft_targets", (RNG.random((2, 8, 8)), {"τ = 1": np.full((2, 10), 0.1)}), ["class", "left: τ = 1"]),
    ("staircase", (LINE, np.round(2 * LINE) / 2), ["value shown", "error", "Δ/2"]),
    ("thinned", ([0.8, 0.9, 0.98], SCORES), ["98", "labels", "weights taken out (%)"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(small, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} == set(small.__all__)


def test_the_error_of_the_staircase_is_drawn():
    line = small.staircase.draw(LINE, np.round(2 * LINE) / 2).axes[1].lines[-1]
    assert np.abs(line.get_ydata()).max() == pytest.approx(0.25)


def test_bars_show_the_spread_over_seeds():
    ax = small.examples_seen.draw([50, 200, 1077], SCORES).axes[0]
    (low, high) = ax.collections[0].get_segments()[0][:, 1]
    assert (high - low) / 2 == pytest.approx(SCORES["labels"][0].std(ddof=1))
