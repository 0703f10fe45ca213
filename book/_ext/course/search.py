"""What the search page searches: sections, exercises, terms, symbols and the package's names, each a place.

Sphinx's own index knows pages only, drops words of one letter and sees no formula, so it is not made. This
one comes from the finished pages; ``search/search.js`` ranks its places and shows a line of each.
"""

import json
import re
import unicodedata
from itertools import count

from bs4 import BeautifulSoup

from course.plain import GREEK, text

INDEX = "search/index.js"
GLOSSARY, NOTATION, API = "book/glossary.html", "book/notation.html", "book/api.html"
LEFT_OUT = ("book/bibliography.html",)
NAMES = {sign: name.removeprefix("var") for name, sign in GREEK.items()} | {"∂": "partial", "∇": "gradient"}
_UNREAD = (
    ".cell, .highlight, .headerlink, .nbc-figure, .course-opening, .course-progress, .course-done, "
    "script, svg, noscript"
)
_BOXES = ".exercise.admonition, .proof.admonition"
_ROW = re.compile(r"<tr( class[^>]*)>(?=\s*<td)")
_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z\W]|\w+: )")  # a shape follows the first: x: (n, d)


def configure(app):
    """Leave Sphinx's index out, and keep the page."""
    app.builder.search = False
    app.config.html_additional_pages = app.config.html_additional_pages | {"search": "search.html"}


def index(pages):
    """Return the index of ``pages``, a dict of path to HTML in reading order.

    ``pages`` holds [path, title] of each; ``places`` holds [kind, number of the page, anchor, title, text,
    names]. Names are what finds a place at once: of a symbol how it is typed, said and written in code.
    """
    titles, places = [], []
    for path, html in pages.items():
        if path in LEFT_OUT:
            continue
        article = BeautifulSoup(html, "lxml").select_one("article.bd-article")
        titles.append([path, _title(article.h1)])
        find = {GLOSSARY: _terms, NOTATION: _symbols, API: _objects}.get(path, _nothing)
        places += [[kind, len(titles) - 1, *place] for kind, *place in [*find(article), *_sections(article)]]
    return {"pages": titles, "places": places}


def script(found):
    """Return the index as a script, which a page may load from a disk too."""
    return f"window.courseIndex = {json.dumps(found, ensure_ascii=False, separators=(',', ':'))};\n"


def _nothing(article):
    return ()


def _terms(article):
    """Yield each term of the glossary with its definition, and take them off the page."""
    for definition in article.select("dl.glossary > dd"):
        for name in definition.find_previous_siblings():
            if name.name != "dt":
                break
            yield "term", name["id"], _title(name), _plain(definition), []
    for glossary in article.select("dl.glossary"):
        glossary.decompose()


def _symbols(article):
    """Yield each row of the tables of symbols, by the id that `anchored` gave it; take them off the page."""
    for row in article.select("tbody tr[id]"):
        cells = [_plain(cell) for cell in row.select("td")]
        code = [part.get_text() for part in row.select("td:nth-child(2) code")] if len(cells) > 2 else []
        typed = [part for part in re.split(r", |; | = |,|;", cells[0]) if part.strip()]
        meaning = cells[2] if len(cells) > 2 else cells[1]
        yield "symbol", row["id"], cells[0], meaning, [*map(str.strip, typed), *_said(typed), *code]
    for table in article.select("table:has(tr[id])"):
        table.decompose()


def _said(symbols):
    """Return how the letters of symbols are called, where they have a name."""
    letters = unicodedata.normalize("NFD", "".join(symbols))
    return [NAMES[letter] for letter in dict.fromkeys(letters) if letter in NAMES]


def _objects(article):
    """Yield each documented name with the first sentence said about it, and take them off the page."""
    for signature in article.select("dt.sig[id]"):
        about = signature.find_next_sibling("dd")
        first = about.find("p", recursive=False) if about else None
        line = _SENTENCE.split(_plain(first))[0] if first else ""
        yield "name", signature["id"], signature["id"], line, []
    for described in article.select("dl.py"):
        if described.parent:
            described.decompose()


def _sections(article):
    """Yield each exercise and theorem, then each section with the rest of its text."""
    for unread in article.select(_UNREAD):
        unread.decompose()
    for box in article.select(_BOXES):
        if box.get("id"):
            title = box.select_one(".admonition-title").extract()
            yield (
                "exercise" if "exercise" in box["class"] else "theorem",
                box["id"],
                _plain(title),
                _plain(box),
                [],
            )
            box.decompose()
    found = []
    for section in reversed(article.select("section[id]")):  # the inner ones first, then what is left
        heading = section.find(re.compile("h[1-6]"), recursive=False)
        if heading is not None:
            found.append(("section", section["id"], _title(heading.extract()), _plain(section), []))
        section.decompose()
    yield from reversed(found)


def _title(heading):
    for link in heading.select(".headerlink"):
        link.decompose()
    return _plain(heading)


def _plain(part):
    return text(part.get_text())


def anchored(html):
    """Return the page of symbols with an id on each row of its tables."""
    number = count(1)
    head, *tables = html.split("<tbody>")
    rows = (_ROW.sub(lambda found: f'<tr id="symbol-{next(number)}"{found[1]}>', table) for table in tables)
    return "<tbody>".join([head, *rows])


def setup(app):
    """Run before any page is written."""
    app.connect("builder-inited", configure)
