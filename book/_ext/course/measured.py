"""The directive ``measured``: a table of what the benchmarks measured, made from their committed results.

::

    ```{measured} engine
    ```

The argument names a file of ``benchmarks/results`` and a table of this module. So the page says what was
measured, and nothing else.
"""

import json
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[3]


def engine(results):
    """Return the heads and rows of the engine's benchmark."""
    heads = ("one training step", "time ÷ PyTorch's", "middle half", "memory ÷ PyTorch's", "public peers ÷")
    rows = []
    for name, row in results["workloads"].items():
        memory = row["MiB"]
        share = memory[row["engine"]] / memory[row["reference"]]
        peers = ", ".join(f"{peer} {ratio:.3g}" for peer, ratio in row["peers"].items() if peer != "floor")
        quartiles = " – ".join(f"{q:.2f}" for q in row["quartiles"])
        rows.append(
            (f"{name}: {row['title']}", f"{row['ratio']:.2f}", quartiles, f"{share:.2f}", peers or "–")
        )
    return heads, rows


def engine_conditions(results):
    """Return the sentence under the table: on what, with what, how."""
    versions = ", ".join(f"{library} {version}" for library, version in results["versions"].items())
    return (
        f"Measured on {results['date']} on {results['processor']}, {results['system']}, with "
        f"{results['threads']} thread: {versions}. Each engine ran in {results['rounds']} processes of its "
        "own, in turns; the ratio is the median. Again: "
    )


TABLES = {"engine": (engine, engine_conditions)}


class Measured(SphinxDirective):
    """Shows one file of results as a table."""

    required_arguments = 1

    def run(self):
        """Return the table, and a line that says how it was measured."""
        name = self.arguments[0]
        if name not in TABLES:
            raise self.error(f"measured: expected one of {', '.join(TABLES)}, got {name!r}")
        path = ROOT / "benchmarks" / "results" / f"{name}.json"
        self.env.note_dependency(str(path))
        results = json.loads(path.read_text("utf-8"))
        rows, conditions = TABLES[name]
        line = nodes.paragraph(
            "", conditions(results), nodes.literal("", results["command"]), nodes.Text(".")
        )
        return [table(*rows(results)), line]


def table(heads, rows):
    """Return a docutils table of texts."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in heads), cols=len(heads))
    group += nodes.thead("", _row(heads))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group)


def _row(texts):
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in texts))


def setup(app):
    """Make the directive known."""
    app.add_directive("measured", Measured)
