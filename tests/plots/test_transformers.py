"""The figures of chapter 7's second half draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse.plots import transformers
from tests.language import problems

STEPS = np.arange(1, 6)
SCORES = 50 + np.arange(9.0).reshape(3, 3)
FEW = dict.fromkeys(["fine-tuned", "frozen", "frozen, next word", "from scratch", "bag of words"], SCORES)

# name, arguments, words that must stand in it
FIGURES = [
    ("pieces", ({"0 merges": ["a", "b"], "1 merge": ["ab"]},), ["0 merges", "1 merge", "a", "b"]),
    ("language_losses", (STEPS, 1 / STEPS, 2 / STEPS, 3.85), ["validation", "training", "guessing", "step"]),
    ("cache_work", ([16, 32], [136, 528], [16, 32]), ["anew each time", "with a cache", "tokens computed"]),
    ("loss_against_size", ([1e3, 1e4], SCORES[:2], SCORES[1:]), ["parameters", "validation", "training"]),
    ("three_masks", (), ["encoder", "decoder", "across", "looks at: source", "from: target"]),
    ("cross_attention", (np.eye(3), "a b", "xyz"), ["read", "to be written", "␣", "z"]),
    ("picture_as_sentence", (np.eye(8),), ["1", "16"]),
    ("few_labels", ([8, 32, 128], FEW), ["labelled sentences", "fine-tuned", "frozen, next word"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(transformers, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} == set(transformers.__all__)


def test_a_decoder_sees_what_stands_before_and_itself():
    encoder, decoder, across = transformers.three_masks.draw(length=4).axes
    filled = [sum(p.get_facecolor()[3] > 0 for p in ax.patches) for ax in (encoder, decoder, across)]
    assert filled == [16, 10, 24]


def test_pieces_are_framed_as_they_are_cut():
    ax = transformers.pieces.draw({"none": list("abc"), "one": ["ab", "c"]}).axes[0]
    widths = [round(p.get_window_extent().width) for p in ax.patches]
    assert len(widths) == 5 and widths[3] > 1.9 * widths[4]


def test_the_best_look_is_marked():
    ax = transformers.language_losses.draw(STEPS, 1 / STEPS, np.array([5, 3, 2, 3, 4]), 6).axes[0]
    (marked,) = [line for line in ax.lines if line.get_marker() == "v"]
    assert marked.get_xydata().tolist() == [[3, 2]]
