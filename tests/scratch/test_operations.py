"""Every operation on tensors against torch and against finite differences."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from nbcourse import scratch

from .helpers import assert_matches

NAMED = [  # function, shapes, keywords
    ("add", [(3, 1), (2, 1, 4)], {}),
    ("add", [(3,), ()], {"alpha": 2.5}),
    ("sub", [(3, 1), (4,)], {}),
    ("sub", [(2, 3), (3,)], {"alpha": 3}),
    ("mul", [(3, 1), (2, 1, 4)], {}),
    ("mul", [(), ()], {}),
    ("div", [(3, 1), (1, 5)], {"positive": True}),
    ("pow", [(3, 1), (5,)], {"positive": True}),
    *[("pow", [(3, 5)], {"exponent": n, "positive": True}) for n in (0, 1, 2, 3, 4, -1, 0.5, 1.7)],
    ("neg", [(3, 5)], {}),
    ("square", [(3, 5)], {}),
    ("matmul", [(3,), (3,)], {}),
    ("matmul", [(2, 3), (3, 5)], {}),
    ("matmul", [(3,), (3, 5)], {}),
    ("matmul", [(2, 3), (3,)], {}),
    ("matmul", [(4, 2, 3), (3,)], {}),
    ("matmul", [(3,), (4, 3, 5)], {}),
    ("matmul", [(4, 2, 3), (4, 3, 5)], {}),
    ("matmul", [(7, 1, 2, 3), (4, 3, 5)], {}),
    ("matmul", [(2, 3), (4, 3, 1)], {}),
    ("matmul", [(0, 3), (3, 2)], {}),
    *[(name, [(3, 5)], {}) for name in ("exp", "abs", "sign", "tanh", "sigmoid", "relu")],
    *[(name, [()], {}) for name in ("exp", "abs", "tanh", "sigmoid", "relu")],
    ("log", [(3, 5)], {"positive": True}),
    ("sqrt", [(3, 5)], {"positive": True}),
    ("clamp", [(3, 5)], {"min": -0.3}),
    ("clamp", [(3, 5)], {"min": -0.3, "max": 0.7}),
    ("maximum", [(3, 1), (2, 1, 4)], {}),
    ("minimum", [(3, 1), (4,)], {}),
    ("softmax", [(2, 3, 4)], {"dim": 1}),
    ("softmax", [(5,)], {"dim": -1}),
    ("log_softmax", [(2, 3, 4)], {"dim": 0}),
    ("sum", [(2, 3, 4)], {}),
    ("sum", [()], {}),
    ("sum", [(2, 3, 4)], {"dim": 1}),
    ("sum", [(2, 3, 4)], {"dim": (0, -1), "keepdim": True}),
    ("mean", [(2, 3, 4)], {}),
    ("mean", [(2, 3, 4)], {"dim": (0, 2)}),
    ("mean", [(2, 3, 4)], {"dim": -1, "keepdim": True}),
    *[
        (name, shapes, kwargs)
        for name in ("var", "std")
        for shapes, kwargs in [
            ([(2, 3, 4)], {}),
            ([(2, 3, 4)], {"dim": 1, "unbiased": False}),
            ([(2, 3, 4)], {"dim": (0, 2), "keepdim": True, "correction": 0}),
        ]
    ],
    *[
        (name, shapes, kwargs)
        for name in ("max", "min")
        for shapes, kwargs in [
            ([(2, 3, 4)], {}),
            ([(2, 3, 4)], {"dim": 1}),
            ([(2, 3, 4)], {"dim": -1, "keepdim": True}),
            ([(3, 1), (4,)], {}),
            ([()], {"dim": 0}),
        ]
    ],
    ("amax", [(2, 3, 4)], {"dim": (0, 2)}),
    ("amin", [(2, 3, 4)], {"dim": 1, "keepdim": True}),
    ("argmax", [(2, 3, 4)], {}),
    ("argmax", [(2, 3, 4)], {"dim": 1}),
    ("argmin", [(2, 3, 4)], {"dim": -1, "keepdim": True}),
    ("flatten", [(2, 3, 4)], {}),
    ("flatten", [(2, 3, 4)], {"start_dim": 1}),
    ("flatten", [()], {}),
    ("squeeze", [(2, 1, 4, 1)], {}),
    ("squeeze", [(2, 1, 4, 1)], {"dim": 1}),
    ("squeeze", [(2, 1, 4, 1)], {"dim": (0, -1)}),
    ("unsqueeze", [(2, 3)], {"dim": -1}),
    ("transpose", [(2, 3, 4)], {"dim0": 0, "dim1": -1}),
    ("clone", [(2, 3)], {}),
    ("t", [(2, 3)], {}),
]

MASK = np.array([[True, False, True], [False, False, True]])
PICKS = np.array([[0, 2, 2], [1, 0, 2]])

EXPRESSIONS = {  # what is not one function: lib is scratch or torch
    "operators": ([(2, 3), (3,)], lambda lib, a, b: (a + b) * (a - b) / (b * b + 1) - -a),
    "numbers": ([(2, 3)], lambda lib, a: 2 - a * 3 + 1 / (a * a + 1) + 2**a + (a - 1) / 4),
    "array operand": ([(3,)], lambda lib, a: a * lib.tensor(np.arange(3.0)).to(a.dtype) + a),
    "used twice": ([(2, 3)], lambda lib, a: a * a + a),
    "scalar used twice": ([()], lambda lib, a: a * a * a + a + lib.stack([a, a]).sum()),
    "shared branch": ([(4,)], lambda lib, a: (a * 2).exp() + (a * 2).tanh()),
    "matmul operator": ([(2, 3), (3, 2)], lambda lib, a, b: a @ b @ a),
    "T": ([(2, 3), (2, 4)], lambda lib, a, b: a.T @ b),
    "mT": ([(5, 2, 3)], lambda lib, a: a.mT @ a),
    "abs": ([(3,)], lambda lib, a: abs(a)),
    "reshape": ([(2, 3, 4)], lambda lib, a: lib.reshape(a.reshape(6, -1), (3, 8))),
    "view": ([(2, 3, 4)], lambda lib, a: a.view(-1, 4).view((2, 12))),
    "permute": ([(2, 3, 4)], lambda lib, a: lib.permute(a.permute(2, 0, -2), (1, 0, 2))),
    "transpose": ([(2, 3, 4)], lambda lib, a: a.transpose(1, 2).contiguous() * 2),
    "expand": ([(3, 1)], lambda lib, a: a.expand(2, -1, 4)),
    "broadcast_to": ([(3, 1)], lambda lib, a: lib.broadcast_to(a, (2, 3, 4))),
    "cat": ([(2, 3), (2, 1), (2, 3)], lambda lib, a, b, c: lib.cat([a, b, c, a], dim=-1)),
    "stack": ([(2, 3), (2, 3)], lambda lib, a, b: lib.stack((a, b, a), dim=1)),
    "stack scalars": ([(), ()], lambda lib, a, b: lib.stack([a, b])),
    "where": ([(2, 3), (3,)], lambda lib, a, b: lib.where(lib.tensor(MASK), a, b)),
    "where number": ([(2, 3)], lambda lib, a: lib.where(a > 0, a, 0.5)),
    "axis": ([(2, 3)], lambda lib, a: lib.sum(a, axis=1) + a.mean(axis=0, keepdims=True)[0, 0]),
    "axis of var": ([(2, 3)], lambda lib, a: a.var(axis=(0, 1), unbiased=False)),
    "axis of max": ([(2, 3)], lambda lib, a: a.max(axis=1, keepdims=True).values),
    "keepdim by position": ([(2, 3)], lambda lib, a: a.sum(0, True) + a.mean((0, 1), True)),
    "index integer": ([(4, 3)], lambda lib, a: a[-1]),
    "index pair": ([(4, 3)], lambda lib, a: a[2, 1]),
    "index slice": ([(4, 3)], lambda lib, a: a[1:, ::2]),
    "index none": ([(4, 3)], lambda lib, a: a[..., None, 0]),
    "index list": ([(4, 3)], lambda lib, a: a[[0, 2, 2, 0]]),
    "index tensor": ([(4, 3)], lambda lib, a: a[lib.tensor(PICKS)]),
    "index arrays": ([(4, 3)], lambda lib, a: a[lib.arange(4), lib.tensor([0, 2, 2, 1])]),
    "index mixed": ([(4, 3)], lambda lib, a: a[1:3, [0, 0, 2]]),
    "index mask": ([(2, 3)], lambda lib, a: a[lib.tensor(MASK)]),
    "index by comparison": ([(5, 3)], lambda lib, a: a[a > 0]),
    "iteration": ([(3, 2)], lambda lib, a: sum(row * i for i, row in enumerate(a))),
    "augmented": ([(3,), (3,)], lambda lib, a, b: augmented(a, b)),
    "detached": ([(3,)], lambda lib, a: a * a.detach()),
    "double inside": ([(3,)], lambda lib, a: (a.double() * 2).to(a.dtype)),
    "softmax dtype": ([(3, 4)], lambda lib, a: lib.softmax(a, 1, dtype=lib.float64)),
}


def augmented(a, b):
    total = 0
    total += a
    total *= b
    total -= a / 2
    total /= 3
    return total


@pytest.mark.parametrize("name, shapes, kwargs", NAMED)
def test_function_matches_torch(name, shapes, kwargs):
    assert_matches(getattr(scratch, name), getattr(torch, name), shapes, **kwargs)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_expression_matches_torch(name):
    shapes, expression = EXPRESSIONS[name]
    assert_matches(lambda *x: expression(scratch, *x), lambda *x: expression(torch, *x), shapes)


CHECKED = [row for row in NAMED if row[0] not in ("argmax", "argmin", "sign") and "indices" not in row[2]]


@pytest.mark.parametrize("name, shapes, kwargs", CHECKED)
def test_function_against_finite_differences(name, shapes, kwargs):
    options = {k: v for k, v in kwargs.items() if k != "positive"}
    inputs = random_inputs(shapes, kwargs.get("positive", False))

    def values(*x):
        y = getattr(scratch, name)(*x, **options)
        return y if isinstance(y, scratch.Tensor) else y.values

    assert scratch.gradcheck(values, inputs)


@pytest.mark.parametrize("name", [n for n in EXPRESSIONS if n != "detached"])
def test_expression_against_finite_differences(name):
    shapes, expression = EXPRESSIONS[name]
    assert scratch.gradcheck(lambda *x: expression(scratch, *x), random_inputs(shapes))


def random_inputs(shapes, positive=False):
    rng = np.random.default_rng(3)
    arrays = [rng.standard_normal(shape) for shape in shapes]
    return [scratch.tensor(np.abs(a) + 0.1 if positive else a, requires_grad=True) for a in arrays]


@settings(max_examples=60, deadline=None)
@given(
    mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=3, min_side=0),
    st.sampled_from(["add", "sub", "mul", "maximum", "minimum"]),
)
def test_broadcasting_matches_torch(shapes, name):
    assert_matches(getattr(scratch, name), getattr(torch, name), shapes.input_shapes)


EDGES = {  # ties, zeros, infinities: where a derivative is a convention
    "relu at 0": ([0.0, -0.0, 1.0], lambda lib, x: lib.relu(x)),
    "relu of NaN": ([np.nan, np.inf, -np.inf], lambda lib, x: lib.relu(x)),
    "softmax of no classes": ([], lambda lib, x: lib.softmax(x, 0)),
    "log_softmax of no classes": ([], lambda lib, x: lib.log_softmax(x, 0)),
    "softmax of -inf": ([-np.inf, 1.0], lambda lib, x: lib.softmax(x, 0)),
    "abs at 0": ([0.0, -2.0], lambda lib, x: lib.abs(x)),
    "sqrt at 0": ([0.0, 4.0], lambda lib, x: lib.sqrt(x)),
    "log at 0": ([0.0, 1.0, -1.0], lambda lib, x: lib.log(x)),
    "exp far out": ([1000.0, -1000.0], lambda lib, x: lib.exp(x)),
    "sigmoid far out": ([1000.0, -1000.0], lambda lib, x: lib.sigmoid(x)),
    "div by 0": ([0.0, 1.0], lambda lib, x: 1 / x),
    "pow 0": ([0.0, 2.0], lambda lib, x: x**0),
    "pow 2": ([0.0, 2.0], lambda lib, x: x**2),
    "pow of 0": ([0.0, 2.0], lambda lib, x: lib.pow(lib.tensor([0.0, 0.0]), x)),
    "clamp on the bound": ([1.0, 2.0, 3.0], lambda lib, x: x.clamp(1, 3)),
    "maximum tie": ([1.0, 2.0], lambda lib, x: lib.maximum(x, lib.tensor([1.0, 1.0]))),
    "minimum tie": ([1.0, 2.0], lambda lib, x: lib.minimum(x, lib.tensor([1.0, 3.0]))),
    "max tie": ([2.0, 2.0, 1.0], lambda lib, x: x.max()),
    "max tie along": ([2.0, 2.0, 1.0], lambda lib, x: x.max(0).values),
    "amin tie": ([2.0, 1.0, 1.0], lambda lib, x: x.amin(0)),
    "std of equals": ([2.0, 2.0], lambda lib, x: x.std()),
    "var of one": ([2.0], lambda lib, x: x.var(correction=0)),
    "mean of none": ([], lambda lib, x: x.mean()),
    "softmax far out": ([1e4, -1e4, 0.0], lambda lib, x: lib.softmax(x, 0)),
    "log_softmax far out": ([1e4, -1e4, 0.0], lambda lib, x: lib.log_softmax(x, 0)),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", EDGES)
def test_edges_match_torch_without_a_warning(name):
    values, expression = EDGES[name]
    x = scratch.tensor(values, requires_grad=True)
    t = torch.tensor(values, requires_grad=True)
    y, expected = expression(scratch, x), expression(torch, t)
    np.testing.assert_allclose(y.data, expected.detach(), rtol=1e-6)
    y.sum().backward()
    expected.sum().backward()
    np.testing.assert_allclose(x.grad.data, t.grad, rtol=1e-6)


def raises(error, text):
    return pytest.raises(error, match=text)


BAD = [
    (lambda: scratch.ones(2, 3) @ scratch.ones(2, 3), ValueError, r"\(2, 3\) and \(2, 3\)"),
    (lambda: scratch.ones(2) @ scratch.ones(()), ValueError, "matmul: expected shapes"),
    (lambda: scratch.ones(2, 2) @ scratch.ones(2, 2).double(), TypeError, "float32, other float64"),
    (lambda: scratch.ones(2) @ 3, TypeError, "expected other to be a Tensor, got int"),
    (lambda: scratch.ones(2) + scratch.ones(3), ValueError, "broadcast"),
    (lambda: scratch.ones(2) + "a", TypeError, "got str"),
    (lambda: scratch.exp(np.ones(2)), TypeError, "exp: expected input to be a Tensor, got ndarray"),
    (lambda: scratch.exp(scratch.ones(2), out=1), NotImplementedError, "out="),
    (lambda: scratch.relu(scratch.ones(2), inplace=True), NotImplementedError, "relu: inplace=True"),
    (lambda: scratch.div(scratch.ones(2), 2, rounding_mode="floor"), NotImplementedError, "rounding_mode"),
    (lambda: scratch.softmax(scratch.ones(2)), NotImplementedError, "dim=None"),
    (lambda: scratch.softmax(scratch.ones(2).long(), 0), TypeError, "got int64"),
    (lambda: scratch.softmax(scratch.tensor(1.0), 1), IndexError, "from -1 to 0, got 1"),
    (lambda: scratch.log_softmax(scratch.tensor(1.0), 1), IndexError, "from -1 to 0, got 1"),
    (lambda: scratch.ones(2, 3).sum(0, 1), TypeError, "sum: expected keepdim to be True or False, got 1"),
    (lambda: scratch.ones(2, 3).max(0, 1), TypeError, "max: expected keepdim"),
    (lambda: scratch.ones(2, 3).all(0, keepdim=1), TypeError, "all: expected keepdim"),
    (lambda: scratch.ones(2, 3).var(0, 1), TypeError, "var: expected unbiased to be True or False, got 1"),
    (lambda: scratch.ones(2, 3).sum(0, axis=0), TypeError, "axis|dim"),
    (lambda: scratch.ones(2, 3).sum(dim=0, axis=0), TypeError, "axis"),
    (lambda: 1 - scratch.tensor([True]), TypeError, "sub: expected numbers, got bool; use ~"),
    (lambda: scratch.tensor([True]) - 1, TypeError, "sub: expected numbers, got bool"),
    (lambda: scratch.ones(2) - True, TypeError, "sub: expected numbers, got bool"),
    (lambda: scratch.ones(1) - scratch.tensor([True]), TypeError, "sub: expected numbers, got bool"),
    (lambda: scratch.ones(2).sum(dim=2), IndexError, "from -1 to 0, got 2"),
    (lambda: scratch.ones(2, 2).sum(dim=(0, -2)), ValueError, "each dimension once"),
    (lambda: scratch.ones(2).var(False), TypeError, "dim: expected an integer, got False"),
    (lambda: scratch.ones(2).long().mean(), TypeError, "mean: expected a floating-point dtype, got int64"),
    (lambda: scratch.ones(2, 3).reshape(4, -1), ValueError, r"6 elements, got \(4, -1\)"),
    (lambda: scratch.ones(2, 3).reshape(-1, -1), ValueError, "6 elements"),
    (lambda: scratch.ones(2, 3).T.view(6), RuntimeError, r"use reshape\(\)"),
    (lambda: scratch.ones(2, 3).permute(0), ValueError, "permute: expected 2 dimensions"),
    (lambda: scratch.ones(2, 3).expand(3, 3), ValueError, r"\(2, 3\) broadcasts to, got \(3, 3\)"),
    (lambda: scratch.ones(2, 3, 4).T, ValueError, "at most 2 dimensions"),
    (lambda: scratch.cat([scratch.ones(2, 3), scratch.ones(3, 2)]), ValueError, "dimension 0 only"),
    (lambda: scratch.cat(scratch.ones(2, 3)), TypeError, "list of Tensors, got Tensor"),
    (lambda: scratch.stack([]), ValueError, "at least one"),
    (lambda: scratch.stack([scratch.ones(2), scratch.ones(3)]), ValueError, "one shape"),
    (lambda: scratch.ones(2)[2], IndexError, "out of bounds"),
    (lambda: scratch.ones(2)[scratch.ones(2)], IndexError, "got float32"),
    (lambda: scratch.where(scratch.ones(2), 1, 2), TypeError, "dtype bool, got float32"),
    (lambda: scratch.clamp(scratch.ones(2)), ValueError, "min or max"),
    (lambda: scratch.clamp(scratch.ones(2), scratch.ones(2)), NotImplementedError, "tensor for min"),
    (lambda: scratch.flatten(scratch.ones(2, 3), 1, 0), ValueError, "start_dim"),
]


@pytest.mark.parametrize("call, error, text", BAD)
def test_a_bad_call_says_what_was_expected(call, error, text):
    with raises(error, text):
        call()


@pytest.mark.parametrize(
    "name", ["eq", "ne", "lt", "le", "gt", "ge", "bitwise_and", "bitwise_or", "bitwise_xor"]
)
def test_comparisons_match_torch(name):
    a, b = np.array([[1], [2], [3]]), np.array([2, 0])
    y = getattr(scratch, name)(scratch.tensor(a), scratch.tensor(b))
    t = getattr(torch, name)(torch.tensor(a), torch.tensor(b))
    assert y.tolist() == t.tolist()
    assert not y.requires_grad


@pytest.mark.parametrize("name", ["all", "any"])
@pytest.mark.parametrize(
    "kwargs", [{}, {"dim": ()}, {"dim": 1}, {"dim": (0, 1)}, {"axis": 0, "keepdims": True}]
)
def test_all_and_any_match_torch(name, kwargs):
    x = [[1.0, 0.0, 2.0], [3.0, 0.0, 0.0]]
    y, t = (getattr(lib, name)(lib.tensor(x), **kwargs) for lib in (scratch, torch))
    assert y.tolist() == t.tolist()


def test_logic_of_truth_values():
    x = scratch.tensor([1.0, -2.0, 3.0])
    assert ((x > 0) & ~(x > 2)).tolist() == [True, False, False]
    assert ((x > 0) | (x < -1)).all()
    assert (x == 3).any(dim=0).item() is True
    assert (x == None) is False and (x != None) is True  # noqa: E711
    assert scratch.equal(x, x.clone()) and not scratch.equal(x, x[:2])
    assert scratch.allclose(x, x + 1e-9) and not scratch.allclose(x, x + 1)
    assert scratch.isnan(x / 0 * 0).all() and scratch.isfinite(x).all()
