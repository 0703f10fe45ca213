"""The figures of chapter 6, second half, draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse import datasets
from nbcourse.plots import sequences, style
from tests.language import problems

LETTERS = "·abcdefghijklmnopqrstuvwxyz"
P = np.full(27, 1 / 27)
NOUNS = datasets.people(10).nouns
ALONG = np.linspace(-1, 1, len(NOUNS))
MONTHS = np.datetime64("2001-01") + np.arange(24)
WAVE = np.sin(np.arange(24))
ERRORS = {"persistence": [1, 3.6], "year before": [1, 1], "anomaly": [0.4, 0.9], "linear": [0.4, 0.8]}
WRITTEN = {0.3: ["barton", "warbury"], 1.0: ["loypond", "newport"]}
OPINIONS = {"words": [[9, 90]], "hidden": [[97, 98]], "pairs": [[40, 99]], "GRU": [[97, 99], [95, 98]]}
DRAWN = {"temperature": [("0.5", -1.3, 80.0)], "top-k": [("2", -1.3, 30.0)], "top-p": [("0.3", -1.2, 12.0)]}

# name, arguments, words that must stand in it
FIGURES = [
    ("bigrams", (np.tile(P, (27, 1)), LETTERS), ["next letter", "q", "·"]),
    ("language_models", ({"counts": 3.1, "GRU": [2.7, 2.8]},), ["counts", "GRU", "3.10", "2.75"]),
    ("next_letter", (LETTERS, {0.5: P, 1: P}), ["τ = 0.5", "τ = 1", "next letter"]),
    ("decoders", (DRAWN,), ["temperature", "top-k", "top-p", "distinct names (%)"]),
    ("word_map", (ALONG, ALONG[::-1], NOUNS), ["king, prince …", "queens, princesses …"]),
    ("attention_map", (np.eye(3), list("abc"), list("cba")), ["letter read", "letter written"]),
    (
        "by_length",
        ([2, 4, 6], {"attention": [[9, 8, 7]], "one vector": [[9, 5, 1]]}, 4),
        ["attention", "one vector"],
    ),
    (
        "forecast_errors",
        ([1, 6], {**ERRORS, "GRU": [0.4, 0.8]}, [[0.4, 0.8]]),
        ["GRU", "linear", "months ahead"],
    ),
    ("forecasts", (MONTHS, WAVE, WAVE, WAVE), ["network", "year before", "year"]),
    ("kinds_of_opinion", (["plain", "near"], OPINIONS), ["words", "hidden", "pairs", "GRU", "plain"]),
    ("written", (WRITTEN, {"barton"}, {"newport"}), ["τ = 0.3", "barton", "loypond", "newport"]),
    (
        "endless",
        ({"greedy": ["a", "king", ".", "a", "king", "."], "drawn": ["one", ".", "two"]},),
        ["greedy", "a king"],
    ),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(sequences, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    if name not in ("bigrams", "attention_map"):  # these have a colour map
        assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} == set(sequences.__all__)


def test_a_real_but_unseen_name_is_underlined_and_a_known_one_pale():
    ax = sequences.written.draw(WRITTEN, {"barton"}, {"newport"}).axes[0]
    strength = {text.get_text(): text.get_alpha() for text in ax.texts}
    assert strength["barton"] < strength["loypond"] == strength["newport"] == 1
    assert [line.get_color() for line in ax.lines] == [style.SIGNAL]


def test_a_sentence_is_pale_from_its_second_time_on():
    ax = sequences.endless.draw({"greedy": ["a", "king", ".", "a", "king", ".", "one"]}).axes[0]
    assert [text.get_alpha() for text in ax.texts[1:]] == [1, 0.7, 1]


def test_opinions_show_each_seed_and_the_mean():
    ax = sequences.kinds_of_opinion.draw(["plain", "near"], OPINIONS).axes[0]
    bars = [line.get_ydata()[0] for line in ax.lines if line.get_linewidth() == 3]
    assert bars == [9, 90, 97, 98, 40, 99, 96, 98.5]
