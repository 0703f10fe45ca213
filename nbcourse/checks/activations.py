"""The exercises of chapter 2."""

import numpy as np

from nbcourse.checks.properties import equal, holds, matches, same_dtype, same_shape
from nbcourse.checks.registry import exercise


@exercise("activations/leaky-relu", signature="leaky_relu(z, slope)")
def leaky_relu(answer, rng):
    """A leaky ReLU and its derivative."""
    z = rng.normal(size=(4, 3))
    values, gate = answer(z, 0.2)
    yield same_shape(values, z, "the values have the shape of z")
    yield equal(values, np.maximum(z, 0.2 * z), "the values are right for slope 0.2", 1e-12)
    yield same_shape(gate, z, "the derivative has the shape of z")
    yield equal(gate, np.where(z > 0, 1, 0.2), "the derivative is 1 above 0, else the slope", 1e-12)
    yield equal(answer(np.zeros(2), 0.3)[1], [0.3, 0.3], "at 0 the derivative is the slope", 1e-12)
    yield equal(answer(z, 0.0)[0], np.maximum(0, z), "slope 0 is ReLU", 1e-12)
    yield equal(answer(z, 1.0)[0], z, "slope 1 changes nothing", 1e-12)
    yield equal(answer(np.array(-2.0), 0.1)[0], -0.2, "takes a single number", 1e-12)


@exercise("activations/stable-tanh", signature="stable_tanh(z)")
def stable_tanh(answer, rng):
    """The hyperbolic tangent from exponentials, without overflow or cancellation."""
    z = rng.normal(0, 2, size=(3, 5))
    yield matches(answer, np.tanh, (z,), "is right for everyday values")
    with np.errstate(all="ignore"):
        yield equal(answer(np.array([1000.0, -1000.0])), [1.0, -1.0], "is ±1 for ±1000")
        small = answer(np.array([1e-12, -3e-9]))
    relative = np.asarray(small) / np.tanh([1e-12, -3e-9]) - 1
    detail = f"relative error {np.abs(relative).max():.1g}: exp(t) - 1 loses digits, expm1(t) does not"
    yield holds(np.abs(relative).max() < 1e-12, "keeps its digits near 0", detail)
    yield equal(answer(np.zeros(1)), [0.0], "is 0 at 0")
    yield equal(answer(-z), -np.asarray(answer(z)), "is odd", 1e-15)


@exercise("activations/log-softmax", signature="log_softmax(z)")
def log_softmax(answer, rng):
    """The logarithms of the softmax along the last axis, for any logits."""

    def reference(z):
        shifted = z - z.max(axis=-1, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))

    z = rng.normal(size=(6, 4))
    with np.errstate(all="ignore"):
        yield matches(answer, reference, (z,), "is right for everyday logits (n, C)")
        yield matches(answer, reference, (z[0],), "takes a single example (C,)")
        yield matches(answer, reference, (rng.normal(size=(2, 3, 4)),), "takes any shape in front")
        yield equal(answer(np.array([1000.0, 0.0])), [0.0, -1000.0], "is right for a logit of 1000", 1e-9)
        yield equal(answer(np.full(4, -1000.0)), np.full(4, -np.log(4)), "is right when all are -1000", 1e-9)
        masked = np.array([1.0, -np.inf, 2.0])
        kept = reference(masked[[0, 2]])
        yield equal(answer(masked), [kept[0], -np.inf, kept[1]], "leaves out a class at -∞", 1e-12)
        yield same_dtype(answer(z.astype("float32")), np.float32, "keeps float32")


@exercise("activations/softmax-backward", signature="softmax_backward(p, grad)")
def softmax_backward(answer, rng):
    """The gradient for the logits, from the softmax's output and the gradient for it."""

    def softmax(z):
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def by_jacobian(p, grad):
        jacobian = p[..., :, None] * (np.eye(p.shape[-1]) - p[..., None, :])  # (…, i, j)
        return (grad[..., None, :] @ jacobian)[..., 0, :]

    p, grad = softmax(rng.normal(size=(5, 4))), rng.normal(size=(5, 4))
    yield matches(answer, by_jacobian, (p, grad), "equals the product with the Jacobian")
    yield matches(answer, by_jacobian, (p[0], grad[0]), "takes a single example (C,)")
    yield equal(np.sum(answer(p, grad), axis=-1), np.zeros(5), "each row sums to 0", 1e-12)
    even = answer(p, np.ones((5, 4)))
    yield equal(even, np.zeros((5, 4)), "a gradient equal for all classes changes nothing", 1e-12)
    one = p[:1].repeat(2, axis=0)
    upstream = np.stack([np.eye(4)[0], np.zeros(4)])
    rows = np.asarray(answer(one, upstream))
    yield holds(np.abs(rows[1]).max() == 0, "the rows do not mix", "sum over the last axis only")


@exercise("activations/leaky-gain", signature="leaky_gain(slope)")
def leaky_gain(answer, rng):
    """The gain that keeps signals and gradients through a leaky ReLU."""
    yield equal(answer(0.0), np.sqrt(2), "slope 0 is ReLU: √2", 1e-12)
    yield equal(answer(1.0), 1.0, "slope 1 is no activation: 1", 1e-12)
    slope = float(rng.uniform(0.1, 0.5))
    z = rng.normal(size=1_000_000)
    kept = answer(slope) ** 2 * np.mean(np.where(z > 0, z, slope * z) ** 2)
    detail = f"with slope {slope:.2f} a layer multiplies the mean square by {kept:.3f}"
    yield holds(abs(kept - 1) < 0.01, "keeps the mean square of a signal", detail)
    yield equal(answer(slope), np.sqrt(2 / (1 + slope**2)), "is exact, not simulated", 1e-12)


@exercise("activations/two-gains", signature="two_gains(f, slope)")
def two_gains(answer, rng):
    """The gains that keep the mean square of signals, and of gradients, at z ~ N(0, 1)."""
    a = float(rng.uniform(0.5, 3))
    yield equal(answer(lambda z: a * z, lambda z: 0 * z + a), [1 / a, 1 / a], f"is 1/{a:.3g} for a·z", 1e-5)
    relu = answer(lambda z: np.maximum(0, z), lambda z: np.where(z > 0, 1.0, 0.0))
    yield equal(relu, [np.sqrt(2)] * 2, "is √2 for ReLU, both ways", 1e-3)
    tanh = answer(np.tanh, lambda z: 1 - np.tanh(z) ** 2)
    expected = [1.5925374197228312, 1.4674135916307964]
    yield equal(tanh, expected, "is 1.593 forward and 1.468 backward for tanh", 1e-3)
    square = answer(lambda z: z * z, lambda z: 2 * z)
    yield equal(square, [1 / np.sqrt(3), 0.5], "takes means of squares: 1/√3 and 1/2 for z²", 1e-3)


@exercise("activations/dead-units", signature="dead_units(a)")
def dead_units(answer, rng):
    """The indices of the units that are 0 for every example."""
    a = np.maximum(0, rng.normal(size=(200, 6)))
    yield equal(answer(a), np.zeros(0), "is empty when every unit is active somewhere")
    a[:, [1, 4]] = 0
    found = answer(a)
    yield equal(found, [1, 4], "finds the units that are always 0, in ascending order")
    yield holds(np.asarray(found).dtype.kind == "i", "returns integers", f"got {np.asarray(found).dtype}")
    a[150, 4] = 1e-9
    yield equal(answer(a), [1], "one example, however little, is enough to be alive")
    yield equal(answer(np.zeros((3, 2))), [0, 1], "finds all of a dead layer")


@exercise("activations/branch-scale", signature="branch_scale(depth, growth)")
def branch_scale(answer, rng):
    """The branch scale with which residual blocks multiply the mean square by a given growth."""
    yield equal(answer(1, 2.0), 1.0, "one block that doubles: 1", 1e-12)
    depth, growth = int(rng.integers(5, 40)), float(rng.uniform(1.5, 4))
    what = f"{depth} blocks multiply the mean square by {growth:.2f}"
    yield equal((1 + answer(depth, growth) ** 2) ** depth, growth, what, 1e-9)
    ratio = answer(400, 2.0) / answer(100, 2.0)
    detail = f"from 100 to 400 blocks it changes by a factor of {ratio:.3f}"
    yield holds(abs(ratio - 0.5) < 0.01, "four times the depth, half the scale", detail)
