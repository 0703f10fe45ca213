"""Making tensors at random; all draw from the engine's one generator (`random`)."""

import numpy as np

from .. import random
from . import dtypes
from .arguments import not_built, operation, sized, sizes
from .core import Tensor
from .creation import float_dtype, plainly
from .rounding import flat

__all__ = [
    "normal",
    "rand",
    "rand_like",
    "randint",
    "randint_like",
    "randn",
    "randn_like",
    "randperm",
]


@sized
def rand(
    *size,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    pin_memory=False,
):
    """Return values spread evenly over [0, 1)."""
    plainly("rand", device, layout=layout, pin_memory=pin_memory, generator=generator)
    return Tensor(random.uniform(0, 1, sizes(size), float_dtype(dtype)), requires_grad)


@sized
def randn(
    *size,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    pin_memory=False,
):
    """Return values from the standard normal distribution."""
    plainly("randn", device, layout=layout, pin_memory=pin_memory, generator=generator)
    return Tensor(random.normal(0, 1, sizes(size), float_dtype(dtype)), requires_grad)


@operation
def rand_like(
    input,
    *,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
):
    """Return values spread evenly over [0, 1) with the shape and dtype of ``input``."""
    plainly("rand_like", device, layout=layout, memory_format=memory_format)
    dtype = input.dtype if dtype is None else dtype
    return rand(
        input.shape, generator=generator, dtype=dtype, requires_grad=requires_grad
    )


@operation
def randn_like(
    input,
    *,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
):
    """Return standard normal values with the shape and dtype of ``input``."""
    plainly("randn_like", device, layout=layout, memory_format=memory_format)
    dtype = input.dtype if dtype is None else dtype
    return randn(
        input.shape, generator=generator, dtype=dtype, requires_grad=requires_grad
    )


def randint(
    low=0,
    high=None,
    size=None,
    *,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
):
    """Return int64 values from ``low`` to ``high`` - 1.

    ``randint(10, (2, 3))`` begins at 0. Raises ValueError unless low < high.
    """
    plainly("randint", device, layout=layout, generator=generator)
    if isinstance(high, (tuple, list)):  # randint(high, size)
        low, high, size = 0, low, high
    elif high is None:  # randint(high, size=size)
        low, high = 0, low
    if size is None:
        raise TypeError("randint: expected a size, got None")
    if low >= high:
        raise ValueError(f"randint: expected low < high, got {low} and {high}")
    dtype = dtypes.int64 if dtype is None else dtypes.as_dtype(dtype)
    values = random.integers(low, high, sizes((size,)))
    return Tensor(values.astype(dtype), requires_grad)


@operation
def randint_like(
    input,
    low=0,
    high=None,
    *,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
):
    """Return values from ``low`` to ``high`` - 1 with the shape and dtype of ``input``.

    ``randint_like(x, 10)`` begins at 0.
    """
    plainly("randint_like", device, layout=layout, memory_format=memory_format)
    return randint(
        low,
        high,
        size=input.shape,
        generator=generator,
        dtype=input.dtype if dtype is None else dtype,
        requires_grad=requires_grad,
    )


def randperm(
    n,
    *,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    pin_memory=False,
):
    """Return the integers 0 … n - 1 in random order."""
    plainly("randperm", device, layout=layout, pin_memory=pin_memory)
    not_built("randperm", generator=generator)
    (count,) = sizes((n,))
    dtype = dtypes.int64 if dtype is None else dtypes.as_dtype(dtype)
    return Tensor(random.permutation(count).astype(dtype), requires_grad)


@operation
def normal(
    mean,
    std=1.0,
    size=None,
    *,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    pin_memory=False,
):
    """Return values from the normal distribution N(mean, std²).

    ``mean`` and ``std`` are tensors, one for each value, or numbers; two numbers need a
    ``size``. The derivative by mean and std is 0, as in torch.
    """
    plainly("normal", device, layout=layout, pin_memory=pin_memory, generator=generator)
    given = [value for value in (mean, std) if isinstance(value, Tensor)]
    if bool(given) == (size is not None):
        raise TypeError(f"normal: expected tensors or a size, got size={size}")
    dtype = float_dtype(given[0].dtype if given and dtype is None else dtype)
    centre, spread = (x.data if isinstance(x, Tensor) else x for x in (mean, std))
    if np.any(np.less(spread, 0)):
        raise ValueError(f"normal: expected std of at least 0, got {np.min(spread)}")
    shape = np.broadcast_shapes(*[x.shape for x in given]) if given else sizes((size,))
    values = random.normal(centre, spread, shape, dtype)
    return flat(values, *given) if given else Tensor(values, requires_grad)
