"""The figure of a search for settings draws what it is given, in the style of the course."""

import re

import pytest

from nbcourse.plots import study
from tests.language import problems

SHARES = {"lr": {"mean": 0.7, "sd": 0.05}, "warmup": {"mean": 0.3, "sd": 0.1}}


@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours():
    svg = study.importances.svg(SHARES)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert {"learning rate", "warm-up", "0.70", "0.30", "share of the variance of log(loss)"} <= texts, texts
    assert problems(svg) == []


def test_the_largest_share_stands_on_top():
    ax = study.importances.draw(SHARES).axes[0]
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == [0.3, 0.7]  # from below
