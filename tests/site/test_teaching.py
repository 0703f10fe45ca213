"""The instructor's page: the exercises and sections that its plans name are there."""

import re
import sys
from collections import Counter

import pytest
from bs4 import BeautifulSoup

from nbcourse.notebooks import read

from .book_site import ROOT
from .test_sources import headings

sys.path.append(str(ROOT / "book" / "_ext"))

from course import plans
from course.tasks import Tasks

PAGE = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
EXERCISES = sorted(re.findall(r"\{numref\}`%s ?([^<`]*?) ?<([a-z0-9-]+)>`", PAGE))
SPAN = r'<span class="course-reading" data-pages="([^"]+)"></span>'
PLANS = [line for line in PAGE.splitlines() if re.match(r"\| \d", line)]


def test_the_plans_have_their_weeks():
    assert [int(line.split("|")[1]) for line in PLANS] == [*range(1, 13), *range(1, 7)]
    assert len(EXERCISES) > 25


def test_the_plans_fit_on_a_phone(visit):
    beyond = "all => all.map((one) => one.scrollWidth - one.clientWidth)"
    with visit("book/teaching", width=390) as seen:
        assert seen.page.locator(".pst-scrollable-table-container").evaluate_all(beyond) == [0, 0]


def known():
    """{label: title} of all exercises of the book."""
    found = {}
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
        found |= {label: title for title, label in re.findall(r"\{exercise\} (.+)\n:label: (\S+)", text)}
    return found


def test_every_exercise_that_is_named_is_linked_by_its_title():
    titles = known()
    assert len(titles) > 100
    assert {label: title or titles.get(label) for title, label in EXERCISES}.items() <= titles.items()
    assert not re.findall(r"`[a-z_]+/[a-z0-9-]+`", "\n".join(PLANS)), "a key says nothing to a reader"


def test_the_shares_of_a_plan_are_parts_of_what_there_is_to_read():
    for weeks in (PLANS[:12], PLANS[12:]):
        read_of = Counter()
        for week in weeks:
            for page, _, share in (part.partition(":") for part in re.search(SPAN, week)[1].split()):
                assert (ROOT / "book" / f"{page}.ipynb").is_file(), page
                read_of[page] += float(share or 1)
        assert all(0 < share < 1.001 for share in read_of.values()), read_of
    assert len(re.findall(SPAN, PAGE)) == len(PLANS) + 1


def test_the_minutes_of_a_plan_come_from_the_pages():
    everything = {
        f"book/{name}.html": Tasks(f"book/{name}", name, "", 0, 0, minutes)
        for name, minutes in (("00-setup", 30), ("01-a", 75), ("02-b", 95), ("keras", 60))
    }
    empty = '<span class="course-reading" data-pages="{}"></span>'
    filled = lambda pages: BeautifulSoup(plans.fill(empty.format(pages), everything), "lxml").text  # noqa: E731
    assert filled("01-a:0.5 02-b") == "130 min"
    assert filled("02-b:0.01") == "5 min"
    assert filled("*") == "3 hours"
    assert plans.fill("<span>no plan</span>", everything) == "<span>no plan</span>"
    with pytest.raises(KeyError, match="03-c"):
        filled("03-c")


def test_every_section_that_is_left_out_exists():
    named = set(re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", "\n".join(PLANS)))
    files = sorted((ROOT / "book").glob("[0-9]*.ipynb"))
    known = {heading.replace("*", "") for file in files for heading in headings(file.name).values()}
    assert len(named) > 8 and named <= known, named - known


def test_what_is_to_be_tried_with_a_figure_has_its_answers():
    asked, without = 0, []
    for path in sorted((ROOT / "book").glob("[0-9]*.ipynb")):
        cells = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
        for cell in cells:
            _, found, after = cell.partition("Try these, and say")
            asked += bool(found)
            if found and "dropdown" not in after:
                without.append(path.stem)
    assert asked >= 8 and not without, without
