"""The figures on attention draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse.plots import attention
from tests.language import problems

rng = np.random.default_rng(0)
WEIGHTS = rng.dirichlet(np.ones(6), size=6)
CAUSAL = np.tril(WEIGHTS)
HOURS = np.arange(0, 24, 3)
TIMES = np.linspace(0, 24, 9)
CURVES = rng.random((3, 12))
SCORES = {name: rng.random((3, 2)) for name in ("none", "learned", "sinusoidal", "rotary")}
LOSSES = {(norm, warm): CURVES for norm in ("post-norm", "pre-norm") for warm in (0, 30)}
LAYER = np.array([1, 1, 2, 2])

# name, arguments, words that must stand in it
FIGURES = [
    (
        "soft_lookup",
        (HOURS, HOURS, dict.fromkeys((0, 10, 1000), WEIGHTS[0, [0] * 8]), TIMES, {0: TIMES, 10: TIMES}),
        ["sharpness 0", "sharpness 1000", "weight"],
    ),
    ("scaling", ([4, 16, 64], CURVES[:2, :3] + 1, CURVES[:2, :3]), ["raw", "divided by √d", "keys in use"]),
    ("masks", ({"no mask": WEIGHTS, "causal": CAUSAL, "padding": WEIGHTS},), ["no mask", "causal", "query"]),
    ("cost", (TIMES + 1, TIMES + 2, TIMES + 3, TIMES + 4), ["projections", "recurrence", "length T"]),
    ("blocks", (), ["pre-norm", "post-norm", "attention", "feed-forward", "norm"]),
    ("encodings", (rng.random((9, 4)), CURVES), ["position", "shift k"]),
    ("extrapolation", ((16, 32), SCORES, 16), ["none", "learned", "sinusoidal", "rotary", "trained on"]),
    ("norms", (LOSSES,), ["post-norm", "pre-norm", "warm-up", "loss"]),
    ("reversal", (WEIGHTS, WEIGHTS), ["set by hand", "learned"]),
    ("taking_shape", (np.arange(12), CURVES, CURVES), ["new", "known", "loss (nats)"]),
    ("circuit", (CAUSAL, CAUSAL, list("kebake"), 3), ["layer 1: one back", "layer 2: what came next", "k"]),
    ("heads", (CURVES[0, :4], CURVES[1, :4], LAYER), ["layer 1", "layer 2"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(attention, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} == set(attention.__all__)


def test_what_a_mask_forbids_is_blank():
    ax = attention.masks.draw({"causal": CAUSAL, "no mask": WEIGHTS}).axes[0]
    assert (np.isnan(ax.images[0].get_array().filled(np.nan)) == (CAUSAL == 0)).all()


def test_extrapolation_shows_the_mean_and_the_range_of_the_seeds():
    ax = attention.extrapolation.draw((16, 32), SCORES, 16).axes[0]
    lines = [line.get_ydata() for line in ax.lines if len(line.get_ydata()) == 2]
    assert any(np.allclose(y, SCORES["rotary"].mean(0)) for y in lines)
    heights = ax.collections[-1].get_paths()[0].vertices[:, 1]
    assert heights.min() == pytest.approx(SCORES["rotary"].min())
    assert heights.max() == pytest.approx(SCORES["rotary"].max())
