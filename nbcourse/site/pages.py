"""Writing the pages: Jupyter Book's configuration, Sphinx in a process of its own, every warning an error.

Run as a module, this file is that process: ``python -m nbcourse.site.pages ROOT``.
"""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

from nbcourse.site.errors import BuildError
from nbcourse.site.toc import documents

_PROGRESS = re.compile(r"(reading sources|writing output)\.\.\. \[\s*(\d+)%\]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def write_pages(root, cache):
    """Write every page of the book into ``_build/html``; return their paths below it, in reading order.

    Notebooks' outputs come from the folder ``cache``, which was filled before.

    Raises
    ------
    BuildError
        With Sphinx's warnings and errors, paths relative to ``root``.
    """
    pages = [f"{name.removesuffix('.md').removesuffix('.ipynb')}.html" for name in documents(root)]
    status, complaints = _run_sphinx(root, cache)
    html = root / "_build" / "html"
    if status:
        shown = "\n".join(complaints) or f"Sphinx ended with status {status} and said nothing."
        raise BuildError(f"The pages have problems:\n{shown}")
    if missing := [page for page in pages if not (html / page).is_file()]:
        raise BuildError(f"Sphinx wrote no page for {', '.join(missing)}.")
    return pages


def _run_sphinx(root, cache):
    """Run Sphinx with a progress bar; return its exit status and the lines that it wrote to stderr."""
    command = [sys.executable, "-m", "nbcourse.site.pages", str(root)]
    settings = {
        "NBCOURSE_BOOK_CACHE": str(cache),
        "NBCOURSE_PROGRESS": "off",
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
    }
    with subprocess.Popen(
        command,
        cwd=root,
        env=os.environ | settings,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(process.stderr))
        reader.start()
        _show_progress(process.stdout)
        reader.join()
    lines = [_COLOUR.sub("", line).rstrip().replace(f"{root}{os.sep}", "") for line in lines]
    return process.returncode, [line for line in lines if line]


def _show_progress(output):
    from tqdm import tqdm

    bar_format = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}"
    with tqdm(total=200, desc="Writing pages", bar_format=bar_format, leave=False) as bar:
        for line in output:
            if found := _PROGRESS.match(_COLOUR.sub("", line)):
                bar.n = int(found[2]) + 100 * (found[1] == "writing output")
                bar.refresh()


def main(root):
    """Build with Sphinx as ``jupyter-book build -W -n --keep-going`` would; return the exit status."""
    from jupyter_book.sphinx import build_sphinx

    root = Path(root)
    result = build_sphinx(
        root,
        root / "_build" / "html",
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides={
            "external_toc_path": (root / "_toc.yml").as_posix(),
            "latex_individualpages": False,
            "nitpicky": True,
        },
        warningiserror=True,
        keep_going=True,
    )
    return result if isinstance(result, int) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
