"""A JupyterLab for measuring: a copy of the notebooks, its own settings and port, this Python's kernel."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import nbformat
from loopback import free_port, wait_for

from nbcourse.notebooks import KERNEL_ENVIRONMENT, ON_CPU

ROOT = Path(__file__).parents[1]
PATIENCE = 120  # seconds until JupyterLab answers
OWN = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},  # all cells in the page, as after scrolling
    "docmanager-extension/plugin": {"autosave": False},
}


@contextmanager
def jupyterlab(dark=False):
    """Start JupyterLab on a copy of ``book/`` whose outputs are cleared; give its address; end it after."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = Path(folder)
        copy_book(folder / "book")
        write_settings(folder / "settings", dark)
        port = free_port()
        with open(folder / "log", "w") as log:
            server = subprocess.Popen(
                command(folder, port), env=environment(folder), stdout=log, stderr=subprocess.STDOUT
            )
            try:
                wait_for(port, server, folder / "log", PATIENCE)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()  # it ends its kernels before itself
                server.wait(30)


def copy_book(target):
    """Copy the book's folder, and take the outputs and counts out of its notebooks."""
    shutil.copytree(ROOT / "book", target, ignore=shutil.ignore_patterns("__pycache__"))
    for path in target.glob("*.ipynb"):
        nb = nbformat.read(path, as_version=4)
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.update(outputs=[], execution_count=None)
        nbformat.write(nb, path)


def write_settings(folder, dark):
    """Write the settings that a reader would make by clicking: no news, no saving, and the theme."""
    theme = {"apputils-extension/themes": {"theme": "JupyterLab Dark" if dark else "JupyterLab Light"}}
    for name, values in (SETTINGS | theme).items():
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")


def command(folder, port):
    """Return the command that starts JupyterLab."""
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        f"--ServerApp.root_dir={folder / 'book'}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        f"--LabApp.user_settings_dir={folder / 'settings'}",
        f"--LabApp.workspaces_dir={folder / 'workspaces'}",
        "--LabApp.expose_app_in_browser=True",
    ]


def environment(folder):
    """Return the environment: nothing of the user's own settings, this tree's package, the CPU."""
    own = {name: str(folder / name.lower()) for name in OWN}
    own["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, **KERNEL_ENVIRONMENT, **ON_CPU, **own, "NBCOURSE_PROGRESS": "off"}
