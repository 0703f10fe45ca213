"""The figures of chapter 9, second part, draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse.plots import style, words_games
from tests.language import problems

GRID = np.linspace(0.1, 0.9, 5)
MONTHS = np.datetime64("2001-01") + np.arange(6)
RANGES = np.arange(6)[:, None] + np.array([-1.0, 0.0, 1.0])
CURVE = np.array([[[0, 30, 60], [10, 2, 5]], [[0, 20, 70], [10, 1, 3]]], float)
JUDGED = {"log": {"watched": np.array([20.0, 30.0])}, "truth": {"watched": np.array([5.0, 7.0])}}
STORY = ["anna went to the attic", "boris took the apple"]
BOARD = (-1, 0, 0, 0, 1, 0, 0, 0, 0)

# name, arguments, words that must stand in it
FIGURES = [
    ("cost_by_threshold", (GRID, {"words": GRID[None], "network": GRID[None]}, 0.17, 80), ["words", "0.17"]),
    ("scores_and_facts", ({"freely": (30, 100), "mixed": (60, 0)},), ["freely", "mixed", "bar: BLEU"]),
    ("fan", (MONTHS, np.arange(6.0), RANGES), ["year", "sea temperature (°C)"]),
    ("two_judges", (JUDGED,), ["by the log", "by the truth", "watched"]),
    ("ring", (np.eye(2), np.array([0.0, 1.0]), np.array([3, 9])), []),
    ("new_people", ([0, 4], np.array([[1.0, 0.5], [0.9, 0.6]])), ["0", "4", "error (stars)"]),
    ("answers_by_hops", ({"bag": np.full((2, 4), 50.0)},), ["bag", "known", "two hops"]),
    ("reading", (STORY, "where is anna", np.eye(2), "attic"), [*STORY, "look 1", "where is anna?  attic"]),
    ("self_play", ({0.1: CURVE, 0.6: CURVE},), ["ε = 0.6", "against random play", "games lost (%)"]),
    ("boards", ({"start": (BOARD, np.zeros(9), np.ones(9))},), ["start", "×", "○", "+1.0", "learned"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(words_games, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    if name not in ("reading", "boards"):  # these have a colour map
        assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} == set(words_games.__all__)


def test_a_month_outside_its_range_is_marked():
    values = np.arange(6.0)
    values[2] += 5
    ax = words_games.fan.draw(MONTHS, values, RANGES).axes[0]
    marked = [line for line in ax.lines if line.get_color() == style.LOSS]
    assert [list(line.get_ydata()) for line in marked] == [[7.0]]


def test_the_ring_joins_the_films_in_the_order_of_their_kind_and_closes():
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
    ax = words_games.ring.draw(vectors, np.array([2.0, 0.5, 1.0]), np.ones(3)).axes[0]
    assert ax.lines[0].get_xydata().tolist() == [[0, 1], [-1, 0], [1, 0], [0, 1]]


def test_readers_show_each_seed_and_the_mean():
    found = np.array([[100.0, 60, 90, 50], [98, 64, 80, 40]])
    ax = words_games.answers_by_hops.draw({"looking": found}).axes[0]
    bars = [line.get_ydata()[0] for line in ax.lines if line.get_linewidth() == 3]
    assert bars == [99, 62, 85, 45]


def test_a_taken_cell_holds_its_stone_and_a_free_one_its_worth():
    worth = np.arange(9) / 10
    ax = words_games.boards.draw({"start": (BOARD, worth, worth)}).axes[0]
    texts = [text.get_text() for text in ax.texts]
    assert texts[0] == "○" and texts[4] == "×" and texts[8] == "+0.8"
