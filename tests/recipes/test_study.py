"""The search for settings: what a trial is judged by, what is stopped, and a storage that processes share."""

import json
import math
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

pytest.importorskip("optuna", reason="pip install -e '.[study]'")

import optuna
from optuna.distributions import FloatDistribution
from optuna.trial import TrialState, create_trial

from nbcourse import recipes
from nbcourse.recipes import study, studying
from nbcourse.recipes.recipe import Recipe, Task
from nbcourse.train import Batches, Settings, TrainingError
from tests.train import problem

SPACE = {"lr": study.Range(1e-4, 1e1, log=True), "batch_size": study.Choice((8, 16))}


@pytest.fixture
def toy(monkeypatch):
    """A recipe of the small problem with a search space, whose test part must stay closed."""

    def test(model):
        raise AssertionError("a study read the test part")

    def make(settings, seed, device):
        batches = Batches(*problem.data(), batch_size=settings.batch_size, seed=seed)
        return Task(problem.network(seed=seed), batches, problem.loss, problem.validate, test)

    monkeypatch.setitem(study.SPACES, "toy", SPACE)
    settings = Settings(epochs=6, batch_size=8, lr=0.01)
    return Recipe("toy", "A toy", make, settings, metric="right", unit="points")


def losses(trial):
    """The validation loss at each look."""
    return [loss for _, loss in sorted(trial.intermediate_values.items())]


def told(found):
    return [(t.number, t.state, t.params, t.value, t.intermediate_values) for t in found.trials]


@pytest.mark.parametrize("name", study.SPACES)
def test_a_recipes_own_settings_lie_in_its_space(name):
    recipe = recipes.find(name)
    for setting, where in study.SPACES[name].items():
        own = getattr(recipe.settings, setting)
        if isinstance(where, study.Choice):
            assert own in where.values
        else:
            assert where.low <= own <= where.high and float(f"{own:.3g}") == own


def test_a_search_is_repeatable_and_begins_with_the_recipes_own_settings(toy):
    one, again, other = (study.search(toy, 8, seed=seed, device="cpu") for seed in (0, 0, 1))
    assert told(one) == told(again)
    assert one.trials[1].params != other.trials[1].params
    assert one.trials[0].user_attrs["settings"] == {"lr": 0.01, "batch_size": 8}
    assert len({trial.params["lr"] for trial in one.trials}) == 8


def test_a_trial_is_judged_by_the_weights_that_would_be_tested(toy):
    late, best = toy, replace(toy, best=True)
    for recipe, of in ((late, lambda looks: looks[-1]), (best, min)):
        found = study.search(recipe, 4, device="cpu")  # fewer than the pruner needs to begin
        assert all(len(losses(trial)) == 6 for trial in found.trials)
        assert [trial.value for trial in found.trials] == [of(losses(trial)) for trial in found.trials]
        assert study.best(found).value == min(trial.value for trial in found.trials)


def test_what_is_trained_is_what_is_printed(toy):
    found = study.search(toy, 3, device="cpu")
    winner = study.best(found)
    command = studying.train_command(toy, toy.settings.changed(**winner.user_attrs["settings"]))
    pairs = [word.split("=") for word in command.split() if "=" in word]
    _, run = toy.train(0, toy.settings.changed(**dict(pairs)), device="cpu")
    assert run.progress.history[-1]["loss"] == winner.value
    assert all(len(value.replace(".", "").lstrip("0")) <= 3 for _, value in pairs)


def test_hopeless_trials_are_stopped_and_count(toy):
    found = study.search(toy, 16, device="cpu")
    stopped = [losses(trial) for trial in found.trials if trial.state == TrialState.PRUNED]
    complete = [losses(trial) for trial in found.trials if trial.state == TrialState.COMPLETE]
    assert stopped and all(3 <= len(looks) < 6 for looks in stopped)
    assert len(stopped) + len(complete) == len(study.finished(found)) == 16
    assert min(map(min, stopped)) > min(looks[-1] for looks in complete)


def test_a_loss_that_is_not_finite_ends_a_trial_but_not_the_study(toy, monkeypatch):
    monkeypatch.setitem(SPACE, "lr", study.Range(0.01, 1000.0, log=True))
    loud = replace(toy, settings=toy.settings.changed(optimizer="sgd"))

    def make(settings, seed, device):
        task = toy.make(settings, seed, device)
        if settings.lr > 1:
            task.loss = lambda model, batch: problem.loss(model, batch) * math.inf
        return task

    found = study.search(replace(loud, make=make), 6, device="cpu")
    lost = [trial for trial in found.trials if trial.user_attrs["settings"]["lr"] > 1]
    assert lost and all(trial.state == TrialState.PRUNED for trial in lost)
    assert len(study.importances(found)) in (0, 2)
    result = studying.result(loud, loud.settings, found, "cpu", "")
    assert json.loads(json.dumps(result, allow_nan=False))["trials"] == {"finished": 6, "stopped": len(lost)}


def test_a_validation_loss_that_is_not_a_number_ends_a_trial_too(toy):
    def make(settings, seed, device):
        return replace(toy.make(settings, seed, device), validate=lambda model: {"loss": math.nan})

    found = study.search(replace(toy, make=make), 3, device="cpu")
    assert [trial.state for trial in found.trials] == [TrialState.PRUNED] * 3
    assert study.importances(found) == {} and study.best(found) is None
    with pytest.raises(TrainingError, match="none of 3 trials came to its end with a finite loss"):
        studying.result(toy, toy.settings, found, "cpu", "")


def test_the_setting_that_decides_has_the_largest_share():
    found = optuna.create_study()
    where = {"lr": FloatDistribution(1e-4, 1e-1, log=True), "momentum": FloatDistribution(0, 1)}
    for i in range(40):
        lr, momentum = 10 ** (-4 + 3 * (i * 0.618 % 1)), i * 0.414 % 1
        trial = {"params": {"lr": lr, "momentum": momentum}, "distributions": where}
        if lr < 1e-3:  # a third of the space, on its logarithmic scale
            found.add_trial(create_trial(**trial, value=math.exp(momentum)))
        else:  # all stopped: without them, lr would seem not to matter
            looks = {1: 99.0, 2: math.exp(4 + momentum)}
            found.add_trial(create_trial(**trial, state=TrialState.PRUNED, intermediate_values=looks))
    shares = study.importances(found)
    assert list(shares) == ["lr", "momentum"] and shares["lr"]["mean"] > 0.9
    assert sum(share["mean"] for share in shares.values()) < 1
    assert study.importances(optuna.create_study()) == {}


def test_a_storage_is_gone_on_with(toy, tmp_path, monkeypatch):
    place = tmp_path / "below" / "study.journal"
    first = told(study.search(toy, 3, storage=place, device="cpu"))
    again = study.search(toy, 5, storage=place, device="cpu")
    assert told(again)[:3] == first and len(again.trials) == 5
    assert told(study.search(toy, 2, storage=place, device="cpu")) == told(again)
    assert told(again) == told(study.search(toy, 5, device="cpu")), "as if it had never been interrupted"
    with pytest.raises(TrainingError, match="other settings: epochs=6 there, 7 here"):
        study.search(toy, 9, toy.settings.changed(epochs=7), storage=place, device="cpu")
    monkeypatch.setitem(SPACE, "batch_size", study.Choice((8, 32)))
    with pytest.raises(TrainingError, match=r"other settings: space=.*\(8, 16\).* there, .*\(8, 32\).* here"):
        study.search(toy, 9, storage=place, device="cpu")


def test_what_is_wrong_is_said(toy, tmp_path):
    with pytest.raises(TrainingError, match="lr is searched for: it cannot be fixed"):
        study.search(toy, 1, toy.settings.changed(lr=0.5))
    with pytest.raises(TrainingError, match=r"names-mlp has no search space.*known: digits-mlp, digits-cnn"):
        study.search(recipes.find("names-mlp"), 1)
    (tmp_path / "study.journal").write_text("not a journal\n")
    for place in (str(tmp_path / "study.journal"), "sqlite:////no/such/folder/a.db", "nonsense://x"):
        with pytest.raises(TrainingError, match="cannot open the study in"):
            study.search(toy, 1, storage=place, device="cpu")


# --- several processes


def start(trials, storage, folder):
    """Start `nbcourse study` as a process of its own."""
    command = [sys.executable, "-m", "nbcourse", "study", "digits-mlp", "--trials", str(trials)]
    command += ["--device", "cpu", "--set", "epochs=2", "--storage", storage]
    command += ["--out", str(folder / "study.json")]
    variables = {**os.environ, "NBCOURSE_RUNS": str(folder), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def opened(storage, trials):
    """The same study, gone on with in this process."""
    recipe = recipes.find("digits-mlp")
    return study.search(recipe, trials, recipe.settings.changed(epochs=2), storage=storage, device="cpu")


def test_two_processes_that_start_at_once_finish_a_study_together(tmp_path):
    storage = f"sqlite:///{tmp_path}/study.db"
    both = [start(6, storage, tmp_path) for _ in range(2)]
    outputs = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    trials = opened(storage, 0).trials
    assert [trial.number for trial in trials] == list(range(len(trials)))
    assert all(trial.state in study.FINISHED for trial in trials)
    assert len(trials) in (6, 7), "one process may be at its last trial when the other finishes the sixth"
    lines = "".join(out for out, _ in outputs)
    assert all(lines.count(f"trial {trial.number}: ") == 1 for trial in trials), "each was run once"
    drawn = {tuple(trial.params.values()) for trial in trials}
    assert len(drawn) >= len(trials) - 1, "at most the recipe's own settings were tried twice"
    result = json.loads((tmp_path / "study.json").read_text())
    assert result["trials"]["finished"] in (6, 7) and result["best"]["loss"] <= result["own"]["loss"]


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
def test_a_killed_process_leaves_a_study_that_others_go_on_with(tmp_path):
    storage = str(tmp_path / "study.journal")
    with start(1000, storage, tmp_path) as process:
        next(line for line in process.stdout if line.startswith("trial 1: "))
        together = opened(storage, 6)  # beside the other process, on the same file
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    before = len(study.finished(together))
    assert before >= 6
    found = opened(storage, before + 2)
    assert len(study.finished(found)) == before + 2
    assert [trial.number for trial in found.trials] == list(range(len(found.trials)))
    cut_off = [trial for trial in found.trials if trial.state not in study.FINISHED]
    assert len(cut_off) <= 1 and all(trial.state == TrialState.RUNNING for trial in cut_off)
