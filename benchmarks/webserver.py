"""An nginx of its own: the book's configuration on a free port, what it writes in a temporary folder."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from loopback import free_port, wait_for

CONFIGURATION = Path(__file__).with_name("nginx.conf")
PREFIX = "/course/"
AROUND = """
{user}
daemon off;
worker_processes auto;
pid nginx.pid;
error_log error.log;
events {{ worker_connections 1024; }}
http {{
    access_log access.log combined buffer=64k;
    sendfile on;
    keepalive_requests 1000000;  # the load test keeps its connections
    client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp;
    uwsgi_temp_path temp; scgi_temp_path temp;
    include course.conf;
}}
"""


def installed():
    """The path of nginx, or None where there is none."""
    return shutil.which(
        "nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    )


@contextmanager
def nginx(html):
    """Serve the folder ``html`` below PREFIX; give the process and its address; end it after."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [installed(), "-p", folder, "-c", "nginx.conf", "-e", "error.log"]
        write_configuration(Path(folder), Path(html), port)
        check(command)
        server = subprocess.Popen(command)
        try:
            wait_for(port, server, Path(folder) / "error.log", patience=30)
            yield server, f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def write_configuration(folder, html, port):
    """Write what nginx reads: the book's own with this folder and port, and what stands around it."""
    own = CONFIGURATION.read_text(encoding="utf-8")
    for told, here in {
        "listen 8080;": f"listen 127.0.0.1:{port};",
        "/srv/course/": f"{html.resolve()}/",
    }.items():
        if own.count(told) != 1:
            raise ValueError(
                f"{CONFIGURATION.name}: expected {told!r} once, found it {own.count(told)} times"
            )
        own = own.replace(told, here)
    (folder / "course.conf").write_text(own, encoding="utf-8")
    user = (
        "user root;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    )  # else it gives its rights away
    (folder / "nginx.conf").write_text(AROUND.format(user=user), encoding="utf-8")
    shutil.copy(mime_types(), folder / "mime.types")


def mime_types():
    """Return the path of the file of types that came with this nginx."""
    about = subprocess.run([installed(), "-V"], capture_output=True, text=True).stderr
    return Path(re.search(r"--conf-path=(\S+)", about)[1]).with_name("mime.types")


def check(command):
    """Let nginx itself read the configuration; end with what it says if it refuses."""
    done = subprocess.run([*command, "-t"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"nginx refuses the configuration:\n{done.stderr}")
