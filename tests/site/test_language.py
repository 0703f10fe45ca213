"""Figures in the built pages speak one language, and each says in words what it shows and what to see."""

import re
from functools import cache

import pytest
from bs4 import BeautifulSoup

from nbcourse.widgets.svg import viridis
from tests.language import colours, problems

from .book_site import HTML, PAGES

pytestmark = pytest.mark.usefixtures("site")
_DRAWING = re.compile(r'<svg\b[^>]*class="course-drawing".*?</svg>', re.DOTALL)
_STILL = re.compile(r'<div class="nbc-still">.*?<noscript>', re.DOTALL)


@cache
def text(name):
    return (HTML / f"{name}.html").read_text(encoding="utf-8")


@cache
def scale():
    """The scale of quantities as stills mix it, from eleven colours."""
    return {viridis(share / 10_000) for share in range(10_001)}


@pytest.mark.parametrize("name", PAGES)
def test_drawings_keep_to_the_colours_and_can_be_read_on_a_phone(name):
    found = {problem for svg in _DRAWING.findall(text(name)) for problem in problems(svg)}
    assert found == set()


@pytest.mark.parametrize("name", PAGES)
def test_stills_have_the_colours_of_the_drawings(name):
    for still in _STILL.findall(text(name)):
        used = {colour.lower() for colour in re.findall(r'(?:fill|stroke)="(#[0-9a-fA-F]{6})"', still)}
        assert used - scale() <= colours()


@pytest.mark.parametrize("name", PAGES)
def test_each_figure_has_a_description_and_a_caption(name):
    figures = [
        BeautifulSoup(found, "html.parser")
        for found in re.findall(r"<figure\b.*?</figure>", text(name), re.DOTALL)
    ]
    for figure in figures:
        if figure.find(class_="nbc-figure"):
            continue  # its still has a description, its words stand in the figure
        described = figure.find(attrs={"aria-label": True}) or figure.find("img", alt=True)
        if described is None:
            continue
        label = described.get("aria-label") or described["alt"]
        caption = figure.find("figcaption")
        assert len(label.split()) >= 10, f"a description of few words: {label!r}"
        assert caption, f"no caption: {label!r}"
        words = caption.get_text(" ", strip=True)
        assert len(words.split()) >= 6 and words.rstrip("#¶ ").endswith((".", ".)")), (
            f"no sentence: {words!r}"
        )
