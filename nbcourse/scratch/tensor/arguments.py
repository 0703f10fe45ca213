"""What operations do with their arguments first: name what is wrong, or not built."""

import functools
import inspect
import math
import operator

import numpy as np

from .core import Tensor

__all__ = [
    "axes",
    "axis",
    "check_float",
    "check_not_empty",
    "cpu_only",
    "mixed_operation",
    "not_built",
    "operation",
    "reduction",
    "same_dtype",
    "sized",
    "sizes",
    "tensors_only",
]


def operation(function):
    """Decorate an operation with what all share.

    Infinities and NaN pass without a warning, as in torch; ``out=`` is refused; a first
    argument called ``input`` must be a Tensor.
    """
    takes_input = function.__code__.co_varnames[0] == "input"
    return _decorated(function, slice(1) if takes_input else None)


def mixed_operation(function):
    """Decorate an `operation` whose ``input`` may also be a number beside a Tensor."""
    return _decorated(function, slice(2))


def _decorated(function, tensors):
    """Return the operation; one of its arguments ``tensors`` must be a Tensor."""
    name = function.__name__
    # as a decorator, errstate costs half of what a with statement does at each call
    quiet = np.errstate(all="ignore")(function)

    @functools.wraps(function)
    def checked(*args, out=None, **kwargs):
        if out is not None:
            raise NotImplementedError(f"{name}: out= is not built")
        if tensors is not None and not isinstance(args[0] if args else None, Tensor):
            _check_tensor(name, (*args, *kwargs.values())[tensors])
        return quiet(*args, **kwargs)

    return checked


def _check_tensor(function, values):
    if not any(isinstance(value, Tensor) for value in values):
        given = ", ".join(type(value).__name__ for value in values) or "nothing"
        raise TypeError(f"{function}: expected input to be a Tensor, got {given}")


def reduction(function):
    """Decorate an `operation` that reduces the dimensions ``dim`` to one element each.

    NumPy's names ``axis`` and ``keepdims`` are understood, as in torch; so that
    ``sum(0, 1)`` is not taken for two dimensions, ``keepdim`` must be True or False.
    """
    checked, name = operation(function), function.__name__
    names = list(inspect.signature(function).parameters)
    flags = [(f, names.index(f)) for f in ("unbiased", "keepdim") if f in names]

    @functools.wraps(function)
    def reduced(*args, **kwargs):
        for torchs, numpys in (("dim", "axis"), ("keepdim", "keepdims")):
            if numpys in kwargs and torchs not in kwargs:
                kwargs[torchs] = kwargs.pop(numpys)
        for flag, place in flags:
            given = args[place] if place < len(args) else kwargs.get(flag)
            if not isinstance(given, bool | None):
                raise TypeError(
                    f"{name}: expected {flag} to be True or False, got {given!r}"
                )
        return checked(*args, **kwargs)

    return reduced


def tensors_only(function, **arguments):
    """Raise TypeError for the first argument that is not a Tensor."""
    for name, value in arguments.items():
        if not isinstance(value, Tensor):
            raise TypeError(
                f"{function}: expected {name} to be a Tensor, "
                f"got {type(value).__name__}"
            )


def check_float(function, input):
    """Raise TypeError unless the input has a floating-point dtype."""
    if input.dtype.kind != "f":
        raise TypeError(
            f"{function}: expected a floating-point dtype, got {input.dtype}"
        )


def check_not_empty(function, shape, reduced):
    """Raise IndexError if there is nothing to choose the extreme element from."""
    if any(shape[i] == 0 for i in reduced):
        raise IndexError(
            f"{function}: expected at least one element to reduce, got shape {shape}"
        )


def not_built(function, **arguments):
    """Raise NotImplementedError for the first argument that is not None or False."""
    for name, value in arguments.items():
        if value is not None and value is not False:
            raise NotImplementedError(f"{function}: {name}={value!r} is not built")


def cpu_only(function, device):
    """Raise NotImplementedError when ``device`` is another than the CPU."""
    if device is not None and str(device) != "cpu":
        raise NotImplementedError(
            f"{function}: device={str(device)!r} is not built; arrays live on 'cpu'"
        )


def axis(dim, ndim):
    """Return ``dim`` counted from the front, 0 ≤ axis < ndim.

    A 0-d tensor counts as having one dimension.
    """
    bound = max(ndim, 1)
    if isinstance(dim, (bool, np.bool_)) or not hasattr(dim, "__index__"):
        raise TypeError(f"dim: expected an integer, got {dim!r}")
    dim = operator.index(dim)
    if not -bound <= dim < bound:
        raise IndexError(
            f"dim: expected a dimension from {-bound} to {bound - 1}, got {dim}"
        )
    return dim % bound


def axes(dim, ndim):
    """Return ``dim`` (an integer, several, or None for all) as a tuple for NumPy."""
    dims = dim if isinstance(dim, (tuple, list)) else (dim,)
    if dim is None or not dims:
        return tuple(range(ndim))
    found = tuple(axis(d, ndim) for d in dims)
    if len(set(found)) < len(found):
        raise ValueError(f"dim: expected each dimension once, got {dim}")
    return found if ndim else ()


def sizes(given, total=None):
    """Return a shape from ``2, 3`` or ``(2, 3)``; given ``total``, fill in a -1."""
    if len(given) == 1 and isinstance(given[0], (tuple, list)):
        given = given[0]
    shape = tuple(operator.index(n) for n in given)
    if total is None:
        if any(n < 0 for n in shape):
            raise ValueError(f"shape: expected sizes of at least 0, got {shape}")
        return shape
    known = math.prod(n for n in shape if n != -1)
    unknown = shape.count(-1)
    fits = known == total
    if unknown:
        fits = unknown == 1 and known and total % known == 0
    if any(n < -1 for n in shape) or not fits:
        raise ValueError(f"shape: expected one for {total} elements, got {shape}")
    return tuple(total // known if n == -1 else n for n in shape)


def sized(function):
    """Decorate a function of ``*size`` so that it also takes ``size=(2, 3)``."""

    @functools.wraps(function)
    def with_size(*args, size=(), **kwargs):
        return function(*args, *size, **kwargs)

    return with_size


def same_dtype(function, **tensors):
    """Raise TypeError unless all ``tensors`` (None is left out) have one dtype."""
    found = {name: t.data.dtype for name, t in tensors.items() if t is not None}
    if len(set(found.values())) > 1:
        listed = ", ".join(f"{name} {dtype}" for name, dtype in found.items())
        raise TypeError(
            f"{function}: expected one dtype, got {listed}; "
            "convert with .float() or .double()"
        )
