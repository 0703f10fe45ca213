"""The figures of chapter 4 draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse import datasets
from nbcourse.plots import training
from tests.language import problems

SEEDS = {"scaling first": [90.0, 92.0], "selecting first": [80.0, 84.0]}
HISTORY = [{"step": 7 * i, "train_loss": 1 / i, "loss": 0.5 + (i - 3) ** 2 / 10} for i in range(1, 7)]
RATES = np.geomspace(0.001, 10, 20)
TRIALS = [(True, {10: 2.0, 20: 1.5}), (False, {10: 1.0, 20: 0.6, 30: 0.5}), (True, {})]

# name, arguments, words that must stand in it
FIGURES = [
    ("leaks", (SEEDS, SEEDS), ["scaling first", "with the leak", "honest"]),
    ("valleys", (*datasets.sums(30, 2), 5), ["weight 1", "weight 2"]),
    ("augmented", (np.zeros(64), np.zeros((3, 64))), []),
    ("fits", (*datasets.wave(20), {1: np.zeros(200), 4: np.ones(200)}), ["m = 1", "m = 4"]),
    ("norm_axes", (), ["batch norm", "layer norm", "neurons", "examples"]),
    ("ablation", ({"nothing": [80, 82], "dropout": [85, 86]},), ["nothing", "dropout"]),
    ("learning_curves", ({"nothing": HISTORY, "dropout": HISTORY},), ["validation", "training", "dropout"]),
    ("finder", (RATES, 1 + RATES, 1 + RATES, 0.1), ["falls fastest", "learning rate"]),
    (
        "schedules",
        ({"constant": np.ones(50), "cosine": np.ones(50), "one-cycle": np.ones(50)},),
        ["constant", "cosine", "one-cycle", "step decay"],
    ),
    ("step_sizes", ({1e-3: np.full(9, 0.01), 0.3: np.full(9, 0.1)},), ["rate 0.001", "rate 0.3"]),
    ("study", (TRIALS, {"learning rate": 0.7, "width": 0.3}), ["learning rate", "importance"]),
    (
        "double_descent",
        ([2, 5, 10, 20, 30, 36, 40, 80], np.arange(1.0, 9), np.ones(8), 40),
        ["no ridge", "with ridge", "40 examples"],
    ),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(training, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} == set(training.__all__)


def test_descent_in_a_valley_goes_down_and_never_past_the_steepest_direction():
    X, y = datasets.sums(200, 2)
    X[:, 0] *= 100
    ax = training.valleys.draw(X, y, 40).axes[0]
    path = np.stack(ax.lines[0].get_data(), axis=1)
    best = np.concatenate(ax.lines[2].get_data())  # after the start
    X = X - X.mean(axis=0)
    heights = [np.sum((X @ (point - best)) ** 2) for point in path]
    assert len(path) == 41 and (np.diff(heights) < 0).all()
    # of two directions with the same height, η = 1/λ_max settles the steep one in a single step
    assert heights[1] / heights[0] == pytest.approx(0.5, rel=0.01)


def test_the_best_epoch_is_marked():
    ax = training.learning_curves.draw({"nothing": HISTORY, "dropout": HISTORY}).axes[0]
    assert ax.lines[-1].get_xydata().tolist() == [[21, 0.5]]


@pytest.mark.parametrize(
    "name, arguments", [(name, given) for name, given, _ in FIGURES if name in ("leaks", "ablation")]
)
def test_each_seed_is_drawn_in_full_colour(name, arguments):
    marks = getattr(training, name).draw(*arguments).axes[0].lines
    assert {line.get_alpha() for line in marks} == {None}
