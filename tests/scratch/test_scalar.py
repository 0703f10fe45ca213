"""The engine of single numbers against torch, finite differences, and its promises about memory."""

import gc
import math
import weakref

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nbcourse.scratch.scalar import Value

BINARY = {
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / y,
}
UNARY = {
    "-x": lambda x: -x,
    "x + 2": lambda x: x + 2,
    "2 + x": lambda x: 2 + x,
    "x - 2": lambda x: x - 2,
    "2 - x": lambda x: 2 - x,
    "3 * x": lambda x: 3 * x,
    "x * 3": lambda x: x * 3,
    "x / 3": lambda x: x / 3,
    "3 / x": lambda x: 3 / x,
    "x ** 3": lambda x: x**3,
    "x ** -2": lambda x: x**-2,
    "x ** 0": lambda x: x**0,
    "exp": lambda x: x.exp(),
    "tanh": lambda x: x.tanh(),
    "relu": lambda x: x.relu(),
}
POSITIVE = {"log": lambda x: x.log(), "x ** 0.5": lambda x: x**0.5}  # defined for x > 0 only


def derivatives(f, *points):
    """f and its derivatives by each argument, from this engine."""
    values = [Value(p) for p in points]
    z = f(*values)
    z.backward()
    return z.data, [v.grad for v in values]


def torchs(f, *points):
    """The same from torch."""
    tensors = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in points]
    z = f(*tensors)
    z.backward()
    return z.item(), [0.0 if t.grad is None else t.grad.item() for t in tensors]


def assert_same(f, *points):
    (z, by), (expected, expected_by) = derivatives(f, *points), torchs(f, *points)
    np.testing.assert_allclose([z, *by], [expected, *expected_by], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("f", UNARY.values(), ids=UNARY)
@pytest.mark.parametrize("x", [-1.7, -0.3, 0.4, 2.5])
def test_functions_of_one_value(f, x):
    assert_same(f, x)
    h = 1e-6
    slope = (f(Value(x + h)).data - f(Value(x - h)).data) / (2 * h)
    assert derivatives(f, x)[1][0] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("f", POSITIVE.values(), ids=POSITIVE)
@pytest.mark.parametrize("x", [0.2, 3.0])
def test_functions_of_a_positive_value(f, x):
    assert_same(f, x)


@pytest.mark.parametrize("f", BINARY.values(), ids=BINARY)
@pytest.mark.parametrize("x, y", [(2.0, -3.0), (-0.5, 0.25), (0.0, 1.5)])
def test_functions_of_two_values(f, x, y):
    assert_same(f, x, y)


@pytest.mark.parametrize("f", BINARY.values(), ids=BINARY)
def test_a_value_used_twice_adds_up(f):
    assert_same(lambda x: f(x, x), 1.5)
    assert_same(lambda x: f(f(x, x * 2), x), 1.5)


@pytest.mark.parametrize("x", [0.0, -0.0, math.nan, math.inf, -math.inf])
def test_relu_at_the_odd_points(x):
    assert_same(lambda v: v.relu(), x)


def test_powers_at_zero():
    assert_same(lambda v: v**0, 0.0)
    assert_same(lambda v: v**1, 0.0)
    assert_same(lambda v: v**2, 0.0)


@pytest.mark.parametrize(
    "wrong, error",
    [
        (lambda: Value(0.0).log(), ValueError),
        (lambda: Value(-1.0) ** 0.5, ValueError),
        (lambda: Value(1000.0).exp(), OverflowError),
        (lambda: 1 / Value(0.0), ZeroDivisionError),
        (lambda: Value(2.0) ** Value(3.0), TypeError),
        (lambda: Value(2.0) + "3", TypeError),
    ],
)
def test_what_is_not_defined_raises(wrong, error):
    with pytest.raises(error):
        wrong()


# --- whole expressions


@st.composite
def programs(draw):
    """A list of steps; each makes one more value from earlier ones: (name, first, second)."""
    steps = []
    for i in range(draw(st.integers(1, 12))):
        name = draw(st.sampled_from([*BINARY, "tanh", "relu", "-x", "2 - x", "3 * x"]))
        steps.append((name, draw(st.integers(0, i + 1)), draw(st.integers(0, i + 1))))
    return steps


def execute(steps, *inputs):
    """Run the program on two inputs, in either engine; divisors are kept away from 0."""
    values = list(inputs)
    for name, first, second in steps:
        x, y = values[first], values[second]
        if name in UNARY:
            values.append(UNARY[name](x))
        else:
            values.append(BINARY[name](x.tanh(), y.tanh() + 2 if name == "x / y" else y.tanh()))
    return values[-1]


@settings(deadline=None, max_examples=200)
@given(programs(), st.floats(-2, 2), st.floats(-2, 2))
def test_any_expression_matches_torch(steps, x, y):
    # Both inputs are used, so that torch, too, has a graph.
    assert_same(lambda a, b: execute(steps, a, b) + 0 * a * b, x, y)


@settings(deadline=None, max_examples=100)
@given(programs(), st.floats(-2, 2), st.floats(-2, 2))
def test_gradients_add_up_over_passes(steps, x, y):
    a, b = Value(x), Value(y)
    z = execute(steps, a, b) + 0 * a * b
    z.backward()
    once = a.grad, b.grad
    z.backward()
    np.testing.assert_allclose([a.grad, b.grad], [2 * g for g in once], rtol=1e-12, atol=1e-12)
    assert z.grad == 1


# --- what stays behind


def test_two_results_share_what_they_were_made_of():
    x = Value(0.5)
    shared = x * x
    first, second = shared * 3, shared.exp()
    first.backward()
    second.backward()
    assert x.grad == pytest.approx(3 * 2 * 0.5 + math.exp(0.25) * 2 * 0.5)
    assert shared.grad == pytest.approx(math.exp(0.25))  # of the last pass


def test_a_leaf_alone():
    x = Value(3.0)
    x.backward()
    x.backward()
    assert x.grad == 2


def test_plain_numbers_stay_plain():
    z = 2 * Value(3.0) + 1
    assert z.y is None and z.x.y is None
    assert repr(z) == "Value(data=7.0, grad=0.0)"
    assert [Value(1.0) + Value(2.0)][0].data == 3.0
    assert sum([Value(1.0), Value(2.0)]).data == 3.0
    assert not hasattr(z, "__dict__")


def test_a_long_chain_works_and_is_freed_without_the_collector():
    class Watched(Value):
        __slots__ = ("__weakref__",)

    gc.collect()
    gc.disable()
    try:
        x = z = Watched(1.0)
        for _ in range(100_000):
            z = z + 1e-5 * x
        z.backward()
        assert z.data == pytest.approx(2) and x.grad == pytest.approx(2)
        middle = Watched(0.0)
        gone = weakref.ref(middle)
        z = (z + middle).tanh() * middle
        del middle
        assert gone() is not None
        del z
        assert gone() is None
        assert gc.collect() == 0
    finally:
        gc.enable()
