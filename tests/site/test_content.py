"""What the pages hold: figures described, links that lead somewhere, headings in order, nothing foreign."""

import posixpath
from functools import cache
from itertools import pairwise
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from .book_site import HTML, PAGES

pytestmark = pytest.mark.usefixtures("site")
LOADERS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


@cache
def soup(name):
    return BeautifulSoup((HTML / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(name):
    page = soup(name)
    return {tag["id"] for tag in page.find_all(id=True)} | {
        tag["name"] for tag in page.find_all("a", {"name": True})
    }


def is_path(text):
    return ("/" in text and " " not in text) or text.lower().endswith(
        (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")
    )


def leads_somewhere(name, parts):
    """Whether a link of a page goes to another host, or to a file and, where it names one, an anchor."""
    if parts.scheme or parts.netloc:
        return True
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
    target = path.removesuffix(".html") if parts.path else name
    if (HTML / target).is_file():
        return True
    exists = (HTML / f"{target}.html").is_file()
    return exists and (not parts.fragment or unquote(parts.fragment) in anchors(target))


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_is_described_in_words(name):
    article = soup(name).find("article")
    for image in article.find_all("img"):
        assert image.get("alt", "").strip() and not is_path(image["alt"]), image
    for drawing in article.find_all("svg"):
        hidden = drawing.get("aria-hidden") == "true" or drawing.find_parent(attrs={"aria-hidden": "true"})
        label = drawing.get("aria-label", "").strip()
        assert hidden or (drawing.get("role") == "img" and label and not is_path(label)), str(drawing)[:200]


@pytest.mark.parametrize("name", [*PAGES, "index", "search", "genindex"])
def test_links_and_anchors_lead_somewhere(name):
    links = [link["href"] for link in soup(name).find_all("a", href=True)]
    assert [link for link in links if not leads_somewhere(name, urlsplit(link))] == []


@pytest.mark.parametrize("name", PAGES)
def test_headings_descend_one_level_at_a_time(name):
    levels = [
        int(tag.name[1]) for tag in soup(name).find("article").find_all(["h1", "h2", "h3", "h4", "h5", "h6"])
    ]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("name", [*PAGES, "search", "genindex"])
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
def test_ids_are_unique(name):
    ids = [tag["id"] for tag in soup(name).find_all(id=True)]
    assert {one for one in ids if ids.count(one) > 1} == set()


@pytest.mark.parametrize("name", PAGES)
def test_the_setup_cell_is_left_out(name):
    assert soup(name).find(class_="tag_setup") is None


@pytest.mark.parametrize("name", PAGES)
def test_every_formula_is_drawn(name):
    drawn = [formula.find("mjx-container") for formula in soup(name).select("span.math, div.math")]
    assert None not in drawn and not soup(name).find("mjx-merror")
