"""Making tensors: from numbers and arrays, constant, in sequence, at random."""

import numpy as np

from .. import random
from . import dtypes
from .arguments import cpu_only, not_built, operation, sizes
from .core import Tensor

__all__ = [
    "arange",
    "as_tensor",
    "empty",
    "eye",
    "from_numpy",
    "full",
    "full_like",
    "linspace",
    "ones",
    "ones_like",
    "rand",
    "rand_like",
    "randint",
    "randn",
    "randn_like",
    "randperm",
    "tensor",
    "zeros",
    "zeros_like",
]


def tensor(data, requires_grad=False, dtype=None, device=None):
    """Return a new tensor with a copy of ``data``.

    That is a number, nested lists, an array or a tensor. Arrays and tensors keep their
    dtype; Python floats get the default one (float32), integers int64, truth values
    bool. Raises ValueError for lists of uneven lengths, TypeError for other values.
    """
    cpu_only("tensor", device)
    values = data.data if isinstance(data, Tensor) else data
    try:
        array = np.array(values)
    except ValueError as error:
        raise ValueError(
            f"tensor: expected lists of even lengths, got {data!r:.80}"
        ) from error
    if dtype is not None:
        array = array.astype(dtypes.as_dtype(dtype))
    elif not hasattr(_first(values), "dtype") and array.dtype.kind == "f":
        array = array.astype(dtypes.get_default_dtype())
    if array.dtype.kind not in "fiub":
        raise TypeError(f"tensor: expected numbers, got {data!r:.80}")
    return Tensor(array, requires_grad)


def _first(values):
    """Return the first element of nested lists, a number of Python's or of NumPy's."""
    while isinstance(values, (list, tuple)) and values:
        values = values[0]
    return values


def as_tensor(data, dtype=None, device=None):
    """Return ``data`` as a tensor; one that has the dtype already is not copied."""
    cpu_only("as_tensor", device)
    if isinstance(data, np.ndarray):
        data = Tensor(data)
    if not isinstance(data, Tensor):
        return tensor(data, dtype=dtype)
    return data if dtype is None else data.to(dtype)


def from_numpy(array):
    """Return a tensor that shares the memory of the NumPy array."""
    if not isinstance(array, np.ndarray):
        raise TypeError(
            f"from_numpy expected a NumPy array, got {type(array).__name__}"
        )
    return Tensor(array)


def full(size, fill_value, *, dtype=None, device=None, requires_grad=False):
    """Return a tensor of shape ``size`` full of ``fill_value``, and of its dtype."""
    cpu_only("full", device)
    dtype = dtypes.result_type(fill_value) if dtype is None else dtypes.as_dtype(dtype)
    return Tensor(np.full(sizes((size,)), fill_value, dtype), requires_grad)


def zeros(*size, dtype=None, device=None, requires_grad=False):
    """Return a tensor of zeros: ``zeros(2, 3)`` or ``zeros((2, 3))``."""
    cpu_only("zeros", device)
    return Tensor(np.zeros(sizes(size), _float(dtype)), requires_grad)


def ones(*size, dtype=None, device=None, requires_grad=False):
    """Return a tensor of ones."""
    cpu_only("ones", device)
    return Tensor(np.ones(sizes(size), _float(dtype)), requires_grad)


def empty(*size, dtype=None, device=None, requires_grad=False):
    """Return a tensor whose values are whatever was in memory."""
    cpu_only("empty", device)
    return Tensor(np.empty(sizes(size), _float(dtype)), requires_grad)


def eye(n, m=None, *, dtype=None, device=None, requires_grad=False):
    """Return the identity matrix (n, n), or its n × m part."""
    cpu_only("eye", device)
    return Tensor(np.eye(n, m, dtype=_float(dtype)), requires_grad)


def arange(start, end=None, step=1, *, dtype=None, device=None, requires_grad=False):
    """Return start, start + step, … below ``end``; ``arange(n)`` counts from 0.

    Integers give int64.
    """
    cpu_only("arange", device)
    if end is None:
        start, end = 0, start
    if dtype is None:
        dtype = dtypes.result_type(start, end, step)
    dtype = dtypes.as_dtype(dtype)
    return Tensor(np.arange(start, end, step).astype(dtype), requires_grad)


def linspace(start, end, steps, *, dtype=None, device=None, requires_grad=False):
    """Return ``steps`` values from ``start`` to ``end`` inclusive, evenly spaced."""
    cpu_only("linspace", device)
    return Tensor(np.linspace(start, end, steps).astype(_float(dtype)), requires_grad)


@operation
def zeros_like(input, *, dtype=None, requires_grad=False):
    """Return zeros with the shape and dtype of ``input``."""
    return full_like(input, 0, dtype=dtype, requires_grad=requires_grad)


@operation
def ones_like(input, *, dtype=None, requires_grad=False):
    """Return ones with the shape and dtype of ``input``."""
    return full_like(input, 1, dtype=dtype, requires_grad=requires_grad)


@operation
def full_like(input, fill_value, *, dtype=None, requires_grad=False):
    """Return a tensor of ``fill_value`` with the shape and dtype of ``input``."""
    dtype = input.dtype if dtype is None else dtype
    return full(input.shape, fill_value, dtype=dtype, requires_grad=requires_grad)


def rand(*size, generator=None, dtype=None, device=None, requires_grad=False):
    """Return values spread evenly over [0, 1)."""
    cpu_only("rand", device)
    not_built("rand", generator=generator)
    dtype = _float(dtype)
    return Tensor(random.uniform(0, 1, sizes(size), dtype), requires_grad)


def randn(*size, generator=None, dtype=None, device=None, requires_grad=False):
    """Return values from the standard normal distribution."""
    cpu_only("randn", device)
    not_built("randn", generator=generator)
    dtype = _float(dtype)
    return Tensor(random.normal(0, 1, sizes(size), dtype), requires_grad)


@operation
def rand_like(input, *, dtype=None, requires_grad=False):
    """Return values spread evenly over [0, 1) with the shape and dtype of ``input``."""
    dtype = input.dtype if dtype is None else dtype
    return rand(input.shape, dtype=dtype, requires_grad=requires_grad)


@operation
def randn_like(input, *, dtype=None, requires_grad=False):
    """Return standard normal values with the shape and dtype of ``input``."""
    dtype = input.dtype if dtype is None else dtype
    return randn(input.shape, dtype=dtype, requires_grad=requires_grad)


def randint(low, high=None, size=None, *, generator=None, dtype=None, device=None):
    """Return int64 values from ``low`` to ``high`` - 1.

    ``randint(10, (2, 3))`` begins at 0.
    """
    cpu_only("randint", device)
    not_built("randint", generator=generator)
    if size is None:
        low, high, size = 0, low, high
    dtype = dtypes.int64 if dtype is None else dtypes.as_dtype(dtype)
    return Tensor(random.integers(low, high, sizes((size,))).astype(dtype))


def randperm(n, *, generator=None, device=None):
    """Return the integers 0 … n - 1 in random order."""
    cpu_only("randperm", device)
    not_built("randperm", generator=generator)
    return Tensor(random.permutation(n))


def _float(dtype):
    return dtypes.get_default_dtype() if dtype is None else dtypes.as_dtype(dtype)
