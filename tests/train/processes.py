"""What the tests start: ``torchrun --nproc-per-node 2 -m tests.train.processes MODE FOLDER``."""

import contextlib
import os
import signal
import sys
from pathlib import Path

import torch

from nbcourse.train import distributed
from tests.train import problem

CASES = {  # name: (settings, examples, dropout, sharded)
    "plain": ({}, 48, 0, False),
    "uneven last batch": ({}, 51, 0, False),
    "last batch of one": ({}, 49, 0, False),
    "accumulation": ({"accumulate": 3, "batch_size": 7}, 50, 0, False),
    "clipping, average": ({"clip": 0.05, "ema": 0.9}, 50, 0, False),
    "SGD": ({"optimizer": "sgd", "lr": 0.1}, 50, 0, False),
    "sharded": ({}, 51, 0, True),
    "sharded, accumulation, clipping": ({"accumulate": 3, "clip": 0.05, "batch_size": 7}, 50, 0, True),
}
STEPS = 15


def settings_of(name):
    return problem.settings(steps=STEPS, validate_every=4, **CASES[name][0])


def main(mode, folder):
    folder = Path(folder)
    written = note_writing(folder)
    with distributed.group(torch.device("cpu")):
        {"cases": cases, "resume": resume, "killed": killed, "calm": calm}[mode](folder)
        torch.save(written, folder / f"written-{distributed.rank()}.pt")


def note_writing(folder):
    """Return a list to which each opening of a checkpoint for writing is added."""
    written = []

    def hook(event, arguments):
        if event == "open" and str(arguments[0]).startswith(str(folder)) and "w" in str(arguments[1]):
            written.append(str(arguments[0]))

    sys.addaudithook(hook)
    return written


def cases(folder):
    for name, (_, n, dropout, sharded) in CASES.items():
        place = folder / name
        run = problem.run(problem.network(dropout), settings_of(name), n, folder=place, sharded=sharded)
        run.load_best()
        finished = {"weights": distributed.whole(run.model.state_dict()), "history": problem.told(run)}
        torch.save(finished, folder / f"{name}-{distributed.rank()}.pt")


def resume(folder):
    """A run that stops, goes on, and is compared with one that did not; with dropout, and sharded too."""
    for name, sharded in (("copied", False), ("sharded", True)):
        settings = problem.settings(steps=STEPS, validate_every=4)
        whole = problem.run(problem.network(0.4), settings, sharded=sharded)
        place = {"folder": folder / name, "sharded": sharded}
        with contextlib.suppress(problem.Stop):
            problem.run(problem.network(0.4), settings, hooks=[problem.stop_at(10)], **place)
        torch.manual_seed(77)
        again = problem.run(problem.network(0.4, seed=5), settings, resume=True, **place)
        one, other = (distributed.whole(run.model.state_dict()) for run in (whole, again))
        assert problem.equal(one, other), name
        assert problem.told(whole) == problem.told(again), name


def killed(folder):
    def kill(event, run):
        if event == "step" and run.progress.step == 10 and distributed.rank() == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    calm(folder, [kill])


def calm(folder, hooks=()):
    settings = problem.settings(steps=STEPS, validate_every=4)
    run = problem.run(problem.network(0.4), settings, folder=folder / "run", resume=True, hooks=hooks)
    torch.save(problem.weights(run.model), folder / f"weights-{distributed.rank()}.pt")


if __name__ == "__main__":
    main(*sys.argv[1:])
