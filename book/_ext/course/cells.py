"""What a page shows of its cells: not the one that installs the package in Colab; outputs in one piece."""

from docutils import nodes
from myst_nb.core import render
from nbcourse.notebooks import joined
from nbformat import NotebookNode


def hide_setup(app, doctree):
    """Leave cells tagged ``setup`` out of the page and its search; they stay in the notebook."""
    for cell in list(doctree.findall(nodes.container)):
        if "tag_setup" in cell["classes"]:
            cell.parent.remove(cell)


def in_one_piece(outputs, merge=render.coalesce_streams):
    """Outputs with their streams merged as MyST-NB does, which puts an empty line where a kernel cuts one."""
    return merge(joined([NotebookNode(output) for output in outputs]))


def setup(app):
    """Run on each page as it is read."""
    render.coalesce_streams = in_one_piece
    app.connect("doctree-read", hide_setup, priority=400)
