"""How long a vector is, and how far apart or how aligned two of them are."""

import math

import numpy as np

from ...tensor import Tensor
from ...tensor.arguments import axes, check_float, operation
from ...tensor.conversion import operands

__all__ = ["cosine_similarity", "normalize", "pairwise_distance"]


@operation
def normalize(input, p=2.0, dim=1, eps=1e-12):
    """x / ‖x‖ along ``dim``, with the p-norm; one below ``eps`` counts as ``eps``."""
    check_float("normalize", input)
    return input / _norm(input, p, dim, keepdim=True).clamp(min=eps)


@operation
def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    """‖x1 - x2 + eps‖ along the last dimension, with the p-norm.

    x1 and x2: (N, D), (D), or shapes that broadcast → (N) or (). ``eps`` keeps the
    derivative finite where both are equal.
    """
    difference = x1 - x2 + eps
    return _norm(difference, p, -1, keepdim)


@operation
def cosine_similarity(x1, x2, dim=1, eps=1e-8):
    """Σ x1 x2 / (‖x1‖ ‖x2‖) along ``dim``: the cosine of the angle, from -1 to 1.

    x1 and x2 are broadcast, and ``dim`` is one of the common shape. A norm below
    ``eps`` counts as ``eps``.
    """
    x1, x2 = operands(x1, x2)
    check_float("cosine_similarity", x1)
    shape = np.broadcast_shapes(x1.shape, x2.shape)
    x1, x2 = x1.expand(shape), x2.expand(shape)
    # each is divided by its own norm, because the product of two could overflow
    unit1 = x1 / at_least(_norm(x1, 2, dim, keepdim=True), eps)
    unit2 = x2 / at_least(_norm(x2, 2, dim, keepdim=True), eps)
    return (unit1 * unit2).sum(dim)


@operation
def at_least(input, low):
    """max(x, low) with derivative 1 also where x is raised, as torch has it."""

    def backward(grad):
        return (grad,)

    return Tensor._result(np.maximum(input.data, low), (input,), backward)


@operation
def _norm(input, p, dim, keepdim=False):
    """(Σ |x|^p)^(1/p) along ``dim``.

    For p = ∞ it is the largest |x|, for -∞ the smallest, for 0 how many are not 0.
    """
    x, p, along = input.data, float(p), axes(dim, input.ndim)
    size = np.abs(x)
    length = _length(size, p, along)  # dimensions kept

    def backward(grad):
        grad = grad if keepdim else np.expand_dims(grad, along)
        if p == 0:
            return (np.zeros_like(x),)
        if math.isinf(p):  # those that are as large share the gradient
            share = (size == length) / (size == length).sum(along, keepdims=True)
        else:  # the derivative by |x|, except at 0, where it need not exist
            share = np.where(x == 0, 0, (size / length) ** (p - 1))
        return (grad * np.sign(x) * share.astype(x.dtype, copy=False),)

    y = length if keepdim else np.squeeze(length, along)
    return Tensor._result(y, (input,), backward)


def _length(size, p, along):
    if math.isinf(p):
        extreme = np.max if p > 0 else np.min
        return extreme(size, axis=along, keepdims=True)
    if p == 0:
        return (size != 0).sum(along, keepdims=True).astype(size.dtype)
    if p == 2:
        return np.sqrt((size * size).sum(along, keepdims=True))
    return (size**p).sum(along, keepdims=True) ** (1 / p)
