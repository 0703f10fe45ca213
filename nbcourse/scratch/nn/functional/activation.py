"""Activation functions; those that tensors have too come from there."""

import numpy as np

from ...tensor import Tensor, log_softmax, relu, sigmoid, softmax, tanh
from ...tensor.arguments import not_built, operation

__all__ = ["leaky_relu", "log_softmax", "relu", "sigmoid", "softmax", "tanh"]


@operation
def leaky_relu(input, negative_slope=0.01, inplace=False):
    """x where x > 0, else negative_slope · x; at 0 the derivative is negative_slope.

    The leaky ReLU of Maas et al. (2013).
    """
    not_built("leaky_relu", inplace=inplace)
    x = input.data
    if x.dtype.kind != "f":
        raise TypeError(f"leaky_relu: expected a floating-point dtype, got {x.dtype}")
    slope = np.where(x > 0, x.dtype.type(1), x.dtype.type(negative_slope))

    def backward(grad):
        return (grad * slope,)

    return Tensor._result(x * slope, (input,), backward)
