"""From scores to probabilities, safely: `softmax`; and from probabilities to draws."""

import numpy as np

from .. import random
from .arguments import axis, check_float, not_built, operation
from .conversion import to
from .core import Tensor
from .rounding import flat

__all__ = ["bernoulli", "log_softmax", "multinomial", "softmax"]


def _prepared(function, input, dim, dtype):
    """Return ``input`` in ``dtype``, and ``dim`` as an axis for NumPy."""
    input = input if dtype is None else to(input, dtype)
    if dim is None:
        raise NotImplementedError(
            f"{function}: dim=None is not built; name the dimension of the classes"
        )
    check_float(function, input)
    along = axis(dim, input.ndim)
    return input, along if input.ndim else ()


def largest(x, along):
    """Return the maximum along an axis, kept; -inf where there are no elements."""
    return x.max(along, keepdims=True, initial=-np.inf)


@operation
def softmax(input, dim, dtype=None):
    """e^x / Σ e^x along ``dim``: positive numbers that add up to 1."""
    x, along = _prepared("softmax", input, dim, dtype)
    e = np.exp(x.data - largest(x.data, along))
    y = e / e.sum(along, keepdims=True)

    def backward(grad):
        return (y * (grad - (grad * y).sum(along, keepdims=True)),)

    return Tensor._result(y, (x,), backward)


@operation
def log_softmax(input, dim, dtype=None):
    """x - log Σ e^x along ``dim``, the logarithm of `softmax` without its rounding."""
    x, along = _prepared("log_softmax", input, dim, dtype)
    shifted = x.data - largest(x.data, along)
    y = shifted - np.log(np.exp(shifted).sum(along, keepdims=True))

    def backward(grad):
        return (grad - np.exp(y) * grad.sum(along, keepdims=True),)

    return Tensor._result(y, (x,), backward)


@operation
def bernoulli(input, p=None, *, generator=None):
    """Return 1 with probability ``input`` at each place, else 0; its derivative is 0.

    With a number ``p`` that is the probability everywhere. Raises ValueError for a
    probability outside [0, 1].
    """
    not_built("bernoulli", generator=generator)
    if p is None:
        check_float("bernoulli", input)
    chance = input.data if p is None else np.asarray(p)
    if not ((chance >= 0) & (chance <= 1)).all():
        raise ValueError("bernoulli: expected probabilities from 0 to 1")
    draws = random.uniform(0, 1, input.shape, np.float64) < chance
    return flat(draws.astype(input.dtype), input)


@operation
def multinomial(input, num_samples, replacement=False, *, generator=None):
    """Return indices drawn with the weights ``input``: (n) or (rows, n) → (…, samples).

    The weights need not add up to 1. Without replacement each index comes at most once.
    Raises ValueError for negative, infinite or only zero weights, and for more samples
    than there are indices.
    """
    not_built("multinomial", generator=generator)
    _check_weights(input, num_samples, replacement)
    weights = input.data.astype(np.float64)
    if replacement:
        total = np.cumsum(weights, -1)  # (…, n)
        # in (0, total]: the first sum that reaches it never has the weight 0
        shape = (*weights.shape[:-1], num_samples)
        at = (1 - random.uniform(0, 1, shape, np.float64)) * total[..., -1:]
        rows = zip(np.atleast_2d(total), np.atleast_2d(at), strict=True)
        drawn = np.array([np.searchsorted(*row) for row in rows], np.int64)
        return Tensor(drawn.reshape(shape))
    # waiting times with these rates: the first to arrive are the sample
    arrivals = random.exponential(weights.shape) / weights
    return Tensor(np.argsort(arrivals, -1)[..., :num_samples])


def _check_weights(input, num_samples, replacement):
    p = input.data
    if p.dtype.kind != "f" or p.ndim not in (1, 2):
        raise TypeError(
            "multinomial: expected floating-point weights (n) or (rows, n), "
            f"got {p.dtype} {p.shape}"
        )
    if not 0 < num_samples <= (num_samples if replacement else p.shape[-1]):
        raise ValueError(
            "multinomial: expected num_samples from 1 to the number of weights, "
            f"{p.shape[-1]}, got {num_samples}"
        )
    if not (np.isfinite(p) & (p >= 0)).all() or not (p.sum(-1) > 0).all():
        raise ValueError(
            "multinomial: expected finite weights of at least 0, not all of them 0"
        )
