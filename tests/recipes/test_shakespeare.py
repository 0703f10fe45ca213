"""Tiny Shakespeare: windows of the text, the loss on all that validates, and the benchmark."""

import json
import math
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from nbcourse import recipes
from nbcourse.datasets import texts
from nbcourse.datasets.texts import Text
from nbcourse.recipes import shakespeare as recipe_file
from nbcourse.recipes.language import token_loss

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))  # scripts, not a package

import shakespeare  # noqa: E402
from workloads import nanogpt  # noqa: E402

CPU = torch.device("cpu")
RECIPE = recipes.find("shakespeare-cpu")


@pytest.fixture
def short_text(monkeypatch):
    """Put a text that says one thing in place of the plays."""
    line = "the quick brown fox jumps over the lazy dog\n"
    monkeypatch.setattr(texts, "shakespeare", lambda: Text(50 * line, 7 * line))


def test_windows_cover_the_text_once():
    inputs, targets = recipe_file._windows(torch.arange(11), 3)
    assert inputs.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert torch.equal(targets, inputs + 1)
    assert len(recipe_file._windows(torch.arange(10), 3)[0]) == 3
    assert len(recipe_file._windows(torch.arange(9), 3)[0]) == 2  # nothing follows the last of the third


def test_the_loss_is_that_of_the_whole_validation_part(short_text):
    task = RECIPE.make(RECIPE.settings, 0, CPU)
    network = task.model.eval()
    text = texts.shakespeare()
    characters = sorted(set(text.train))
    numbers = torch.tensor([characters.index(c) for c in text.validation])
    n = (len(numbers) - 1) // 64
    with torch.no_grad():
        losses = [
            token_loss(network, (numbers[None, i : i + 64], numbers[None, i + 1 : i + 65])).item()
            for i in range(0, 64 * n, 64)
        ]
        assert task.validate(network) == {"loss": pytest.approx(sum(losses) / n, rel=1e-5)}
        assert task.test(network) == task.validate(network)


@pytest.mark.parametrize("name, context, layers, width", [("cpu", 64, 4, 128), ("gpu", 256, 6, 384)])
def test_the_published_architectures(short_text, name, context, layers, width):
    recipe = recipes.find(f"shakespeare-{name}")
    task = recipe.make(recipe.settings, 0, CPU)
    expected = (28 + context) * width + layers * (12 * width**2 + 2 * width) + width  # 28 characters
    assert sum(p.numel() for p in task.model.parameters()) == expected
    assert next(task.batches(0))[0].shape == (recipe.settings.batch_size, context)


def test_a_short_text_is_learned(short_text):
    settings = RECIPE.settings.changed(steps=30, warmup=5, batch_size=4)
    assert RECIPE.run(0, settings, device="cpu")["metric"] < math.log(28) - 1


def test_the_benchmark_times_the_published_model():
    model = nanogpt.NanoGPT(nanogpt.Sizes(), 65)
    ours = RECIPE.settings
    sizes = nanogpt.Sizes()
    assert sum(p.numel() for p in model.parameters()) == 804_096
    assert (sizes.batch, sizes.steps) == (12, 2000) and ours.batch_size == 12
    rates = [nanogpt.rate(i, sizes) for i in (0, 99, 100, 1050, 2000)]
    assert rates == pytest.approx([1e-3 / 101, 1e-3 * 100 / 101, 1e-3, 5.5e-4, 1e-4])


def test_the_benchmark_has_both_learn_and_take_turns(short_text):
    found = shakespeare.measure(
        RECIPE.settings.changed(steps=60, warmup=5), nanogpt.Sizes(steps=70, warmup=5)
    )
    assert [len(found[name][0]) for name in ("recipe", "nanogpt")] == [60, 70]
    assert all(loss < 2.0 for _, loss in found.values())
    assert all(min(seconds) > 0 for seconds, _ in found.values())


def test_neither_the_other_nor_a_look_counts_as_a_step():
    now = [0.0]

    def passes(seconds):
        now[0] += seconds

    turns = shakespeare.Turns(lambda i: passes(100 + i), lambda: now[0])
    for i in range(1, 31):
        passes(1)
        turns("step", SimpleNamespace(finished=i == 30))
        if i % 10 == 0:
            passes(5000)
            turns("look", None)
    assert turns.own == [1.0] * 30
    assert turns.others == [100.0 + i for i in range(30)]


def test_what_the_benchmark_says(capsys):
    found = {"recipe": ([0.02] * 50, 1.7), "nanogpt": ([0.03, 0.05] * 30, 1.9)}
    row = shakespeare.row(found)
    assert row["recipe"] == {"steps": 50, "milliseconds": 20, "seconds": 1.0, "loss": 1.7}
    assert row["training"] == pytest.approx(1 / 2.4, abs=1e-4)
    results = row | {"must": {"loss": 1.85, "training": 1.0}}
    assert shakespeare.missed(results) == [] and "all of training 0.417" in shakespeare.table(results)
    results |= {"training": 1.01, "recipe": row["recipe"] | {"loss": 1.86}}
    assert shakespeare.missed(results) == [
        "loss of the recipe: 1.86, must be ≤ 1.85",
        "time of training / nanoGPT's: 1.01, must be ≤ 1",
    ]


@pytest.mark.skipif(not shakespeare.RESULTS.exists(), reason="nothing is stored yet")
def test_stored_numbers_reach_what_they_must():
    results = json.loads(shakespeare.RESULTS.read_text(encoding="utf-8"))
    assert shakespeare.missed(results) == []
    assert results["must"] == {"loss": shakespeare.LOSS_MUST, "training": shakespeare.TIME_MUST}
    assert results["nanogpt"]["steps"] == 2000 and results["recipe"]["steps"] == RECIPE.settings.steps


@pytest.mark.skipif("NBCOURSE_DATA" not in os.environ, reason="NBCOURSE_DATA names no folder with the text")
def test_the_published_text():
    task = RECIPE.make(RECIPE.settings, 0, CPU)
    assert sum(p.numel() for p in task.model.parameters()) == 804_096
    assert len(task.batches.sequence) == 1_003_854
