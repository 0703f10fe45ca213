"""Sums of products over named dimensions: einsum, and what is said in its terms.

Two tensors at a time: each dimension belongs to both and stays (a batch), to both and
is summed (inner), or to one of them. Ordered (batch, own, inner) and (batch, inner,
own), the two are factors of a matrix product, and that does the work. All steps are
operations of this package, so they differentiate themselves.
"""

import math
import re

from .arguments import operation, same_dtype
from .core import Tensor
from .products import matmul
from .reductions import sum
from .shape import chosen, permute, reshape, squeeze
from .triangles import diagonal

__all__ = ["einsum", "inner", "tensordot"]


@operation
def einsum(equation, *operands):
    """Sum of products: "ij,jk->ik" is Σ_j a_ij b_jk (Einstein's notation, 1916).

    Each letter names a dimension. Those missing after the arrow are summed; without an
    arrow the result has the letters that occur once, in alphabetical order. A letter
    twice in one operand takes its diagonal. "..." stands for dimensions that broadcast.
    Several operands are taken from left to right.

    Raises ValueError for an equation that makes no sense or does not fit the shapes.
    """
    if not isinstance(equation, str):
        raise NotImplementedError(
            "einsum: a form other than with the equation first, as a string, is not "
            f"built; got {type(equation).__name__}"
        )
    if len(operands) == 1 and isinstance(operands[0], (tuple, list)):
        operands = operands[0]
    if not all(isinstance(x, Tensor) for x in operands):
        kinds = [type(x).__name__ for x in operands]
        raise TypeError(f"einsum: expected Tensors, got {kinds}")
    names, result = _parsed(equation, operands)
    _check_sizes(equation, names, operands)
    y, have = _without_repeats(operands[0], names[0])
    for i in range(1, len(operands)):
        other, its = _without_repeats(operands[i], names[i])
        later = {name for rest in (result, *names[i + 1 :]) for name in rest}
        y, have = _contracted(y, have, other, its, later)
    y, have = _summed(y, have, result)
    return _ordered(y, have, result)


def _parsed(equation, operands):
    """Return the names of each operand's dimensions, and of the result's.

    The dimensions of an ellipsis are numbered from the right: …, -2, -1.
    """
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(operands):
        raise ValueError(
            f"einsum: expected {len(terms)} operands for {equation!r}, "
            f"got {len(operands)}"
        )
    names = [
        _names(equation, term, x.ndim) for term, x in zip(terms, operands, strict=True)
    ]
    seen = [name for its in names for name in its]
    dots = sorted({name for name in seen if isinstance(name, int)})
    letters = sorted({name for name in seen if isinstance(name, str)})
    if not arrow:
        return names, dots + [a for a in letters if seen.count(a) == 1]
    dots = dots if "..." in right else []
    result = _names(equation, right, len(dots) + len(right.replace("...", "")))
    if len(set(result)) < len(result) or not set(result) <= set(seen):
        raise ValueError(
            f"einsum: expected different letters of the operands after the arrow, "
            f"got {equation!r}"
        )
    return names, result


def _names(equation, term, ndim):
    """Return the names of one operand's dimensions; "..." fills in what is missing."""
    match = re.fullmatch(r"([a-zA-Z]*)(\.\.\.)?([a-zA-Z]*)", term)
    if not match:
        raise ValueError(
            f"einsum: expected letters and at most one '...' between commas, "
            f"got {term!r} in {equation!r}"
        )
    first, dots, last = match.groups()
    missing = ndim - len(first) - len(last)
    if missing < 0 or (missing and not dots):
        raise ValueError(
            f"einsum: expected an operand of {len(first + last)} dimensions for "
            f"{term!r} in {equation!r}, got {ndim}"
        )
    return [*first, *range(-missing, 0), *last]


def _check_sizes(equation, names, operands):
    sizes = {}
    for its, x in zip(names, operands, strict=True):
        for name, n in zip(its, x.shape, strict=True):
            if sizes.get(name, 1) == 1:
                sizes[name] = n
            elif n not in (1, sizes[name]):
                raise ValueError(
                    f"einsum: expected one size for each letter of {equation!r}, "
                    f"got shapes {[x.shape for x in operands]}"
                )


def _without_repeats(x, names):
    """Replace dimensions of one name by their diagonal."""
    names = list(names)
    for name in dict.fromkeys(names):  # each once
        while names.count(name) > 1:
            i = names.index(name)
            j = names.index(name, i + 1)
            if x.shape[i] != x.shape[j]:
                raise ValueError(
                    f"einsum: expected one size for both {name!r}, got {x.shape}"
                )
            x = diagonal(x, 0, i, j)
            names = [n for k, n in enumerate(names) if k not in (i, j)] + [name]
    return x, names


def _summed(x, names, wanted):
    """Sum out the dimensions whose names are not wanted."""
    gone = tuple(i for i, name in enumerate(names) if name not in wanted)
    if not gone:
        return x, names
    return sum(x, gone), [name for name in names if name in wanted]


def _contracted(x, xs, y, ys, wanted):
    """Return the product of x and y, summed over names that are not wanted."""
    x, xs = _without_ones(x, xs, ys)
    y, ys = _without_ones(y, ys, xs)
    x, xs = _summed(x, xs, {*wanted, *ys})
    y, ys = _summed(y, ys, {*wanted, *xs})
    batch = [name for name in xs if name in ys and name in wanted]
    inner = [name for name in xs if name in ys and name not in wanted]
    own_x = [name for name in xs if name not in ys]
    own_y = [name for name in ys if name not in xs]
    left = _arranged(x, xs, batch, own_x, inner)
    right = _arranged(y, ys, batch, inner, own_y)
    # with nothing to sum, (batch, own, 1) · (batch, 1, own)
    z = matmul(left, right) if inner else left * right
    sizes = dict(zip([*xs, *ys], [*x.shape, *y.shape], strict=True))
    names = batch + own_x + own_y
    shape = tuple([sizes[name] for name in names])
    return z if z.shape == shape else reshape(z, shape), names


def _without_ones(x, names, others):
    """Drop dimensions of size 1 that the other operand has too: they broadcast."""
    ones = [i for i, name in enumerate(names) if x.shape[i] == 1 and name in others]
    if not ones:
        return x, names
    return squeeze(x, ones), [name for i, name in enumerate(names) if i not in ones]


def _arranged(x, names, batch, rows, columns):
    """Return x as matrices: (batch…, rows joined, columns joined)."""
    x = _ordered(x, names, [*batch, *rows, *columns])
    if len(rows) == len(columns) == 1:
        return x
    b, r = len(batch), len(batch) + len(rows)
    return reshape(x, (*x.shape[:b], math.prod(x.shape[b:r]), math.prod(x.shape[r:])))


def _ordered(x, names, wanted):
    """Return x with its dimensions in the wanted order."""
    if names == wanted:
        return x
    return permute(x, [names.index(name) for name in wanted])


@operation
def tensordot(a, b, dims=2):
    """Sum of products over several dimensions at once.

    ``dims`` is how many: the last of ``a`` with the first of ``b``. Or it is two lists
    of them, in corresponding order. The other dimensions of a and then of b remain.
    """
    same_dtype("tensordot", a=a, b=b)
    dims = dims.tolist() if isinstance(dims, Tensor) else dims
    if isinstance(dims, int):
        if not 0 <= dims <= min(a.ndim, b.ndim):
            raise ValueError(
                f"tensordot: expected dims from 0 to {min(a.ndim, b.ndim)}, got {dims}"
            )
        dims = range(a.ndim - dims, a.ndim), range(dims)
    from_a, from_b = chosen([*dims[0]], a.ndim), chosen([*dims[1]], b.ndim)
    pairs = [(a.shape[i], b.shape[j]) for i, j in zip(from_a, from_b, strict=False)]
    if len(from_a) != len(from_b) or any(m != n and 1 not in (m, n) for m, n in pairs):
        raise ValueError(
            "tensordot: expected two lists of dimensions of the same sizes, "
            f"got {dims} for shapes {a.shape} and {b.shape}"
        )
    names_a = list(range(a.ndim))
    names_b = [a.ndim + j for j in range(b.ndim)]
    for i, j in zip(from_a, from_b, strict=True):
        names_b[j] = i  # one name for both
    own = {*names_a, *names_b} - {*from_a}
    return _contracted(a, names_a, b, names_b, own)[0]


@operation
def inner(input, other):
    """Sum of products over the last dimensions, (…, n) and (*, n) → (…, *).

    A tensor without dimensions multiplies all elements of the other.
    """
    if not input.ndim or not other.ndim:
        return input * other
    if input.shape[-1] != other.shape[-1]:
        raise ValueError(
            "inner: expected last dimensions of one size, "
            f"got {input.shape} and {other.shape}"
        )
    return tensordot(input, other, ([-1], [-1]))
