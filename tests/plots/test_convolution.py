"""The figures of chapter 5's first half draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse.plots import convolution, style
from tests.language import problems

RNG = np.random.default_rng(0)
IMAGE, MAP = RNG.random((6, 6)), RNG.normal(size=(6, 6))
SCORES = {"dense": RNG.uniform(0, 100, (3, 5)), "global pooling": RNG.uniform(0, 100, (3, 5))}
SIGNALS = RNG.normal(size=(4, 9))
FIELD = np.pad(np.ones((5, 5)), 3)
NUMBERS = np.array([[1, 2, 0, 3], [0, 1, 2, 0]])
PAIRS = {"logistic": ([31, 32, 33], [31, 32, 33]), "CNN": ([90, 91, 92], [50, 55, 60])}
PUBLISHED = {"logistic": (32, 32), "CNN": (94, 56)}
CASES = {"as it is": (0, 1, 1), "padding 1": (1, 1, 1), "stride 2": (0, 2, 1), "dilation 2": (0, 1, 2)}
LOSSES = {"plain": [[0.5, 0.6], [1.0, 1.1]], "residual": [[0.4, 0.5], [0.4, 0.6]]}

# name, arguments, words that must stand in it
FIGURES = [
    ("shifted_digits", ([IMAGE] * 3, [-1, 0, 1]), ["−1", "0", "+1"]),
    ("accuracy_against_shift", ([-2, -1, 0, 1, 2], SCORES), ["dense", "global pooling", "guessing"]),
    ("flip_and_slide", (np.full(6, 1 / 6), np.arange(6) / 15, [2, 5, 8]), ["n = 2", "n = 8", "(f ∗ g)[n]"]),
    ("kernels_at_work", (IMAGE, {"mean": MAP, "spots": MAP, "edges": MAP}), ["the image", "mean", "spots"]),
    ("shared_weights", (NUMBERS,), ["input pixels (4)", "output pixels (2)", "number of the weight"]),
    ("times", ({"loops": 0.02, "im2col": 3e-5},), ["loops", "im2col", "20", "0.03"]),
    ("windows", (CASES,), ["padding 1", "3 × 3 outputs", "5 × 5 outputs", "2 × 2 outputs", "1 × 1 outputs"]),
    ("receptive_fields", ({"two of 3 × 3": (5, FIELD), "one": (5, FIELD)},), ["two of 3 × 3", "5 × 5"]),
    ("shift_and_convolve", (IMAGE, IMAGE, MAP, MAP), ["image", "shifted", "map of the image"]),
    (
        "shuffled_signals",
        (SIGNALS, SIGNALS, [0, 3, 5, 7]),
        ["in order", "shuffled"],
    ),
    ("in_order_and_shuffled", (PAIRS, PUBLISHED), ["logistic", "CNN", "guessing"]),
    ("loss_against_depth", ([2, 8], LOSSES), ["plain", "residual", "training loss"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(convolution, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} == set(convolution.__all__)


def test_maps_are_drawn_on_a_scale_that_is_centred_at_zero():
    axes = convolution.kernels_at_work.draw(IMAGE, {"one": np.arange(-1.0, 8).reshape(3, 3)}).axes
    assert axes[1].images[0].get_clim() == (-7, 7)


def test_both_maps_of_the_square_have_one_scale():
    axes = convolution.shift_and_convolve.draw(IMAGE, IMAGE, MAP, MAP / 2).axes
    assert axes[2].images[0].get_clim() == axes[3].images[0].get_clim()


def test_the_flipped_list_ends_at_n():
    ax = convolution.flip_and_slide.draw(np.ones(6), np.array([1.0, 2.0, 3.0]), [4]).axes[0]
    flipped = ax.containers[1]
    assert [bar.get_height() for bar in flipped] == [3, 2, 1]  # g[n - m] for m = 2, 3, 4
    assert flipped[-1].get_x() + flipped[-1].get_width() / 2 == pytest.approx(4)


def test_a_window_that_does_not_fit_is_not_drawn():
    panels = convolution.windows.draw(CASES).axes
    shaded = [sum(patch.get_facecolor()[3] > 0 for patch in ax.patches) for ax in panels]
    second = [sum(_edge(patch) == style.WEIGHT for patch in ax.patches) for ax in panels]
    assert shaded == [9, 9, 9, 9]
    assert second == [9, 9, 9, 0]


def _edge(patch):
    red, green, blue, _ = (round(255 * part) for part in patch.get_edgecolor())
    return f"#{red:02x}{green:02x}{blue:02x}"


def test_labels_at_line_ends_keep_apart():
    fig = convolution.accuracy_against_shift.draw([0, 1], {name: np.full((2, 2), 50.0) for name in "abc"})
    heights = sorted(text.xy[1] for text in fig.axes[0].texts if text.get_text() in "abc")
    assert np.all(np.diff(heights) >= 5)


def test_the_line_of_guessing_is_named_where_no_curve_is():
    low = {"low": np.array([[15, 50, 95, 50, 15]] * 2)}
    fig = convolution.accuracy_against_shift.draw([-2, -1, 0, 1, 2], low)
    fig.draw_without_rendering()
    ax = fig.axes[0]
    name = next(text for text in ax.texts if text.get_text() == "guessing").get_window_extent()
    points = ax.transData.transform([*enumerate(low["low"][0], -2)])
    assert name.padded(5).count_contains(points) == 0
