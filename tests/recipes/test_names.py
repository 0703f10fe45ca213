"""First names: rows between zeros, the loss of a character, and what a table of pairs must reach."""

import math
import os
from itertools import pairwise

import pytest
import torch
from torch import nn

from nbcourse import recipes
from nbcourse.datasets import texts
from nbcourse.datasets.texts import Words
from nbcourse.recipes import names
from nbcourse.recipes.language import IGNORED, Characters, mean_loss, token_loss

CPU = torch.device("cpu")
LETTERS = Characters("abcdefghijklmnopqrstuvwxyz", reserved=1)


@pytest.fixture
def few(monkeypatch):
    """Put a few names, among them one of a single letter, in place of the file."""
    found = Words(["anna", "bo", "i", "maria", "noa"] * 8, ["ana", "mario"], ["joan", "b"])
    monkeypatch.setattr(texts, "names", lambda: found)
    return found


def test_a_row_is_a_name_between_two_zeros():
    inputs, targets = names.as_rows(["ab", "c"], LETTERS, 4)
    assert inputs.tolist() == [[0, 1, 2, 0], [0, 3, 0, 0]]
    assert targets.tolist() == [[1, 2, 0, IGNORED], [3, 0, IGNORED, IGNORED]]


def test_the_loss_is_the_mean_over_all_characters_and_ends(few):
    rows = names.as_rows(few.train, LETTERS, 9)
    scores = torch.randn(27, 27, generator=torch.Generator().manual_seed(0))
    table = nn.Embedding.from_pretrained(scores)
    logs = scores.log_softmax(1)
    rounds = [[0, *LETTERS.encode(name), 0] for name in few.train]
    pairs = [pair for numbers in rounds for pair in pairwise(numbers)]
    expected = -sum(logs[pair].item() for pair in pairs) / len(pairs)
    for size in (1, 3, 512):  # parts of unlike length weigh by their characters
        assert mean_loss(table, *rows, size) == pytest.approx(expected, rel=1e-5)
    assert mean_loss(nn.Embedding.from_pretrained(torch.zeros(27, 27)), *rows) == pytest.approx(math.log(27))


@pytest.mark.parametrize("rung", ["bigram", "mlp", "rnn", "gru", "transformer"])
def test_a_batch_is_computed_as_far_as_its_longest_name(few, rung):
    task = recipes.find(f"names-{rung}").make(recipes.find(f"names-{rung}").settings, 0, CPU)
    model = task.model.eval()
    batch = names.as_rows(["bo", "noa"], LETTERS, 16 if rung != "transformer" else model.context)
    short, whole = task.loss(model, batch), token_loss(model, batch)
    assert short.item() == pytest.approx(whole.item(), rel=1e-5)
    seen = []
    handle = model.register_forward_hook(lambda _, inputs, __: seen.append(tuple(inputs[0].shape)))
    task.loss(model, batch)
    handle.remove()
    assert seen == [(2, 4)]


@pytest.mark.parametrize("rung", ["bigram", "mlp", "rnn", "gru", "transformer"])
def test_no_rung_sees_the_letter_that_it_must_say(few, rung):
    recipe = recipes.find(f"names-{rung}")
    model = recipe.make(recipe.settings, 0, CPU).model.eval()
    tokens = torch.tensor([[0, 1, 2, 3, 4]])
    other = tokens.clone()
    other[0, 3] = 9
    with torch.no_grad():
        a, b = model(tokens), model(other)
    assert a.shape == (1, 5, 27)
    torch.testing.assert_close(a[:, :3], b[:, :3])
    assert not torch.allclose(a[:, 3], b[:, 3])


@pytest.mark.parametrize("rung", ["mlp", "gru", "transformer"])
def test_few_names_are_learned(few, rung):
    recipe = recipes.find(f"names-{rung}")
    changed = {"dropout": 0} if rung == "transformer" else {}
    settings = recipe.settings.changed(steps=60, batch_size=8, weight_decay=0, **changed)
    history = recipe.run(0, settings, device="cpu")["history"]
    assert history[-1]["train_loss"] < 1.0 < history[0]["train_loss"]


def test_the_transformer_has_the_published_size():
    recipe = recipes.find("names-transformer")
    model = names.transformer(27, 16, 0.0)
    assert sum(p.numel() for p in model.parameters()) == pytest.approx(200_000, rel=0.02)
    assert recipe.target.value == 1.92


@pytest.mark.skipif("NBCOURSE_DATA" not in os.environ, reason="NBCOURSE_DATA names no folder with the names")
def test_pairs_of_letters_reach_what_counting_reaches():
    words = texts.names()
    assert [len(part) for part in words] == [25_626, 3_203, 3_204]
    counts = torch.ones(27, 27)  # one of each: no pair is impossible
    for name in words.train:
        numbers = [0, *LETTERS.encode(name), 0]
        for pair in pairwise(numbers):
            counts[pair] += 1
    counted = nn.Embedding.from_pretrained((counts / counts.sum(1, keepdim=True)).log())
    recipe = recipes.find("names-bigram")
    task = recipe.make(recipe.settings, 0, CPU)
    learned = recipe.run(0, recipe.settings.changed(epochs=2), device="cpu")["history"][-1]["loss"]
    assert learned == pytest.approx(task.validate(counted)["loss"], abs=0.01)
