"""What a term means, on the link to it: the page's script shows it to the pointer and to the keyboard.

The text is the link's title, so a browser without scripts shows it as well. References to the bibliography
bring theirs from sphinxcontrib-bibtex.
"""

import html
import re

from bs4 import BeautifulSoup

GLOSSARY = "book/glossary.html"
LONGEST = 320  # characters
_LINK = re.compile(r'<a class="reference internal" href="(?:[^"#]*glossary\.html)#(term-[^"]+)">')
_OWN = re.compile(r'<a class="reference internal" href="#(term-[^"]+)">')


def terms(glossary):
    """Return {anchor: definition as plain text} of the glossary's page."""
    page = BeautifulSoup(glossary, "html.parser")
    for formula in page.select("noscript"):  # a second time, for browsers without scripts
        formula.decompose()
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

    def one(found):
        definition = known.get(found[1])
        return f'{found[0][:-1]} title="{html.escape(definition)}">' if definition else found[0]

    return (_OWN if page == GLOSSARY else _LINK).sub(one, text)
