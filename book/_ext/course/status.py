"""The directive ``status``: every notebook of the book, what it asks and prints, and how long it just ran.

::

    ```{status}
    ```

Times and days come from the execution that filled the pages, so each build writes its own table.
"""

import os
import platform
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from nbcourse.notebooks import bands, read
from nbcourse.site.toc import documents
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from course.tables import table

HEADS = ("notebook", "code cells", "numbers in a band", "exercises with a check", "run time", "run on")


class Waiting(nodes.General, nodes.Element):
    """Stands where the table comes when all notebooks have been read."""


class Status(SphinxDirective):
    """Shows the table, and a line that says on what the notebooks ran."""

    def run(self):
        """Return a node that waits for the other pages, and the line."""
        return [Waiting(), nodes.paragraph("", conditions())]


def conditions():
    """Return the sentences under the table; `nbcourse build` runs a notebook for each core at a time."""
    cores = os.cpu_count() or 1
    beside = (
        f"Unless it was told otherwise, a build runs {cores} notebooks side by side, each on one core."
        if cores > 1
        else "A build runs one notebook after the other."
    )
    return (
        f"These pages were built with Python {platform.python_version()}, {platform.system()} on "
        f"{platform.machine()} with {cores} core{'s' * (cores != 1)}. {beside}"
    )


def counts(path):
    """Return (code cells, numbers in a band, exercises) of a notebook's file."""
    notebook = read(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    tags = Counter(tag for cell in code for tag in cell.metadata.get("tags", ()))
    return len(code), len(bands(notebook)), tags["exercise"]


def row(document, title, path, run):
    """Return the cells of one notebook; `run` is what MyST-NB knows of its execution."""
    link = addnodes.pending_xref(
        "",
        nodes.inline("", title),
        refdomain="std",
        reftype="doc",
        reftarget=f"/{document}",
        refexplicit=True,
    )
    seconds, moment = run["runtime"], datetime.fromtimestamp(run["mtime"], UTC)
    took = "–" if seconds is None else f"{seconds:.0f}\N{NO-BREAK SPACE}s"
    day = f"{moment:%Y-%m-%d}".replace("-", "\N{NON-BREAKING HYPHEN}")
    return ([link],), *map(str, counts(path)), took, day


class Fill(SphinxPostTransform):
    """Puts the table in the place of `Waiting`, before links are resolved."""

    default_priority = 8

    def run(self, **kwargs):
        """Replace each waiting node."""
        for node in list(self.document.findall(Waiting)):
            known = NbMetadataCollector.get_doc_data(self.env)
            names = [name.removesuffix(".ipynb") for name in documents(self.env.srcdir)]
            ran = [name for name in names if known.get(name, {}).get("exec_data")]
            rows = [self._row(name, known[name]["exec_data"]) for name in ran]
            node.replace_self(table(HEADS, rows, stub=True))

    def _row(self, document, run):
        return row(document, self.env.titles[document].astext(), Path(self.env.doc2path(document)), run)


def setup(app):
    """Make the directive known; its page is written anew with every build."""
    app.add_node(Waiting)
    app.add_directive("status", Status)
    app.add_post_transform(Fill)
