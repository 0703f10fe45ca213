"""Where PyTorch cannot be imported, everything works that is not PyTorch's."""

import os
import subprocess
import sys

import pytest

from tests.test_cli import COMMANDS, refused

USED = """
import numpy as np
import nbcourse
from nbcourse import band, check, datasets, plots, show, widgets
from nbcourse.scratch import tensor
X, y = datasets.moons()
datasets.digits(), datasets.mnist1d(1)
show(band)
loss = (tensor(np.ones(3), requires_grad=True) ** 2).sum()
loss.backward()
"""


@pytest.fixture
def python(tmp_path):
    """Run Python with a `torch` that cannot be imported."""
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError('no', name='torch')")
    variables = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "NBCOURSE_RUNS": str(tmp_path / "runs")}
    variables["PYTHONPATH"] = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])

    def run(*arguments):
        command = [sys.executable, *arguments]
        return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=120)

    return run


def test_torch_is_really_away(python):
    assert "ModuleNotFoundError" in python("-c", "import torch").stderr


def test_what_is_not_pytorch_is_used(python):
    done = python("-c", USED)
    assert done.returncode == 0, done.stderr


def test_every_help_is_there(python):
    script = "from nbcourse.cli import main; import sys; sys.argv = ['nbcourse', *sys.argv[1:]]; main()"
    for command in ("", *COMMANDS):
        done = python("-c", script, *command.split(), "--help")
        assert done.returncode == 0 and "Usage" in done.stdout, done.stderr


@pytest.mark.parametrize("arguments", [["--list"], ["digits-mlp"]])
def test_training_says_what_is_missing(python, arguments):
    refused(python("-m", "nbcourse", "train", *arguments), r"torch is not installed.*'\.\[torch\]'")
