"""Wrong answers to chapter 3's exercises fail, each at the property that it lacks."""

import numpy as np
import pytest

from nbcourse import scratch
from nbcourse.checks import evaluate, exercises
from nbcourse.scratch.nn import functional as F
from nbcourse.scratch.scalar import Value


def sigmoid_that_overflows(x):
    a = 1 / (1 + 2.718281828459045**-x.data)
    return Value(a, x, a * (1 - a))


def sigmoid_without_slope(x):
    return Value(1 / (1 + np.exp(-x.data)), x, 1.0)


def last_write_wins(grad, index, rows):
    table = np.zeros((rows, grad.shape[1]))
    table[index] += grad
    return table


def mean_of_uses(grad, index, rows):
    table = np.zeros((rows, grad.shape[1]))
    np.add.at(table, index, grad)
    return table / np.maximum(np.bincount(index, minlength=rows), 1)[:, None]


def central_difference(f, x):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


def complex_answer(f, x):
    return f(x + 1e-100j) / 1e-100j


def plain_momentum(w, g, state, lr, mu=0.9):
    state["v"] = mu * state.get("v", 0) + g
    return w - lr * state["v"]


def with_the_old_velocity(w, g, state, lr, mu=0.9):
    before = state.get("v", 0)
    state["v"] = mu * before + g
    return w - lr * (g + mu * before)


def without_reset(loss_of, start, lr, steps):
    w, losses = scratch.tensor(start, requires_grad=True), []
    for _ in range(steps):
        loss = loss_of(w)
        losses.append(loss.item())
        loss.backward()
        with scratch.no_grad():
            w -= lr * w.grad
    return np.array(losses)


def broadcast_error(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def silent_error(predictions, targets):
    n = min(predictions.numel(), targets.numel())
    return ((predictions.flatten()[:n] - targets.flatten()[:n]) ** 2).mean()


def order_of(number):
    order, seen = [], set()

    def visit(n):
        if n not in seen:
            seen.add(n)
            for parent, _ in n.parents:
                visit(parent)
            order.append(n)

    visit(number)
    return order


def overwriting(number):
    order = order_of(number)
    number.grad = 1.0
    for n in reversed(order):
        for parent, local in n.parents:
            parent.grad = n.grad * local


def breadth_first(number):
    number.grad, queue, seen = 1.0, [number], set()
    while queue:
        n = queue.pop(0)
        if n in seen:
            continue
        seen.add(n)
        for parent, local in n.parents:
            parent.grad += n.grad * local
            queue.append(parent)


def every_path(number, derivative=1.0):
    number.grad += derivative
    for parent, local in number.parents:
        every_path(parent, derivative * local)


def update_too_early(X, y, W1, W2, lr):
    H = np.tanh(X @ W1.T)
    G = 2 * (H @ W2.T - y) / len(X)
    W2 = W2 - lr * G.T @ H
    return W1 - lr * ((G @ W2) * (1 - H**2)).T @ X, W2


def without_the_activations_slope(X, y, W1, W2, lr):
    H = np.tanh(X @ W1.T)
    G = 2 * (H @ W2.T - y) / len(X)
    return W1 - lr * (G @ W2).T @ X, W2 - lr * G.T @ H


def in_place(X, y, W1, W2, lr):
    H = np.tanh(X @ W1.T)
    G = 2 * (H @ W2.T - y) / len(X)
    dW1 = ((G @ W2) * (1 - H**2)).T @ X
    W2 -= lr * G.T @ H
    W1 -= lr * dW1
    return W1, W2


def log_of_softmax(logits, classes):
    p = F.softmax(logits, dim=1)
    return F.nll_loss(scratch.log(p + 1e-9), classes)


WRONG = [
    ("by-hand", (-6, -6, 6), "∂L/∂q: the sum over both ways back, by u and by v"),
    ("by-hand", -18, "gives three derivatives: by p, by q, by r"),
    ("sigmoid", lambda x: 1 / (1 + np.exp(-x.data)), "returns a Value"),
    ("sigmoid", sigmoid_without_slope, "the derivative at 0.00"),
    ("sigmoid", sigmoid_that_overflows, "is 0 at −1000, with slope 0"),
    ("lookup", last_write_wins, "equals finite differences when rows come several times"),
    ("lookup", mean_of_uses, "a row that is used fifty times gets the sum of fifty gradients"),
    ("lookup", lambda grad, index, rows: grad, "has the shape of the table"),
    ("complex-step", central_difference, "the derivative of exp to 12 digits"),
    ("complex-step", complex_answer, "returns real numbers for sin"),
    ("nesterov", plain_momentum, "the first step is (1 + μ) η g long"),
    ("nesterov", with_the_old_velocity, "twenty steps are PyTorch's, for μ = 0.5"),
    ("bug-swings", without_reset, "the loss falls at every step"),
    ("bug-average", broadcast_error, "is right for predictions (n, 1) and targets (n,)"),
    ("bug-average", silent_error, "raises ValueError for 6 and 4"),
    ("bug-half", overwriting, "x · x has the slope 2x"),
    ("bug-half", breadth_first, "arms of different lengths"),
    ("bug-half", every_path, "goes over each number once: 200 doublings take no time"),
    ("bug-order", update_too_early, "rate 0.3: the first layer follows its gradient"),
    ("bug-order", update_too_early, "the gradient of the first layer does not depend on the rate"),
    ("bug-order", without_the_activations_slope, "rate 0.001: the first layer follows its gradient"),
    ("bug-order", in_place, "leaves its inputs as they were"),
    ("bug-floor", lambda z, y: F.cross_entropy(F.softmax(z, dim=1), y), "the value is right"),
    ("bug-floor", log_of_softmax, "is 100 when it is wrong by 100"),
    ("bug-floor", lambda z, y: F.cross_entropy(z.detach(), y), "the gradient by the logits is right"),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"backpropagation/{name}", answer)
    assert result.attempted and not result.passed
    sentences = [failure.sentence for failure in result.failures]
    assert any(lacking in sentence for sentence in sentences), str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"backpropagation/{name}" for name, *_ in WRONG} == set(exercises("backpropagation"))
