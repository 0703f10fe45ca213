"""What the pages hold: figures described, headings in order, nothing foreign."""

import re
from functools import cache
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from .book_site import HTML, PAGES

pytestmark = pytest.mark.usefixtures("site")
LOADERS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


@cache
def soup(name):
    return BeautifulSoup((HTML / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def is_path(text):
    return ("/" in text and " " not in text) or text.lower().endswith(
        (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")
    )


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_is_described_in_words(name):
    article = soup(name).find("article")
    for image in article.find_all("img"):
        assert image.get("alt", "").strip() and not is_path(image["alt"]), image
    for drawing in article.find_all("svg"):
        hidden = drawing.get("aria-hidden") == "true" or drawing.find_parent(attrs={"aria-hidden": "true"})
        label = drawing.get("aria-label", "").strip()
        assert hidden or (drawing.get("role") == "img" and label and not is_path(label)), str(drawing)[:200]


@pytest.mark.parametrize("name", PAGES)
def test_headings_descend_one_level_at_a_time(name):
    levels = [
        int(tag.name[1]) for tag in soup(name).find("article").find_all(["h1", "h2", "h3", "h4", "h5", "h6"])
    ]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("name", [*PAGES, "search"])
def test_nothing_is_loaded_from_elsewhere_and_no_script_is_inline(name):
    page = soup(name)
    for tag, attribute in LOADERS.items():
        for element in page.find_all(tag):
            assert not urlsplit(element.get(attribute, "")).netloc, element
    assert [
        tag for tag in page.find_all("script") if not tag.get("src") and "json" not in tag.get("type", "")
    ] == []
    handlers = [a for tag in page.find_all(True) for a in tag.attrs if a.startswith("on")]
    assert handlers == []


@pytest.mark.parametrize("name", PAGES)
def test_figures_load_their_scripts_and_other_pages_do_not(name):
    figures = {tag["data-figure"] for tag in soup(name).find_all(attrs={"data-figure": True})}
    sources = " ".join(tag.get("src", "") for tag in soup(name).find_all("script"))
    for figure in figures:
        assert f"figures/{figure}.js" in sources
    assert ("figures/runtime.js" in sources) == bool(figures)


@pytest.mark.parametrize("name", PAGES)
def test_the_setup_cell_is_left_out(name):
    assert soup(name).find(class_="tag_setup") is None


@pytest.mark.parametrize("name", [*PAGES, "search"])
def test_no_backtick_is_left_in_the_words(name):
    found = soup(name).find_all(string=re.compile("`"))
    assert [text for text in found if not text.find_parent(["code", "pre", "script", "style"])] == []


SPLIT = """codes => codes.filter((code) => {
  const text = document.createRange();
  text.selectNodeContents(code);
  const lines = [...text.getClientRects()].filter((part) => part.width > 1).map((part) => part.bottom);
  return Math.max(...lines) - Math.min(...lines) > 10;
}).map((code) => code.textContent)"""


@pytest.mark.parametrize(
    "name, kind, long",
    [
        ("book/notation", "td code.literal", 10),
        ("book/05-cnns", ":not(td, th) > p > code.literal", 20),
        ("book/03-backpropagation", ".nbc-quiz code", 20),
    ],
)
def test_short_code_stays_on_one_line(visit, name, kind, long):
    with visit(name, width=390) as seen:
        split = seen.page.locator(f".bd-article {kind}:visible").evaluate_all(SPLIT)
        assert seen.page.evaluate("document.documentElement.scrollWidth") == 390
    assert [code for code in split if len(code) <= long] == []


def test_what_is_listed_as_a_parameter_has_the_name_of_one():
    names = [name.text for name in soup("book/api").select("dl.field-list dl > dt > strong")]
    assert len(names) > 100
    assert [name for name in names if not re.fullmatch(r"[\w*.]+(, [\w*.]+)*", name)] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_formula_is_drawn(name):
    drawn = [formula.find("mjx-container") for formula in soup(name).select("span.math, div.math")]
    assert None not in drawn and not soup(name).find("mjx-merror")
