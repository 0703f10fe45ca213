"""Real nbval with the project's own settings: what makes it fail, and what does not."""

import functools
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from nbcourse import review
from nbcourse.notebooks import dumps, freeze

ROOT = Path(__file__).parents[2]
SOURCES = [
    "from nbcourse import agree, band, show\nprint('mean 0.125, accuracy', band(97.2, 96, 98), '%')",
    "print(f'{band(0.25, -1, 1):>24}|')\nband(-3e-5, -1e-4, 1e-4)",
    "show(band)\nagree(1.0, 1.0)",
    "from IPython.display import HTML, SVG, Latex, Markdown, display\n"
    "display(Markdown('*a*'), HTML('<b>b'), Latex('$c$'), SVG('<svg></svg>'))",
]
ACCURACY = "≈ 97.2 [96, 98] %"
UNMASKED = {
    "a number": ("mean 0.125, accuracy ≈", "mean 0.126, accuracy ≈"),
    "an end of a band": (ACCURACY, "≈ 97.2 [95, 98] %"),
    "a value that is not marked": (ACCURACY, "97.2 [96, 98] %"),
    "a value without its band": (ACCURACY, "≈ 97.2 %"),
    "a bound": ("'< 1e-12'", "'< 1e-13'"),
    "a signature": ("digits=3) · ", "digits=4) · "),
}
INSIDE = [
    (ACCURACY, "≈ 96.95 [96, 98] %"),
    ("≈ -3.00e-05 [", "≈ 2e-06 ["),
    ("        ≈ 0.250 [-1, 1]|", "≈ -0.1234567 [-1, 1]|"),
]


def replaced(text, old, new):
    assert text.count(old) == 1, f"{old!r} in {text}"
    return text.replace(old, new)


@pytest.fixture(scope="module")
def frozen(tmp_path_factory):
    """A frozen notebook in a project of its own that has the settings of this one."""
    folder = tmp_path_factory.mktemp("strict")
    for name in ("conftest.py", "tests/nbval-bands.cfg", "pyproject.toml"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    path = folder / "frozen.ipynb"
    path.write_text(
        dumps(new_notebook(cells=[new_code_cell(source) for source in SOURCES])), encoding="utf-8"
    )
    freeze(path)
    return path


@pytest.fixture(scope="module")
def verdicts(frozen):
    """What nbval says to the frozen notebook and to changed copies: {name: messages of failed cells}."""
    text = frozen.read_text(encoding="utf-8")
    variants = {name: replaced(text, *change) for name, change in UNMASKED.items()}
    variants["values inside their bands"] = functools.reduce(
        lambda t, change: replaced(t, *change), INSIDE, text
    )
    outputs = re.compile(r'"outputs": \[\n.*?\n   \],', flags=re.DOTALL)
    variants["a missing output"] = outputs.sub('"outputs": [],', text, count=1)
    variants["a broken model"] = replaced(text, "band(97.2, 96, 98)", "band(95.2, 96, 98)")
    files = {name: frozen.with_name(name.replace(" ", "_") + ".ipynb") for name in variants}
    for name, path in files.items():
        path.write_text(variants[name], encoding="utf-8")
    report = frozen.with_name("report.xml")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-q",
        f"--junitxml={report}",
        "--color=no",
    ]
    names = [frozen.name, *(path.name for path in files.values())]
    run = subprocess.run([*command, *names], cwd=frozen.parent, capture_output=True, text=True)
    found = {path.stem: [] for path in (frozen, *files.values())}
    cells = list(ElementTree.parse(report).iter("testcase"))
    assert len(cells) == len(SOURCES) * len(found), run.stdout
    for cell in cells:
        failed = [child.text for child in cell if child.tag in ("failure", "error")]
        found[cell.get("classname").rpartition(".")[0] or cell.get("classname")] += failed
    return found


def test_a_frozen_notebook_passes(frozen, verdicts):
    assert verdicts["frozen"] == []
    assert review.normal_form([frozen]) == review.values_in_bands([frozen]) == []


@pytest.mark.parametrize("what", UNMASKED)
def test_an_unmasked_change_fails(verdicts, what):
    (message,) = verdicts[what.replace(" ", "_")]
    assert "Cell outputs differ" in message


def test_a_masked_value_may_change_inside_its_band(verdicts):
    assert verdicts["values_inside_their_bands"] == []


def test_a_masked_value_outside_its_band_fails_the_other_test(frozen, tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text(
        replaced(frozen.read_text(encoding="utf-8"), ACCURACY, "≈ 95.2 [96, 98] %"), encoding="utf-8"
    )
    (problem,) = review.values_in_bands([path])
    assert problem.endswith("≈ 95.2 [96, 98] lies outside its band")


def test_a_missing_output_fails(verdicts):
    (message,) = verdicts["a_missing_output"]
    assert "Unexpected output fields" in message


def test_a_raising_cell_fails(verdicts):
    (message,) = verdicts["a_broken_model"]
    assert "95.2 lies outside its band [96, 98]" in message
