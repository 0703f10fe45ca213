"""The tensor itself: making, converting, printing, and Python's protocols."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from nbcourse import scratch

from .helpers import assert_same

DATA = [3, 2.5, True, [1, 2], [1, 2.5], [[True, False]], [], [[]], np.float64(2.0), np.arange(3)]
DATA += [np.ones(2), np.ones(2, np.float32), [np.float64(1.0)], [np.ones(2), np.zeros(2)], np.array([True])]
DATA += [np.array(3, np.int8), (1, 2.0)]


@pytest.mark.filterwarnings("ignore:Creating a tensor from a list")
@pytest.mark.parametrize("data", DATA, ids=repr)
def test_tensor_matches_torch(data):
    assert_same(scratch.tensor(data), torch.tensor(data))


def test_tensor_copies_and_from_numpy_shares():
    array = np.zeros(2)
    assert not np.shares_memory(scratch.tensor(array).data, array)
    assert scratch.from_numpy(array).data is array
    assert scratch.as_tensor(array).data is array
    x = scratch.tensor(array)
    assert scratch.as_tensor(x) is x and scratch.tensor(x) is not x
    assert scratch.as_tensor([1, 2], dtype=scratch.float32).dtype == scratch.float32


CREATED = [
    lambda lib: lib.zeros(2, 3),
    lambda lib: lib.full((2,), 3.5),
    lambda lib: lib.eye(2),
    lambda lib: lib.arange(1, 2, 0.25),
    lambda lib: lib.linspace(0, 1, 5),
    lambda lib: lib.logspace(0, 1, 5),
    lambda lib: lib.tensor([1, 2.5]),
    lambda lib: lib.rand(2) * 0,
    lambda lib: lib.normal(0.0, 0.0, (2,)),
    lambda lib: lib.ones(2).long().exp() * 0,
]


@pytest.mark.parametrize("default", ["float32", "float64"])
@pytest.mark.parametrize("create", CREATED)
def test_creation_follows_the_default_dtype(create, default):
    scratch.set_default_dtype(getattr(scratch, default))
    torch.set_default_dtype(getattr(torch, default))
    assert_same(create(scratch), create(torch))


def test_gradients_have_the_dtype_of_their_leaf():
    x = scratch.tensor([1.0, 2.0], requires_grad=True)
    (x * scratch.ones(2, dtype=scratch.float64)).sum().backward()
    assert x.grad.dtype == scratch.float32


def test_arrays_and_tensors_mix_on_either_side():
    x = scratch.tensor([1.0, 2.0], requires_grad=True)
    for y in (np.ones(2) - x, x - np.ones(2), np.float64(1) - x):
        assert isinstance(y, scratch.Tensor) and y.requires_grad
    assert (np.ones((2, 2)) @ x).dtype == (np.ones(2) - x).dtype == scratch.float64
    assert np.asarray(x.detach()) is x.data
    assert np.array_equal(np.array([scratch.tensor(1.0), scratch.tensor(2.0)]), [1, 2])


def test_conversions():
    x = scratch.tensor([1.5, -2.5])
    assert x.long().tolist() == [1, -2] and x.bool().all()
    assert x.float() is x and x.to("cpu") is x and x.cpu() is x and x.to(device="cpu") is x
    assert not np.shares_memory(x.to(x, copy=True).data, x.data)
    assert x.detach().data is x.data
    assert x.size() == (2,) and x.size(0) == 2 and x.dim() == 1 and x.device == "cpu"


REPRS = [
    lambda lib: lib.tensor([1.0, 2.0]),
    lambda lib: lib.tensor([1.5, -2.25]),
    lambda lib: lib.tensor(0.5),
    lambda lib: lib.tensor(3),
    lambda lib: lib.tensor([True, False]),
    lambda lib: lib.tensor([[1, -200], [3, 4]]),
    lambda lib: lib.tensor([1e-5, 1.0]),
    lambda lib: lib.tensor([1.5e-5, 2.5e-5]),
    lambda lib: lib.tensor([1.5e9, 2.5e9]),
    lambda lib: lib.tensor([1.0, 2000.0]),
    lambda lib: lib.tensor([float("nan"), float("inf"), 1.0]),
    lambda lib: lib.tensor([float("nan"), 0.0]),
    lambda lib: lib.tensor([]),
    lambda lib: lib.zeros(0, 3),
    lambda lib: lib.arange(24).reshape(2, 3, 4) / 7,
    lambda lib: lib.arange(40.0) * 1.5,
    lambda lib: lib.arange(2000),
    lambda lib: lib.arange(4000.0).reshape(20, 200),
    lambda lib: lib.arange(8000.0).reshape(4, 20, 100),
    lambda lib: lib.tensor([1.5], requires_grad=True),
    lambda lib: lib.tensor([1.5], requires_grad=True) * 2,
    lambda lib: (lib.arange(13) / 7).requires_grad_(),
    lambda lib: lib.tensor([1.0], requires_grad=True).sum(),
    lambda lib: lib.nn.Parameter(lib.ones(2)),
]


@pytest.mark.parametrize("make", REPRS)
def test_repr_is_torchs(make):
    assert repr(make(scratch)) == repr(make(torch))


def test_repr_names_another_dtype():
    assert repr(scratch.ones(1).double()) == "tensor([1.], dtype=float64)"
    assert repr(scratch.ones(1).int()) == "tensor([1], dtype=int32)"


def test_python_protocols():
    x = scratch.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert len(x) == 2 and [row.tolist() for row in x] == [[1, 2], [3, 4]]
    assert x in {x} and x.T.shape == (2, 2)
    one = scratch.tensor(2.5)
    assert float(one) == 2.5 and int(one) == 2 and bool(one) and f"{one:.3f}" == "2.500"
    assert [10, 20, 30][scratch.tensor(1)] == 20
    for bad, error in (
        (lambda: bool(x), RuntimeError),
        (lambda: x.item(), RuntimeError),
        (lambda: len(one), TypeError),
        (lambda: [1, 2][one], TypeError),
        (lambda: f"{x:.3f}", TypeError),
    ):
        with pytest.raises(error):
            bad()


def test_numpy_needs_detach():
    x = scratch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match=r"detach\(\)"):
        x.numpy()
    with pytest.raises(RuntimeError, match=r"detach\(\)"):
        np.asarray(x)
    assert x.detach().numpy() is x.data and not x.detach().requires_grad


BAD = [
    (lambda: scratch.Tensor([1.0]), TypeError, r"use tensor\(\)"),
    (lambda: scratch.Tensor(np.array(["a"])), TypeError, "expected a dtype"),
    (lambda: scratch.set_default_dtype(scratch.int64), TypeError, "got int64"),
    (lambda: setattr(scratch.ones(2), "grad", scratch.ones(3)), ValueError, r"\(2,\), got .* \(3,\)"),
    (lambda: setattr(scratch.ones(2), "grad", np.ones(2)), TypeError, "expected a Tensor or None"),
    (lambda: setattr(scratch.ones(2), "data", [1, 2]), TypeError, "array of float32, got list"),
    (lambda: setattr(scratch.ones(2), "data", np.ones(2)), TypeError, "array of float32, got float64"),
]


@pytest.mark.parametrize("call, error, text", BAD)
def test_a_bad_call_says_what_was_expected(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_data_takes_arrays_and_tensors():
    w = scratch.ones(2, requires_grad=True)
    w.data -= 0.5 * np.ones(2, np.float32)
    w.data = w.data - scratch.ones(2) * 0.5
    assert w.tolist() == [0, 0] and isinstance(w.data, np.ndarray) and w.requires_grad


def test_requires_grad_changes_on_leaves_only():
    x = scratch.ones(2).requires_grad_()
    y = x * 2
    assert y.requires_grad and not x.requires_grad_(False).requires_grad
    with pytest.raises(RuntimeError, match="leaf"):
        y.requires_grad = False


DRAWS = {
    "rand": lambda: scratch.rand(3, 2),
    "randn": lambda: scratch.randn(4),
    "randint": lambda: scratch.randint(5, (6,)),
    "randint int32": lambda: scratch.randint(2, 5, (6,), dtype=scratch.int32),
    "randperm": lambda: scratch.randperm(7),
    "rand_like": lambda: scratch.rand_like(scratch.ones(2, dtype=scratch.float64)),
    "randn_like": lambda: scratch.randn_like(scratch.ones(2)),
    "randint_like": lambda: scratch.randint_like(scratch.ones(5), 9),
    "normal": lambda: scratch.normal(scratch.zeros(3), 2.0),
    "bernoulli": lambda: scratch.bernoulli(scratch.full((20,), 0.5)),
    "multinomial": lambda: scratch.multinomial(scratch.ones(9), 4),
    "multinomial replaced": lambda: scratch.multinomial(scratch.ones(2, 9), 4, replacement=True),
    "normal_": lambda: scratch.zeros(4).normal_(1, 2),
    "uniform_": lambda: scratch.zeros(4).uniform_(-1, 1),
    "bernoulli_": lambda: scratch.zeros(20).bernoulli_(0.3),
}


@pytest.mark.parametrize("name", DRAWS)
def test_random_numbers_repeat_from_a_seed(name):
    runs = []
    for seed in (3, 3, 4, -5, 2**64 - 5):
        scratch.manual_seed(seed)
        runs.append(DRAWS[name]().tolist())
    assert runs[0] == runs[1] != runs[2]
    assert runs[3] == runs[4]  # a negative seed counts from 2^64
    assert DRAWS[name]().tolist() != runs[4]


def test_uniform_draws():
    u = scratch.rand(20_000)
    assert u.min() >= 0 and u.max() < 1 and abs(u.mean().item() - 0.5) < 0.01
    assert u.dtype == scratch.float32
    v = scratch.empty(20_000).uniform_(-3, 1)
    assert v.min() >= -3 and v.max() < 1 and abs(v.mean().item() + 1) < 0.03


def test_normal_draws():
    for x in (scratch.randn(20_000), (scratch.normal(5.0, 2.0, (20_000,)) - 5) / 2):
        assert abs(x.mean().item()) < 0.03 and abs(x.std().item() - 1) < 0.03 and x.dtype == scratch.float32
    rows = scratch.normal(scratch.tensor([[-9.0], [9.0]]), scratch.full((5000,), 0.5))
    assert rows.shape == (2, 5000) and abs(rows.mean(1) - scratch.tensor([-9.0, 9.0])).max() < 0.05
    filled = scratch.empty(20_000, dtype=scratch.float64).normal_(-1, 3)
    assert abs(filled.mean().item() + 1) < 0.1 and abs(filled.std().item() - 3) < 0.1


def test_draws_of_integers():
    assert set(scratch.randint(2, 5, (100,)).tolist()) == {2, 3, 4}
    assert set(scratch.randint_like(scratch.ones(100), -1, 2).tolist()) == {-1, 0, 1}
    assert sorted(scratch.randperm(9).tolist()) == list(range(9))


def test_draws_of_yes_and_no():
    p = scratch.tensor([0.0, 0.2, 0.9, 1.0])
    for draws in (scratch.bernoulli(p.expand(5000, 4)), scratch.empty(5000, 4).bernoulli_(p)):
        assert set(draws.flatten().tolist()) == {0, 1}
        np.testing.assert_allclose(draws.mean(0).data, p.data, atol=0.02)
        assert draws[:, 0].sum() == 0 and draws[:, 3].all()
    assert (
        abs(scratch.bernoulli(scratch.zeros(5000, dtype=scratch.int64), 0.3).float().mean().item() - 0.3)
        < 0.02
    )


def test_draws_of_indices():
    weights = scratch.tensor([[3.0, 0.0, 1.0, 4.0], [0.0, 0.0, 2.0, 0.0]])
    drawn = scratch.multinomial(weights, 8000, replacement=True)
    shares = [[(row == i).float().mean().item() for i in range(4)] for row in drawn]
    np.testing.assert_allclose(shares, [[3 / 8, 0, 1 / 8, 4 / 8], [0, 0, 1, 0]], atol=0.02)
    without = scratch.stack([scratch.multinomial(weights[0], 3) for _ in range(500)])
    assert all(sorted(row) == [0, 2, 3] for row in without.tolist())  # 1 has no weight
    assert abs((without[:, 0] == 3).float().mean().item() - 1 / 2) < 0.07


def test_importing_the_engine_imports_no_other_stack():
    code = (
        "import sys, nbcourse.scratch; "
        "print([m for m in ('torch', 'matplotlib', 'sklearn', 'IPython') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_every_public_name_exists():
    for module in (scratch, scratch.nn, scratch.nn.functional, scratch.nn.init, scratch.optim):
        assert all(hasattr(module, name) for name in module.__all__)
        assert len(set(module.__all__)) == len(module.__all__)
