"""Recipes on pictures: each learns from published formats; the ladder's rungs differ in one thing."""

from dataclasses import asdict, fields, replace
from itertools import pairwise

import pytest
import torch
from torch import nn

from nbcourse import recipes
from nbcourse.models import LeNet
from nbcourse.recipes import mnist, mnist_ladder
from nbcourse.recipes.ensemble import Ensemble
from nbcourse.recipes.mnist_ladder import RUNGS
from nbcourse.train import fit

PICTURES = [
    name
    for name, recipe in recipes.load_all().items()
    if {"mnist", "fashion-mnist", "cifar-10"} & set(recipe.data)
]
CPU = torch.device("cpu")


@pytest.mark.parametrize("name", PICTURES)
def test_two_steps_of_each(pictures, name):
    recipe = recipes.find(name)
    settings = recipe.settings.changed(steps=2, batch_size=6, warmup=0.0)
    task = recipe.make(settings, 0, CPU)
    before = {key: value.clone() for key, value in task.model.state_dict().items()}
    run = fit(task.model, task.batches, task.loss, settings, device="cpu")
    moved = [key for key, p in task.model.named_parameters() if not torch.equal(before[key], p)]
    assert len(moved) == len(list(task.model.parameters()))
    found = run.measure(task.test)
    assert {"loss", "accuracy", "errors"} == set(found) and 0 <= found["accuracy"] <= 100
    pictures_, classes = next(task.batches(0))
    assert pictures_.shape[0] == 6 and pictures_.dtype == torch.float32 and len(classes) == 6


def test_there_are_all_of_them():
    assert set(PICTURES) == {
        *("mnist-cnn", "mnist-fast", "mnist-small", "mnist-small-decay"),
        *("fashion-cnn", "fashion-resnet", "cifar10-resnet", "mnist-ladder-ensemble"),
        *("mnist-ladder-deep", "mnist-ladder-top"),
        *(f"mnist-ladder-{name}" for name in ("shallow", "conv", "conv2", "relu", "augment", "dropout")),
    }


# the race


def raced(monkeypatch, accuracies, target=99.4):
    history = [{"seconds": 1.5 * i, "accuracy": a} for i, a in enumerate(accuracies, 1)]
    monkeypatch.setattr(recipes.recipe.Recipe, "run", lambda self, seed, settings=None: {"history": history})
    return recipes.find("mnist-fast").run(0)["goal_seconds"]


def test_the_race_ends_at_the_first_look_at_the_target(monkeypatch):
    assert raced(monkeypatch, [98.0, 99.39, 99.4, 99.1, 99.6]) == 4.5
    assert raced(monkeypatch, [98.0, 99.39]) is None


# 1,000 pictures


def test_a_thousand_pictures_and_only_the_decay_differs(pictures):
    plain, decayed = recipes.find("mnist-small"), recipes.find("mnist-small-decay")
    one, other = asdict(plain.settings), asdict(decayed.settings)
    assert {key for key in one if one[key] != other[key]} == {"weight_decay"}
    assert plain.settings.weight_decay == 0 < decayed.settings.weight_decay and plain.make is decayed.make
    torch.manual_seed(0)
    task = mnist.make_small(plain.settings, 0, CPU)
    assert task.batches.n == 1000 and len(task.batches) == 100
    sizes = [p.shape for p in task.model.parameters()]
    assert sizes == [(30, 784), (30,), (10, 30), (10,)]
    assert task.model[1].weight.std().item() == pytest.approx(1, abs=0.02)
    assert any(isinstance(layer, nn.Sigmoid) for layer in task.model)


# the ladder


def test_each_rung_differs_from_the_one_below_in_what_it_names():
    named = [{"filters"}, {"filters"}, {"activation"}, {"augment"}, {"hidden", "dropout"}]
    told = ("new", "published")
    for (one, other), expected in zip(pairwise(RUNGS.values()), named, strict=True):
        changed = {f.name for f in fields(one) if getattr(one, f.name) != getattr(other, f.name)}
        assert changed - set(told) == expected
    published = [rung.published for rung in RUNGS.values()]
    assert published == sorted(published) == [97.80, 98.78, 99.06, 99.23, 99.37, 99.60]


def test_all_rungs_have_one_schedule_and_five_networks_stand_on_top():
    *rungs, ensemble, deep, top = mnist_ladder.RECIPES
    assert len({recipe.settings for recipe in (*rungs, ensemble)}) == 1 and ensemble.settings.epochs <= 10
    assert isinstance(ensemble, Ensemble) and ensemble.members == 5 and ensemble.looks == ((0, 0),)
    assert ensemble.make == rungs[-1].make and not any(isinstance(r, Ensemble) for r in (*rungs, deep))
    assert top.make == deep.make and top.members == 5 and len(top.looks) == 9
    chosen = {"lr": 0.01, "weight_decay": 0.05, "precision": "bfloat16"}
    assert top.settings == deep.settings == replace(ensemble.settings, **chosen)


def test_the_rungs_networks_are_what_they_say(pictures):
    def layers(name):
        recipe = recipes.find(f"mnist-ladder-{name}")
        return [type(layer) for layer in recipe.make(recipe.settings, 0, CPU).model]

    convolution = [nn.Conv2d, nn.MaxPool2d, nn.BatchNorm2d]
    assert layers("shallow") == [nn.Flatten, nn.Linear, nn.Sigmoid, nn.Linear]
    assert layers("conv") == [*convolution, nn.Sigmoid, nn.Flatten, nn.Linear, nn.Sigmoid, nn.Linear]
    assert layers("conv2").count(nn.Conv2d) == 2 and nn.ReLU not in layers("conv2")
    assert layers("relu") == [nn.ReLU if layer is nn.Sigmoid else layer for layer in layers("conv2")]
    assert layers("augment") == layers("relu") and nn.Dropout in layers("dropout")
    pair = [nn.Conv2d, nn.BatchNorm2d, nn.ReLU] * 2 + [nn.MaxPool2d]
    assert layers("deep") == [*pair * 3, nn.Flatten, nn.Dropout, nn.Linear]


def test_a_dropout_that_is_asked_for_reaches_the_network(pictures):
    recipe = recipes.find("mnist-ladder-dropout")
    model = recipe.make(recipe.settings.changed(dropout=0.3), 0, CPU).model
    assert {layer.p for layer in model if isinstance(layer, nn.Dropout)} == {0.3}


def test_pooling_first_is_the_same_for_a_rising_activation():
    model, x = LeNet((3,), (8,)), torch.randn(4, 1, 28, 28)
    conv, pool, activation, *rest = model
    assert torch.equal(nn.Sequential(conv, activation, pool, *rest)(x), model(x))
