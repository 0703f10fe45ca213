"""The search for settings with Optuna: many short trials, of which the hopeless ones are stopped early.

A trial trains a recipe once, with settings that Optuna draws from the recipe's space, and is judged by the
loss on the validation part; the test part is never read. Trials lie in a storage that several processes, and
several machines, can share: each takes the next trial, until there are as many as were asked for.
"""

import math
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import optuna
from optuna.distributions import FloatDistribution
from optuna.importance import FanovaImportanceEvaluator
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from optuna.trial import TrialState, create_trial

from nbcourse.messages import nearest
from nbcourse.train import NonFiniteLoss, TrainingError

METRIC = "loss"  # every recipe measures it on its validation part; the smallest is the best
FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True)
class Range:
    """All numbers from `low` to `high`, on a logarithmic scale if `log`."""

    low: float
    high: float
    log: bool = False

    def draw(self, trial, name):
        """Return a number of three digits: what is printed is what was trained."""
        return float(f"{trial.suggest_float(name, self.low, self.high, log=self.log):.3g}")


@dataclass(frozen=True)
class Choice:
    """One of several values."""

    values: tuple

    def draw(self, trial, name):
        """Return one of the values."""
        return trial.suggest_categorical(name, self.values)


_CLASSIFIER = {
    "lr": Range(1e-4, 1e-1, log=True),
    "batch_size": Choice((16, 32, 64, 128)),
    "weight_decay": Range(1e-3, 1.0, log=True),
    "momentum": Range(0.8, 0.99),
    "warmup": Range(0.0, 0.5),
    "label_smoothing": Range(0.0, 0.2),
}
SPACES = {"digits-mlp": _CLASSIFIER, "digits-cnn": _CLASSIFIER}  # {recipe: {setting: where to search}}


def space_of(recipe):
    """Return the search space of a recipe; raise TrainingError if it has none."""
    if recipe.name not in SPACES:
        near = nearest(recipe.name, SPACES)
        raise TrainingError(f"{recipe.name} has no search space{near} (known: {', '.join(SPACES)})")
    return SPACES[recipe.name]


def search(recipe, trials, settings=None, *, storage=None, seed=0, device="auto", callbacks=()):
    """Run trials until the storage holds `trials` finished ones, and return the Optuna study.

    The first trial has the recipe's own settings, the others are drawn by a tree-structured Parzen estimator
    (Bergstra et al., 2011). A trial whose loss is above the median of the trials before it, after as many
    looks, is stopped. Every trial trains from seed 0.

    Parameters
    ----------
    recipe : Recipe
    trials : int
        How many there shall be, with those that are in the storage already. Processes that share it may
        finish one more each.
    settings : Settings, optional
        How to train, apart from what is searched for.
    storage : str or path, optional
        A file (a journal), or the address of a database, ``sqlite:///study.db``; None keeps trials in memory.
    seed : int
        Together with a trial's number it decides what is drawn.
    device : str
        See `choose_device`.
    callbacks : callables
        ``callback(study, trial)`` is called after each trial of this process.

    Raises
    ------
    TrainingError
        If the recipe has no search space, if a setting that is searched for was changed, or if the storage
        cannot be opened or holds trials with other settings.
    """
    settings = recipe.settings if settings is None else settings
    space = space_of(recipe)
    for name in space:
        if getattr(settings, name) != getattr(recipe.settings, name):
            raise TrainingError(f"{name} is searched for: it cannot be fixed")
    study = _opened(recipe, settings, space, storage)

    def objective(trial):
        return _objective(trial, recipe, settings, space, seed, device)

    while len(finished(study)) < trials:
        study.optimize(objective, n_trials=1, callbacks=list(callbacks))
    return study


def finished(study):
    """Return the trials that came to an end or were stopped as hopeless."""
    return study.get_trials(deepcopy=False, states=FINISHED)


def _objective(trial, recipe, settings, space, seed, device):
    """Train once and return the validation loss of the weights that the recipe would test."""
    # Known by the trial's number: processes that share a study draw different settings.
    trial.study.sampler = optuna.samplers.TPESampler(seed=100_003 * seed + trial.number)
    drawn = {name: where.draw(trial, name) for name, where in space.items()}
    trial.set_user_attr("settings", drawn)
    try:
        _, run = recipe.train(0, settings.changed(**drawn), device=device, hooks=[Reports(trial)])
    except NonFiniteLoss as error:
        raise optuna.TrialPruned(str(error)) from None
    progress = run.progress
    row = progress.history[-1]
    if recipe.best:
        row = next(row for row in progress.history if row["step"] == progress.best_step)
    if not math.isfinite(row[METRIC]):
        raise optuna.TrialPruned(f"the validation {METRIC} is {row[METRIC]}")
    trial.set_user_attr("measured", {name: row[name] for name in (METRIC, recipe.metric) if name in row})
    return row[METRIC]


class Reports:
    """A hook that reports each look to a trial, and ends the run where Optuna sees no hope."""

    def __init__(self, trial):
        self.trial = trial

    def __call__(self, event, run):
        """Report the newest row of the history; raise TrialPruned if that was enough."""
        if event == "look":
            looks = len(run.progress.history)
            self.trial.report(run.progress.history[-1][METRIC], looks)
            if self.trial.should_prune():
                raise optuna.TrialPruned(f"stopped after {looks} looks")


# --- the storage


def _opened(recipe, settings, space, storage):
    """Return the study of the recipe in the storage; a new one begins with the recipe's own settings."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(
        storage=None if storage is None else _storage(str(storage)),
        study_name=recipe.name,
        load_if_exists=True,
        pruner=optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=3),
    )
    fixed = {name: value for name, value in asdict(settings).items() if name not in space}
    fixed["space"] = str(space)
    held = study.user_attrs.get("fixed", fixed)
    differs = [name for name in fixed if held.get(name) != fixed[name]]
    if differs:
        there = ", ".join(f"{name}={held.get(name)} there, {fixed[name]} here" for name in differs)
        raise TrainingError(f"the study in {storage} has other settings: {there}")
    if "fixed" not in study.user_attrs:
        study.set_user_attr("fixed", fixed)
        study.enqueue_trial({name: getattr(settings, name) for name in space}, skip_if_exists=True)
    return study


def _storage(place):
    """Return the storage at the address of a database, or in a file."""
    if "://" not in place:
        return _journal(Path(place))
    for last in (False, False, True):
        try:
            return optuna.storages.RDBStorage(place)
        except Exception as error:  # of whichever database or driver it is
            if last:
                raise TrainingError(f"cannot open the study in {place}: {error}") from error
            time.sleep(0.5)  # another process may just be making the tables


def _journal(path):
    """Return the storage in a file; raise TrainingError if there is another kind of file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.stat().st_size:
        with path.open("rb") as file:
            if b'"op_code":' not in file.readline():
                raise TrainingError(f"cannot open the study in {path}: it is not a journal of Optuna's")
    # A link as lock, Optuna's default, needs rights that Windows does not give.
    return optuna.storages.JournalStorage(JournalFileBackend(str(path), JournalFileOpenLock(str(path))))


# --- what was found


def best(study):
    """Return the trial with the smallest loss, of those that came to an end; None before there is one."""
    complete = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    return min(complete, key=lambda trial: trial.value, default=None)


def importances(study, seeds=5):
    """Return {setting: {"mean", "sd"}}: the share of the loss's variance that each setting explains alone.

    By functional analysis of variance (Hutter et al., 2014): a random forest predicts the logarithm of the
    loss, and its mean over the whole space of all other settings shows what one of them does. What is missing
    to a sum of 1 comes from settings that act together. A trial that was stopped counts with its last loss.
    The spread is that of `seeds` forests. Empty with fewer than four trials.
    """
    copy = _on_straight_scales(study)
    if len(copy.trials) < 4:
        return {}
    found = [FanovaImportanceEvaluator(seed=seed).evaluate(copy) for seed in range(seeds)]
    values = {name: [float(one[name]) for one in found] for name in found[0]}
    shares = {name: {"mean": statistics.fmean(of), "sd": statistics.stdev(of)} for name, of in values.items()}
    return dict(sorted(shares.items(), key=lambda item: -item[1]["mean"]))


def _on_straight_scales(study):
    """Return a copy that a forest can read: logarithms where the space has them, a loss for every trial."""
    copy = optuna.create_study()
    for trial in finished(study):
        looks = trial.intermediate_values
        loss = trial.value if trial.state == TrialState.COMPLETE else looks.get(max(looks, default=None))
        if loss is None or not 0 < loss < math.inf:
            continue
        params, distributions = dict(trial.params), dict(trial.distributions)
        for name, where in trial.distributions.items():
            if getattr(where, "log", False):
                distributions[name] = FloatDistribution(math.log10(where.low), math.log10(where.high))
                params[name] = math.log10(params[name])
        copy.add_trial(create_trial(params=params, distributions=distributions, value=math.log(loss)))
    return copy
