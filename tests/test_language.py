"""The measure of a drawing's language sees what it should see."""

import pytest

from nbcourse.plots import style
from tests.language import problems

ROOT = '<svg viewBox="0 0 460.8 200" width="640">'


def drawing(colour=style.WEIGHT, size=12.5, words="−5"):
    return (
        f'{ROOT}<path style="stroke: {colour}"/><text style="font: {size}px sans-serif">{words}</text></svg>'
    )


def test_a_drawing_of_the_course_has_no_problem():
    assert problems(drawing()) == []
    assert problems(drawing(colour="currentColor", words="validation loss (nats)")) == []


@pytest.mark.parametrize(
    "change, problem",
    [
        ({"colour": "#1f77b4"}, "no meaning"),
        ({"colour": "red"}, "no meaning"),
        ({"size": 12}, "8.9 px"),
        ({"words": "-5"}, "hyphen"),
        ({"words": "10000"}, "thousands"),
        ({"words": "Mean Squared Error"}, "title case"),
    ],
)
def test_each_problem_is_seen(change, problem):
    (found,) = problems(drawing(**change))
    assert problem in found
