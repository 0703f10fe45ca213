"""Published files, fetched once: from the folder NBCOURSE_DATA, or from their origins into one cache.

A file is used only if its SHA-256 is the one in `registry`. Where NBCOURSE_DATA names a folder, nothing is
ever downloaded; its layout is that of the paths in `registry`. Otherwise pooch fetches a missing file from
the first origin that answers, into a temporary file that is renamed when it is whole and right: a download
that is cut short leaves nothing behind that could be mistaken for the file, and two processes that fetch at
the same time do no harm to each other.
"""

import functools
import hashlib
import os
from pathlib import Path

from nbcourse.datasets.registry import known

TIMEOUT = 30  # seconds without an answer


class DataError(Exception):
    """A file of a data set cannot be had, or is not the published one; the message says what to do."""


def chosen_folder():
    """The folder that NBCOURSE_DATA names, or None. Raises DataError where it is no folder."""
    chosen = os.environ.get("NBCOURSE_DATA")
    if not chosen:
        return None
    folder = Path(chosen).expanduser()
    if not folder.is_dir():
        raise DataError(f"NBCOURSE_DATA={chosen} is not a folder: correct it, or unset it to download")
    return folder


def cache_folder():
    """The folder that downloads go to: the user's cache."""
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("nbcourse", appauthor=False))


def paths(name):
    """Return the paths of all files of a data set, fetched if need be, in the order of the registry."""
    return [fetch(file) for file in known(name).files]


def fetch(file):
    """Return where `file` lies, checked; it is downloaded if it is not there and NBCOURSE_DATA is not set.

    Raises DataError if it cannot be had or is not the published file.
    """
    chosen = chosen_folder()
    path = (chosen or cache_folder()) / file.path
    if path.is_file():
        if is_published(path, file):
            return path
        if chosen:
            raise DataError(
                f"{path} is not the published file: expected {file.size} bytes with SHA-256 "
                f"{file.sha256[:12]}…, got {path.stat().st_size} bytes; replace it"
            )
    elif chosen:
        raise DataError(
            f"{file.path} is not in NBCOURSE_DATA={chosen}: "
            "put it there, or unset NBCOURSE_DATA to download it"
        )
    return _download(file, path)


def is_published(path, file):
    """Whether the file at `path` has the size and the SHA-256 of the published `file`."""
    status = os.stat(path)
    return status.st_size == file.size and _sha256(str(path), status.st_mtime_ns) == file.sha256


@functools.lru_cache(maxsize=256)
def _sha256(path, changed):
    """The SHA-256 of a file; remembered until it changes."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _download(file, path):
    """Fetch `file` to `path` from the first of its origins that has it."""
    import pooch
    import requests

    pooch.get_logger().setLevel("WARNING")
    path.parent.mkdir(parents=True, exist_ok=True)
    failures = []
    for url in file.urls:
        downloader = pooch.HTTPDownloader(progressbar=_bar(file), timeout=TIMEOUT)
        try:
            pooch.retrieve(
                url, f"sha256:{file.sha256}", fname=path.name, path=path.parent, downloader=downloader
            )
        except requests.RequestException as error:
            failures.append(f"  {url}: {_reason(error)}")
        except ValueError:  # pooch: the hash is another
            failures.append(f"  {url}: what came is not the published file (its SHA-256 differs)")
        else:
            return path
    tried = "\n".join(failures)
    raise DataError(
        f"{file.path} could not be downloaded:\n{tried}\n"
        f"Put a copy at {path}, or into a folder of your own as {file.path}, "
        "and set NBCOURSE_DATA to that folder."
    )


def _reason(error):
    """Why a download failed, in a few words."""
    import requests

    answer = getattr(error, "response", None)
    if answer is not None:
        return f"the server answered {answer.status_code} {answer.reason}"
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT} s"
    if isinstance(error, requests.ConnectionError):
        return "the host cannot be reached"
    return f"the connection broke ({type(error).__name__})"


def _bar(file):
    """A progress bar on stderr, or False where NBCOURSE_PROGRESS=off."""
    import sys

    from tqdm import tqdm

    if os.environ.get("NBCOURSE_PROGRESS") == "off":
        return False
    return tqdm(
        desc=Path(file.path).name,
        total=file.size,
        unit="B",
        unit_scale=True,
        leave=False,
        file=sys.stderr,
        delay=1,
    )
