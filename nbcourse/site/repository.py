"""Where the book's source lives on GitHub, when that is known; it is never made up."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_REMOTE = re.compile(
    r"(?:https://(?:[^@/]+@)?|git@|ssh://git@)github\.com[:/](?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?"
)


@dataclass(frozen=True)
class Repository:
    """A GitHub repository: its address without a trailing slash, and the branch or commit to link to."""

    url: str
    ref: str

    @property
    def on_github_com(self):
        """Whether services that read public GitHub repositories, such as Colab, can open it."""
        return self.url.startswith("https://github.com/")

    def blob(self, path):
        """Return the address of the file at ``path`` (relative to the root, with forward slashes)."""
        return f"{self.url}/blob/{self.ref}/{path}"

    def colab(self, path):
        """Return the address that opens the notebook at ``path`` in Colab."""
        name = self.url.removeprefix("https://github.com/")
        return f"https://colab.research.google.com/github/{name}/blob/{self.ref}/{path}"


def repository(root, environ=os.environ):
    """Return the repository of the book at ``root``, or None when its address is not known.

    It comes from continuous integration's ``GITHUB_SERVER_URL`` and ``GITHUB_REPOSITORY``, else from the git
    remote ``origin`` when that is a GitHub address. The link goes to the branch, or to the commit where there
    is none.
    """
    server, name = environ.get("GITHUB_SERVER_URL"), environ.get("GITHUB_REPOSITORY")
    if server and name:
        branch = environ.get("GITHUB_REF_TYPE") == "branch" and not environ.get("GITHUB_HEAD_REF")
        ref = environ.get("GITHUB_REF_NAME") if branch else environ.get("GITHUB_SHA")
        return Repository(f"{server.rstrip('/')}/{name}", ref) if ref else None
    if not (Path(root) / ".git").exists():
        return None
    found = _REMOTE.fullmatch(_git(root, "remote", "get-url", "origin"))
    ref = _git(root, "symbolic-ref", "--quiet", "--short", "HEAD") or _git(root, "rev-parse", "HEAD")
    return Repository(f"https://github.com/{found['name']}", ref) if found and ref else None


def _git(root, *arguments):
    try:
        run = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""
