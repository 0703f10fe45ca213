"""The linear map, the layer that every network is made of, and the bilinear one."""

import math

import numpy as np

from ...tensor import Tensor
from ...tensor.arguments import operation, same_dtype

__all__ = ["bilinear", "linear"]


@operation
def linear(input, weight, bias=None):
    """Return x Wᵀ + b.  x: (*, in), W: (out, in), b: (out) → (*, out).

    W: (in) and b: () stand for a single output, whose dimension is left out: → (*).
    Raises ValueError for shapes that do not fit and TypeError for different dtypes.
    """
    same_dtype("linear", input=input, weight=weight, bias=bias)
    _check_shapes(input, weight, bias)
    if weight.ndim == 1:
        bias = None if bias is None else bias.reshape(1)
        return linear(input, weight.unsqueeze(0), bias).squeeze(-1)
    n, out = math.prod(input.shape[:-1]), len(weight)
    x = input.data.reshape(n, input.shape[-1])  # (n, in): one large product is faster
    y = x @ weight.data.T  # (n, out)
    if bias is not None:
        y += bias.data

    def backward(grad):
        g = grad.reshape(n, out)
        by_x = by_w = None
        if input.requires_grad:
            by_x = (g @ weight.data).reshape(input.shape)
        if weight.requires_grad:
            by_w = g.T @ x  # (out, in)
        if bias is None:
            return by_x, by_w
        by_b = np.ones(n, g.dtype) @ g  # (out): g.sum(0), faster
        return by_x, by_w, by_b

    parents = (input, weight) if bias is None else (input, weight, bias)
    return Tensor._result(y.reshape(*input.shape[:-1], out), parents, backward)


def _check_shapes(input, weight, bias):
    """Raise ValueError unless the shapes are (*, in), (out, in) and (out)."""
    out = weight.shape[:-1]
    if (
        weight.ndim not in (1, 2)
        or input.shape[-1:] != weight.shape[-1:]
        or (bias is not None and bias.shape != out)
    ):
        biased = "" if bias is None else f", bias {bias.shape}"
        raise ValueError(
            "linear: expected input (*, in), weight (out, in), bias (out); "
            f"got input {input.shape}, weight {weight.shape}{biased}"
        )


@operation
def bilinear(input1, input2, weight, bias=None):
    """x1ᵀ W x2 + b for each output: a linear map of all products of two elements.

    x1: (*, in1), x2: (*, in2), W: (out, in1, in2), b: (out) → (*, out). Raises
    ValueError for shapes that do not fit.
    """
    sizes = input1.shape[-1:] + input2.shape[-1:]  # (in1, in2)
    fits = weight.ndim == 3 and weight.shape[1:] == sizes
    if not fits or input1.shape[:-1] != input2.shape[:-1]:
        raise ValueError(
            "bilinear: expected inputs (*, in1) and (*, in2) and a weight "
            f"(out, in1, in2), got {input1.shape}, {input2.shape} and {weight.shape}"
        )
    products = input1.unsqueeze(-1) * input2.unsqueeze(-2)  # (*, in1, in2)
    return linear(products.flatten(-2), weight.flatten(1), bias)
