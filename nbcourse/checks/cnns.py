"""The exercises of chapter 5, first half."""

import numpy as np

from nbcourse.checks.properties import equal, holds, matches, raises, same_shape
from nbcourse.checks.registry import exercise


@exercise("cnns/sizes", signature="sizes(n, layers)")
def sizes(answer, rng):
    """The side of the picture after each of several layers."""
    yield equal(answer(32, [(3, 1, 1, 1)]), [32], "3 × 3 with padding 1 keeps the size")
    yield equal(answer(32, [(3, 1, 1, 1), (2, 0, 2, 1)] * 2), [32, 16, 16, 8], "SimpleCNN: 32, 16, 16, 8")
    yield equal(
        answer(224, [(11, 0, 4, 1)]), [54], "rounds down: 11 × 11 with stride 4 on 224 pixels gives 54"
    )
    yield equal(answer(11, [(3, 0, 1, 2)]), [7], "dilation 2 makes a kernel of 3 span 5 pixels")
    yield equal(answer(7, []), [], "no layers give no sides")
    layers = [tuple(int(rng.integers(*range_)) for range_ in _RANGES) for _ in range(4)]
    yield matches(answer, _sizes, (60, layers), f"is right for random layers, {layers}")
    yield equal(answer(3, [(5, 1, 1, 1)]), [1], "a kernel that just fits gives one place")
    yield raises(ValueError, answer, 3, [(5, 0, 1, 1)], what="raises ValueError where a kernel does not fit")


_RANGES = [(1, 5), (0, 3), (1, 3), (1, 3)]  # kernel, padding, stride, dilation


def _sizes(n, layers):
    found = []
    for k, padding, stride, dilation in layers:
        n = (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1
        found.append(n)
    return found


@exercise("cnns/pool", signature="pool_backward(x, grad)")
def pool_backward(answer, rng):
    """The gradient of max-pooling by 2."""
    one = np.array([[1.0, 4.0], [3.0, 2.0]])[None, None]
    by_one = np.array([[0.0, 5.0], [0.0, 0.0]])[None, None]
    yield equal(answer(one, np.full((1, 1, 1, 1), 5.0)), by_one, "hands the gradient to the largest of four")
    x, grad = rng.normal(size=(2, 3, 6, 8)), rng.normal(size=(2, 3, 3, 4))
    yield same_shape(answer(x, grad), x, "returns the shape of x")
    yield matches(answer, _pool_backward, (x, grad), "is right for a batch with channels", 1e-12)
    ties = rng.integers(0, 2, size=(2, 3, 6, 8)).astype(float)
    yield matches(answer, _pool_backward, (ties, grad), "gives ties to the first, row by row", 1e-12)
    total = np.sum(answer(ties, grad))
    yield equal(total, grad.sum(), "neither loses nor doubles any gradient", 1e-9)
    yield matches(answer, _pool_backward, (x - 100, grad), "is right where all pixels are negative", 1e-12)


def _pool_backward(x, grad):
    from nbcourse import scratch
    from nbcourse.scratch.nn import functional as F

    pixels = scratch.tensor(x, requires_grad=True)
    F.max_pool2d(pixels, 2).backward(scratch.tensor(grad))
    return pixels.grad.numpy()


@exercise("cnns/sees", signature="sees(layers, i)")
def sees(answer, rng):
    """The first and the last pixel that one output depends on."""
    yield equal(answer([(3, 0, 1, 1)], 5), (5, 7), "a kernel of 3 at place 5 sees pixels 5 to 7")
    yield equal(answer([(3, 1, 1, 1)], 0), (-1, 1), "padding of 1 moves it back by one pixel")
    yield equal(answer([(2, 0, 2, 1)], 3), (6, 7), "stride 2 starts at twice the place")
    yield equal(answer([(3, 0, 1, 4)], 1), (1, 9), "dilation 4 makes a kernel of 3 span 9 pixels")
    simple = [(3, 1, 1, 1), (2, 0, 2, 1)] * 2
    yield equal(answer(simple, 0), (-3, 6), "output 0 of SimpleCNN's second pooling sees pixels -3 to 6")
    yield equal(answer([], 4), (4, 4), "without layers a pixel sees itself")
    layers = [tuple(int(rng.integers(*range_)) for range_ in _RANGES) for _ in range(5)]
    i = int(rng.integers(0, 4))
    yield matches(answer, _sees, (layers, i), f"is right for output {i} of {layers}")


def _sees(layers, i):
    """Follow the first and the last output of the range back through each layer."""
    first = last = i
    for k, padding, stride, dilation in layers[::-1]:
        first, last = first * stride - padding, last * stride - padding + dilation * (k - 1)
    return first, last


@exercise("cnns/backward", signature="conv_backward(x, w, grad)")
def conv_backward(answer, rng):
    """The gradients of a convolution by image, weights and bias."""
    x, w = rng.normal(size=(2, 7, 6)), rng.normal(size=(4, 2, 3, 3))
    grad = rng.normal(size=(4, 5, 4))
    three = answer(x, w, grad)
    yield holds(
        isinstance(three, tuple | list) and len(three) == 3,
        "returns three things: the gradients of x, w and the bias",
        f"got {type(three).__name__}",
    )
    expected = _conv_backward(x, w, grad)
    names = ("the image", "the weights", "the bias")
    for i, (name, right) in enumerate(zip(names, expected, strict=True)):
        yield f"the gradient of {name} is right", lambda i=i, right=right: equal(three[i], right, "", 1e-10)
    lone = rng.normal(size=(1, 4, 4)), rng.normal(size=(1, 1, 4, 4)), rng.normal(size=(1, 1, 1))
    expected = _conv_backward(*lone)[0]
    what = "is right for a kernel as large as the image"
    yield what, lambda: equal(answer(*lone)[0], expected, what, 1e-10)


def _conv_backward(x, w, grad):
    from nbcourse import scratch
    from nbcourse.scratch.nn import functional as F

    arrays = x[None], w, np.zeros(len(w))
    image, weights, bias = (scratch.tensor(a, requires_grad=True) for a in arrays)
    F.conv2d(image, weights, bias).backward(scratch.tensor(grad[None]))
    return image.grad.numpy()[0], weights.grad.numpy(), bias.grad.numpy()


@exercise("cnns/fold", signature="fold(w, b, mean, variance, scale, shift, eps)")
def fold(answer, rng):
    """Batch normalisation folded into the convolution before it."""
    w, b = rng.normal(size=(5, 3, 3, 3)), rng.normal(size=5)
    mean, shift = rng.normal(size=(2, 5))
    variance, scale = rng.uniform(0.1, 3, size=(2, 5))
    two = answer(w, b, mean, variance, scale, shift, 1e-5)
    pair = isinstance(two, tuple | list) and len(two) == 2
    yield holds(pair, "returns two things: weights and bias", f"got {type(two).__name__}")
    if not pair:
        return
    yield same_shape(two[0], w, "the weights keep their shape")
    yield same_shape(two[1], b, "the bias keeps its shape")
    x = rng.normal(size=(2, 3, 7, 7))
    normalised = _normalised(_convolved(x, w, b), mean, variance, scale, shift, 1e-5)
    what = "one convolution does the work of both"
    yield what, lambda: equal(_convolved(x, *two), normalised, what, 1e-10)
    tiny = answer(w, b, mean, np.zeros(5), scale, shift, 0.25)
    normalised = _normalised(_convolved(x, w, b), mean, np.zeros(5), scale, shift, 0.25)
    what = "uses eps, also where the variance is 0"
    yield what, lambda: equal(_convolved(x, *tiny), normalised, what, 1e-10)


def _convolved(x, w, b):
    from nbcourse import scratch
    from nbcourse.scratch.nn import functional as F

    return F.conv2d(*(scratch.tensor(np.asarray(a, float)) for a in (x, w, b))).numpy()


def _normalised(y, mean, variance, scale, shift, eps):
    mean, variance, scale, shift = (a[:, None, None] for a in (mean, variance, scale, shift))
    return (y - mean) / np.sqrt(variance + eps) * scale + shift


@exercise("cnns/separate", signature="separate(kernel)")
def separate(answer, rng):
    """A kernel as the product of a column and a row, where it is one."""
    sobel = np.outer([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0])
    yield _is_product(answer, sobel, "takes Sobel's kernel apart")
    yield _is_product(
        answer, np.outer(rng.normal(size=5), rng.normal(size=5)), "takes a random product apart"
    )
    tiny = 1e-6 * np.outer(rng.normal(size=3), rng.normal(size=3))
    yield _is_product(answer, tiny, "takes a product of small numbers apart")
    laplace = np.array([[0.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 0.0]])
    yield holds(answer(laplace) is None, "returns None for a kernel that is no product")
    nearly = sobel + 0.01 * rng.normal(size=(3, 3))
    yield holds(answer(nearly) is None, "returns None for one that is nearly a product")
    small = 1e-8 * laplace
    yield holds(answer(small) is None, "judges by the kernel's own size: None for 1e-8 times the former")


def _is_product(answer, kernel, what):
    pair = answer(kernel)
    if pair is None or len(pair) != 2:
        return holds(False, what, f"expected a column and a row, got {pair!r}")
    column, row = (np.asarray(part, float) for part in pair)
    k = len(kernel)
    if column.shape != (k,) or row.shape != (k,):
        return holds(False, what, f"expected shapes ({k},) and ({k},), got {column.shape} and {row.shape}")
    return equal(np.outer(column, row), kernel, what, 1e-10 * np.abs(kernel).max())


@exercise("cnns/im2col", signature="im2col(x, k, padding, stride)")
def im2col(answer, rng):
    """All windows of a batch as rows, with padding and stride."""
    x = rng.normal(size=(2, 3, 8, 7))
    for k, padding, stride in [(3, 0, 1), (3, 1, 1), (2, 0, 2), (3, 2, 2), (1, 0, 3)]:
        what = f"is right for k = {k}, padding {padding}, stride {stride}"
        yield matches(answer, _im2col, (x, k, padding, stride), what)
    w = rng.normal(size=(4, 3, 3, 3))
    from nbcourse import scratch
    from nbcourse.scratch.nn import functional as F

    outputs = F.conv2d(scratch.tensor(x), scratch.tensor(w), padding=1, stride=2).numpy()
    expected = outputs.reshape(2, 4, -1).swapaxes(1, 2)
    what = "times the kernels it is a convolution"
    yield what, lambda: equal(answer(x, 3, 1, 2) @ w.reshape(4, -1).T, expected, what, 1e-10)


def _im2col(x, k, padding, stride):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    starts = [range(0, side - k + 1, stride) for side in x.shape[2:]]
    rows = [x[:, :, i : i + k, j : j + k].reshape(len(x), -1) for i in starts[0] for j in starts[1]]
    return np.stack(rows, axis=1)
