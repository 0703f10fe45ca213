"""A line does not break between a number and its per cent sign."""

import re

from docutils import nodes

_PER_CENT = re.compile(r"(?<=\d) (?=%)")
_AS_TYPED = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw)


def keep(app, doctree):
    """Put a space that does not break before every per cent sign of a text."""
    for text in list(doctree.findall(nodes.Text)):
        if _PER_CENT.search(text) and not isinstance(text.parent, _AS_TYPED):
            text.parent.replace(text, nodes.Text(_PER_CENT.sub("\N{NO-BREAK SPACE}", text)))


def setup(app):
    """Run when a page was read."""
    app.connect("doctree-read", keep)
