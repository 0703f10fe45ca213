"""The built book as its benchmarks meet it: newer than its sources, served on this machine, in Chromium."""

import sys
import threading
from contextlib import contextmanager
from pathlib import Path

from nbcourse.browser import ARGUMENTS, find
from nbcourse.site import is_current, make_server

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"


def require(programs=None):
    """End with a sentence when the book is not built from its sources as they are, or a program is missing.

    ``programs`` maps names to where each was found, or to nothing.
    """
    if not is_current(ROOT):
        sys.exit("The built book is missing or older than its sources: run make book")
    for program, place in (programs or {}).items():
        if not place:
            sys.exit(f"No {program} found: install it, for example with apt-get install -y {program.lower()}")


@contextmanager
def opened():
    """Give a browser, and the address below which it finds the book's pages."""
    require({"Chromium": find()})
    from playwright.sync_api import sync_playwright

    server = make_server(HTML)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        try:
            yield browser, f"http://127.0.0.1:{server.server_port}/"
        finally:
            browser.close()
            server.shutdown()
