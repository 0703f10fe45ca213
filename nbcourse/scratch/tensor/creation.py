"""Making tensors: from numbers and arrays, constant, in sequence."""

import math

import numpy as np

from . import dtypes
from .arguments import cpu_only, not_built, operation, sized, sizes
from .core import Tensor

__all__ = [
    "arange",
    "as_tensor",
    "empty",
    "empty_like",
    "eye",
    "from_numpy",
    "full",
    "full_like",
    "linspace",
    "logspace",
    "ones",
    "ones_like",
    "tensor",
    "zeros",
    "zeros_like",
]


def tensor(data, *, dtype=None, device=None, requires_grad=False, pin_memory=False):
    """Return a new tensor with a copy of ``data``.

    That is a number, nested lists, an array or a tensor. Arrays and tensors keep their
    dtype; Python floats get the default one (float32), integers int64, truth values
    bool. Raises ValueError for lists of uneven lengths, TypeError for other values.
    """
    plainly("tensor", device, pin_memory=pin_memory)
    dtype = None if dtype is None else dtypes.as_dtype(dtype)
    values = _arrays(data)
    try:
        array = np.array(values)
    except ValueError as error:
        raise ValueError(
            f"tensor: expected lists of even lengths, got {data!r:.80}"
        ) from error
    if array.dtype.kind not in "fiub":
        raise TypeError(f"tensor: expected numbers, got {data!r:.80}")
    of_python = not hasattr(_first(values), "dtype")
    if dtype is not None:
        array = np.array(values, dtype) if of_python else array.astype(dtype)
    elif of_python and array.dtype.kind == "f":
        array = array.astype(dtypes.get_default_dtype())
    return Tensor(array, requires_grad)


def _arrays(data):
    """Return ``data`` with arrays for tensors, also in lists of them."""
    if isinstance(data, (list, tuple)) and isinstance(_first(data), Tensor):
        return [_arrays(item) for item in data]
    return data.data if isinstance(data, Tensor) else data


def _first(values):
    """Return the first element of nested lists, a number of Python's or of NumPy's."""
    while isinstance(values, (list, tuple)) and values:
        values = values[0]
    return values


def plainly(function, device, **unbuilt):
    """Raise NotImplementedError for another device than the CPU, and for the rest."""
    cpu_only(function, device)
    not_built(function, **unbuilt)


def as_tensor(data, *, dtype=None, device=None):
    """Return ``data`` as a tensor; one that has the dtype already is not copied."""
    cpu_only("as_tensor", device)
    if isinstance(data, np.ndarray):
        data = Tensor(data)
    if not isinstance(data, Tensor):
        return tensor(data, dtype=dtype)
    return data if dtype is None else data.to(dtype)


def from_numpy(ndarray):
    """Return a tensor that shares the memory of the NumPy array."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(
            f"from_numpy expected a NumPy array, got {type(ndarray).__name__}"
        )
    return Tensor(ndarray)


def float_dtype(dtype):
    """Return ``dtype``, or the default one for None."""
    return dtypes.get_default_dtype() if dtype is None else dtypes.as_dtype(dtype)


# --- constant


def full(
    size, fill_value, *, dtype=None, layout=None, device=None, requires_grad=False
):
    """Return a tensor of shape ``size`` full of ``fill_value``, and of its dtype."""
    plainly("full", device, layout=layout)
    dtype = dtypes.result_type(fill_value) if dtype is None else dtypes.as_dtype(dtype)
    value = fill_value.data if isinstance(fill_value, Tensor) else fill_value
    return Tensor(np.full(sizes((size,)), value, dtype), requires_grad)


@sized
def zeros(*size, dtype=None, layout=None, device=None, requires_grad=False):
    """Return a tensor of zeros: ``zeros(2, 3)`` or ``zeros((2, 3))``."""
    plainly("zeros", device, layout=layout)
    return Tensor(np.zeros(sizes(size), float_dtype(dtype)), requires_grad)


@sized
def ones(*size, dtype=None, layout=None, device=None, requires_grad=False):
    """Return a tensor of ones."""
    plainly("ones", device, layout=layout)
    return Tensor(np.ones(sizes(size), float_dtype(dtype)), requires_grad)


@sized
def empty(
    *size,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    pin_memory=False,
    memory_format=None,
):
    """Return a tensor whose values are whatever was in memory."""
    plainly("empty", device, layout=layout, pin_memory=pin_memory)
    not_built("empty", memory_format=memory_format)
    return Tensor(np.empty(sizes(size), float_dtype(dtype)), requires_grad)


def eye(n, m=None, *, dtype=None, layout=None, device=None, requires_grad=False):
    """Return the identity matrix (n, n), or its n × m part."""
    plainly("eye", device, layout=layout)
    rows, columns = sizes((n, n if m is None else m))
    return Tensor(np.eye(rows, columns, dtype=float_dtype(dtype)), requires_grad)


@operation
def full_like(
    input,
    fill_value,
    *,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
):
    """Return a tensor of ``fill_value`` with the shape and dtype of ``input``."""
    plainly("full_like", device, layout=layout, memory_format=memory_format)
    dtype = input.dtype if dtype is None else dtype
    return full(input.shape, fill_value, dtype=dtype, requires_grad=requires_grad)


@operation
def zeros_like(
    input,
    *,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
):
    """Return zeros with the shape and dtype of ``input``."""
    plainly("zeros_like", device, layout=layout, memory_format=memory_format)
    return full_like(input, 0, dtype=dtype, requires_grad=requires_grad)


@operation
def ones_like(
    input,
    *,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
):
    """Return ones with the shape and dtype of ``input``."""
    plainly("ones_like", device, layout=layout, memory_format=memory_format)
    return full_like(input, 1, dtype=dtype, requires_grad=requires_grad)


@operation
def empty_like(
    input,
    *,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
):
    """Return a tensor like ``input`` whose values are whatever was in memory."""
    plainly("empty_like", device, layout=layout, memory_format=memory_format)
    dtype = input.dtype if dtype is None else dtype
    return empty(input.shape, dtype=dtype, requires_grad=requires_grad)


# --- in sequence


def arange(
    start=0,
    end=None,
    step=1,
    *,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
):
    """Return start, start + step, … below ``end``; ``arange(n)`` counts from 0.

    Integers give int64. Raises ValueError for a step of 0 or away from ``end``.
    """
    plainly("arange", device, layout=layout)
    start, end = (0, start) if end is None else (start, end)
    start, end, step = (_number(value) for value in (start, end, step))
    if step == 0 or (end - start) * step < 0:
        raise ValueError(
            f"arange: expected a step from {start} towards {end}, got {step}"
        )
    dtype = dtypes.result_type(start, end, step) if dtype is None else dtype
    dtype = dtypes.as_dtype(np.int64 if dtype == dtypes.bool else dtype)
    values = start + step * np.arange(math.ceil((end - start) / step))
    return Tensor(values.astype(dtype), requires_grad)


def _number(value):
    return value.item() if isinstance(value, Tensor) else value


def linspace(
    start, end, steps, *, dtype=None, layout=None, device=None, requires_grad=False
):
    """Return ``steps`` values from ``start`` to ``end`` inclusive, evenly spaced."""
    plainly("linspace", device, layout=layout)
    (count,) = sizes((steps,))
    values = np.linspace(_number(start), _number(end), count)
    return Tensor(values.astype(float_dtype(dtype)), requires_grad)


def logspace(
    start,
    end,
    steps,
    base=10.0,
    *,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
):
    """Return base^x for ``steps`` evenly spaced x from ``start`` to ``end``."""
    plainly("logspace", device, layout=layout)
    exponents = linspace(start, end, steps, dtype=dtypes.float64)
    values = np.power(float(base), exponents.data)
    return Tensor(values.astype(float_dtype(dtype)), requires_grad)
