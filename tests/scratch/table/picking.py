"""Elements picked or placed by number, found, counted; triangles and diagonals."""

import numpy as np

from nbcourse import scratch

from ..rows import Row

NAN = float("nan")


def ints(*values):
    """The maker of an integer tensor in either library."""
    array = np.array(values if len(values) != 1 else values[0], np.int64)
    return lambda lib: lib.tensor(array)


COLUMNS = ints([[0, 2, 2, 1], [1, 0, 0, 0]])  # for dim 1 of (2, 3) and more
FEW = ints([[2, 0]])
ROWS_OF_3 = ints([[0, 2, 1, 1]])
NONE = ints(np.zeros((2, 0)))


def small(rng, shape):
    """Draw from {0, 1, 2}, so that there are equals and zeros."""
    return rng.integers(0, 3, shape)


EACH = {
    "gather": Row(lambda lib, a: (lib.gather(a, 1, COLUMNS(lib)), a.gather(-1, FEW(lib))), [(2, 3)]),
    "gather rows": Row(lambda lib, a: lib.gather(input=a, dim=0, index=ROWS_OF_3(lib)), [(3, 4)]),
    "gather three": Row(lambda lib, a: a.gather(1, ints([[[1, 0]], [[1, 1]]])(lib)), [(2, 2, 3)]),
    "gather int32": Row(lambda lib, a: a.gather(0, lib.tensor([1, 1], dtype=lib.int32)), [(3,)]),
    "gather nothing": Row(lambda lib, a: lib.gather(a, 1, NONE(lib)), [(2, 3)]),
    "gather scalar": Row(lambda lib, a: (a.gather(0, lib.tensor(0)), a.gather(0, ints([0])(lib))), [()]),
    "gather integers": Row(lambda lib: lib.arange(6).reshape(2, 3).gather(1, COLUMNS(lib))),
    "scatter": Row(
        lambda lib, a, b: (lib.scatter(a, 1, FEW(lib), b), a.scatter(0, ints([[1, 0]])(lib), b)),
        [(2, 3), (1, 2)],
    ),
    "scatter keywords": Row(
        lambda lib, a, b: lib.scatter(a, dim=1, index=ints([[2, 0, 1]])(lib), src=b.detach()),
        [(2, 3), (1, 4)],
        differences=False,
    ),
    "scatter number": Row(
        lambda lib, a: (a.scatter(1, FEW(lib), 9), a.scatter(1, FEW(lib), value=2.5)), [(2, 3)]
    ),
    "scatter one place": Row(lambda lib, a: lib.scatter(a, 0, ints([1, 1])(lib), 3.0), [(3,)]),
    "scatter nothing": Row(lambda lib, a, b: lib.scatter(a, 1, NONE(lib), b), [(2, 3), (2, 0)]),
    "scatter scalar": Row(lambda lib, a, b: lib.scatter(a, 0, lib.tensor(0), b), [(), ()]),
    "scatter one hot": Row(lambda lib: lib.zeros(2, 3).scatter(1, ints([[2], [0]])(lib), 1)),
    "scatter_add": Row(
        lambda lib, a, b, c: (lib.scatter_add(a, 1, COLUMNS(lib), b), a.scatter_add(1, FEW(lib), c)),
        [(2, 3), (2, 4), (1, 2)],
    ),
    "scatter_add keywords": Row(
        lambda lib, a, b: lib.scatter_add(a, dim=0, index=ints([0, 0, 1])(lib), src=b), [(2,), (3,)]
    ),
    "scatter_add larger": Row(
        lambda lib, a, b: a.scatter_add(1, FEW(lib), b.detach()), [(2, 3), (2, 4)], differences=False
    ),
    "scatter_add nothing": Row(lambda lib, a, b: a.scatter_add(1, NONE(lib), b), [(2, 3), (2, 0)]),
    "take": Row(lambda lib, a: (lib.take(a, ints([[0, 5], [-1, 0]])(lib)), a.take(ints(3)(lib))), [(2, 3)]),
    "take keyword": Row(lambda lib, a: lib.take(a, index=ints([1, 1, 4])(lib)), [(2, 3)]),
    "take nothing": Row(lambda lib, a: lib.take(a, ints([])(lib)), [(0,)]),
    "take_along_dim": Row(
        lambda lib, a: (lib.take_along_dim(a, ints([[0], [2]])(lib), 1), a.take_along_dim(FEW(lib), 1)),
        [(2, 3)],
    ),
    "take_along_dim keywords": Row(
        lambda lib, a: lib.take_along_dim(a, indices=ints([[1], [-1], [0]])(lib), dim=0), [(2, 1)]
    ),
    "take_along_dim flat": Row(lambda lib, a: lib.take_along_dim(a, ints([[5, 0, 0]])(lib)), [(2, 3)]),
    "take_along_dim sorts": Row(lambda lib, a: lib.take_along_dim(a, lib.argsort(a, 0), 0), [(4, 3)]),
}

WHOLE = {
    "index_select": Row(
        lambda lib, a: (lib.index_select(a, 1, ints([0, 0, 2])(lib)), a.index_select(-1, ints(1)(lib))),
        [(2, 3)],
    ),
    "index_select keywords": Row(lambda lib, a: a.index_select(dim=0, index=ints([])(lib)), [(2, 3)]),
    "index_select scalar": Row(lambda lib, a: lib.index_select(a, 0, ints([0])(lib)), [()]),
    "index_add": Row(
        lambda lib, a, b: lib.index_add(a, 1, ints([0, 0, 2, 0])(lib), b), [(2, 3, 2), (2, 4, 2)]
    ),
    "index_add keywords": Row(
        lambda lib, a, b: a.index_add(dim=0, index=ints([1, 1, 1])(lib), source=b, alpha=-2),
        [(2, 3), (3, 3)],
    ),
    "index_add one": Row(lambda lib, a, b: a.index_add(-1, ints(1)(lib), b, alpha=0.5), [(2, 3), (2, 1)]),
    "index_add nothing": Row(lambda lib, a, b: a.index_add(0, ints([])(lib), b), [(2, 3), (0, 3)]),
    "index_add scalar": Row(lambda lib, a, b: a.index_add(0, ints([0])(lib), b), [(), ()]),
    "index_fill": Row(
        lambda lib, a: (lib.index_fill(a, 1, ints([0, -1])(lib), 9), a.index_fill(0, ints(1)(lib), 0.5)),
        [(2, 3)],
    ),
    "index_fill tensor": Row(
        lambda lib, a, b: lib.index_fill(a, dim=0, index=ints([0, 0])(lib), value=b), [(2, 3), ()]
    ),
    "index_fill integers": Row(lambda lib: lib.arange(6).reshape(2, 3).index_fill(1, ints(0)(lib), 9.5)),
    "index_fill scalar": Row(lambda lib, a: a.index_fill(0, ints([0])(lib), 3), [()]),
}

MASK = np.array([[True, False, True], [False, False, True]])

FOUND = {
    "masked_select": Row(
        lambda lib, a: (lib.masked_select(a, lib.tensor(MASK)), a.masked_select(mask=lib.tensor(MASK[0]))),
        [(2, 3)],
    ),
    "masked_select broadcast": Row(lambda lib, a: a.masked_select(lib.tensor(MASK)), [(3,)]),
    "masked_select scalar": Row(lambda lib, a: a.masked_select(lib.tensor([True, False])), [()]),
    "masked_select one": Row(lambda lib, a: lib.masked_select(a, lib.tensor(True)), [()]),
    "masked_select nothing": Row(lambda lib, a: a.masked_select(a > 9), [(2, 3)]),
    "nonzero": Row(lambda lib, a: (lib.nonzero(a), a.nonzero(as_tuple=True)), [(2, 3)], small),
    "nonzero bool": Row(lambda lib, a: lib.nonzero(a > 0, as_tuple=True), [(2, 3, 2)]),
    "nonzero scalar": Row(lambda lib, a: (lib.nonzero(a), lib.nonzero(a, as_tuple=True)), [()]),
    "nonzero nothing": Row(lambda lib, a: (lib.nonzero(a), lib.argwhere(a)), [(0, 3)]),
    "nonzero picks": Row(lambda lib, a: a[lib.nonzero(a > 0, as_tuple=True)], [(2, 3)]),
    "argwhere": Row(lambda lib, a: (lib.argwhere(a), a.argwhere()), [(2, 3)], small),
    "isin": Row(lambda lib, a: lib.isin(a, lib.tensor([1.0, 5.0])), [(2, 3)], small),
    "isin keywords": Row(
        lambda lib: lib.isin(
            elements=lib.arange(6), test_elements=ints([5, 1, 1])(lib), assume_unique=False, invert=True
        )
    ),
    "isin unique": Row(lambda lib: lib.isin(lib.arange(6), ints([5, 1])(lib), assume_unique=True)),
    "isin numbers": Row(lambda lib: (lib.isin(lib.arange(6), 3), lib.isin(3, lib.arange(6)))),
    "isin nan": Row(lambda lib: lib.isin(lib.tensor([1.0, NAN]), lib.tensor([NAN, 1.0]))),
}

BOUNDS = [1.0, 3.0, 3.0, 5.0]
VALUES = [[0.0, 3.0], [4.0, 9.0]]

COUNTED = {
    "bincount": Row(lambda lib: (lib.bincount(ints([1, 3, 1])(lib)), ints([0, 2])(lib).bincount())),
    "bincount minlength": Row(lambda lib: lib.bincount(ints([1, 3, 1])(lib), minlength=6)),
    "bincount weights": Row(
        lambda lib: [
            lib.bincount(ints([1, 3, 1])(lib), weights=lib.tensor([0.5, 1.0, 2.0], dtype=dtype))
            for dtype in (lib.float32, lib.float64, lib.int32, lib.int64)
        ]
    ),
    "bincount nothing": Row(
        lambda lib: (lib.bincount(ints([])(lib)), lib.bincount(ints([])(lib), lib.tensor([]), 2))
    ),
    "bincount bytes": Row(lambda lib: lib.bincount(lib.tensor([1, 3], dtype=lib.uint8))),
    "unique": Row(lambda lib: (lib.unique(lib.tensor([3.0, 1.0, 3.0])), lib.arange(3).flip(0).unique())),
    "unique all": Row(
        lambda lib: lib.unique(
            ints([[3, 1, 2], [1, 3, 3]])(lib), sorted=True, return_inverse=True, return_counts=True
        )
    ),
    "unique some": Row(
        lambda lib: (
            lib.unique(ints([3, 1, 3])(lib), return_inverse=True),
            lib.unique(ints([3, 1, 3])(lib), return_counts=True),
            lib.sort(lib.unique(ints([3, 1, 3])(lib), sorted=False)).values,
        )
    ),
    "unique dim": Row(
        lambda lib: [
            lib.unique(ints([[1, 2, 1], [0, 5, 0], [1, 2, 1]])(lib), True, True, True, dim=dim)
            for dim in (0, 1, -1)
        ]
    ),
    "unique scalar": Row(lambda lib: lib.unique(lib.tensor(5), return_inverse=True, return_counts=True)),
    "unique nothing": Row(lambda lib: lib.unique(lib.tensor([]), return_inverse=True, return_counts=True)),
    "unique nan": Row(lambda lib: lib.unique(lib.tensor([NAN, 1.0, NAN]), return_counts=True)),
    "unique bool": Row(lambda lib: lib.unique(lib.tensor(MASK), return_counts=True)),
    "searchsorted": Row(
        lambda lib: [
            lib.searchsorted(lib.tensor(BOUNDS), lib.tensor(VALUES), **given)
            for given in ({}, {"right": True}, {"side": "left"}, {"side": "right"}, {"out_int32": True})
        ]
    ),
    "searchsorted keywords": Row(
        lambda lib: lib.searchsorted(
            sorted_sequence=lib.tensor(BOUNDS),
            input=lib.tensor(VALUES),
            out_int32=True,
            right=True,
            side="right",
            sorter=None,
        )
    ),
    "searchsorted number": Row(lambda lib: lib.searchsorted(lib.tensor(BOUNDS), 3)),
    "searchsorted scalar": Row(lambda lib: lib.searchsorted(lib.tensor(BOUNDS), lib.tensor(3.5))),
    "searchsorted sorter": Row(
        lambda lib: lib.searchsorted(lib.tensor([5.0, 1.0, 3.0]), 3.5, sorter=ints([1, 2, 0])(lib))
    ),
    "searchsorted rows": Row(
        lambda lib: lib.searchsorted(
            lib.tensor([[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]), lib.tensor(VALUES), right=True
        )
    ),
    "searchsorted nothing": Row(lambda lib: lib.searchsorted(lib.tensor([]), lib.tensor(VALUES))),
    "bucketize": Row(lambda lib: lib.bucketize(lib.tensor(VALUES), lib.tensor(BOUNDS))),
    "bucketize keywords": Row(
        lambda lib: lib.bucketize(
            input=lib.tensor(VALUES), boundaries=lib.tensor(BOUNDS), out_int32=True, right=True
        )
    ),
}

SPECIAL = [[NAN, NAN], [1.0, float("inf")]]

TRIANGLES = {
    "tril": Row(lambda lib, a: (lib.tril(a), a.tril(1), a.tril(diagonal=-1), a.tril(-9)), [(3, 4)]),
    "tril batch": Row(lambda lib, a: lib.tril(a, 1), [(2, 4, 3)]),
    "tril nothing": Row(lambda lib, a, b: (lib.tril(a), lib.tril(b)), [(0, 3), (2, 0, 3)]),
    "tril special": Row(lambda lib: (lib.tril(lib.tensor(SPECIAL)), lib.triu(lib.tensor(SPECIAL)))),
    "tril bool": Row(lambda lib: (lib.tril(lib.tensor(MASK)), lib.ones(3, 3, dtype=lib.int64).tril())),
    "triu": Row(lambda lib, a: (lib.triu(a), a.triu(1), a.triu(diagonal=-1), a.triu(9)), [(3, 4)]),
    "triu batch": Row(lambda lib, a: lib.triu(a, -1), [(2, 4, 3)]),
    "diag": Row(lambda lib, a: (lib.diag(a), a.diag(1), a.diag(diagonal=-2)), [(3,)]),
    "diag of a matrix": Row(lambda lib, a: (lib.diag(a), a.diag(2), a.diag(-1), a.diag(7)), [(3, 4)]),
    "diag nothing": Row(lambda lib, a: (lib.diag(a), lib.diag(a, 1)), [(0,)]),
    "diagonal": Row(lambda lib, a: (lib.diagonal(a), a.diagonal(1), a.diagonal(-2), a.diagonal(9)), [(3, 4)]),
    "diagonal keywords": Row(lambda lib, a: a.diagonal(offset=1, dim1=-1, dim2=0), [(2, 3, 4)]),
    "diagonal batch": Row(lambda lib, a: lib.diagonal(a, 0, 1, 2), [(2, 3, 3)]),
    "diag_embed": Row(lambda lib, a: (lib.diag_embed(a), a.diag_embed(1), a.diag_embed(-2)), [(2, 3)]),
    "diag_embed keywords": Row(lambda lib, a: lib.diag_embed(a, offset=-1, dim1=0, dim2=2), [(2, 3)]),
    "diag_embed swapped": Row(lambda lib, a: lib.diag_embed(a, 1, -1, 0), [(2, 3)]),
    "diag_embed nothing": Row(lambda lib, a: (lib.diag_embed(a), lib.diag_embed(a, 2)), [(0,)]),
    "diagflat": Row(lambda lib, a, b: (lib.diagflat(a), b.diagflat(offset=1)), [(2, 2), ()]),
    "trace": Row(lambda lib, a: (lib.trace(a), a.T.trace()), [(3, 4)]),
    "trace nothing": Row(lambda lib, a: lib.trace(a), [(0, 3)]),
    "trace integers": Row(lambda lib: lib.trace(lib.ones(2, 2, dtype=lib.int32))),
}

ROWS = {**EACH, **WHOLE, **FOUND, **COUNTED, **TRIANGLES}

X, V = scratch.ones(2, 3), scratch.ones(3)
I0, I1 = scratch.tensor([[0, 1]]), scratch.tensor([0, 1])

NOT_BUILT = {
    "gather": (lambda: scratch.gather(X, 1, I0, sparse_grad=True), "sparse_grad"),
    "gather out": (lambda: scratch.gather(X, 1, I0, out=X), "out"),
    "scatter": (lambda: scratch.scatter(X, 1, I0, X, reduce="add"), "reduce"),
}

BAD = {
    "gather": (lambda: X.gather(1, I0 + 2), IndexError, "from 0 to 2, got 3"),
    "gather negative": (lambda: X.gather(1, I0 - 1), IndexError, "from 0 to 2, got -1"),
    "gather dimensions": (lambda: X.gather(1, I1), ValueError, r"2 dimensions, .* got shape \(2,\)"),
    "gather larger": (
        lambda: X.gather(0, scratch.tensor([[0, 1, 1, 1]])),
        ValueError,
        r"than \(2, 3\), got shape \(1, 4\)",
    ),
    "gather floats": (lambda: X.gather(1, X), TypeError, "int64 or int32, got float32"),
    "gather dim": (lambda: X.gather(2, I0), IndexError, "from -2 to 1, got 2"),
    "scatter": (lambda: X.scatter(1, I0 + 2, X), IndexError, "scatter: expected an index from 0 to 2"),
    "scatter src": (lambda: X.scatter(1, I0, scratch.tensor(9.0)), ValueError, "at least as large"),
    "scatter neither": (lambda: X.scatter(1, I0), TypeError, "src or value, got None and None"),
    "scatter both": (lambda: X.scatter(1, I0, X, value=1.0), TypeError, "src or value"),
    "scatter small": (lambda: X.scatter(1, I0, X[:, :1]), ValueError, r"\(1, 2\), got \(2, 1\)"),
    "scatter dtype": (lambda: X.scatter(1, I0, X.double()), TypeError, "float32, src float64"),
    "scatter_add": (lambda: X.scatter_add(1, I0 - 1, X), IndexError, "got -1"),
    "take": (lambda: X.take(scratch.tensor([6])), IndexError, "from -6 to 5, got 6"),
    "take below": (lambda: X.take(scratch.tensor([-7])), IndexError, "from -6 to 5, got -7"),
    "take_along_dim": (lambda: X.take_along_dim(I1, 1), ValueError, "2 dimensions, got shape"),
    "take_along_dim beyond": (lambda: X.take_along_dim(I0 + 2, 1), IndexError, "from -3 to 2, got 3"),
    "take_along_dim sizes": (
        lambda: X.take_along_dim(scratch.tensor([[0], [1], [2]]), 1),
        ValueError,
        "broadcast",
    ),
    "index_select": (lambda: X.index_select(1, I1 - 1), IndexError, "from 0 to 2, got -1"),
    "index_select matrix": (lambda: X.index_select(1, I0), ValueError, r"a vector of numbers, got \(1, 2\)"),
    "index_add": (lambda: X.index_add(1, I1, X), ValueError, r"2 rows in dimension 1, got \(2, 3\)"),
    "index_add dtype": (lambda: X.index_add(1, I1, X[:, :2].double()), TypeError, "source float64"),
    "index_fill": (lambda: X.index_fill(1, I1, V), ValueError, r"a number .* got shape \(3,\)"),
    "index_fill beyond": (lambda: X.index_fill(1, I1 + 2, 0), IndexError, "from -3 to 2, got 3"),
    "masked_select": (lambda: X.masked_select(X), TypeError, "mask of bool, got float32"),
    "masked_select shape": (lambda: X.masked_select(V[:2] > 0), ValueError, "broadcast"),
    "bincount": (lambda: scratch.bincount(scratch.tensor([-1])), ValueError, "at least 0"),
    "bincount matrix": (lambda: scratch.bincount(I0), ValueError, r"got int64 \(1, 2\)"),
    "bincount floats": (lambda: scratch.bincount(V), ValueError, "got float32"),
    "bincount minlength": (lambda: scratch.bincount(I1, minlength=-1), ValueError, "and -1"),
    "bincount weights": (lambda: scratch.bincount(I1, V), ValueError, r"shape \(2,\), got \(3,\)"),
    "unique": (lambda: scratch.unique(X, dim=2), IndexError, "from -2 to 1, got 2"),
    "searchsorted": (
        lambda: scratch.searchsorted(V, V, right=True, side="left"),
        ValueError,
        "agrees with right, got 'left' and True",
    ),
    "searchsorted side": (lambda: scratch.searchsorted(V, V, side="top"), ValueError, "got 'top'"),
    "searchsorted shapes": (lambda: scratch.searchsorted(X, V), ValueError, r"got \(2, 3\) and \(3,\)"),
    "bucketize": (lambda: scratch.bucketize(V, X), ValueError, r"a vector, got \(2, 3\)"),
    "tril": (lambda: V.tril(), ValueError, r"at least two dimensions, got shape \(3,\)"),
    "triu": (lambda: V.triu(), ValueError, "triu: expected at least two"),
    "diag": (lambda: X[None].diag(), ValueError, r"a vector or a matrix, got \(1, 2, 3\)"),
    "diagonal": (lambda: X.diagonal(0, 1, -1), ValueError, "different dimensions, got 1 and -1"),
    "diagonal vector": (lambda: V.diagonal(), IndexError, "from -1 to 0, got 1"),
    "diag_embed": (lambda: V.diag_embed(0, 0, 0), ValueError, "different dimensions"),
    "diag_embed scalar": (lambda: V[0].diag_embed(), IndexError, "got -2"),
    "trace": (lambda: V.trace(), ValueError, r"expected a matrix of numbers, got float32 \(3,\)"),
    "trace bool": (lambda: (X > 0).trace(), ValueError, "got bool"),
}
