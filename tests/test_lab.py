"""Every notebook of the book was run in JupyterLab, as it stands, and nothing was wrong."""

import json
import sys
from pathlib import Path

import nbformat
import pytest

from nbcourse.site.toc import notebooks

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))  # scripts, not a package

import lab  # noqa: E402


@pytest.mark.parametrize("path", notebooks(ROOT), ids=lambda path: path.stem)
def test_each_notebook_ran_in_jupyterlab_as_it_stands(path):
    rows = json.loads(lab.RESULTS.read_text(encoding="utf-8"))["notebooks"]
    again = f"run python benchmarks/lab.py {path.stem} --write"
    assert path.stem in rows, f"{path.stem} has not been run in JupyterLab: {again}"
    assert rows[path.stem]["code"] == lab.code_key(path), f"code cells changed since: {again}"
    assert lab.missed(rows[path.stem]) == []


def test_an_entry_grows_old_with_code_but_not_with_prose(tmp_path):
    nb = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("Words."), nbformat.v4.new_code_cell("x = 1")]
    )
    path = tmp_path / "a.ipynb"
    keys = []
    for cell, text in [(0, "Words."), (0, "Other words."), (1, "x = 2")]:
        nb.cells[cell].source = text
        nbformat.write(nb, path)
        keys.append(lab.code_key(path))
    assert keys[0] == keys[1] != keys[2]


def test_what_is_missed_is_named():
    row = {
        **{"errors": ["ValueError: no"], "console": ["404"], "run": 3, "cells": 4, "alive": 1, "expected": 2},
        **{"figures": {"kernel": ["mouse", "kernel"]}, "quiz": {"asked": 9, "right": 8}, "raw": ["exercise"]},
    }
    assert lab.missed(row) == [
        "raised ValueError: no",
        "console: 404",
        "expected 4 cells to run, 3 did",
        "expected 2 figures to live, 1 do",
        "kernel left the keyboard without an answer",
        "expected 9 right answers, 8 were called so",
        "{exercise} is not turned into text",
    ]
