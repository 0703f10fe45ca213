"""The texts written for this course: whole, in small letters, cut into parts that share nothing."""

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
    assert '"datasets/*.txt"' in settings
