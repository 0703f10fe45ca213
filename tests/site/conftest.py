"""What the site tests share: the built book, a strict server for it, and a real browser."""

import threading

import pytest

from nbcourse.site import is_current, make_server

from .book_site import HTML, ROOT, Visit

PREFIX = "/some/course/"  # the book must not care which folder of a host it lies in


@pytest.fixture(scope="session")
def site():
    """The folder of the built book."""
    if not is_current(ROOT):
        pytest.fail("The built book is missing or older than its sources: run make book", pytrace=False)
    return HTML


@pytest.fixture(scope="session")
def address(site):
    """The address of the built book on a server with the strict Content-Security-Policy."""
    server = make_server(site, prefix=PREFIX)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def contexts(browser):
    """Return the browser context for (scheme, width); each is made once."""
    made = {}

    def context(scheme="light", width=1280, **options):
        key = (scheme, width, *options.items())
        if key not in made:
            size = {"width": width, "height": 844 if width < 600 else 900}
            made[key] = browser.new_context(color_scheme=scheme, viewport=size, **options)
            made[key].set_default_timeout(15_000)
        return made[key]

    yield context
    for one in made.values():
        one.close()


@pytest.fixture(scope="session")
def visit(contexts, address):
    """Return a Visit of a page of the book: ``with visit("book/index", "dark", 390) as seen``."""

    def one(name, scheme="light", width=1280, **options):
        return Visit(contexts(scheme, width, **options), f"{address}{name}.html")

    return one
