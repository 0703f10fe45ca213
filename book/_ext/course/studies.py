"""The directive ``study``: what a search for settings found, from the file that ``nbcourse study`` wrote.

::

    ```{study} digits-mlp
    ```

The argument names a file of ``results/studies``: its settings as a table, with the share of each as a figure.
"""

import json
from pathlib import Path

from docutils import nodes
from nbcourse.plots import study as plots
from sphinx.util.docutils import SphinxDirective

from course import drawings
from course.results import JOIN, conditions, duration
from course.tables import table

HEADS = ("setting", "searched", "recipe's own", "best trial", "share of the variance")


def rows(found):
    """Return the rows of the settings that were searched for, then of what the two trials measured."""
    own, best = found["own"], found["best"]
    for name, share in found["importances"].items():
        spread = f"{share['mean']:.2f}{JOIN}±{JOIN}{share['sd']:.2f}"
        here = [str(trial["settings"][name]) for trial in (own, best)]
        yield ([nodes.literal("", name)],), searched(found["space"][name]), *here, spread
    for name in best:
        if name not in ("trial", "settings"):
            here = f"{own[name]:.4g}" if name in own else "–"  # that trial was stopped, or lost
            yield f"validation {name}", "", here, f"{best[name]:.4g}", ""


def searched(where):
    """Return a range or a choice in words."""
    if "values" in where:
        return ", ".join(map(str, where["values"]))
    return f"{where['low']:g} to {where['high']:g}" + (", by its logarithm" if where["log"] else "")


def words(found):
    """Return the caption of the table, and the alternative text of the figure."""
    trials = found["trials"]
    changed = "".join(f", {name}={value}" for name, value in found["changed"].items())
    caption = (
        f"{found['title']}{changed}: {trials['finished']} trials, of which {trials['stopped']} were stopped "
        f"early, in {duration(found['seconds'])} of training on {found['device']}."
    )
    shares = ", ".join(f"{name} {share['mean']:.2f}" for name, share in found["importances"].items())
    return (
        caption,
        f"Bars, longest first, with the share of the variance that each setting explains: {shares}.",
    )


class Study(SphinxDirective):
    """Shows one study: a table, a figure, and the commands to repeat it and to train with what it found."""

    required_arguments = 1

    def run(self):
        """Return the table, the figure, the conditions and the commands."""
        name = self.arguments[0]
        path = Path(self.env.srcdir, "results", "studies", f"{name}.json")
        self.env.note_dependency(str(path))
        if not path.is_file():
            command = f"nbcourse study {name} --out results/studies/{name}.json"
            raise self.error(f"study: results/studies/{name}.json is not there; measure it: {command}")
        found = json.loads(path.read_text("utf-8"))
        caption, alt = words(found)
        svg = drawings.inline(plots.importances.svg(found["importances"]), alt, f"study-{name}")
        commands = f"{found['command']}\n{found['train']}"
        return [
            table(HEADS, list(rows(found)), caption, stub=True),
            nodes.figure(
                "",
                nodes.raw("", svg, format="html"),
                nodes.caption("", "The share of the variance between trials that each setting explains."),
                classes=["course-figure"],
            ),
            nodes.paragraph("", conditions({name: found})),
            nodes.literal_block(commands, commands, language="bash"),
        ]


def setup(app):
    """Make the directive known."""
    app.add_directive("study", Study)
