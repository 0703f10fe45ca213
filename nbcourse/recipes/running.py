"""A recipe from start to result: several seeds, one line for each look, checkpoints, a file at the end.

Checkpoints and results lie in NBCOURSE_RUNS, or in the system's folder for a user's state:
``NAME/seed-0/`` and ``NAME/result.json``.
"""

import os
from pathlib import Path

from nbcourse.recipes import load_all, results
from nbcourse.train import TrainingError, choose_device, distributed
from nbcourse.train.device import check_compiler
from nbcourse.train.logging import Bar, Lines, TensorBoard, check_tensorboard


def folder():
    """Where runs lie: NBCOURSE_RUNS, else the system's folder for a user's state."""
    chosen = os.environ.get("NBCOURSE_RUNS")
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_state_dir

    return Path(user_state_dir("nbcourse", appauthor=False)) / "runs"


def table():
    """Return a line for each recipe: its name, what it is, its target, and about how long one run takes."""
    recipes = load_all().values()
    columns = [(r.name, r.title, goal(r), duration(r)) for r in recipes]
    widths = [max(map(len, column)) for column in zip(*columns, strict=True)]
    return [
        "  ".join(f"{text:<{w}}" for text, w in zip(row, widths, strict=True)).rstrip() for row in columns
    ]


def goal(recipe):
    """The target in words: ``≥ 97 %``."""
    if recipe.target is None:
        return recipe.instead
    return f"{'≥' if recipe.largest else '≤'} {recipe.target.value:g} {recipe.unit}"


def duration(recipe):
    """About how long one run takes on two cores."""
    if not recipe.minutes:
        return "for a GPU"
    return f"{recipe.minutes:g} min" if recipe.minutes >= 1 else f"{60 * recipe.minutes:.0f} s"


def run(
    recipe, settings, seeds, *, device="auto", resume=False, out=None, tensorboard=False, command="", tell
):
    """Train with each seed, write the result, and tell a person about it, line by line.

    Everything that can be wrong with the arguments is an error before any data are loaded.
    """
    place = folder() / recipe.name
    out = Path(out) if out else place / "result.json"
    _check(settings, choose_device(device), out, place, tensorboard)
    with distributed.group(choose_device(device)) as here:
        runs, speaks = [], distributed.rank() == 0
        for seed in seeds:
            with Bar(f"{recipe.name}, seed {seed}", shown=speaks) as bar:
                hooks = _hooks(bar, place, seed, tensorboard) if speaks else ()
                told = {"device": here, "folder": place, "resume": resume, "hooks": hooks}
                runs.append(recipe.run(seed, settings, **told))
                if speaks:
                    bar.write(f"seed {seed}: test {recipe.metric} {runs[-1]['metric']:.4g} {recipe.unit}")
        if speaks:
            found = results.result(recipe, settings, runs, here, command)
            results.write(out, found)
            tell(closing(recipe, found))
            tell(f"Written to {out}")


def closing(recipe, found):
    """The result in one line: mean ± standard deviation, the target, and whether it was reached."""
    numbers, n = found[recipe.metric], len(found["runs"])
    spread = f" {recipe.unit} (one {recipe.over[:-1]})"
    if n > 1:
        spread = f" ± {numbers['sd']:.2g} {recipe.unit} ({n} {recipe.over})"
    text = f"{recipe.name}: test {recipe.metric} {numbers['mean']:.4g}{spread}"
    if recipe.target is None:
        return f"{text}; it has no target"
    verdict = "reached" if results.reached(recipe, numbers["mean"]) else "NOT reached"
    changed = ", ".join(f"{name}={value}" for name, value in found["changed"].items())
    return (
        f"{text}; target {goal(recipe)} ({recipe.target.source}): {verdict}"
        + (" by the mean" if n > 1 else "")
        + (f", with {changed}" if changed else "")
    )


def _check(settings, device, out, place, tensorboard):
    """Raise what would be found out late otherwise: no compiler, no TensorBoard, no place to write."""
    if settings.compile:
        check_compiler(device)
    if tensorboard:
        check_tensorboard()
    if out.is_dir():
        raise TrainingError(f"expected --out to name a file, {out} is a folder")
    for parent in (place, out.parent):
        parent.mkdir(parents=True, exist_ok=True)
        if not os.access(parent, os.W_OK):
            raise PermissionError(13, "Permission denied", str(parent))


def _hooks(bar, place, seed, tensorboard):
    hooks = [bar, Lines(bar.write)]
    return [*hooks, TensorBoard(place / f"seed-{seed}" / "tensorboard")] if tensorboard else hooks
