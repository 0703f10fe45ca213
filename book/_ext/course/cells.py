"""Cells that a reader of the page need not see: the one that installs the package in Colab."""

from docutils import nodes


def hide_setup(app, doctree):
    """Leave cells tagged ``setup`` out of the page and its search; they stay in the notebook."""
    for cell in list(doctree.findall(nodes.container)):
        if "tag_setup" in cell["classes"]:
            cell.parent.remove(cell)


def setup(app):
    """Run on each page as it is read."""
    app.connect("doctree-read", hide_setup, priority=400)
