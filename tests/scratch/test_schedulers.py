"""Schedules of the learning rate against torch: every rate of hundreds of steps, state, what is refused."""

import contextlib
import warnings

import numpy as np
import pytest
import torch

from nbcourse import scratch

from .table.optim import COMBINED, PLATEAUS, SCHEDULERS, Halving, leaves, remembering, two_groups

ALL = {**SCHEDULERS, **COMBINED}
# a schedule within another that steps at once makes torch, and so the engine, warn although nothing is wrong
quiet = pytest.mark.filterwarnings("ignore:Detected call")


def settings(optimizer):
    """What a schedule may set: rate, momentum or betas, of every group."""
    return [[g["lr"], g.get("momentum", 0.0), *g.get("betas", ())] for g in optimizer.param_groups]


def follow(optimizer, scheduler, steps, change_at=None):
    """The settings before each step; get_last_lr must agree with them. At one step they change by hand."""
    path = []
    for i in range(steps):
        path.append(settings(optimizer))
        if i != change_at:
            assert scheduler.get_last_lr() == [g["lr"] for g in optimizer.param_groups]
        optimizer.step()
        if i + 1 == change_at:
            optimizer.param_groups[0]["lr"] = 0.7
        scheduler.step()
    return np.array(path)


def assert_same_path(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-14)


def assert_same_state(ours, theirs):
    """Check that two state dicts have the same keys and, up to rounding, values."""
    assert type(ours) is type(theirs) or {type(ours), type(theirs)} <= {int, float}
    if isinstance(theirs, dict):
        assert set(ours) == set(theirs)
        for key in theirs:
            assert_same_state(ours[key], theirs[key])
    elif isinstance(theirs, (list, tuple)):
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs, strict=True):
            assert_same_state(a, b)
    elif isinstance(theirs, float):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-14)
    else:
        assert ours == theirs


@quiet
@pytest.mark.parametrize("change_at", [None, 100])
@pytest.mark.parametrize("kind", ["SGD", "Adam"])
@pytest.mark.parametrize("label", ALL)
def test_it_takes_torchs_path(label, kind, change_at):
    paths, states = [], []
    for lib in (scratch, torch):
        optimizer = two_groups(lib, kind)
        scheduler = ALL[label](lib, optimizer)
        paths.append(follow(optimizer, scheduler, 399, change_at))
        states.append(scheduler.state_dict())
        assert scheduler.optimizer is optimizer
    assert_same_path(*paths)
    assert np.ptp(paths[0][:, :, 0], axis=0).all()  # something happened to each group
    assert_same_state(*states)


@quiet
@pytest.mark.parametrize("label", ALL)
def test_state_resumes_on_both_sides(label):
    """120 steps, saved at 57: here or there before, here or there after."""
    optimizer = two_groups(torch)
    expected = follow(optimizer, ALL[label](torch, optimizer), 120)[57:]
    for before in (scratch, torch):
        optimizer = two_groups(before)
        scheduler = ALL[label](before, optimizer)
        follow(optimizer, scheduler, 57)
        saved = scheduler.state_dict(), optimizer.state_dict()["param_groups"]
        for after in (scratch, torch):
            resumed = two_groups(after)
            schedule = ALL[label](after, resumed)
            schedule.load_state_dict(saved[0])
            resumed.load_state_dict({"state": {}, "param_groups": saved[1]})
            assert schedule.get_last_lr() == saved[0]["_last_lr"]
            assert_same_path(follow(resumed, schedule, 63), expected)


@pytest.mark.parametrize("last_epoch", [0, 29, 57, 398])
@pytest.mark.parametrize("label", SCHEDULERS)
def test_last_epoch_resumes_as_in_torch(label, last_epoch):
    paths = []
    for lib in (scratch, torch):
        optimizer = remembering(lib)
        scheduler = SCHEDULERS[label](lib, optimizer, last_epoch=last_epoch)
        steps = min(150, 399 - last_epoch)  # the cycles end at 400
        paths.append(follow(optimizer, scheduler, steps))
    assert_same_path(*paths)


@pytest.mark.parametrize("label", PLATEAUS)
def test_a_plateau_is_found_where_torch_finds_it(label):
    rng = np.random.default_rng(5)
    sign = -1 if label.startswith("max") else 1
    metrics = sign * (np.exp(-np.arange(300) / 60) + 0.1 * rng.standard_normal(300))
    metrics[[40, 41, 42]] = np.nan, np.inf, -np.inf
    metrics[43:] -= 0.5 * sign  # below what can be reached again, and the rates go on falling
    paths, states = [], []
    for lib in (scratch, torch):
        optimizer = two_groups(lib)
        scheduler = PLATEAUS[label](lib, optimizer)
        path = []
        for i, metric in enumerate(metrics):
            scheduler.step(lib.tensor(metric) if i % 2 else metric)
            assert scheduler.get_last_lr() == [g["lr"] for g in optimizer.param_groups]
            path.append([*settings(optimizer), [scheduler.num_bad_epochs, scheduler.in_cooldown]])
            if i == 150:  # saved and loaded
                state = scheduler.state_dict()
                scheduler = PLATEAUS[label](lib, optimizer)
                scheduler.load_state_dict(state)
        paths.append(np.array(path))
        states.append(scheduler.state_dict())
    assert_same_path(*paths)
    assert np.ptp(paths[0][:, 0, 0]) > 0
    assert_same_state(*states)


@pytest.mark.parametrize("least", [0.2, [0.2, 0.05]])
def test_a_plateau_with_a_group_added(least):
    for lib in (scratch, torch):
        optimizer = two_groups(lib)
        scheduler = lib.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=0, min_lr=least)
        scheduler.step(1.0)
        optimizer.add_param_group({"params": leaves(lib), "lr": 1.0})
        fails = pytest.raises(RuntimeError, match="min_lrs") if isinstance(least, list) else None
        with fails or contextlib.nullcontext():
            scheduler.step(2.0)
            assert [g["lr"] for g in optimizer.param_groups] == [0.2, 0.1, 0.2]


def test_restarts_may_be_asked_for_any_time():
    times = [0.1, 0.5, 3, 4.999, 5, 5.3, 14.9, 15, 15.1, None, None, 34, 35, 200.25, None, 2, None, 26, None]
    for longer in (1, 2, 3):
        paths = []
        for lib in (scratch, torch):
            optimizer = two_groups(lib)
            make = lib.optim.lr_scheduler.CosineAnnealingWarmRestarts
            scheduler, path = make(optimizer, 5, longer, 0.01), []
            for t in times:
                scheduler.step(t)
                path.append([*settings(optimizer), [scheduler.T_cur, scheduler.T_i]])
            paths.append(np.array(path))
        assert_same_path(*paths)


def test_a_schedule_of_ones_own():
    paths = []
    for lib in (scratch, torch):

        class Inverse(lib.optim.lr_scheduler.LRScheduler):
            def __init__(self, optimizer, power, last_epoch=-1):
                self.power = power
                super().__init__(optimizer, last_epoch)

            def get_lr(self):
                return [lr / (1 + self.last_epoch) ** self.power for lr in self.base_lrs]

        optimizer = two_groups(lib)
        paths.append(follow(optimizer, Inverse(optimizer, 0.5), 20))
    assert_same_path(*paths)


def test_schedules_side_by_side_share_the_initial_rates():
    paths = []
    for lib in (scratch, torch):
        optimizer, s, path = two_groups(lib), lib.optim.lr_scheduler, []
        both = s.LinearLR(optimizer, 0.1, total_iters=30), s.StepLR(optimizer, 20, 0.5)
        for _ in range(100):
            optimizer.step()
            for scheduler in both:
                scheduler.step()
            path.append(settings(optimizer))
        paths.append(path)
    assert_same_path(*paths)


@quiet
def test_nested_sequences():
    paths = []
    for lib in (scratch, torch):
        optimizer, s = two_groups(lib), lib.optim.lr_scheduler
        inner = s.SequentialLR(optimizer, [s.ConstantLR(optimizer, 0.1, 3), s.StepLR(optimizer, 4)], [6])
        outer = s.SequentialLR(optimizer, [inner, s.ExponentialLR(optimizer, 0.9)], [20])
        paths.append(follow(optimizer, outer, 60))
    assert_same_path(*paths)


def test_functions_are_saved_only_as_objects():
    for lib in (scratch, torch):
        make = lib.optim.lr_scheduler.LambdaLR
        state = make(two_groups(lib), [Halving(3), lambda t: 1.0]).state_dict()
        assert state["lr_lambdas"] == [{"period": 3}, None]
        other = make(two_groups(lib), [Halving(9), lambda t: 2.0])
        other.load_state_dict(state)
        assert other.lr_lambdas[0].period == 3 and "lr_lambdas" in state


def warned(make_and_step):
    """The beginnings of torch's and our warnings."""
    found = []
    for lib in (scratch, torch):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            make_and_step(lib)
        found.append([str(w.message)[:40] for w in caught])
        assert lib is torch or all(w.filename == __file__ for w in caught)
    return found


def test_the_wrong_order_is_warned_of():
    def too_early(lib):
        optimizer = two_groups(lib)
        scheduler = lib.optim.lr_scheduler.StepLR(optimizer, 3)
        scheduler.step()
        scheduler.step()  # once is enough

    def right(lib):
        optimizer = two_groups(lib)
        scheduler = lib.optim.lr_scheduler.StepLR(optimizer, 3)
        optimizer.step()
        scheduler.step()

    def long_before(lib):
        optimizer = two_groups(lib)
        optimizer.step()
        lib.optim.lr_scheduler.StepLR(optimizer, 3).step()

    ours, theirs = warned(long_before)
    assert ours == theirs and len(ours) == 1
    ours, theirs = warned(too_early)
    assert ours == theirs and len(ours) == 1 and ours[0].startswith("Detected call of `lr_scheduler.step()`")
    assert warned(right) == [[], []]


def test_get_lr_is_for_step():
    def ask(lib):
        for label in ("step", "cosine", "lambda", "multiplicative", "one-cycle", "restarts"):
            SCHEDULERS[label](lib, two_groups(lib)).get_lr()

    ours, theirs = warned(ask)
    assert ours == theirs and len(ours) == 6


@pytest.mark.parametrize("name", ["StepLR", "CosineAnnealingLR"])
def test_resuming_needs_the_initial_rates(name):
    for lib in (scratch, torch):
        with pytest.raises(KeyError, match="initial_lr"):
            getattr(lib.optim.lr_scheduler, name)(two_groups(lib), 10, last_epoch=4)


def test_the_cycle_ends():
    for lib in (scratch, torch):
        optimizer = two_groups(lib)
        scheduler = lib.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps=10)
        follow(optimizer, scheduler, 10)
        with pytest.raises(ValueError, match="11"):
            scheduler.step()


def on(optimizer, name, *args, **kwargs):
    """A call that makes a schedule, in whichever library."""
    return lambda lib: getattr(lib.optim.lr_scheduler, name)(optimizer(lib), *args, **kwargs)


def rmsless(lib):
    return lib.optim.Adagrad(leaves(lib))


def strangers(name, *more):
    """A combination of schedules of two optimisers."""

    def make(lib):
        s, optimizer = lib.optim.lr_scheduler, two_groups(lib)
        parts = [s.StepLR(optimizer, 3), s.StepLR(two_groups(lib), 3)]
        return s.SequentialLR(optimizer, parts, [4]) if name == "SequentialLR" else s.ChainedScheduler(parts)

    return make


def with_plateau(lib):
    optimizer = two_groups(lib)
    return lib.optim.lr_scheduler.ChainedScheduler([lib.optim.lr_scheduler.ReduceLROnPlateau(optimizer)])


def milestones(lib):
    optimizer, s = two_groups(lib), lib.optim.lr_scheduler
    return s.SequentialLR(optimizer, [s.StepLR(optimizer, 3), s.StepLR(optimizer, 4)], [1, 2])


BAD = [  # a call that torch refuses too, the error, what ours says
    (on(lambda lib: 3, "StepLR", 3), TypeError, "expected an Optimizer, got int"),
    (on(lambda lib: 3, "OneCycleLR", 3, 3), TypeError, "expected an Optimizer, got int"),
    (on(lambda lib: 3, "ReduceLROnPlateau"), TypeError, "expected an Optimizer, got int"),
    (on(two_groups, "LambdaLR", [lambda t: 1] * 3), ValueError, "lr_lambda: .* 2 groups, got 3"),
    (on(two_groups, "MultiplicativeLR", [0.9, 0.9]), TypeError, "expected a function, got float"),
    (on(two_groups, "ConstantLR", 1.5), ValueError, r"factor: .* \[0, 1\], got 1.5"),
    (on(two_groups, "ConstantLR", -1), ValueError, "factor"),
    (on(two_groups, "LinearLR", 0), ValueError, "start_factor"),
    (on(two_groups, "LinearLR", 1.5), ValueError, "start_factor"),
    (on(two_groups, "LinearLR", 0.5, 1.5), ValueError, "end_factor"),
    (on(two_groups, "LinearLR", 0.5, -1), ValueError, "end_factor"),
    (on(two_groups, "CosineAnnealingWarmRestarts", 0), ValueError, "T_0: .* got 0"),
    (on(two_groups, "CosineAnnealingWarmRestarts", 2.5), ValueError, "T_0"),
    (on(two_groups, "CosineAnnealingWarmRestarts", 2, 0), ValueError, "T_mult"),
    (on(two_groups, "CosineAnnealingWarmRestarts", 2, 1, "0"), ValueError, "eta_min"),
    (lambda lib: SCHEDULERS["restarts"](lib, two_groups(lib)).step(-1), ValueError, "got -1"),
    (on(two_groups, "OneCycleLR", 1.0), ValueError, "total_steps, or both epochs and steps_per_epoch"),
    (on(two_groups, "OneCycleLR", 1.0, epochs=2), ValueError, "steps_per_epoch"),
    (on(two_groups, "OneCycleLR", 1.0, 0), ValueError, "total_steps: .* got 0"),
    (on(two_groups, "OneCycleLR", 1.0, 2.5), ValueError, "total_steps"),
    (on(two_groups, "OneCycleLR", 1.0, epochs=-1, steps_per_epoch=2), ValueError, "epochs: .* got -1"),
    (on(two_groups, "OneCycleLR", 1.0, 10, pct_start=1.5), ValueError, "pct_start"),
    (on(two_groups, "OneCycleLR", 1.0, 10, pct_start=1), ValueError, "pct_start"),
    (on(two_groups, "OneCycleLR", 1.0, 10, anneal_strategy="cosine"), ValueError, "anneal_strategy"),
    (on(two_groups, "OneCycleLR", [1.0], 10), ValueError, "max_lr: .* 2 groups, got 1"),
    (on(rmsless, "OneCycleLR", 1.0, 10), ValueError, "momentum or betas, got Adagrad"),
    (on(two_groups, "ReduceLROnPlateau", "least"), ValueError, "mode: expected 'min' or 'max', got 'least'"),
    (on(two_groups, "ReduceLROnPlateau", threshold_mode="x"), ValueError, "threshold_mode"),
    (on(two_groups, "ReduceLROnPlateau", factor=1.0), ValueError, "factor"),
    (on(two_groups, "ReduceLROnPlateau", min_lr=[0.1]), ValueError, "min_lr"),
    (on(two_groups, "SequentialLR", [], []), ValueError, "at least one, got none"),
    (on(two_groups, "SequentialLR", [3], []), TypeError, "expected an LRScheduler, got int"),
    (milestones, ValueError, "expected 1 between 2 schedulers, got 2"),
    (strangers("SequentialLR"), ValueError, "got one of another"),
    (strangers("ChainedScheduler"), ValueError, "got one of another"),
    (with_plateau, ValueError, "got ReduceLROnPlateau"),
    (lambda lib: lib.optim.lr_scheduler.ChainedScheduler([]), ValueError, "at least one, got none"),
    (lambda lib: lib.optim.lr_scheduler.LRScheduler(two_groups(lib)), NotImplementedError, "define get_lr"),
]


@pytest.mark.parametrize("call, error, text", BAD)
def test_what_torch_refuses_is_refused(call, error, text):
    with pytest.raises(error, match=text):
        call(scratch)
    with pytest.raises(error):
        call(torch)


@pytest.mark.parametrize("name", ["LinearLR", "PolynomialLR"])
def test_no_steps_at_all_are_refused(name):
    with pytest.raises(ValueError, match="total_iters: expected at least 1, got 0"):
        getattr(scratch.optim.lr_scheduler, name)(two_groups(scratch), total_iters=0)
