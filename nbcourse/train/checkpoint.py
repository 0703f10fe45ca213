"""Checkpoints that survive a power cut: written whole, checked when read, never fewer than one that is good.

A folder holds files ``step-00000100-<hash>.pt``. Each name carries the SHA-256 of its file: every file
can be checked by itself, and there is no list that could be lost. A new one is written to a temporary file,
flushed and renamed: whenever the machine stops, what has the right name is whole. Files are read with
``weights_only=True``: they hold tensors, numbers and texts, and no object of a stranger is ever unpickled.
"""

import hashlib
import io
import os
import pickle
import re
import warnings
from pathlib import Path

import torch

from nbcourse.train.errors import CheckpointError

KEPT = 2  # of the newest
_NAME = re.compile(r"step-(\d+)-([0-9a-f]{32})\.pt")


def save(folder, step, content, keep=(), alone=False):
    """Store `content` (tensors, numbers, texts, lists, dicts) as the checkpoint of `step`.

    The newest two and those of the steps in `keep` stay, older ones go; with `alone` all others go. Raises
    CheckpointError if the disk refuses; what was saved before is untouched then.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        torch.save(content, buffer)
        data = buffer.getvalue()
        path = folder / f"step-{step:08d}-{_hash(data)}.pt"
        _write(path, data)
        others = [p for p in folder.glob("step-*") if p != path]
        kept = () if alone else {step, *keep, *sorted({step_of(p) for p in _files(folder)})[-KEPT:]}
        for other in others:  # a half-written file, or one of the same step from before, goes too
            if step_of(other) == step or step_of(other) not in kept:
                other.unlink(missing_ok=True)
    except OSError as error:
        raise CheckpointError(
            f"step {step} could not be saved in {folder}: {error.strerror or error}. "
            "What was saved before is whole: mend that, then resume"
        ) from error


def load(folder, step=None, map_location="cpu"):
    """Return the newest whole checkpoint of a folder, or that of `step`; None if there is no file of it.

    A damaged file is named in a warning and the one before it is taken. Raises CheckpointError if there are
    files and none is whole.
    """
    paths = [path for path in _files(folder) if step is None or step_of(path) == step]
    for path in paths:
        data = path.read_bytes()
        if _hash(data) == _NAME.fullmatch(path.name)[2]:
            return _unpacked(path, data, map_location)
        warnings.warn(f"{path} is damaged (its SHA-256 is not that of its name) and not used", stacklevel=2)
    if paths:
        raise CheckpointError(f"no checkpoint in {folder} is whole; delete the folder to start again")
    return None


def _unpacked(path, data, map_location):
    try:
        return torch.load(io.BytesIO(data), map_location=map_location, weights_only=True)
    except (pickle.UnpicklingError, RuntimeError) as error:
        raise CheckpointError(
            f"{path} is not a checkpoint of this course: {str(error).splitlines()[0]}"
        ) from None


def step_of(path):
    """The step of a checkpoint's file; None for a file that is not one, as a half-written one."""
    match = _NAME.fullmatch(path.name)
    return int(match[1]) if match else None


def _files(folder):
    """The checkpoints of a folder, the newest first."""
    return sorted(
        (p for p in Path(folder).glob("step-*") if step_of(p) is not None), key=step_of, reverse=True
    )


def _hash(data):
    return hashlib.sha256(data).hexdigest()[:32]


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
    _flush_folder(path.parent)


def _flush_folder(folder):
    """Bring the new name to the disk too, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
