"""What tests share: their part of the cores, and one real browser for pages and figures."""

import os

import pytest

from nbcourse.browser import ARGUMENTS, find

if workers := int(
    os.environ.get("PYTEST_XDIST_WORKER_COUNT", 0)
):  # side by side: each has its part of the cores
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // workers)))


@pytest.fixture(scope="session")
def browser():
    """A real Chromium with a fresh profile; Playwright allows one driver in a process."""
    executable = find()
    if executable is None and os.environ.get("CI"):
        pytest.fail(
            "continuous integration needs Chromium: these tests must not be skipped there", pytrace=False
        )
    if executable is None:
        pytest.skip("no Chromium found: install it, for example with apt-get install -y chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install -e '.[test]'")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield running
        running.close()
