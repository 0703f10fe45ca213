"""A study from start to result: a line for each trial, the best settings as a command, a file at the end.

Trials and the result lie beside the runs of the recipe: ``NAME/study.journal`` and ``NAME/study.json``.
"""

from dataclasses import asdict
from pathlib import Path

import optuna
from optuna.trial import TrialState

from nbcourse.recipes import results, running
from nbcourse.recipes.study import METRIC, best, finished, importances, search, space_of
from nbcourse.train import TrainingError


def run(recipe, settings, trials, *, storage=None, seed=0, device="auto", out=None, command="", tell):
    """Search until there are so many trials, write the result, and tell a person about it, line by line."""
    space_of(recipe)  # a recipe without one leaves no trace
    place = running.folder() / recipe.name
    storage = str(storage or place / "study.journal")
    out = Path(out) if out else place / "study.json"
    tell(f"{recipe.name}: trials lie in {storage}")
    study = search(
        recipe,
        trials,
        settings,
        storage=storage,
        seed=seed,
        device=device,
        callbacks=[lambda study, trial: tell(line(study, trial))],
    )
    found = result(recipe, settings, study, device, command)
    results.write(out, found)
    for text in closing(found):
        tell(text)
    tell(f"Written to {out}")


def result(recipe, settings, study, device, command):
    """Return what a study found as a dictionary that JSON can hold; raise TrainingError if it is nothing."""
    done, winner = finished(study), best(study)
    if winner is None:
        raise TrainingError(f"none of {len(done)} trials came to its end with a finite {METRIC}")
    own = {name: getattr(settings, name) for name in space_of(recipe)}
    first = next((t for t in done if t.user_attrs["settings"] == own and t.value is not None), None)
    pruned = sum(trial.state == TrialState.PRUNED for trial in done)
    seconds = sum(trial.duration.total_seconds() for trial in done)
    return {
        "study": recipe.name,
        "title": recipe.title,
        "metric": METRIC,
        "trials": {"finished": len(done), "stopped": pruned},
        "best": _of(winner),
        "own": {"settings": own} if first is None else _of(first),
        "importances": importances(study),
        "space": {name: asdict(where) for name, where in space_of(recipe).items()},
        "settings": asdict(settings),
        "changed": {k: v for k, v in asdict(settings).items() if v != asdict(recipe.settings)[k]},
        "seconds": round(seconds, 2),
        "command": command,
        "train": train_command(recipe, settings.changed(**winner.user_attrs["settings"])),
        **results.origin(device, optuna=optuna.__version__),
    }


def _of(trial):
    return {"trial": trial.number, **trial.user_attrs["measured"], "settings": trial.user_attrs["settings"]}


def train_command(recipe, settings):
    """Return the command that trains the recipe with these settings."""
    own = asdict(recipe.settings)
    changed = [f"--set {name}={value}" for name, value in asdict(settings).items() if value != own[name]]
    return " ".join([f"nbcourse train {recipe.name}", *changed])


def line(study, trial):
    """Return a trial in a line: its number, what became of it, its settings."""
    if trial.state == TrialState.COMPLETE:
        fate = f"{METRIC} {trial.value:.4g}"
        fate += ", the best so far" if trial.number == best(study).number else ""
    elif trial.state == TrialState.PRUNED:
        fate = f"stopped after {len(trial.intermediate_values)} looks"
    else:
        fate = trial.state.name.lower()
    drawn = " ".join(f"{name}={value}" for name, value in trial.user_attrs.get("settings", {}).items())
    return f"trial {trial.number}: {fate} · {drawn}"


def closing(found):
    """Yield what was found, in lines: the best loss beside that of the recipe's own settings, the shares."""
    trials, metric = found["trials"], found["metric"]
    own = f"; its own settings: {found['own'][metric]:.4g}" if metric in found["own"] else ""
    yield (
        f"{found['study']}: validation {metric} {found['best'][metric]:.4g}, the best of "
        f"{trials['finished']} trials, of which {trials['stopped']} were stopped early{own}"
    )
    for name, share in found["importances"].items():
        yield f"  {name:<16} {share['mean']:.2f} ± {share['sd']:.2f} of the variance"
    yield f"Train it: {found['train']}"
