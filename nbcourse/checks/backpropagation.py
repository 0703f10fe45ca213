"""The exercises of chapter 3."""

import numpy as np

from nbcourse.checks.properties import equal, holds, is_type, matches, raises, same_gradients, same_shape
from nbcourse.checks.registry import exercise


@exercise("backpropagation/by-hand")
def by_hand(answer, rng):
    """The derivatives of (p + q)(q r) by p, q and r at (1, 2, −3)."""
    three = isinstance(answer, tuple | list | np.ndarray) and len(answer) == 3
    yield holds(three, "gives three derivatives: by p, by q, by r", f"got {answer!r}"[:80])
    if three:
        yield equal(answer[0], -6, "∂L/∂p: from L to u to p", 1e-9)
        yield equal(answer[1], -15, "∂L/∂q: the sum over both ways back, by u and by v", 1e-9)
        yield equal(answer[2], 6, "∂L/∂r: from L to v to r", 1e-9)


@exercise("backpropagation/sigmoid", signature="sigmoid_of_value(x)")
def sigmoid(answer, rng):
    """The sigmoid as an operation of the scalar engine."""
    from nbcourse.scratch.scalar import Value

    def slope_at(z):
        x = Value(z)
        result = answer(x)
        result.backward()
        return result.data, x.grad

    yield is_type(answer(Value(0.3)), Value, "returns a Value")
    for z in (0.0, *rng.uniform(-4, 4, 3)):
        right = 1 / (1 + np.exp(-z))
        value, slope = slope_at(float(z))
        yield equal(value, right, f"the result at {z:.2f}", 1e-12)
        yield equal(slope, right * (1 - right), f"the derivative at {z:.2f}", 1e-12)
    yield "is 1 at 1000, with slope 0", lambda: slope_at(1000.0) == (1.0, 0.0)
    yield "is 0 at −1000, with slope 0", lambda: slope_at(-1000.0) == (0.0, 0.0)
    x = Value(0.7)
    (answer(x) * answer(x)).backward()
    a = 1 / (1 + np.exp(-0.7))
    yield equal(x.grad, 2 * a * a * (1 - a), "derivatives flow through it, and add up", 1e-12)
    yield equal(x.data, 0.7, "leaves its input as it was")


@exercise("backpropagation/lookup", signature="lookup_backward(grad, index, rows)")
def lookup(answer, rng):
    """The gradient of a table of which rows were looked up, some of them several times."""
    grad = rng.normal(size=(4, 3))
    once = answer(grad, np.array([4, 0, 2, 1]), 6)
    yield same_shape(once, (6, 3), "has the shape of the table")
    expected = np.zeros((6, 3))
    expected[[4, 0, 2, 1]] = grad
    yield equal(once, expected, "rows that are used once get their gradient, unused rows 0", 1e-12)
    index, grad = rng.integers(0, 3, 9), rng.normal(size=(9, 2))
    numeric = _numeric_gradient(lambda W: np.sum(W[index] * grad), rng.normal(size=(5, 2)))
    yield equal(
        answer(grad, index, 5), numeric, "equals finite differences when rows come several times", 1e-7
    )
    all_ones = answer(np.ones((50, 1)), np.zeros(50, dtype=int), 1)
    yield equal(all_ones, [[50.0]], "a row that is used fifty times gets the sum of fifty gradients", 1e-12)


@exercise("backpropagation/complex-step", signature="complex_step(f, x)")
def complex_step(answer, rng):
    """Derivatives without subtraction, from a step along the imaginary axis."""
    x = rng.uniform(0.5, 2, size=(3, 4))
    for name, f, slope in [
        ("sin", np.sin, np.cos),
        ("exp", np.exp, np.exp),
        ("x³ log x", lambda t: t**3 * np.log(t), lambda t: 3 * t**2 * np.log(t) + t**2),
    ]:
        found = answer(f, x)
        yield holds(not np.iscomplexobj(found), f"returns real numbers for {name}", "take the imaginary part")
        yield equal(np.real(found), slope(x), f"the derivative of {name} to 12 digits", 1e-11)
    yield equal(
        np.real(answer(np.tanh, np.array(0.3))), 1 - np.tanh(0.3) ** 2, "takes a single number", 1e-13
    )


@exercise("backpropagation/nesterov", signature="nesterov(w, g, state, lr, mu=0.9)", in_place=("state",))
def nesterov(answer, rng):
    """Momentum that steps along g + μ v with the new v."""
    w, state = np.array([1.0, -2.0]), {}
    first = answer(w, w, state, 0.1)
    yield equal(first, w - 0.1 * 1.9 * w, "the first step is (1 + μ) η g long", 1e-12)
    yield equal(state.get("v"), w, 'keeps the velocity in state["v"]', 1e-12)
    for mu in (0.5, 0.9):
        ours, theirs = _two_descents(answer, mu, rng)
        yield equal(ours, theirs, f"twenty steps are PyTorch's, for μ = {mu}", 1e-10)


def _two_descents(rule, mu, rng, steps=20):
    """Twenty steps on a bowl, by the rule and by PyTorch's SGD with nesterov=True."""
    import torch

    curvature, w, state = rng.uniform(0.5, 3, 4), np.ones(4), {}
    theirs = torch.ones(4, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.SGD([theirs], lr=0.05, momentum=mu, nesterov=True)
    for _ in range(steps):
        w = rule(w, curvature * w, state, 0.05, mu)
        optimiser.zero_grad()
        (torch.tensor(curvature) * theirs**2 / 2).sum().backward()
        optimiser.step()
    return w, theirs.detach().numpy()


@exercise("backpropagation/bug-swings", signature="descend_mended(loss_of, start, lr, steps)")
def bug_swings(answer, rng):
    """Gradient descent that sets the gradient back before each step."""
    curvature = np.array([1.0, 3.0])

    def loss_of(w):
        return (w**2 * curvature).sum() / 2

    losses = np.asarray(answer(loss_of, [1.0, -1.0], 0.2, 30))
    yield same_shape(losses, (30,), "returns a loss for each step")
    yield equal(losses[0], 2.0, "the first loss is the one at the start", 1e-6)
    yield holds(np.all(np.diff(losses) < 0), "the loss falls at every step", _first_rise(losses))
    t = np.arange(30)[:, None]
    exact = np.sum(curvature * (1 - 0.2 * curvature) ** (2 * t), axis=1) / 2
    yield equal(losses, exact, "each step is −η times the gradient at that point alone", 1e-5)
    again = np.asarray(answer(loss_of, [1.0, -1.0], 0.2, 30))
    yield equal(again, losses, "a second descent repeats the first")


def _first_rise(losses):
    rises = np.flatnonzero(np.diff(losses) >= 0)
    return f"it rises after step {rises[0] + 1}" if len(rises) else ""


@exercise("backpropagation/bug-average", signature="squared_error_mended(predictions, targets)")
def bug_average(answer, rng):
    """A mean squared error that pairs each prediction with its own target."""
    from nbcourse import scratch

    p, t = rng.normal(size=6), rng.normal(size=6)
    right = np.mean((p - t) ** 2)
    column, flat, targets = (scratch.tensor(a) for a in (p[:, None], p, t))
    yield equal(answer(column, targets), right, "is right for predictions (n, 1) and targets (n,)", 1e-6)
    yield equal(answer(flat, targets), right, "is right for (n,) and (n,)", 1e-6)
    both = scratch.tensor(t[:, None])
    yield equal(answer(column, both), right, "is right for (n, 1) and (n, 1)", 1e-6)
    yield equal(answer(column, scratch.tensor(p)), 0.0, "is 0 when every prediction is right", 1e-12)
    leaf = scratch.tensor(p[:, None], requires_grad=True)
    answer(leaf, targets).backward()
    slope = 2 * (p - t)[:, None] / 6
    yield equal(leaf.grad, slope, "sends each prediction the slope of its own error", 1e-6)
    yield raises(ValueError, answer, column, targets[:4], what="raises ValueError for 6 and 4")
    yield raises(ValueError, answer, column, targets[:1], what="raises ValueError for 6 and 1")


class _Node:
    """What an engine for numbers walks over."""

    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents

    def __add__(self, other):
        return _Node(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        return _Node(self.data * other.data, [(self, other.data), (other, self.data)])


@exercise("backpropagation/bug-half", signature="walk_mended(number)")
def bug_half(answer, rng):
    """A walk back over the graph that adds what arrives over several arrows."""

    def slopes(function, *values):
        leaves = [_Node(v) for v in values]
        answer(function(*leaves))
        return [leaf.grad for leaf in leaves]

    yield equal(slopes(lambda w, x, b: w * x + b, 3.0, -2.0, 1.0), [-2, 3, 1], "w · x + b", 1e-12)
    yield equal(slopes(lambda x: x * x, -2.0), [-4], "x · x has the slope 2x", 1e-12)
    yield equal(slopes(lambda x: x + x + x, 5.0), [3], "x + x + x has the slope 3", 1e-12)
    arms = slopes(_arms_of_different_lengths, 2.0, 1.0)
    yield equal(arms, [28, 28], "arms of different lengths: s + s · s · s, with s = x + y", 1e-12)
    shared = slopes(lambda x, y: (x + y) * (x + y) * x, 1.0, 2.0)
    yield equal(shared, [15, 6], "a sum that is used twice: (x + y) · (x + y) · x", 1e-12)
    yield "goes over each number once: 200 doublings take no time", lambda: _doubled(answer) == 2.0**200


def _arms_of_different_lengths(x, y):
    s = x + y
    return s + s * s * s


def _doubled(walk, times=200):
    """The derivative of x that was doubled so many times; stops a walk that takes every path."""
    visits = 0

    class Watched(_Node):
        @property
        def parents(self):
            nonlocal visits
            visits += 1
            if visits > 100 * times:
                raise RuntimeError("it walks the same numbers again and again")
            return self._parents

        @parents.setter
        def parents(self, pairs):
            self._parents = pairs

        def __add__(self, other):
            return Watched(self.data + other.data, [(self, 1.0), (other, 1.0)])

    x = y = Watched(1.0)
    for _ in range(times):
        y = y + y
    walk(y)
    return x.grad


@exercise("backpropagation/bug-order", signature="step_mended(X, y, W1, W2, lr)")
def bug_order(answer, rng):
    """One step of a tanh network: first all gradients, then all updates."""
    X, y = rng.normal(size=(8, 3)), rng.normal(size=(8, 1))
    W1, W2 = rng.normal(size=(4, 3)), rng.normal(size=(1, 4))

    def loss(first, second):
        return np.mean((np.tanh(X @ first.T) @ second.T - y) ** 2)

    by_first = _numeric_gradient(lambda W: loss(W, W2), W1)
    by_second = _numeric_gradient(lambda W: loss(W1, W), W2)
    for lr in (0.001, 0.3):
        new1, new2 = answer(X, y, W1, W2, lr)
        yield equal((W2 - new2) / lr, by_second, f"rate {lr}: the second layer follows its gradient", 1e-6)
        yield equal((W1 - new1) / lr, by_first, f"rate {lr}: the first layer follows its gradient", 1e-6)
    small = (W1 - answer(X, y, W1, W2, 0.01)[0]) / 0.01
    large = (W1 - answer(X, y, W1, W2, 1.0)[0]) / 1.0
    yield equal(small, large, "the gradient of the first layer does not depend on the rate", 1e-9)


@exercise("backpropagation/bug-floor", signature="cross_entropy_mended(logits, classes)")
def bug_floor(answer, rng):
    """Cross-entropy with one softmax, not two."""
    from nbcourse import scratch
    from nbcourse.scratch.nn import functional

    logits, classes = rng.normal(size=(6, 10)), scratch.tensor(rng.integers(0, 10, 6))

    def value(array, labels):
        return answer(scratch.tensor(array), scratch.tensor(labels)).item()

    def reference(z):
        return functional.cross_entropy(z, classes)

    yield matches(
        lambda z: answer(z, classes), reference, (scratch.tensor(logits),), "the value is right", 1e-6
    )
    yield same_gradients(
        lambda z: answer(z, classes), reference, [logits], rng, "the gradient by the logits is right", 1e-6
    )
    sure = np.full((1, 10), -50.0)
    sure[0, 3] = 50.0
    yield equal(value(sure, [3]), 0.0, "is 0 when the network is sure and right", 1e-12)
    yield equal(value(sure, [4]), 100.0, "is 100 when it is wrong by 100", 1e-4)
    yield equal(value(np.zeros((1, 10)), [0]), np.log(10), "is log 10 when it knows nothing", 1e-6)


def _numeric_gradient(function, x, h=1e-6):
    """Central differences of a function of one array."""
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = h
        gradient[i] = (function(x + step) - function(x - step)) / (2 * h)
    return gradient
