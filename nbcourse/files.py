"""Files that are written whole or not at all."""

import os
import tempfile
from pathlib import Path


def write_whole(path, text):
    """Write `text` (UTF-8) to a temporary file beside `path`, flush it, and rename it.

    Nobody ever reads half a file, and an existing file keeps its permissions. Raises OSError, and then the
    old file is as it was.
    """
    path = Path(path)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
