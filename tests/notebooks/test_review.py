"""Each rule for the book's notebooks finds what breaks it, and lets through what does not."""

import os

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from nbcourse import review
from nbcourse.checks import registry
from nbcourse.notebooks import dumps, normalise


@pytest.fixture
def book(tmp_path):
    """A function that writes a notebook in normal form: book("01-demo", (source, tags, output), …)."""

    def write(name, *cells):
        code = []
        for source, tags, output in cells:
            outputs = [new_output("stream", name="stdout", text=output)] if output else []
            code.append(new_code_cell(source, outputs=outputs, metadata={"tags": list(tags)} if tags else {}))
        path = tmp_path / f"{name}.ipynb"
        path.write_text(dumps(normalise(new_notebook(cells=code))), encoding="utf-8")
        return path

    return write


@pytest.fixture
def demo(monkeypatch):
    """One exercise of a chapter `demo`, registered for the length of a test."""

    def double(answer, rng):
        """Twice a number."""
        yield "doubles", answer(3) == 6

    entry = registry.Exercise("demo/double", "double(x)", "Twice a number.", double)
    monkeypatch.setitem(registry._EXERCISES, "demo/double", entry)
    monkeypatch.setattr(registry, "chapters", lambda: ["demo"])
    monkeypatch.setattr(registry, "_load", lambda chapter: None)


STUB = (
    "def double(x): ...\n\ncheck('demo/double', double)",
    ["exercise"],
    "demo/double: not attempted yet\n",
)
SOLVED = (
    "def double_solution(x):\n    return FACTOR * x\n\ncheck('demo/double', double_solution, record=False)",
    ["solution"],
    "✓ demo/double: 1 of 1 properties hold\n",
)
CONTEXT = (
    "import os\nfrom nbcourse import check\nos.environ['DEMO'] = '2'\n"
    "FACTOR = int(os.environ['DEMO'])\nother = 1 / 0\nBROKEN = other",
    (),
    "",
)


def test_a_good_notebook_passes_every_rule(book, demo):
    path = book("01-demo", CONTEXT, STUB, SOLVED)
    rules = (
        review.normal_form,
        review.values_in_bands,
        review.portable,
        review.one_home,
        review.exercise_cells,
    )
    for rule in (*rules, review.exercises_run):
        assert rule([path]) == []
    assert "DEMO" not in os.environ


@pytest.mark.parametrize(
    "name, chapter",
    [("01-neurons", "neurons"), ("book/04-training-in-practice.ipynb", "training_in_practice")],
)
def test_chapter_of(name, chapter):
    assert review.chapter_of(name) == chapter


def test_normal_form(book):
    path = book("01-demo", CONTEXT)
    path.write_text(path.read_text() + "\n")
    assert review.normal_form([path]) == [f"{path}: not in normal form; run: nbcourse freeze {path}"]


def test_values_in_bands(book):
    path = book("01-demo", ("x", (), "≈ 95.2 % [96, 98], ≈ 97 [96, 98]"))
    assert review.values_in_bands([path]) == [f"{path}: ≈ 95.2 [96, 98] lies outside its band"]


@pytest.mark.parametrize(
    "cell, found",
    [
        (("open('/home/someone/data.npy')", (), ""), "names a place on one machine, /home/someone/data.npy"),
        (("open('~/data.npy')", (), ""), "names a place on one machine, ~/data.npy"),
        (("open(r'C:\\data.npy')", (), ""), "names a place on one machine, C:\\data.npy"),
        (("x", (), "read /mnt/x.npy\n"), "names a place on one machine, /mnt/x.npy"),
        (("!pip install torch", (), ""), "installs packages"),
        (("%pip install torch", (), ""), "installs packages"),
        (("if True:\n    !python -m pip install torch", (), ""), "installs packages"),
        (("%pip install torch", ["setup"], ""), ""),
        (("url = 'https://a.example/home/x'; half = 1 / 2; f = 'a/tmp/b'", (), ""), ""),
        (("# pip install is for others\nx = 'pip'", (), ""), ""),
    ],
)
def test_portable(book, cell, found):
    problems = review.portable([book("01-demo", cell)])
    assert [p for p in problems if found not in p] == [] and bool(problems) == bool(found)


def test_one_home(book):
    first = book("01-demo", ("def band(x): ...", (), ""), ("def mine(x): ...\nclass Mine: ...", (), ""))
    second = book("02-demo", ("def mine(x): ...", (), ""), ("class Mine: ...", ["derivation"], ""))
    assert review.one_home([first, second]) == [
        f"{first}: code cell 1: defines band, which nbcourse.report defines; import it",
        f"{second}: code cell 1: defines mine, as {first}: code cell 2 does; give it one home",
        f"{second}: code cell 2: defines Mine, as {first}: code cell 2 does; give it one home",
    ]
    allowed = book(
        "03-demo", ("def band(x): ...", ["derivation"], ""), ("def agree(x): ...", ["exercise"], "")
    )
    assert review.one_home([allowed]) == []


def test_public_names_are_what_the_package_teaches():
    names = review.public_names()
    assert names["band"] == "nbcourse.report"
    assert not {"main", "normalise", "pocket", "_short", "doctor"} & set(names)


def changed(cell, old, new):
    """A cell with some other source."""
    assert old in cell[0]
    return (cell[0].replace(old, new), *cell[1:])


@pytest.mark.parametrize(
    "cells, found",
    [
        ([STUB], "demo/double: expected one cell tagged `solution`, found 0"),
        ([SOLVED], "demo/double: expected one cell tagged `exercise`, found 0"),
        ([STUB, STUB, SOLVED], "demo/double: expected one cell tagged `exercise`, found 2"),
        (
            [STUB, SOLVED, changed(STUB, "double'", "triple'")],
            "'demo/triple' is not an exercise of this chapter",
        ),
        ([STUB, (SOLVED[0], (), SOLVED[2])], "1 calls of check() and neither tag"),
        ([STUB, SOLVED, ("x", ["exercise"], "")], "0 calls of check() and exercise"),
        ([STUB, changed(SOLVED, ", record=False", "")], "must call check('demo/double', …, record=False)"),
        ([changed(STUB, "double)", "double, record=False)"), SOLVED], "leave record=False out"),
        ([(*STUB[:2], SOLVED[2]), SOLVED], "expected the output 'demo/double: not attempted yet'"),
        ([STUB, (*SOLVED[:2], "✗ demo/double: 0 of 1")], "expected the output '✓ demo/double:'"),
    ],
)
def test_exercise_cells(book, demo, cells, found):
    problems = review.exercise_cells([book("01-demo", CONTEXT, *cells)])
    assert any(found in problem for problem in problems), problems


@pytest.mark.parametrize(
    "cell, found",
    [
        (changed(STUB, "...", "return 2 * x"), "the stub of demo/double counts as attempted"),
        (changed(SOLVED, "FACTOR *", "3 *"), "the solution does not pass its own check"),
        (changed(SOLVED, "FACTOR", "missing"), "the solution does not pass its own check"),
        (changed(SOLVED, "def double", "1 / 0\ndef double"), "ZeroDivisionError: division by zero"),
    ],
)
def test_exercises_run(book, demo, cell, found):
    done = []
    (problem,) = review.exercises_run([book("01-demo", CONTEXT, cell)], on_exercise=lambda: done.append(1))
    assert found in problem and done == [1]
