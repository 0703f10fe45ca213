"""Film reviews: who is tested on what, what the networks start from, and that each of them can learn."""

import math
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from nbcourse import datasets, recipes
from nbcourse.datasets.registry import SETS, known
from nbcourse.datasets.tokens import Buckets
from nbcourse.models import BagOfWords
from nbcourse.recipes import results, reviews
from nbcourse.recipes.reviews import (
    Sentences,
    begun_as_naive_bayes,
    begun_small,
    log_count_ratios,
    with_pairs,
)
from nbcourse.train import TrainingError
from tests.datasets.published import set_of

NETWORKS = ("bag", "words", "cnn", "lstm", "transformer")
WORDS = {"pos": ("warm", "funny", "alive"), "neg": ("cold", "dull", "dead")}


@pytest.fixture
def published(monkeypatch, tmp_path):
    """Write 2 × 100 sentences as the real ones are published: the last word of each is its own."""
    files = {
        f"reviews/rt-polarity.{kind}": "".join(
            f"the film is {words[i % 3]} and , {words[i % 2]} {kind}{i} \n" for i in range(100)
        ).encode()
        for kind, words in WORDS.items()
    }
    monkeypatch.setenv("NBCOURSE_DATA", str(tmp_path))
    monkeypatch.setitem(SETS, "reviews", set_of(files, tmp_path))


def is_real():
    folder = os.environ.get("NBCOURSE_DATA")
    return bool(folder) and all((Path(folder) / file.path).is_file() for file in known("reviews").files)


@pytest.fixture(params=["published form", "real"])
def data(request):
    """Sentences of ours in the published form; then the real ones, where they are at hand."""
    if request.param != "real":
        request.getfixturevalue("published")
    elif not is_real():
        pytest.skip("NBCOURSE_DATA names no folder with the files of reviews")


def test_ten_folds_share_no_sentence_and_each_has_both_classes(data):
    every = datasets.reviews()
    tested = []
    for seed in range(10):
        parts = reviews.parts(seed)
        sizes = {name: len(sentences) for name, (sentences, _) in parts.items()}
        assert sum(sizes.values()) == len(every.texts)
        assert sizes["validation"] == (sizes["train"] + sizes["validation"]) // 20
        assert all(len(sentences) == len(y) and len(set(y)) == 2 for sentences, y in parts.values())
        assert abs(parts["test"][1].mean() - 0.5) < 0.01
        tested += parts["test"][0]
        listed = [sentence for sentences, _ in parts.values() for sentence in sentences]
        assert sorted(listed) == sorted(every.texts)  # each sentence is in one part, once
    assert sorted(tested) == sorted(every.texts)


def test_labels_stay_with_their_sentences(published):
    for sentences, y in reviews.parts(3).values():
        assert [int(" pos" in sentence) for sentence in sentences] == y.tolist()


def test_an_eleventh_run_tests_the_first_fold_again(published):
    first, again = reviews.parts(0), reviews.parts(10)
    assert first["test"][0] == again["test"][0] and first["validation"][0] != again["validation"][0]


@pytest.mark.parametrize("prepare, more", [(str, 0), (with_pairs, 1)])
def test_the_vocabulary_knows_training_sentences_only(published, monkeypatch, prepare, more):
    seen = []
    true = reviews.Vocabulary
    monkeypatch.setattr(reviews, "Vocabulary", lambda texts: seen.append(texts) or true(texts))
    size, rows = reviews.encoded(2, prepare)
    parts = reviews.parts(2)
    assert seen == [[prepare(sentence) for sentence in parts["train"][0]]]
    assert all(true.unknown not in row for row in rows["train"][0])
    for name in ("validation", "test"):  # a sentence's own last word, and its pair, cannot be known
        assert all(row.count(true.unknown) >= 1 + more for row in rows[name][0])
    assert size == 2 + len({word for text in seen[0] for word in text.split()})


def test_pairs_follow_the_words_and_stand_once():
    assert with_pairs("so good so good") == "so good so_good good_so"
    assert with_pairs("one") == "one" and with_pairs("") == ""


def test_log_count_ratios_by_hand():
    rows, y = [[2, 3, 2], [2], [3, 4]], np.array([1, 1, 0])
    # with the 1 that all begin with, class 1 counts 1 1 3 2 1 and class 0 counts 1 1 1 2 2
    favour, against = [1 / 8, 1 / 8, 3 / 8, 2 / 8, 1 / 8], [1 / 7, 1 / 7, 1 / 7, 2 / 7, 2 / 7]
    expected = [math.log(p / q) for p, q in zip(favour, against, strict=True)]
    assert log_count_ratios(rows, y, 5).tolist() == pytest.approx(expected)
    turned = log_count_ratios(rows, 1 - y, 5)
    assert torch.allclose(turned, -log_count_ratios(rows, y, 5))


def test_vectors_begin_as_naive_bayes_says():
    rows, y = [[2, 3, 2], [2], [3, 4]], np.array([1, 1, 0])
    weight = begun_as_naive_bayes(BagOfWords(5, width=3), rows, y).embedding.weight
    ratios = log_count_ratios(rows, y, 5)
    assert weight.requires_grad and not weight[0].any()
    assert torch.allclose(weight[1:] / weight[1], (ratios[1:] / ratios[1])[:, None].expand(4, 3))


def test_vectors_begin_small():
    model = begun_small(BagOfWords(500))
    assert model.embedding.weight[1:].std().item() == pytest.approx(0.1, rel=0.05)
    assert model.embedding.weight.requires_grad


def test_words_become_unknown_while_training():
    rows = [[2] * 9] * 300 + [[2] * 5] * 300
    sentences = Sentences(Buckets(rows, np.arange(600), batch_size=50, seed=4), 0.25)
    batches = list(sentences(1))
    assert len(batches) == len(sentences) == 12
    tokens = torch.cat([x.flatten() for x, _ in batches])
    assert set(tokens.tolist()) == {1, 2} and (tokens == 1).double().mean().item() == pytest.approx(
        0.25, abs=0.03
    )
    assert sorted(torch.cat([y for _, y in batches]).tolist()) == list(range(600))
    for (x, y), (x_again, y_again) in zip(batches, sentences(1), strict=True):
        assert torch.equal(x, x_again) and torch.equal(y, y_again)
    assert any(not torch.equal(x, other) for (x, _), (other, _) in zip(batches, sentences(2), strict=True))


def test_padding_never_becomes_unknown():
    ((tokens, _),) = Sentences(Buckets([[2, 2, 2], [2]], np.array([1, 0]), batch_size=2), 0.9)(0)
    assert sorted(row[1:].any().item() for row in tokens) == [False, True]


@pytest.mark.parametrize("name", NETWORKS)
def test_each_network_takes_two_steps(data, name):
    recipe = recipes.find(f"reviews-{name}")
    result = recipe.run(1, recipe.settings.changed(steps=2, validate_every=1), device="cpu")
    assert result["steps"] == 2 and 0 <= result["metric"] == result["test"]["accuracy"] <= 100
    assert math.isfinite(result["history"][-1]["train_loss"])


@pytest.mark.parametrize("name", NETWORKS)
def test_each_network_learns_sentences_of_ours(published, name):
    recipe = recipes.find(f"reviews-{name}")
    result = recipe.run(0, recipe.settings.changed(steps=60, batch_size=16, lr=1e-2), device="cpu")
    assert result["metric"] == 100


@pytest.mark.parametrize("name", NETWORKS)
def test_smoothed_labels_reach_the_loss_and_dropout_is_refused(published, name):
    recipe = recipes.find(f"reviews-{name}")
    one_step = recipe.settings.changed(steps=1)
    plain, smooth = (
        recipe.make(one_step.changed(label_smoothing=share), 0, torch.device("cpu")) for share in (0.0, 0.9)
    )
    batch = torch.ones(8, 3), torch.ones(8, dtype=torch.long)
    certain = lambda tokens: torch.tensor([[0.0, 9.0]]).expand(len(tokens), 2)  # noqa: E731
    assert plain.loss(certain, batch) < 0.01 < 4 < smooth.loss(certain, batch)
    with pytest.raises(TrainingError, match=f"reviews-{name} has no dropout"):
        recipe.run(0, one_step.changed(dropout=0.5), device="cpu")


def test_the_baseline_learns_and_tells_what_a_network_tells(published):
    result = recipes.find("reviews-tfidf").run(4, device="cpu", folder="unused", resume=True, hooks=[print])
    assert result["metric"] == result["test"]["accuracy"] == 100 and result["seed"] == 4
    network = recipes.find("reviews-words")
    run = network.run(4, network.settings.changed(steps=1), device="cpu")
    assert set(run) - set(result) <= {"notes", "steps", "best_step"} and not set(result) - set(run)


def test_no_setting_of_the_baseline_can_be_changed(published):
    baseline = recipes.find("reviews-tfidf")
    assert baseline.run(0, baseline.settings)["metric"] == 100
    for name, value in {"lr": 0.5, "batch_size": 7, "dropout": 0.5, "epochs": 3}.items():
        with pytest.raises(TrainingError, match=f"reviews-tfidf has no {name}: changing it"):
            baseline.run(0, baseline.settings.changed(**{name: value}))


def test_the_baselines_result_names_no_setting(published):
    baseline = recipes.find("reviews-tfidf")
    runs = [baseline.run(0)]
    found = results.result(baseline, baseline.settings, runs, "cpu", "nbcourse train reviews-tfidf")
    assert found["settings"] == {} and found["changed"] == {}
    network = recipes.find("reviews-words")
    assert results.result(network, network.settings, runs, "cpu", "")["settings"]["epochs"] == 5


def test_every_row_stands_beside_the_baseline():
    rows = [recipe for name, recipe in recipes.load_all().items() if name.startswith("reviews-")]
    assert [row.name.removeprefix("reviews-") for row in rows] == ["tfidf", *NETWORKS]
    baseline, *networks = rows
    assert baseline.target is None and {row.target.value for row in networks} == {77.8}
    assert {(row.seeds, row.over) for row in rows} == {(10, "folds")}


def test_a_seed_decides_everything(published):
    recipe = recipes.find("reviews-words")
    recipe = replace(recipe, settings=recipe.settings.changed(epochs=1))
    losses = [recipe.run(seed, device="cpu")["test"]["loss"] for seed in (1, 1, 2)]
    assert losses[0] == losses[1] != losses[2]
