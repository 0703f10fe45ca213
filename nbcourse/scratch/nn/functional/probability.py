"""Losses for probabilities: of yes rather than no, or of a whole distribution."""

import warnings

import numpy as np

from ...tensor import Tensor, as_tensor, exp, log, where
from ...tensor.arguments import not_built, operation, same_dtype
from ...tensor.conversion import operands
from .loss import check_floating, check_reduction, reduced, same_shape

__all__ = ["binary_cross_entropy", "binary_cross_entropy_with_logits", "kl_div"]


@operation
def binary_cross_entropy(
    input, target, weight=None, size_average=None, reduce=None, reduction="mean"
):
    """-(y log p + (1 - y) log(1 - p)) for probabilities p and targets y in [0, 1].

    The logarithms are kept above -100, as in torch, so that a wrong certainty costs 100
    and not infinity. ``weight`` rescales each element. Raises ValueError for shapes
    that differ and for p or y outside [0, 1].
    """
    not_built("binary_cross_entropy", size_average=size_average, reduce=reduce)
    target = as_tensor(target)
    same_shape("binary_cross_entropy", input=input, target=target)
    same_dtype("binary_cross_entropy", input=input, target=target)
    p, y = input.data, target.data
    _check_probabilities(input=p, target=y)
    log_p, log_q = np.log(p), np.log1p(-p)

    def backward(grad):
        by_p = grad * (p - y) / np.maximum(p * (1 - p), 1e-12)
        return by_p, grad * (log_q - log_p) if target.requires_grad else None

    value = -(y * np.maximum(log_p, -100) + (1 - y) * np.maximum(log_q, -100))
    loss = Tensor._result(value, (input, target), backward)
    return reduced(_rescaled("binary_cross_entropy", loss, weight), reduction)


def _check_probabilities(**arrays):
    for name, p in arrays.items():
        if not ((p >= 0) & (p <= 1)).all():
            raise ValueError(
                f"binary_cross_entropy: expected {name} in [0, 1], "
                f"got {p.min():.6g} to {p.max():.6g}"
            )


@operation
def binary_cross_entropy_with_logits(
    input,
    target,
    weight=None,
    size_average=None,
    reduce=None,
    reduction="mean",
    pos_weight=None,
):
    """`binary_cross_entropy` of sigmoid(input), stable for any input.

    (1 - y) x + (1 + (w - 1) y) log(1 + e^-x) for scores x and targets y of the same
    shape. ``pos_weight`` w makes the positive targets count more; ``weight`` rescales
    each element.
    """
    name = "binary_cross_entropy_with_logits"
    not_built(name, size_average=size_average, reduce=reduce)
    target = as_tensor(target)
    same_shape(name, input=input, target=target)
    check_floating(name, input=input, target=target)
    input, target = operands(input, target)
    x, y = input.data, target.data
    w = 1 if pos_weight is None else _constant(name, pos_weight=pos_weight, like=x)
    count = 1 + (w - 1) * y
    softplus = np.maximum(-x, 0) + np.log1p(np.exp(-np.abs(x)))  # log(1 + e^-x)

    def backward(grad):
        by_x = grad * (1 - y - count / (1 + np.exp(x)))
        return by_x, grad * ((w - 1) * softplus - x) if target.requires_grad else None

    loss = Tensor._result((1 - y) * x + count * softplus, (input, target), backward)
    return reduced(_rescaled(name, loss, weight), reduction)


def _rescaled(function, loss, weight):
    """Return loss · weight, of the loss's shape."""
    if weight is None:
        return loss
    weight = _constant(function, weight=weight, like=loss.data)
    if np.broadcast_shapes(weight.shape, loss.shape) != loss.shape:
        raise ValueError(
            f"{function}: expected a weight that broadcasts to {loss.shape}, "
            f"got {weight.shape}"
        )
    return loss * weight


def _constant(function, like, **argument):
    """Return the named argument as an array of the dtype of ``like``."""
    ((name, value),) = argument.items()
    value = as_tensor(value)
    if value.requires_grad:
        raise NotImplementedError(f"{function}: a gradient for {name} is not built")
    return value.data.astype(like.dtype, copy=False)


@operation
def kl_div(
    input, target, size_average=None, reduce=None, reduction="mean", log_target=False
):
    """Kullback-Leibler divergence, Σ q (log q - log p), from log p to q.

    input is log p; target is q, or with ``log_target`` log q. Of reductions there is
    also "batchmean", the sum over the size of the first dimension, which is the
    divergence; "mean" divides by the number of elements, with a warning, as in torch.
    """
    not_built("kl_div", size_average=size_average, reduce=reduce)
    check_reduction(reduction, ("none", "batchmean", "mean", "sum"))
    input, target = operands(input, target)
    check_floating("kl_div", input=input)
    if reduction == "mean":
        warnings.warn(
            "kl_div: reduction 'mean' is not the divergence, 'batchmean' is",
            stacklevel=4,
        )
    if log_target:
        loss = exp(target) * (target - input)
    else:
        entropy = where(target == 0, 0, target * log(target))  # its limit is 0 at 0
        loss = entropy - target * input
    if reduction == "batchmean":
        return loss.sum() / (input.shape[0] if input.ndim else 1)
    return reduced(loss, reduction)
