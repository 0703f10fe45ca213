"""Ensembles: probabilities are averaged, members have their own seeds and folders, a killed one goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from torch import nn

from nbcourse.recipes.ensemble import Average, moved
from nbcourse.train import CheckpointError, checkpoint
from tests.recipes.killed import toy, without_clock
from tests.train import problem

ROOT = Path(__file__).parents[2]


class Says(nn.Module):
    """Gives the same probabilities for every example."""

    def __init__(self, *probabilities):
        super().__init__()
        self.probabilities = torch.tensor(probabilities, dtype=torch.float64)

    def forward(self, x):
        return self.probabilities.log().expand(len(x), -1) + 3  # scores need not be normalised


def test_one_that_is_sure_outweighs_two_that_are_not():
    """The majority says class 0, the mean of the probabilities says class 1."""
    sure, unsure = Says(0.01, 0.99), Says(0.55, 0.45)
    scores = Average([unsure, sure, unsure])(torch.zeros(4, 2))
    expected = torch.tensor([[(0.01 + 2 * 0.55) / 3, (0.99 + 2 * 0.45) / 3]], dtype=torch.float64)
    assert torch.allclose(scores.exp(), expected.expand(4, 2)) and (scores.argmax(1) == 1).all()


def test_certainty_does_not_become_infinite():
    scores = Average([Says(1.0, 1e-300), Says(1.0, 1e-310)])(torch.zeros(1, 2))
    assert scores.isfinite().all()


def test_a_model_looks_at_several_places_and_its_answers_are_averaged():
    picture = torch.arange(1.0, 13).reshape(1, 1, 3, 4)
    assert moved(picture, 1, 0)[0, 0].tolist() == [[0] * 4, [1, 2, 3, 4], [5, 6, 7, 8]]
    assert moved(picture, 0, -1)[0, 0].tolist() == [[2, 3, 4, 0], [6, 7, 8, 0], [10, 11, 12, 0]]
    model = nn.Sequential(nn.Flatten(), nn.Linear(12, 3))
    looks = ((0, 0), (1, 0), (0, -1))
    with torch.no_grad():
        expected = torch.stack([model(moved(picture, *look)).softmax(1) for look in looks]).mean(0)
        assert torch.allclose(Average([model], looks)(picture).exp(), expected, atol=1e-6)


def test_members_have_seeds_of_their_own_and_are_scored_together_once():
    models, tested = [], []

    def remember(event, run):
        if event == "look" and run.finished:
            models.append(run.model)

    recipe = toy(steps=5, validate_every=5)
    made = recipe.make

    def make(settings, seed, device):
        task = made(settings, seed, device)
        test = task.test
        task.test = lambda model: tested.append(model) or test(model)
        return task

    object.__setattr__(recipe, "make", make)
    result = recipe.run(2, device="cpu", hooks=[remember])
    assert result["members"] == [6, 7, 8] and [row["member"] for row in result["history"]] == [6, 7, 8]
    assert result["steps"] == 15 and result["metric"] == result["test"]["accuracy"]
    assert len(tested) == 1 and [id(m) for m in tested[0].models] == [id(m) for m in models]
    alone = toy(steps=5, validate_every=5).train(7, device="cpu")[1]
    assert problem.equal(alone.model.state_dict(), models[1].state_dict())


def test_a_bar_hears_of_one_end():
    events = []
    toy(steps=2).run(0, device="cpu", hooks=[lambda event, run: events.append(event)])
    assert events.count("end") == 1 and events[-1] == "end" and events.count("step") == 6


class Stop(Exception):
    pass


def stopped(folder, member, resume=False):
    """A run that ends, as a fault would end it, at step 3 of this member."""
    count = []

    def hook(event, run):
        count.append(event == "step")
        if sum(count) == 4 * member + 3:
            raise Stop

    with pytest.raises(Stop):
        toy(steps=4).run(0, device="cpu", folder=folder, resume=resume, hooks=[hook])


def test_each_member_has_a_folder(tmp_path):
    toy(steps=2).run(1, device="cpu", folder=tmp_path)
    assert sorted(path.name for path in (tmp_path / "seed-1").iterdir()) == [
        "member-3",
        "member-4",
        "member-5",
    ]


def test_a_run_that_is_not_finished_is_not_begun_again(tmp_path):
    stopped(tmp_path, member=1)
    with pytest.raises(CheckpointError, match="holds 1 of 3 networks of a run that is not finished: resume"):
        toy(steps=4).run(0, device="cpu", folder=tmp_path)


def test_a_finished_run_is_replaced_whole(tmp_path):
    """When the new one is stopped in its first member, a resumed one finds no later member of the old one."""
    toy(steps=4, lr=0.5).run(0, device="cpu", folder=tmp_path)
    stopped(tmp_path, member=0)
    again = toy(steps=4).run(0, device="cpu", folder=tmp_path, resume=True)
    assert without_clock(again) == without_clock(toy(steps=4).run(0, device="cpu"))


@pytest.fixture
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
def test_killed_in_the_second_member_it_ends_as_one_that_was_not(tmp_path, one_thread):
    command = [sys.executable, "-m", "tests.recipes.killed", tmp_path]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"})
    first, second = (tmp_path / "seed-2" / f"member-{seed}" for seed in (6, 7))
    deadline = time.monotonic() + 100
    while newest(second) < 5 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL and 5 <= newest(second) < 30
    before = {path: path.stat().st_mtime_ns for path in first.iterdir()}
    resumed = toy().run(2, device="cpu", folder=tmp_path, resume=True)
    assert without_clock(resumed) == without_clock(toy().run(2, device="cpu"))
    assert before == {path: path.stat().st_mtime_ns for path in first.iterdir()}, "it was trained again"


def newest(folder):
    return max((checkpoint.step_of(path) or 0 for path in folder.glob("step-*")), default=0)
