"""Which exercises the reader has solved: one small JSON file of their own, on their own machine.

It lies in the user's data folder, or in `NBCOURSE_HOME` where that is set. `NBCOURSE_PROGRESS=off` (set
while the book is built and tested) records nothing.
"""

import json
import os
import re
from collections import Counter
from datetime import date
from pathlib import Path

from nbcourse.files import write_whole

_ASKED = re.compile(r"^`{3,}\{exercise\} *(?P<title>.+)|^check\(\s*[\"'](?P<name>[\w/-]+)[\"']", re.MULTILINE)


def folder():
    """Where the progress file lies: `NBCOURSE_HOME`, else the system's folder for a user's data."""
    home = os.environ.get("NBCOURSE_HOME")
    if home:
        return Path(home).expanduser()
    from platformdirs import user_data_dir

    return Path(user_data_dir("nbcourse", appauthor=False))


def load():
    """What was recorded: `{"neurons/pocket": {"attempts": 3, "passed": "2025-02-28" or None}}`.

    A file that cannot be understood counts as empty; it is kept under the name `progress.json.unreadable`
    when the next outcome is recorded. Raises OSError when the file exists and cannot be opened.
    """
    try:
        return _parse((folder() / "progress.json").read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}


def record(name, passed):
    """Count one attempt and remember the day of the first pass. Raises OSError when it cannot be written."""
    if os.environ.get("NBCOURSE_PROGRESS", "").lower() == "off":
        return
    path = folder() / "progress.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    _keep_unreadable(path)
    entries = load()
    entry = entries.setdefault(name, {"attempts": 0, "passed": None})
    entry["attempts"] += 1
    if passed and not entry["passed"]:
        entry["passed"] = date.today().isoformat()
    _write(path, entries)


def clear():
    """Forget everything. Returns whether there was something to forget."""
    try:
        (folder() / "progress.json").unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def titles(notebooks):
    """What the book calls its exercises: `{"neurons/pocket": "1.1 The pocket algorithm"}`, in its order.

    Parameters
    ----------
    notebooks : list of Path
        In the order of the book, in which the parts of one chapter (05, 05b) count on. One that cannot be
        read is passed over.
    """
    found, counts = {}, Counter()
    for path in notebooks:
        chapter = path.stem[:2].lstrip("0") if path.stem[0].isdigit() else path.stem[0].upper()
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            source = "\n".join("".join(cell["source"]) for cell in cells)
        except (OSError, ValueError, KeyError, TypeError):
            continue
        title = None
        for match in _ASKED.finditer(source):
            if match["title"]:
                counts[chapter] += 1
                title = f"{chapter}.{counts[chapter]} {match['title'].strip()}"
            elif title:  # the first check after the task; the second is the solution's
                found.setdefault(match["name"], title)
    return found


def _parse(content):
    """The entries of a progress file. Raises ValueError when it is not one."""
    document = json.loads(content) if content.strip() else {"exercises": {}}
    entries = document.get("exercises") if isinstance(document, dict) else None
    fine = isinstance(entries, dict) and all(
        isinstance(e, dict) and isinstance(e.get("attempts"), int) and isinstance(e.get("passed"), str | None)
        for e in entries.values()
    )
    if not fine:
        raise ValueError("not a progress file")
    return entries


def _keep_unreadable(path):
    """Put a file that is not a progress file aside, so that recording never destroys it."""
    try:
        _parse(path.read_bytes())
    except FileNotFoundError:
        pass
    except ValueError:
        path.replace(path.with_name("progress.json.unreadable"))


def _write(path, entries):
    """Write the record, whole."""
    content = {"version": 1, "exercises": entries}
    write_whole(path, json.dumps(content, indent=1, sort_keys=True))
