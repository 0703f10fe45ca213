"""The matrix product, for vectors, matrices and batches, and what is made of it."""

import math

import numpy as np

from .arguments import axis, check_float, not_built, operation, same_dtype
from .core import Tensor
from .limits import where
from .reductions import sum
from .shape import reshape

__all__ = [
    "addbmm",
    "addmm",
    "addmv",
    "baddbmm",
    "bmm",
    "cdist",
    "cross",
    "dot",
    "kron",
    "matmul",
    "mm",
    "mv",
    "outer",
    "vdot",
]


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
    y = _product(a, b)
    *batch, rows, columns = y.shape
    shape = batch + [rows] * (input.ndim > 1) + [columns] * (other.ndim > 1)

    def backward(grad):
        grad = grad.reshape(*batch, rows, columns)  # (…, m, p)
        by_a = by_b = None
        if input.requires_grad:
            by_a = _product(grad, np.swapaxes(b, -1, -2))  # (…, m, n)
            by_a = by_a if input.ndim > 1 else by_a[..., 0, :]
        if other.requires_grad:
            shared = b.ndim == 2  # then also the sum over the batch is in the product
            left, right = (_rows(a), _rows(grad)) if shared else (a, grad)
            by_b = np.swapaxes(left, -1, -2) @ right  # (…, n, p)
            by_b = by_b if other.ndim > 1 else by_b[..., 0]
        return by_a, by_b

    return Tensor._result(y.reshape(shape), (input, other), backward)


def _product(a, b):
    """Return a @ b; one large product, not many small ones, where b is one matrix."""
    if a.ndim > 2 and b.ndim == 2:
        return (_rows(a) @ b).reshape(*a.shape[:-1], b.shape[-1])
    return a @ b


def _rows(x):
    """(…, m, n) → (… · m, n)."""
    return x.reshape(math.prod(x.shape[:-1]), x.shape[-1])


def _check(input, other):
    if not isinstance(other, Tensor):
        raise TypeError(
            f"matmul: expected other to be a Tensor, got {type(other).__name__}"
        )
    same_dtype("matmul", input=input, other=other)
    if input.dtype.kind == "b":
        raise TypeError("matmul: expected numbers, got bool")
    inner = other.shape[-2:-1] or other.shape[:1]
    if not input.ndim or not other.ndim or input.shape[-1:] != inner:
        raise ValueError(
            "matmul: expected shapes (…, m, n) and (…, n, p), "
            f"got {input.shape} and {other.shape}"
        )


# --- the same for one number of dimensions


def _check_dimensions(function, **expected):
    """Raise ValueError for a tensor that has not its number of dimensions."""
    for name, (tensor, ndim) in expected.items():
        if tensor.ndim != ndim:
            raise ValueError(
                f"{function}: expected {name} of {ndim} dimensions, "
                f"got shape {tensor.shape}"
            )


@operation
def mm(input, mat2, out_dtype=None):
    """Product of two matrices, (m, n) and (n, p)."""
    not_built("mm", out_dtype=out_dtype)
    _check_dimensions("mm", input=(input, 2), mat2=(mat2, 2))
    return matmul(input, mat2)


@operation
def bmm(input, mat2, out_dtype=None):
    """Products of the matrices of two batches, (b, m, n) and (b, n, p)."""
    not_built("bmm", out_dtype=out_dtype)
    _check_dimensions("bmm", input=(input, 3), mat2=(mat2, 3))
    if len(input.data) != len(mat2.data):
        raise ValueError(
            f"bmm: expected batches of one size, got {input.shape} and {mat2.shape}"
        )
    return matmul(input, mat2)


@operation
def mv(input, vec):
    """Product of a matrix and a vector, (m, n) and (n)."""
    _check_dimensions("mv", input=(input, 2), vec=(vec, 1))
    return matmul(input, vec)


@operation
def dot(input, tensor):
    """Σ_i x_i y_i of two vectors, (n) and (n)."""
    _check_dimensions("dot", input=(input, 1), tensor=(tensor, 1))
    return matmul(input, tensor)


@operation
def vdot(input, other):
    """Σ_i x_i y_i of two vectors: for real numbers the same as `dot`."""
    return dot(input, other)


# --- added to something


@operation
def addmm(input, mat1, mat2, out_dtype=None, *, beta=1, alpha=1):
    """beta · input + alpha · mat1 @ mat2; with beta 0, also NaN in the input is 0."""
    not_built("addmm", out_dtype=out_dtype)
    return _added("addmm", input, mm(mat1, mat2), beta, alpha)


@operation
def addmv(input, mat, vec, *, beta=1, alpha=1):
    """beta · input + alpha · mat @ vec, like `addmm`."""
    return _added("addmv", input, mv(mat, vec), beta, alpha)


@operation
def baddbmm(input, batch1, batch2, out_dtype=None, *, beta=1, alpha=1):
    """beta · input + alpha · batch1 @ batch2 for each matrix of a batch."""
    not_built("baddbmm", out_dtype=out_dtype)
    return _added("baddbmm", input, bmm(batch1, batch2), beta, alpha)


@operation
def addbmm(input, batch1, batch2, *, beta=1, alpha=1):
    """beta · input + alpha · the sum of batch1 @ batch2 over the batch."""
    return _added("addbmm", input, sum(bmm(batch1, batch2), 0), beta, alpha)


def _added(function, input, product, beta, alpha):
    same_dtype(function, input=input, product=product)
    fits = input.ndim <= product.ndim and all(
        n in (1, m)
        for n, m in zip(input.shape[::-1], product.shape[::-1], strict=False)
    )
    if not fits:
        raise ValueError(
            f"{function}: expected an input that broadcasts to {product.shape}, "
            f"got {input.shape}"
        )
    if input.dtype.kind != "f" and not isinstance(beta * alpha, int):
        raise TypeError(
            f"{function}: expected integers for {input.dtype}, "
            f"got beta {beta} and alpha {alpha}"
        )
    if beta == 0:  # the input has no part in it; 0 · NaN would be NaN
        input = where(np.asarray(False), input, 0)
    elif beta != 1:
        input = input * beta
    return input + (product if alpha == 1 else product * alpha)


# --- other products


@operation
def outer(input, vec2):
    """x_i y_j of two vectors, (m) and (n) → (m, n)."""
    _check_dimensions("outer", input=(input, 1), vec2=(vec2, 1))
    return reshape(input, (-1, 1) if input.numel() else (0, 1)) * vec2


@operation
def kron(input, other):
    """Kronecker product: each element of the input times all of ``other``, as a block.

    (m, n) and (p, q) → (m·p, n·q); the tensor of fewer dimensions gets ones in front.
    """
    n = max(input.ndim, other.ndim)
    outside = (1,) * (n - input.ndim) + input.shape
    inside = (1,) * (n - other.ndim) + other.shape
    x = reshape(input, [size for m in outside for size in (m, 1)])
    y = reshape(other, [size for m in inside for size in (1, m)])
    return reshape(x * y, [m * p for m, p in zip(outside, inside, strict=True)])


@operation
def cross(input, other, dim=None):
    """Vector product of the vectors of three elements along ``dim``.

    Without ``dim`` it is the first dimension of size 3. The others broadcast.
    """
    same_dtype("cross", input=input, other=other)
    if dim is None:
        dim = input.shape.index(3) if 3 in input.shape else 0
    along = axis(dim, input.ndim)
    if input.ndim != other.ndim or not input.shape[along] == other.shape[along] == 3:
        raise ValueError(
            f"cross: expected three elements along dimension {along}, "
            f"got {input.shape} and {other.shape}"
        )
    a, b = input.data, other.data

    def backward(grad):
        return np.cross(b, grad, axis=along), np.cross(grad, a, axis=along)

    return Tensor._result(np.cross(a, b, axis=along), (input, other), backward)


# --- distances, which are products where it matters


@operation
def cdist(x1, x2, p=2.0, compute_mode="use_mm_for_euclid_dist_if_necessary"):
    """Distances (Σ |x - y|^p)^(1/p) of all pairs, (…, m, d) and (…, n, d) → (…, m, n).

    p = 0 counts the elements that differ, infinity takes the largest difference. Where
    a distance is 0, its derivative is taken as 0. ``compute_mode`` says whether a
    Euclidean distance comes from matrix products, |x|² + |y|² - 2 x·y: never
    ("donot_use_mm_for_euclid_dist"), always ("use_mm_for_euclid_dist"), or from 26
    rows on, where it is much faster and rounds a little more.
    """
    same_dtype("cdist", x1=x1, x2=x2)
    check_float("cdist", x1)
    if min(x1.ndim, x2.ndim) < 2 or x1.shape[-1] != x2.shape[-1] or p < 0:
        raise ValueError(
            "cdist: expected shapes (…, m, d) and (…, n, d) and p of at least 0, "
            f"got {x1.shape}, {x2.shape} and {p}"
        )
    by_products = _by_products(compute_mode, max(x1.shape[-2], x2.shape[-2]))
    return _euclidean(x1, x2, by_products) if p == 2 else _minkowski(x1, x2, p)


def _by_products(compute_mode, rows):
    modes = {
        "use_mm_for_euclid_dist_if_necessary": rows > 25,
        "use_mm_for_euclid_dist": True,
        "donot_use_mm_for_euclid_dist": False,
    }
    if compute_mode not in modes:
        raise ValueError(
            f"cdist: expected a compute_mode out of {list(modes)}, got {compute_mode!r}"
        )
    return modes[compute_mode]


def _differences(a, b):
    return a[..., :, None, :] - b[..., None, :, :]  # (…, m, n, d)


@operation
def _euclidean(x1, x2, by_products):
    a, b = x1.data, x2.data
    if by_products:
        squares = (
            np.square(a).sum(-1)[..., :, None] + np.square(b).sum(-1)[..., None, :]
        )
        squares = np.maximum(squares - 2 * a @ np.swapaxes(b, -1, -2), 0)
    else:
        squares = np.square(_differences(a, b)).sum(-1)
    y = np.sqrt(squares)  # (…, m, n)

    def backward(grad):
        w = np.divide(grad, y, out=np.zeros_like(grad), where=y != 0)
        by_a = a * w.sum(-1)[..., None] - w @ b  # Σ_n w (a - b)
        by_b = b * w.sum(-2)[..., None] - np.swapaxes(w, -1, -2) @ a
        return by_a, by_b

    return Tensor._result(y, (x1, x2), backward)


@operation
def _minkowski(x1, x2, p):
    difference = _differences(x1.data, x2.data)
    y = np.linalg.norm(difference, p, -1)

    def backward(grad):
        size, far = np.abs(difference), y[..., None]
        if p == np.inf:
            share = (size == far).astype(grad.dtype)
        else:
            share = np.where((far == 0) | (size == 0), 0, (size / far) ** (p - 1))
        by_difference = grad[..., None] * np.sign(difference) * share * (p > 0)
        return by_difference.sum(-2), -by_difference.sum(-3)

    return Tensor._result(y, (x1, x2), backward)
