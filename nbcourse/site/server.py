"""A small local server for the built book, as strict as a careful host: only the book's own files load."""

import errno
import gzip
from functools import lru_cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

from nbcourse.site.errors import SiteError
from nbcourse.site.policy import CONTENT_SECURITY_POLICY

_COMPRESSED = {".html", ".js", ".css", ".svg", ".json", ".ipynb", ".md", ".txt"}


class Handler(SimpleHTTPRequestHandler):
    """Serves one folder below ``prefix``, compressed where that helps, with the Content-Security-Policy."""

    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".svg": "image/svg+xml",
        ".json": "application/json",
        ".ipynb": "application/x-ipynb+json",
        ".md": "text/markdown; charset=utf-8",
        ".woff": "font/woff",
        ".woff2": "font/woff2",
    }

    def __init__(self, *arguments, prefix="/", **options):
        self.prefix = prefix
        super().__init__(*arguments, **options)

    def send_head(self):
        """Answer with the file below the prefix, compressed when the browser takes that; else 404."""
        if not self.path.startswith(self.prefix):
            return self.send_error(404, "Not below the book's folder")
        self.path = "/" + self.path[len(self.prefix) :]
        path = Path(self.translate_path(self.path))
        compress = path.suffix in _COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", "")
        if not (compress and path.is_file()):
            return super().send_head()
        body = _gzipped(path, path.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def list_directory(self, path):
        """Answer 404: a folder without a page is not for readers."""
        return self.send_error(404, "No page here")

    def send_error(self, code, message=None, explain=None):
        """Answer a wrong address with the book's own page for it, which leads back from any folder."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            return super().send_error(code, message, explain)
        start = f'href="{self.prefix}index.html"'
        body = page.read_text(encoding="utf-8").replace('href="index.html"', start).encode()
        self.send_response(404)
        self.send_header("Content-Type", self.extensions_map[".html"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self):
        """Add to every answer what keeps the page to its own host, and keeps an old copy from being shown."""
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format, *arguments):
        """Say nothing of each request."""


@lru_cache(maxsize=256)
def _gzipped(path, modified):
    return gzip.compress(path.read_bytes(), mtime=0)


class Server(ThreadingHTTPServer):
    """A server of this machine alone; a browser that hangs up early is no error."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        """Ignore connections that the browser closed."""


def make_server(folder, port=0, prefix="/"):
    """Return a server (not yet running) of ``folder`` on 127.0.0.1; port 0 takes any free one.

    Raises
    ------
    SiteError
        When the port is in use or not allowed.
    """
    handler = partial(Handler, directory=str(folder), prefix=prefix)
    try:
        return Server(("127.0.0.1", port), handler)
    except (OSError, OverflowError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise SiteError(f"Port {port} is in use. Choose another one with --port.") from None
        raise SiteError(f"Cannot listen on port {port}: {error}. Choose another one with --port.") from None


def serve(root, port=8000, announce=print):
    """Serve the built book in ``root`` on 127.0.0.1 until interrupted; ``announce`` is given one line.

    Raises
    ------
    SiteError
        When the book has not been built, or the port cannot be used.
    """
    folder = Path(root) / "_build" / "html"
    if not (folder / "index.html").is_file():
        raise SiteError("The book has not been built yet. Run `make book` (or `nbcourse build`) first.")
    with make_server(folder, port) as server:
        announce(f"The book is at http://127.0.0.1:{server.server_port}/ (Ctrl+C ends this)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            announce("Goodbye.")
