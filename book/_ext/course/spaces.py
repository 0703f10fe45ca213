"""A line breaks neither between a number and its per cent sign nor within 3 × 3."""

import re

from docutils import nodes

_INSIDE = re.compile(r"(?<=\d) (?=%|× ?\d)|(?<=\d[ \N{NO-BREAK SPACE}]×) (?=\d)")
_AS_TYPED = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw)


def keep(app, doctree):
    """Put spaces that do not break into what a text has to keep on one line."""
    for text in list(doctree.findall(nodes.Text)):
        if _INSIDE.search(text) and not isinstance(text.parent, _AS_TYPED):
            text.parent.replace(text, nodes.Text(_INSIDE.sub("\N{NO-BREAK SPACE}", text)))


def setup(app):
    """Run when a page was read."""
    app.connect("doctree-read", keep)
