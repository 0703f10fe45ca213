"""A tensor that a module learns."""

import numpy as np

from ..tensor import Tensor

__all__ = ["Parameter"]


class Parameter(Tensor):
    """A leaf that requires a gradient, listed by the `Module` that it is assigned to.

    ``data`` is a Tensor or a NumPy array, whose memory is shared.
    """

    def __init__(self, data, requires_grad=True):
        if not isinstance(data, (Tensor, np.ndarray)):
            raise TypeError(
                f"Parameter expected a Tensor or an array, got {type(data).__name__}"
            )
        super().__init__(data.data if isinstance(data, Tensor) else data, requires_grad)

    def __repr__(self):
        return "Parameter containing:\n" + super().__repr__()
