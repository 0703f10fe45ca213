"""From scores of any size to probabilities: softmax and its logarithm, both safe."""

import numpy as np

from .arguments import axis, operation
from .conversion import to
from .core import Tensor

__all__ = ["log_softmax", "softmax"]


def _prepared(function, input, dim, dtype):
    """Return ``input`` in ``dtype``, and ``dim`` as an axis for NumPy."""
    input = input if dtype is None else to(input, dtype)
    if dim is None:
        raise NotImplementedError(
            f"{function}: dim=None is not built; name the dimension of the classes"
        )
    if input.dtype.kind != "f":
        raise TypeError(
            f"{function}: expected a floating-point dtype, got {input.dtype}"
        )
    along = axis(dim, input.ndim)
    return input, along if input.ndim else ()


def largest(x, along):
    """Return the maximum along an axis, kept; -inf where there are no elements."""
    return x.max(along, keepdims=True, initial=-np.inf)


@operation
def softmax(input, dim=None, dtype=None):
    """e^x / Σ e^x along ``dim``: positive numbers that add up to 1."""
    x, along = _prepared("softmax", input, dim, dtype)
    e = np.exp(x.data - largest(x.data, along))
    y = e / e.sum(along, keepdims=True)

    def backward(grad):
        return (y * (grad - (grad * y).sum(along, keepdims=True)),)

    return Tensor._result(y, (x,), backward)


@operation
def log_softmax(input, dim=None, dtype=None):
    """x - log Σ e^x along ``dim``, the logarithm of `softmax` without its rounding."""
    x, along = _prepared("log_softmax", input, dim, dtype)
    shifted = x.data - largest(x.data, along)
    y = shifted - np.log(np.exp(shifted).sum(along, keepdims=True))

    def backward(grad):
        return (grad - np.exp(y) * grad.sum(along, keepdims=True),)

    return Tensor._result(y, (x,), backward)
