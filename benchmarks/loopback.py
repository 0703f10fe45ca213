"""A server on this machine alone: a free port, and waiting until it answers there."""

import socket
import sys
import time


def free_port():
    """Return a port of this machine that nobody uses at the moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(port, server, log, patience):
    """Return when the port answers; end with the log when the process ended or ``patience`` (s) did."""
    end = time.monotonic() + patience
    while time.monotonic() < end and server.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{server.args[0]} did not answer within {patience} s:\n{log.read_text()[-2000:]}")
