"""The figures of chapter 1 draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse import datasets
from nbcourse.plots import neurons
from tests.language import problems

BITS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
COUNTS = np.arange(1, 13).reshape(3, 4)
CONSTANTS = np.linspace(0, 10, 11)
LOSSES = {"squared error": (CONSTANTS - 5) ** 2, "absolute error": abs(CONSTANTS - 4), "pinball": CONSTANTS}
ERRORS = np.array([[0.5, 0.6], [0.1, 0.2]])

# name, arguments, words that must stand in it
FIGURES = [
    ("two_kinds", (*datasets.separable(0.1), 0.1), ["first input", "second input", "u"]),
    ("mistakes_against_margin", ([0.4, 0.2, 0.1], COUNTS), ["bound (R/γ)²", "mistakes"]),
    ("xor_by_hand", (BITS, BITS), ["inputs", "hidden answers", "h₁"]),
    ("neuron", (), ["ReLU", "sigmoid", "tanh", "step", "Σ"]),
    ("sigmoid_learns_slowly", (np.linspace(0, 1, 9), np.linspace(0, 1, 9)), ["step", "slope dL/dz"]),
    ("losses_of_constants", (CONSTANTS, LOSSES, CONSTANTS), ["squared error", "absolute error", "pinball"]),
    ("learned_share", ([1, 2], {"ReLU": [0, 20.0], "tanh": [0, 70.0]}), ["ReLU", "tanh"]),
    ("error_against_width", ([4, 8], ERRORS[:, :1], ERRORS, ERRORS), ["kinks on a grid", "all trained"]),
    ("folds", (CONSTANTS, [CONSTANTS, CONSTANTS]), ["1 layer", "2 layers"]),
    ("linear_regions", (np.array([[1.0, 0.2], [0.3, 1.0]]), np.array([0.1, 0.2])), ["first input"]),
    ("misread", (np.zeros((2, 64)), [3, 4], [8, 9]), ["3, is 8", "4, is 9"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(neurons, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} == set(neurons.__all__)


def test_the_share_is_in_per_cent_with_a_binomial_error():
    ax = neurons.learned_share.draw([1, 2], {"ReLU": [0, 20.0], "tanh": [0, 50.0]}).axes[0]
    (_, _, (bars,)) = ax.containers[1]
    low, high = bars.get_segments()[1][:, 1]
    assert (low, high) == pytest.approx((45, 55))  # √(50 · 50 / 100) = 5


def test_regions_have_one_shade_each():
    ax = neurons.linear_regions.draw(np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2)).axes[0]
    assert len(np.unique(ax.images[0].get_array())) == 4
