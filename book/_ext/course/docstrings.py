"""Docstrings are written for an editor: a bar there is an absolute value, not reST's substitution."""

import re

_LITERAL = re.compile(r"(``[^`]*``|`[^`]*`)")


def plain_bars(line):
    """Return a docstring's line with the bars outside literals escaped; rows of a grid table stay."""
    if line.lstrip().startswith(("| ", "+-", ">>>")):
        return line
    parts = _LITERAL.split(line)
    return "".join(part if i % 2 else re.sub(r"(?<!\\)\|", r"\\|", part) for i, part in enumerate(parts))


def process(app, what, name, obj, options, lines):
    """Escape the bars of one docstring in place."""
    lines[:] = map(plain_bars, lines)


def setup(app):
    """Run after numpydoc has read the sections."""
    app.connect("autodoc-process-docstring", process, priority=900)
