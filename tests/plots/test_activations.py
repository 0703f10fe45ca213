"""The figures of chapter 2 draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse.plots import activations
from tests.language import problems

Z = np.linspace(-5, 5, 9)
FUNCTIONS = {f"f{i}": (np.tanh, np.cos) for i in range(8)}
PATHS = {"sigmoid": np.array([[-1, 1], [1.0, -1]]), "centred": np.array([[-1, 1], [0, 0.0]])}
PREDICTED = np.geomspace(1e-8, 1e8, 12).reshape(2, 2, 3)
MEASURED = PREDICTED * np.array([0.9, 1.0, 1.1])[:, None, None, None]  # three seeds
NAMES, GAINS, DEPTHS = ["tanh", "ReLU"], [1.0, 1.5], [2, 5, 10]
REACHED = np.linspace(10, 100, 12).reshape(2, 2, 3)
SHARE = {"ReLU": [[1.0, 2.0], [40.0, 80.0]], "leaky ReLU": [[1.0], []]}

# name, arguments, words that must stand in it
FIGURES = [
    ("gallery", (Z, FUNCTIONS), ["f0", "f7", "f", "slope f′", "z"]),
    ("cost", ({"scratch": {"ReLU": 0.1}, "PyTorch": {"ReLU": 0.2}},), ["scratch", "PyTorch", "ReLU"]),
    ("zigzag", (PATHS,), ["sigmoid", "centred", "w₁", "w₂"]),
    ("histograms", ({"gain 1": Z, "gain 2": 9 * Z}, list(range(9))), ["gain 1", "gain 2", "layer 8", "z"]),
    ("mean_squares", (PREDICTED, MEASURED, [("ReLU", 2**0.5), ("tanh", 1)]), ["ReLU 1.41", "tanh 1"]),
    ("trainability", (NAMES, GAINS, DEPTHS, REACHED, REACHED > 50), ["tanh", "gain", "hidden layers"]),
    ("dead_units", ([0.1, 1.0], SHARE, SHARE), ["silent units (%)", "learning rate", "leaky ReLU"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(activations, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} == set(activations.__all__)


def test_mean_squares_come_with_three_standard_errors():
    ax = activations.mean_squares.draw(PREDICTED, MEASURED, [("ReLU", 1), ("tanh", 1)]).axes[0]
    (_, _, (bars,)) = ax.containers[0]
    low, high = bars.get_segments()[0][:, 1]
    assert (high - low) / 2 == pytest.approx(3 * 0.1 / np.sqrt(3) * PREDICTED[0, 0, 0])


def test_labels_at_the_ends_of_close_lines_do_not_overlap():
    close = np.ones((3, 2, 4)) * np.array([1.0, 1.01, 1e6])[:, None, None]
    settings = [("ReLU", 1), ("tanh", 1), ("sigmoid", 1)]
    ax = activations.mean_squares.draw(close, close[None].repeat(3, 0), settings).axes[0]
    first, second = ax.texts[:2]
    assert abs(first.xyann[1] - second.xyann[1]) > 10  # points


def test_histograms_share_one_scale_and_leave_out_what_lies_beyond():
    inside, half = np.linspace(-3.9, 3.9, 1000), np.r_[np.full(500, 0.01), np.full(500, 99.0)]
    left, right = activations.histograms.draw({"a": inside[None], "b": half[None]}, [1]).axes
    assert left.get_xlim() == right.get_xlim()
    area = [np.sum(ax.patches[0].get_data().values) * 0.1 for ax in (left, right)]
    assert area[0] == pytest.approx(1, rel=0.01) and area[1] == pytest.approx(0.12)  # cut off at 1.2


def test_rings_stand_where_learning_was_forecast():
    axes = activations.trainability.draw(NAMES, GAINS, DEPTHS, REACHED, REACHED > 50).axes
    columns, rows = axes[0].lines[0].get_data()
    assert set(zip(rows, columns, strict=True)) == set(zip(*np.nonzero(REACHED[0] > 50), strict=True))
    assert len(axes[1].lines[0].get_xdata()) == 6
