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
    lambda lib: lib.zeros((2, 3), dtype=lib.int64),
    lambda lib: lib.zeros([]),
    lambda lib: lib.ones(2, dtype=lib.bool),
    lambda lib: lib.full((2,), 3),
    lambda lib: lib.full((2,), 3.5),
    lambda lib: lib.full((2, 1), True),
    lambda lib: lib.full((), 3, dtype=lib.double),
    lambda lib: lib.eye(2),
    lambda lib: lib.eye(2, 3),
    lambda lib: lib.arange(4),
    lambda lib: lib.arange(1, 2, 0.25),
    lambda lib: lib.arange(5, 1, -2),
    lambda lib: lib.arange(3, dtype=lib.float64),
    lambda lib: lib.linspace(0, 1, 5),
    lambda lib: lib.zeros_like(lib.arange(3)),
    lambda lib: lib.ones_like(lib.arange(3), dtype=lib.float),
    lambda lib: lib.full_like(lib.ones(2), 7),
]


@pytest.mark.parametrize("default", ["float32", "float64"])
@pytest.mark.parametrize("create", CREATED)
def test_creation_matches_torch(create, default):
    scratch.set_default_dtype(getattr(scratch, default))
    torch.set_default_dtype(getattr(torch, default))
    assert_same(create(scratch), create(torch))


OPERANDS = {
    "bool": lambda lib: lib.tensor([True, False]),
    "int64": lambda lib: lib.tensor([1, 2]),
    "int32": lambda lib: lib.tensor([1, 2], dtype=lib.int32),
    "uint8": lambda lib: lib.tensor([1, 2], dtype=lib.uint8),
    "float32": lambda lib: lib.tensor([1.5, 2.5], dtype=lib.float32),
    "float64": lambda lib: lib.tensor([1.5, 2.5], dtype=lib.float64),
    "0-d int64": lambda lib: lib.tensor(2),
    "0-d float64": lambda lib: lib.tensor(2.5, dtype=lib.float64),
    "0-d float32": lambda lib: lib.tensor(2.5, dtype=lib.float32),
    "True": lambda lib: True,
    "3": lambda lib: 3,
    "2.5": lambda lib: 2.5,
}


@pytest.mark.parametrize("second", OPERANDS)
@pytest.mark.parametrize("first", list(OPERANDS)[:9])
@pytest.mark.parametrize("default", ["float32", "float64"])
def test_mixed_dtypes_match_torch(first, second, default):
    scratch.set_default_dtype(getattr(scratch, default))
    torch.set_default_dtype(getattr(torch, default))
    for operation in (lambda a, b: a * b, lambda a, b: b * a, lambda a, b: a / b, lambda a, b: a == b):
        mine = operation(OPERANDS[first](scratch), OPERANDS[second](scratch))
        assert_same(mine, operation(OPERANDS[first](torch), OPERANDS[second](torch)), 2e-3)


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
    assert x.double().dtype == scratch.float64
    assert x.long().tolist() == [1, -2] and x.int().dtype == scratch.int32 and x.bool().all()
    assert x.float() is x and x.to("cpu") is x and x.cpu() is x and x.to(device="cpu") is x
    assert x.to(scratch.ones(1).double()).dtype == scratch.float64
    assert x.sum(dtype=scratch.float64).dtype == scratch.float64
    assert (x > 0).sum().dtype == scratch.int64
    assert x.size() == (2,) and x.size(0) == 2 and x.dim() == 1 and x.numel() == 2 and x.device == "cpu"


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
    (lambda: scratch.tensor([[1], [1, 2]]), ValueError, "even lengths"),
    (lambda: scratch.tensor("a"), TypeError, "expected numbers"),
    (lambda: scratch.tensor(None), TypeError, "expected numbers"),
    (lambda: scratch.tensor(1j), TypeError, "expected numbers"),
    (lambda: scratch.tensor([1], requires_grad=True), RuntimeError, "floating-point dtype .* got int64"),
    (lambda: scratch.tensor([1.0], dtype="complex64"), TypeError, "expected a dtype out of"),
    (lambda: scratch.tensor(np.ones(2, np.float16)), TypeError, "expected a dtype out of .* got .*float16"),
    (lambda: scratch.rand(2, dtype=scratch.int64), TypeError, "int64"),
    (lambda: scratch.tensor([1.0], device="cuda"), NotImplementedError, "device='cuda'"),
    (lambda: scratch.ones(2).to("cuda"), NotImplementedError, "device='cuda'"),
    (lambda: scratch.ones(2).to(copy=True), NotImplementedError, "copy=True"),
    (lambda: scratch.Tensor([1.0]), TypeError, r"use tensor\(\)"),
    (lambda: scratch.Tensor(np.array(["a"])), TypeError, "expected a dtype"),
    (lambda: scratch.from_numpy([1.0]), TypeError, "got list"),
    (lambda: scratch.zeros(-1), ValueError, "at least 0"),
    (lambda: scratch.randn(2, generator=1), NotImplementedError, "generator=1"),
    (lambda: scratch.set_default_dtype(scratch.int64), TypeError, "got int64"),
    (lambda: scratch.full((2,), "a"), TypeError, "got str"),
    (lambda: scratch.randint(5, (2,), generator=1), NotImplementedError, "generator=1"),
    (lambda: scratch.manual_seed(1.5), TypeError, "expected an integer, got float"),
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


def test_random_numbers_repeat_from_a_seed():
    draws = [
        lambda: scratch.rand(3, 2),
        lambda: scratch.randn(4),
        lambda: scratch.randint(5, (6,)),
        lambda: scratch.randint(2, 5, (6,), dtype=scratch.int32),
        lambda: scratch.randperm(7),
        lambda: scratch.rand_like(scratch.ones(2, dtype=scratch.float64)),
        lambda: scratch.randn_like(scratch.ones(2)),
    ]
    runs = []
    for _ in range(2):
        scratch.manual_seed(3)
        runs.append([draw().tolist() for draw in draws])
    assert runs[0] == runs[1]
    scratch.manual_seed(4)
    assert runs[0] != [draw().tolist() for draw in draws]


def test_random_distributions():
    u, n = scratch.rand(20_000), scratch.randn(20_000)
    assert u.min() >= 0 and u.max() < 1 and abs(u.mean().item() - 0.5) < 0.01
    assert abs(n.mean().item()) < 0.03 and abs(n.std().item() - 1) < 0.03
    assert set(scratch.randint(2, 5, (100,)).tolist()) == {2, 3, 4}
    assert sorted(scratch.randperm(9).tolist()) == list(range(9))
    assert u.dtype == n.dtype == scratch.float32


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
