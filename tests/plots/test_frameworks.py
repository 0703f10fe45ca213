"""The figures of the Keras appendix draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse.plots import frameworks, style
from tests.language import problems

FALLING = np.geomspace(20, 0.2, 30)
APART = {"nothing": [1e-6, 2e-6], "Adam's ε": [4e-5, 1e-4], "the masks": [2e-3, 6e-3]}

# name, arguments, words that must stand in it
FIGURES = [
    ("history", (3 * FALLING, FALLING, 0.8 * FALLING), ["training", "validation", "at rest", "epoch"]),
    ("forgotten", (APART,), [*APART, "distance from Keras's validation loss"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(frameworks, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_what_costs_least_stands_on_top():
    (ax,) = frameworks.forgotten.draw(dict(reversed(APART.items()))).axes
    assert [label.get_text() for label in ax.get_yticklabels()][::-1] == list(APART)
    marks = [
        line.get_color()
        for line in ax.lines
        if len(set(line.get_xdata())) == 1 and len(line.get_xdata()) == 2
    ]
    assert marks.count(style.WEIGHT) == 1  # what agrees


def test_curves_have_one_point_an_epoch():
    (ax,) = frameworks.history.draw(FALLING, FALLING, FALLING).axes
    curves = [line.get_xdata() for line in ax.lines if len(line.get_xdata()) > 1]
    assert len(curves) == 3
    assert all(np.array_equal(x, np.arange(1, 31)) for x in curves)
    assert ax.get_yscale() == "log"
