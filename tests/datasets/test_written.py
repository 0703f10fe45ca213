"""The sets that need no network: texts written for this course, sentences of two grammars, a series."""

import re
from itertools import chain
from pathlib import Path

import pytest

import nbcourse
from nbcourse import datasets

PACKAGE = Path(nbcourse.__file__).parent


def test_places_are_all_there_once():
    words = list(chain(*datasets.places()))
    assert len(words) == len(set(words)) == 1090
    assert all(re.fullmatch("[a-z]{5,9}", word) for word in words)
    assert [len(part) for part in datasets.places()] == [872, 109, 109]


def test_the_training_part_knows_every_letter():
    train, validation, test = datasets.places()
    assert set("".join(validation + test)) <= set("".join(train))


def test_the_seed_chooses_the_cut_of_places():
    assert datasets.places(5) == datasets.places(5)
    assert datasets.places(5).test != datasets.places(6).test
    with pytest.raises(ValueError, match="seed ≥ 0"):
        datasets.places(-1)


def test_the_list_is_in_order_and_ships_with_the_package():
    lines = (PACKAGE / "datasets" / "places.txt").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    settings = (PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert '"**/*.txt"' in settings


def test_opinions_are_even_and_no_two_alike():
    texts, y, kind = datasets.opinions(800, seed=1)
    assert len(set(texts)) == len(texts) == 800
    for name in datasets.OPINION_KINDS:
        assert (kind == name).sum() == 200 and y[kind == name].sum() == 100


@pytest.mark.parametrize("kind, low, high", [("plain", 1, 1), ("contrast", 0, 0)])
def test_the_words_alone_tell_a_plain_opinion_and_not_a_contrast(kind, low, high):
    praise, blame = (set(datasets.grammar._WORDS[key].split()) for key in ("praise", "blame"))
    found = datasets.opinions(800)
    for text, y, k in zip(*found, strict=True):
        if k == kind:
            balance = len(praise & set(text.split())) - len(blame & set(text.split()))
            assert low <= (balance if y else -balance) <= high, text


def test_a_denied_adjective_turns_the_opinion():
    praise = set(datasets.grammar._WORDS["praise"].split())
    found = datasets.opinions(800)
    for text, y, kind in zip(*found, strict=True):
        if kind in ("near", "far"):
            assert bool(praise & set(text.split())) == (y == 0), text


@pytest.mark.parametrize("n", [0, 12, 8000])
def test_opinions_refuse_an_odd_count(n):
    with pytest.raises(ValueError, match="expected n"):
        datasets.opinions(n)


def test_people_show_role_gender_and_number():
    texts, nouns = datasets.people(3000, seed=2)
    assert len(nouns) == 56 and nouns["witches"] == (6, "f", "many") and nouns["women"].number == "many"
    seen = set()
    for text in texts:
        words = set(text.split())
        (noun,) = [word for word in text.split()[:3] if word in nouns][:1]
        seen.add(noun)
        assert not words & {"his", "he"} or nouns[noun][1:] == ("m", "one"), text
        assert not words & {"her", "she"} or nouns[noun][1:] == ("f", "one"), text
        assert ("women" in words) <= (nouns[noun].gender == "f"), text
    assert seen == set(nouns)


@pytest.mark.parametrize("make", [datasets.opinions, datasets.people])
def test_the_seed_chooses_the_sentences(make):
    assert make(80, seed=3).texts == make(80, seed=3).texts != make(80, seed=4).texts


def test_the_written_lists_stay_small():
    source = (PACKAGE / "datasets" / "grammar.py").stat().st_size
    assert source < 8_000


def test_elnino_is_statsmodels_table_month_by_month():
    from statsmodels.datasets import elnino

    series = datasets.elnino()
    assert series.times[[0, -1]].astype(str).tolist() == ["1950-01", "2010-12"]
    assert len(series.values) == len(series.times) == 732 and series.period == 12
    assert series.values[13] == elnino.load_pandas().data.loc[1, "FEB"] == 25.28
