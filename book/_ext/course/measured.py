"""The directive ``measured``: a table of what the benchmarks measured, made from their committed results.

::

    ```{measured} engine
    ```

The argument names a file of ``benchmarks/results``; after a slash, another table from the same file. Each has
a function in this module that makes its heads and rows, and one that says how they were measured. So the page
says what was measured, and nothing else.
"""

import json
from pathlib import Path
from statistics import median

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from course.tables import table

ROOT = Path(__file__).parents[3]


def engine(results):
    """Return the heads and rows of the engine's benchmark."""
    heads = ("one training step", "beside", "time", "memory", "HIPS autograd's time")
    rows = []
    for row in results["workloads"].values():
        memory = row["MiB"][row["engine"]] / row["MiB"][row["reference"]]
        peer = row["peers"].get("autograd")
        rows.append(
            (
                row["title"],
                {"torch": "PyTorch"}.get(row["reference"], row["reference"]),
                f"{row['ratio']:.2g}",
                f"{memory:.2g}",
                "–" if peer is None else f"{peer:.2g}",
            )
        )
    return heads, rows


def engine_conditions(results):
    """Return the sentence under the table: on what, with what, how."""
    versions = ", ".join(f"{library} {version}" for library, version in results["versions"].items())
    return (
        f"Measured on {results['date']} on {results['processor']}, {results['system']}, with "
        f"{results['threads']} thread: {versions}. Each engine ran in {results['rounds']} processes of its "
        "own, in turns; a ratio is the median. To measure again: "
    )


def pages(results):
    """Return the heads and rows of the pages' weights: each quantity's limit, worst page and middle."""
    heads = ("before scrolling", "limit", "worst", "its page", "middle of all pages")
    rows = []
    for quantity, (name, show) in QUANTITIES.items():
        values = {page: row[quantity] for page, row in results["pages"].items()}
        worst = max(values, key=values.get)
        limit = results["limits"][quantity]
        rows.append((name, show(limit), show(values[worst]), worst, show(median(values.values()))))
    return heads, rows


def each_page(results):
    """Return the heads and rows of all pages, in reading order."""
    heads = ("page", *(name for name, _ in QUANTITIES.values()))
    rows = [
        (page, *(show(row[quantity]) for quantity, (_, show) in QUANTITIES.items()))
        for page, row in results["pages"].items()
    ]
    return heads, rows


def pages_conditions(results):
    """Return the sentence under the table: on what, with what, how."""
    width, height = results["viewport"]
    return (
        f"Measured on {results['date']} on {results['processor']}, {results['system']}, with Chromium "
        f"{results['chromium']} in a window of {width} × {height} pixels, from a server on the same machine: "
        f"{len(results['pages'])} pages, {results['visits']} visits to each. A first paint is the middle of "
        "its visits, the rest is the worst. To measure again: "
    )


QUANTITIES = {
    "bytes": ("weight", lambda value: f"{value / 1e6:.2f} MB"),
    "requests": ("requests", "{:.0f}".format),
    "paint": ("first paint", "{:.0f} ms".format),
    "shift": ("layout shift", "{:.3f}".format),
}
TABLES = {
    "engine": (engine, engine_conditions),
    "pages": (pages, pages_conditions),
    "pages/each": (each_page, pages_conditions),
}


class Measured(SphinxDirective):
    """Shows one file of results as a table."""

    required_arguments = 1

    def run(self):
        """Return the table, and a line that says how it was measured."""
        name = self.arguments[0]
        if name not in TABLES:
            raise self.error(f"measured: expected one of {', '.join(TABLES)}, got {name!r}")
        path = ROOT / "benchmarks" / "results" / f"{name.partition('/')[0]}.json"
        self.env.note_dependency(str(path))
        results = json.loads(path.read_text("utf-8"))
        rows, conditions = TABLES[name]
        line = nodes.paragraph(
            "", conditions(results), nodes.literal("", results["command"]), nodes.Text(".")
        )
        return [table(*rows(results), stub=True), line]


def setup(app):
    """Make the directive known."""
    app.add_directive("measured", Measured)
