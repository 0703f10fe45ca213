"""`show` displays the package's own source and refuses everything else."""

import math
import re

import pytest

from nbcourse import notebooks
from nbcourse.show import Source, show


def test_source_of_a_function():
    source = Source(notebooks.is_dropped)
    assert source.plain == "is_dropped(mime) · 3 lines"
    assert source.markdown == (
        "<small>*nbcourse/notebooks.py*</small>\n\n"
        "```python\n"
        "def is_dropped(mime):\n"
        '    """Whether the normal form leaves an output of this mime type out."""\n'
        "    return mime.startswith(DROPPED)\n"
        "```"
    )


@pytest.mark.parametrize(
    "target, plain",
    [
        (notebooks.Band, r"Band\(value: float, low: float, high: float\) · \d+ lines"),
        (notebooks.Band.holds, r"Band\.holds\(self\) · 4 lines"),
        (notebooks.Band(1, 0, 2).__str__, r"Band\.__str__\(self\) · 2 lines"),
        (notebooks.NotebookError, r"NotebookError.* · 2 lines"),
    ],
)
def test_plain_is_name_signature_and_lines(target, plain):
    assert re.fullmatch(plain, Source(target).plain)


def test_methods_are_dedented():
    assert Source(notebooks.Band.holds).code.startswith("@property\ndef holds(self):\n    ")


def test_package_file_is_named():
    from nbcourse.checks import check

    assert r"*nbcourse/checks/\_\_init\_\_.py*" in Source(check).markdown


def test_fence_is_longer_than_any_inside():
    source = Source(show)
    source.code = "x = '''\n```python\n'''"
    assert source.markdown.endswith("\n````python\nx = '''\n```python\n'''\n````")


@pytest.mark.parametrize(
    "other, named",
    [
        (math.sqrt, "builtin_function_or_method"),
        (pytest.raises, "function _pytest.raises.raises"),
        (3, "int 3"),
        (notebooks, "module"),
        (list(range(100)), r"list \[0, 1, 2, .*\.\.\."),
    ],
)
def test_only_the_package_is_shown(other, named):
    with pytest.raises(TypeError, match=f"expects a function, class or method of nbcourse; got {named}"):
        show(other)


def test_shown_in_a_notebook(tmp_path):
    from nbformat.v4 import new_code_cell, new_notebook

    path = tmp_path / "shown.ipynb"
    path.write_text(
        notebooks.dumps(new_notebook(cells=[new_code_cell("from nbcourse import band, show\nshow(band)")]))
    )
    (output,) = notebooks.execute(path).cells[0].outputs
    assert output.output_type == "display_data"
    assert output.data["text/plain"].startswith("band(value, low, high, digits=3) · ")
    assert "def band(value, low, high, digits=3):" in output.data["text/markdown"]
