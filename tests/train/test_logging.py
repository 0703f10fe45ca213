"""What a run tells: lines of the history, and TensorBoard's files, read back."""

import sys

import pytest

from nbcourse import train
from nbcourse.train.logging import Lines, TensorBoard, line
from tests.train import problem


def test_one_line_for_each_look():
    lines = []
    run = problem.run(chosen=problem.settings(steps=12, validate_every=5), hooks=[Lines(lines.append)])
    assert lines == [line(row, 12) for row in run.progress.history]
    assert [text[:13] for text in lines] == ["step  5 of 12", "step 10 of 12", "step 12 of 12"]
    row = {"step": 7, "epoch": 0, "train_loss": 0.12345, "lr": 1, "seconds": 2.04, "loss": 3.0, "errors": 12}
    assert line(row, 100) == "step   7 of 100 · train loss 0.1235 · loss 3 · errors 12 · 2.0 s"


def test_tensorboard_gets_what_the_history_says(tmp_path):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    run = problem.run(chosen=problem.settings(validate_every=5), hooks=[TensorBoard(tmp_path)])
    events = accumulator.EventAccumulator(str(tmp_path))
    events.Reload()
    assert set(events.Tags()["scalars"]) == {"train_loss", "lr", "epoch", "loss", "right"}
    for name in ("train_loss", "loss"):
        found = [(event.step, event.value) for event in events.Scalars(name)]
        assert found == [(row["step"], pytest.approx(row[name], rel=1e-6)) for row in run.progress.history]


def test_without_tensorboard_the_message_says_what_to_install(monkeypatch, tmp_path):
    for name in [m for m in sys.modules if m.partition(".")[0] == "tensorboard" or "utils.tensorboard" in m]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tensorboard", None)  # the import system's own way to say: not here
    with pytest.raises(train.TrainingError, match="pip install tensorboard"):
        TensorBoard(tmp_path)
