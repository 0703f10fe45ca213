"""What a term means, on the link to it: the page's script shows it to the pointer and to the keyboard.

The text is the link's title, so a browser without scripts shows it as well. A definition with formulas stands
at the page's end, too, where they are drawn. References to the bibliography bring theirs from
sphinxcontrib-bibtex.
"""

import html
import re

from bs4 import BeautifulSoup

GLOSSARY = "book/glossary.html"
LONGEST = 320  # characters
_LINK = re.compile(r'<a class="reference internal" href="(?:[^"#]*glossary\.html)#(term-[^"]+)">')
_FORMULA = re.compile(r"\\\(.*?\\\)")
_OWN = re.compile(r'<a class="reference internal" href="#(term-[^"]+)">')


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


def add(text, page, known):
    """Return a page whose links to terms carry the definition."""
    drawn = {}

    def one(found):
        definition = known.get(found[1])
        if definition and _FORMULA.search(definition):
            drawn[found[1]] = _FORMULA.sub(r'<span class="math">\g<0></span>', html.escape(definition))
        return f'{found[0][:-1]} title="{html.escape(definition)}">' if definition else found[0]

    text = (_OWN if page == GLOSSARY else _LINK).sub(one, text)
    templates = (f'<template id="preview-{name}">{shown}</template>\n' for name, shown in drawn.items())
    return text.replace("</body>", "".join(templates) + "</body>", 1)
