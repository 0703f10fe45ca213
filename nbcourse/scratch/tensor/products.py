"""The matrix product, for vectors, matrices and batches of matrices."""

import numpy as np

from .arguments import operation, same_dtype
from .core import Tensor

__all__ = ["matmul"]


@operation
def matmul(input, other):
    """Matrix product: (n) @ (n) → (), (m, n) @ (n, p) → (m, p).

    Leading dimensions are a batch and broadcast. A vector on the left counts as a row,
    one on the right as a column; that dimension then leaves the result. Raises
    ValueError when the inner sizes differ and TypeError when the dtypes do.
    """
    _check(input, other)
    a = input.data if input.ndim > 1 else input.data[None, :]  # (…, m, n)
    b = other.data if other.ndim > 1 else other.data[:, None]  # (…, n, p)
    rows, columns = a.shape[-2], b.shape[-1]

    def backward(grad):
        batch = grad.shape[: grad.ndim - (input.ndim > 1) - (other.ndim > 1)]
        grad = grad.reshape(*batch, rows, columns)  # (…, m, p)
        by_a = by_b = None
        if input.requires_grad:
            by_a = grad @ np.swapaxes(b, -1, -2)  # (…, m, n)
            by_a = by_a if input.ndim > 1 else by_a[..., 0, :]
        if other.requires_grad:
            by_b = np.swapaxes(a, -1, -2) @ grad  # (…, n, p)
            by_b = by_b if other.ndim > 1 else by_b[..., 0]
        return by_a, by_b

    return Tensor._result(np.matmul(input.data, other.data), (input, other), backward)


def _check(input, other):
    if not isinstance(other, Tensor):
        raise TypeError(
            f"matmul: expected other to be a Tensor, got {type(other).__name__}"
        )
    same_dtype("matmul", input=input, other=other)
    inner = other.shape[-2:-1] or other.shape[:1]
    if not input.ndim or not other.ndim or input.shape[-1:] != inner:
        raise ValueError(
            "matmul: expected shapes (…, m, n) and (…, n, p), "
            f"got {input.shape} and {other.shape}"
        )
