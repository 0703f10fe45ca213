"""Losses for numbers: how far a prediction is from the number that came."""

import math

import numpy as np

from ...tensor import Tensor, abs, as_tensor, exp, log, where
from ...tensor.arguments import not_built, operation
from .distance import at_least
from .loss import check_floating, check_reduction, pair, reduced, same_shape

__all__ = [
    "gaussian_nll_loss",
    "huber_loss",
    "l1_loss",
    "mse_loss",
    "poisson_nll_loss",
    "smooth_l1_loss",
]


@operation
def mse_loss(
    input, target, size_average=None, reduce=None, reduction="mean", weight=None
):
    """Squared error, (input - target)².

    Shapes that differ are broadcast, with a warning, as in torch. ``weight``, of
    input's shape, makes the mean a weighted one.
    """
    not_built("mse_loss", size_average=size_average, reduce=reduce)
    x, y = pair("mse_loss", input, target)
    check_floating("mse_loss", input=x)
    difference = x.data - y.data

    def backward(grad):
        by_x = 2 * grad * difference
        return by_x, -by_x if y.requires_grad else None

    loss = Tensor._result(difference * difference, (x, y), backward)
    return _weighted("mse_loss", input, loss, weight, reduction)


@operation
def l1_loss(
    input, target, size_average=None, reduce=None, reduction="mean", weight=None
):
    """Absolute error, |input - target|, with derivative 0 where both are equal.

    Shapes and ``weight`` as in `mse_loss`.
    """
    not_built("l1_loss", size_average=size_average, reduce=reduce)
    x, y = pair("l1_loss", input, target)
    return _weighted("l1_loss", input, abs(x - y), weight, reduction)


def _weighted(function, input, loss, weight, reduction):
    """Return the reduced loss; the mean divides by the sum of the weights."""
    if weight is None:
        return reduced(loss, reduction)
    weight = as_tensor(weight)
    same_shape(function, input=input, weight=weight)
    if reduction == "mean":
        return (loss * weight).sum() / weight.sum()
    return reduced(loss * weight, reduction)


@operation
def huber_loss(input, target, reduction="mean", delta=1.0, weight=None):
    """½ d² up to |d| = delta, and beyond it the straight line that continues this.

    d = input - target. ``weight``, of input's shape, multiplies the losses; unlike in
    `mse_loss` the mean divides by their number. Huber (1964).
    """
    if not delta > 0:
        raise ValueError(f"huber_loss: expected a delta above 0, got {delta}")
    x, y = pair("huber_loss", input, target)
    check_floating("huber_loss", input=x)
    loss = _huber(x, y, delta)
    if weight is not None:
        weight = as_tensor(weight)
        same_shape("huber_loss", input=input, weight=weight)
        loss = loss * weight
    return reduced(loss, reduction)


@operation
def smooth_l1_loss(
    input, target, size_average=None, reduce=None, reduction="mean", beta=1.0
):
    """½ d² / beta up to |d| = beta, |d| - ½ beta beyond: `huber_loss` over beta.

    With beta = 0 it is `l1_loss`. Girshick (2015).
    """
    not_built("smooth_l1_loss", size_average=size_average, reduce=reduce)
    if not beta >= 0:
        raise ValueError(f"smooth_l1_loss: expected beta of at least 0, got {beta}")
    x, y = pair("smooth_l1_loss", input, target)
    check_floating("smooth_l1_loss", input=x)
    if beta == 0:
        return reduced(abs(x - y), reduction)
    return reduced(_huber(x, y, beta) / beta, reduction)


def _huber(x, y, delta):
    """c (d - c/2), where d = x - y and c is d limited to ± delta."""
    difference = x.data - y.data
    limited = np.clip(difference, -delta, delta)

    def backward(grad):
        by_x = grad * limited
        return by_x, -by_x if y.requires_grad else None

    loss = limited * (difference - limited / 2)
    return Tensor._result(loss, (x, y), backward)


@operation
def gaussian_nll_loss(input, target, var, full=False, eps=1e-6, reduction="mean"):
    """½ (log var + (input - target)² / var): how unlikely N(input, var) makes target.

    ``var`` is a number or has input's shape, perhaps without the last dimension or
    with a 1 in one place; below ``eps`` it counts as ``eps``. ``full`` adds ½ log 2π.
    Raises ValueError for a negative ``var`` or one of another shape.
    """
    check_reduction(reduction)
    if not isinstance(var, Tensor):
        var = as_tensor(np.broadcast_to(np.asarray(var, input.dtype), input.shape))
    if (var.data < 0).any():
        raise ValueError(
            f"gaussian_nll_loss: expected var of at least 0, got {var.data.min():.6g}"
        )
    if var.shape == input.shape[:-1] and input.ndim:
        var = var.unsqueeze(-1)
    _check_variance(input, var)
    var = at_least(var, eps)
    error = input - target
    loss = 0.5 * (log(var) + error * error / var)
    return reduced(loss + 0.5 * math.log(2 * math.pi) if full else loss, reduction)


def _check_variance(input, var):
    """Raise ValueError unless var has input's shape, but for one 1 at most."""
    ones = 0
    if var.ndim == input.ndim:
        ones = [v for v, n in zip(var.shape, input.shape, strict=True) if v != n]
    if ones not in ([], [1]):
        raise ValueError(
            f"gaussian_nll_loss: expected var of a shape like {input.shape}, "
            f"{input.shape[:-1]} or with one size replaced by 1, got {var.shape}"
        )


@operation
def poisson_nll_loss(
    input,
    target,
    log_input=True,
    full=False,
    size_average=None,
    eps=1e-8,
    reduce=None,
    reduction="mean",
):
    """How unlikely the counts ``target`` are when e^input are expected: e^x - y x.

    Without ``log_input`` the input x is the expected number: x - y log(x + eps).
    ``full`` adds Stirling's approximation of log y!, y log y - y + ½ log(2π y), for
    counts y above 1.
    """
    not_built("poisson_nll_loss", size_average=size_average, reduce=reduce)
    target = as_tensor(target)
    if log_input:
        loss = exp(input) - target * input
    else:
        loss = input - target * log(input + eps)
    if full:
        stirling = target * log(target) - target + 0.5 * log(2 * math.pi * target)
        loss = loss + where(target > 1, stirling, 0)
    return reduced(loss, reduction)
