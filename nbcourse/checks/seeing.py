"""The exercises of chapter 5's second half."""

import numpy as np

from nbcourse.checks.properties import equal, holds, matches, same_shape
from nbcourse.checks.registry import exercise


@exercise(
    "seeing/conv-cost", signature="conv_cost(inputs, outputs, kernel, height, width, stride=1, groups=1)"
)
def conv_cost(answer, rng):
    """Parameters and multiply-adds of a convolution without bias."""

    def reference(inputs, outputs, kernel, height, width, stride=1, groups=1):
        weights = inputs * outputs * kernel**2 // groups
        rows, columns = (height - 1) // stride + 1, (width - 1) // stride + 1
        return weights, weights * rows * columns

    yield matches(answer, reference, (3, 32, 3, 32, 32), "is right for 3 → 32 channels on 32 × 32")
    yield matches(answer, reference, (64, 128, 1, 14, 14), "is right for a 1 × 1 convolution")
    c, m, h, w = (int(n) for n in rng.integers(2, 40, size=4))
    yield matches(answer, reference, (c, m, 5, h, w), f"is right for {c} → {m} channels on {h} × {w}")
    yield matches(answer, reference, (8, 8, 3, 16, 16, 2), "with stride 2 there are half as many rows")
    yield matches(answer, reference, (8, 8, 3, 7, 9, 2), "… rounded up: 7 × 9 become 4 × 5")
    yield matches(answer, reference, (96, 256, 5, 27, 27, 1, 2), "two groups halve both costs")
    yield matches(answer, reference, (32, 32, 3, 8, 8, 1, 32), "as many groups as channels: depthwise")


@exercise("seeing/one-kernel", signature="one_kernel(first, second)")
def one_kernel(answer, rng):
    """The kernel that does the work of two in a row."""
    first, second = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    kernel = answer(first, second)
    yield same_shape(kernel, (5, 5), "two kernels of 3 × 3 make one of 5 × 5")
    picture = rng.normal(size=(9, 9))
    expected = _slid(_slid(picture, first), second)
    yield equal(_slid(picture, kernel), expected, "gives the same map as both, one after the other", 1e-9)
    one = np.ones((1, 1))
    yield equal(answer(first, 2 * one), 2 * first, "with a kernel of 1 × 1 it only scales", 1e-12)
    big = rng.normal(size=(5, 5))
    yield same_shape(answer(first, big), (7, 7), "3 × 3 and 5 × 5 make 7 × 7")
    expected = _slid(_slid(picture, first), big)
    yield equal(_slid(picture, answer(first, big)), expected, "is right for kernels of unlike size", 1e-9)
    yield equal(answer(big, first), answer(first, big), "does not depend on their order", 1e-9)


def _slid(picture, kernel):
    """The kernel's product sums over every window of a picture, neither flipped nor padded."""
    windows = np.lib.stride_tricks.sliding_window_view(picture, np.shape(kernel))
    return np.einsum("hwij,ij->hw", windows, kernel)


@exercise("seeing/dense-stage", signature="dense_stage_parameters(inputs, growth, depth)")
def dense_stage_parameters(answer, rng):
    """The parameters of a stage of dense layers with a neck of four times the growth."""

    def reference(inputs, growth, depth):
        return sum(_dense_layer(inputs + i * growth, growth) for i in range(depth))

    yield matches(answer, reference, (64, 32, 1), "one layer, 64 channels, growth 32: 45,440")
    yield matches(answer, reference, (64, 32, 6), "the first stage of DenseNet-121 and -201")
    c, g, n = (int(k) for k in rng.integers(2, 30, size=3))
    yield matches(answer, reference, (c, g, n), f"is right for {c} channels, growth {g}, depth {n}")
    yield equal(answer(16, 8, 0), 0, "no layer, no parameter")


def _dense_layer(channels, growth):
    """Norm, 1 × 1 into 4 · growth channels, norm, 3 × 3 into growth channels."""
    return 2 * channels + 4 * growth * channels + 8 * growth + 36 * growth**2


@exercise("seeing/class-activation", signature="class_activation(maps, weight, label)")
def class_activation(answer, rng):
    """Grad-CAM of a network that ends in a mean and a linear layer, without any gradient."""

    def reference(maps, weight, label):
        return np.maximum(np.einsum("k,khw->hw", weight[label], maps), 0) / maps[0].size

    maps, weight = rng.random((4, 3, 5)), rng.normal(size=(6, 4))
    yield same_shape(answer(maps, weight, 2), (3, 5), "returns one number for each place")
    yield matches(answer, reference, (maps, weight, 2), "weights each map by the class's own weight", 1e-12)
    yield matches(answer, reference, (maps, -np.abs(weight), 0), "keeps only what is positive", 1e-12)
    one = np.zeros((1, 2, 2))
    one[0, 0, 1] = 8.0
    yield equal(answer(one, np.array([[3.0]]), 0), [[0, 6], [0, 0]], "divides by the number of places", 1e-12)


@exercise("seeing/rank-correlation", signature="rank_correlation(a, b)")
def rank_correlation(answer, rng):
    """Spearman's rank correlation of two arrays, ties sharing their mean rank."""
    from scipy.stats import spearmanr

    a, b = rng.normal(size=20), rng.normal(size=20)
    yield equal(answer(a, b), spearmanr(a, b).statistic, "is right without ties", 1e-9)
    yield equal(answer(a, np.exp(3 * a)), 1, "is 1 for any function that rises", 1e-9)
    yield equal(answer(a, -(a**3)), -1, "is −1 for any function that falls", 1e-9)
    a, b = rng.integers(0, 4, 30), rng.integers(0, 4, 30)
    yield equal(answer(a, b), spearmanr(a, b).statistic, "equal values share their mean rank", 1e-9)
    a, b = rng.normal(size=(4, 5)), rng.normal(size=(4, 5))
    expected = spearmanr(a.ravel(), b.ravel()).statistic
    yield equal(answer(a, b), expected, "takes maps (h, w) and returns one number", 1e-9)
    with np.errstate(all="ignore"):
        yield equal(answer(np.zeros(5), np.arange(5.0)), 0, "is 0 when one of them is constant", 1e-12)
        yield equal(answer(np.arange(5.0), np.ones(5)), 0, "… whichever of the two it is", 1e-12)


@exercise("seeing/integrated-gradients", signature="integrated_gradients(gradient, x, baseline, steps)")
def integrated_gradients(answer, rng):
    """The mean gradient on the straight way from a baseline to x, times the difference."""
    w = rng.normal(size=6)
    x, start = rng.normal(size=6), rng.normal(size=6)
    linear = answer(lambda z: w, x, start, 7)
    yield same_shape(linear, (6,), "has the shape of x")
    yield equal(linear, w * (x - start), "of a linear score: weight times difference", 1e-9)
    square = answer(lambda z: 2 * z, x, start, 5)
    yield equal(square, x**2 - start**2, "of Σ z²: exact, with the middles of the steps", 1e-9)
    calls = []

    def gradient(z):
        calls.append(np.array(z))
        return w * (1 - np.tanh(w @ z) ** 2)

    total = np.sum(answer(gradient, x, start, 500))
    change = np.tanh(w @ x) - np.tanh(w @ start)
    yield equal(total, change, "adds up to S(x) − S(baseline)", 1e-3)
    yield equal(len(calls), 500, "asks for the gradient `steps` times")
    between = [np.allclose(np.cross(_plane(z - start), _plane(x - start)), 0, atol=1e-9) for z in calls]
    yield holds(all(between), "asks for it on the straight way between the two")
    picture = rng.random((4, 4))
    flat = answer(lambda z: np.full_like(z, 2.0), picture, np.zeros((4, 4)), 3)
    yield equal(flat, 2 * picture, "takes pictures (h, w)", 1e-9)


def _plane(z):
    """The first two entries of a vector, with a third of 0."""
    return np.append(z[:2], 0.0)
