"""The helpers of nn.utils against torch: clipping, vectors of parameters, counting."""

import warnings

import numpy as np
import pytest
import torch

from nbcourse import scratch
from nbcourse.scratch.nn import utils

from .helpers import assert_same
from .table.optim import HELPERS, counted, leaves


@pytest.mark.parametrize("label", HELPERS)
def test_it_is_torchs(label):
    results, params = [], []
    for lib in (scratch, torch):
        params.append(leaves(lib))
        results.append(HELPERS[label](lib, params[-1]))
    if results[1] is None:
        assert results[0] is None
    else:
        assert_same(results[0], results[1], 1e-12)
        assert results[0].requires_grad == results[1].requires_grad
    for p, q in zip(*params, strict=True):
        assert_same(p.detach(), q.detach(), 1e-12)
        assert_same(p.grad, q.grad, 1e-12)


def network(lib, gradients=True):
    """Parameters of several shapes and dtypes, one of them without a gradient."""
    rng = np.random.default_rng(3)
    params = []
    for shape, dtype in (((4, 3), "float32"), ((5,), "float64"), ((), "float32"), ((2, 0), "float32")):
        params.append(lib.tensor(rng.standard_normal(shape).astype(dtype), requires_grad=True))
        if gradients:
            params[-1].grad = lib.tensor(np.asarray(3 * rng.standard_normal(shape), dtype))
    params.append(lib.ones(7, requires_grad=True))
    return params


@pytest.mark.parametrize("norm_type", [2, 1, 3.5, 0.5, 0])
def test_clipping_of_mixed_parameters(norm_type):
    norms, params = [], []
    for lib in (scratch, torch):
        params.append(network(lib))
        norms.append(lib.nn.utils.clip_grad_norm_(params[-1], 0.3, norm_type))
    assert_same(*norms, 1e-6)
    for p, q in zip(*params, strict=True):
        assert (p.grad is None) == (q.grad is None)
        if q.grad is not None:
            assert_same(p.grad, q.grad, 1e-6)


def test_clipping_without_gradients():
    for lib in (scratch, torch):
        params = network(lib, gradients=False)
        assert lib.nn.utils.clip_grad_norm_(params, 1.0).item() == 0
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert lib.nn.utils.clip_grad_norm_([], 1.0).item() == 0
        with pytest.warns(UserWarning, match="empty generator"):
            lib.nn.utils.clip_grad_norm_((p for p in []), 1.0)
    utils.clip_grad_value_(network(scratch, gradients=False), 1.0)  # torch's fails on it


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("norm_type", [2, np.inf])
def test_norms_that_are_no_numbers(bad, norm_type):
    ends = []
    for lib in (scratch, torch):
        w, b = leaves(lib)
        w.grad[0, 1] = bad
        with pytest.raises(RuntimeError, match="error_if_nonfinite"):
            lib.nn.utils.clip_grad_norm_([w, b], 1.0, norm_type, error_if_nonfinite=True)
        assert b.grad.item() == -4  # nothing happened
        norm = lib.nn.utils.clip_grad_norm_([w, b], 1.0, norm_type)
        ends.append((norm, w.grad, b.grad))
        lib.nn.utils.clip_grad_value_([w, b], 0.5)
    for p, q in zip(*ends, strict=True):
        assert_same(p, q)


def test_clipped_gradients_stay_where_they_are():
    params = leaves(scratch)
    memory = [p.grad.data for p in params]
    utils.clip_grad_norm_(params, 0.1)
    assert utils.get_total_norm([p.grad for p in params]).item() == pytest.approx(0.1)
    utils.clip_grad_value_(params, 0.001)
    assert all(p.grad.data is m for p, m in zip(params, memory, strict=True))
    assert utils.get_total_norm([p.grad for p in params], "inf").item() == 0.001


def test_a_graph_that_needs_a_gradient_notices_clipping():
    (w,) = params = leaves(scratch)[:1]
    x = scratch.ones(2, 2, dtype=scratch.float64, requires_grad=True)
    y = (x * w.grad).sum()
    utils.clip_grad_value_(params, 0.1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


def test_vectors_go_there_and_back():
    ends = []
    for lib in (scratch, torch):
        lib.manual_seed(0)
        model = lib.nn.Sequential(lib.nn.Linear(3, 4), lib.nn.Linear(4, 2))
        n = lib.nn.utils.parameters_to_vector(model.parameters()).numel()
        lib.nn.utils.vector_to_parameters(lib.tensor(np.arange(n, dtype="float32")), model.parameters())
        vector = lib.nn.utils.parameters_to_vector(model.parameters())
        (vector * vector).sum().backward()
        ends.append([vector.detach(), *(p.detach() for p in model.parameters())])
        ends[-1] += [p.grad for p in model.parameters()]
    for p, q in zip(*ends, strict=True):
        assert_same(p, q)


def test_a_vector_is_copied_and_noticed():
    (w,) = leaves(scratch)[:1]
    memory, y = w.data, (w * w).sum()
    vector = scratch.ones(4, dtype=scratch.float64)
    utils.vector_to_parameters(vector, [w])
    assert w.data is memory and w.tolist() == [[1, 1], [1, 1]]
    assert not np.shares_memory(vector.data, w.data)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


def test_counting():
    assert counted(trainable_only=False) == 24 and counted(trainable_only=True) == 16
    layer = scratch.nn.Linear(3, 4)
    assert utils.count_parameters(scratch.nn.Sequential(layer, layer)) == 16  # each once


BAD = [
    (lambda: utils.clip_grad_norm_([np.ones(2)], 1.0), TypeError, "expected Tensors, got ndarray"),
    (lambda: utils.clip_grad_value_([3], 1.0), TypeError, "expected Tensors, got int"),
    (lambda: utils.get_total_norm([scratch.arange(3)]), RuntimeError, "floating-point tensors, got int64"),
    (lambda: utils.parameters_to_vector([]), ValueError, "at least one, got none"),
    (lambda: utils.vector_to_parameters(np.ones(5), leaves(scratch)), TypeError, "Tensor, got ndarray"),
    (
        lambda: utils.vector_to_parameters(scratch.ones(4), leaves(scratch)),
        ValueError,
        r"shape \(5,\), got \(4,\)",
    ),
    (
        lambda: utils.vector_to_parameters(scratch.ones(6), leaves(scratch)),
        ValueError,
        r"shape \(5,\), got \(6,\)",
    ),
]


@pytest.mark.parametrize("call, error, text", BAD)
def test_a_bad_call_says_what_was_expected(call, error, text):
    with pytest.raises(error, match=text):
        call()
