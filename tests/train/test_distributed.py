"""Two real processes under torchrun give the weights of one; a lost one ends the run, which then goes on."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from nbcourse import train
from nbcourse.train import checkpoint
from tests.train import problem
from tests.train.processes import CASES, settings_of

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    not torch.distributed.is_available() or sys.platform == "win32", reason="no torch.distributed here"
)


def torchrun(*arguments, timeout=240, **variables):
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "NBCOURSE_PROGRESS": "off", **variables}
    return subprocess.run(
        [*command, "-m", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What two processes left of all cases."""
    folder = tmp_path_factory.mktemp("two")
    done = torchrun("tests.train.processes", "cases", folder)
    assert done.returncode == 0, done.stderr
    return folder


def alone(name):
    _, n, dropout, _ = CASES[name]
    return problem.run(problem.network(dropout), settings_of(name), n)


@pytest.mark.parametrize("name", CASES)
def test_two_processes_have_the_weights_of_one(folder, name):
    expected = alone(name)
    expected.load_best()
    for rank in (0, 1):
        found = torch.load(folder / f"{name}-{rank}.pt", weights_only=True)
        for key, value in expected.model.state_dict().items():
            assert (found["weights"][key] - value).abs().max() < 1e-12, (rank, key)
        for mine, theirs in zip(found["history"], problem.told(expected), strict=True):
            assert mine == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_checkpoints_of_two_processes_load_into_a_model_of_one(folder, name):
    expected = alone(name)
    found = checkpoint.load(folder / name)
    model = problem.network(seed=3)
    model.load_state_dict(found["parts"]["model"])
    for key, value in expected.model.state_dict().items():
        assert (model.state_dict()[key] - value).abs().max() < 1e-12
    assert len(found["random"]) == 2
    with pytest.warns(UserWarning, match="made with 2 processes, this run has 1"):
        run = problem.run(
            problem.network(seed=3), settings_of(name), CASES[name][1], folder=folder / name, resume=True
        )
    assert run.finished and run.progress.step == 15


def test_only_the_first_process_writes(folder):
    first, second = (torch.load(folder / f"written-{rank}.pt", weights_only=True) for rank in (0, 1))
    assert len([path for path in first if "step-" in path]) == 4 * len(CASES)  # after 4, 8, 12, 15 steps
    assert not [path for path in second if "step-" in path]


def test_two_processes_go_on_bit_for_bit(tmp_path):
    done = torchrun("tests.train.processes", "resume", tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_killed_process_ends_the_run_which_then_goes_on(tmp_path):
    broken, calm = tmp_path / "broken", tmp_path / "calm"
    broken.mkdir()
    calm.mkdir()
    started = time.monotonic()
    done = torchrun("tests.train.processes", "killed", broken)
    assert done.returncode != 0 and time.monotonic() - started < 120
    assert "Signal 9 (SIGKILL)" in done.stderr
    assert checkpoint.load(broken / "run")["progress"]["step"] == 8
    for place in (broken, calm):
        done = torchrun("tests.train.processes", "calm", place)
        assert done.returncode == 0, done.stderr
    one, other = (torch.load(place / "weights-1.pt", weights_only=True) for place in (broken, calm))
    assert problem.equal(one, other)


def test_an_average_of_sharded_weights_is_refused():
    with pytest.raises(train.TrainingError, match="expected ema=0 with sharded weights"):
        problem.run(chosen=problem.settings(ema=0.9), sharded=True)


def test_a_lost_process_is_one_message(tmp_path):
    from nbcourse.train.errors import LostProcess, explained

    run = problem.run(chosen=problem.settings(steps=1), folder=tmp_path)
    run.world = 2
    told = "another process of this run ended, or cannot be reached, at step 2; resume goes on from"
    with pytest.raises(LostProcess, match=told), explained(run):
        raise RuntimeError("[gloo/transport/tcp/pair.cc:538] Connection closed by peer [127.0.0.1]:1234")


def test_a_recipe_under_torchrun_tells_and_writes_once(tmp_path):
    arguments = ["nbcourse", "train", "digits-mlp", "--set", "epochs=2", "--seeds", "2"]
    done = torchrun(*arguments, NBCOURSE_RUNS=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("digits-mlp: test accuracy") == 1
    assert done.stdout.count("step 34 of 68") == 2  # one for each seed
    assert (tmp_path / "digits-mlp" / "result.json").is_file()


def test_two_launchers_that_meet_train_like_one_process(tmp_path):
    """What two machines do, on one: a torchrun each, which find each other through one address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    recipe = ["nbcourse", "train", "digits-mlp", "--set", "epochs=2", "--seeds", "1", "--device", "cpu"]
    meeting = ["--rdzv-id", "course", "--rdzv-backend", "c10d", "--rdzv-endpoint", f"127.0.0.1:{port}"]
    launcher = [sys.executable, "-m", "torch.distributed.run", "--nnodes", "2", "--nproc-per-node", "1"]
    both = []
    for machine in ("first", "second"):
        here = {"OMP_NUM_THREADS": "1", "NBCOURSE_PROGRESS": "off", "NBCOURSE_RUNS": str(tmp_path / machine)}
        both.append(
            subprocess.Popen(
                [*launcher, *meeting, "-m", *recipe],
                cwd=ROOT,
                env=os.environ | here,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
    told = [process.communicate(timeout=240)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], "\n".join(told)
    assert "".join(told).count("digits-mlp: test accuracy") == 1
    (written,) = tmp_path.glob("*/digits-mlp/result.json")  # one of the two is the first process
    alone = subprocess.run(
        [sys.executable, "-m", *recipe],
        cwd=ROOT,
        env=os.environ | here | {"NBCOURSE_RUNS": str(tmp_path / "alone")},
        capture_output=True,
        text=True,
    )
    assert alone.returncode == 0, alone.stderr
    results = [
        json.loads(path.read_text())["runs"][0]
        for path in (written, tmp_path / "alone/digits-mlp/result.json")
    ]
    assert results[0]["test"]["errors"] == results[1]["test"]["errors"]
    assert results[0]["test"]["loss"] == pytest.approx(results[1]["test"]["loss"], rel=1e-4)
