"""The reader's progress: counted, kept, never destroyed."""

import json
from datetime import date
from pathlib import Path

import pytest

from nbcourse import checks
from nbcourse.checks import progress


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NBCOURSE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NBCOURSE_PROGRESS", raising=False)
    return tmp_path / "home"


def test_attempts_and_the_first_pass_are_kept(home):
    assert progress.load() == {}
    progress.record("neurons/pocket", False)
    progress.record("neurons/pocket", True)
    progress.record("neurons/pocket", False)
    assert progress.load() == {"neurons/pocket": {"attempts": 3, "passed": date.today().isoformat()}}
    assert json.loads((home / "progress.json").read_text())["version"] == 1


def test_clear(home):
    progress.record("neurons/pocket", True)
    assert progress.clear() and not progress.clear()
    assert progress.load() == {}


@pytest.mark.parametrize("content", ["", "not json", "[]", '{"exercises": {"neurons/pocket": 3}}', "{}"])
def test_an_unreadable_file_is_put_aside(home, content):
    home.mkdir()
    (home / "progress.json").write_text(content)
    assert progress.load() == {}
    progress.record("neurons/pocket", True)
    assert progress.load()["neurons/pocket"]["attempts"] == 1
    kept = home / "progress.json.unreadable"
    assert kept.read_text() == content if content else not kept.exists()


def test_off(home, monkeypatch):
    monkeypatch.setenv("NBCOURSE_PROGRESS", "off")
    progress.record("neurons/pocket", True)
    assert not home.exists()


def test_only_recorded_answers_count(home, capsys):
    checks.check("neurons/pocket", lambda X, y, passes: X[0], record=False)
    assert not home.exists()
    checks.check("neurons/pocket", lambda X, y, passes: X[0])
    assert progress.load()["neurons/pocket"] == {"attempts": 1, "passed": None}


def test_without_a_home_of_its_own_the_system_decides(monkeypatch, tmp_path):
    monkeypatch.delenv("NBCOURSE_HOME")
    assert progress.folder().name == "nbcourse"


def test_exercises_are_called_as_the_book_calls_them(tmp_path):
    def notebook(name, *sources):
        cells = [{"source": source.splitlines(keepends=True)} for source in sources]
        (tmp_path / name).write_text(json.dumps({"cells": cells}), encoding="utf-8")
        return tmp_path / name

    pocket = 'check("neurons/pocket", pocket)'
    paths = [
        notebook("01-neurons.ipynb", "text\n```{exercise} Pocket\n", pocket, "````{exercise} Open\n"),
        notebook(
            "01b-more.ipynb",
            'check("more/early", f)',
            "```{exercise} Mend\n",
            'check(\n    "more/mend", f\n)',
        ),
        notebook("keras.ipynb", "```{exercise} A port\n", 'check("keras/port", f)'),
        tmp_path / "nothing.ipynb",
    ]
    assert progress.titles(paths) == {
        "neurons/pocket": "1.1 Pocket",
        "more/mend": "1.3 Mend",
        "keras/port": "K.1 A port",
    }


def test_a_notebook_that_cannot_be_read_has_no_titles(tmp_path):
    (tmp_path / "01-neurons.ipynb").write_text("<<<<<<< mine")
    assert progress.titles([tmp_path / "01-neurons.ipynb"]) == {}


def test_every_exercise_has_its_number_in_the_book():
    notebooks = sorted((Path(__file__).parents[2] / "book").glob("*.ipynb"))
    assert set(progress.titles(notebooks)) == set(checks.exercises())
