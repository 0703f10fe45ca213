"""What a link leads to, on the link itself: the page's script shows it to the pointer and to the keyboard.

A term's definition and an equation of another page are the link's title, so a browser without scripts shows
them as well. What has formulas stands at the page's end, too, where they are drawn. References to the
bibliography bring theirs from sphinxcontrib-bibtex; a place of the page itself the script finds there.
"""

import html
import re

from bs4 import BeautifulSoup

from course import plain

GLOSSARY = "book/glossary.html"
LONGEST = 320  # characters
_LINK = re.compile(r'<a class="reference internal" href="(?:[^"#]+#|#(?=term-))([^"]+)">')
_EQUATION = re.compile(
    r'<div class="math[^>]* id="(equation-[^"]+)">\s*<span class="eqno">(.*?)<a .*?</span>(\\\[.*?\\\])',
    re.DOTALL,
)
_FORMULA = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)


def known(pages):
    """Return {anchor: text} of what links may carry, from ``pages``, {path: HTML}; formulas are TeX in it."""
    found = (_EQUATION.findall(page) for page in pages.values())
    equations = {name: f"{number} {html.unescape(tex)}" for page in found for name, number, tex in page}
    return terms(pages.get(GLOSSARY, "")) | equations


def terms(glossary):
    """Return {anchor: definition as plain text} of the glossary's page."""
    page = BeautifulSoup(glossary, "html.parser")
    found = {}
    for definition in page.select("dl.glossary > dd"):
        text = shortened(" ".join(definition.get_text().split()))
        for name in definition.find_previous_siblings():
            if name.name != "dt":
                break
            found[name["id"]] = text
    return found


def shortened(text):
    """Return whole sentences up to `LONGEST` characters, at least one."""
    sentences = re.split(r"(?<=[.!?]) (?=[A-Z\\])", text)
    kept = sentences[:1]
    for sentence in sentences[1:]:
        if len(" ".join([*kept, sentence])) > LONGEST:
            break
        kept.append(sentence)
    return " ".join(kept)


def add(text, known):
    """Return a page whose links to what is ``known``, {anchor: text}, carry it."""
    drawn = {}

    def one(found):
        shown = known.get(found[1])
        if shown is None:
            return found[0]
        if _FORMULA.search(shown):
            drawn[found[1]] = _FORMULA.sub(_undrawn, html.escape(shown))
        return f'{found[0][:-1]} title="{html.escape(plain.text(shown))}">'

    text = _LINK.sub(one, text)
    templates = (f'<template id="preview-{name}">{shown}</template>\n' for name, shown in drawn.items())
    return text.replace("</body>", "".join(templates) + "</body>", 1)


def _undrawn(formula):
    """Return the element in which a formula will be drawn."""
    tag = "span" if formula[0].startswith(r"\(") else "div"
    return f'<{tag} class="math">{formula[0]}</{tag}>'
