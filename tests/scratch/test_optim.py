"""Optimisers against torch: whole trajectories, groups, state."""

import numpy as np
import pytest
import torch

from nbcourse import scratch
from nbcourse.scratch import optim

from .helpers import assert_same

VARIANTS = [
    {},
    {"weight_decay": 0.1},
    {"momentum": 0.9},
    {"momentum": 0.9, "dampening": 0.5},
    {"momentum": 0.9, "nesterov": True},
    {"momentum": 0.8, "weight_decay": 0.01},
    {"momentum": 0.8, "weight_decay": 0.01, "nesterov": True},
    {"momentum": 0.5, "dampening": 0.3, "weight_decay": 0.02, "maximize": True},
    {"maximize": True, "weight_decay": 1.5},
]


def problem(lib):
    """Return two parameters, the second of which sees the loss only at every other step, and the loss."""
    w = lib.tensor(np.array([1.0, -2.0, 3.0]), requires_grad=True)
    b = lib.tensor(np.array(0.5), requires_grad=True)
    a = lib.tensor(np.array([[0.3, 0.1, 0.2], [0.1, 0.4, -0.1]]))

    def loss(i):
        residual = a @ w - lib.tensor(np.array([1.0, 2.0])) - (b if i % 2 else 0)
        return (residual**2).sum() + lib.tanh(w).sum()

    return [w, b], loss


def train(lib, optimizer, loss, steps, start=0):
    path = []
    for i in range(start, start + steps):
        optimizer.zero_grad()
        value = loss(i)
        value.backward()
        optimizer.step()
        path.append(value.item())
    return path


@pytest.mark.parametrize("settings", VARIANTS)
def test_sgd_takes_torchs_path_for_300_steps(settings):
    ends = []
    for lib in (scratch, torch):
        params, loss = problem(lib)
        path = train(lib, lib.optim.SGD(params, lr=0.01, **settings), loss, 300)
        ends.append((path, [p.tolist() for p in params]))
    np.testing.assert_allclose(ends[0][0], ends[1][0], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(ends[0][1][0], ends[1][1][0], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(ends[0][1][1], ends[1][1][1], rtol=1e-10, atol=1e-10)


def test_groups_have_their_own_settings():
    ends = []
    for lib in (scratch, torch):
        (w, b), loss = problem(lib)
        optimizer = lib.optim.SGD([{"params": [w]}, {"params": b, "lr": 0.1, "momentum": 0.5}], lr=0.01)
        train(lib, optimizer, loss, 20)
        optimizer.param_groups[0]["lr"] = 0.001  # as a schedule does
        train(lib, optimizer, loss, 20)
        ends.append((w, b))
    for p, q in zip(*ends, strict=True):
        assert_same(p.detach(), q.detach(), 1e-10)


def test_state_resumes_here_and_in_torch():
    settings = {"lr": 0.01, "momentum": 0.9, "nesterov": True}
    params, loss = problem(scratch)
    optimizer = optim.SGD(params, **settings)
    train(scratch, optimizer, loss, 10)
    saved = optimizer.state_dict()
    assert set(saved["state"]) == {0, 1} and saved["param_groups"][0]["params"] == [0, 1]
    middle = [p.detach().numpy().copy() for p in params]
    momenta = {
        i: {"momentum_buffer": torch.tensor(s["momentum_buffer"].numpy())} for i, s in saved["state"].items()
    }
    ends = []
    for lib, state in ((scratch, saved), (torch, {**saved, "state": momenta})):
        params, loss = problem(lib)
        for p, values in zip(params, middle, strict=True):
            with lib.no_grad():
                p[...] = lib.tensor(values)
        resumed = lib.optim.SGD(params, lr=1.0)
        resumed.load_state_dict(state)
        train(lib, resumed, loss, 10, start=10)
        ends.append(params)
    for p, q in zip(*ends, strict=True):
        assert_same(p.detach(), q.detach(), 1e-10)
    params, loss = problem(scratch)
    train(scratch, optim.SGD(params, **settings), loss, 20)
    for p, q in zip(params, ends[0], strict=True):
        assert p.tolist() == q.tolist()  # the same bits


def test_torchs_state_loads_here():
    params, loss = problem(torch)
    other = torch.optim.SGD(params, lr=0.1, momentum=0.9)
    train(torch, other, loss, 2)
    mine = optim.SGD(problem(scratch)[0], lr=1.0)
    saved = other.state_dict()
    state = {i: {k: v.numpy() for k, v in s.items()} for i, s in saved["state"].items()}
    mine.load_state_dict({"state": state, "param_groups": saved["param_groups"]})
    assert mine.param_groups[0]["lr"] == 0.1 and mine.param_groups[0]["momentum"] == 0.9
    buffer = mine.state[mine.param_groups[0]["params"][0]]["momentum_buffer"]
    np.testing.assert_allclose(buffer, state[0]["momentum_buffer"], rtol=1e-12)


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


def test_optimizer_prints_its_settings():
    text = repr(optim.SGD([scratch.ones(1, requires_grad=True)], lr=0.5))
    assert text.startswith("SGD (\nParameter Group 0\n    dampening: 0\n    lr: 0.5")


@pytest.mark.parametrize("number", [np.float32, np.float64, np.int64])
def test_settings_may_be_numpys_numbers(number):
    ends = []
    for lib in (scratch, torch):
        params, loss = problem(lib)
        train(lib, lib.optim.SGD(params, lr=number(1) / 128), loss, 5)
        ends.append(params)
    for p, q in zip(*ends, strict=True):
        assert_same(p.detach(), q.detach(), 1e-10)


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
    (lambda: optim.SGD([leaf()], foreach=True), NotImplementedError, "SGD: foreach=True"),
    (lambda: optim.SGD([leaf()], fused=True), NotImplementedError, "fused"),
    (lambda: optim.SGD([leaf()], differentiable=True), NotImplementedError, "differentiable"),
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
