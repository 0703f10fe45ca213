"""Losses for pairs and triples: alike should be near, others a margin away."""

from ...tensor import as_tensor, minimum, where
from ...tensor.arguments import not_built, operation
from .distance import pairwise_distance
from .loss import reduced

__all__ = [
    "cosine_embedding_loss",
    "hinge_embedding_loss",
    "margin_ranking_loss",
    "triplet_margin_loss",
]


@operation
def hinge_embedding_loss(
    input, target, margin=1.0, size_average=None, reduce=None, reduction="mean"
):
    """For distances: x where target is 1 (alike), max(0, margin - x) where it is -1."""
    not_built("hinge_embedding_loss", size_average=size_average, reduce=reduce)
    target = as_tensor(target)
    alike = where(target != -1, input, 0)
    different = where(target != 1, (margin - input).clamp(min=0), 0)
    return reduced(alike + different, reduction)


@operation
def margin_ranking_loss(
    input1,
    input2,
    target,
    margin=0,
    size_average=None,
    reduce=None,
    reduction="mean",
):
    """max(0, margin - target · (input1 - input2)).

    target is 1 where input1 should be the larger by ``margin``, and -1 where input2
    should.
    """
    not_built("margin_ranking_loss", size_average=size_average, reduce=reduce)
    target = as_tensor(target)
    _same_ndim("margin_ranking_loss", input1=input1, input2=input2, target=target)
    loss = (-target * (input1 - input2) + margin).clamp(min=0)
    return reduced(loss, reduction)


@operation
def cosine_embedding_loss(
    input1,
    input2,
    target,
    margin=0,
    size_average=None,
    reduce=None,
    reduction="mean",
):
    """1 - cos where target is 1 (alike), max(0, cos - margin) where it is -1.

    cos is the cosine of the angle between input1 and input2: (N, D) with target (N),
    or (D) with target ().
    """
    not_built("cosine_embedding_loss", size_average=size_average, reduce=reduce)
    target = as_tensor(target)
    if target.ndim > 1 or not input1.ndim == input2.ndim == target.ndim + 1:
        raise ValueError(
            "cosine_embedding_loss: expected inputs (N, D) and a target (N), or (D) "
            f"and (), got {input1.shape}, {input2.shape} and {target.shape}"
        )
    square1 = (input1 * input1).sum(-1) + 1e-12  # so that the root has a derivative
    square2 = (input2 * input2).sum(-1) + 1e-12
    cos = (input1 * input2).sum(-1) / (square1 * square2).sqrt()
    alike = where(target == 1, 1 - cos, 0)
    different = where(target == -1, (cos - margin).clamp(min=0), 0)
    return reduced(alike + different, reduction)


@operation
def triplet_margin_loss(
    anchor,
    positive,
    negative,
    margin=1.0,
    p=2,
    eps=1e-6,
    swap=False,
    size_average=None,
    reduce=None,
    reduction="mean",
):
    """max(0, margin + ‖anchor - positive‖ - ‖anchor - negative‖), with the p-norm.

    All are (N, D) or (D). With ``swap`` the negative's distance from the positive is
    taken where that is smaller. Balntas et al. (2016).
    """
    name = "triplet_margin_loss"
    not_built(name, size_average=size_average, reduce=reduce)
    if not margin > 0:
        raise ValueError(f"{name}: expected a margin above 0, got {margin}")
    _same_ndim(name, anchor=anchor, positive=positive, negative=negative)
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = minimum(far, pairwise_distance(positive, negative, p, eps))
    return reduced((margin + near - far).clamp(min=0), reduction)


def _same_ndim(function, **tensors):
    """Raise ValueError unless all tensors have the same number of dimensions."""
    if len({t.ndim for t in tensors.values()}) > 1:
        listed = ", ".join(f"{name} {t.shape}" for name, t in tensors.items())
        raise ValueError(
            f"{function}: expected the same number of dimensions, got {listed}"
        )
