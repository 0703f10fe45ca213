"""The engine: order, accumulation, freeing, memory, gradient modes and writing in place."""

import copy
import gc
import pickle
import threading
import weakref

import numpy as np
import pytest
import torch

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.tensor.engine import unbroadcast

from .helpers import assert_same


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def leaf(*values):
    return scratch.tensor(values, requires_grad=True, dtype=scratch.float64)


@pytest.mark.parametrize("shape", [(), (3,), (1, 3), (2, 1), (2, 3), (1, 1), (1,)])
def test_unbroadcast_undoes_broadcasting(shape):
    grad = np.random.default_rng(0).standard_normal((4, 2, 3))
    t = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    t.expand(4, 2, 3).backward(torch.tensor(grad))
    np.testing.assert_allclose(unbroadcast(grad, shape), t.grad, rtol=1e-12)


def test_a_chain_of_100000_steps_works_and_is_freed():
    x = scratch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(100_000):
        y = y + 1
    y.backward()
    assert y.item() == 100_001 and x.grad.item() == 1


def test_a_chain_of_100000_steps_can_be_dropped_without_backward():
    x = scratch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(100_000):
        y = y * 1.0
    end = weakref.ref(y)
    del y
    assert end() is None


def test_gradients_add_up_over_backward_calls_and_detached():
    x = leaf(1.0, 2.0)
    for _ in range(2):
        (x * x).sum().backward()
    assert x.grad.tolist() == [4, 8]
    assert not x.grad.requires_grad and x.grad.is_leaf


def test_a_diamond_passes_each_operation_once():
    calls = []
    x = leaf(2.0)
    y = scratch.Tensor._result(x.data * 1, (x,), lambda grad: (calls.append(1), grad)[1:])
    (y * y + y).sum().backward()
    assert len(calls) == 1 and x.grad.tolist() == [5]


def test_backward_of_a_leaf_copies_the_gradient():
    x, gradient = leaf(1.0, 2.0), np.array([3.0, 4.0])
    x.backward(gradient)
    gradient[:] = 0
    assert x.grad.tolist() == [3, 4]


def test_gradients_of_two_leaves_do_not_share_memory():
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    (a + b).backward(scratch.ones(2))
    a.grad.zero_()
    assert b.grad.tolist() == [1, 1]


def test_backward_needs_a_scalar_or_a_gradient():
    x = leaf(1.0, 2.0)
    with pytest.raises(RuntimeError, match=r"only for scalar outputs, got shape \(2,\)"):
        (x * 2).backward()
    with pytest.raises(ValueError, match=r"gradient of shape \(2,\), got \(3,\)"):
        (x * 2).backward(np.ones(3))
    with pytest.raises(RuntimeError, match="does not require grad"):
        scratch.ones(1).backward()
    with pytest.raises(NotImplementedError, match="create_graph"):
        (x * 2).sum().backward(create_graph=True)
    (x * 2)[:1].backward()  # one element is enough, as in torch
    assert x.grad.tolist() == [2, 0]


def test_a_graph_is_freed_unless_it_is_retained():
    x = leaf(3.0)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.tolist() == [12]
    with pytest.raises(RuntimeError, match="a second time"):
        y.backward()
    assert x.grad.tolist() == [12]


def test_a_freed_part_of_a_graph_is_noticed_before_anything_is_added():
    x = leaf(3.0)
    y = x * x
    (y * 2).sum().backward()
    with pytest.raises(RuntimeError, match="a second time"):
        (y * 3 + x).sum().backward()
    assert x.grad.tolist() == [12]


def test_gradients_of_results_are_kept_on_request():
    x = leaf(3.0)
    y = x * 2
    with pytest.warns(UserWarning, match="retain_grad"):
        assert y.grad is None
    y.retain_grad()
    (y * y).sum().backward()
    assert y.grad.tolist() == [12] and x.grad.tolist() == [24]
    with pytest.raises(RuntimeError, match="requires a gradient"):
        scratch.ones(1).retain_grad()


@pytest.mark.parametrize("mode", [scratch.no_grad, scratch.no_grad(), lambda f: scratch.no_grad()(f)])
def test_no_graph_is_kept_without_gradients(mode):
    x = leaf(1.0, 2.0)
    y = mode(lambda: x * 2)()
    assert not y.requires_grad and y.grad_fn is None and scratch.is_grad_enabled()
    assert (scratch.ones(2) * 2).grad_fn is None


def test_gradient_modes_nest_and_end_with_exceptions():
    with scratch.no_grad():
        with scratch.enable_grad():
            assert scratch.is_grad_enabled()
        with scratch.set_grad_enabled(True):
            assert scratch.is_grad_enabled()
        assert not scratch.is_grad_enabled()
    with pytest.raises(KeyError), scratch.no_grad():
        raise KeyError
    assert scratch.is_grad_enabled()
    scratch.set_grad_enabled(False)
    assert not scratch.is_grad_enabled()
    scratch.set_grad_enabled(True)


def test_gradient_modes_belong_to_their_thread():
    seen = []
    with scratch.no_grad():
        thread = threading.Thread(target=lambda: seen.append(scratch.is_grad_enabled()))
        thread.start()
        thread.join()
    assert seen == [True]


OPERATIONS = [
    lambda x: x + 1,
    lambda x: x * x / (x + 9),
    lambda x: x**3,
    lambda x: scratch.exp(x).log().sqrt().tanh().sigmoid().relu(),
    lambda x: x.softmax(0).log_softmax(-1).max(0).values,
    lambda x: x.std() + x.var() + x.mean() + x.amax(),
    lambda x: x[[0, 1, 1]][1:].reshape(1, -1).T.expand(-1, 3),
    lambda x: scratch.cat([x, scratch.stack([x, x]).flatten()]) @ scratch.ones(6),
    lambda x: scratch.where(x > 1, x, 2).clamp(0, 1).maximum(x),
    lambda x: nn.functional.leaky_relu(x).double(),
    lambda x: nn.functional.cross_entropy(x, 1),
    lambda x: nn.functional.linear(x, scratch.ones(3, 2), scratch.ones(3)),
    lambda x: nn.functional.binary_cross_entropy(x.sigmoid(), scratch.ones(2)),
    lambda x: nn.functional.binary_cross_entropy_with_logits(x, scratch.ones(2)),
    lambda x: nn.functional.mse_loss(x, scratch.ones(2)),
    lambda x: nn.functional.nll_loss(x, 0),
]


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_memory_is_freed_without_the_garbage_collector(operation, backward, no_collector):
    x = scratch.tensor([1.0, 2.0], requires_grad=True)
    middle = x * 1
    y = operation(middle)
    references = [weakref.ref(t) for t in (middle, y)] + [weakref.ref(middle.data)]
    if backward:
        y.backward(np.ones(y.shape))
    del middle, y
    assert [r() for r in references] == [None] * 3


def test_backward_frees_saved_arrays_while_the_result_lives(no_collector):
    x = scratch.tensor([1.0, 2.0], requires_grad=True)
    middle = x * 1
    saved = weakref.ref(middle.data)
    loss = (middle * middle).sum()
    del middle
    assert saved() is not None
    loss.backward()
    assert saved() is None and loss.item() == 5


# --- writing in place


def test_a_step_under_no_grad_changes_the_leaf_itself():
    w = leaf(1.0, 2.0)
    same, memory = w, w.data
    (w * w).sum().backward()
    with scratch.no_grad():
        w -= 0.5 * w.grad
    assert w is same and w.data is memory and w.tolist() == [0, 0]
    assert w.requires_grad and w.is_leaf
    with scratch.no_grad():
        w[...] = 7
        w[0] = scratch.tensor(3.0)
    assert w.tolist() == [3, 7]


WRITES = {
    "+=": lambda w: w.__iadd__(1),
    "-=": lambda w: w.__isub__(1),
    "*=": lambda w: w.__imul__(2),
    "/=": lambda w: w.__itruediv__(2),
    "[]=": lambda w: w.__setitem__(0, 1),
    "add_": lambda w: w.add_(1, alpha=2),
    "sub_": lambda w: w.sub_(1),
    "mul_": lambda w: w.mul_(2),
    "div_": lambda w: w.div_(2),
    "fill_": lambda w: w.fill_(1),
    "zero_": lambda w: w.zero_(),
    "copy_": lambda w: w.copy_(w.detach() * 3),
}


@pytest.mark.parametrize("name", WRITES)
def test_writes_match_torch(name):
    for lib in (scratch, torch):
        w = lib.tensor([1.0, 2.0], requires_grad=True)
        with pytest.raises(RuntimeError, match=r"a (leaf Variable|view of a leaf)"):
            WRITES[name](w)
        assert w.tolist() == [1, 2]
    w, t = scratch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0])
    WRITES[name](w)
    WRITES[name](t)
    assert_same(w, t)


def test_recorded_results_are_not_written():
    x = leaf(1.0, 2.0)
    y = x * 2
    z = y
    y += 1  # a new tensor: what z holds stays
    assert z.tolist() == [2, 4] and y.tolist() == [3, 5]
    for name in ("add_", "sub_", "mul_", "div_"):
        with pytest.raises(NotImplementedError, match=rf"^{name}: writing .*; write y = y . x$"):
            WRITES[name](z)
    out = scratch.zeros(2, dtype=scratch.float64)
    with pytest.raises(NotImplementedError, match="stack"):
        out[0] = x[0]
    with scratch.no_grad():
        out[0] = x[0]
    assert out.tolist() == [1, 0] and z.tolist() == [2, 4]


def test_a_write_must_fit():
    w = scratch.zeros(2, dtype=scratch.int64)
    with pytest.raises(RuntimeError, match="float32 cannot be written into a tensor of int64"):
        w += 0.5
    for divide in (lambda: w.div_(2), lambda: w.__itruediv__(2)):
        with pytest.raises(RuntimeError, match="float32 cannot be written into a tensor of int64"):
            divide()
    w += 2
    assert w.dtype == scratch.int64 and w.tolist() == [2, 2]
    with pytest.raises(ValueError, match=r"broadcasts to shape \(2,\), got shape \(3, 2\)"):
        w += scratch.zeros(3, 2, dtype=scratch.int64)
    with pytest.raises(ValueError, match="broadcast"):
        w[:] = [1, 2, 3]


@pytest.mark.parametrize(
    "operation, needed",
    [
        (lambda w: w * w, True),
        (lambda w: scratch.ones(3, 2) @ w[None].T, True),  # through a view
        (lambda w: w.exp(), False),  # needs its result only
        (lambda w: w + 1, False),
        (lambda w: nn.functional.linear(scratch.ones(2, requires_grad=True), w[None]), True),
    ],
)
def test_a_value_overwritten_before_backward_is_noticed(operation, needed):
    w = scratch.tensor([1.0, 2.0], requires_grad=True)
    y = operation(w).sum()
    with scratch.no_grad():
        w += 1
    if needed:
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            y.backward()
    else:
        y.backward()


def test_an_overwritten_result_is_noticed():
    w = leaf(1.0)
    y = w.exp()
    with scratch.no_grad():
        y += 1
    with pytest.raises(RuntimeError, match="ExpBackward0"):
        y.sum().backward()


def test_an_optimiser_step_between_forward_and_backward_is_noticed():
    w = leaf(1.0)
    optimizer = scratch.optim.SGD([w], lr=1.0)
    y = (w * w).sum()
    y.backward(retain_graph=True)
    optimizer.step()
    with pytest.raises(RuntimeError, match="inplace"):
        y.backward()


# --- copies


def test_copies_are_independent():
    w = leaf(1.0)
    (w * 2).sum().backward()
    for twin in (copy.deepcopy(w), pickle.loads(pickle.dumps(w))):
        assert twin.requires_grad and twin.tolist() == [1] and twin.grad.tolist() == [2]
        assert not np.shares_memory(twin.data, w.data)
    with pytest.raises(RuntimeError, match="leaf"):
        copy.deepcopy(w * 2)


def test_gradcheck_names_what_is_wrong():
    def wrong(x, y):
        return scratch.Tensor._result(x.data * y.data, (x, y), lambda g: (g * y.data, g * x.data * 2))

    inputs = [leaf(1.0, 2.0), leaf(3.0, 4.0)]
    with pytest.raises(AssertionError, match=r"input 1, index \(0,\): backward gives .* finite differences"):
        scratch.gradcheck(wrong, inputs)
    assert inputs[0].grad is None and inputs[0].tolist() == [1, 2]
    with pytest.raises(ValueError, match="float32"):
        scratch.gradcheck(scratch.exp, scratch.ones(2, requires_grad=True))
    with pytest.raises(ValueError, match="require a gradient"):
        scratch.gradcheck(scratch.exp, scratch.ones(2, dtype=scratch.float64))
    with pytest.raises(AssertionError, match="input 0"):  # cut off from its input
        scratch.gradcheck(lambda x: x.detach() * 2, leaf(1.0))
