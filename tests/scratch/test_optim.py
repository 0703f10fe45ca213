"""Optimisers against torch: whole trajectories, groups, state that goes there and comes back."""

import copy

import numpy as np
import pytest
import torch

from nbcourse import scratch
from nbcourse.scratch import optim
from nbcourse.scratch.optim import optimizer as engine

from .helpers import assert_same
from .table.optim import OPTIMIZERS


def problem(lib):
    """Return two parameters, the second of which sees the loss only at every other step, and the loss."""
    w = lib.tensor(np.array([[1.0, -2.0, 3.0], [0.5, 0.0, -1.0]]), requires_grad=True)
    b = lib.tensor(np.array(0.5), requires_grad=True)
    a = lib.tensor(np.array([[0.3, 0.1, 0.2], [0.1, 0.4, -0.1]]))

    def loss(i):
        residual = a @ w.T - lib.tensor(np.array([[1.0, 2.0], [-1.0, 0.5]])) - (b if i % 2 else 0)
        return (residual**2).sum() + lib.tanh(w).sum()

    return [w, b], loss


def train(optimizer, loss, steps, start=0):
    path = []
    for i in range(start, start + steps):
        optimizer.zero_grad()
        value = loss(i)
        value.backward()
        optimizer.step()
        path.append(value.item())
    return path


def overwrite(params, values):
    for p, v in zip(params, values, strict=True):
        p.detach().copy_(type(p.detach())(v) if isinstance(p, scratch.Tensor) else torch.tensor(v))


def in_torch(value):
    """A copy of a state dict with torch's tensors in the place of ours."""
    if isinstance(value, dict):
        return {k: in_torch(v) for k, v in value.items()}
    if isinstance(value, list):
        return [in_torch(v) for v in value]
    return torch.tensor(value.numpy()) if isinstance(value, scratch.Tensor) else value


def assert_same_state(ours, theirs, tolerance=1e-10):
    """Check that two state dicts have the same keys, settings, shapes, dtypes and values."""
    assert ours["param_groups"] == theirs["param_groups"]
    assert ours["state"].keys() == theirs["state"].keys()
    for i, entries in theirs["state"].items():
        assert list(ours["state"][i]) == list(entries)
        for name, value in entries.items():
            assert_same(ours["state"][i][name], value, tolerance, name)


@pytest.mark.parametrize("label", OPTIMIZERS)
def test_it_takes_torchs_path_for_300_steps(label):
    ends = []
    for lib in (scratch, torch):
        params, loss = problem(lib)
        optimizer = OPTIMIZERS[label](lib, params)
        ends.append((train(optimizer, loss, 300), params, optimizer))
    (path, params, ours), (expected_path, expected, theirs) = ends
    np.testing.assert_allclose(path, expected_path, rtol=1e-10, atol=1e-10)
    for p, q in zip(params, expected, strict=True):
        assert_same(p.detach(), q.detach(), 1e-10)
    assert_same_state(ours.state_dict(), theirs.state_dict())
    assert repr(ours) == repr(theirs)


@pytest.mark.parametrize("label", OPTIMIZERS)
def test_pieces_change_nothing(label, monkeypatch):
    ends = []
    for elements in (2**16, 3):  # all at once, and row by row
        monkeypatch.setattr(engine, "_PIECE", elements)
        params, loss = problem(scratch)
        train(OPTIMIZERS[label](scratch, params), loss, 30)
        ends.append([p.tolist() for p in params])
    assert ends[0] == ends[1]  # the same bits


@pytest.mark.parametrize("label", OPTIMIZERS)
def test_state_resumes_on_both_sides(label):
    """20 steps, saved at 10: here or there before, here or there after, must end alike."""
    params, loss = problem(torch)
    train(OPTIMIZERS[label](torch, params), loss, 20)
    expected = params
    for before in (scratch, torch):
        params, loss = problem(before)
        optimizer = OPTIMIZERS[label](before, params)
        train(optimizer, loss, 10)
        saved = optimizer.state_dict()
        middle = [p.detach().numpy().copy() for p in params]
        for after in (scratch, torch):
            params, loss = problem(after)
            overwrite(params, middle)
            resumed = OPTIMIZERS[label](after, params)
            for group in resumed.param_groups:
                group["lr"] = 123.0
            resumed.load_state_dict(copy.deepcopy(saved) if after is scratch else in_torch(saved))
            train(resumed, loss, 10, start=10)
            for p, q in zip(params, expected, strict=True):
                np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("label", OPTIMIZERS)
def test_resuming_here_gives_the_same_bits(label):
    params, loss = problem(scratch)
    optimizer = OPTIMIZERS[label](scratch, params)
    train(optimizer, loss, 10)
    twins = [scratch.tensor(p.detach().numpy(), requires_grad=True) for p in params]
    resumed = OPTIMIZERS[label](scratch, twins)
    resumed.load_state_dict(optimizer.state_dict())
    for i, entries in resumed.state_dict()["state"].items():
        assert {k: v.dtype for k, v in entries.items()} == {
            k: v.dtype for k, v in optimizer.state[params[i]].items()
        }
    train(optimizer, loss, 1, start=10)  # the copy must not see it
    for p, twin in zip(params, twins, strict=True):
        twin.grad = None if p.grad is None else p.grad.clone()
    resumed.step()
    assert [p.tolist() for p in params] == [p.tolist() for p in twins]


@pytest.mark.parametrize("label", ["sgd-nesterov", "adagrad", "rmsprop-all", "adam", "adamw-betas"])
def test_float32_stays_float32(label):
    ends = []
    for lib in (scratch, torch):
        rng = np.random.default_rng(1)
        w = lib.tensor(rng.standard_normal((40, 30)).astype("float32"), requires_grad=True)
        optimizer = OPTIMIZERS[label](lib, [w])
        for _ in range(20):
            w.grad = lib.tensor(rng.standard_normal((40, 30)).astype("float32"))
            optimizer.step()
        ends.append((w, optimizer))
    assert_same(ends[0][0].detach(), ends[1][0].detach(), 2e-5)
    assert_same_state(ends[0][1].state_dict(), ends[1][1].state_dict(), 2e-5)


def test_a_rate_may_change_and_a_group_be_added():
    ends = []
    for lib in (scratch, torch):
        (w, b), loss = problem(lib)
        optimizer = lib.optim.Adam([w], lr=0.01)
        train(optimizer, loss, 20)
        optimizer.param_groups[0]["lr"] = 0.001  # as a schedule does
        optimizer.add_param_group({"params": b, "lr": 0.1, "weight_decay": 0.1})
        train(optimizer, loss, 20, start=1)
        ends.append((w, b))
    for p, q in zip(*ends, strict=True):
        assert_same(p.detach(), q.detach(), 1e-10)


def test_adagrad_counts_for_an_added_group_too():
    w, b = (scratch.ones(2, requires_grad=True) for _ in range(2))
    optimizer = optim.Adagrad([w], initial_accumulator_value=1)
    optimizer.add_param_group({"params": [b], "initial_accumulator_value": 3})
    assert [s["sum"].tolist() for s in optimizer.state_dict()["state"].values()] == [[1, 1], [3, 3]]


@pytest.mark.filterwarnings("error")
def test_overflow_is_torchs():
    """A gradient whose square is infinite stops its weight for good; NaN spreads to its weight only."""
    for label in ("adam", "rmsprop", "adagrad"):
        ends = []
        for lib in (scratch, torch):
            w = lib.ones(4, requires_grad=True)
            optimizer = OPTIMIZERS[label](lib, [w])
            for last in (1e30, 1.0):
                w.grad = lib.tensor([0.0, last, float("nan"), 1.0])
                optimizer.step()
            ends.append(w)
        assert_same(ends[0].detach(), ends[1].detach(), 1e-6)


def test_adamw_stays_so_with_adams_state():
    params, loss = problem(scratch)
    adam = optim.Adam(params, weight_decay=0.3)
    train(adam, loss, 2)
    adamw = optim.AdamW(params)
    adamw.load_state_dict(adam.state_dict())
    assert adamw.param_groups[0]["weight_decay"] == 0.3
    assert adamw.param_groups[0]["decoupled_weight_decay"] is True


def test_old_counts_of_steps_are_numbers():
    params, _ = problem(scratch)
    optimizer = optim.Adam(params)
    state = {0: {"step": 7, "exp_avg": np.zeros((2, 3)), "exp_avg_sq": np.zeros((2, 3))}}
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    assert optimizer.state[params[0]]["step"].item() == 7


def test_the_count_has_the_default_dtype():
    scratch.set_default_dtype(scratch.float64)
    torch.set_default_dtype(torch.float64)
    steps = []
    for lib in (scratch, torch):
        params, loss = problem(lib)
        optimizer = lib.optim.Adam(params)
        train(optimizer, loss, 1)
        steps.append(optimizer.state[params[0]]["step"])
    assert_same(*steps)


@pytest.mark.parametrize("label", ["sgd-momentum", "adam", "rmsprop", "adagrad"])
def test_any_shape_and_memory_will_do(label):
    rng = np.random.default_rng(0)
    start, gradient = rng.standard_normal((2, 6, 4))
    expected = None
    for arrange in (np.array, np.asfortranarray, lambda a: np.repeat(a, 2, axis=1)[:, ::2]):
        w = scratch.Tensor(arrange(start), requires_grad=True)
        empty = [scratch.zeros(shape, requires_grad=True) for shape in ((0, 3), (3, 0), (0,))]
        optimizer = OPTIMIZERS[label](scratch, [w, *empty])
        for _ in range(3):
            for p, g in zip([w, *empty], [arrange(gradient), *(e.data for e in empty)], strict=True):
                p.grad = scratch.Tensor(g)
            optimizer.step()
        expected = w.tolist() if expected is None else expected
        assert w.tolist() == expected


def test_state_of_another_dtype_is_refused():
    model = scratch.nn.Linear(2, 2)
    optimizer = optim.Adam(model.parameters())
    model(scratch.ones(1, 2)).sum().backward()
    optimizer.step()
    model.double()
    with pytest.raises(TypeError, match=r"state like the parameter, float64 .* got float32"):
        optimizer.step()
    optimizer.load_state_dict(optimizer.state_dict())  # converts
    optimizer.step()


def test_an_optimizer_of_ones_own_may_define_update():
    class Slow(optim.Optimizer):
        """w ← w - m, where m is the mean of all gradients so far."""

        def initial_state(self, value, group):
            return {"step": scratch.zeros(()), "sum": scratch.zeros_like(value)}

        def update(self, value, gradient, state, group):
            state["sum"] += gradient
            value -= state["sum"] / state["step"]

    w = scratch.ones(2, requires_grad=True)
    optimizer = Slow([w], {})
    for g in ([1.0, 0.0], [2.0, 4.0]):
        w.grad = scratch.tensor(g)
        optimizer.step()
    assert w.tolist() == [1 - 1 - 1.5, 1 - 2]


def test_an_optimizer_of_ones_own_may_define_step():
    ends = []
    for lib in (scratch, torch):

        class Signs(lib.optim.Optimizer):
            def __init__(self, params, lr=0.1):
                super().__init__(params, {"lr": lr})

            def step(self, closure=None, lib=lib):
                with lib.no_grad():
                    for p in self.param_groups[0]["params"]:
                        if p.grad is not None:
                            p -= self.param_groups[0]["lr"] * lib.sign(p.grad)

        params, loss = problem(lib)
        train(Signs(params), loss, 10)
        ends.append(params)
    for p, q in zip(*ends, strict=True):
        assert_same(p.detach(), q.detach(), 1e-12)


def test_a_closure_gives_the_loss():
    params, loss = problem(scratch)
    optimizer = optim.SGD(params, lr=0.1)

    def closure():
        optimizer.zero_grad()
        value = loss(0)
        value.backward()
        return value

    first, second = optimizer.step(closure), optimizer.step(closure)
    assert second.item() < first.item()


def test_zero_grad_forgets_or_zeroes():
    w = scratch.ones(2, requires_grad=True)
    optimizer = optim.SGD([w], lr=1.0)
    (w * w).sum().backward()
    optimizer.zero_grad(set_to_none=False)
    assert w.grad.tolist() == [0, 0]
    optimizer.zero_grad()
    assert w.grad is None
    optimizer.step()  # nothing to do
    assert w.tolist() == [1, 1] and w.dtype == scratch.float32


def test_a_step_writes_in_place_and_keeps_the_dtype():
    w = scratch.ones(2, requires_grad=True)
    memory = w.data
    optimizer = optim.SGD([w], lr=0.1, momentum=0.9, weight_decay=0.1, nesterov=True)
    for _ in range(2):
        (w * w).sum().backward()
        optimizer.step()
    assert w.data is memory and optimizer.state[w]["momentum_buffer"].dtype == scratch.float32


@pytest.mark.parametrize("number", [np.float32, np.float64, np.int64])
def test_settings_may_be_numpys_numbers(number):
    ends = []
    for lib in (scratch, torch):
        params, loss = problem(lib)
        train(lib.optim.SGD(params, lr=number(1) / 128), loss, 5)
        ends.append(params)
    for p, q in zip(*ends, strict=True):
        assert_same(p.detach(), q.detach(), 1e-10)


def test_numpys_numbers_leave_float32_alone():
    ends = []
    for lr in (0.1, np.float64(0.1)):
        scratch.manual_seed(0)
        w = scratch.randn(1000, requires_grad=True)
        w.grad = scratch.randn(1000)
        optim.SGD([w], lr=lr, momentum=0.9).step()
        ends.append(w.tolist())
    assert ends[0] == ends[1]  # float64 in between would round differently


def leaf():
    return scratch.ones(2, requires_grad=True)


BAD = [
    (lambda: optim.SGD([]), ValueError, "at least one parameter"),
    (lambda: optim.SGD(leaf()), TypeError, "iterable of Tensors or dicts, got Tensor"),
    (lambda: optim.SGD([np.ones(2)]), TypeError, "expected Tensors, got ndarray"),
    (lambda: optim.SGD([leaf() * 2]), ValueError, "leaf"),
    (lambda: optim.SGD([leaf()], lr=-1), ValueError, "lr to be a number of at least 0, got -1"),
    (lambda: optim.SGD([leaf()], lr=float("nan")), ValueError, "lr"),
    (lambda: optim.SGD([leaf()], lr=np.float32(-1)), ValueError, "lr"),
    (lambda: optim.SGD([leaf()], lr="1"), ValueError, "lr to be a number of at least 0, got '1'"),
    (lambda: optim.SGD([leaf()], momentum=-1), ValueError, "momentum"),
    (lambda: optim.SGD([leaf()], nesterov=True), ValueError, "nesterov expected a momentum above 0"),
    (lambda: optim.SGD([{"params": {leaf()}}]), TypeError, "order"),
    (lambda: optim.SGD([{"params": leaf(), "lr": 2}], lr=-2), ValueError, "SGD: expected lr .* got -2"),
    (
        lambda: optim.SGD([leaf()]).load_state_dict(
            {"state": {}, "param_groups": [{"params": [0], "fused": True}]}
        ),
        NotImplementedError,
        "SGD: fused=True",
    ),
    (lambda: optim.SGD([{"params": leaf(), "lr": -2}]), ValueError, "SGD: expected lr .* got -2"),
    (lambda: optim.Adam([leaf()], lr=-1), ValueError, "Adam: expected lr"),
    (lambda: optim.Adam([leaf()], eps=-1), ValueError, "Adam: expected eps"),
    (lambda: optim.Adam([leaf()], weight_decay=-1), ValueError, "Adam: expected weight_decay"),
    (lambda: optim.Adam([leaf()], betas=(0.9, 1.0)), ValueError, r"two floats in \[0, 1\), got \(0.9, 1.0\)"),
    (lambda: optim.Adam([leaf()], betas=(-0.1, 0.9)), ValueError, "betas"),
    (lambda: optim.Adam([leaf()], betas=(0, 0.9)), ValueError, "betas"),
    (lambda: optim.Adam([leaf()], betas=(0.9,)), ValueError, "betas"),
    (lambda: optim.AdamW([leaf()], betas=(0.9, 2.0)), ValueError, "AdamW: expected betas"),
    (lambda: optim.Adagrad([leaf()], lr_decay=-1), ValueError, "Adagrad: expected lr_decay"),
    (lambda: optim.Adagrad([leaf()], initial_accumulator_value=-1), ValueError, "initial_accumulator_value"),
    (lambda: optim.Adagrad([leaf()], eps=-1), ValueError, "eps"),
    (lambda: optim.Adagrad([leaf()], lr=-1), ValueError, "lr"),
    (lambda: optim.Adagrad([leaf()], weight_decay=-1), ValueError, "weight_decay"),
    (lambda: optim.RMSprop([leaf()], alpha=-1), ValueError, "RMSprop: expected alpha"),
    (lambda: optim.RMSprop([leaf()], momentum=-1), ValueError, "momentum"),
    (lambda: optim.RMSprop([leaf()], lr=-1), ValueError, "lr"),
    (lambda: optim.Optimizer([leaf()], {}).update(1, 2, 3, 4), NotImplementedError, r"define update\(\)"),
    (
        lambda: optim.SGD([leaf()]).load_state_dict(optim.SGD([leaf(), leaf()]).state_dict()),
        ValueError,
        r"groups of \[1\] parameters, got \[2\]",
    ),
    (
        lambda: optim.SGD([leaf()]).load_state_dict(
            {"state": {0: {"momentum_buffer": np.ones(3)}}, "param_groups": [{"params": [0]}]}
        ),
        ValueError,
        r"state of shape \(2,\), got \(3,\)",
    ),
]


@pytest.mark.parametrize("call, error, text", BAD)
def test_a_bad_call_says_what_was_expected(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_a_parameter_comes_once():
    w = leaf()
    with pytest.raises(ValueError, match=r"once, got one of shape \(2,\) again"):
        optim.SGD([w, w])


def test_torch_code_runs_when_the_import_line_changes():
    """Train XOR with the same code on both and compare the losses."""

    def run(torch, initial):
        nn, F = torch.nn, torch.nn.functional
        X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        y = torch.tensor([0, 1, 1, 0])
        model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2))
        if initial:
            model.load_state_dict({k: torch.tensor(v) for k, v in initial.items()})
        state = {k: v.numpy().copy() for k, v in model.state_dict().items()}
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
        losses = []
        for _ in range(100):
            loss = F.cross_entropy(model(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        with torch.no_grad():
            accuracy = (model(X).argmax(dim=1) == y).float().mean().item()
        return losses, accuracy, state

    losses, accuracy, state = run(scratch, None)
    expected, expected_accuracy, _ = run(torch, state)
    np.testing.assert_allclose(losses, expected, atol=2e-5)
    assert accuracy == expected_accuracy == 1
