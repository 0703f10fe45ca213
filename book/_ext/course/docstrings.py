"""Docstrings are written for an editor: there |x| is an absolute value and (*, in) a shape."""

import re

_MARK = re.compile(r"(?<!\\)\||(?<=[(\s])\*(?=[\w,)])(?!\w[^*]*\w\*(?!\w))")
_LITERAL = re.compile(r"(``[^`]*``|`[^`]*`)")


def plain(line):
    """Return a docstring's line with the marks outside literals escaped; rows of a grid table stay.

    Escaped are bars, and asterisks that stand for dimensions of a shape; *emphasis* stays.
    """
    if line.lstrip().startswith(("| ", "+-", ">>>")):
        return line
    parts = _LITERAL.split(line)
    return "".join(part if i % 2 else _MARK.sub(r"\\\g<0>", part) for i, part in enumerate(parts))


def process(app, what, name, obj, options, lines):
    """Escape the marks of one docstring in place."""
    lines[:] = map(plain, lines)


def setup(app):
    """Run after numpydoc has read the sections."""
    app.connect("autodoc-process-docstring", process, priority=900)
