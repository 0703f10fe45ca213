"""The figures of chapter 5's second half draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse import datasets
from nbcourse.plots import seeing
from tests.language import problems

DRAWN = datasets.shapes(3, seed=1)
GREY = np.random.default_rng(0).uniform(-0.5, 0.5, (3, 2, 17, 17))
NAMES = ("disc", "ring", "cross")
TRACES = np.linspace(1, 0, 6) * np.ones((3, 1))
TWICE = [[50, 60], [52, 64]]  # two seeds, two numbers of labels
REACHED = {"near": {"frozen": TWICE, "frozen, settled": TWICE, "from scratch": [[40, 50], [42, 51]]}}
POINTS = {"VGG": [(100_000, np.array([97.0, 98.0]))], "LeNet": [(30_000, [90, 92]), (90_000, [93, 95])]}

# name, arguments, words that must stand in it
FIGURES = [
    ("album", (POINTS,), ["VGG", "LeNet", "multiply-adds for one digit", "test accuracy (%)"]),
    ("compared", (DRAWN.images[0], {"Grad-CAM": GREY[:2, 0]}, DRAWN.masks[0], ("a", "b")), ["Grad-CAM", "b"]),
    ("costs", ({"VGG-16": (138e6, 15e9), "GoogLeNet": (7e6, 1.6e9)},), ["VGG-16", "GoogLeNet", "parameters"]),
    ("filters", (GREY[:, 0], GREY[:, 1]), ["before", "after"]),
    ("ideals", (GREY[:, 0], NAMES), ["disc", "cross"]),
    ("maps", (DRAWN.images, {"saliency": DRAWN.images}, DRAWN.masks), ["picture", "saliency"]),
    ("misread_by", (GREY[:, 0], [[1, 2], [3, 4], [5, 6]], [7, 8, 9]), ["1 2", "is 9"]),
    ("randomised", ({"edges": TRACES, "Grad-CAM": TRACES / 2},), ["edges", "Grad-CAM", "all"]),
    ("shapes", (DRAWN.images, DRAWN.boxes, NAMES), ["ring"]),
    ("transfer", (REACHED, {"near": [2, 10]}), ["near", "frozen", "frozen, settled", "from scratch"]),
    ("units", (GREY, GREY[:, 0], NAMES), ["real patches", "made", "ring"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(seeing, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} == set(seeing.__all__)


def test_names_in_the_album_keep_apart():
    points = {str(i): [(1000, np.array([90.0, 90.0]))] for i in range(5)}
    heights = sorted(text.xyann[1] for text in seeing.album.draw(points).axes[0].texts)
    assert np.diff(heights).min() > 0


def test_an_empty_map_is_dark_not_an_error():
    ax = seeing.maps.draw(DRAWN.images[:1], {"none": np.zeros((1, 24, 24))}, DRAWN.masks[:1]).axes[1]
    assert ax.images[0].norm(0.0) == 0
