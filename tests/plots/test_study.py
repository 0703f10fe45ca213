"""The figures of a search for settings draw what they are given, in the style of the course."""

import re

import pytest

from nbcourse.plots import study, style

SHARES = {"lr": {"mean": 0.7, "sd": 0.05}, "warmup": {"mean": 0.3, "sd": 0.1}}
CURVES = [([2.0, 1.0, 0.5], False), ([2.0, 1.5, 0.4], False), ([3.0, 2.5], True)]
FIGURES = [
    ("importances", SHARES, ["lr", "warmup", "0.70", "0.30", "share of the variance of log(loss)"]),
    ("trials", CURVES, ["best", "look (1 of 3 stopped at ×)", "validation loss", "1", "3"]),
    ("trials", CURVES[2:], ["look (1 of 1 stopped at ×)"]),
]


@pytest.mark.parametrize("name, given, words", FIGURES)
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, given, words):
    svg = getattr(study, name).svg(given)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    colours = {c.lower() for c in re.findall(r"(?:fill|stroke): (#[0-9a-fA-F]{6})", svg)}
    assert colours <= {*style.PALETTE.values(), style.INK}, colours


def test_the_largest_share_stands_on_top():
    ax = study.importances.draw(SHARES).axes[0]
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == [0.3, 0.7]  # from below


def test_the_best_trial_is_the_one_that_ends_lowest():
    ax = study.trials.draw(CURVES).axes[0]
    thick = max(ax.lines, key=lambda line: line.get_linewidth())
    assert list(thick.get_ydata()) == [2.0, 1.5, 0.4]
