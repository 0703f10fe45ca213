"""MNIST-1D: the parts, the control, and models of the published sizes that learn what they should."""

import pytest
import torch

from nbcourse import datasets, recipes
from nbcourse.recipes import mnist1d

CPU = torch.device("cpu")
# Parameters of the models that Greydanus and Kobak (2024) compare.
PARAMETERS = {"logistic": 410, "mlp": 15_210, "cnn": 5_210, "gru": 5_134}


@pytest.fixture(scope="module")
def signals():
    return datasets.mnist1d()


@pytest.fixture(autouse=True)
def generated_once(signals, monkeypatch):
    monkeypatch.setattr(datasets, "mnist1d", lambda: signals)


def task(name):
    recipe = recipes.find(f"mnist1d-{name}")
    return recipe.make(recipe.settings, 0, CPU)


@pytest.mark.parametrize("name", PARAMETERS)
def test_models_have_the_published_sizes(name):
    for control in ("", "-shuffled"):
        model = task(name + control).model
        assert sum(p.numel() for p in model.parameters()) == PARAMETERS[name]
        assert model(torch.randn(3, 40)).shape == (3, 10)


def test_the_parts_share_no_signal(signals):
    X, y = task("logistic").batches.tensors
    assert X.shape == (3600, 40) and y.shape == (3600,)
    validation = torch.tensor(signals.train.X[3600:], dtype=torch.float32)
    assert len(validation) == 400
    assert not (X[:, None, :4] == validation[:, :4]).all(-1).any()


@pytest.mark.parametrize("part, n", [("validate", 400), ("test", 1000)])
def test_scores_count_the_right_part(signals, part, n):
    y = signals.train.y[3600:] if part == "validate" else signals.test.y

    def always_three(x):
        return torch.eye(10)[3].repeat(len(x), 1)

    found = getattr(task("logistic"), part)(always_three)
    assert found["errors"] == (y != 3).sum() and found["accuracy"] == pytest.approx(100 * (y == 3).mean())
    assert found["errors"] + round(found["accuracy"] * n / 100) == n


def test_the_control_moves_the_same_points_of_every_signal(signals):
    plain, control = task("cnn").batches.tensors, task("cnn-shuffled").batches.tensors
    assert torch.equal(plain[1], control[1])
    order = [int((plain[0] == control[0][:, [i]]).all(0).nonzero()) for i in range(40)]
    assert sorted(order) == list(range(40)) != order
    assert torch.equal(plain[0][:, order], control[0])


@pytest.mark.parametrize(
    "name, steps, least",
    [("logistic", 300, 24), ("mlp", 300, 45), ("mlp-shuffled", 300, 45), ("cnn", 300, 60)],
)
def test_models_learn(name, steps, least):
    recipe = recipes.find(f"mnist1d-{name}")
    result = recipe.run(0, recipe.settings.changed(steps=steps, validate_every=steps), device="cpu")
    assert least < result["history"][-1]["accuracy"] < 99


def test_eight_recipes_with_the_published_numbers():
    found = {name: recipe.target.value for name, recipe in recipes.load_all().items() if "mnist1d" in name}
    assert list(found.values()) == [32, 32, 68, 68, 94, 56, 91, 57] and len(mnist1d.RECIPES) == 8
