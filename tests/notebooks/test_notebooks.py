"""The normal form of notebooks, freezing, executing, and the bands printed in outputs."""

import contextlib
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nbcourse import notebooks
from nbcourse.notebooks import Band, NotebookError, bands, dumps, execute, freeze, is_normal, normalise, read


def save(path, *cells, **metadata):
    path.write_text(dumps(new_notebook(cells=list(cells), metadata=metadata)), encoding="utf-8")
    return path


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def shown(**data):
    return new_output("display_data", data={k.replace("__", "/"): v for k, v in data.items()})


def test_text_is_kept_and_the_rest_dropped():
    picture = shown(
        text__plain="<Figure>", image__png="AA==", text__html="<b>", text__markdown="*", text__latex="$"
    )
    result = new_output("execute_result", data={"text/plain": "3", "application/json": {}}, execution_count=7)
    cell = new_code_cell("x", outputs=[stream("a\n"), picture, result], execution_count=7)
    cell.metadata = {
        "tags": ["exercise"],
        "mystnb": {"image": {"alt": "a"}},
        "collapsed": True,
        "execution": {},
    }
    nb = normalise(
        new_notebook(cells=[new_markdown_cell("# Title"), cell], metadata={"widgets": {}, "mystnb": {"a": 1}})
    )
    assert [o.get("data", o.get("text")) for o in nb.cells[1].outputs] == [
        "a\n",
        {"text/plain": "<Figure>"},
        {"text/plain": "3"},
    ]
    assert nb.cells[1].execution_count == nb.cells[1].outputs[2].execution_count == 1
    assert nb.cells[1].metadata == {"tags": ["exercise"], "mystnb": {"image": {"alt": "a"}}}
    assert set(nb.metadata) == {"kernelspec", "language_info", "mystnb"}


@pytest.mark.parametrize("tag, folded", [("solution", True), ("hide-input", True), ("exercise", False)])
def test_code_that_a_page_shows_closed_is_closed_in_jupyterlab(tag, folded):
    nb = notebooks.normalise(new_notebook(cells=[new_code_cell("1", metadata={"tags": [tag]})]))
    assert nb.cells[0].metadata == {"tags": [tag]} | ({"jupyter": {"source_hidden": True}} if folded else {})


def test_pieces_of_a_stream_become_one():
    pieces = [stream("a"), stream("warning", "stderr"), stream("b\n"), shown(text__plain="x"), stream("c")]
    nb = normalise(new_notebook(cells=[new_code_cell("x", outputs=pieces)]))
    late = [stream("warning", "stderr"), stream("ab\n"), shown(text__plain="x"), stream("c")]
    other = normalise(new_notebook(cells=[new_code_cell("x", outputs=late, id=nb.cells[0].id)]))
    assert [o.get("text") for o in nb.cells[0].outputs] == ["ab\n", "warning", None, "c"]
    assert nb == other


def test_an_error_keeps_no_path():
    error = new_output(
        "error", ename="ValueError", evalue="no", traceback=["\x1b[0m /home/someone/x.py", "…"]
    )
    nb = normalise(new_notebook(cells=[new_code_cell("x", outputs=[error])]))
    assert nb.cells[0].outputs[0].traceback == ["ValueError: no"]


def test_missing_and_repeated_ids_are_stable(tmp_path):
    cells = [
        new_code_cell("x = 1"),
        new_code_cell("x = 1"),
        new_markdown_cell("x = 1"),
        new_code_cell("y", id="kept"),
    ]
    nb = json.loads(dumps(new_notebook(cells=cells)))
    del nb["cells"][0]["id"], nb["cells"][1]["id"]
    nb["cells"][2]["id"] = "kept"
    nb["nbformat_minor"] = 4
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(nb))
    first, second = normalise(read(path)), normalise(read(path))
    ids = [cell.id for cell in first.cells]
    assert ids == [cell.id for cell in second.cells]
    assert len(set(ids)) == 4 and ids[2] == "kept"
    assert all(re.fullmatch(r"[0-9a-f]{8}", i) for i in (ids[0], ids[1], ids[3]))


def test_normal_form_is_a_fixed_point(tmp_path):
    path = save(tmp_path / "x.ipynb", new_code_cell("1", execution_count=5))
    assert not is_normal(path)
    assert notebooks.normalise_file(path) and not notebooks.normalise_file(path)
    assert is_normal(path)


@pytest.mark.parametrize(
    "content, message",
    [
        ("{", "not a notebook"),
        ("[]", "not a notebook"),
        ('{"nbformat": 3}', "expected a notebook in format 4; got format 3"),
        ("{}", "not a notebook"),
    ],
)
def test_other_files_are_refused(tmp_path, content, message):
    (tmp_path / "x.ipynb").write_text(content)
    with pytest.raises(NotebookError, match=message):
        read(tmp_path / "x.ipynb")
    with pytest.raises(NotebookError, match=r"nothing\.ipynb: cannot be read"):
        read(tmp_path / "nothing.ipynb")


LIVELY = """import os, sys
print("one", flush=True)
print("two")
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.show()
print(sys.executable == os.environ["TEST_PYTHON"], os.environ["NBCOURSE_PROGRESS"])
print(os.path.basename(os.getcwd()))
{"b": 1, "a": os.environ["NBCOURSE_DEVICE"]}"""


def test_freezing_twice_changes_no_byte(tmp_path, monkeypatch):
    monkeypatch.setenv("TEST_PYTHON", sys.executable)
    monkeypatch.setenv(
        "NBCOURSE_DEVICE", "cuda"
    )  # committed outputs come from the CPU, whatever the caller has
    path = save(
        tmp_path / "x.ipynb", new_markdown_cell("# Title"), new_code_cell(LIVELY), new_code_cell("6 * 7")
    )
    path.chmod(0o640)
    steps = []
    assert freeze(path, on_cell=lambda done, total: steps.append((done, total)))
    first = path.read_bytes()
    assert steps == [(1, 2), (2, 2)]
    assert not freeze(path)
    assert path.read_bytes() == first and is_normal(path)
    outputs = read(path).cells[1].outputs
    assert [o.output_type for o in outputs] == ["stream", "display_data", "stream", "execute_result"]
    assert outputs[2].text == f"True off\n{tmp_path.name}\n"
    assert outputs[3].data == {"text/plain": "{'b': 1, 'a': 'cpu'}"}
    assert os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["x.ipynb"]


def test_executing_keeps_pictures_and_the_file(tmp_path):
    path = save(tmp_path / "x.ipynb", new_code_cell("import matplotlib.pyplot as p\np.plot([1])\np.show()"))
    before = path.read_bytes()
    nb = execute(path)
    assert any("image/png" in o.get("data", {}) for o in nb.cells[0].outputs)
    assert "execution" not in nb.cells[0].metadata
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "source, timeout, message",
    [
        ("# why\n\nx = 1 / 0", 60, 'code cell 2 ("x = 1 / 0") raised ZeroDivisionError: division by zero'),
        ("assert False", 60, 'code cell 2 ("assert False") raised AssertionError'),
        ("import time; time.sleep(60)", 1, 'code cell 2 ("import time; time.sleep(60)") took more than 1 s'),
        ("import os; os._exit(1)", 60, 'code cell 2 ("import os; os._exit(1)") killed its kernel'),
        ("def f(:", 60, 'code cell 2 ("def f(:") raised SyntaxError'),
    ],
)
def test_a_failing_cell_is_named_and_nothing_is_written(tmp_path, source, timeout, message):
    path = save(tmp_path / "x.ipynb", new_markdown_cell("text"), new_code_cell("1"), new_code_cell(source))
    before = path.read_bytes()
    with pytest.raises(NotebookError, match=re.escape(f"{path}: {message}")):
        freeze(path, timeout=timeout)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["x.ipynb"]


@pytest.mark.parametrize("source", ["1", "1 / 0"])
def test_the_kernel_ends_with_its_notebook(tmp_path, source):
    told = "import os, pathlib\npathlib.Path('pid').write_text(str(os.getpid()))"
    path = save(tmp_path / "x.ipynb", new_code_cell(told), new_code_cell(source))
    with contextlib.suppress(NotebookError):
        execute(path)
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


def test_a_cell_that_may_raise_does_not_fail(tmp_path):
    cell = new_code_cell("raise ValueError('shown on purpose')", metadata={"tags": ["raises-exception"]})
    path = save(tmp_path / "x.ipynb", cell)
    freeze(path)
    (output,) = read(path).cells[0].outputs
    assert output.traceback == ["ValueError: shown on purpose"]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("≈ 97.2 [96, 98]", [Band(97.2, 96, 98)]),
        ("accuracy ≈ 97.2 % [96, 98] and ≈ -0.5 [-1, 0]", [Band(97.2, 96, 98), Band(-0.5, -1, 0)]),
        ("≈ −3.1e-05 nats [−1e-4, +1e-4]", [Band(-3.1e-05, -1e-4, 1e-4)]),
        ("≈3 [1,5]", [Band(3, 1, 5)]),
        ("'≈ 0.35 ms/step [0.1, 2]'", [Band(0.35, 0.1, 2)]),
        ("about 3 [1, 5]; ≈ 3; ≈ 3 [1, 2, 3]; ≈ x [1, 2]", []),
        ("≈ 3 of [4 rows\n[1, 5]", []),
    ],
)
def test_bands_are_found(text, expected):
    nb = new_notebook(cells=[new_code_cell("x", outputs=[stream(text)]), new_markdown_cell(text)])
    assert bands(nb) == expected
    nb = new_notebook(cells=[new_code_cell("x", outputs=[shown(text__plain=text)])])
    assert bands(nb) == expected


@pytest.mark.parametrize(
    "value, holds",
    [("96", True), ("98", True), ("95.9", False), ("98.1", False), ("nan", False), ("inf", False)],
)
def test_a_band_holds_what_it_says(value, holds):
    (band,) = bands(new_notebook(cells=[new_code_cell("x", outputs=[stream(f"≈ {value} [96, 98]")])]))
    assert band.holds is holds


def run(*arguments, **environment):
    command = [sys.executable, "-m", "nbcourse.notebooks", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})


def test_the_hook_normalises_and_says_so(tmp_path):
    path = save(tmp_path / "x.ipynb", new_code_cell("1", execution_count=5))
    before = path.read_bytes()
    asked = run("--check", path)
    assert (asked.returncode, asked.stderr) == (1, f"{path}: not in normal form\n")
    assert path.read_bytes() == before
    first, second = run(path), run(path)
    assert (first.returncode, first.stderr) == (1, f"{path}: brought into normal form\n")
    assert (second.returncode, second.stderr) == (0, "")
    assert run("--check", path).returncode == 0


def test_the_hook_refuses_other_files_in_one_line(tmp_path):
    (tmp_path / "x.ipynb").write_text("{")
    refused = run(tmp_path / "x.ipynb")
    assert refused.returncode == 2
    assert re.fullmatch(r".*x\.ipynb: not a notebook \(.*\)\n", refused.stderr)


def test_a_missing_extra_is_named(tmp_path):
    (tmp_path / "nbformat.py").write_text("raise ModuleNotFoundError(name='nbformat')")
    path = save(tmp_path / "x.ipynb", new_code_cell("1"))
    refused = run(path, PYTHONPATH=str(tmp_path))
    assert (refused.returncode, refused.stderr) == (
        2,
        "nbformat is not installed; run in the course's folder: pip install -e '.[book]'\n",
    )


def test_pre_commit_runs_this_hook():
    root = Path(notebooks.__file__).parents[1]
    config = root / ".pre-commit-config.yaml"
    if not config.exists():
        pytest.skip("not a clone of the course")
    import yaml

    (repo,) = yaml.safe_load(config.read_text())["repos"]
    assert repo["repo"] == "local"
    assert all(hook["language"] == "system" for hook in repo["hooks"])
    assert "nbcourse.notebooks" in repo["hooks"][-1]["entry"]
