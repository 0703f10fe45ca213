"""Tables that a directive makes, and the scope of every table's headings for readers who hear the page."""

import re

from docutils import nodes

_HEADING = re.compile(r'<th class="(head|stub)\b')
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_LONG = re.compile(r'<code class="[^"]*\bcourse-long\b.*?</code>', re.DOTALL)  # as `spaces` marks it
_NAME = re.compile(r'(?<=<span class="pre">)[^<]+')
_JOINT = re.compile(r"(?<=[_.(=,])(?=[A-Za-z])")
_SCOPES = {"head": "col", "stub": "row"}


def table(heads, rows, caption="", stub=False):
    """Return a docutils table.

    Parameters
    ----------
    heads, rows : sequences
        The headings, and a sequence of cells for each row. A cell is a text, or a sequence of lines, of which
        the first is the main one; a line is a text or a list of inline nodes.
    caption : str
        What the table holds.
    stub : bool
        Whether the first cell of a row is the row's heading.
    """
    columns = [nodes.colspec(colwidth=1) for _ in heads]
    if stub:
        columns[0]["stub"] = 1
    group = nodes.tgroup("", *columns, cols=len(columns))
    group += nodes.thead("", _row(heads))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", *([nodes.title("", caption)] if caption else []), group, classes=["course-table"])


def _row(cells):
    return nodes.row("", *(nodes.entry("", *_lines(cell)) for cell in cells))


def _lines(cell):
    for line in (cell,) if isinstance(cell, str) else cell:
        yield nodes.paragraph("", line) if isinstance(line, str) else nodes.paragraph("", "", *line)


def scoped(html):
    """Return a page whose tables say which headings belong to a column and which to a row."""
    return _HEADING.sub(lambda found: f'<th scope="{_SCOPES[found[1]]}" class="{found[1]}', html)


def jointed(html):
    """Return a page in whose tables a long name in code may break between its parts if a line is narrow."""
    return _TABLE.sub(lambda table: _LONG.sub(_with_joints, table[0]), html)


def _with_joints(code):
    return _NAME.sub(lambda name: _JOINT.sub("<wbr>", name[0]), code[0])
