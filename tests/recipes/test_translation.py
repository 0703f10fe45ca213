"""Translation of captions: what is learned from, what is scored, and how."""

import os
import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from nbcourse import datasets, recipes
from nbcourse.datasets.registry import known
from nbcourse.datasets.texts import Pairs
from nbcourse.datasets.tokens import BytePairs
from nbcourse.models import Translator
from nbcourse.recipes import translation
from nbcourse.recipes.translation import Captions, mean_pair_loss, pair_loss, scored, translate
from nbcourse.train import Settings, TrainingError, fit
from tests.datasets.published import set_of

WHO = {"Ein Mann": "A man", "Eine Frau": "A woman", "Das Mädchen": "The girl", "Zwei Hunde": "Two dogs"}
HOW = {"müde": "tired", "leise": "quiet", "groß": "tall", "“froh”": "“glad”"}
WHERE = {"im Wald": "in the forest", "am Fluss": "at the river", "auf der Straße": "on the street"}
CAPTIONS = Pairs(
    [f"{who}, {how}, {where}." for who in WHO for how in HOW for where in WHERE],
    [f"{who}, {how}, {where}." for who in WHO.values() for how in HOW.values() for where in WHERE.values()],
)
MIXED = random.Random(0).sample(range(48), 48)
PARTS = [
    Pairs(*([side[i] for i in rows] for side in CAPTIONS)) for rows in (MIXED[:32], MIXED[32:40], MIXED[40:])
]


@pytest.fixture
def captions(monkeypatch, tmp_path):
    """Write captions in the form in which the real ones are published; the six files are in order."""

    def write(train=PARTS[0], validation=PARTS[1], test=PARTS[2]):
        files = {}
        for part, pairs in (("train", train), ("val", validation), ("test_2016_flickr", test)):
            for language, side in zip(("de", "en"), pairs, strict=True):
                files[f"multi30k/{part}.{language}"] = ("\n".join(side) + "\n").encode()
        monkeypatch.setenv("NBCOURSE_DATA", str(tmp_path))
        monkeypatch.setitem(datasets.registry.SETS, "multi30k", set_of(files, tmp_path))

    write()
    return write


def tokens_of(pairs, size=400):
    return BytePairs([text.lower() for side in pairs for text in side], size)


def small(vocabulary, seed=0, **changed):
    torch.manual_seed(seed)
    sizes = {"width": 32, "heads": 2, "layers": 1, "inner": 64, "dropout": 0.0, "context": 128} | changed
    return Translator(vocabulary, **sizes)


# --- scores


def test_perfect_translations_have_a_bleu_of_100_and_shifted_ones_a_low_one():
    english = CAPTIONS.target
    assert scored(english, english) == pytest.approx({"bleu": 100, "chrf": 100})
    assert scored([text.upper() for text in english], english)["bleu"] == pytest.approx(100)
    words = [f"number{i} stands here beside number{i + 1} and number{i + 2}" for i in range(50)]
    assert scored(words[1:] + words[:1], words)["bleu"] < 20


def test_the_score_is_the_published_formula():
    """Four words right out of five, one place wrong: precisions 4/5, 3/4, 2/3, 1/2, and nothing is short."""
    expected = 100 * (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25
    assert scored(["a b c d x"], ["a b c d e"])["bleu"] == pytest.approx(expected)


def test_a_missing_sacrebleu_is_told_before_the_data_are_read(monkeypatch, captions):
    monkeypatch.setitem(sys.modules, "sacrebleu", None)
    monkeypatch.setitem(sys.modules, "sacrebleu.metrics", None)
    monkeypatch.setattr(translation.texts, "multi30k", lambda: pytest.fail("the data were read"))
    with pytest.raises(
        TrainingError, match=r"scored by sacrebleu, which is not here .*pip install sacrebleu"
    ):
        recipes.find("multi30k-small").run(0, device="cpu")


# --- sentences as tokens


def test_captions_come_back_from_their_tokens():
    odd = Pairs(["Grüße  aus\tKöln! ", "", "<end> 1/2 “so” …"], [" a man", "The END.", "naïve café 🙂"])
    tokens = tokens_of(CAPTIONS)
    for pairs in (CAPTIONS, odd):
        found = Captions(pairs, tokens, "training")
        assert [tokens.decode(row) for row in found.source] == [text.lower() for text in pairs.source]
        assert [tokens.decode(row) for row in found.target] == [text.lower() for text in pairs.target]
        assert found.reference == pairs.target
        for source, target in zip(found.source, found.target, strict=True):
            assert source[-1] == target[-1] == tokens.end and target[0] == tokens.start
            assert {tokens.start, tokens.end}.isdisjoint(source[:-1] + target[1:-1])


@pytest.mark.parametrize("side", [0, 1])
def test_a_sentence_that_is_too_long_is_named(side):
    pairs = [["kurz"] * 3, ["short"] * 3]
    tokens = BytePairs(["kurz", "short"], 259)  # a token for each byte
    pairs[side][1] = "x" * 127
    assert len(Captions(Pairs(*pairs), tokens, "validation").source) == 3
    pairs[side][1] = "x" * 128
    with pytest.raises(TrainingError, match="at most 127 tokens, got 128 in line 2 of the validation part"):
        Captions(Pairs(*pairs), tokens, "validation")


def test_byte_pairs_are_learned_from_the_training_part_alone(monkeypatch, captions):
    given = []

    class Watched(BytePairs):
        def __init__(self, texts, size):
            given.extend(texts)
            super().__init__(texts, size)

    monkeypatch.setattr(translation, "BytePairs", Watched)
    recipe = recipes.find("multi30k-small")
    recipe.make(recipe.settings, 0, "cpu")
    assert given == [text.lower() for side in PARTS[0] for text in side]


# --- loss and translations


@torch.no_grad()
def test_the_loss_counts_each_token_once_and_no_padding():
    tokens = tokens_of(CAPTIONS)
    data, model = Captions(CAPTIONS, tokens, "training"), small(len(tokens)).eval()
    total = count = 0
    for source, target in zip(data.source, data.target, strict=True):
        log_p = model(torch.tensor([source]), torch.tensor([target]))[0].log_softmax(-1)
        total -= sum(log_p[i, following].item() for i, following in enumerate(target[1:]))
        count += len(target) - 1
    assert mean_pair_loss(model, data, "cpu", size=7) == pytest.approx(total / count, rel=1e-5)


def test_translations_stand_in_the_order_of_their_sources():
    tokens = tokens_of(CAPTIONS)
    data, model = Captions(CAPTIONS, tokens, "test"), small(len(tokens), dropout=0.5).eval()
    torch.nn.init.normal_(model.decoder.layers[0].multihead_attn.out_proj.weight)
    source = data.source[::5]
    alone = [translate(model, [row], tokens, "cpu", beams=2, alpha=1.0)[0] for row in source]
    assert len(set(alone)) > 3
    for size in (3, 100):
        assert translate(model, source, tokens, "cpu", beams=2, alpha=1.0, size=size) == alone


def test_a_small_model_learns_to_translate(captions):
    """Sentences that it has not seen, put together from words that it has."""
    settings = Settings(steps=200, batch_size=16, lr=1e-2, clip=1.0, validate_every=200)
    torch.manual_seed(0)
    task = translation._make(settings, 0, "cpu", 400, layers=1, heads=2, width=32, inner=64, dropout=0.0)
    assert task.validate(task.model.eval())["bleu"] < 10
    run = fit(task.model, task.batches, task.loss, settings, validate=task.validate, device="cpu")
    row = run.progress.history[-1]
    assert row["bleu"] > 80 and row["loss"] < 0.5
    assert run.measure(task.test)["bleu"] > 80


# --- the recipes


@pytest.mark.parametrize("name", ["multi30k", "multi30k-small"])
def test_two_steps(name, captions, monkeypatch):
    """The test part is scored once, at the end; before, only the validation part is."""
    monkeypatch.setattr(translation, "LONGEST", 5)
    references = []
    monkeypatch.setattr(
        translation, "scored", lambda found, ref: references.append(ref) or scored(found, ref)
    )
    recipe = recipes.find(name)
    settings = recipe.settings.changed(steps=2, batch_size=4, validate_every=1, precision="float32")
    result = recipe.run(0, settings, device="cpu")
    assert references == [PARTS[1].target, PARTS[1].target, PARTS[2].target]
    assert result["steps"] == 2 and set(result["test"]) == {"bleu", "chrf"}
    assert result["metric"] == result["test"]["bleu"]
    assert set(result["history"][0]) >= {"loss", "bleu", "train_loss"}
    assert "case:lc" in result["notes"]["bleu"] and "tok:13a" in result["notes"]["bleu"]
    assert "version:" in result["notes"]["bleu"] and "nrefs:1" in result["notes"]["chrf"]


def test_settings_reach_model_and_loss(captions):
    recipe = recipes.find("multi30k-small")
    changed = recipe.settings.changed(dropout=0.45, label_smoothing=0.0)
    task = recipe.make(changed, 0, "cpu")
    assert {m.p for m in task.model.modules() if isinstance(m, torch.nn.Dropout)} == {0.45}
    own = recipe.make(recipe.settings.changed(dropout=-1), 0, "cpu").model
    assert own.drop.p == 0.1
    batch = next(task.batches(0))
    model = task.model.eval()
    assert task.loss(model, batch).item() == pytest.approx(pair_loss(model, batch).item())
    smooth = recipe.make(recipe.settings.changed(label_smoothing=0.3), 0, "cpu").loss(model, batch).item()
    assert smooth == pytest.approx(pair_loss(model, batch, 0.3).item())
    assert smooth != pytest.approx(pair_loss(model, batch).item(), abs=1e-3)


FILES = [Path(os.environ.get("NBCOURSE_DATA") or "-").expanduser() / f.path for f in known("multi30k").files]


@pytest.mark.skipif(
    not all(path.is_file() for path in FILES), reason="NBCOURSE_DATA names no folder with Multi30k's files"
)
def test_two_steps_on_the_real_captions(monkeypatch):
    """The first of each part: all of them take longer."""
    data = datasets.multi30k()
    parts = {name: getattr(data, name) for name in ("train", "validation", "test")}
    first = {name: Pairs(*(side[:100] for side in pairs)) for name, pairs in parts.items()}
    monkeypatch.setattr(translation.texts, "multi30k", lambda: replace(data, **first))
    monkeypatch.setattr(translation, "LONGEST", 5)
    recipe = recipes.find("multi30k-small")
    result = recipe.run(0, recipe.settings.changed(steps=2, validate_every=2), device="cpu")
    assert 0 <= result["metric"] < 5 and result["history"][-1]["loss"] < 20
