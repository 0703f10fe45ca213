"""The loop against closed forms and against plain PyTorch: what a step is, when it looks, when it stops."""

import copy
import math
from itertools import pairwise

import pytest
import torch
from torch.nn import functional as F

from nbcourse import train
from nbcourse.train.optimization import make_optimizer, rate
from tests.train import problem

DECAYS = {"schedule": "constant", "warmup": 0.0}


def by_hand(model, settings, steps, *, average=None):
    """The same steps in plain PyTorch: whole batches, one after the other."""
    optimizer = make_optimizer(model, settings)
    batches = train.Batches(*problem.data(), batch_size=settings.batch_size)
    done = 0
    for epoch in range(steps):
        for X, y in batches(epoch):
            optimizer.zero_grad()
            F.cross_entropy(model(X), y).backward()
            if settings.clip:
                gradient = torch.cat([p.grad.flatten() for p in model.parameters()])
                for p in model.parameters():
                    p.grad *= min(1.0, settings.clip / float(gradient.norm() + 1e-6))
            for group in optimizer.param_groups:
                group["lr"] = settings.lr * rate(done, steps, settings)
            optimizer.step()
            if average is not None:
                average(done, model)
            done += 1
            if done == steps:
                return model


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"optimizer": "sgd", "lr": 0.1, "schedule": "cosine"},
        {"clip": 0.05},
        {"accumulate": 3},
        {"accumulate": 100, "clip": 0.05},
        {"batch_size": 50},
    ],
    ids=str,
)
def test_a_run_is_the_steps_by_hand(changes):
    settings = problem.settings(steps=17, **changes)
    run = problem.run(chosen=settings)
    expected = by_hand(problem.network(), settings, 17)
    assert run.progress.step == 17
    for mine, theirs in zip(run.model.parameters(), expected.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("accumulate", [2, 3, 7, 8, 100])
@pytest.mark.parametrize("n", [8, 5, 1])
def test_gradients_in_parts_are_those_of_the_whole_batch(accumulate, n):
    from nbcourse.train.loop import _parts

    X, y = (tensor[:n] for tensor in problem.data())
    whole, parted = problem.network(), problem.network()
    problem.loss(whole, (X, y)).backward()
    pieces = list(_parts((X, y), min(accumulate, n)))
    for part, weight, _ in pieces:
        (problem.loss(parted, part) * weight).backward()
    assert [last for *_, last in pieces] == [False] * (len(pieces) - 1) + [True]
    for mine, theirs in zip(parted.parameters(), whole.parameters(), strict=True):
        torch.testing.assert_close(mine.grad, theirs.grad, rtol=1e-12, atol=1e-14)


def test_the_running_average_is_the_closed_form():
    settings = problem.settings(steps=9, ema=0.8, **DECAYS)
    kept = []
    by_hand(problem.network(), settings, 9, average=lambda _, m: kept.append(problem.weights(m)))
    run = problem.run(chosen=settings)
    expected = kept[0]  # the average begins as the weights after the first step
    for after in kept[1:]:
        expected = {name: 0.8 * expected[name] + 0.2 * after[name] for name in after}
    for name, value in run.average.module.state_dict().items():
        torch.testing.assert_close(value, expected[name], rtol=1e-11, atol=1e-13)
    last = run.measure(problem.validate)
    assert float(last["loss"]) == run.progress.history[-1]["loss"], "the average is what is validated"


@pytest.mark.parametrize("warmup, first", [(0.1, 10), (10, 10), (0.0, 0)])
def test_schedules_against_closed_forms(warmup, first):
    total = 100
    for schedule, lowest in (("constant", 1.0), ("cosine", 0.1), ("one-cycle", 0.0)):
        settings = problem.settings(schedule=schedule, warmup=warmup)
        rates = [rate(step, total, settings) for step in range(total + 1)]
        for step in range(first):
            assert rates[step] == pytest.approx((step + 1) / (first + 1))
        for step in range(first, total + 1):
            share = (step - first) / (total - first)
            assert rates[step] == pytest.approx(lowest + (1 - lowest) * (1 + math.cos(math.pi * share)) / 2)
        assert max(rates) == 1 and min(rates) >= 0 and rates[-1] == pytest.approx(lowest)


def test_rates_reach_the_optimiser():
    settings = problem.settings(steps=5, warmup=2)
    rates = []
    problem.run(
        chosen=settings,
        hooks=[lambda event, run: event == "step" and rates.append(run.optimizer.param_groups[0]["lr"])],
    )
    assert rates == pytest.approx([settings.lr * rate(step, 5, settings) for step in range(1, 6)])


def test_only_matrices_decay():
    groups = make_optimizer(problem.network(), problem.settings(weight_decay=0.3)).param_groups
    assert [(g["weight_decay"], {p.ndim for p in g["params"]}) for g in groups] == [(0.3, {2}), (0.0, {1})]


def test_patience_stops_and_the_best_weights_come_back():
    seen = []

    def worse_after_three(model):
        seen.append(problem.weights(model))
        return {"score": -abs(len(seen) - 3)}

    run = problem.run(
        chosen=problem.settings(epochs=50, patience=4),
        validate=worse_after_three,
        monitor="score",
        largest=True,
    )
    progress = run.progress
    assert progress.stopped and run.finished and len(progress.history) == 3 + 4
    assert (progress.best, progress.best_step, progress.step) == (0, 21, 49)
    assert not problem.equal(problem.weights(run.model), seen[2])
    run.load_best()
    assert problem.equal(problem.weights(run.model), seen[2])


def test_load_best_is_what_is_measured_also_with_an_average():
    calls = []

    def falling(model):
        calls.append(problem.weights(model))
        return {"loss": float(len(calls))}

    run = problem.run(chosen=problem.settings(epochs=3, ema=0.9), validate=falling)
    run.load_best()
    assert problem.equal(run.measure(problem.weights), calls[0])
    assert problem.equal(problem.weights(run.model), calls[0])


def test_there_is_no_best_before_a_look():
    run = problem.run(chosen=problem.settings(epochs=1), validate=None)
    with pytest.raises(train.TrainingError, match="a look at the validation part before load_best"):
        run.load_best()


def test_looks_and_hooks_come_in_order():
    events = []
    hooks = [lambda e, r: events.append((e, r.progress.step, "a")), lambda e, r: events.append((e, 0, "b"))]
    run = problem.run(chosen=problem.settings(steps=5, validate_every=2), hooks=hooks)
    mine = [(event, step) for event, step, which in events if which == "a"]
    assert mine == [
        ("step", 1), ("step", 2), ("look", 2), ("step", 3), ("step", 4), ("look", 4),
        ("step", 5), ("look", 5), ("end", 5),
    ]  # fmt: skip
    assert [which for *_, which in events] == ["a", "b"] * len(mine)
    assert [row["step"] for row in run.progress.history] == [2, 4, 5]
    assert all(type(row["loss"]) is float for row in run.progress.history)


def test_validation_that_lacks_what_is_monitored():
    with pytest.raises(train.TrainingError, match=r"expected validate\(\) to return 'loss', got .*'right'"):
        problem.run(validate=lambda model: {"right": 1})


@pytest.mark.parametrize("precision", ["float16", "bfloat16"])
def test_lower_precisions_run_on_the_cpu(precision, recwarn):
    kinds = set()

    def loss(model, batch):
        scores = model(batch[0].float())
        kinds.add(scores.dtype)
        return F.cross_entropy(scores, batch[1])

    settings = problem.settings(precision=precision, epochs=20)
    batches = train.Batches(*problem.data(), batch_size=8)
    model = problem.network().float()
    before = copy.deepcopy(model)
    run = train.fit(model, batches, loss, settings, device="cpu")
    assert kinds == {getattr(torch, precision)}
    assert all(p.dtype == torch.float32 for p in model.parameters())
    assert run.progress.history[-1]["train_loss"] < 0.7 * float(loss(before, problem.data()))
    assert not [w for w in recwarn if "lr_scheduler" in str(w.message)]


@pytest.mark.filterwarnings("error")
def test_steps_that_overflow_float16_are_left_out():
    def loss(model, batch):
        return 300 * F.cross_entropy(model(batch[0].float()), batch[1])

    seen = []

    def hook(event, run):
        if event == "step":
            moved = not problem.equal(before, problem.weights(run.model))
            seen.append((run.scaler.get_scale(), moved, run.scheduler.last_epoch))

    model = problem.network().float()
    before = problem.weights(model)
    batches = train.Batches(*problem.data(), batch_size=8)
    train.fit(model, batches, loss, problem.settings(precision="float16"), device="cpu", hooks=[hook])
    scales = [2**16] + [scale for scale, *_ in seen]
    stepped = [after >= before for before, after in pairwise(scales)]
    assert not stepped[0], "nothing overflowed: the test shows nothing"
    assert [moved for _, moved, _ in seen] == [any(stepped[: i + 1]) for i in range(len(stepped))]
    assert [number for *_, number in seen] == [sum(stepped[: i + 1]) for i in range(len(stepped))]
    assert all(p.isfinite().all() for p in model.parameters())


def test_deterministic_mode_holds_inside_and_ends():
    inside = []
    problem.run(
        chosen=problem.settings(steps=1, deterministic=True),
        hooks=[lambda *_: inside.append(torch.are_deterministic_algorithms_enabled())],
    )
    assert all(inside) and not torch.are_deterministic_algorithms_enabled()


def test_the_same_seed_gives_the_same_run():
    runs = []
    for _ in range(2):
        model = problem.network(dropout=0.5)
        train.seed_everything(3)
        runs.append(problem.run(model))
    assert problem.equal(problem.weights(runs[0].model), problem.weights(runs[1].model))
    assert problem.told(runs[0]) == problem.told(runs[1])


def test_compile_without_a_compiler_is_one_message(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(train.TrainingError, match=r"compile=true needs a C\+\+ compiler"):
        problem.run(chosen=problem.settings(compile=True))


@pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")
def test_compiled_steps_are_the_steps():
    from nbcourse.train.device import check_compiler

    try:
        check_compiler(torch.device("cpu"))
    except train.TrainingError as error:
        pytest.skip(str(error))
    settings = problem.settings(steps=3, batch_size=50)
    plain, compiled = problem.run(chosen=settings), problem.run(chosen=settings.changed(compile=True))
    assert compiled.model.state_dict().keys() == plain.model.state_dict().keys()
    for mine, theirs in zip(compiled.model.parameters(), plain.model.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-9, atol=1e-12)


def test_the_environment_says_what_auto_means(monkeypatch):
    monkeypatch.setenv("NBCOURSE_DEVICE", "cpu")
    assert train.choose_device() == torch.device("cpu")
    assert train.describe(torch.device("cpu")).startswith("CPU, ")
    monkeypatch.setenv("NBCOURSE_DEVICE", "tpu")
    with pytest.raises(train.TrainingError, match="device 'tpu' is not usable here"):
        train.choose_device()


@pytest.mark.parametrize(
    "device, message",
    [("cuda:99", "device 'cuda:99' is not usable here"), ("gpu", "device 'gpu' is not usable here")],
)
def test_a_device_that_is_not_here(device, message):
    with pytest.raises(train.TrainingError, match=message):
        problem.run(device=device)
