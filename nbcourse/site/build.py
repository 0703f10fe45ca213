"""`make book`: run what must be run, write every page, say what was built and where."""

import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from nbcourse.site.errors import BuildError
from nbcourse.site.hashing import site_key


@dataclass(frozen=True)
class BuildReport:
    """What a build did: counts of pages and notebooks, seconds, and the first page's path."""

    pages: int
    ran: int
    cached: int
    seconds: float
    index: Path
    up_to_date: bool = False

    def __str__(self):
        if self.up_to_date:
            what = f"Nothing has changed since the last build of {self.pages} pages ({self.seconds:.1f} s)."
        else:
            what = (
                f"Built {self.pages} pages in {self.seconds:.0f} s: "
                f"{self.ran} notebooks run, {self.cached} from the cache."
            )
        return f"{what}\nOpen {self.index}"


def build(root, *, fresh=False, jobs=None):
    """Build the book in ``root`` into ``_build/html`` and return a :class:`BuildReport`.

    Parameters
    ----------
    root : Path
        The folder that holds ``_config.yml`` and ``_toc.yml``.
    fresh : bool
        Forget cached notebook outputs and earlier pages first.
    jobs : int, optional
        Notebooks to run side by side; the number of cores when not given.

    Raises
    ------
    BuildError
        When a notebook raises or writes to stderr, when Sphinx has a warning, or when ``_build`` cannot be
        written. Its message names the place and needs no traceback.
    """
    start, root = time.perf_counter(), Path(root).resolve()
    try:
        return _build(root, fresh, jobs, start)
    except OSError as error:
        raise BuildError(
            f"Cannot write the book: {error.strerror}: {error.filename or root / '_build'}"
        ) from error


def is_current(root):
    """Whether ``_build/html`` holds every page and nothing has changed since it was built."""
    stamp = _read_stamp(Path(root).resolve())
    return stamp is not None and stamp["key"] == site_key(root)


def _build(root, fresh, jobs, start):
    index = root / "_build" / "html" / "index.html"
    key, stamp = site_key(root), _read_stamp(root)
    if not fresh and stamp and stamp["key"] == key:
        seconds = time.perf_counter() - start
        return BuildReport(len(stamp["pages"]), 0, stamp["notebooks"], seconds, index, up_to_date=True)

    from nbcourse.site.execution import cache_folder, run_notebooks
    from nbcourse.site.pages import write_pages

    _clear(root, cache=fresh)
    cache = cache_folder(root)  # once: a source that changes meanwhile must not divide the two steps
    ran, cached = run_notebooks(root, cache, jobs or os.cpu_count() or 1)
    pages = write_pages(root, cache)
    stamp = {"key": key, "pages": pages, "notebooks": ran + cached}
    _stamp(root).write_text(json.dumps(stamp), encoding="utf-8")
    return BuildReport(len(pages), ran, cached, time.perf_counter() - start, index)


def _clear(root, cache):
    """Remove the old pages (Sphinx reports only on pages that it reads again) and, if asked, the cache."""
    build = root / "_build"
    build.mkdir(exist_ok=True)
    _stamp(root).unlink(missing_ok=True)
    for name in ["html", ".doctrees", "jupyter_execute"] + [".jupyter_cache"] * cache:
        if (build / name).exists():
            shutil.rmtree(build / name)


def _stamp(root):
    return root / "_build" / "site.json"


def _read_stamp(root):
    try:
        stamp = json.loads(_stamp(root).read_text(encoding="utf-8"))
        whole = all((root / "_build" / "html" / page).is_file() for page in ["index.html", *stamp["pages"]])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return stamp if whole else None
