"""What all losses share: turning a loss for each element into one number."""

import warnings

from ...tensor import mean, sum
from ...tensor.conversion import operands

__all__ = []

REDUCTIONS = ("none", "mean", "sum")


def reduced(loss, reduction):
    """Return the mean, the sum, or with "none" the loss itself."""
    check_reduction(reduction)
    if reduction == "none":
        return loss
    return mean(loss) if reduction == "mean" else sum(loss)


def check_reduction(reduction, known=REDUCTIONS):
    """Raise ValueError unless ``reduction`` is one of those that are known."""
    if reduction not in known:
        names = ", ".join(map(repr, known[:-1]))
        raise ValueError(
            f"reduction: expected {names} or {known[-1]!r}, got {reduction!r}"
        )


def pair(function, input, target):
    """Return both as tensors of one dtype; warn where their shapes differ, as torch."""
    x, y = operands(input, target)
    if x.shape != y.shape:
        warnings.warn(
            f"{function}: input {x.shape} and target {y.shape} differ "
            "and are broadcast",
            stacklevel=5,  # the line that called the loss
        )
    return x, y


def check_floating(function, **tensors):
    """Raise TypeError unless all tensors have a floating-point dtype."""
    for name, tensor in tensors.items():
        if tensor.dtype.kind != "f":
            raise TypeError(
                f"{function}: expected {name} of a floating-point dtype, "
                f"got {tensor.dtype}"
            )


def same_shape(function, **tensors):
    """Raise ValueError unless all tensors (None is left out) have one shape."""
    found = {name: t.shape for name, t in tensors.items() if t is not None}
    if len(set(found.values())) > 1:
        listed = ", ".join(f"{name} {shape}" for name, shape in found.items())
        raise ValueError(f"{function}: expected one shape, got {listed}")
