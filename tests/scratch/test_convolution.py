"""Convolution, pooling and batch norm beyond single rows: random settings, other ways, memory, training."""

import itertools
import tracemalloc

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F
from nbcourse.scratch.nn.functional import convolution

from .rows import GRADIENTS, VALUES, same, same_gradient

PAIRS = st.tuples(st.integers(1, 3), st.integers(1, 3))


def agree(call, shapes, seed=0, draw=np.random.Generator.standard_normal):
    """Compare ``call(functional, *inputs)`` and all gradients with torch's; skip what torch refuses."""
    rng = np.random.default_rng(seed)
    arrays = [np.asarray(draw(rng, shape), float) for shape in shapes]
    other = [torch.tensor(a, requires_grad=True) for a in arrays]
    try:
        expected = call(torch.nn.functional, *other)
    except RuntimeError:
        assume(False)
    mine = [scratch.tensor(a, requires_grad=True) for a in arrays]
    found = call(F, *mine)
    same(found, expected, VALUES, "output")
    upstream = rng.standard_normal(found.shape)
    found.backward(upstream)
    expected.backward(torch.tensor(upstream))
    for i, (x, t) in enumerate(zip(mine, other, strict=True)):
        same_gradient(x, t, GRADIENTS, f"input {i}")


@given(
    images=st.integers(1, 5),
    channels=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    groups=st.integers(1, 3),
    size=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    kernel=PAIRS,
    stride=PAIRS,
    padding=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    dilation=PAIRS,
)
@settings(max_examples=80, deadline=None)
def test_conv2d_is_torchs(images, channels, groups, size, kernel, stride, padding, dilation):
    c, o = channels
    agree(
        lambda f, x, w, b: f.conv2d(x, w, b, stride, padding, dilation, groups),
        [(images, c * groups, *size), (o * groups, c, *kernel), (o * groups,)],
    )


@given(
    images=st.integers(1, 5),
    channels=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    groups=st.integers(1, 3),
    size=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    kernel=PAIRS,
    stride=PAIRS,
    padding=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    added=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    dilation=PAIRS,
)
@settings(max_examples=80, deadline=None)
def test_conv_transpose2d_is_torchs(images, channels, groups, size, kernel, stride, padding, added, dilation):
    c, o = channels
    agree(
        lambda f, x, w, b: f.conv_transpose2d(x, w, b, stride, padding, added, groups, dilation),
        [(images, c * groups, *size), (c * groups, o, *kernel), (o * groups,)],
    )


@given(
    size=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    kernel=PAIRS,
    stride=PAIRS,
    padding=st.tuples(st.integers(0, 1), st.integers(0, 1)),
    dilation=PAIRS,
    ceil_mode=st.booleans(),
    equal=st.booleans(),
)
@settings(max_examples=80, deadline=None)
def test_max_pool2d_is_torchs(size, kernel, stride, padding, dilation, ceil_mode, equal):
    def draw(rng, shape):
        return rng.integers(0, 3, shape) if equal else rng.standard_normal(shape)

    # a window whose elements all miss the image makes torch write beyond its memory
    assume(max(dilation) == 1 or max(padding) == 0)
    agree(
        lambda f, x: f.max_pool2d(x, kernel, stride, padding, dilation, ceil_mode),
        [(2, 3, *size)],
        draw=draw,
    )


@given(
    size=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    kernel=PAIRS,
    stride=PAIRS,
    padding=st.tuples(st.integers(0, 1), st.integers(0, 1)),
    ceil_mode=st.booleans(),
    count_include_pad=st.booleans(),
    divisor=st.sampled_from([None, 1, 5, -2]),
)
@settings(max_examples=80, deadline=None)
def test_avg_pool2d_is_torchs(size, kernel, stride, padding, ceil_mode, count_include_pad, divisor):
    agree(
        lambda f, x: f.avg_pool2d(x, kernel, stride, padding, ceil_mode, count_include_pad, divisor),
        [(2, 3, *size)],
    )


# --- three ways to the same numbers


def by_loops(x, w, b, stride):
    """The formula, number by number."""
    (n, _, height, width), (o, _, kh, kw) = x.shape, w.shape
    size = (height - kh) // stride + 1, (width - kw) // stride + 1
    y = np.empty((n, o, *size))
    for k, c, i, j in itertools.product(range(n), range(o), *map(range, size)):
        window = x[k, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        y[k, c, i, j] = (window * w[c]).sum() + b[c]
    return y


def by_columns(x, w, b, stride):
    """One product of the weights with all windows."""
    columns = F.unfold(x, w.shape[2:], stride=stride)  # (n, c·kh·kw, windows)
    y = w.reshape(len(w), -1) @ columns + b.reshape(-1, 1)
    height = (x.shape[2] - w.shape[2]) // stride + 1
    return y.reshape(len(x), len(w), height, -1)


@pytest.mark.parametrize("stride", [1, 2])
def test_three_ways_agree(stride):
    rng = np.random.default_rng(0)
    x, w, b = (rng.standard_normal(s) for s in [(3, 2, 7, 6), (4, 2, 3, 2), (4,)])
    expected = by_loops(x, w, b, stride)
    inputs = [scratch.tensor(a, requires_grad=True) for a in (x, w, b)]
    outputs = by_columns(*inputs, stride), F.conv2d(*inputs, stride=stride)
    upstream = rng.standard_normal(expected.shape)
    gradients = []
    for y in outputs:
        np.testing.assert_allclose(y.detach().numpy(), expected, atol=1e-12)
        y.backward(upstream)
        gradients.append([t.grad.numpy() for t in inputs])
        for t in inputs:
            t.grad = None
    for one, other in zip(*gradients, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


def test_transposed_is_the_transpose():
    """⟨conv(x), y⟩ = ⟨x, conv_transpose(y)⟩ for all x and y."""
    x, y = scratch.randn(2, 3, 9, 8).double(), scratch.randn(2, 4, 4, 4).double()
    w = scratch.randn(4, 3, 3, 2).double()
    settings = {"stride": 2, "padding": (0, 0)}
    left = (F.conv2d(x, w, **settings) * y).sum()
    right = (x * F.conv_transpose2d(y, w, **settings, output_padding=(0, 0))).sum()
    assert left.item() == pytest.approx(right.item())


# --- a few images at a time


@pytest.mark.parametrize("numbers", [1, 100, 700, 10**9])
@pytest.mark.parametrize("channels", [1, 4])  # windows are laid out in another order
def test_the_size_of_small_batches_does_not_matter(monkeypatch, numbers, channels):
    def all_of_it():
        rng = np.random.default_rng(0)
        shapes = [(7, channels, 6, 9), (2, channels, 3, 3), (2,)]
        inputs = [scratch.tensor(rng.standard_normal(s), requires_grad=True) for s in shapes]
        y = F.conv2d(*inputs, padding=1)
        z = F.conv_transpose2d(y, inputs[1], stride=2)
        (z * z).sum().backward()
        return [t.detach().numpy() for t in (y, z, *(x.grad for x in inputs))]

    expected = all_of_it()
    monkeypatch.setattr(convolution, "IN_CACHE", numbers)
    for a, b in zip(all_of_it(), expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-10)


def test_the_windows_of_a_batch_are_never_in_memory_at_once():
    x = scratch.zeros(64, 16, 16, 16, requires_grad=True)
    w = scratch.zeros(16, 16, 3, 3, requires_grad=True)
    tracemalloc.start()
    try:
        F.conv2d(x, w, padding=1).sum().backward()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 6 * x.data.nbytes  # all windows would be 9 times the images


def last_in_memory(array):
    """Whether the channels of images (N, C, H, W) are neighbours in memory."""
    return np.moveaxis(array, 1, -1).flags.c_contiguous


def test_channels_stay_last_in_memory(monkeypatch):
    seen = []
    spread = convolution._scatter

    def watched(y, *others):
        seen.append(y)
        return spread(y, *others)

    monkeypatch.setattr(convolution, "_scatter", watched)
    first, second = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 6, 3)
    y = F.max_pool2d(F.relu(first(scratch.randn(2, 3, 8, 8))), 2)
    assert last_in_memory(y.data)
    z = F.avg_pool2d(F.relu(second(y)), 2)
    assert last_in_memory(z.data)
    z.flatten(1).sum().backward()
    assert len(seen) == 1  # only the second convolution's input needs a gradient
    assert last_in_memory(seen[0])


# --- engine and modules


def test_an_input_that_was_overwritten_is_noticed():
    x = scratch.ones(1, 1, 4, 4)
    w = scratch.ones(1, 1, 2, 2, requires_grad=True)
    y = F.conv2d(x, w).sum()
    x += 1
    with pytest.raises(RuntimeError, match="inplace"):
        y.backward()


def test_running_statistics_may_move_before_backward():
    norm = nn.BatchNorm1d(3)
    x = scratch.randn(4, 3, requires_grad=True)
    y = norm(x)
    norm(scratch.randn(4, 3))
    (y * y * y).sum().backward()
    assert np.abs(x.grad.numpy()).max() > 1e-3


def test_running_statistics_start_again():
    norm = nn.BatchNorm2d(2)
    norm(scratch.randn(3, 2, 4, 4) + 5)
    assert norm.num_batches_tracked.item() == 1
    norm.reset_running_stats()
    assert norm.num_batches_tracked.item() == 0
    assert norm.running_mean.tolist() == [0, 0] and norm.running_var.tolist() == [1, 1]


def test_running_statistics_have_no_gradient():
    norm = nn.BatchNorm1d(3)
    norm(scratch.randn(4, 3, requires_grad=True))
    assert not norm.running_mean.requires_grad and norm.running_mean.is_leaf


def test_instance_norm_warns_of_other_channels():
    with pytest.warns(UserWarning, match="expected 4 channels, got 3"):
        nn.InstanceNorm1d(4)(scratch.randn(2, 3, 5))


@pytest.mark.parametrize("name", ["Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d"])
def test_layers_start_spread_as_torchs(name):
    layers = [getattr(lib, name)(8, 16, 5, groups=2) for lib in (nn, torch.nn)]
    mine, other = ([p.detach().numpy() for p in layer.parameters()] for layer in layers)
    for p, q in zip(mine, other, strict=True):
        assert p.shape == q.shape
        assert np.abs(p).max() == pytest.approx(np.abs(q).max(), rel=0.35)
    bound = np.abs(mine[0]).max()
    assert mine[0].std() == pytest.approx(bound / 3**0.5, rel=0.05)  # evenly spread


def test_parameters_can_be_drawn_anew():
    layer = nn.Conv2d(1, 2, 3)
    before = layer.weight.detach().numpy().copy()
    layer.reset_parameters()
    assert (before != layer.weight.detach().numpy()).all()


def small_network(lib):
    """Two convolutions with batch norm, for images (1, 8, 8) of three classes."""
    nn = lib.nn
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, bias=False),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, padding="same", groups=2),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(6, 3),
    )


def test_a_small_network_learns_as_torchs():
    for lib in (scratch, torch):
        lib.set_default_dtype(lib.float64)
    models = {scratch: small_network(scratch), torch: small_network(torch)}
    models[scratch].load_state_dict({k: v.numpy() for k, v in models[torch].state_dict().items()})
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((32, 1, 8, 8)), rng.integers(0, 3, 32)
    losses = {}
    for lib, model in models.items():
        optimizer = lib.optim.SGD(model.parameters(), lr=0.5)
        losses[lib] = []
        for _ in range(20):
            optimizer.zero_grad()
            loss = lib.nn.functional.cross_entropy(model(lib.tensor(x)), lib.tensor(y))
            loss.backward()
            optimizer.step()
            losses[lib].append(loss.item())
    np.testing.assert_allclose(losses[scratch], losses[torch], rtol=1e-9)
    assert losses[scratch][-1] < 0.9 * losses[scratch][0]
    states = [model.eval().state_dict() for model in models.values()]
    for (name, a), b in zip(states[0].items(), states[1].values(), strict=True):
        same(a, b, VALUES, name)
