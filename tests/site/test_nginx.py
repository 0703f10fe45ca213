"""The configuration for nginx that the book recommends, tried with a real nginx on a small folder."""

import gzip
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

from nbcourse.site import CONTENT_SECURITY_POLICY

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))  # scripts, not a package

import webserver

PAGE = "<p>hello</p>" * 200
FOR_LONG = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Return a function that asks nginx for a path: (status, headers, body)."""
    if not webserver.installed():
        pytest.skip("no nginx found: install it, for example with apt-get install -y nginx-light")
    folder = tmp_path_factory.mktemp("html")
    files = ["index.html", "404.html", "book/01-neurons.html", "book/01-neurons.ipynb", "_static/runtime.js"]
    for name in [*files, "_static/bundle/2f5a2d5700ae.css", "_static/ready.js"]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE, encoding="utf-8")
    (folder / "404.html").write_text("no such page", encoding="utf-8")
    (folder / "_static" / "ready.js.gz").write_bytes(gzip.compress(b"compressed before"))
    (folder.parent / "secret.txt").write_text("secret", encoding="utf-8")
    with webserver.nginx(folder) as (_, address):

        def get(path, **headers):
            connection = HTTPConnection(address.removeprefix("http://"), timeout=10)
            connection.request(
                "GET", path, headers={name.replace("_", "-"): v for name, v in headers.items()}
            )
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

        yield get


def test_the_policy_is_the_one_that_the_pages_are_tested_under():
    assert f'"{CONTENT_SECURITY_POLICY}" always;' in webserver.CONFIGURATION.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path, kept",
    [
        ("", "no-cache"),
        ("book/01-neurons.html", "no-cache"),
        ("book/01-neurons.ipynb", "no-cache"),
        ("_static/runtime.js", "no-cache"),
        ("_static/runtime.js?v=22f3372e", FOR_LONG),
        ("_static/runtime.js?digest=55c26ed414f5f8a31ebb", FOR_LONG),
        ("_static/runtime.js?search=22f3372e", "no-cache"),
        ("_static/bundle/2f5a2d5700ae.css", FOR_LONG),
    ],
)
def test_what_is_named_after_its_content_is_kept_and_all_else_asked_for_again(ask, path, kept):
    status, headers, _ = ask(f"/course/{path}")
    assert (status, headers["Cache-Control"]) == (200, kept)
    assert headers["Last-Modified"] and headers["ETag"]
    again = ask(f"/course/{path}", If_None_Match=headers["ETag"])
    assert (again[0], again[1]["Cache-Control"], again[2]) == (304, kept, b"")


def test_answers_are_strict_typed_and_compressed(ask):
    _, headers, body = ask("/course/index.html", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip" and gzip.decompress(body) == PAGE.encode()
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert ask("/course/index.html")[2] == PAGE.encode()
    assert ask("/course/book/01-neurons.ipynb")[1]["Content-Type"] == "application/x-ipynb+json"
    _, headers, body = ask("/course/_static/ready.js", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip" and gzip.decompress(body) == b"compressed before"
    assert "javascript; charset=utf-8" in headers["Content-Type"]


@pytest.mark.parametrize(
    "path", ["none.html", "book/", "none.js?v=22f3372e", "../secret.txt", "%2e%2e/secret.txt"]
)
def test_what_is_not_there_is_said_on_the_books_own_page_and_never_kept(ask, path):
    status, headers, body = ask(f"/course/{path}")
    assert status in (404, 400)
    if status == 404 and ".." not in path:
        assert (body, headers["Cache-Control"]) == (b"no such page", "no-cache")
        assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_the_path_without_its_slash_leads_there(ask):
    status, headers, _ = ask("/course")
    assert (status, headers["Location"]) == (301, "/course/")
