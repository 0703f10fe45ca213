"""Recipes: found by name, repeatable from a seed, honest about the weights, the spread and the target."""

import json
import math
from dataclasses import replace

import pytest
import torch

from nbcourse import recipes
from nbcourse.recipes import UnknownRecipe, results, running
from nbcourse.recipes.recipe import Recipe, Target, Task
from nbcourse.train import Settings, TrainingError
from tests.train import problem


def toy(**changes):
    """A recipe whose validation says that step 5 of 10 was best, and whose test returns the weights' sum."""

    def make(settings, seed, device):
        looks = []

        def validate(model):
            looks.append(1)
            return {"loss": 0.0 if len(looks) == 1 else 1.0}

        from nbcourse.train import Batches

        batches = Batches(*problem.data(), batch_size=settings.batch_size, seed=seed)
        return Task(
            problem.network(seed=seed),
            batches,
            problem.loss,
            validate,
            lambda model: {"score": float(sum(p.sum() for p in model.parameters()))},
        )

    settings = Settings(steps=10, batch_size=8, validate_every=5)
    return replace(Recipe("toy", "A toy", make, settings, metric="score", unit="points"), **changes)


def without_clock(result):
    history = [{k: v for k, v in row.items() if k != "seconds"} for row in result["history"]]
    return {**result, "seconds": 0, "history": history}


def test_every_recipe_is_complete():
    known = recipes.load_all()
    assert {"digits-mlp", "digits-cnn"} <= set(known)
    for name, recipe in known.items():
        assert recipe.name == name == name.lower() and recipe.title
        assert recipe.seeds >= 1 and recipe.minutes >= 0
        assert recipe.target is None or (math.isfinite(recipe.target.value) and recipe.target.source)
        assert recipe.settings.changed() == recipe.settings


def test_an_unknown_recipe_names_the_nearest():
    with pytest.raises(UnknownRecipe, match=r"no recipe 'digits-mpl'; did you mean 'digits-mlp'\?"):
        recipes.find("digits-mpl")


def test_a_seed_decides_everything():
    recipe = recipes.find("digits-mlp")
    settings = recipe.settings.changed(epochs=2)
    one = recipe.run(1, settings, device="cpu")
    torch.rand(3)  # what was drawn before has no influence
    again, other = (recipe.run(seed, settings, device="cpu") for seed in (1, 2))
    assert without_clock(one) == without_clock(again)
    assert one["test"]["loss"] != other["test"]["loss"]
    assert one["metric"] == one["test"]["accuracy"] and one["steps"] == 68


@pytest.mark.parametrize("name, epochs, least", [("digits-mlp", 40, 95.5), ("digits-cnn", 20, 96.5)])
def test_digits_are_learned(name, epochs, least):
    recipe = recipes.find(name)
    result = recipe.run(0, recipe.settings.changed(epochs=epochs), device="cpu")
    assert least < result["metric"] <= 100
    assert result["history"][-1]["loss"] < 0.2  # of the validation part


def test_smoothed_labels_reach_the_loss():
    recipe = recipes.find("digits-mlp")
    plain, smooth = (
        recipe.run(0, recipe.settings.changed(steps=40, label_smoothing=share), device="cpu")
        for share in (0.0, 0.5)
    )
    assert smooth["history"][-1]["train_loss"] > plain["history"][-1]["train_loss"] + 0.2


def test_best_or_last_weights_are_tested(tmp_path):
    last, best = toy().run(0, device="cpu"), toy(best=True).run(0, device="cpu")
    shorter = toy().run(0, toy().settings.changed(steps=10, validate_every=5), device="cpu")
    assert last["metric"] == shorter["metric"] != best["metric"]
    assert best["best_step"] == 5


def test_a_setting_that_the_model_never_reads_is_refused():
    with pytest.raises(TrainingError, match="toy has no dropout: changing it would change nothing"):
        toy().run(0, toy().settings.changed(dropout=0.5), device="cpu")
    with pytest.raises(TrainingError, match="toy has no label_smoothing"):
        toy().run(0, toy().settings.changed(label_smoothing=0.5), device="cpu")


def test_hooks_and_checkpoints_of_each_seed(tmp_path):
    events = []
    for seed in (0, 1):
        toy().run(seed, device="cpu", folder=tmp_path, hooks=[lambda event, run: events.append(event)])
    assert events.count("look") == 4 and events.count("end") == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seed-0", "seed-1"]


@pytest.mark.parametrize(
    "largest, mean, expected",
    [(True, 9.9, False), (True, 10, True), (False, 10, True), (False, 10.1, False), (True, math.nan, False)],
)
def test_whether_the_target_is_reached(largest, mean, expected):
    recipe = toy(target=Target(10, "x"), largest=largest)
    assert results.reached(recipe, mean) is expected
    assert results.reached(toy(), mean) is False


@pytest.mark.parametrize("largest, mean, lead", [(True, 9.96, 0), (True, 9.95, -0.05), (False, 10.049, 0)])
def test_a_published_number_is_reached_to_its_digits(largest, mean, lead):
    target = Target(10, "a paper", 1)
    assert target.lead(mean, largest) == lead and target.lead(11, True) == 1
    assert results.reached(toy(target=target, largest=largest), mean) is (lead == 0)
    assert not results.reached(toy(target=Target(10, "us"), largest=largest), mean)


def test_the_summary_of_seeds():
    assert results.summary([1.0, 2.0, 6.0]) == {
        "mean": 3.0,
        "sd": pytest.approx(math.sqrt(7)),
        "smallest": 1.0,
        "largest": 6.0,
    }
    assert results.summary([2.0])["sd"] is None


def test_a_result_says_what_was_run_and_comes_back_from_its_file(tmp_path):
    recipe = toy(target=Target(-1000, "nowhere"))
    settings = recipe.settings.changed(lr=0.5)
    runs = [recipe.run(seed, settings, device="cpu") for seed in (0, 1)]
    found = results.result(recipe, settings, runs, "cpu", "nbcourse train toy")
    assert found["changed"] == {"lr": 0.5} and "history" not in found["runs"][0]
    path = tmp_path / "a" / "b.json"
    results.write(path, found)
    assert json.loads(path.read_text()) == found
    told = running.closing(recipe, found)
    assert told.endswith("target ≥ -1000 points (nowhere): reached by the mean, with lr=0.5")
    with pytest.raises(ValueError, match="not JSON compliant"):
        results.write(path, {**found, "score": math.nan})
    assert json.loads(path.read_text()) == found


def test_the_closing_line_is_honest():
    found = {"score": {"mean": 3.14159, "sd": 0.02}, "runs": [1, 2], "changed": {}}
    assert running.closing(toy(), found) == "toy: test score 3.142 ± 0.02 points (2 seeds); it has no target"
    found = {"score": {"mean": 3.0, "sd": None}, "runs": [1], "changed": {}}
    told = "toy: test score 3 points (one seed); target ≤ 2 points (us): NOT reached"
    assert running.closing(toy(target=Target(2.0, "us"), largest=False), found) == told


def test_where_runs_lie(monkeypatch, tmp_path):
    monkeypatch.setenv("NBCOURSE_RUNS", str(tmp_path))
    assert running.folder() == tmp_path
    monkeypatch.delenv("NBCOURSE_RUNS")
    assert running.folder().parts[-2:] == ("nbcourse", "runs")


def test_the_commit_is_one_or_none():
    commit = results.commit()
    assert commit is None or len(commit.rstrip("+")) == 12
