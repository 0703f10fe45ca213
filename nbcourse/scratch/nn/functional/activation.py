"""Activation functions beyond the elementary ones (relu, sigmoid, tanh and softmax belong to the tensors)."""

import numpy as np

from ...tensor import Tensor
from ...tensor.arguments import not_built, operation

__all__ = ["leaky_relu"]


@operation
def leaky_relu(input, negative_slope=0.01, inplace=False):
    """Return x where x > 0, else negative_slope · x, which is also the slope at 0 (Maas et al., 2013)."""
    not_built("leaky_relu", inplace=inplace)
    x = input.data
    slope = np.where(x > 0, x.dtype.type(1), x.dtype.type(negative_slope))

    def backward(grad):
        return (grad * slope,)

    return Tensor._result(x * slope, (input,), backward)
