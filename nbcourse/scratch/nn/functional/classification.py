"""Losses for one of several classes: how little the scores favour the right one."""

import numpy as np

from ...tensor import Tensor, as_tensor, log_softmax, where
from ...tensor.arguments import not_built, operation
from ...tensor.probability import largest
from .loss import check_reduction, reduced

__all__ = ["cross_entropy", "multi_margin_loss", "nll_loss"]


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
    """-Σ_c w_c q_c log p_c, p = softmax(input) over the classes; w is 1 if not given.

    Raises ValueError for shapes that do not fit, TypeError for dtypes that do not, and
    IndexError for a class that does not exist.

    Parameters
    ----------
    input : Tensor
        Scores (N, C), (C) or (N, C, …), any real numbers.
    target : Tensor or array
        Class numbers (N, …), integers, which stand for q = 1 in that class; or q
        itself, of input's shape.
    weight : Tensor or array, optional
        (C): how much each class counts. The mean over class numbers divides by the sum
        of the weights that were counted.
    ignore_index : int
        A class number that counts for nothing.
    label_smoothing : float
        The share of q that is spread evenly over all classes (Szegedy et al., 2016).
    """
    name = "cross_entropy"
    not_built(name, size_average=size_average, reduce=reduce)
    check_reduction(reduction)
    if not 0 <= label_smoothing <= 1:
        raise ValueError(
            f"{name}: expected label_smoothing from 0 to 1, got {label_smoothing}"
        )
    target = as_tensor(target)
    if label_smoothing or target.dtype.kind == "f":
        soft = _of_probabilities if target.dtype.kind == "f" else _smoothed
        return soft(input, target, weight, ignore_index, reduction, label_smoothing)
    rows, classes, weights = _counted(name, input, target, weight, ignore_index)
    x = _by_rows(input.data)  # (n, C)
    shifted = x - largest(x, 1)  # so that no exponential overflows
    e = np.exp(shifted)
    total = e @ np.ones(e.shape[1], e.dtype)  # (n,): e.sum(1), but faster on many rows
    log_p = shifted[rows, classes] - np.log(total[rows])
    loss, divisor = _reduced_rows(-weights * log_p, rows, input, reduction, weights)

    def backward(grad):  # by a score: its probability, less 1 for the right class
        scale = weights * _of_rows(grad / divisor, rows)
        scales = np.zeros_like(total)  # 0 where the target is to be ignored
        scales[rows] = scale
        by_x = e * (scales / total)[:, None]  # e / total is the softmax
        by_x[rows, classes] -= scale
        return (_as_scores(by_x, input.shape),)

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
    """-w log p of the right class: `cross_entropy` for an input that is log p already.

    input: (N, C), (C) or (N, C, …); target: class numbers (N, …).
    """
    not_built("nll_loss", size_average=size_average, reduce=reduce)
    check_reduction(reduction)
    target = as_tensor(target)
    rows, classes, weights = _counted("nll_loss", input, target, weight, ignore_index)
    x = _by_rows(input.data)  # (n, C)
    losses = -weights * x[rows, classes]
    loss, divisor = _reduced_rows(losses, rows, input, reduction, weights)

    def backward(grad):
        by_x = np.zeros_like(x)
        by_x[rows, classes] = -weights * _of_rows(grad / divisor, rows)
        return (_as_scores(by_x, input.shape),)

    return Tensor._result(loss, (input,), backward)


def _counted(function, input, target, weight, ignore_index):
    """Return the rows whose class counts, these classes, and their weights: (m,) each.

    A row is one of the n places of (N, …) that have scores and a class number. All
    count if ``ignore_index`` is None.
    """
    _check_classes(function, input, target)
    weight = _class_weight(function, input, weight)
    classes = target.data.reshape(-1)  # (n,)
    rows = np.flatnonzero(classes != ignore_index)
    classes, last = classes[rows], input.shape[_class_dim(input)] - 1
    wrong = classes[(classes < 0) | (classes > last)]
    if wrong.size:
        raise IndexError(
            f"{function}: expected classes from 0 to {last}, got {wrong[0]}"
        )
    if weight is None:
        return rows, classes, np.ones(len(rows), input.dtype)
    if weight.requires_grad:
        raise NotImplementedError(f"{function}: a gradient for weight is not built")
    return rows, classes, weight.data[classes]


def _reduced_rows(losses, rows, input, reduction, weights):
    """Return the losses of the rows that count, reduced, and what a mean divides by."""
    if reduction == "none":
        loss = np.zeros(_places(input), losses.dtype)  # 0 where a row does not count
        loss.reshape(-1)[rows] = losses
        return loss, 1
    divisor = weights.sum() if reduction == "mean" else 1
    return losses.sum() / divisor, divisor


def _of_rows(grad, rows):
    """Return the gradients of the rows that count, or the one that all have."""
    return grad.reshape(-1)[rows] if grad.ndim else grad


def _class_dim(scores):
    return 1 if scores.ndim > 1 else 0


def _places(scores):
    """(N, C, …) → (N, …), the shape of the class numbers."""
    return scores.shape[:1] * (scores.ndim > 1) + scores.shape[2:]


def _by_rows(x):
    """(N, C, …) → (n, C): a row for each place that has scores; (C) → (1, C)."""
    if x.ndim < 3:
        return np.atleast_2d(x)
    return np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])


def _as_scores(rows, shape):
    """(n, C) → (N, C, …), the shape that the scores had."""
    if len(shape) < 3:
        return rows.reshape(shape)
    return np.moveaxis(rows.reshape(shape[0], *shape[2:], shape[1]), -1, 1)


def _check_classes(function, input, target):
    _check_scores(function, input)
    if target.dtype.kind not in "iu":
        raise TypeError(
            f"{function}: expected class numbers of an integer dtype, "
            f"got {target.dtype}"
        )
    expected = _places(input)
    if target.shape != expected:
        raise ValueError(
            f"{function}: expected class numbers of shape {expected}, "
            f"got {target.shape}"
        )


def _check_scores(function, input):
    if input.dtype.kind != "f" or not input.ndim:
        raise TypeError(
            f"{function}: expected floating-point scores (N, C, …), "
            f"got {input.dtype} {input.shape}"
        )


def _class_weight(function, input, weight):
    """Return the weight as a tensor (C) of input's dtype, or None."""
    if weight is None:
        return None
    weight = as_tensor(weight).to(input.dtype)
    expected = (input.shape[_class_dim(input)],)
    if weight.shape != expected:
        raise ValueError(
            f"{function}: expected a weight of shape {expected}, got {weight.shape}"
        )
    return weight


# --- a distribution over the classes


def _of_probabilities(input, target, weight, ignore_index, reduction, label_smoothing):
    """`cross_entropy` with probabilities as targets, which may need a gradient."""
    _check_scores("cross_entropy", input)
    if ignore_index >= 0:
        raise ValueError(
            "cross_entropy: expected no ignore_index for probabilities, "
            f"got {ignore_index}"
        )
    if target.shape != input.shape:
        raise ValueError(
            f"cross_entropy: expected probabilities of shape {input.shape}, "
            f"got {target.shape}"
        )
    dim = _class_dim(input)
    if label_smoothing:
        even = label_smoothing / input.shape[dim]
        target = target * (1 - label_smoothing) + even
    return reduced(_expected(log_softmax(input, dim), target, weight), reduction)


def _smoothed(input, target, weight, ignore_index, reduction, label_smoothing):
    """`cross_entropy` with a share of q = 1 taken from its class and given to all."""
    rows, _, weights = _counted("cross_entropy", input, target, weight, ignore_index)
    dim = _class_dim(input)
    log_p = log_softmax(input, dim)
    right = nll_loss(log_p, target, weight, None, ignore_index, None, reduction)
    even = _expected(log_p, 1 / input.shape[dim], weight)
    if reduction == "none":
        even = where(target.data != ignore_index, even, 0)
    else:
        even = even.reshape(-1)[rows].sum()
    if reduction == "mean":
        even = even / as_tensor(weights).sum()  # as nll_loss divides
    return (1 - label_smoothing) * right + label_smoothing * even


def _expected(log_p, q, weight):
    """-Σ_c w_c q_c log p_c: (N, C, …) → (N, …)."""
    weight = _class_weight("cross_entropy", log_p, weight)
    cost = -log_p * q
    if weight is not None:
        cost = cost * weight.reshape(-1, *[1] * (log_p.ndim - 2))
    return cost.sum(_class_dim(log_p))


@operation
def multi_margin_loss(
    input,
    target,
    p=1,
    margin=1.0,
    weight=None,
    size_average=None,
    reduce=None,
    reduction="mean",
):
    """Σ_c max(0, margin - x_right + x_c)^p / C over the other classes c, p 1 or 2.

    input: scores (N, C) or (C), target: class numbers (N) or (). ``weight`` (C) counts
    by the right class. The hinge loss of Crammer and Singer (2001).
    """
    name = "multi_margin_loss"
    not_built(name, size_average=size_average, reduce=reduce)
    if p not in (1, 2):
        raise ValueError(f"{name}: expected p 1 or 2, got {p}")
    if input.ndim > 2:
        raise ValueError(f"{name}: expected scores (N, C) or (C), got {input.shape}")
    target = as_tensor(target)
    rows, classes, weights = _counted(name, input, target, weight, ignore_index=None)
    x = input.reshape(-1, input.shape[-1])  # (n, C)
    excess = (margin - x[rows, classes].unsqueeze(1) + x).clamp(min=0)
    others = np.ones(x.shape, bool)
    others[rows, classes] = False
    costs = where(others, excess if p == 1 else excess * excess, 0)
    loss = costs.sum(1) * as_tensor(weights) / x.shape[1]
    return reduced(loss.reshape(target.shape), reduction)
