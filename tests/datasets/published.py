"""Stand-ins for published files: bytes with their `File`, and a real web server here that has them."""

import contextlib
import hashlib
import http.server
import threading
import time

from nbcourse.datasets.registry import DataSet, File


def file_of(data, *urls, path="set/file.bin"):
    """The registry's entry for these bytes."""
    return File(path, len(data), hashlib.sha256(data).hexdigest(), urls)


def set_of(contents, root=None, title="A set"):
    """A data set of {path: bytes}; with `root`, written there in the layout of NBCOURSE_DATA."""
    for path, data in contents.items() if root else ():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    files = tuple(file_of(data, path=path) for path, data in contents.items())
    return DataSet(title, "Somebody (2000)", "terms", files)


class Answer:
    """What the server does when it is asked: send `body`, or cut the connection after `sent` bytes of it."""

    def __init__(self, body, status=200, sent=None, pause=0.0, wait=0.0, length=True):
        self.body, self.status, self.sent = body, status, len(body) if sent is None else sent
        self.pause, self.wait, self.length = pause, wait, length


@contextlib.contextmanager
def serving(answers):
    """A server with {path: Answer}; yields (its address, the list of paths that it was asked for)."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            answer = answers.get(self.path, Answer(b"", 404))
            time.sleep(answer.wait)
            self.send_response(answer.status)
            if answer.length:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # the other side may be gone
                for start in range(0, answer.sent, 4096):
                    self.wfile.write(answer.body[start : min(start + 4096, answer.sent)])
                    self.wfile.flush()
                    time.sleep(answer.pause)
            self.close_connection = True

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
