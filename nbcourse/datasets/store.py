"""Published files, fetched once: from the folder NBCOURSE_DATA, or from their origins into one cache.

A file is used only if its SHA-256 is the one in `registry`. Where NBCOURSE_DATA names a folder, nothing is
ever downloaded; its layout is that of the paths in `registry`. Otherwise pooch fetches a missing file from
the first origin that has it, into a temporary file that is renamed when it is whole and right: a download
that is cut short leaves nothing behind that could be mistaken for the file, and two processes that fetch at
the same time do no harm to each other.
"""

import functools
import hashlib
import os
import sys
import time
from pathlib import Path

from nbcourse.datasets.registry import known

TIMEOUT = 30  # seconds without an answer
_DAY = 24 * 3600


class DataError(Exception):
    """A file of a data set cannot be had, or is not the published one; the message says what to do."""


def chosen_folder():
    """The folder that NBCOURSE_DATA names, or None. Raises DataError where it is no folder."""
    chosen = os.environ.get("NBCOURSE_DATA")
    if not chosen:
        return None
    folder = Path(os.path.expanduser(chosen))
    if not folder.is_dir():
        raise DataError(f"NBCOURSE_DATA={chosen} is not a folder: correct it, or unset it to download")
    return folder


def cache_folder():
    """The folder that downloads go to: the user's cache."""
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("nbcourse", appauthor=False))


def location(file):
    """Where a file lies, or would lie: in the folder NBCOURSE_DATA, or else in the cache."""
    return (chosen_folder() or cache_folder()) / file.path


def paths(name):
    """Return the paths of all files of a data set, fetched if need be, in the order of the registry."""
    return [fetch(file) for file in known(name).files]


def fetch(file):
    """Return where `file` lies, checked; it is downloaded if it is not there and NBCOURSE_DATA is not set.

    Raises DataError if it cannot be had or is not the published file.
    """
    path = location(file)
    there = path.is_file()
    if there and is_published(path, file):
        return path
    if chosen_folder() is None:
        return _download(file, path)
    if there:
        raise DataError(
            f"{path} is not the published file: expected {file.size} bytes with SHA-256 {file.sha256}, "
            f"got {path.stat().st_size} bytes with {_sha256(path)}; replace it"
        )
    raise DataError(
        f"{file.path} is not in NBCOURSE_DATA={os.environ['NBCOURSE_DATA']}: "
        "put it there, or unset NBCOURSE_DATA to download it"
    )


def is_published(path, file, again=False):
    """Whether the file at `path` has the size and the SHA-256 of the published `file`.

    The SHA-256 of a file is remembered until the file's time or size changes; `again` computes it anew.
    """
    status = os.stat(path)
    if status.st_size != file.size:
        return False
    found = _sha256(path) if again else _remembered_sha256(path, status.st_mtime_ns, status.st_size)
    return found == file.sha256


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@functools.lru_cache(maxsize=256)
def _remembered_sha256(path, changed, size):
    return _sha256(path)


def _download(file, path):
    """Fetch `file` to `path` from the first of its origins that has it."""
    import requests

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
    except OSError as error:
        raise DataError(f"{path.parent} cannot be written ({error.strerror}): {_by_hand(file)}") from None
    failures = []
    for url in file.urls:
        try:
            _retrieve(url, file, path)
            return path
        except requests.RequestException as error:
            failures.append(f"  {url}: {_reason(error)}")
        except ValueError:  # pooch's word for another hash
            failures.append(f"  {url}: what came is not the published file (its SHA-256 is another)")
        except OSError as error:
            raise DataError(f"{path} cannot be written ({error.strerror}): {_by_hand(file)}") from None
    tried = "\n".join(failures)
    raise DataError(
        f"{file.path} could not be downloaded:\n{tried}\n"
        f"Expected {file.size} bytes with SHA-256 {file.sha256}. Try again later, or {_by_hand(file)}"
    )


def _by_hand(file):
    return f"put a copy into a folder of your own as {file.path} and set NBCOURSE_DATA to that folder"


def _retrieve(url, file, path):
    import pooch

    pooch.get_logger().setLevel("WARNING")
    # "identity": bytes as published, not packed once more on the way, so that sizes can be compared
    with _bar(file) as bar:
        downloader = pooch.HTTPDownloader(
            progressbar=bar, timeout=TIMEOUT, headers={"Accept-Encoding": "identity"}
        )
        pooch.retrieve(url, f"sha256:{file.sha256}", fname=path.name, path=path.parent, downloader=downloader)


def _sweep(folder):
    """Remove what downloads that were killed have left: pooch's temporary files, once they are a day old."""
    for left in folder.glob("tmp*"):
        if left.is_file() and time.time() - left.stat().st_mtime > _DAY:
            left.unlink(missing_ok=True)


def _reason(error):
    """Why a download failed, in a few words."""
    import requests
    from urllib3.exceptions import ReadTimeoutError

    if error.response is not None:
        return f"the server answered {error.response.status_code} {error.response.reason}"
    cause = error.args[0] if error.args else None
    if isinstance(error, requests.Timeout) or isinstance(cause, ReadTimeoutError):
        return f"no answer within {TIMEOUT} s"
    if isinstance(error, requests.exceptions.SSLError):
        return "the host's certificate is not valid"
    if isinstance(error, requests.ConnectionError):
        return "the host cannot be reached"
    return f"the connection broke ({type(error).__name__})"


def _bar(file):
    """A progress bar on stderr for downloads that take longer than a second; none where nobody watches."""
    from tqdm import tqdm

    name = Path(file.path).name
    return tqdm(
        desc=name,
        total=file.size,
        unit="B",
        unit_scale=True,
        leave=False,
        file=sys.stderr,
        delay=1,
        disable=None,
    )
