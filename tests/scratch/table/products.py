"""Products of vectors and matrices, sums of products, distances."""

import warnings

from nbcourse import scratch

from ..rows import Row


def product(name, *shapes, **settings):
    """A row for one function of these tensors."""
    return Row(lambda lib, *x: getattr(lib, name)(*x, **settings), list(shapes))


def integers(lib):
    return lib.arange(6).reshape(2, 3)


def quietly(function, *x):
    """Call without the warning that torch gives."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*x)


MATMUL = {
    f"matmul {a} {b}": Row(lambda lib, x, y: (lib.matmul(x, y), x @ y), [a, b])
    for a, b in [
        *[((3,), (3,)), ((2, 3), (3, 5)), ((3,), (3, 5)), ((2, 3), (3,)), ((4, 2, 3), (3,))],
        *[((3,), (4, 3, 5)), ((4, 2, 3), (4, 3, 5)), ((7, 1, 2, 3), (4, 3, 5)), ((2, 3), (4, 3, 1))],
        *[((4, 2, 3), (3, 5)), ((2, 4, 1, 3), (3, 2)), ((5, 1, 3), (1, 3, 2)), ((2, 3, 4, 5), (5,))],
        *[((0, 3), (3, 2)), ((2, 0), (0, 3)), ((0,), (0,)), ((2, 0, 3), (3, 4)), ((2, 3, 0), (0, 4))],
        *[((0, 2, 3), (3, 4)), ((2, 0, 3), (2, 3, 4)), ((3, 0), (0,)), ((1, 1), (1, 1))],
    ]
}

PRODUCTS = {
    **MATMUL,
    "matmul keyword": Row(lambda lib, a, b: (lib.matmul(a, other=b), a.matmul(other=b)), [(2, 3), (3, 2)]),
    "matmul transposed": Row(lambda lib, a, b: a.T @ b.mT, [(3, 2), (4, 5, 3)]),
    "matmul permuted": Row(lambda lib, a, b: a.permute(1, 0, 2) @ b.T, [(3, 2, 4), (5, 4)]),
    "matmul of itself": Row(lambda lib, a: a @ a + a.T @ a, [(3, 3)]),
    "matmul integers": Row(lambda lib: integers(lib) @ integers(lib).T),
    "mm": Row(lambda lib, a, b: (lib.mm(a, b), a.mm(mat2=b)), [(2, 3), (3, 4)]),
    "bmm": Row(lambda lib, a, b: (lib.bmm(a, b), a.bmm(mat2=b)), [(4, 2, 3), (4, 3, 5)]),
    "mv": Row(lambda lib, a, b: (lib.mv(a, b), a.mv(vec=b)), [(2, 3), (3,)]),
    "dot": Row(lambda lib, a, b: (lib.dot(a, b), a.dot(tensor=b)), [(3,), (3,)]),
    "dot nothing": product("dot", (0,), (0,)),
    "vdot": Row(lambda lib, a, b: (lib.vdot(a, b), a.vdot(other=b)), [(3,), (3,)]),
    "inner": Row(lambda lib, a, b: (lib.inner(a, b), a.inner(other=b)), [(2, 4, 3), (5, 3)]),
    "inner vectors": Row(lambda lib, a, b: (lib.inner(a, a), lib.inner(b, a)), [(3,), (2, 3)]),
    "inner scalar": Row(lambda lib, a, b: (lib.inner(a, b), lib.inner(b, a)), [(2, 3), ()]),
    "outer": Row(lambda lib, a, b: (lib.outer(a, b), a.outer(vec2=b)), [(3,), (2,)]),
    "outer nothing": product("outer", (0,), (2,)),
    "outer dtypes": Row(lambda lib, a: lib.outer(a, lib.arange(3)), [(2,)]),
    "addmm": Row(lambda lib, a, b, c: (lib.addmm(a, b, c), a.addmm(b, c)), [(4,), (2, 3), (3, 4)]),
    "addmm keywords": Row(
        lambda lib, a, b, c: lib.addmm(a, mat1=b, mat2=c, beta=2, alpha=0.5), [(2, 1), (2, 3), (3, 4)]
    ),
    "addmm beta 0": Row(lambda lib, a, b, c: a.addmm(b, c, beta=0), [(2, 4), (2, 3), (3, 4)]),
    "addmm nan": Row(
        lambda lib, b, c: lib.addmm(lib.tensor(float("nan"), dtype=b.dtype), b, c, beta=0), [(2, 3), (3, 4)]
    ),
    "addmm integers": Row(
        lambda lib: lib.addmm(integers(lib)[0, :2], integers(lib), integers(lib).T, beta=2)
    ),
    "addmv": Row(lambda lib, a, b, c: (lib.addmv(a, b, c), a.addmv(b, c)), [(2,), (2, 3), (3,)]),
    "addmv keywords": Row(
        lambda lib, a, b, c: lib.addmv(a, mat=b, vec=c, beta=-1, alpha=3), [(), (2, 3), (3,)]
    ),
    "baddbmm": Row(
        lambda lib, a, b, c: (lib.baddbmm(a, b, c), a.baddbmm(b, c)), [(2, 3, 5), (2, 3, 4), (2, 4, 5)]
    ),
    "baddbmm keywords": Row(
        lambda lib, a, b, c: lib.baddbmm(a, batch1=b, batch2=c, beta=0.5, alpha=2),
        [(3, 1), (2, 3, 4), (2, 4, 5)],
    ),
    "addbmm": Row(lambda lib, a, b, c: (lib.addbmm(a, b, c), a.addbmm(b, c)), [(3, 5), (2, 3, 4), (2, 4, 5)]),
    "addbmm keywords": Row(
        lambda lib, a, b, c: lib.addbmm(a, batch1=b, batch2=c, beta=0.5, alpha=2),
        [(5,), (2, 3, 4), (2, 4, 5)],
    ),
    "kron": Row(lambda lib, a, b: (lib.kron(a, b), a.kron(other=b)), [(2, 3), (4, 2)]),
    "kron dimensions": Row(lambda lib, a, b, c: (a.kron(b), b.kron(a), a.kron(c)), [(2, 3), (2,), ()]),
    "cross": Row(lambda lib, a, b: (lib.cross(a, b, dim=1), a.cross(b, -1)), [(2, 3), (2, 3)]),
    "cross keywords": Row(lambda lib, a, b: lib.cross(a, other=b, dim=0), [(3, 2), (3, 1)]),
    "cross first": Row(lambda lib, a, b: quietly(lib.cross, a, b), [(2, 3, 3), (2, 3, 3)]),
}

MANY = [(4, 27, 3), (30, 3)]

DISTANCES = {
    "cdist": product("cdist", (5, 3), (4, 3)),
    "cdist batch": product("cdist", (5, 1, 2, 3), (4, 6, 3)),
    "cdist keywords": Row(
        lambda lib, a, b: lib.cdist(x1=a, x2=b, p=2.0, compute_mode="use_mm_for_euclid_dist"),
        [(5, 3), (4, 3)],
    ),
    "cdist many": product("cdist", *MANY),
    "cdist directly": product("cdist", *MANY, compute_mode="donot_use_mm_for_euclid_dist"),
    **{f"cdist {p}": product("cdist", (2, 3, 4), (5, 4), p=p) for p in (0, 0.5, 1, 1.5, 3, float("inf"))},
    "cdist of itself": Row(
        lambda lib, a: [lib.cdist(a, a, p) for p in (1.0, 2.0, 2.5)], [(4, 3)], differences=False
    ),
    "cdist nothing": Row(lambda lib, a, b, c: (lib.cdist(a, b), lib.cdist(c, c)), [(0, 3), (4, 3), (2, 0)]),
}


def einsum(equation, *shapes):
    return f"einsum {equation} {shapes}", Row(lambda lib, *x: lib.einsum(equation, *x), list(shapes))


EINSUM = dict(
    einsum(*row)
    for row in [
        ("ij,jk->ik", (2, 3), (3, 4)),
        ("ij,jk", (2, 3), (3, 4)),
        ("ij , jk -> ki", (2, 3), (3, 4)),
        ("ji,jk->ik", (3, 2), (3, 4)),
        ("ij,kj", (2, 3), (4, 3)),
        ("bij,bjk->bik", (5, 2, 3), (5, 3, 4)),
        ("bij,bkj->bik", (5, 2, 3), (5, 4, 3)),
        ("bhqd,bhkd->bhqk", (2, 3, 4, 5), (2, 3, 6, 5)),
        ("bqhd,bkhd->bhqk", (2, 4, 3, 5), (2, 6, 3, 5)),
        ("bhqk,bkhd->bqhd", (2, 3, 4, 6), (2, 6, 3, 5)),
        ("btc,hcd->bhtd", (2, 3, 4), (2, 4, 5)),
        ("bij,jk->bik", (5, 2, 3), (3, 4)),
        ("...ij,...jk->...ik", (5, 1, 2, 3), (4, 3, 2)),
        ("...i,i", (2, 4, 3), (3,)),
        ("i...,...", (3, 2, 4), (4,)),
        ("...,...->...", (2, 1), (3,)),
        ("...ij->ij", (2, 3, 4)),
        ("i...->...", (2, 3, 4)),
        ("...->", (2, 3)),
        ("ij->i...j", (2, 3)),
        ("i...j->j...i", (2, 3, 4)),
        ("ij->ji", (2, 3)),
        ("ji", (2, 3)),
        ("ij->", (2, 3)),
        ("ij->j", (2, 3)),
        ("ii", (3, 3)),
        ("ii->i", (3, 3)),
        ("iij->ij", (3, 3, 2)),
        ("iji->j", (3, 2, 3)),
        ("iii->i", (2, 2, 2)),
        ("iijj->ij", (2, 2, 3, 3)),
        ("i,i", (3,), (3,)),
        ("i,j->ij", (3,), (2,)),
        ("i,j->ji", (3,), (2,)),
        ("i,j->j", (3,), (2,)),
        ("i,j->", (3,), (2,)),
        ("ij,ij->", (2, 3), (2, 3)),
        ("ij,ij->i", (2, 3), (2, 3)),
        ("ij,ij->ij", (2, 3), (2, 3)),
        ("ij,ji->ij", (2, 3), (3, 2)),
        ("ii,ij->j", (3, 3), (3, 2)),
        ("ij,j,i->", (2, 3), (3,), (2,)),
        ("ik,jkl,il->ij", (2, 3), (4, 3, 5), (2, 5)),
        ("ab,bc,cd->ad", (2, 3), (3, 4), (4, 2)),
        ("ab,cd,ef->", (2, 3), (3, 2), (1, 2)),
        ("i,i,i->i", (3,), (3,), (3,)),
        ("i,ij,k->kj", (3,), (3, 2), (4,)),
        ("Ab,bC", (2, 3), (3, 4)),
        ("bA,bC", (3, 2), (3, 4)),
        ("ij,jk", (2, 1), (3, 4)),
        ("ij,ij->i", (2, 1), (2, 4)),
        ("ij,ij->ij", (1, 4), (2, 1)),
        ("ij,ij->j", (1, 1), (1, 1)),
        ("i,i,i", (1,), (3,), (3,)),
        (",->", (), ()),
        ("->", ()),
        ("", ()),
        (",i->i", (), (3,)),
        ("ij->", (0, 3)),
        ("ij,jk", (2, 0), (0, 3)),
        ("ij,jk->", (2, 0), (0, 3)),
        ("bij,bjk->bik", (0, 2, 3), (0, 3, 4)),
    ]
)

CONTRACTIONS = {
    **EINSUM,
    "einsum list": Row(lambda lib, a, b: lib.einsum("ij,jk->ik", [a, b]), [(2, 3), (3, 4)]),
    "einsum of itself": Row(lambda lib, a: lib.einsum("ij,ik,jl->kl", a, a, a), [(3, 3)]),
    "einsum integers": Row(
        lambda lib: (
            lib.einsum("ij,kj", integers(lib), integers(lib)),
            lib.einsum("ij->i", integers(lib).int()),
            lib.einsum("ij->i", integers(lib) > 2),
        )
    ),
    "einsum dtypes": Row(lambda lib, a: lib.einsum("i,j", a, lib.arange(3)), [(2,)]),
    "tensordot": Row(lambda lib, a, b: lib.tensordot(a, b), [(4, 2, 3), (2, 3, 5)]),
    "tensordot 0": product("tensordot", (2, 3), (4,), dims=0),
    "tensordot 1": product("tensordot", (2, 3), (3, 4), dims=1),
    "tensordot scalars": product("tensordot", (), (), dims=0),
    "tensordot lists": Row(
        lambda lib, a, b: lib.tensordot(a=a, b=b, dims=([1, -1], [1, 0])), [(2, 3, 4), (4, 3, 5)]
    ),
    "tensordot all": product("tensordot", (2, 3), (3, 2), dims=([0, 1], [1, 0])),
    "tensordot no lists": product("tensordot", (2, 3), (2,), dims=([], [])),
    "tensordot tensors": Row(
        lambda lib, a, b: (
            lib.tensordot(a, b, lib.tensor(1)),
            lib.tensordot(a, b, dims=lib.tensor([[0], [1]])),
        ),
        [(3, 3), (3, 3)],
    ),
    "tensordot ones": product("tensordot", (2, 3), (4, 1), dims=([1], [1])),
    "tensordot nothing": product("tensordot", (2, 0), (0, 3), dims=1),
}

ROWS = {**PRODUCTS, **DISTANCES, **CONTRACTIONS}

X, V, D = scratch.ones(2, 3), scratch.ones(3), scratch.ones(2, 3).double()
B, LONG = scratch.ones(2, 3, 4), scratch.ones(2, 3).long()

NOT_BUILT = {
    "mm out_dtype": (lambda: X.mm(X.T, out_dtype=scratch.float64), "out_dtype"),
    "bmm out_dtype": (lambda: B.bmm(B.mT, out_dtype=scratch.float64), "out_dtype"),
    "addmm out_dtype": (lambda: V[:2].addmm(X, X.T, out_dtype=scratch.float64), "out_dtype"),
    "baddbmm out_dtype": (lambda: B.baddbmm(B, B, out_dtype=scratch.float64), "out_dtype"),
    "matmul out": (lambda: scratch.matmul(X, V, out=V), "out"),
    "einsum sublists": (lambda: scratch.einsum(X, [0, 1], [1, 0]), "equation"),
    "tensordot out": (lambda: scratch.tensordot(X, X, out=V), "out"),
}

BAD = {
    "matmul": (lambda: X @ X, ValueError, r"got \(2, 3\) and \(2, 3\)"),
    "matmul scalar": (lambda: V @ V[0], ValueError, "matmul: expected shapes"),
    "matmul dtype": (lambda: X @ D.T, TypeError, "float32, other float64"),
    "matmul number": (lambda: V @ 3, TypeError, "other to be a Tensor, got int"),
    "matmul bool": (lambda: (X > 0) @ (X > 0).T, TypeError, "numbers, got bool"),
    "matmul batch": (lambda: B @ scratch.ones(3, 4, 2), ValueError, "broadcast|mismatch"),
    "mm": (lambda: X.mm(V), ValueError, r"mat2 of 2 dimensions, got shape \(3,\)"),
    "mm sizes": (lambda: X.mm(X), ValueError, r"got \(2, 3\) and \(2, 3\)"),
    "bmm": (lambda: X.bmm(B), ValueError, r"input of 3 dimensions, got shape \(2, 3\)"),
    "bmm batch": (lambda: B.bmm(B.mT[:1]), ValueError, r"one size, got \(2, 3, 4\) and \(1, 4, 3\)"),
    "mv": (lambda: X.mv(X), ValueError, "vec of 1 dimensions"),
    "dot": (lambda: V.dot(V[:2]), ValueError, r"got \(3,\) and \(2,\)"),
    "dot matrices": (lambda: X.dot(X), ValueError, "input of 1 dimensions"),
    "inner": (lambda: X.inner(V[:2]), ValueError, r"one size, got \(2, 3\) and \(2,\)"),
    "outer": (lambda: X.outer(V), ValueError, "outer: expected input of 1 dimensions"),
    "addmm": (lambda: B.addmm(X, X.T), ValueError, r"broadcasts to \(2, 2\), got \(2, 3, 4\)"),
    "addmm size": (lambda: V.addmm(X, X.T), ValueError, r"broadcasts to \(2, 2\), got \(3,\)"),
    "addmm dtype": (lambda: D[:, :2].addmm(X, X.T), TypeError, "input float64, product float32"),
    "addmm alpha": (lambda: LONG[:, :2].addmm(LONG, LONG.T, alpha=0.5), TypeError, "beta 1 and alpha 0.5"),
    "cross": (lambda: X.cross(X, dim=0), ValueError, "three elements along dimension 0"),
    "cross none": (lambda: X[:, :2].cross(X[:, :2]), ValueError, "three elements"),
    "cross dtype": (lambda: X.cross(D, dim=1), TypeError, "other float64"),
    "cdist": (lambda: scratch.cdist(X, X[:, :2]), ValueError, r"got \(2, 3\), \(2, 2\) and 2.0"),
    "cdist vector": (lambda: scratch.cdist(V, X), ValueError, r"got \(3,\)"),
    "cdist p": (lambda: scratch.cdist(X, X, p=-1), ValueError, "p of at least 0"),
    "cdist dtype": (lambda: scratch.cdist(X, D), TypeError, "x2 float64"),
    "cdist integers": (lambda: scratch.cdist(LONG, LONG), TypeError, "floating-point dtype, got int64"),
    "cdist mode": (lambda: scratch.cdist(X, X, compute_mode="x"), ValueError, "got 'x'"),
    "einsum letter": (lambda: scratch.einsum("i1", X), ValueError, "letters .* got 'i1'"),
    "einsum dot": (lambda: scratch.einsum("i.j", X), ValueError, "got 'i.j'"),
    "einsum dots": (lambda: scratch.einsum("...i...", X), ValueError, "at most one '...'"),
    "einsum arrows": (lambda: scratch.einsum("ij->i->j", X), ValueError, "letters"),
    "einsum fewer": (lambda: scratch.einsum("ij,jk", X), ValueError, "2 operands for 'ij,jk', got 1"),
    "einsum more": (lambda: scratch.einsum("ij", X, X), ValueError, "1 operands for 'ij', got 2"),
    "einsum none": (lambda: scratch.einsum("ij"), ValueError, "1 operands for 'ij', got 0"),
    "einsum dimensions": (lambda: scratch.einsum("ij", B), ValueError, "2 dimensions for 'ij' .* got 3"),
    "einsum result": (lambda: scratch.einsum("ij->k", X), ValueError, "after the arrow, got 'ij->k'"),
    "einsum twice": (lambda: scratch.einsum("ij->ii", X), ValueError, "different letters"),
    "einsum sizes": (lambda: scratch.einsum("ij,jk", X, X), ValueError, r"\[\(2, 3\), \(2, 3\)\]"),
    "einsum diagonal": (lambda: scratch.einsum("ii", X), ValueError, "one size"),
    "einsum diagonal 1": (lambda: scratch.einsum("ii", X[:1]), ValueError, "one size for both 'i'"),
    "einsum dtype": (lambda: scratch.einsum("ij,jk", X, D.T), TypeError, "float64"),
    "einsum array": (lambda: scratch.einsum("ij,jk", X, D.T.numpy()), TypeError, "einsum: expected Tensors"),
    "tensordot": (lambda: scratch.tensordot(X, X.T), ValueError, r"shapes \(2, 3\) and \(3, 2\)"),
    "tensordot dims": (lambda: scratch.tensordot(X, X, 3), ValueError, "dims from 0 to 2, got 3"),
    "tensordot negative": (lambda: scratch.tensordot(X, X, -1), ValueError, "got -1"),
    "tensordot lists": (lambda: scratch.tensordot(X, X, ([0], [0, 1])), ValueError, "two lists"),
    "tensordot twice": (lambda: scratch.tensordot(X, X, ([0, 0], [0, 1])), ValueError, "dimension once"),
    "tensordot dtype": (lambda: scratch.tensordot(X, D, ([0], [0])), TypeError, "b float64"),
}
