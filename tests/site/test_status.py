"""The page of the notebooks' status: a row for each notebook, filled from the run that made its page."""

import re
import sys
from datetime import date

import pytest
from bs4 import BeautifulSoup

from nbcourse.notebooks import bands, read
from nbcourse.site.toc import notebooks

from .book_site import HTML, ROOT

sys.path.append(str(ROOT / "book" / "_ext"))

from course import status


@pytest.mark.parametrize("cores, told", [(2, "2 cores. Unless"), (1, "1 core. A build runs one notebook")])
def test_the_page_says_how_notebooks_shared_the_machine(monkeypatch, cores, told):
    monkeypatch.setattr(status.os, "cpu_count", lambda: cores)
    said = status.conditions()
    assert told in said and ("2 notebooks side by side, each on one core" in said) == (cores == 2)


@pytest.fixture(scope="module")
def rows(site):
    page = BeautifulSoup((HTML / "book" / "status.html").read_text(encoding="utf-8"), "html.parser")
    found = page.find("table", class_="course-table").find("tbody").find_all("tr")
    return [row.find_all(["th", "td"]) for row in found]


def test_every_notebook_has_its_row_in_reading_order(rows):
    targets = [row[0].find("a")["href"].removesuffix(".html") for row in rows]
    assert targets == [path.stem for path in notebooks(ROOT)]


def test_a_row_counts_what_the_notebook_holds(rows):
    for row, path in zip(rows, notebooks(ROOT), strict=True):
        notebook = read(path)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        exercises = sum("exercise" in cell.metadata.get("tags", ()) for cell in code)
        found = [int(cell.get_text()) for cell in row[1:4]]
        assert found == [len(code), len(bands(notebook)), exercises], path.name


def test_times_and_days_are_those_of_a_run(rows):
    for row in rows:
        seconds, day = (cell.get_text().strip() for cell in row[4:6])
        assert re.fullmatch(r"[1-9]\d*\N{NO-BREAK SPACE}s", seconds)
        assert (
            date(2024, 1, 1) < date.fromisoformat(day.replace("\N{NON-BREAKING HYPHEN}", "-")) <= date.today()
        )
