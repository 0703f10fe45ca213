"""Operations on every pair of shapes and dtypes, on special values and on nothing: always as torch."""

import inspect
import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from nbcourse import scratch
from nbcourse.scratch.tensor import error_function

from .helpers import assert_matches, assert_same

UNARY = ["neg", "positive", "square", "reciprocal", "abs", "exp", "exp2", "expm1", "log", "log2", "log10"]
UNARY += ["log1p", "sqrt", "rsqrt", "sigmoid", "logit", "relu", "erf", "erfc", "sin", "cos", "tan", "asin"]
UNARY += ["acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "deg2rad", "rad2deg", "floor"]
UNARY += ["ceil", "round", "trunc", "frac", "sign", "nan_to_num", "isnan", "isfinite", "isinf", "isposinf"]
UNARY += ["isneginf", "logical_not"]
SMOOTH = ["add", "sub", "rsub", "mul", "div", "true_divide", "remainder", "fmod", "pow", "float_power"]
SMOOTH += [
    "logaddexp",
    "hypot",
    "xlogy",
    "atan2",
    "maximum",
    "minimum",
    "fmax",
    "fmin",
    "clamp_min",
    "clamp_max",
]
BINARY = [*SMOOTH, "eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor"]
BITS = ["bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift"]
DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "float32", "float64"]


def calls(names):
    """{label: call(lib, *inputs)} for functions of these names."""
    return {name: lambda lib, *x, name=name: getattr(lib, name)(*x) for name in names}


# --- dtypes


def outcome(call, lib, *operands):
    """What a call gives, or None if it refuses."""
    try:
        return call(lib, *operands)
    except (TypeError, ValueError, RuntimeError, NotImplementedError, ZeroDivisionError):
        return None


def assert_same_outcome(call, *operands):
    """Both refuse, or both give the same; ``operands`` make their argument for a library."""
    mine = outcome(call, scratch, *[operand(scratch) for operand in operands])
    other = outcome(call, torch, *[operand(torch) for operand in operands])
    assert (mine is None) == (other is None), f"scratch {mine!r}, torch {other!r}"
    if other is not None:
        assert_same(mine, other, 1e-6)


def operand(dtype, values=(1, 3)):
    return lambda lib: lib.tensor(values, dtype=getattr(lib, dtype))


PAIRED = calls(BINARY + BITS) | {
    "floor_divide": lambda lib, a, b: a // b,
    "div trunc": lambda lib, a, b: lib.div(a, b, rounding_mode="trunc"),
    "isclose": lambda lib, a, b: lib.isclose(a, b),
    "where": lambda lib, a, b: lib.where(lib.tensor([True, False]), a, b),
    "clamp": lambda lib, a, b: lib.clamp(a, b, b),
    "addcdiv": lambda lib, a, b: lib.addcdiv(a, a, b),
    "lerp": lambda lib, a, b: lib.lerp(a, b, 0.3),
}
NUMBERS = [True, 2, -3, 2.5, math.inf]


@pytest.mark.parametrize("default", ["float32", "float64"])
@pytest.mark.parametrize("name", PAIRED)
def test_every_pair_of_dtypes_is_torchs(name, default):
    for lib in (scratch, torch):
        lib.set_default_dtype(getattr(lib, default))
    for a, b in itertools.product(DTYPES, DTYPES):
        if "clamp" in name and a == b == "bool":
            continue  # torch limits truth values by one tensor, but not by a number or two tensors
        for first, second in [((1, 3), (2, 1)), (2, (1, 3)), ((1, 3), 2), (2, 1)]:  # with dimensions and 0-d
            assert_same_outcome(PAIRED[name], operand(a, first), operand(b, second))


@pytest.mark.parametrize("name", PAIRED)
def test_every_dtype_with_a_number_is_torchs(name):
    for dtype, number in itertools.product(DTYPES, NUMBERS):
        if number == math.inf and dtype not in ("float32", "float64"):
            continue
        if number == -3 and (dtype == "uint8" or "shift" in name):
            continue  # wraps round, or is undefined
        assert_same_outcome(PAIRED[name], operand(dtype), lambda lib, number=number: number)


@pytest.mark.parametrize(
    "name", ["add", "sub", "mul", "div", "pow", "remainder", "float_power", "xlogy", *BITS]
)
def test_every_dtype_after_a_number_is_torchs(name):
    for dtype, number in itertools.product(DTYPES, [True, 2, 2.5]):
        assert_same_outcome(PAIRED[name], lambda lib, number=number: number, operand(dtype))


REDUCED = ["sum", "mean", "prod", "nansum", "nanmean", "var", "std", "amax", "amin", "max", "min", "argmax"]
REDUCED += ["argmin", "all", "any", "count_nonzero", "norm"]
ONE = calls([*UNARY, "bitwise_not", *REDUCED]) | {
    "round decimals": lambda lib, x: lib.round(x, decimals=1),
    "logsumexp": lambda lib, x: lib.logsumexp(x, 0),
    "softmax": lambda lib, x: lib.softmax(x, 0),
    "max along": lambda lib, x: lib.max(x, 0).values,
    "aminmax": lambda lib, x: lib.aminmax(x).min,
}


@pytest.mark.parametrize("default", ["float32", "float64"])
@pytest.mark.parametrize("name", ONE)
def test_every_dtype_is_torchs(name, default):
    for lib in (scratch, torch):
        lib.set_default_dtype(getattr(lib, default))
    for dtype in DTYPES:
        if name == "round" and dtype not in ("float32", "float64"):
            continue  # torch 2.13 rounds integers without decimals=0 only
        assert_same_outcome(ONE[name], operand(dtype, (1, 0)))


# --- shapes


@settings(max_examples=25, deadline=None)
@given(mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=3, min_side=0))
@pytest.mark.parametrize("name", BINARY)
def test_broadcasting_is_torchs(name, shapes):
    positive = name in ("pow", "float_power", "xlogy")
    assert_matches(getattr(scratch, name), getattr(torch, name), shapes.input_shapes, positive=positive)


@settings(max_examples=40, deadline=None)
@given(mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=3, min_side=0))
@pytest.mark.parametrize("name", ["addcmul", "addcdiv", "lerp", "clamp"])
def test_broadcasting_of_three_is_torchs(name, shapes):
    inputs = shapes.input_shapes
    if name == "lerp" and np.broadcast_shapes(*inputs[:2]) != np.broadcast_shapes(*inputs):
        return  # torch wants the weight within the others' shape
    if name == "clamp" and inputs[0] != shapes.result_shape:
        return  # torch fails to send the gradient back to fewer dimensions
    assert_matches(getattr(scratch, name), getattr(torch, name), inputs, positive=True)


@st.composite
def reductions(draw):
    """A shape, and dimensions of it from either end, each once."""
    shape = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    dims = draw(st.lists(st.integers(0, len(shape) - 1), min_size=1, unique=True))
    return shape, [d - len(shape) if draw(st.booleans()) else d for d in dims]


@settings(max_examples=40, deadline=None)
@given(reductions(), st.booleans())
@pytest.mark.parametrize(
    "name", ["sum", "mean", "nansum", "nanmean", "amax", "amin", "logsumexp", "norm", "var", "std"]
)
def test_reductions_of_any_dimensions_are_torchs(name, reduction, keepdim):
    shape, dim = reduction
    options = {"correction": 0} if name in ("var", "std") else {"p": 2} if name == "norm" else {}
    assert_matches(getattr(scratch, name), getattr(torch, name), [shape], dim=dim, keepdim=keepdim, **options)


# --- special values

VALUES = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, -1.5, 2.0, -2.0, 2.5, -3.7, 3.0, 20.0, -30.0]
VALUES += [math.inf, -math.inf, math.nan, 710.0, -750.0]
EXTREME = {"float64": [1e-300, -1e-300, 1e300, -1e300], "float32": [1e-37, -1e-37, 1e37, -1e37]}
SPECIAL = calls(SMOOTH) | {
    "div floor": lambda lib, p, q: lib.div(p, q, rounding_mode="floor"),
    "div trunc": lambda lib, p, q: lib.div(p, q, rounding_mode="trunc"),
    "floor_divide": lambda lib, p, q: lib.floor_divide(p.detach(), q.detach()),
    "lerp": lambda lib, p, q: lib.lerp(p, q, 0.3) + lib.lerp(q, p, 0.7),
    "where": lambda lib, p, q: lib.where(p > q, p, q),
    "masked_fill": lambda lib, p, q: lib.masked_fill(p, p > q, 1.5),
    "clamp": lambda lib, p, q: lib.clamp(p, q, q + 1),
    "clamp between": lambda lib, p, q: lib.clamp(lib.ones_like(p), p, q),
    "clamp by numbers": lambda lib, p, q: lib.clamp(p, -1, 0.5) + lib.clamp(q, 0.5, -1) * 2,
    "comparisons": lambda lib, p, q: lib.stack([p < q, p <= q, p > q, p >= q, p == q, p != q]),
    "logic": lambda lib, p, q: lib.stack(
        [lib.logical_and(p, q), lib.logical_or(p, q), lib.logical_xor(p, q)]
    ),
    "isclose": lambda lib, p, q: lib.stack([lib.isclose(p, q), lib.isclose(p, q, 0.1, 0.1, True)]),
    "max": lambda lib, p, q: lib.stack([p, q]).max(0).values,
    "argmax": lambda lib, p, q: lib.stack([p, q]).argmax(0),
    "amax": lambda lib, p, q: lib.stack([p, q]).amax(0),
    "amin": lambda lib, p, q: lib.stack([p, q]).amin(0),
    "sum": lambda lib, p, q: lib.stack([p, q]).sum(0),
    "mean": lambda lib, p, q: lib.stack([p, q]).mean(0),
    "prod": lambda lib, p, q: lib.stack([p, q]).prod(0),
    "nansum": lambda lib, p, q: lib.stack([p, q]).nansum(0),
    "nanmean": lambda lib, p, q: lib.stack([p, q]).nanmean(0),
    "logsumexp": lambda lib, p, q: lib.logsumexp(lib.stack([p, q]), 0),
    "softmax": lambda lib, p, q: lib.softmax(lib.stack([p, q]), 0)[0],
    "log_softmax": lambda lib, p, q: lib.log_softmax(lib.stack([p, q]), 0)[0],
    "all": lambda lib, p, q: lib.stack([p, q]).all(0),
}
SPECIAL |= {
    f"norm {p}": lambda lib, x, y, p=p: lib.norm(lib.stack([x, y]), p, 0)
    for p in (0, 1, 2, 3, 0.5, 1.5, -1, math.inf, -math.inf)
}

COMPARED = {  # between equal ones of these, and beside NaN, a derivative is a choice: see test_choices.py
    "clamp": lambda p, q: (p, q, q + 1),
    "clamp between": lambda p, q: (np.ones_like(p), p, q),
    "clamp by numbers": lambda p, q: (p, np.full_like(p, -1), np.full_like(p, 0.5)),
    **dict.fromkeys(["clamp_min", "clamp_max", "fmax", "fmin"], lambda p, q: (p, q)),
}


def is_ordered(name, *arrays):
    """Where each of the numbers that a function compares is smaller or larger than each other one."""
    compared = COMPARED[name](*arrays) if name in COMPARED else ()
    ordered = [(a < b) | (a > b) for a, b in itertools.combinations(compared, 2)]
    return np.all(ordered, axis=0) if ordered else ...


def assert_special(call, dtype, *arrays, where=...):
    """Compare values, and gradients ``where`` they mean something, NaN and infinities in their places."""
    rtol = {"float64": 1e-9, "float32": 1e-4}[dtype]
    tiny = {"float64": 1e-250, "float32": 1e-30}[dtype]
    mine = [scratch.tensor(np.array(a, dtype), requires_grad=True) for a in arrays]
    other = [torch.tensor(np.array(a, dtype), requires_grad=True) for a in arrays]
    y, t = call(scratch, *mine), call(torch, *other)
    np.testing.assert_allclose(y.data, t.detach().numpy(), rtol=rtol, atol=tiny)
    assert y.requires_grad == t.requires_grad
    if t.requires_grad:
        y.sum().backward()
        t.sum().backward()
        for i, (x, expected) in enumerate(zip(mine, other, strict=True)):
            assert (x.grad is None) == (expected.grad is None)
            if x.grad is not None:
                text = f"gradient of input {i} at {arrays}"
                gradient, torchs = x.grad.data[where], expected.grad.numpy()[where]
                np.testing.assert_allclose(gradient, torchs, rtol=rtol, atol=tiny, err_msg=text)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", EXTREME)
@pytest.mark.parametrize("name", UNARY)
def test_special_values_are_torchs(name, dtype):
    values = VALUES + EXTREME[dtype]
    if name == "logit":  # at -0 the sign of torch's own gradient depends on the dtype
        values = [x for x in values if math.copysign(1, x) > 0 or x]
    assert_special(calls([name])[name], dtype, values)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", EXTREME)
@pytest.mark.parametrize("name", SPECIAL)
def test_pairs_of_special_values_are_torchs(name, dtype):
    first, second = np.meshgrid(VALUES, VALUES)
    for p, q in zip(first, second, strict=True):
        assert_special(SPECIAL[name], dtype, p, q, where=is_ordered(name, p, q))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", EXTREME)
@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, -1, -2, 0.5, -0.5, 2.5, -1.5])
def test_powers_of_special_values_are_torchs(n, dtype):
    assert_special(lambda lib, x: x**n, dtype, VALUES)
    assert_special(lambda lib, x: n**x, dtype, VALUES)


EDGES = {  # ties, zeros, infinities: where a derivative is a convention
    "relu at 0": ([0.0, -0.0, 1.0], lambda lib, x: lib.relu(x)),
    "softmax of no classes": ([], lambda lib, x: lib.softmax(x, 0)),
    "log_softmax of no classes": ([], lambda lib, x: lib.log_softmax(x, 0)),
    "softmax of -inf": ([-np.inf, 1.0], lambda lib, x: lib.softmax(x, 0)),
    "sigmoid far out": ([1000.0, -1000.0], lambda lib, x: lib.sigmoid(x)),
    "div by 0": ([0.0, 1.0], lambda lib, x: 1 / x),
    "pow of 0": ([0.0, 2.0], lambda lib, x: lib.pow(lib.tensor([0.0, 0.0]), x)),
    "maximum tie": ([1.0, 2.0], lambda lib, x: lib.maximum(x, lib.tensor([1.0, 1.0]))),
    "minimum tie": ([1.0, 2.0], lambda lib, x: lib.minimum(x, lib.tensor([1.0, 3.0]))),
    "max tie": ([2.0, 2.0, 1.0], lambda lib, x: x.max()),
    "max of NaN": ([math.nan, 2.0, math.nan], lambda lib, x: x.max()),
    "amax of NaN": ([math.nan, 2.0, math.nan], lambda lib, x: x.amax()),
    "max tie along": ([2.0, 2.0, 1.0], lambda lib, x: x.max(0).values),
    "amin tie": ([2.0, 1.0, 1.0], lambda lib, x: x.amin(0)),
    "std of equals": ([2.0, 2.0], lambda lib, x: x.std()),
    "var of one": ([2.0], lambda lib, x: x.var(correction=0)),
    "norm of infinity": ([math.inf, -2.0], lambda lib, x: x.norm(math.inf)),
    "norm tie": ([2.0, -2.0], lambda lib, x: x.norm(math.inf)),
    "mean of none": ([], lambda lib, x: x.mean()),
    "prod of none": ([], lambda lib, x: x.prod()),
    "prod of zeros": ([0.0, 2.0, 0.0], lambda lib, x: x.prod()),
    "softmax far out": ([1e4, -1e4, 0.0], lambda lib, x: lib.softmax(x, 0)),
    "log_softmax far out": ([1e4, -1e4, 0.0], lambda lib, x: lib.log_softmax(x, 0)),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", EXTREME)
@pytest.mark.parametrize("name", EDGES)
def test_edges_are_torchs_without_a_warning(name, dtype):
    values, call = EDGES[name]
    scratch.set_default_dtype(getattr(scratch, dtype))
    torch.set_default_dtype(getattr(torch, dtype))
    assert_special(call, dtype, values)


# --- the error function, which NumPy lacks


@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_error_functions_are_right_to_the_last_digits(name):
    rng = np.random.default_rng(0)
    x = np.concatenate(
        [np.linspace(-28, 28, 20_001), rng.standard_normal(20_000), 10.0 ** np.linspace(-300, 1, 99)]
    )
    exact = np.array([getattr(math, name)(v) for v in x])
    with np.errstate(all="ignore"):
        measured = getattr(error_function, name)(x)
        single = getattr(error_function, name)(x.astype(np.float32))
    shown = exact > 1e-300  # below, the numbers themselves have fewer digits
    np.testing.assert_allclose(measured[shown], exact[shown], rtol=1e-15)
    assert single.dtype == np.float32
    shown = (np.abs(x) < 3) & (np.abs(x) > 1e-30)
    np.testing.assert_allclose(single[shown], exact[shown], rtol=1e-5)


# --- what all share


def test_an_operation_leaves_numpys_warnings_as_they_were():
    before = np.geterr()
    with pytest.raises(ValueError, match="broadcast"):
        scratch.ones(2) + scratch.ones(3)
    assert np.geterr() == before
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.ones(1) / np.zeros(1)


def test_an_operation_shows_its_own_signature_and_source():
    assert list(inspect.signature(scratch.add).parameters) == ["input", "other", "alpha"]
    assert inspect.getsource(scratch.add).startswith("@mixed_operation\ndef add(")
    assert scratch.Tensor.add is scratch.add and scratch.greater is scratch.gt


def test_logic_of_truth_values():
    x = scratch.tensor([1.0, -2.0, 3.0])
    assert ((x > 0) & ~(x > 2)).tolist() == [True, False, False]
    assert ((x > 0) | (x < -1)).all()
    assert (x == 3).any(dim=0).item() is True
    assert (x == None) is False and (x != None) is True  # noqa: E711
    assert scratch.is_tensor(x) and not scratch.is_tensor(x.data)
