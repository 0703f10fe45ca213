"""Checkpoints that survive a power cut: written whole, checked when read, never fewer than one that is good.

A folder holds ``step-*.pt`` files and ``checkpoints.json``, which names the newest ones and the best, each
with its SHA-256. A new checkpoint is written to a temporary file, flushed and renamed; then the list is, in
the same way. Whenever the machine stops, the list names whole files. Files are read with
``weights_only=True``: they hold tensors, numbers and texts, and no object of a stranger is ever unpickled.
"""

import hashlib
import io
import json
import os
import warnings
from pathlib import Path

import torch

from nbcourse.files import write_whole
from nbcourse.train.errors import CheckpointError

LIST, KEPT = "checkpoints.json", 2


def save(folder, step, content, best=False):
    """Store `content` (tensors, numbers, texts, lists, dicts) as the newest checkpoint; perhaps as the best.

    The newest two and the best stay; older ones go. Raises CheckpointError if the disk refuses; what was
    saved before is untouched then.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        torch.save(content, buffer)
        data = buffer.getvalue()
        name = f"step-{step:08d}.pt"
        _write(folder / name, data)
        listed = _listed(folder)
        entry = {"file": name, "step": step, "sha256": hashlib.sha256(data).hexdigest()}
        newest = [e for e in listed["newest"] if e["file"] != name]
        listed = {
            "newest": [entry, *newest][:KEPT],
            "best": entry if best else listed["best"],
        }
        write_whole(folder / LIST, json.dumps(listed, indent=1) + "\n")
        _sweep(folder, listed)
    except OSError as error:
        raise CheckpointError(
            f"step {step} could not be saved in {folder}: {error.strerror or error}. "
            "What was saved before is whole: mend that, then go on with --resume"
        ) from error


def load(folder, which="newest", map_location="cpu"):
    """Return the newest whole checkpoint of a folder, or the best; None if nothing was ever saved there.

    A damaged file is named in a warning and the one before it is taken. Raises CheckpointError if none is
    whole.
    """
    folder = Path(folder)
    listed = _listed(folder)
    entries = listed["newest"] if which == "newest" else [listed["best"]] if listed["best"] else []
    for entry in entries:
        path = folder / entry["file"]
        problem, data = _read(path, entry["sha256"])
        if problem is None:
            return torch.load(io.BytesIO(data), map_location=map_location, weights_only=True)
        warnings.warn(f"{path} is not used: {problem}", stacklevel=2)
    if entries:
        raise CheckpointError(f"no checkpoint in {folder} is whole; delete the folder to start again")
    return None


def _write(path, data):
    """Write bytes to a temporary file beside `path`, flush it to the disk, and rename it."""
    temporary = path.with_suffix(".tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _read(path, expected):
    """Return (what is wrong or None, the bytes)."""
    if not path.is_file():
        return "it is gone", b""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != expected:
        return "it is damaged (its SHA-256 is not the one that was noted)", b""
    return None, data


def _listed(folder):
    path = folder / LIST
    if not path.is_file():
        return {"newest": [], "best": None}
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError:
        raise CheckpointError(f"{path} cannot be read; delete the folder to start again") from None


def _sweep(folder, listed):
    """Delete checkpoints that the list does not name."""
    kept = {e["file"] for e in [*listed["newest"], listed["best"]] if e}
    for path in folder.glob("step-*"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def warn_about_threads(saved):
    """Warn if a checkpoint was made with another number of threads: sums are rounded otherwise then."""
    if saved != torch.get_num_threads():
        warnings.warn(
            f"the checkpoint was made with {saved} threads, this run has {torch.get_num_threads()}: "
            "it goes on, but not bit for bit as the first one would have",
            stacklevel=3,
        )
