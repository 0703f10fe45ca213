"""The copy to hand out: every exercise, no line of a solution, and nothing that leans on one."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from nbcourse import notebooks, release

BOOK = sorted((Path(__file__).parents[1] / "book").glob("*.ipynb"))
new = nbformat.v4


@pytest.fixture(scope="module")
def handout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("handout") / "class"
    return dict(release.release(BOOK, folder))


def tagged(nb, tag):
    return [cell.source for cell in nb.cells if tag in cell.metadata.get("tags", ())]


@pytest.mark.parametrize("path", BOOK, ids=lambda path: path.stem)
def test_exercises_stay_and_solutions_go(handout, path):
    copy = next(written for written in handout if written.name == path.name)
    before, after = notebooks.read(path), notebooks.read(copy)
    text = "\n".join(cell.source for cell in after.cells)
    whole = "\n".join(cell.source for cell in before.cells)
    assert handout[copy] == len(re.findall(r"^```\{solution-start\}", whole, re.MULTILINE)) > 4
    assert tagged(after, "exercise") == tagged(before, "exercise") and not tagged(after, "solution")
    assert "solution-" not in text and "_solution" not in text
    assert text.count("```{exercise}") == whole.count("```{exercise}")
    assert notebooks.is_normal(copy)


@pytest.mark.parametrize("path", BOOK, ids=lambda path: path.stem)
def test_nothing_that_stays_needs_a_solution(handout, path):
    copy = next(written for written in handout if written.name == path.name)
    before, after = (code_cells(notebooks.read(one)) for one in (path, copy))
    names = [
        node for cell in after for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)
    ]
    used = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    made = {node.id for node in names if isinstance(node.ctx, ast.Store)}  # in comprehensions, too
    made |= {name for cell in after for name in stored(cell)}
    trees = [ast.parse(cell.source) for cell in after]
    made |= {node.arg for tree in trees for node in ast.walk(tree) if isinstance(node, ast.arg)}
    gone = {name for cell in before for name in stored(cell)} - made
    assert gone and used & gone == set()


def code_cells(nb):
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def stored(cell):
    for node in ast.parse(cell.source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        for part in ast.walk(node) if isinstance(node, ast.Assign | ast.For | ast.With) else ():
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                yield part.id


def test_text_around_a_solution_stays():
    nb = new.new_notebook(
        cells=[
            new.new_markdown_cell(
                "before\n\n```{solution-start} a\n```\n\nsecret\n```{solution-end}\n```\nafter"
            ),
            new.new_markdown_cell("```{solution-start} b\n```\nsecret"),
            new.new_code_cell("secret = 1"),
            new.new_markdown_cell("```{solution-end}\n```\n\n## Next"),
            new.new_code_cell("kept = 1"),
        ]
    )
    assert release.without_solutions(nb) == 2
    assert [cell.source for cell in nb.cells] == ["before\n\nafter", "## Next", "kept = 1"]


def test_a_solution_without_an_end_is_refused_and_nothing_is_written(tmp_path):
    nb = new.new_notebook(cells=[new.new_markdown_cell("```{solution-start} a\n```\nsecret")])
    path = tmp_path / "bad.ipynb"
    path.write_text(notebooks.dumps(notebooks.normalise(nb)), encoding="utf-8")
    with pytest.raises(release.ReleaseError, match=r"bad\.ipynb: a solution-start without its solution-end"):
        release.release([path], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("work")
    with pytest.raises(release.ReleaseError, match="expected a new or an empty folder"):
        release.release(BOOK, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
