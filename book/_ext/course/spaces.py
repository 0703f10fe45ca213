"""A line breaks neither between a number and its per cent sign, nor within 3 × 3, nor within short code."""

from docutils import nodes
from nbcourse.widgets import quizfile

_AS_TYPED = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw)
_LONG_IN_A_CELL = 10  # signs; the cells of a table are narrow


def keep(app, doctree):
    """Put spaces that do not break into what a text has to keep on one line; mark code that may break."""
    for text in list(doctree.findall(nodes.Text)):
        kept = quizfile.together(text)
        if kept != text and not isinstance(text.parent, _AS_TYPED):
            text.parent.replace(text, nodes.Text(kept))
    _mark(doctree.findall(nodes.literal), quizfile.LONG)
    for cell in doctree.findall(nodes.entry):
        _mark(cell.findall(nodes.literal), _LONG_IN_A_CELL)


def _mark(codes, limit):
    for code in codes:
        if len(code.astext()) > limit and "course-long" not in code["classes"]:
            code["classes"].append("course-long")


def setup(app):
    """Run when a page was read."""
    app.connect("doctree-read", keep)
