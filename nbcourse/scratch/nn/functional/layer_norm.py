"""Layer norm: the features of each example brought to one size, whatever the batch."""

import math

import numpy as np

from ...tensor import Tensor
from ...tensor.arguments import check_float, operation, same_dtype

__all__ = ["layer_norm", "rms_norm"]


@operation
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5):
    """(x - mean) / √(variance + eps) · w + b, over the last dimensions of ``input``.

    ``normalized_shape`` is a tuple of their sizes; w and b have that shape. The
    variance is Σ (x - mean)² / n. Raises ValueError for shapes that do not fit and
    TypeError for different dtypes. (Ba, Kiros and Hinton, 2016.)
    """
    _check("layer_norm", input, normalized_shape, weight=weight, bias=bias)
    x, w = _rows(input, normalized_shape, weight)  # (n, d), (d)
    unit, scale = _unit(x - _means(x), eps)  # of mean 0 and variance 1
    y = unit * w
    if bias is not None:
        y += bias.data.reshape(w.shape)
    shape, parents = input.shape, [p for p in (input, weight, bias) if p is not None]

    def backward(grad):
        g = grad.reshape(unit.shape)
        by_x, by_w = _unit_backward(g, unit, scale, w)
        by_x -= _means(by_x)
        by_b = np.ones(len(g), g.dtype) @ g  # g.sum(0), but faster on many rows
        parts = [by_x.reshape(shape)]
        parts += [by_w.reshape(normalized_shape)] * (weight is not None)
        parts += [by_b.reshape(normalized_shape)] * (bias is not None)
        return parts

    return Tensor._result(y.reshape(shape), parents, backward)


@operation
def rms_norm(input, normalized_shape, weight=None, eps=None):
    """x / √(mean of x² + eps) · w, over the last dimensions of ``input``.

    `layer_norm` without the mean. ``eps=None`` is the rounding error of the dtype,
    ``np.finfo(dtype).eps``. (Zhang and Sennrich, 2019.)
    """
    _check("rms_norm", input, normalized_shape, weight=weight)
    x, w = _rows(input, normalized_shape, weight)  # (n, d), (d)
    unit, scale = _unit(x, np.finfo(x.dtype).eps if eps is None else eps)
    shape, parents = input.shape, [p for p in (input, weight) if p is not None]

    def backward(grad):
        by_x, by_w = _unit_backward(grad.reshape(unit.shape), unit, scale, w)
        by_x = by_x.reshape(shape)
        return (by_x,) if weight is None else (by_x, by_w.reshape(normalized_shape))

    return Tensor._result((unit * w).reshape(shape), parents, backward)


def _unit(x, eps):
    """Return the rows of x divided by their root mean square, and by what: (n, 1)."""
    squares = np.einsum("nd,nd->n", x, x)[:, None]  # no (n, d) array of squares
    scale = 1 / np.sqrt(squares / x.dtype.type(x.shape[1]) + x.dtype.type(eps))
    return x * scale, scale


def _unit_backward(g, unit, scale, w):
    """Return the gradients of ``unit * w`` by x, whose `_unit` it is, and by w.

    With u = x s and h = g w, by x it is s (h - u · mean of h u): what would only
    lengthen x is taken out, for u does not feel it.
    """
    by_each_w = g * unit  # (n, d)
    along = by_each_w @ (w / unit.dtype.type(len(w)))  # mean of h u: (n)
    by_w = np.ones(len(g), g.dtype) @ by_each_w
    by_x = g * w
    by_x -= np.multiply(unit, along[:, None], out=by_each_w)
    by_x *= scale
    return by_x, by_w


def _means(x):
    """Return the mean of each row, (n, 1): a product, which is faster than x.mean."""
    return x @ np.full((x.shape[1], 1), 1 / max(x.shape[1], 1), x.dtype)


def _rows(input, normalized_shape, weight):
    """Return the input as a matrix (n, d), and the weight, or ones, as a vector."""
    d = math.prod(normalized_shape)
    n = math.prod(input.shape[: input.ndim - len(normalized_shape)])
    w = np.ones(d, input.dtype) if weight is None else weight.data.reshape(d)
    return input.data.reshape(n, d), w


def _check(function, input, normalized_shape, **affine):
    """Raise unless the last sizes of the input, and the others', are as stated."""
    if not isinstance(normalized_shape, (tuple, list)):
        raise TypeError(
            f"{function}: expected normalized_shape to be a tuple, "
            f"got {type(normalized_shape).__name__}"
        )
    check_float(function, input)
    same_dtype(function, input=input, **affine)
    expected = tuple(normalized_shape)
    if not expected or input.shape[-len(expected) :] != expected:
        raise ValueError(
            f"{function}: expected input (*, *normalized_shape) with at least one size "
            f"to normalise; got input {input.shape}, normalized_shape {expected}"
        )
    for name, tensor in affine.items():
        if tensor is not None and tensor.shape != expected:
            raise ValueError(
                f"{function}: expected {name} {expected}, got {tensor.shape}"
            )
