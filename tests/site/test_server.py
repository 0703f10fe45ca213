"""The local server: strict, compressed, below a sub-path, and clear when a port is taken."""

import gzip
import threading
from http.client import HTTPConnection

import pytest

from nbcourse.site import CONTENT_SECURITY_POLICY, SiteError, make_server, serve


@pytest.fixture
def ask(tmp_path):
    """Return a function that asks a server of a small folder for a path."""
    (tmp_path / "index.html").write_text("<p>hello</p>" * 100)
    (tmp_path / "font.woff").write_bytes(b"wOFF")
    (tmp_path / "404.html").write_text('<a href="index.html">To the first page</a>')
    (tmp_path / "a.js").write_text("1;")
    (tmp_path.parent / "secret.txt").write_text("secret")
    server = make_server(tmp_path, prefix="/sub/")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def get(path, method="GET", **headers):
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    yield get
    server.shutdown()
    server.server_close()


def test_answers_are_strict_typed_and_compressed(ask):
    status, headers, body = ask("/sub/index.html", **{"Accept-Encoding": "gzip"})
    assert status == 200 and gzip.decompress(body) == b"<p>hello</p>" * 100
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert ask("/sub/index.html")[2] == b"<p>hello</p>" * 100
    assert ask("/sub/a.js")[1]["Content-Type"] == "text/javascript; charset=utf-8"
    assert ask("/sub/font.woff")[1]["Content-Type"] == "font/woff"


@pytest.mark.parametrize(
    "path", ["/index.html", "/sub/nothing.html", "/sub/../secret.txt", "/sub/%2e%2e/secret.txt"]
)
def test_only_the_folder_is_served(ask, path):
    assert ask(path)[0] == 404


@pytest.mark.parametrize("path", ["/sub/nothing.html", "/sub/book/nothing.html", "/sub/book/", "/elsewhere"])
def test_a_wrong_address_shows_the_page_for_it(ask, path):
    status, headers, body = ask(path)
    assert (status, body) == (404, b'<a href="/sub/index.html">To the first page</a>')
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert ask(path, "HEAD")[2] == b""


def test_a_port_in_use_is_named(tmp_path):
    with make_server(tmp_path) as server:
        port = server.server_port
        with pytest.raises(SiteError, match=rf"Port {port} is in use.*--port"):
            make_server(tmp_path, port)


def test_an_impossible_port_is_named(tmp_path):
    with pytest.raises(SiteError, match="port 70000"):
        make_server(tmp_path, 70000)


def test_a_book_that_is_not_built_is_said_so(tmp_path):
    with pytest.raises(SiteError, match="make book"):
        serve(tmp_path)
