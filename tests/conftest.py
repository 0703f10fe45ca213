"""What the tests of pages and of figures share: one real browser."""

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """A real Chromium with a fresh profile; Playwright allows one driver in a process."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None and os.environ.get("CI"):
        pytest.fail(
            "continuous integration needs Chromium: these tests must not be skipped there", pytrace=False
        )
    if executable is None:
        pytest.skip("no Chromium found: install it, for example with apt-get install -y chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install -e '.[test]'")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield running
        running.close()
