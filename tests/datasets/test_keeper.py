"""The keeper's log: whole, in order, small enough to embed, and cut between two days."""

import pytest

from nbcourse import datasets

WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@pytest.fixture(scope="module")
def text():
    return datasets.keeper()


def test_days_follow_each_other(text):
    days = (text.train + text.validation).rstrip("\n").split("\n\n")
    assert [day.split(".")[0] for day in days] == 13 * WEEK
    assert all("Wind from the " in day or "No wind" in day for day in days)


def test_the_cut_lies_between_two_weeks(text):
    assert text.train.endswith(".\n\n") and text.validation.startswith("Monday. ")
    assert text.train.count("\n\n") == 77 and text.validation.count("\n\n") == 13


def test_it_is_small_plain_text(text):
    both = text.train + text.validation
    assert 24_000 < len(both) < 30_000 and both.isascii()
    assert len(set(both)) == 47 and set(text.validation) <= set(text.train)
    assert "CC BY 4.0" in text.source
