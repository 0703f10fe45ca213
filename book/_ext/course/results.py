"""The directives ``results`` and ``unmeasured``: what ``nbcourse train`` reached, from the committed files.

::

    ```{results} shakespeare-cpu names-*
    :caption: What the table holds.
    :columns: errors
    ```

    ```{unmeasured}
    ```

An argument names a file of ``results``, which must be there; a pattern stands for all that are there.
``columns`` are numbers that were measured on the test part besides the result, by their names in the file.
The second directive lists every recipe without a result, but for those that make a figure. No number of a
table is written by hand.
"""

import json
import math
import re
import statistics
from fnmatch import fnmatchcase
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from nbcourse.messages import nearest
from sphinx.util.docutils import SphinxDirective

from course.tables import table

CAPTION = "What `nbcourse train` reached."
HEADS = ("trained", "number to reach", "ours", "verdict", "one run")
JOIN = "\N{NO-BREAK SPACE}"  # between the parts of a number
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5}
_BEST_OF = re.compile(rf"\bbest of ({'|'.join(_NUMBERS)})\b")


class Missing(LookupError):
    """A result that a page shows was never measured; the message names the command that does."""


# --- which results


def read(folder):
    """Return {name: result} of the files in `folder`, in the order of the recipes."""
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(Path(folder).glob("*.json"))}
    place = {name: i for i, name in enumerate(recipes())}
    return dict(sorted(found.items(), key=lambda one: place.get(one[1]["recipe"], len(place))))


def recipes():
    """Return {name: Recipe} of the package; this imports PyTorch."""
    from nbcourse.recipes import load_all

    return load_all()


def chosen(patterns, found):
    """Return {name: result} of those that fit; raise `Missing` for a name without a result."""
    shown = {}
    for pattern in patterns:
        if "*" not in pattern and pattern not in found:
            raise Missing(_where_it_comes_from(pattern))
        shown |= {name: result for name, result in found.items() if fnmatchcase(name, pattern)}
    return shown


def _where_it_comes_from(name):
    known = recipes()
    if name not in known:
        return f"no result and no recipe is called {name!r}{nearest(name, known)}"
    return f"results/{name}.json is not there; measure it: nbcourse train {name} --out results/{name}.json"


def measured(found):
    """Return the names of the recipes that were measured with their own settings."""
    return {result["recipe"] for result in found.values() if not result["changed"]}


# --- one row


def row(result, columns=()):
    """Return the cells of a result: what, number to reach, ours, further ones, verdict, time and device."""
    return (
        _what(result),
        to_reach(result),
        ours(result),
        *(further(result, name) for name in columns),
        verdict(result),
        (duration(result["seconds"]["mean"]), result["device"]),
    )


def _what(result):
    changed = "".join(f", {name}={value}" for name, value in result["changed"].items())
    return (result["title"] + changed, [nodes.literal("", result["recipe"])])


def to_reach(result):
    """Return the lines of a published number: what it asks for, and its source."""
    metric, unit, target = result["metric"], result["unit"], result["target"]
    named, after = (unit, "") if metric == unit.lower() else (metric, f"{JOIN}{unit}")  # BLEU is its own unit
    if target is None:
        return (f"{named}, {unit}" if after else named, result.get("instead", "no published number"))
    sign = "≥" if result["largest_is_best"] else "≤"
    digits = target.get("decimals")  # those of the published number, 97.80; None for a bound of our own
    value = f"{target['value']:g}" if digits is None else f"{target['value']:.{digits}f}"
    return (f"{named} {sign}{JOIN}{value}{after}", target["source"])


def ours(result):
    """Return the lines of our number: mean ± standard deviation, how many seeds or folds, the best of them.

    Where the number to reach is the best of several runs, ours from as many runs stands first.
    """
    numbers, n = result[result["metric"]], len(result["runs"])
    digits = decimals(numbers["sd"], result["unit"])
    over = result.get("over", "seeds")
    mean, seeds = spread(numbers, digits), f"{n} {over}" if n > 1 else f"one {over[:-1]}"
    if rival := best_of(result):
        tries, best = rival
        return (f"{best:.{digits}f}, best of {tries}", f"mean {mean}, {seeds}")
    extreme = numbers["largest" if result["largest_is_best"] else "smallest"]
    return (mean, f"{seeds}, best {extreme:.{digits}f}" if n > 1 else seeds)


def best_of(result):
    """Return (runs, the best of them) where the source says "best of three" of its number, else None."""
    said = _BEST_OF.search(result["target"]["source"]) if result["target"] else None
    if said is None:
        return None
    values = [run["metric"] for run in result["runs"][: _NUMBERS[said[1]]]]
    return len(values), max(values) if result["largest_is_best"] else min(values)


def further(result, name):
    """Return another number of the test part, by its name: mean ± standard deviation, or – if it has none."""
    values = [run.get("test", {}).get(name) for run in result["runs"]]
    if None in values:
        return "–"
    sd = statistics.stdev(values) if len(set(values)) > 1 else None  # a baseline is the same for each seed
    return spread({"mean": statistics.fmean(values), "sd": sd}, decimals(sd, result["unit"]))


def verdict(result):
    """Return in words whether the number was reached: by the mean, or the best by the best of as many."""
    if result["target"] is None:
        return "–"
    mean = lead(result, result[result["metric"]]["mean"])
    if rival := best_of(result):
        best = lead(result, rival[1])
        if best < 0:
            return f"missed by {-best:.2g}"
        return "reached, by the mean too" if mean >= 0 else "reached by the best, not by the mean"
    if mean == 0 and result["target"].get("decimals") is not None:
        return "reached, to the digits published"
    return "reached" if mean >= 0 else f"missed by {-mean:.2g}"


def lead(result, value):
    """Return by how much `value` is better than the number to reach, to the digits that were published."""
    from nbcourse.recipes.recipe import Target

    return Target(**result["target"]).lead(value, result["largest_is_best"])


def spread(numbers, digits):
    """Return ``97.5 ± 0.3`` of a summary over seeds; one seed has no deviation."""
    mean = f"{numbers['mean']:.{digits}f}"
    return mean if numbers["sd"] is None else f"{mean}{JOIN}±{JOIN}{numbers['sd']:.{digits}f}"


def decimals(sd, unit):
    """Return how many decimals mean something: two digits of the deviation, two of a per cent at most."""
    most = 2 if unit == "%" else 4
    if not sd:  # one seed, or seeds that agree
        return min(most, 3)
    return min(most, max(0, 1 - math.floor(math.log10(sd))))


def duration(seconds):
    """Return a time in words: ``0.4 s``, ``36 s``, ``2.1 min``."""
    if seconds < 60:
        return f"{seconds:.{1 if seconds < 10 else 0}f} s"
    return f"{seconds / 60:.1f} min"


def conditions(shown):
    """Return when results were measured, and with which versions."""
    dates = sorted({result["date"] for result in shown.values()})
    versions = {
        ", ".join(f"{name} {version}" for name, version in result["versions"].items())
        for result in shown.values()
    }
    when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    return f"Measured {when} with {'; with '.join(sorted(versions))}. To repeat it:"


# --- the directives


class Results(SphinxDirective):
    """Shows results as a table, with the commands that measured them."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {
        "caption": directives.unchanged_required,
        "columns": directives.unchanged_required,
    }

    def run(self):
        """Return the table, the conditions and the commands; or a sentence if nothing was measured yet."""
        folder = Path(self.env.srcdir, "results")
        try:
            shown = chosen(self.arguments[0].split(), read(folder))
        except Missing as missing:
            raise self.error(f"results: {missing}") from None
        for name in shown:
            self.env.note_dependency(str(folder / f"{name}.json"))
        if not shown:
            return [nodes.paragraph("", "None of these recipes has been measured yet.")]
        commands = "\n".join(result["command"] for result in shown.values())
        columns = self.options.get("columns", "").split()
        rows = [row(result, columns) for result in shown.values()]
        heads = (*HEADS[:3], *(name.replace("_", " ") for name in columns), *HEADS[3:])
        return [
            table(heads, rows, self.options.get("caption", CAPTION), stub=True),
            nodes.paragraph("", conditions(shown)),
            nodes.literal_block(commands, commands, language="bash"),
        ]


class Unmeasured(SphinxDirective):
    """Shows the recipes that have no result yet."""

    def run(self):
        """Return a table, or a sentence if nothing is missing."""
        from nbcourse.recipes.running import duration, goal

        known = measured(read(Path(self.env.srcdir, "results")))
        rows = [
            ((recipe.title, [nodes.literal("", name)]), goal(recipe), duration(recipe))
            for name, recipe in recipes().items()
            if name not in known and not name.startswith("figure-")
        ]
        if not rows:
            return [nodes.paragraph("", "Every recipe has been measured.")]
        return [table(("recipe", "number to reach", "one run"), rows, "Not measured yet.", stub=True)]


def setup(app):
    """Make the directives known."""
    app.add_directive("results", Results)
    app.add_directive("unmeasured", Unmeasured)
