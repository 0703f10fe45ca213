"""Figures, tables, equations and exercises: each has its number, numbers ascend, references show them."""

import re

import pytest
from bs4 import BeautifulSoup

from nbcourse.checks import progress

from .book_site import HTML, PAGES, ROOT

pytestmark = pytest.mark.usefixtures("site")
NUMBER = re.compile(r"\d+(?:\.\d+)*|K\.\d+")
KINDS = {
    "figures": "figure .caption-number",
    "tables": "table .caption-number",
    "equations": ".eqno",
    "exercises": ".exercise.admonition > .admonition-title",
    "theorems": ".proof.theorem > .admonition-title",
}
SHOWN = re.compile(r"(?:Figure|Table|Exercise|Theorem) (?:K\.)?\d+(?:\.\d+)?|Theorem.*|\d\.\d+(?: [A-Z].+)?")


def numbers(article, selector):
    """Return the numbers of one kind as they stand on the page, each as a tuple."""
    found = [NUMBER.search(tag.get_text()) for tag in article.select(selector)]
    return [tuple(int(part) for part in re.findall(r"\d+", one[0])) for one in found if one]


@pytest.mark.parametrize("name", PAGES)
def test_what_is_numbered(name):
    article = BeautifulSoup((HTML / f"{name}.html").read_text("utf-8"), "lxml").article
    without = [
        figure.get("id") for figure in article.find_all("figure") if not figure.select(".caption-number")
    ]
    assert without == []
    bare = {tag["data-figure"] for tag in article.select(".nbc-figure") if not tag.find_parent("figure")}
    assert bare <= {"Quiz"}
    for kind, selector in KINDS.items():
        found = numbers(article, selector)
        assert found == sorted(set(found)), kind
    shown = [tag.get_text() for tag in article.select("a .std-numref")]
    assert [text for text in shown if not SHOWN.fullmatch(text)] == []
    chapter = re.match(r"book/0(\d)", name)
    if chapter and article.select("figure"):
        assert {number[0] for kind in KINDS.values() for number in numbers(article, kind)} == {
            int(chapter[1])
        }


def test_progress_calls_the_exercises_what_the_pages_call_them():
    """`nbcourse progress` counts in the notebooks, Sphinx on the pages: both come to the same numbers."""
    shown = set()
    for name in PAGES:
        article = BeautifulSoup((HTML / f"{name}.html").read_text("utf-8"), "lxml").article
        for title in article.select(KINDS["exercises"]):
            found = re.match(r"Exercise ([K\d.]+) *\((.+)\)", title.get_text().replace("’", "'"))
            shown.add(f"{found[1]} {found[2]}")
    titles = progress.titles(sorted((ROOT / "book").glob("*.ipynb"))).values()
    assert len(titles) > 100
    assert set(titles) - shown == set()
