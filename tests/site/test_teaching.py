"""The instructor's page: the exercises and sections that its plans name are there."""

import re
from pathlib import Path

import pytest

from nbcourse.checks import registry

from .test_sources import headings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
EXERCISES = sorted(set(re.findall(r"`([a-z]+/[a-z-]+)`", PAGE)))
PLANS = [line for line in PAGE.splitlines() if re.match(r"\| \d", line)]


def test_the_plans_have_their_weeks():
    assert [int(line.split("|")[1]) for line in PLANS] == [*range(1, 13), *range(1, 7)]
    assert len(EXERCISES) > 25


@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_that_is_named_exists(name):
    assert registry.find(name).name == name


def test_every_section_that_is_left_out_exists():
    named = set(re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", "\n".join(PLANS)))
    files = sorted((ROOT / "book").glob("[0-9]*.ipynb"))
    known = {heading.replace("*", "") for file in files for heading in headings(file.name).values()}
    assert len(named) > 8 and named <= known, named - known
