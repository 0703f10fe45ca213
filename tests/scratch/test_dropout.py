"""Dropout drawn at random: how often, how much, how independently, and what becomes of the gradient."""

import math

import numpy as np
import pytest
import torch

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

N = 200_000  # elements drawn: the rate is known to √(p (1 - p) / N) ≤ 0.0012; bounds are 5 times that
WITHIN = 5 * math.sqrt(0.25 / N)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("dtype", [scratch.float32, scratch.float64])
def test_rate_and_scale(p, dtype):
    x = scratch.full((N,), 3.0, dtype=dtype)
    y = F.dropout(x, p).data
    assert y.dtype == dtype
    assert abs((y == 0).mean() - p) < WITHIN
    np.testing.assert_allclose(y[y != 0], 3 / (1 - p), rtol=1e-6)
    expected = torch.nn.functional.dropout(torch.tensor([3.0] * 99), p).numpy()
    np.testing.assert_allclose(y[y != 0].max(), expected.max(), rtol=1e-6)


def test_elements_are_independent():
    dropped = F.dropout(scratch.ones(N), 0.5).data == 0
    for distance in (1, 2, 7, 64):
        both = (dropped[:-distance] & dropped[distance:]).mean()
        assert abs(both - 0.25) < WITHIN


def test_every_call_draws_anew_and_a_seed_repeats_it():
    x, layer = scratch.ones(1000), nn.Dropout(0.5)
    first, second = layer(x), layer(x)
    assert 400 < (first.data != second.data).sum() < 600
    scratch.manual_seed(0)
    np.testing.assert_array_equal(layer(x).data, first.data)
    assert not np.array_equal(F.dropout(x, 0.5).data, F.dropout(x, 0.5).data)


@pytest.mark.parametrize(
    "name, shape",
    [("dropout", (30, 40)), ("dropout1d", (8, 9, 4)), ("dropout1d", (9, 4)), ("dropout2d", (8, 9, 3, 4))],
)
def test_the_gradient_goes_where_the_values_went(name, shape):
    x = scratch.ones(shape, requires_grad=True)
    y = getattr(F, name)(x, 0.4)
    assert 0 < (y.data == 0).sum() < y.numel()
    upstream = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    y.backward(upstream, retain_graph=True)
    np.testing.assert_allclose(x.grad.data, y.data * upstream, rtol=1e-6)
    x.grad = None
    y.backward(upstream)  # the same elements again, not new ones
    np.testing.assert_allclose(x.grad.data, y.data * upstream, rtol=1e-6)


@pytest.mark.parametrize(
    "call, shape, channels",
    [
        (lambda x: F.dropout1d(x, 0.3), (300, 200, 3), 2),
        (lambda x: F.dropout1d(x, 0.3), (60_000, 3), 1),
        (nn.Dropout1d(0.3), (300, 200, 3), 2),
        (lambda x: F.dropout2d(x, 0.3), (300, 200, 2, 3), 2),
        (nn.Dropout2d(0.3), (300, 200, 2, 3), 2),
    ],
)
def test_channels_are_dropped_whole_and_each_on_its_own(call, shape, channels):
    y = call(scratch.ones(shape)).data.reshape(*shape[:channels], -1)
    assert (y == y[..., :1]).all()
    dropped = y[..., 0] == 0
    assert abs(dropped.mean() - 0.3) < 5 * math.sqrt(0.21 / dropped.size)
    if channels == 2:  # not the same channels in every sample, nor the same samples in every channel
        assert dropped.any(0).all() and dropped.any(1).all()


@pytest.mark.parametrize("shape", [(4, 5, 6), (40, 50)])
def test_dropout2d_takes_other_shapes_as_torch_does_with_a_warning(shape):
    for lib in (scratch, torch):
        with pytest.warns(UserWarning, match="dropout2d"):
            y = lib.nn.functional.dropout2d(lib.ones(*shape), 0.5)
        y = np.asarray(y.numpy()).reshape(*shape[:2], -1)
        assert (y == y[..., :1]).all() and 0 < (y == 0).mean() < 1


@pytest.mark.parametrize("p", [0.1, 0.5])
def test_alpha_dropout_keeps_mean_and_variance(p):
    x = scratch.randn(N)
    y = F.alpha_dropout(x, p, training=True).data
    assert abs(y.mean()) < 0.02 and abs(y.var() - 1) < 0.03
    lowest = nn.AlphaDropout(p)(scratch.zeros(1000)).data
    theirs = torch.nn.AlphaDropout(p)(torch.zeros(1000)).numpy()
    np.testing.assert_allclose(np.unique(lowest), np.unique(theirs), rtol=1e-5)
    assert abs((lowest == lowest.min()).mean() - p) < 0.08


def test_alpha_dropout_s_gradient():
    x = scratch.randn(50, dtype=scratch.float64, requires_grad=True)
    y = F.alpha_dropout(x, 0.5, True)
    y.sum().backward()
    a = 1 / math.sqrt((1.7580993408473766**2 * 0.5 + 1) * 0.5)
    dropped = y.data == y.data.min()
    assert 5 < dropped.sum() < 45
    np.testing.assert_allclose(x.grad.data, np.where(dropped, 0, a))


@pytest.mark.parametrize("name", ["Dropout", "Dropout1d", "Dropout2d", "AlphaDropout"])
def test_evaluation_returns_the_input_itself(name):
    x, layer = scratch.ones(2, 3, 4, 5)[0:1], getattr(nn, name)(0.9).eval()
    x = x[0] if name == "Dropout1d" else x
    assert layer(x) is x
    assert (layer.train()(x).data != x.data).any()


def test_evaluation_draws_no_random_numbers():
    drawn = []
    for layer in (nn.Identity(), nn.Dropout(0.5).eval(), nn.Dropout(0.0)):
        scratch.manual_seed(3)
        layer(scratch.ones(4))
        drawn.append(scratch.rand(1).item())
    assert drawn[0] == drawn[1] == drawn[2]
