"""Rows for what is no operation: recording on and off, default dtypes, seeds, `gradcheck`."""

import numpy as np

from nbcourse import scratch
from tests.scratch.rows import Row


def recorded(lib, x):
    """Which of a few results remember where they came from."""
    found = [lib.is_grad_enabled()]
    with lib.no_grad():
        found += [lib.is_grad_enabled(), (2 * x).requires_grad]
        with lib.enable_grad():
            found += [lib.is_grad_enabled(), (2 * x).requires_grad]
        with lib.set_grad_enabled(True):
            found.append((2 * x).requires_grad)
    with lib.set_grad_enabled(mode=False):
        found.append((2 * x).requires_grad)
    return [found.count(True), lib.tensor([float(f) for f in found]), 2 * x]


def defaults(lib):
    """New tensors under both defaults."""
    found = [lib.zeros(1)]
    lib.set_default_dtype(lib.float64)
    found += [lib.zeros(1), lib.tensor([1.5])]
    same = lib.get_default_dtype() == lib.float64
    lib.set_default_dtype(lib.float32)
    return [*found, same]


def of_dtype(lib, x):
    """What the result of an operation on two operands would be."""
    pairs = [(x, 2), (x, 2.5), (lib.ones(2).long(), 2.5), (lib.ones(2).long(), x)]
    return [lib.zeros(1, dtype=lib.result_type(a, b)) for a, b in pairs]


def through_relu(lib, x):
    """An infinite gradient where relu is flat comes back as 0."""
    return (lib.relu(x) * lib.tensor([lib.inf, lib.inf, 1.0, lib.nan], dtype=x.dtype)).sum()


def flattened_by_view(lib, x, weight):
    """The line of a thousand programs: convolve, pool, ``view``."""
    functional = lib.nn.functional
    features = functional.max_pool2d(functional.relu(functional.conv2d(x, weight)), 2)
    return features.view(-1, features.shape[1] * 4), features.view(2, -1)


ROWS = {
    "relu with an infinite gradient": Row(
        lambda lib, x: through_relu(lib, x - lib.tensor([9.0, -9.0, 0.0, 9.0], dtype=x.dtype)),
        [(4,)],
        differences=False,
    ),
    "view of a convolution": Row(flattened_by_view, [(2, 3, 6, 6), (4, 3, 3, 3)]),
    "constants": Row(lambda lib: [lib.pi, lib.e, lib.inf, lib.tensor(lib.nan).isnan()]),
    "recording": Row(recorded, [(3,)]),
    "default dtype": Row(defaults),
    "result type": Row(of_dtype, [(3,)], differences=False),
}


def seeded():
    """The same seed gives the same numbers."""
    scratch.manual_seed(3)
    first = scratch.rand(4)
    scratch.manual_seed(3)
    assert scratch.equal(first, scratch.rand(4))


def checked():
    """`gradcheck` agrees with a right gradient, and finds fault when nothing may differ."""
    x = scratch.tensor(np.array([0.3, 2.0]), requires_grad=True)
    assert scratch.gradcheck(scratch.exp, x, eps=1e-5, atol=1e-4, rtol=1e-2)
    try:
        scratch.gradcheck(scratch.exp, [x], eps=0.5, atol=1e-12, rtol=1e-12)
    except AssertionError:
        return
    raise AssertionError("a step of 0.5 was taken for exact")


def made():
    """A tensor by its class."""
    x = scratch.Tensor(np.ones(2), requires_grad=True)
    assert x.requires_grad and x.is_leaf


def calls():
    """Calls that torch has nothing to compare with."""
    yield "manual_seed", seeded
    yield "gradcheck", checked
    yield "Tensor", made
