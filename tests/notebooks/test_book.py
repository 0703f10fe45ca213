"""The committed notebooks of the book keep every rule; their exercises are really run."""

from pathlib import Path

import pytest

from nbcourse import checks, review

BOOK = Path(__file__).parents[2] / "book"
NOTEBOOKS = sorted(BOOK.glob("*.ipynb"))

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@each_notebook
@pytest.mark.parametrize(
    "rule", [review.normal_form, review.values_in_bands, review.portable, review.exercise_cells]
)
def test_notebook_keeps_the_rule(path, rule):
    assert rule([path]) == []


def test_every_notebook_begins_with_its_installation_on_colab():
    first = {path.stem: review.code_cells(path)[0].tags for path in NOTEBOOKS}
    assert [name for name, tags in first.items() if not tags >= {"setup", "remove-cell"}] == []


def test_definitions_have_one_home():
    assert review.one_home(NOTEBOOKS) == []


def test_every_chapter_with_exercises_is_in_the_book():
    assert set(checks.chapters()) <= {review.chapter_of(path) for path in NOTEBOOKS}


@each_notebook
def test_stubs_fail_and_solutions_pass(path):
    assert review.exercises_run([path]) == []
