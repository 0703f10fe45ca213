"""Each page tells search engines, previews and the page before it what it is about: its first sentences."""

import re
from html import escape

from docutils import nodes

LONGEST = 300
_CITED = re.compile(r"\s*\[[^\]]*\b\d{4}[a-z]?\]")
_SENTENCES = re.compile(rf".{{30,{LONGEST}}}[.!?](?=\s+[A-Z]|$)")


def first_paragraph(doctree):
    """Return the first sentences of the page's first paragraph without mathematics, as plain text.

    As many as fit; a first sentence that is too long ends at a word. References are left out. "" when there
    is no such paragraph.
    """
    for paragraph in doctree.findall(nodes.paragraph):
        text = _CITED.sub("", " ".join(paragraph.astext().split()))
        if len(text) > 30 and not any(paragraph.findall(nodes.math)):
            return shortened(text)
    return ""


def shortened(text):
    """Return the whole sentences at the beginning of ``text`` that fit, else as many words."""
    if len(text) <= LONGEST:
        return text
    found = _SENTENCES.match(text)
    return found[0] if found else text[:LONGEST].rpartition(" ")[0] + " …"


def add(app, pagename, templatename, context, doctree):
    """Put the description into the page's head."""
    if doctree is not None and (text := first_paragraph(doctree)):
        context["metatags"] = (
            context.get("metatags", "") + f'\n<meta name="description" content="{escape(text)}">'
        )


def setup(app):
    """Run for each page, before its template."""
    app.connect("html-page-context", add)
