"""What goes wrong in the middle of a run, made to happen: kills, full disks, damaged files, NaN."""

import contextlib
import errno
import os
import pickle
import random
import re
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest
import torch

from nbcourse import train
from nbcourse.train import checkpoint
from tests.train import problem

ROOT = Path(__file__).parents[2]


def stopped(folder, step=25, **changes):
    """Start a run that looks every 5 steps, and break it after `step`; return its settings."""
    settings = problem.settings(validate_every=5, **changes)
    with contextlib.suppress(problem.Stop):
        problem.run(problem.network(0.3), settings, folder=folder, hooks=[problem.stop_at(step)])
    return settings


def undisturbed(settings):
    return problem.run(problem.network(0.3), settings)


def resumed(folder, settings, model=None):
    model = problem.network(0.3, seed=9) if model is None else model
    torch.manual_seed(12345)  # what a new process would have is not what the run had
    return problem.run(model, settings, folder=folder, resume=True)


def same(a, b):
    return problem.equal(problem.weights(a.model), problem.weights(b.model)) and problem.told(
        a
    ) == problem.told(b)


# kill -9


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
def test_a_process_killed_again_and_again_ends_bit_for_bit_as_one_that_was_not(tmp_path):
    command = [sys.executable, "-m", "tests.train.killed"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    calm = subprocess.Popen([*command, tmp_path / "calm", tmp_path / "calm.pt"], cwd=ROOT, env=environment)
    draw, kills, folder = random.Random(1), [], tmp_path / "runs" / "seed-4"
    command += [tmp_path / "runs", tmp_path / "killed.pt"]
    for _ in range(3):
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        before, deadline = newest(folder), time.monotonic() + 100
        while newest(folder) == before and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(draw.uniform(0, 0.12))
        process.send_signal(signal.SIGKILL)
        kills.append(process.wait())
    assert kills == [-signal.SIGKILL] * 3, "the run was over before it was killed"
    assert 0 < newest(folder) < 150
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    assert calm.wait() == 0
    one, other = (torch.load(tmp_path / f"{name}.pt", weights_only=True) for name in ("calm", "killed"))
    assert problem.equal(one["weights"], other["weights"])
    assert problem.equal(one["average"], other["average"])
    assert (one["history"], one["test"]) == (other["history"], other["test"])
    assert len(one["history"]) == 150


def newest(folder):
    return max((checkpoint.step_of(path) or 0 for path in folder.glob("step-*")), default=0)


# resuming


@pytest.mark.parametrize("step", [6, 7, 15, 29, 41])
@pytest.mark.parametrize(
    "changes", [{}, {"ema": 0.9, "clip": 0.1}, {"optimizer": "sgd", "accumulate": 2}], ids=str
)
def test_a_resumed_run_is_the_undisturbed_one(tmp_path, step, changes):
    settings = stopped(tmp_path, step, **changes)
    assert same(resumed(tmp_path, settings), undisturbed(settings))


def test_a_finished_run_is_not_trained_again_but_replaced_when_asked(tmp_path):
    settings = stopped(tmp_path)
    first = resumed(tmp_path, settings)
    steps = []
    again = problem.run(
        problem.network(0.3), settings, folder=tmp_path, resume=True, hooks=[lambda e, r: steps.append(e)]
    )
    assert steps == ["end"] and same(first, again)
    problem.run(problem.network(0.3), settings.changed(steps=7), folder=tmp_path)
    assert [checkpoint.step_of(path) for path in sorted(tmp_path.iterdir())] == [5, 7]


def test_an_unfinished_run_is_not_thrown_away(tmp_path):
    settings = stopped(tmp_path)
    with pytest.raises(train.CheckpointError, match="not finished, at step 20 of 42: resume it, or delete"):
        problem.run(problem.network(0.3), settings, folder=tmp_path)
    assert same(resumed(tmp_path, settings), undisturbed(settings))


def test_patience_goes_on_counting(tmp_path):
    def never_better(model):
        return {"loss": 1.0}

    settings = problem.settings(validate_every=5, patience=4)
    with pytest.raises(problem.Stop):
        problem.run(chosen=settings, validate=never_better, folder=tmp_path, hooks=[problem.stop_at(17)])
    run = problem.run(chosen=settings, validate=never_better, folder=tmp_path, resume=True)
    assert (run.progress.step, run.progress.stopped) == (25, True)


@pytest.mark.parametrize("ema", [0.0, 0.9])
def test_the_best_weights_come_back_after_resuming(tmp_path, ema):
    seen = {}

    def validate(model):
        seen[len(seen)] = problem.weights(model)
        return {"loss": 0.0 if len(seen) == 2 else 1.0}

    settings = problem.settings(validate_every=5, ema=ema)
    with pytest.raises(problem.Stop):
        problem.run(chosen=settings, validate=validate, folder=tmp_path, hooks=[problem.stop_at(31)])
    run = problem.run(chosen=settings, validate=validate, folder=tmp_path, resume=True)
    run.load_best()
    assert run.progress.best_step == 10
    assert problem.equal(run.measure(problem.weights), seen[1])
    assert problem.equal(problem.weights(run.model), seen[1])


@pytest.mark.parametrize("changes, message", [
    ({"lr": 0.5}, r"other settings \(lr=0.02 there, 0.5 here\)"),
    ({"epochs": 9, "optimizer": "sgd"}, "epochs=6 there, 9 here; optimizer=adamw there, sgd here"),
    ({"ema": 0.9}, "ema=0.0 there, 0.9 here"),
])  # fmt: skip
def test_resuming_with_other_settings_is_refused(tmp_path, changes, message):
    settings = stopped(tmp_path)
    with pytest.raises(train.CheckpointError, match=message):
        resumed(tmp_path, settings.changed(**changes))


def test_settings_that_change_nothing_may_change(tmp_path):
    settings = stopped(tmp_path).changed(accumulate=2, patience=50)
    assert resumed(tmp_path, settings).finished


def test_resuming_into_another_model_or_data_is_refused_before_anything_changes(tmp_path):
    settings = stopped(tmp_path)
    model = problem.network(width=9)
    before = problem.weights(model)
    message = r"another model: 0.weight is \(8, 6\) in it, \(9, 6\) here"
    with pytest.raises(train.CheckpointError, match=message):
        resumed(tmp_path, settings, model)
    assert problem.equal(before, problem.weights(model))
    with pytest.raises(train.CheckpointError, match="42 steps there, 48 here: the data have another size"):
        problem.run(problem.network(0.3), settings, n=60, folder=tmp_path, resume=True)


def test_another_number_of_threads_is_a_warning(tmp_path):
    settings = stopped(tmp_path)
    threads = torch.get_num_threads()
    torch.set_num_threads(threads + 1)
    try:
        with pytest.warns(UserWarning, match=f"made with {threads} threads, this run has {threads + 1}"):
            resumed(tmp_path, settings)
    finally:
        torch.set_num_threads(threads)


# damaged files


def truncated(path):
    path.write_bytes(path.read_bytes()[:-100])


def emptied(path):
    path.write_bytes(b"")


def bit_flipped(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [truncated, emptied, bit_flipped])
def test_a_damaged_checkpoint_is_named_and_the_one_before_is_used(tmp_path, damage):
    settings = stopped(tmp_path)
    last = files(tmp_path)[-1]
    damage(last)
    with pytest.warns(UserWarning, match=f"{last.name} is damaged"):
        run = resumed(tmp_path, settings)
    assert same(run, undisturbed(settings))


def test_a_checkpoint_that_is_gone_costs_only_the_steps_after_the_one_before(tmp_path):
    settings = stopped(tmp_path)
    files(tmp_path)[-1].unlink()
    assert same(resumed(tmp_path, settings), undisturbed(settings))


def test_if_none_is_whole_the_run_does_not_start_again_in_silence(tmp_path):
    settings = stopped(tmp_path)
    for path in files(tmp_path):
        truncated(path)
    with (
        pytest.warns(UserWarning, match="damaged"),
        pytest.raises(train.CheckpointError, match=r"no checkpoint in .* is whole; delete the folder"),
    ):
        resumed(tmp_path, settings)


def test_half_a_file_of_a_killed_process_is_swept(tmp_path):
    (tmp_path / "step-00000003-0.tmp").write_bytes(b"half")
    stopped(tmp_path)
    assert not list(tmp_path.glob("*.tmp"))


class Stranger:
    def __reduce__(self):
        return eval, ("(_ for _ in ()).throw(SystemExit('ran'))",)


def test_objects_of_strangers_are_not_unpickled(tmp_path):
    data = pickle.dumps(Stranger(), protocol=2)
    (tmp_path / f"step-00000001-{checkpoint._hash(data)}.pt").write_bytes(data)
    with pytest.raises(train.CheckpointError, match="is not a checkpoint of this course"):
        checkpoint.load(tmp_path)


def files(folder):
    return sorted(folder.glob("step-*.pt"))


# the disk


@contextlib.contextmanager
def no_files_above(size):
    """The kernel refuses to let files grow further, as a full disk does."""
    resource = pytest.importorskip("resource", reason="this system has no such limit")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_that_may_not_grow_loses_nothing(tmp_path):
    settings = stopped(tmp_path)
    before = {path: path.read_bytes() for path in files(tmp_path)}
    with (
        no_files_above(2000),
        pytest.raises(train.CheckpointError, match=r"step 25 could not be saved in .*larg"),
    ):
        resumed(tmp_path, settings)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert same(resumed(tmp_path, settings), undisturbed(settings))


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 96 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", disk]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a disk can be mounted only by root on Linux; RLIMIT_FSIZE is tested besides")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_loses_nothing(small_disk):
    folder = small_disk / "run"
    settings = stopped(folder)
    before = {path: path.read_bytes() for path in files(folder)}
    with contextlib.suppress(OSError), open(small_disk / "filler", "wb", buffering=0) as filler:
        while True:
            filler.write(bytes(512))
    with pytest.raises(train.CheckpointError, match=f"could not be saved .*{os.strerror(errno.ENOSPC)}"):
        resumed(folder, settings)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    (small_disk / "filler").unlink()
    assert same(resumed(folder, settings), undisturbed(settings))


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(train.CheckpointError, match=r"step 5 could not be saved in .*Not a directory"):
        stopped(tmp_path / "file" / "run")


# numbers


@pytest.mark.parametrize("wrong, step", [(float("nan"), 13), (float("inf"), 38)])
def test_a_loss_that_is_not_finite_stops_and_names_the_step(tmp_path, wrong, step):
    calls = []

    def loss(model, batch):
        calls.append(1)
        return problem.loss(model, batch) * (wrong if len(calls) == step else 1)

    settings = problem.settings(validate_every=10)
    batches = train.Batches(*problem.data(), batch_size=8)
    told = rf"the loss is {wrong} at step {step} \(epoch \d\); the checkpoints .* are from before.*smaller lr"
    with pytest.raises(train.NonFiniteLoss, match=told):
        train.fit(problem.network(), batches, loss, settings, device="cpu", folder=tmp_path)
    found = checkpoint.load(tmp_path)
    assert found["progress"]["step"] == step // 10 * 10
    assert all(tensor.isfinite().all() for tensor in found["parts"]["model"].values())


def test_no_checkpoint_is_promised_before_there_is_one(tmp_path):
    settings = problem.settings(validate_every=40)
    batches = train.Batches(*problem.data(), batch_size=8)
    with pytest.raises(train.NonFiniteLoss, match=r"at step 1 \(epoch \d\)\. Try"):
        train.fit(
            problem.network(),
            batches,
            lambda model, batch: problem.loss(model, batch) * float("nan"),
            settings,
            device="cpu",
            folder=tmp_path,
        )
    assert not list(tmp_path.iterdir())


def test_an_infinite_gradient_of_a_finite_loss_is_found_before_it_is_saved(tmp_path):
    calls = []

    def loss(model, batch):
        calls.append(1)
        more = (model[0].weight.sum() * 0).sqrt() if len(calls) == 20 else 0  # 0 · ∞ in its gradient
        return problem.loss(model, batch) + more

    batches = train.Batches(*problem.data(), batch_size=8)
    settings = problem.settings(validate_every=10)
    with pytest.raises(train.NonFiniteLoss, match="a weight is infinite or not a number after step 20"):
        train.fit(problem.network(), batches, loss, settings, device="cpu", folder=tmp_path)
    assert checkpoint.load(tmp_path)["progress"]["step"] == 10


def test_no_memory_says_what_to_do():
    def loss(model, batch):
        return problem.loss(model, batch) + torch.empty(2**48)[0]

    batches = train.Batches(*problem.data(), batch_size=8)
    told = r"cpu has no memory left at step 1 with batch_size=8, accumulate=1: try a larger accumulate"
    with pytest.raises(train.OutOfMemory, match=told):
        train.fit(problem.network(), batches, loss, problem.settings(), device="cpu")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA here")
def test_no_memory_on_a_gpu_says_what_to_do():
    def loss(model, batch):
        return F(model, batch) + torch.empty(2**44, device="cuda")[0]

    F = problem.loss
    batches = train.Batches(*problem.data(), batch_size=8)
    with pytest.raises(train.OutOfMemory, match=r"cuda.* has no memory left at step 1"):
        train.fit(problem.network(), batches, loss, problem.settings(), device="cuda")


def test_other_errors_pass_as_they_are():
    def loss(model, batch):
        return model(batch[0][:, :5]).sum()

    batches = train.Batches(*problem.data(), batch_size=8)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied") as raised:
        train.fit(problem.network(), batches, loss, problem.settings(), device="cpu")
    assert not isinstance(raised.value, train.TrainingError)


def test_nothing_warns_in_a_calm_run(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        settings = stopped(tmp_path)
        resumed(tmp_path, settings)
    assert all(re.fullmatch(r"step-\d{8}-[0-9a-f]{32}\.pt", path.name) for path in tmp_path.iterdir())
