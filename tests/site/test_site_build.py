"""The build on tiny books: what it runs, what it keeps, and what it says when something is wrong."""

import json
import shutil
import sys

import nbformat
import pytest

from nbcourse.site import BuildError, build, cache_key, is_current
from nbcourse.site.execution import CACHES_KEPT, cache_folder, run_notebooks
from nbcourse.site.hashing import site_key

from .book_site import ROOT

KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def book(folder, pages):
    """Make a book of ``pages`` (name -> text, or list of cells) with the project's own configuration."""
    (folder / "book").mkdir(parents=True)
    shutil.copy(ROOT / "_config.yml", folder)
    shutil.copy(ROOT / "book" / "references.bib", folder / "book")
    for name in ("_ext", "_static", "_templates"):
        shutil.copytree(ROOT / "book" / name, folder / "book" / name)
    for name, content in pages.items():
        write(folder / "book" / name, content)
    root, *others = (name.rpartition(".")[0] for name in pages)
    toc = {
        "format": "jb-book",
        "root": f"book/{root}",
        "chapters": [{"file": f"book/{name}"} for name in others],
    }
    (folder / "_toc.yml").write_text(json.dumps(toc))
    return folder


def write(path, content):
    if isinstance(content, str):
        path.write_text(content, encoding="utf-8")
        return
    cells = [nbformat.v4.new_markdown_cell("# A notebook")]
    cells += [nbformat.v4.new_code_cell(*[cell], metadata=meta) for cell, meta in content]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), path)


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A built book of a page and a notebook, and the report of its build."""
    pages = {
        "index.md": "# A book\n\nWith *words* and $x^2$, enough of them to describe it.\n",
        "note.ipynb": [("print(1 + 1)", {}), ("print('only in Colab')", {"tags": ["setup"]})],
    }
    root = book(tmp_path_factory.mktemp("good"), pages)
    return root, build(root)


def test_a_build_says_what_it_did_and_where(good):
    root, report = good
    assert (report.pages, report.ran, report.cached) == (2, 1, 0)
    assert str(report.index) in str(report) and report.index.is_file()
    page = (root / "_build/html/book/note.html").read_text()
    assert ">2" in page and "only in Colab" not in page
    assert '<meta name="description" content="With words' not in page


def test_nothing_changed_is_said_at_once(good):
    root, _ = good
    again = build(root)
    assert again.up_to_date and again.seconds < 5
    assert is_current(root)


def test_a_lost_page_is_noticed(good):
    root, _ = good
    page = root / "_build/html/book/note.html"
    moved = page.rename(page.with_suffix(".away"))
    assert not is_current(root)
    moved.rename(page)
    assert is_current(root)


def test_a_changed_page_is_noticed_and_the_notebook_comes_from_the_cache(good):
    root, _ = good
    index = root / "book" / "index.md"
    before = index.read_text()
    index.write_text(before + "\nMore.\n")
    assert not is_current(root)
    assert run_notebooks(root, cache_folder(root), 1) == (0, 1)
    index.write_text(before)
    assert is_current(root)


def test_old_caches_are_pruned(good):
    root, _ = good
    caches = root / "_build" / ".jupyter_cache"
    for name in "abcd":
        (caches / name).mkdir()
    assert run_notebooks(root, cache_folder(root), 1) == (0, 1)
    assert len(list(caches.iterdir())) == CACHES_KEPT
    assert (caches / cache_key(root)).is_dir()


@pytest.mark.parametrize("name", ["__init__.py", "widgets/js/runtime.js", "plots/style.py"])
def test_the_key_changes_with_any_file_of_the_package(tmp_path, name):
    package = tmp_path / "nbcourse"
    shutil.copytree(ROOT / "nbcourse", package, ignore=shutil.ignore_patterns("__pycache__"))
    before = cache_key(ROOT, package)
    assert before == cache_key(ROOT, ROOT / "nbcourse")
    (package / name).write_text((package / name).read_text() + "\n")
    assert cache_key(ROOT, package) != before


@pytest.mark.parametrize("name", ["results/a.json", "results/studies/a.json", "benchmarks/results/a.json"])
def test_the_sites_key_changes_with_what_was_measured(tmp_path, name):
    before = site_key(tmp_path)
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text("{}")
    assert site_key(tmp_path) != before


def test_the_key_changes_with_the_pins(tmp_path):
    (tmp_path / "requirements.txt").write_text("numpy==2.4.6\n")
    before = cache_key(tmp_path)
    (tmp_path / "requirements.txt").write_text("numpy==2.4.7\n")
    assert cache_key(tmp_path) != before


def test_a_cell_that_raises_gives_one_clear_message(tmp_path):
    pages = {"index.md": "# A book\n", "bad.ipynb": [("x = 1", {}), ("x / 0  # oh", {})]}
    with pytest.raises(BuildError) as failure:
        build(book(tmp_path, pages))
    message = str(failure.value)
    assert message.startswith("book/bad.ipynb: code cell 2") and len(message.splitlines()) == 1
    assert "x / 0  # oh" in message and "ZeroDivisionError: division by zero" in message


def test_a_cell_that_writes_to_stderr_fails_the_build(tmp_path):
    pages = {"index.md": "# A book\n", "loud.ipynb": [("import sys\nprint('hm', file=sys.stderr)", {})]}
    with pytest.raises(
        BuildError, match=r'^book/loud.ipynb: code cell 1 \("import sys"\) wrote to stderr: hm$'
    ):
        build(book(tmp_path, pages))


def test_every_problem_of_the_pages_is_named_in_one_go(tmp_path):
    image = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4"/></svg>'
    figure = f"from IPython.display import SVG\nSVG('''{image}''')"
    pages = {
        "index.md": "# A book\n\n![](drawing.svg)\n\n[nowhere](missing.md)\n\n{cite:p}`nobody1900`\n",
        "undescribed.ipynb": [(figure, {})],
    }
    root = book(tmp_path, pages)
    (root / "book" / "drawing.svg").write_text(image)
    with pytest.raises(BuildError) as failure:
        build(root)
    message = str(failure.value)
    assert "book/index.md" in message and "image without alt text: book/drawing.svg" in message
    assert "book/undescribed.ipynb" in message and message.count("image without alt text") == 2
    assert "missing.md" in message and "nobody1900" in message
    assert "Traceback" not in message and str(root) not in message
    assert not is_current(root)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    root = book(tmp_path, {"index.md": "# A book\n"})
    (root / "_build").write_text("a file where the folder should be")
    with pytest.raises(BuildError, match=r"Cannot write the book: .*_build"):
        build(root)


def test_a_folder_without_a_book_is_named(tmp_path):
    with pytest.raises(BuildError, match=r"no _toc\.yml"):
        build(tmp_path)


def test_importing_the_site_is_light():
    import subprocess

    heavy = "{'sphinx', 'jupyter_book', 'nbformat', 'matplotlib', 'torch', 'numpy'}"
    code = f"import sys, nbcourse.site; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
