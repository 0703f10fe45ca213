"""What `nbcourse doctor` looks at: is everything here that reading, building and testing the course needs?"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from nbcourse import browser

FINE, NOTE, PROBLEM = "✓", "·", "✗"
DEVICE_SECONDS = 2.4  # torch is asked in a process of its own; a slow disk must not hold everything up
NEEDED_BYTES = 1024**3
_DEVICE_SCRIPT = """
import torch
if torch.cuda.is_available():
    print("cuda:", torch.cuda.get_device_name(0))
elif torch.backends.mps.is_available():
    print("mps: Apple's GPU")
else:
    print("cpu: no GPU that torch can use")
"""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fine, worth a note, or a problem; and how to mend it."""

    level: str
    subject: str
    text: str
    remedy: str = ""


def examine(root=None):
    """Look at everything, within three seconds, and return a list of `Finding`.

    Parameters
    ----------
    root : path of a clone of the course, or None when there is none (then only the package is looked at)
    """
    deadline = time.monotonic() + DEVICE_SECONDS
    question = _ask_torch()  # runs beside everything else
    found = [*_packages(), *_pins(root), _threads(), _data(), _browser(), *_folders(root), _disk(root)]
    return [_python(), _device(question, deadline), *found]


def _python():
    version = ".".join(map(str, sys.version_info[:3]))
    where = "in a virtual environment" if sys.prefix != sys.base_prefix else "outside a virtual environment"
    return Finding(FINE, "Python", f"{version} {where} ({sys.executable})")


def _ask_torch():
    """Start the question which device torch finds; None without torch, a Finding when Python cannot start."""
    try:
        metadata.version("torch")
    except metadata.PackageNotFoundError:
        return None
    command = [sys.executable, "-c", _DEVICE_SCRIPT]
    try:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        return Finding(
            PROBLEM, "device", f"{sys.executable} cannot be started: {error.strerror}", "make setup"
        )


def _device(process, deadline):
    if process is None:
        return Finding(NOTE, "device", "torch is not installed", "pip install -e '.[torch]'")
    if isinstance(process, Finding):
        return process
    try:
        out, err = process.communicate(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        text = f"torch did not start within {DEVICE_SECONDS} s"
        return Finding(NOTE, "device", text, "run this once more")
    if process.returncode:
        reason = (err.strip().splitlines() or ["no message"])[-1]
        return Finding(PROBLEM, "device", f"torch cannot be imported: {reason}", "install torch again")
    return Finding(FINE, "device", out.strip())


def _packages():
    """The core's requirements, then each extra's; only what the core misses is a problem."""
    from packaging.requirements import Requirement

    try:
        requirements = [Requirement(text) for text in metadata.requires("nbcourse") or []]
    except metadata.PackageNotFoundError:
        return [
            Finding(PROBLEM, "packages", "nbcourse itself is not installed", "pip install -e . in the clone")
        ]
    extras = sorted(metadata.metadata("nbcourse").get_all("Provides-Extra") or [])
    found = []
    for extra in ["", *extras]:
        wanted = [r for r in requirements if _belongs(r, extra)]
        wrong = [problem for r in wanted if (problem := _requirement_problem(r))]
        subject, name = (f"packages [{extra}]", f".[{extra}]") if extra else ("packages", ".")
        if wrong:
            level = NOTE if extra and all("is missing" in w for w in wrong) else PROBLEM
            found.append(Finding(level, subject, "; ".join(wrong), f"pip install -e '{name}'"))
        else:
            found.append(Finding(FINE, subject, f"{len(wanted)} installed, versions in range"))
    return found


def _belongs(requirement, extra):
    """Whether a requirement belongs to an extra (to the core, when that is empty) on this machine."""
    if requirement.marker is None:
        return not extra
    without = requirement.marker.evaluate({"extra": ""})
    return without if not extra else requirement.marker.evaluate({"extra": extra}) and not without


def _requirement_problem(requirement):
    try:
        version = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return f"{requirement.name} is missing"
    if requirement.specifier.contains(version, prereleases=True):
        return ""
    return f"{requirement.name} is {version}, expected {requirement.specifier}"


def _pins(root):
    """How the environment differs from requirements.txt, which the committed numbers were made with."""
    path = root and Path(root) / "requirements.txt"
    if not path or not path.is_file():
        return []
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    pins = dict(line.split("==") for line in lines if line.count("==") == 1)
    found = {}
    for name in pins:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue  # a missing package is told above, where it is needed
    other = [f"{n} {v} (pinned {pins[n]})" for n, v in found.items() if v.partition("+")[0] != pins[n]]
    if not other:
        return [Finding(FINE, "pins", f"{len(found)} of {len(pins)} packages of requirements.txt, as pinned")]
    shown = ", ".join(other[:4]) + (f" and {len(other) - 4} more" if len(other) > 4 else "")
    return [
        Finding(NOTE, "pins", f"differ from requirements.txt: {shown}", "pip install -r requirements.txt")
    ]


def _threads():
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    setting = os.environ.get("OMP_NUM_THREADS")
    limit = f"OMP_NUM_THREADS={setting}" if setting else "OMP_NUM_THREADS is not set"
    return Finding(FINE, "threads", f"{usable} core{'s' if usable > 1 else ''} usable, {limit}")


def _data():
    """The folder that data sets are read from: NBCOURSE_DATA, or the cache that downloads go to."""
    chosen = os.environ.get("NBCOURSE_DATA")
    if chosen:
        folder = Path(chosen).expanduser()
        if folder.is_dir() and os.access(folder, os.R_OK | os.X_OK):
            return Finding(FINE, "data", f"read from {folder} (NBCOURSE_DATA)")
        return Finding(
            PROBLEM, "data", f"NBCOURSE_DATA={chosen} is not a folder that can be read", "correct or unset it"
        )
    from platformdirs import user_cache_dir

    return _writable("data", Path(user_cache_dir("nbcourse", appauthor=False)), "downloads would go to")


def _browser():
    path = browser.find()
    if path:
        return Finding(FINE, "browser", f"{path} (the tests of the pages use it)")
    remedy = "apt-get install -y chromium, or the like; reading and building need none"
    return Finding(NOTE, "browser", "no Chromium: the tests of the pages will be skipped", remedy)


def _folders(root):
    from nbcourse.checks.progress import folder

    found = [_writable("progress", folder(), "kept in")]
    if root:
        found.append(_writable("pages", Path(root) / "_build", "built into"))
    return found


def _writable(subject, folder, verb):
    """Whether a folder, or the nearest one above it that exists, can be written: by writing."""
    existing = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            return Finding(FINE, subject, f"{verb} {folder}")
    except OSError as error:
        text = f"{folder} cannot be written ({error.strerror})"
        return Finding(PROBLEM, subject, text, f"give yourself permission to write {existing}")


def _disk(root):
    free = shutil.disk_usage(root or Path.cwd()).free
    text = f"{free / 1024**3:.1f} GiB free"
    if free < NEEDED_BYTES:
        return Finding(PROBLEM, "disk", text, "make at least 1 GiB free")
    return Finding(FINE, "disk", text)
