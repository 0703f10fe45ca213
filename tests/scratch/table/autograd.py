"""Gradients that are returned, or sent to chosen inputs only."""

from nbcourse import scratch

from ..rows import Row


def recorded(lib, x):
    """A leaf, so that a call may differentiate by it again."""
    return x.detach().clone().requires_grad_()


def returned(lib, x, y):
    a, b = recorded(lib, x), recorded(lib, y)
    return lib.autograd.grad((a * b).exp().sum(), (a, b))


def of_results(lib, x):
    a = recorded(lib, x)
    middle = a * a
    found = lib.autograd.grad(
        outputs=[middle.sum(), middle * a], inputs=[middle, a], grad_outputs=[None, a.detach()]
    )
    assert a.grad is None and middle.grad_fn is not None
    return found


def twice(lib, x):
    a = recorded(lib, x)
    y = (a * a * a).sum()
    return lib.autograd.grad(y, a, retain_graph=True) + lib.autograd.grad(y, [a, a])


def unused(lib, x, y):
    a, b = recorded(lib, x), recorded(lib, y)
    z = (a * 2).sum()
    return (
        lib.autograd.grad(z, (a, b), retain_graph=True, allow_unused=True),
        lib.autograd.grad(z, (a, b), retain_graph=True, materialize_grads=True),
        lib.autograd.grad(z, a, None, None, False, True, None, False, False),
    )


def chosen(lib, x, y):
    a, b = recorded(lib, x), recorded(lib, y)
    middle = a * b
    (middle * a).sum().backward(inputs=[a, middle], retain_graph=True)
    middle.backward(gradient=lib.ones(3, dtype=x.dtype), inputs=a)
    assert b.grad is None
    return a.grad, middle.grad


def only_what_leads_there(lib, x):
    a = recorded(lib, x)
    kept = a.exp()
    found = lib.autograd.grad((kept * 2).sum(), kept)
    kept.sum().backward()  # what lies behind was not freed
    return found, a.grad


def same_output_twice(lib, x):
    a = recorded(lib, x)
    y = a * a
    return lib.autograd.grad([y, y], a, [lib.ones_like(y), a.detach()])


ROWS = {
    "grad": Row(returned, [(2, 3), (3,)], differences=False),
    "grad of results": Row(of_results, [(3,)], differences=False),
    "grad twice": Row(twice, [(3,)], differences=False),
    "grad unused": Row(unused, [(3,), (2,)], differences=False),
    "grad of a leaf": Row(
        lambda lib, x: lib.autograd.grad(*[recorded(lib, x)] * 2, lib.ones(3, dtype=x.dtype)),
        [(3,)],
        differences=False,
    ),
    "grad up to a result": Row(only_what_leads_there, [(3,)], differences=False),
    "grad of one output twice": Row(same_output_twice, [(3,)], differences=False),
    "backward inputs": Row(chosen, [(3,), (3,)], differences=False),
}


def leaf():
    return scratch.ones(2, requires_grad=True)


X = leaf()
NOT_BUILT = {
    "create_graph": (lambda: scratch.autograd.grad((X * 2).sum(), X, create_graph=True), "create_graph"),
    "only_inputs": (lambda: scratch.autograd.grad((X * 2).sum(), X, only_inputs=False), "only_inputs"),
    "is_grads_batched": (
        lambda: scratch.autograd.grad((X * 2).sum(), X, is_grads_batched=True),
        "is_grads_batched",
    ),
    "backward create_graph": (lambda: (X * 2).sum().backward(create_graph=True), "create_graph"),
}
BAD = {
    "no inputs": (
        lambda: scratch.autograd.grad((X * 2).sum(), []),
        RuntimeError,
        "at least one tensor in inputs",
    ),
    "no backward inputs": (
        lambda: (X * 2).sum().backward(inputs=[]),
        RuntimeError,
        "at least one tensor in inputs",
    ),
    "unused": (
        lambda: scratch.autograd.grad((X * 2).sum(), [X, leaf()]),
        RuntimeError,
        "index 1; allow_unused=True",
    ),
    "not recorded": (
        lambda: scratch.autograd.grad((X * 2).sum(), scratch.ones(2)),
        RuntimeError,
        "not require grad",
    ),
    "output not recorded": (
        lambda: scratch.autograd.grad(scratch.ones(()), X),
        RuntimeError,
        "not require grad",
    ),
    "several elements": (
        lambda: scratch.autograd.grad(X * 2, X),
        RuntimeError,
        r"scalar outputs, got shape \(2,\)",
    ),
    "weights": (
        lambda: scratch.autograd.grad(X * 2, X, scratch.ones(3)),
        ValueError,
        r"shape \(2,\), got \(3,\)",
    ),
    "number of weights": (
        lambda: scratch.autograd.grad([X * 2], X, [scratch.ones(2)] * 2),
        RuntimeError,
        "expected 1 grad_outputs, got 2",
    ),
}
