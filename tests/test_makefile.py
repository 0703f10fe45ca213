"""The Makefile's promises that can be tried without installing anything."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TARGETS = ("help", "book", "test", "setup", "pdf", "serve", "lab", "freeze", "bench", "lint", "clean")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def clone(tmp_path):
    """The files that `make setup` reads, in a folder of their own."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(*arguments, cwd):
    """Run make as from a shell, also when these tests were themselves started by make."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.run(["make", *arguments], cwd=cwd, env=environment, capture_output=True, text=True)


def pretend_installed(clone):
    """An environment that is in place: the stamp is newer than what it was made from."""
    (clone / ".venv").mkdir()
    (clone / ".venv" / ".installed").touch()


def test_help_comes_first_and_lists_every_target(clone):
    done = make(cwd=clone)
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()[2 : 2 + len(TARGETS)]] == list(TARGETS)
    assert "PYTHON=" in done.stdout and "TORCH_INDEX=" in done.stdout


@pytest.mark.parametrize("python", ["/nothing/python3.12", "false"])
def test_a_python_that_does_not_fit_is_one_message(clone, python):
    done = make("setup", f"PYTHON={python}", cwd=clone)
    message = done.stderr.splitlines()
    assert done.returncode == 2 and len(message) == 2  # ours, and make's own line
    assert message[0].startswith(f"{python} is not a Python 3.11 or newer with venv. Install one")
    assert not (clone / ".venv").exists()


def test_an_environment_in_place_is_left_alone(clone):
    pretend_installed(clone)
    done = make("setup", cwd=clone)
    assert done.stdout == "The environment is in .venv; use it with: . .venv/bin/activate\n"


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_changed_requirements_install_again(clone, name):
    pretend_installed(clone)
    stamp = (clone / ".venv" / ".installed").stat()
    os.utime(clone / name, (stamp.st_atime + 10, stamp.st_mtime + 10))
    assert "pip" in make("--dry-run", "setup", cwd=clone).stdout


@pytest.mark.parametrize("name, what", [("", "book"), ("01-neurons", "book/01-neurons.ipynb")])
def test_lab_opens_the_notebooks_or_one_of_them(clone, name, what):
    pretend_installed(clone)
    done = make("--dry-run", "lab", f"OPEN={name}", cwd=clone)
    assert done.stdout == f".venv/bin/jupyter lab {what}\n"


def test_the_tests_come_after_the_book_and_take_arguments(clone):
    pretend_installed(clone)
    lines = make("--dry-run", "test", "ARGS=-k layers", cwd=clone).stdout.splitlines()
    build, tests = lines
    assert build == ".venv/bin/nbcourse build"
    assert tests.startswith(".venv/bin/python -m pytest --cov=nbcourse --numprocesses=logical")
    assert tests.endswith(
        " --dist=loadscope --no-loadscope-reorder -k layers"
    )  # a notebook's cells stay together


def test_torch_can_come_from_another_index(clone):
    (clone / "requirements.txt").write_text("numpy==2.0\ntorch==9.9.9\n")
    # A stand-in for Python that writes down what pip is asked for: nothing is installed here.
    bin_folder = clone / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "python").write_text(
        f'#!/bin/sh\n[ "$1" = -c ] && exec {sys.executable} "$@"\necho "$@" >> asked\n'
    )
    (bin_folder / "python").chmod(0o755)
    done = make("setup", "TORCH_INDEX=https://index.example/cpu", cwd=clone)
    assert done.returncode == 0, done.stderr
    pip = "-m pip --disable-pip-version-check --quiet install"
    assert (clone / "asked").read_text().splitlines() == [
        f"{pip} --no-deps --index-url https://index.example/cpu torch==9.9.9",
        f"{pip} -r requirements.txt",
        f"{pip} --no-deps --editable .",
    ]
    assert "Installing 2 packages into .venv" in done.stdout


def test_clean_keeps_the_environment(clone):
    pretend_installed(clone)
    for name in ("_build", ".ruff_cache", "nbcourse/__pycache__"):
        (clone / name).mkdir(parents=True)
    assert make("clean", cwd=clone).returncode == 0
    assert {p.name for p in clone.iterdir()} == {
        ".venv",
        "Makefile",
        "nbcourse",
        "pyproject.toml",
        "requirements.txt",
    }
    assert not (clone / "nbcourse" / "__pycache__").exists()
