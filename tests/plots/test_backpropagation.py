"""The figures of chapter 3 draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse.plots import backpropagation
from tests.language import problems

EPSILONS = 10.0 ** np.arange(-1, -9, -0.5)
ERRORS = {"forward": EPSILONS, "central": EPSILONS**2, "central, float32": 1e-7 / EPSILONS}
PATHS = {0.1: np.array([1.0, 0.9, 0.81]), 2.1: np.array([1.0, -1.1, 1.21])}
VALLEY = {name: np.array([[-1.2, 1.0], [0.0, 0.1]]) for name in ["SGD", "momentum", "RMSProp", "Adam"]}
RATES = {name: [0.01, 0.1] for name in [*VALLEY, "AdamW"]}
LOSSES = {name: np.array([[1.0, 1.1], [0.1, 0.2]]) for name in RATES}
NOISE = {"before": np.array([4.0, 2.0]), "after": np.array([8.0, 4.0])}
HEIGHTS = {name: np.array([1.0, 0.1, 0.01]) for name in ["large", "small", "cosine"]}

# name, arguments, words that must stand in it
FIGURES = [
    ("neuron_graph", (), ["w", "L", "w · x", "z − y", "−12", "value  →", "←  ∂L/∂value"]),
    ("cost_of_modes", ([4, 8], [13, 25], [5, 5]), ["forward mode", "reverse mode", "cost (evaluations)"]),
    (
        "error_against_epsilon",
        (EPSILONS, ERRORS),
        [*ERRORS, "truncation", "rounding", "∝ 1/ε", "∝ ε", "∝ ε²"],
    ),
    ("learning_rates", (PATHS,), ["η = 0.1", "η = 2.1", "loss"]),
    ("valley", (VALLEY,), [*VALLEY, "w₁", "w₂"]),
    ("loss_against_rate", (RATES, LOSSES), [*VALLEY, "learning rate", "training loss"]),
    ("gradient_noise", ([1, 4], NOISE), ["before", "after", "batch size", "as large as the gradient"]),
    ("schedules", (HEIGHTS,), [*HEIGHTS, "step", "mean loss"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(backpropagation, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} == set(backpropagation.__all__)


def test_the_graph_shows_right_derivatives():
    """The numbers of the drawing, from a walk over the same graph."""
    number = {name: float(entry[2].replace("−", "-")) for name, entry in backpropagation._NEURON.items()}
    slope = {name: float(entry[3].replace("−", "-")) for name, entry in backpropagation._NEURON.items()}
    w, x, b, y = (number[name] for name in "wxby")
    e = w * x + b - y
    assert (number["a"], number["z"], number["e"], number["L"]) == (w * x, w * x + b, e, e**2)
    found = dict.fromkeys(slope, 0.0) | {"L": 1.0}
    for start, end, local, *_ in reversed(backpropagation._ARROWS):
        found[start] += found[end] * float(local.replace("−", "-"))
    assert found == slope


def test_an_exact_difference_does_not_break_the_log_axis():
    errors = {name: np.where(EPSILONS < 1e-7, 0.0, error) for name, error in ERRORS.items()}
    line = backpropagation.error_against_epsilon.draw(EPSILONS, errors).axes[0].lines[0]
    assert (line.get_ydata() > 0).all()
