"""Losses: how far predictions are from their targets, as a number to make small."""

import math
import warnings

import numpy as np

from ...tensor import Tensor, as_tensor, mean, sum
from ...tensor.arguments import not_built, operation, same_dtype
from ...tensor.conversion import operands
from ...tensor.probability import largest

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "mse_loss",
    "nll_loss",
]


def _reduce(loss, reduction):
    """Return the mean, the sum, or with "none" the loss itself."""
    _check_reduction(reduction)
    if reduction == "none":
        return loss
    return mean(loss) if reduction == "mean" else sum(loss)


def _check_reduction(reduction):
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(
            f"reduction: expected 'none', 'mean' or 'sum', got {reduction!r}"
        )


@operation
def mse_loss(input, target, size_average=None, reduce=None, reduction="mean"):
    """Squared error, (input - target)².

    Shapes that differ are broadcast, with a warning, as in torch.
    """
    not_built("mse_loss", size_average=size_average, reduce=reduce)
    x, y = operands(input, target)
    if x.shape != y.shape:
        warnings.warn(
            f"mse_loss: input {x.shape} and target {y.shape} differ and are broadcast",
            stacklevel=3,
        )
    difference = x.data - y.data

    def backward(grad):
        by_x = 2 * grad * difference
        return by_x, -by_x if y.requires_grad else None

    return _reduce(Tensor._result(difference * difference, (x, y), backward), reduction)


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
    target = _like("binary_cross_entropy", input, target)
    p, y = input.data, target.data
    _check_probabilities(input=p, target=y)
    log_p, log_q = np.maximum(np.log(p), -100), np.maximum(np.log(1 - p), -100)

    def backward(grad):
        by_p = grad * (p - y) / np.maximum(p * (1 - p), 1e-12)
        return by_p, grad * (log_q - log_p) if target.requires_grad else None

    loss = Tensor._result(-(y * log_p + (1 - y) * log_q), (input, target), backward)
    return _reduce(loss if weight is None else loss * as_tensor(weight), reduction)


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
    shape and dtype. ``pos_weight`` w makes the positive targets count more; ``weight``
    rescales each element.
    """
    name = "binary_cross_entropy_with_logits"
    not_built(name, size_average=size_average, reduce=reduce)
    target = _like(name, input, target)
    x, y = input.data, target.data
    w = 1 if pos_weight is None else as_tensor(pos_weight).to(input.dtype).data
    count = 1 + (w - 1) * y
    softplus = np.maximum(-x, 0) + np.log1p(np.exp(-np.abs(x)))  # log(1 + e^-x)

    def backward(grad):
        by_x = grad * (1 - y - count / (1 + np.exp(x)))
        return by_x, grad * ((w - 1) * softplus - x) if target.requires_grad else None

    loss = Tensor._result((1 - y) * x + count * softplus, (input, target), backward)
    return _reduce(loss if weight is None else loss * as_tensor(weight), reduction)


def _like(function, input, target):
    """Return the target as a tensor; raise unless it has input's shape and dtype."""
    target = as_tensor(target)
    if target.shape != input.shape:
        raise ValueError(
            f"{function}: expected a target of shape {input.shape}, got {target.shape}"
        )
    same_dtype(function, input=input, target=target)
    return target


@operation
def cross_entropy(
    input,
    target,
    weight=None,
    size_average=None,
    ignore_index=-100,
    reduce=None,
    reduction="mean",
    label_smoothing=0.0,
):
    """-Σ_c q_c log p_c with p = softmax(input) over the classes, in one stable step.

    Parameters
    ----------
    input : Tensor
        Scores (N, C), (C) or (N, C, …), any real numbers.
    target : Tensor or array
        Class numbers (N, …), integers, which stand for q = 1 in that class; or q
        itself, of input's shape and dtype.
    weight : Tensor or array, optional
        (C): how much each class counts. The mean over class numbers divides by the sum
        of the weights that were counted.
    ignore_index : int
        A class number that counts for nothing.
    label_smoothing : float
        The share of q that is spread evenly over all classes (Szegedy et al., 2016).

    Raises ValueError for shapes that do not fit, TypeError for dtypes that do not, and
    IndexError for a class that does not exist.
    """
    not_built("cross_entropy", size_average=size_average, reduce=reduce)
    _check_reduction(reduction)
    x = _classes_last(input.data)  # (N, …, C)
    q, counts, total = _target_distribution(
        "cross_entropy", input, target, weight, ignore_index, label_smoothing
    )
    shifted = x - largest(x, -1)
    log_p = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    # not 0 · -∞, which is NaN, for a class that does not count
    loss = np.where(counts, -q * log_p, 0).sum(-1)
    loss, scale = _reduced(loss, total, reduction)

    def backward(grad):
        by_x = np.exp(log_p) * q.sum(-1, keepdims=True) - q  # softmax minus target
        by_x = by_x * _per_row(grad / scale)
        return (_classes_second(np.where(counts.any(-1, keepdims=True), by_x, 0)),)

    return Tensor._result(loss, (input,), backward)


@operation
def nll_loss(
    input,
    target,
    weight=None,
    size_average=None,
    ignore_index=-100,
    reduce=None,
    reduction="mean",
):
    """-log p of the right class: `cross_entropy` for an input that is log p already.

    input: (N, C), (C) or (N, C, …); target: class numbers (N, …).
    """
    not_built("nll_loss", size_average=size_average, reduce=reduce)
    _check_reduction(reduction)
    target = as_tensor(target)
    if target.dtype.kind not in "iu":
        raise TypeError(
            f"nll_loss: expected class numbers of an integer dtype, got {target.dtype}"
        )
    q, counts, total = _target_distribution(
        "nll_loss", input, target, weight, ignore_index
    )
    loss = np.where(counts, -q * _classes_last(input.data), 0).sum(-1)
    loss, scale = _reduced(loss, total, reduction)

    def backward(grad):
        by_x = np.where(counts, -q * _per_row(grad / scale), 0)
        return (_classes_second(by_x),)

    return Tensor._result(loss, (input,), backward)


def _classes_last(x):
    """(N, C, …) → (N, …, C)."""
    return np.moveaxis(x, 1, -1) if x.ndim > 1 else x


def _classes_second(x):
    """(N, …, C) → (N, C, …)."""
    return np.moveaxis(x, -1, 1) if x.ndim > 1 else x


def _per_row(grad):
    """(N, …) → (N, …, 1); a scalar stays one."""
    return np.expand_dims(grad, -1) if np.ndim(grad) else grad


def _reduced(loss, total, reduction):
    """Return the reduced loss and what its gradient is divided by."""
    if reduction == "none":
        return loss, 1
    scale = total if reduction == "mean" else 1
    return loss.sum() / loss.dtype.type(scale), scale


def _target_distribution(function, input, target, weight, ignore_index, smoothing=0.0):
    """Return weighted q, which of it counts (both (N, …, C)), and a mean's divisor.

    Of probabilities all count, also 0; of class numbers those of the target.
    """
    target = as_tensor(target)
    _check_target(function, input, target, smoothing)
    x = _classes_last(input.data)
    if weight is None:
        weight = np.ones(x.shape[-1], x.dtype)
    else:
        weight = as_tensor(weight).to(input.dtype).data
    if weight.shape != x.shape[-1:]:
        raise ValueError(
            f"{function}: expected a weight of shape {x.shape[-1:]}, got {weight.shape}"
        )
    if target.dtype.kind == "f":
        q, total = _classes_last(target.data), math.prod(x.shape[:-1])
        rows = counts = np.ones_like(q, bool)
    else:
        q, total = _one_hot(function, target.data, weight, ignore_index)
        rows, counts = q.any(-1, keepdims=True), q != 0
    if smoothing:
        q = q * (1 - smoothing) + rows * (smoothing / q.shape[-1])
        counts = counts | rows
    return (q * weight).astype(x.dtype, copy=False), counts, total


def _one_hot(function, classes, weight, ignore_index):
    """Return ones at the class numbers, (N, …, C), and the sum of their weights.

    Rows to ignore stay zero.
    """
    flat = classes.reshape(-1)  # (n,)
    counted = flat != ignore_index
    chosen = flat[counted].astype(np.int64)
    wrong = chosen[(chosen < 0) | (chosen >= len(weight))]
    if wrong.size:
        raise IndexError(
            f"{function}: expected classes from 0 to {len(weight) - 1}, got {wrong[0]}"
        )
    q = np.zeros((flat.size, len(weight)), weight.dtype)
    q[np.flatnonzero(counted), chosen] = 1
    return q.reshape(*classes.shape, len(weight)), weight[chosen].sum()


def _check_target(function, input, target, smoothing):
    if input.dtype.kind != "f" or not input.ndim:
        raise TypeError(
            f"{function}: expected floating-point scores (N, C, …), "
            f"got {input.dtype} {input.shape}"
        )
    if target.requires_grad:
        raise NotImplementedError(f"{function}: a gradient for target is not built")
    if not 0 <= smoothing <= 1:
        raise ValueError(
            f"{function}: expected label_smoothing from 0 to 1, got {smoothing}"
        )
    rows = input.shape[:1] * (input.ndim > 1) + input.shape[2:]
    if target.dtype.kind == "b":
        raise TypeError(
            f"{function}: expected class numbers or probabilities, got dtype bool"
        )
    expected = input.shape if target.dtype.kind == "f" else rows
    if target.shape != expected:
        kind = "probabilities" if target.dtype.kind == "f" else "class numbers"
        raise ValueError(
            f"{function}: expected {kind} of shape {expected}, got {target.shape}"
        )
    if target.dtype.kind == "f":
        same_dtype(function, input=input, target=target)
