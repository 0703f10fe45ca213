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


def accessibility(results):
    """Return the heads and rows of what was asked of all pages for every reader, and what was found."""
    heads = ("asked", "of", "found")
    pages = results["pages"].values()
    controls, in_figures = (sum(row[kind] for row in pages) for kind in ("controls", "in_figures"))
    faults = {kind: _faults(results["pages"], kind) for kind in ("axe", "keyboard", "looks")}
    looks = f"{len(pages)} pages in {len(results['themes'])} themes and {len(results['widths'])} widths"
    rows = [
        (f"axe-core's {results['rules']} rules", looks, faults["axe"]),
        ("the keyboard", f"{controls:,} stops, {in_figures} in figures", faults["keyboard"]),
        ("contrast, names, width, motion", looks, faults["looks"]),
    ]
    return heads, rows


def _faults(pages, kind):
    """Return how many faults of a kind there are, with a line for each page that has some."""
    named = {page.removeprefix("book/"): row["faults"][kind] for page, row in pages.items()}
    lines = [f"{page}: {'; '.join(found)}" for page, found in named.items() if found]
    number = sum(map(len, named.values()))
    return (f"{number} fault{'s' * (number != 1)}", *lines)


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


def accessibility_conditions(results):
    """Return the sentence under the table: when, with what."""
    widths = ", ".join(map(str, results["widths"]))
    return (
        f"Measured on {results['date']} with axe-core {results['axe']} in Chromium {results['chromium']}, "
        f"in light and dark, {widths} pixels wide. To measure again: "
    )


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


def lab(results):
    """Return the heads and rows of the notebooks that were run in JupyterLab."""
    heads = (
        "notebook",
        "cells run",
        "errors",
        "errors in the console",
        "figures that answer",
        "quiz answered",
    )
    rows = []
    for name, row in results["notebooks"].items():
        answering = sum(len(answered) == 3 for answered in row["figures"].values())
        rows.append(
            (
                name,
                f"{row['run']} of {row['cells']}",
                str(len(row["errors"])),
                str(len(row["console"])),
                f"{answering} of {len(row['figures'])}" if row["figures"] else "–",
                f"{row['quiz']['right']} of {row['quiz']['asked']}",
            )
        )
    return heads, rows


def lab_conditions(results):
    """Return the sentence under the table: when, with what."""
    rows = results["notebooks"].values()
    versions = dict.fromkeys(f"{name} {v}" for row in rows for name, v in row["versions"].items())
    dates = sorted({row["date"] for row in rows})
    when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    return f"Measured {when} with {', '.join(versions)}. To measure again: "


def pdf(results):
    """Return the heads and rows of what the book is on paper."""
    tags = {True: "tagged", False: "not tagged"}[results["tagged"]]
    rows = [
        ("pages", f"{results['pages']:,}"),
        ("size", f"{results['bytes'] / 1e6:.1f} MB"),
        ("outline", f"{results['outline']:,} entries"),
        ("for readers who hear it", f"{tags}, language {results['language']}"),
        ("links inside", f"{results['links_inside']:,}"),
        ("links to other hosts", f"{results['links_outside']:,}"),
        ("links that lead nowhere", str(len(results["broken"]))),
        ("time to print", f"{results['seconds']} s"),
    ]
    return ("the whole book as one PDF", "measured"), rows


def pdf_conditions(results):
    """Return the sentence under the table: on what, how."""
    return (
        f"Measured on {results['date']} on {results['processor']}, {results['system']}, from "
        f"{results['articles']} pages of the built book, all but the search and the page for wrong "
        "addresses. To measure again: "
    )


def readers(results):
    """Return the heads and rows of the load test, a row for each way to ask for a chapter."""
    heads = ("the files are", "chapters a second", "MB a second", "answers, half within", "99 in 100 within")
    heads += ("nginx's work on a chapter", "errors")
    rows = []
    for way, row in results["ways"].items():
        speed = (f"{row['chapters_per_second']:.0f}", f"{row['megabytes_per_second']:.0f}")
        waits = (f"{row['milliseconds_50']:.0f} ms", f"{row['milliseconds_99']:.0f} ms")
        work = f"{row['processor_milliseconds']:.2g} ms of a core"
        rows.append((way, *speed, *waits, work, str(row["errors"])))
    return heads, rows


def readers_conditions(results):
    """Return the sentence under the table: on what, with what, how."""
    versions = ", ".join(f"{program} {version}" for program, version in results["versions"].items())
    shared = "a machine shared with other work" if results["load"] >= 1 else "with nothing else to do"
    size = f"{results['files']} files and {results['bytes'] / 1e6:.2f} MB compressed"
    return (
        f"Measured on {results['date']} on {results['cores']} cores of {results['processor']}, "
        f"{results['system']}, {shared}: {versions}. "
        f"The chapter is {results['page']}, {size}; {results['connections']} connections asked for "
        f"{results['seconds']} seconds, {results['rounds']} times each way in turns, and the table has the "
        "medians. To measure again: "
    )


TABLES = {
    "accessibility": (accessibility, accessibility_conditions),
    "engine": (engine, engine_conditions),
    "lab": (lab, lab_conditions),
    "pages": (pages, pages_conditions),
    "pages/each": (each_page, pages_conditions),
    "pdf": (pdf, pdf_conditions),
    "readers": (readers, readers_conditions),
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
