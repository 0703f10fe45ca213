"""The linear map, the layer that every network is made of."""

import numpy as np

from ...tensor import Tensor
from ...tensor.arguments import operation, same_dtype

__all__ = ["linear"]


@operation
def linear(input, weight, bias=None):
    """Return x Wᵀ + b.  x: (*, in), W: (out, in), b: (out) → (*, out).

    Raises ValueError for shapes that do not fit and TypeError for different dtypes.
    """
    same_dtype("linear", input=input, weight=weight, bias=bias)
    _check_shapes(input, weight, bias)
    y = input.data @ weight.data.T  # (*, out)
    if bias is not None:
        y += bias.data

    def backward(grad):
        by_x = grad @ weight.data if input.requires_grad else None  # (*, in)
        rows = grad.reshape(-1, grad.shape[-1])  # (n, out): all leading dimensions in one
        columns = input.data.reshape(-1, input.shape[-1])  # (n, in)
        by_w = rows.T @ columns if weight.requires_grad else None  # (out, in)
        if bias is None:
            return by_x, by_w
        by_b = np.ones(len(rows), rows.dtype) @ rows  # (out): eight times faster than rows.sum(0)
        return by_x, by_w, by_b

    parents = (input, weight) if bias is None else (input, weight, bias)
    return Tensor._result(y, parents, backward)


def _check_shapes(input, weight, bias):
    out = weight.shape[:1]
    if weight.ndim != 2 or input.shape[-1:] != weight.shape[1:] or (bias is not None and bias.shape != out):
        biased = "" if bias is None else f", bias {bias.shape}"
        raise ValueError(
            f"linear: expected input (*, in), weight (out, in), bias (out); "
            f"got input {input.shape}, weight {weight.shape}{biased}"
        )
