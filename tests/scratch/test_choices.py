"""Where a derivative is a choice, or anything at all: the engine's by hand, and torch's by its version."""

import math

import numpy as np
import pytest
import torch

from nbcourse import scratch

BEFORE = tuple(int(part) for part in torch.__version__.split(".")[:2]) < (2, 14)  # when torch chose anew


def gradients(lib, call, inputs):
    """The gradient of each input."""
    leaves = [lib.tensor(values, dtype=lib.float64, requires_grad=True) for values in inputs]
    call(lib, *leaves).sum().backward()
    return [np.asarray(leaf.grad.tolist()) for leaf in leaves]


def assert_gradients(lib, call, inputs, expected):
    for found, wanted in zip(gradients(lib, call, inputs), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


def hinge(lib, x):
    return lib.nn.functional.hinge_embedding_loss(x, lib.tensor([-1.0, -1.0, -1.0]), reduction="sum")


NAN = math.nan
CHOICES = {  # call, inputs, the engine's gradients (and torch's up to 2.13), torch's since 2.14
    "clamp": (lambda lib, x: x.clamp(1, 3), [[0, 1, 2, 3, 4]], [[0, 1, 1, 1, 0]], [[0, 0, 1, 0, 0]]),
    "clamp_min": (lambda lib, x: x.clamp_min(1), [[0, 1, 2]], [[0, 1, 1]], [[0, 0, 1]]),
    "clamp_max": (lambda lib, x: x.clamp_max(1), [[0, 1, 2]], [[1, 1, 0]], [[1, 0, 0]]),
    "clamp by tensors": (
        lambda lib, x, low, high: lib.clamp(x, low, high),
        [[0, 1, 2, 3, 4], [1, 1, 1, 1, 1], [3, 3, 3, 3, 3]],
        [[0, 1, 1, 1, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 1]],
        [[0, 0.5, 1, 0.5, 0], [1, 0.5, 0, 0, 0], [0, 0, 0, 0.5, 1]],
    ),
    "clamp by tensors at NaN": (
        lambda lib, x, low, high: lib.clamp(x, low, high),
        [[NAN, 2, 2], [1, NAN, 1], [3, 3, NAN]],
        [[0, 0, 0], [0, 0, 0], [0, 0, 0]],
        [[1, 1, 1], [0, 0, 0], [0, 0, 0]],
    ),
    "clamp_min by a tensor": (
        lambda lib, x, low: lib.clamp_min(x, low),
        [[0, 1, 2, NAN, 1], [1, 1, 1, 1, NAN]],
        [[0, 1, 1, 0, 0], [1, 0, 0, 0, 0]],
        [[0, 0.5, 1, 1, 1], [1, 0.5, 0, 1, 1]],
    ),
    "clamp_max by a tensor": (
        lambda lib, x, high: lib.clamp_max(x, high),
        [[0, 1, 2, NAN, 1], [1, 1, 1, 1, NAN]],
        [[1, 1, 0, 0, 0], [0, 0, 1, 0, 0]],
        [[1, 0.5, 0, 1, 1], [0, 0.5, 1, 1, 1]],
    ),
    "fmax": (
        lambda lib, a, b: lib.fmax(a, b),
        [[0, 1, 2], [1, 1, 1]],
        [[0, 1, 1], [1, 0, 0]],
        [[0, 0.5, 1], [1, 0.5, 0]],
    ),
    "fmin": (
        lambda lib, a, b: lib.fmin(a, b),
        [[0, 1, 2], [1, 1, 1]],
        [[1, 1, 0], [0, 0, 1]],
        [[1, 0.5, 0], [0, 0.5, 1]],
    ),
    "hinge": (hinge, [[0, 1, 2]], [[-1, -1, 0]], [[-1, 0, 0]]),  # a loss with a margin limits by clamp
}


@pytest.mark.parametrize("label", CHOICES)
def test_the_engines_choice_of_a_derivative(label):
    call, inputs, chosen, _ = CHOICES[label]
    assert_gradients(scratch, call, inputs, chosen)


@pytest.mark.parametrize("label", CHOICES)
def test_torch_chooses_the_same_up_to_2_13(label):
    call, inputs, chosen, since = CHOICES[label]
    assert_gradients(torch, call, inputs, chosen if BEFORE else since)


AGREED = {  # call, inputs, the gradients of the engine, whatever torch's version
    "clamp at NaN": (lambda lib, x: x.clamp(1, 3), [[NAN]], [[0]]),
    "clamp between crossed bounds": (lambda lib, x: x.clamp(3, 1), [[0, 1, 2, 3, 4]], [[0, 0, 0, 0, 0]]),
    "clamp between crossed tensors": (
        lambda lib, x, low, high: lib.clamp(x, low, high),
        [[0, 1, 2, 3, 4], [3, 3, 3, 3, 3], [1, 1, 1, 1, 1]],
        [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]],
    ),
    "maximum": (
        lambda lib, a, b: lib.maximum(a, b),
        [[1, NAN, 1, NAN], [1, 1, NAN, NAN]],
        [[0.5, 1, 1, 1], [0.5, 1, 1, 1]],
    ),
    "minimum": (
        lambda lib, a, b: lib.minimum(a, b),
        [[1, NAN, 1, NAN], [1, 1, NAN, NAN]],
        [[0.5, 1, 1, 1], [0.5, 1, 1, 1]],
    ),
}


@pytest.mark.parametrize("lib", [scratch, torch])
@pytest.mark.parametrize("label", AGREED)
def test_a_choice_that_both_share(label, lib):
    assert_gradients(lib, *AGREED[label])


def test_between_equal_bounds_the_gradient_goes_to_the_one_that_is_crossed():
    def call(lib, x, low, high):
        return lib.clamp(x, low, high)

    inputs, chosen = [[0, 1, 2], [1, 1, 1], [1, 1, 1]], [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert_gradients(scratch, call, inputs, chosen)
    if BEFORE:
        chosen[1] = [0, 0, 0]  # nothing goes to the lower one
    assert_gradients(torch, call, inputs, chosen)


@pytest.mark.parametrize("name", ["fmax", "fmin"])
def test_nan_loses_and_gets_no_gradient(name):
    inputs = [[NAN, 1, NAN], [1, NAN, NAN]]  # torch 2.14 alone gave it to both
    assert_gradients(scratch, lambda lib, a, b: getattr(lib, name)(a, b), inputs, [[0, 1, 1], [1, 0, 0]])


QUANTILES = {  # of [2, 1, 1, 3, 1], in order 1 1 1 2 3: gradients of the engine
    0.0: [0, 1, 0, 0, 0],
    0.25: [0, 0, 1, 0, 0],
    0.375: [0, 0, 0.5, 0, 0.5],
    0.625: [0.5, 0, 0, 0, 0.5],
}


@pytest.mark.parametrize("q", QUANTILES)
def test_equal_elements_keep_their_order_in_a_quantile(q):
    x, expected = [2, 1, 1, 3, 1], np.asarray(QUANTILES[q])
    assert_gradients(scratch, lambda lib, x: lib.quantile(x, q), [x], [expected])
    (torchs,) = gradients(torch, lambda lib, x: lib.quantile(x, q), [x])  # since 2.14 any of the equal ones
    for value in (1, 2, 3):
        assert torchs[np.equal(x, value)].sum() == expected[np.equal(x, value)].sum()


def test_group_norm_of_no_pixels_is_nothing():
    x = scratch.ones(2, 4, 0, requires_grad=True)
    y = scratch.nn.functional.group_norm(x, 2)
    y.sum().backward()
    assert y.shape == x.grad.shape == (2, 4, 0)
    if BEFORE:  # since then it is an error
        assert torch.nn.functional.group_norm(torch.ones(2, 4, 0), 2).shape == y.shape
