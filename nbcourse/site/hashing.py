"""Short keys that tell whether anything has changed: for the notebooks, and for the site as a whole."""

import hashlib
import os
import sys
from pathlib import Path

import nbcourse
from nbcourse.site.repository import repository

PACKAGE_SUFFIXES = {".py", ".js", ".css", ".toml", ".svg", ".txt"}
SITE_PACKAGES = ("jupyter-book", "sphinx", "myst-nb", "sphinx-book-theme", "pydata-sphinx-theme")


PACKAGE = Path(nbcourse.__file__).resolve().parent


def cache_key(root, package=PACKAGE):
    """Return 16 hexadecimal digits that change whenever a notebook's outputs may.

    They depend on the Python version, on every source file of ``nbcourse`` (also its scripts, styles and
    quizzes) and on ``requirements.txt`` in ``root``; not on the notebooks, which the cache compares itself.
    """
    digest = hashlib.sha256(repr(sys.version_info[:3]).encode())
    _update(digest, _files(package, lambda path: path.suffix in PACKAGE_SUFFIXES), package)
    _update(digest, [Path(root) / "requirements.txt"], Path(root))
    return digest.hexdigest()[:16]


def site_key(root):
    """Return 16 hexadecimal digits that change whenever any page of the site may."""
    from importlib.metadata import version

    root = Path(root)
    digest = hashlib.sha256(cache_key(root).encode())
    digest.update(repr([repository(root), os.environ.get("NBCOURSE_BOOK_URL")]).encode())
    digest.update(repr([version(name) for name in SITE_PACKAGES]).encode())
    book = _files(root / "book", lambda path: "__pycache__" not in path.parts)
    measured = [*root.glob("results/**/*.json"), *root.glob("benchmarks/results/*.json")]
    _update(digest, [root / "_config.yml", root / "_toc.yml", *book, *sorted(measured)], root)
    return digest.hexdigest()[:16]


def _files(folder, wanted):
    hidden = (".", "__pycache__")
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and wanted(path)
        and not any(part.startswith(hidden) for part in path.relative_to(folder).parts)
    )


def _update(digest, paths, base):
    for path in paths:
        if path.is_file():
            data = path.read_bytes()
            digest.update(f"{path.relative_to(base).as_posix()} {len(data)}\n".encode() + data)
