"""Runs the notebooks of the book in a real JupyterLab, in Chromium, and uses their figures and quizzes.

    python benchmarks/lab.py [NOTEBOOK …] [--write] [--pictures FOLDER] [--dark]

JupyterLab works on a copy, so nothing in this folder changes. Each notebook is opened, Run All Cells is
chosen from the menu, and when the last cell has run each figure is used by keyboard and by mouse, and the
quiz is answered. ``--write`` stores what was found in ``benchmarks/results/lab.json``, notebook by notebook,
so that one can be measured again alone: after a change of its code its entry is out of date, and a test says
so. ``--pictures`` keeps a few screenshots; ``--dark`` takes JupyterLab's dark theme.
"""

import argparse
import datetime
import hashlib
import json
import re
import signal
import sys
from importlib import metadata
from pathlib import Path

import nbformat
from labpage import Notebook
from labserver import ROOT, jupyterlab

from nbcourse.browser import ARGUMENTS, find
from nbcourse.site.toc import notebooks

RESULTS = ROOT / "benchmarks" / "results" / "lab.json"
SIZE = {"width": 1280, "height": 1000}
PARTS = {
    "quiz": ".nbc-quiz",
    "image": ".jp-OutputArea-output img, .jp-OutputArea-output > svg",
    "admonition": ".jp-MarkdownCell aside",
    "exercise": ".jp-MarkdownCell aside:has-text('Exercise')",
    "solution": ".jp-MarkdownCell details",
    "end": ".jp-Notebook-cell >> nth=-1",
}
LIBRARIES = ("jupyterlab", "jupyterlab_myst", "anywidget")


def code_key(path):
    """Return 16 hexadecimal digits that change whenever a code cell does, and stay when only text does."""
    cells = nbformat.read(path, as_version=4).cells
    code = "\0".join(cell.source for cell in cells if cell.cell_type == "code")
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def quiz_of(path):
    """Return the name of the quiz that the notebook asks."""
    cells = nbformat.read(path, as_version=4).cells
    found = [re.search(r'^quiz\("([\w-]+)"\)', c.source, re.M) for c in cells if c.cell_type == "code"]
    return next(one[1] for one in found if one)


def measure(page, address, path, take):
    """Open, run and use one notebook; return its row. ``take(name, part)`` may keep a picture of a part."""
    notebook = Notebook(page, address, path.name)
    take("top")
    state, seconds = notebook.run_all()
    figures = {}
    for figure in notebook.figures():
        name = figure.get_attribute("class").split("nbc-")[-1]
        figures[name] = notebook.use(figure)
        take(name, figure)
    right, asked = notebook.answer_quiz(quiz_of(path))
    for name, part in PARTS.items():
        take(name, page.locator(part).first)
    raw = notebook.raw()
    notebook.end_kernel()
    return {
        **{key: state[key] for key in ("cells", "run", "errors", "images")},
        "figures": figures,
        "alive": page.locator(".jp-OutputArea-output .nbc-root").count(),
        "expected": state["figures"],
        "quiz": {"asked": asked, "right": right},
        "raw": raw,
        "references": len(notebook.references),
        "console": notebook.problems,
        "seconds": round(seconds),
        "code": code_key(path),
        "date": str(datetime.date.today()),
    }


def missed(row):
    """Return what is wrong with a notebook's row, a sentence each."""
    found = [f"raised {error}" for error in row["errors"]] + [f"console: {text}" for text in row["console"]]
    if row["run"] != row["cells"]:
        found.append(f"expected {row['cells']} cells to run, {row['run']} did")
    if row["alive"] != row["expected"]:
        found.append(f"expected {row['expected']} figures to live, {row['alive']} do")
    for name, answered in row["figures"].items():
        silent = {"keyboard", "mouse", "kernel"} - set(answered)
        found += [f"{name} left the {one} without an answer" for one in sorted(silent)]
    if row["quiz"]["right"] != row["quiz"]["asked"]:
        found.append(f"expected {row['quiz']['asked']} right answers, {row['quiz']['right']} were called so")
    return found + [f"{{{name}}} is not turned into text" for name in row["raw"]]


def pictures(page, folder, name):
    """Return a function that keeps a picture of the screen, with a part of the page in its middle."""

    def take(what, part=None):
        if folder is None or (part is not None and not part.count()):
            return
        if part is not None:
            part.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
        page.wait_for_timeout(500)
        page.screenshot(path=folder / f"{name}-{what}.png")

    return take


def measure_all(paths, folder, dark, keep):
    """Return {notebook: row}; each row is given to ``keep(name, row)`` as soon as it is there."""
    from playwright.sync_api import sync_playwright

    rows = {}
    with jupyterlab(dark) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        versions = {library: metadata.version(library) for library in LIBRARIES}
        versions["chromium"] = browser.version
        for path in paths:
            page = browser.new_page(viewport=SIZE, color_scheme="dark" if dark else "light")
            row = measure(page, address, path, pictures(page, folder, path.stem)) | {"versions": versions}
            print(f"{path.stem}: {'; '.join(missed(row)) or 'all well'}", flush=True)
            keep(path.stem, row)
            rows[path.stem] = row
            page.close()
        browser.close()
    return rows


def store(name, row):
    """Put a notebook's row beside those that are stored already, in the book's order."""
    rows = json.loads(RESULTS.read_text("utf-8"))["notebooks"] if RESULTS.exists() else {}
    rows[name] = row
    rows = {path.stem: rows[path.stem] for path in notebooks(ROOT) if path.stem in rows}
    results = {"command": "python benchmarks/lab.py --write", "notebooks": rows}
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main():
    """Measure, print, and end with exit code 1 when something was not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("notebooks", nargs="*", help="names such as 01-neurons; all by default")
    parser.add_argument("--write", action="store_true", help="store what was found in benchmarks/results/")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="keep screenshots here")
    parser.add_argument("--dark", action="store_true", help="with JupyterLab's dark theme")
    arguments = parser.parse_args()
    known = {path.stem: path for path in notebooks(ROOT)}
    unknown = [name for name in arguments.notebooks if name not in known]
    if unknown:
        parser.error(f"expected some of {', '.join(known)}, got {unknown[0]!r}")
    if not find():
        sys.exit("No Chromium found: install it, for example with apt-get install -y chromium")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))  # JupyterLab ends with this
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
    names = arguments.notebooks or list(known)
    keep = store if arguments.write else lambda name, row: None
    rows = measure_all([known[name] for name in names], arguments.pictures, arguments.dark, keep)
    if any(missed(row) for row in rows.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
