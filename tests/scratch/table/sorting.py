"""Orders, ranks and running results."""

from nbcourse import scratch

from ..rows import Row

NAN, INF = float("nan"), float("inf")


def equals(rng, shape):
    """Draw from {0, 1, 2}: there are equals, and zeros."""
    return rng.integers(0, 3, shape)


def holes(rng, shape):
    """Draw from N(0, 1), with NaN here and there."""
    x = rng.standard_normal(shape)
    x.reshape(-1)[::4] = NAN
    return x


def apart(call, shapes, draw, **settings):
    """A row whose inputs have equals or NaN, where a slope means nothing."""
    return Row(call, shapes, draw, differences=False, **settings)


ORDER = {
    "sort": Row(lambda lib, a: (lib.sort(a), a.sort(0), a.sort(1, True)), [(3, 4, 2)]),
    "sort keywords": Row(lambda lib, a: lib.sort(a, stable=True, dim=0, descending=True), [(4, 3)]),
    "sort equals": apart(lambda lib, a: (a.sort(), a.sort(0, descending=True)), [(5, 4)], equals),
    "sort nan": apart(lambda lib, a: (a.sort(), a.sort(descending=True)), [(3, 5)], holes),
    "sort scalar": Row(lambda lib, a: (lib.sort(a), a.sort(0, True)), [()]),
    "sort nothing": Row(lambda lib, a: (lib.sort(a), a.sort(1, True)), [(0, 3)]),
    "sort integers": Row(lambda lib: lib.sort(lib.tensor([3, 1, 2], dtype=lib.int32), descending=True)),
    "sort bool": Row(lambda lib: lib.sort(lib.tensor([[True, False], [False, True]]), 0)),
    "sort fields": Row(lambda lib, a: lib.sort(a).values * 2, [(4,)]),
    "argsort": Row(lambda lib, a: (lib.argsort(a), a.argsort(0)), [(3, 4)]),
    "argsort keywords": apart(
        lambda lib, a: lib.argsort(a, dim=0, descending=True, stable=True), [(5, 3)], equals
    ),
    "argsort scalar": Row(lambda lib, a: lib.argsort(a), [()]),
    "topk": Row(lambda lib, a: (lib.topk(a, 2), a.topk(3, 1)), [(2, 3, 4)]),
    "topk keywords": Row(lambda lib, a: a.topk(k=2, dim=0, largest=False, sorted=True), [(4, 3)]),
    "topk unsorted": Row(lambda lib, a: [lib.sort(y).values for y in lib.topk(a, 3, sorted=False)], [(2, 5)]),
    "topk nan": apart(lambda lib, a: (a.topk(3), a.topk(2, largest=False).values), [(3, 5)], holes),
    "topk edges": Row(lambda lib, a: (a.topk(0), a.topk(4, 0)), [(4, 3)]),
    "topk scalar": Row(lambda lib, a: lib.topk(a, 1), [()]),
}

RANKS = {
    "kthvalue": Row(lambda lib, a: (lib.kthvalue(a, 2), a.kthvalue(3, 0)), [(3, 4)]),
    "kthvalue keywords": Row(lambda lib, a: a.kthvalue(k=1, dim=0, keepdim=True), [(3, 4)]),
    "kthvalue nan": apart(lambda lib, a: (a.kthvalue(4), a.kthvalue(2)), [(5,)], holes),
    "kthvalue scalar": Row(lambda lib, a: lib.kthvalue(a, 1), [()]),
    "median": Row(lambda lib, a: (lib.median(a), a.median(1), a.median(-1, True)), [(3, 5, 4)]),
    "median keywords": Row(lambda lib, a: lib.median(a, dim=0, keepdim=True), [(4, 3)]),
    "median equals": apart(lambda lib, a: (lib.median(a), a.median(0).values), [(5, 4)], equals),
    "median nan": apart(lambda lib, a: (lib.median(a), a.median(0), a.median(1)), [(3, 5)], holes),
    "median scalar": Row(lambda lib, a: (lib.median(a), a.median(0), a.median(-1, True)), [()]),
    "median nothing": Row(lambda lib, a, b: (lib.median(a), b.median(0)), [(0,), (2, 0)]),
    "median integers": Row(lambda lib: (lib.median(lib.tensor([3, 1, 2, 9])), lib.arange(4).median(0))),
    "nanmedian": Row(lambda lib, a: (lib.nanmedian(a), a.nanmedian(1)), [(3, 5)]),
    "nanmedian keywords": apart(
        lambda lib, a: (lib.nanmedian(a, dim=0, keepdim=True), lib.nanmedian(a)), [(5, 3)], holes
    ),
    "nanmedian of nan": apart(
        lambda lib, a: (lib.nanmedian(a), lib.nanmedian(a, 0)), [(2,)], lambda rng, shape: [NAN, NAN]
    ),
    "quantile": Row(lambda lib, a: (lib.quantile(a, 0.3), a.quantile(0.9, 0), a.quantile(1, 1)), [(4, 5)]),
    "quantile keywords": Row(
        lambda lib, a: (
            lib.quantile(a, q=0.25, dim=1, keepdim=True, interpolation="linear"),
            lib.quantile(a, 0.5, keepdim=True),
        ),
        [(2, 3, 4)],
    ),
    "quantile several": Row(
        lambda lib, a: [
            lib.quantile(a, lib.tensor([0.0, 0.1, 0.5, 0.95, 1.0], dtype=a.dtype), dim, keepdim=keepdim)
            for dim in (None, 0, -2)
            for keepdim in (False, True)
        ],
        [(2, 3, 4)],
    ),
    "quantile nan": apart(lambda lib, a: (a.quantile(0.5), a.quantile(0.1, 0)), [(3, 5)], holes),
    "quantile equals": apart(  # whose the gradient is, is a choice: see test_choices.py
        lambda lib, a: lib.quantile(a.detach(), 0.4, 0), [(6, 3)], equals
    ),
    "quantile infinite": Row(
        lambda lib: [
            lib.quantile(lib.tensor(x), q)
            for x in ([1.0, INF, INF], [1.0, INF], [-INF, INF], [-INF, 1.0])
            for q in (0.0, 0.25, 0.5, 0.75, 1.0)
        ]
    ),
    "quantile scalar": Row(lambda lib, a: (lib.quantile(a, 0.3), a.quantile(0.3, 0, True)), [()]),
}


def zeros(rng, shape):
    """Draw from N(0, 1), with zeros here and there."""
    x = rng.standard_normal(shape)
    x.reshape(-1)[::3] = 0
    return x


SPECIAL = [3.0, NAN, 1.0, NAN, 2.0]

SCANS = {
    "cumsum": Row(lambda lib, a: (lib.cumsum(a, 0), a.cumsum(-1), a.cumsum(dim=1)), [(3, 4, 2)]),
    "cumsum dtype": Row(lambda lib, a: a.cumsum(0, dtype=lib.float64), [(3, 2)]),
    "cumsum integers": Row(
        lambda lib: [
            lib.cumsum(lib.tensor([1, 0, 3], dtype=dtype), 0)
            for dtype in (lib.int64, lib.int32, lib.uint8, lib.bool)
        ]
    ),
    "cumsum to integers": Row(lambda lib: lib.cumsum(lib.tensor([1.5, 2.5]), 0, dtype=lib.int32)),
    "cumsum edges": Row(lambda lib, a, b: (a.cumsum(0), b.cumsum(0), b.cumsum(1)), [(), (0, 3)]),
    "cumprod": Row(lambda lib, a: (lib.cumprod(a, 0), a.cumprod(-1), a.cumprod(dim=1)), [(3, 4, 2)]),
    "cumprod zeros": Row(lambda lib, a: (a.cumprod(0), a.cumprod(1)), [(4, 5)], zeros),
    "cumprod dtype": Row(lambda lib: lib.cumprod(lib.tensor([2, 3]), 0, dtype=lib.float64)),
    "cumprod integers": Row(
        lambda lib: [lib.cumprod(lib.tensor([1, 2, 3], dtype=d), 0) for d in (lib.int32, lib.bool)]
    ),
    "cumprod edges": Row(lambda lib, a, b: (a.cumprod(0), b.cumprod(0), b.cumprod(1)), [(), (0, 3)]),
    "logcumsumexp": Row(lambda lib, a: (lib.logcumsumexp(a, 0), a.logcumsumexp(dim=-1)), [(3, 4)]),
    "logcumsumexp far out": Row(
        lambda lib, a: lib.logcumsumexp(a * 1000, 0), [(5, 2)], differences=False, single=1e-3
    ),
    "logcumsumexp infinite": Row(
        lambda lib: lib.logcumsumexp(lib.tensor([-INF, -INF, 1.0, INF, 2.0]), 0),
    ),
    "logcumsumexp nan": Row(lambda lib: lib.logcumsumexp(lib.tensor(SPECIAL), 0)),
    "logcumsumexp edges": Row(lambda lib, a, b: (a.logcumsumexp(0), b.logcumsumexp(0)), [(), (0, 3)]),
    "cummax": Row(lambda lib, a: (lib.cummax(a, 0), a.cummax(-1), a.cummax(dim=1)), [(3, 4, 2)]),
    "cummax equals": apart(lambda lib, a: (a.cummax(0), a.cummin(0)), [(6, 3)], equals),
    "cummax nan": apart(lambda lib, a: (a.cummax(1), a.cummin(1)), [(3, 6)], holes),
    "cummax edges": Row(lambda lib, a, b: (a.cummax(0), b.cummax(0), b.cummax(1)), [(), (0, 3)]),
    "cummax integers": Row(lambda lib: lib.cummax(lib.tensor([1, 3, 3, 2]), 0)),
    "cummin": Row(lambda lib, a: (lib.cummin(a, 0), a.cummin(-1), a.cummin(dim=1)), [(3, 4, 2)]),
    "diff": Row(lambda lib, a: (lib.diff(a), a.diff(2), a.diff(dim=0), a.diff(0), a.diff(9)), [(3, 4)]),
    "diff keywords": Row(
        lambda lib, a, b, c: lib.diff(a, n=2, dim=0, prepend=b, append=c), [(3, 4), (1, 4), (2, 4)]
    ),
    "diff others": Row(
        lambda lib: (
            lib.diff(lib.tensor([True, False, False])),
            lib.diff(lib.tensor([2, 1], dtype=lib.uint8)),
            lib.diff(lib.tensor([2, 1]), prepend=lib.tensor([0.5])),
        )
    ),
    "diff nothing": Row(lambda lib, a: (a.diff(), a.diff(dim=1)), [(0, 3)]),
}

ROWS = {**ORDER, **RANKS, **SCANS}

X, LONG = scratch.ones(2, 3), scratch.ones(3).long()

NOT_BUILT = {
    "quantile": (lambda: scratch.quantile(X, 0.5, interpolation="lower"), "interpolation"),
    "quantile gradient": (lambda: X.quantile(scratch.tensor(0.5, requires_grad=True)), "gradient for q"),
    "sort out": (lambda: scratch.sort(X, out=X), "out"),
}

BAD = {
    "sort": (lambda: X.sort(2), IndexError, "from -2 to 1, got 2"),
    "topk": (lambda: X.topk(4), ValueError, "k from 0 to 3, got 4"),
    "topk negative": (lambda: X.topk(-1), ValueError, "k from 0 to 3, got -1"),
    "kthvalue": (lambda: X.kthvalue(0), ValueError, "k from 1 to 3, got 0"),
    "kthvalue nothing": (lambda: X[:, :0].kthvalue(1), ValueError, "k from 1 to 0"),
    "median": (lambda: X[:0].median(0), IndexError, "elements in dimension 0, got none"),
    "median keepdim": (lambda: X.median(0, 1), TypeError, "keepdim to be True or False, got 1"),
    "quantile": (lambda: X.quantile(1.5), ValueError, r"in \[0, 1\], got"),
    "quantile matrix": (lambda: X.quantile(X / 2), ValueError, "or a vector"),
    "quantile dtype": (lambda: X.quantile(scratch.tensor([0.5]).double()), TypeError, "q float64"),
    "quantile integers": (lambda: LONG.quantile(0.5), ValueError, "floating-point elements, got int64"),
    "quantile nothing": (lambda: X[:0].quantile(0.5), ValueError, r"got float32 \(0, 3\)"),
    "cumsum": (lambda: X.cumsum(2), IndexError, "from -2 to 1, got 2"),
    "logcumsumexp": (lambda: LONG.logcumsumexp(0), TypeError, "floating-point dtype, got int64"),
    "cummax": (lambda: X.cummax(2), IndexError, "got 2"),
    "diff": (lambda: X.diff(-1), ValueError, r"n of at least 0, got shape \(2, 3\) and n -1"),
    "diff scalar": (lambda: X[0, 0].diff(), ValueError, "at least one dimension"),
    "diff prepend": (lambda: X.diff(prepend=X[0]), ValueError, "2 dimensions of prepend"),
}
