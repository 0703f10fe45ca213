"""Running the notebooks before the pages are written: side by side, into the cache that Sphinx reads."""

import multiprocessing
import os
import shutil
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from nbcourse.site.errors import BuildError
from nbcourse.site.hashing import cache_key
from nbcourse.site.toc import notebooks

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
CACHES_KEPT = 3  # this one and two earlier ones, so that going back to a branch is quick


def cache_folder(root):
    """Return the folder of the notebook cache that belongs to the package and pins as they are now."""
    return Path(root) / "_build" / ".jupyter_cache" / cache_key(root)


def run_notebooks(root, folder, jobs):
    """Run the notebooks that are not in the cache ``folder``, ``jobs`` at a time; return (ran, cached).

    Each worker gets ``cores // workers`` threads: more would make them wait for each other.
    """
    import nbformat
    from jupyter_cache import get_cache

    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    _prune(folder)
    cache, paths = get_cache(folder), notebooks(root)
    missing = [path for path in paths if not _is_cached(cache, nbformat.read(path, as_version=4))]
    for path, notebook, seconds in _run(missing, root, jobs):
        _store(cache, path, notebook, seconds)
    return len(missing), len(paths) - len(missing)


def _run(paths, root, jobs):
    """Yield (path, executed notebook, seconds) as they finish; one BuildError names every failure."""
    from tqdm import tqdm

    if not paths:
        return
    workers = min(jobs, len(paths))
    failures = []
    bar = tqdm(total=len(paths), desc="Running notebooks", unit="notebook", leave=False)
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
    with bar, _environment(max(1, (os.cpu_count() or 1) // workers)), pool:
        futures = {pool.submit(_execute, path): path for path in paths}
        for future in as_completed(futures):
            notebook, seconds, failure = future.result()
            bar.update()
            if failure:
                failures.append(failure)
            else:
                yield futures[future], notebook, seconds
    if failures:
        raise BuildError("\n\n".join(failures).replace(f"{root}{os.sep}", ""))


def _execute(path):
    """Run one notebook in a kernel of its own; return (notebook, seconds, failure message or None)."""
    import time

    from nbcourse.notebooks import NotebookError, execute

    start = time.perf_counter()
    try:
        notebook = execute(path)
    except NotebookError as error:
        return None, 0.0, str(error)
    return notebook, time.perf_counter() - start, _stderr(path, notebook)


def _stderr(path, notebook):
    """Return a message when a cell wrote to stderr: readers should not meet warnings that no one read."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        text = "".join(output.text for output in cell.outputs if output.get("name") == "stderr").strip()
        if text:
            first = cell.source.strip().partition("\n")[0]
            return f'{path}: code cell {number} ("{first}") wrote to stderr: {text.splitlines()[-1]}'
    return None


def _is_cached(cache, notebook):
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


def _store(cache, path, notebook, seconds):
    from jupyter_cache.base import CacheBundleIn

    bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _prune(current):
    """Remove the caches beside ``current`` but for the few that were used last."""
    others = [path for path in current.parent.iterdir() if path.is_dir() and path != current]
    others.sort(key=lambda path: path.stat().st_mtime)
    for path in others[: max(0, len(others) - CACHES_KEPT + 1)]:
        shutil.rmtree(path)


@contextmanager
def _environment(threads):
    """Give the kernels their threads, and keep the build's own runs out of the reader's progress."""
    new = {name: str(threads) for name in THREAD_VARIABLES} | {"NBCOURSE_PROGRESS": "off"}
    old = {name: os.environ.get(name) for name in new}
    os.environ.update(new)
    try:
        yield
    finally:
        for name, value in old.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
