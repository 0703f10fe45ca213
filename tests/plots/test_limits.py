"""The figures of chapter 9's last part draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse.plots import limits
from tests.language import problems

RNG = np.random.default_rng(0)
CURVES = RNG.uniform(20, 90, (3, 4))
BINS = np.array([[10, 90], [0.45, 0.9], [0.4, 0.8]])
MISSED = {
    ("first world", "score"): RNG.uniform(10, 60, (3, 2)),
    ("second world", "all"): RNG.uniform(10, 60, (3, 2)),
}
GREY = RNG.random((2, 4, 4))

# name, arguments, words that must stand in it
FIGURES = [
    ("attacked", (GREY, GREY + 0.1, [3, 5], [8, 6]), ["is 3", "“6”", "change", "sum"]),
    ("groups", (MISSED,), ["first world", "second world", "all", "A", "B", "suited, but not chosen (%)"]),
    ("reliability", ({"before": BINS, "after": BINS},), ["before", "after", "confidence", "as claimed"]),
    ("strengths", ([0, 0.1, 0.2, 0.3], {"usual": CURVES, "hard": CURVES / 2}), ["usual", "hard"]),
    ("turned", ([0, 30, 60, 90], CURVES, CURVES + 5), ["accuracy", "test digits turned by (degrees)"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(limits, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_every_figure_is_tested():
    assert {name for name, *_ in FIGURES} == set(limits.__all__)
