"""Sums, averages, spreads, norms, extremes and probabilities, along any dimensions."""

import math

from nbcourse import scratch

from ..rows import Row

INF = math.inf


def function(name, *arguments, **keywords):
    return lambda lib, x: getattr(lib, name)(x, *arguments, **keywords)


def distinct(rng, shape):
    """Draw distinct numbers, far enough apart for finite differences."""
    count = math.prod(shape)
    return (rng.permutation(count).reshape(shape) - count / 2 + 0.25) / 3


# --- sums and their kin: all, one, several dimensions, kept or not, none, and nothing to add

DIMS = [
    {},
    {"dim": None},
    {"dim": 1},
    {"dim": -1, "keepdim": True},
    {"dim": (0, -1)},
    {"dim": [0, 2], "keepdim": True},
    {"dim": ()},
    {"axis": 0, "keepdims": True},
]
SPREADS = ["var", "std", "var_mean", "std_mean"]
SUMS = ["sum", "nansum", "mean", "nanmean", *SPREADS, "amax", "amin", "norm"]


def label(keywords):
    return ",".join(f"{key}={value}" for key, value in keywords.items())


ROWS = {
    f"{name} {label(keywords)}": Row(function(name, **keywords), [(2, 3, 4)], distinct)
    for name in SUMS
    for keywords in DIMS
    if not (name == "norm" and "axis" in keywords)
    if name not in SPREADS or keywords != {"dim": ()}  # torch's own gradient is infinite there
}
ROWS |= {
    f"{name} {label(keywords)} of a scalar": Row(function(name, **keywords), [()])
    for name in ("sum", "nansum", "mean", "nanmean", "amax", "amin", "norm", "logsumexp", "prod")
    for keywords in ({"dim": 0}, {"dim": -1, "keepdim": True})
}
ROWS |= {
    f"{name} of a scalar": Row(function(name), [()])
    for name in (*SUMS[:4], "amax", "amin", "norm", "prod", "max", "min")
}
ROWS |= {
    f"{name} of nothing {label(keywords)}": Row(function(name, **keywords), [(0, 3)], differences=False)
    for name in ("sum", "nansum", "mean", "nanmean", "norm", "prod", "var", "std", "logsumexp")
    for keywords in ({}, {"dim": 0}, {"dim": 1, "keepdim": True})
    if name != "logsumexp" or keywords
}
ROWS |= {
    f"{name} along nothing": Row(function(name, dim=1), [(0, 3)])
    for name in ("amax", "amin", "max", "min", "argmax", "argmin", "aminmax", "logsumexp")
}
ROWS |= {
    "sum by position": Row(lambda lib, x: x.sum(0, True) + x.mean((0, 1), True), [(2, 3)]),
    "sum dtype": Row(lambda lib, x: (lib.sum(x, dtype=lib.float64), x.sum(0, dtype=lib.float64)), [(2, 3)]),
    "sum of truth values": Row(lambda lib, x: ((x > 0).sum(), (x > 0).sum(0, dtype=lib.float64)), [(2, 3)]),
    "sum of integers": Row(lambda lib: lib.tensor([[1, 2], [3, 4]], dtype=lib.int32).sum(1)),
    "mean dtype": Row(lambda lib, x: lib.mean((x > 0), 0, dtype=lib.float64), [(2, 3)]),
    "mean keywords": Row(lambda lib, x: lib.mean(input=x, dim=0, keepdim=True, dtype=lib.float64), [(2, 3)]),
    "nansum of NaN": Row(lambda lib, x: lib.nansum(lib.log(x), 1), [(4, 3)], differences=False),
    "nansum dtype": Row(lambda lib, x: lib.nansum(x, 0, True, dtype=lib.float64), [(4, 3)]),
    "nansum of integers": Row(lambda lib: lib.nansum(lib.tensor([1, 2]))),
    "nanmean of NaN": Row(lambda lib, x: lib.nanmean(lib.log(x), 1, True), [(4, 3)], differences=False),
    "nanmean dtype": Row(lambda lib, x: x.nanmean(0, dtype=lib.float64), [(4, 3)]),
    "prod": Row(lambda lib, x: lib.prod(x), [(2, 3)]),
    "prod along": Row(
        lambda lib, x: (lib.prod(x, 1), x.prod(-2, True), x.prod(dim=0, keepdim=True)), [(2, 3, 2)]
    ),
    "prod with a zero": Row(lambda lib, x: (x * lib.tensor([1.0, 0.0, 2.0]).to(x.dtype)).prod(1), [(2, 3)]),
    "prod with zeros": Row(lambda lib, x: (lib.prod(x * 0), (x * 0).prod(0)), [(2, 3)]),
    "prod dtype": Row(
        lambda lib, x: (x.prod(dtype=lib.float64), lib.prod(x > 0, 0, dtype=lib.float64)), [(2, 3)]
    ),
    "prod of integers": Row(lambda lib: lib.tensor([[1, 2], [3, 4]], dtype=lib.int16).prod(0)),
    "count_nonzero": Row(lambda lib, x: (lib.count_nonzero(x > 0), (x > 0).count_nonzero(1)), [(3, 4)]),
    "count_nonzero dims": Row(lambda lib, x: lib.count_nonzero(x > 0, dim=(0, -1)), [(3, 4, 2)]),
    "logsumexp": Row(lambda lib, x: lib.logsumexp(x, 1), [(3, 4, 2)]),
    "logsumexp dims": Row(lambda lib, x: x.logsumexp(dim=(0, -1), keepdim=True), [(3, 4, 2)]),
    "logsumexp far out": Row(lambda lib, x: lib.logsumexp(1000 * x, 0, True), [(3, 4)], single=None),
    "logsumexp of integers": Row(lambda lib: lib.logsumexp(lib.tensor([1, 1]), 0) * 0),
}

# --- spreads

CORRECTIONS = [
    {"unbiased": False},
    {"dim": 1, "unbiased": False},
    {"dim": 1, "unbiased": True, "keepdim": True},
    {"dim": (0, 2), "keepdim": True, "correction": 0},
    {"dim": None, "correction": 2},
    {"dim": -1, "correction": 0.5},
    {"dim": -1, "correction": None},
]
ROWS |= {
    f"{name} {label(keywords)}": Row(function(name, **keywords), [(2, 3, 4)])
    for name in SPREADS
    for keywords in CORRECTIONS
}
ROWS |= {
    f"{name} by position": Row(
        lambda lib, x, name=name: [getattr(lib, name)(x, False), getattr(lib, name)(x, 0, True, True)],
        [(3, 4)],
    )
    for name in SPREADS
}
ROWS |= {
    f"{name} without freedom": Row(function(name, 1, correction=4), [(3, 4)], differences=False)
    for name in SPREADS
}

# --- norms

ORDERS = (None, "fro", 0, 1, 2, 3, 0.5, 1.5, -1, INF, -INF)
ROWS |= {
    f"norm {p}{name}": Row(
        lambda lib, x, p=p, keywords=keywords: lib.norm(x, p, **keywords), [(3, 4)], distinct
    )
    for p in ORDERS
    for name, keywords in {"": {}, " dim": {"dim": 1}, " dims": {"dim": (0, 1), "keepdim": True}}.items()
}
ROWS |= {
    "norm method": Row(lambda lib, x: x.norm(2, 0, True) + x.norm(p=1, dim=-1, keepdim=True), [(3, 4)]),
    "norm dtype": Row(lambda lib, x: lib.norm(x, dtype=lib.float64), [(3, 4)]),
    "norm of zeros": Row(
        lambda lib, x: [(x * 0).norm(p) for p in (1, 2, 3, 0.5, INF)], [(3,)], differences=False
    ),
    "norm of NaN": Row(lambda lib, x: [(x / 0 * 0).norm(p) for p in (1, 2, INF)], [(3,)], differences=False),
}

# --- extremes

ROWS |= {
    f"{name} {label(keywords)}": Row(function(name, **keywords), [(2, 3, 4)], distinct)
    for name in ("max", "min", "argmax", "argmin", "aminmax")
    for keywords in ({}, {"dim": 1}, {"dim": -1, "keepdim": True}, {"axis": 0, "keepdims": True})
}
ROWS |= {
    f"{name} of a scalar along": Row(function(name, dim=0), [()])
    for name in ("max", "min", "argmax", "argmin", "aminmax")
}
ROWS |= {
    "max by name": Row(lambda lib, x: (x.max(1).values, x.max(1).indices, x.min(0, True)[0]), [(3, 4)]),
    "aminmax by name": Row(lambda lib, x: lib.aminmax(x, dim=0).max - x.aminmax().min, [(3, 4)], distinct),
    "amax by position": Row(lambda lib, x: x.amax(0, True) + x.amin((0, 1), True), [(3, 4)], distinct),
    "argmax kept": Row(lambda lib, x: (lib.argmax(x, keepdim=True), x.argmin(0, True)), [(3, 4)]),
    "extremes of integers": Row(lambda lib: extremes(lib.tensor([[3, 1], [3, 2]]))),
    "extremes of truth values": Row(lambda lib: lib.tensor([[True, False]]).max(1)),
    "extremes shared": Row(lambda lib, x: ties(lib, x), [(2, 3)], differences=False),
    "extremes of NaN": Row(lambda lib, x: ties(lib, (x - 0.1).log()), [(3, 4)], differences=False),
}


def extremes(x):
    return [x.max(), x.min(0), x.amax(1), x.amin(), x.aminmax(), x.argmax(), x.argmin(1)]


def ties(lib, x):
    x = lib.stack([x, x, x - 1])
    return [x.max(), x.min(), x.max(0), x.min(0), x.amax(0), x.amin((0, 1)), x.aminmax(dim=0), x.argmax(0)]


# --- all and any

ROWS |= {
    f"{name} {label(keywords)}": Row(
        lambda lib, x, name=name, keywords=keywords: getattr(lib, name)(x > 0, **keywords), [(3, 4, 2)]
    )
    for name in ("all", "any")
    for keywords in DIMS
}
ROWS |= {
    "all of numbers": Row(
        lambda lib, x: (x.all(), x.any(0, True), (x * 0).any(), lib.all(input=x, dim=-1)), [(3, 4)]
    ),
    "all of nothing": Row(lambda lib: [lib.zeros(0, 3).all(0), lib.zeros(0, 3).any()]),
    "all of uint8": Row(
        lambda lib: [lib.tensor([2, 0], dtype=lib.uint8).any(0), lib.tensor([3], dtype=lib.uint8).all()]
    ),
}

# --- probabilities

ROWS |= {
    f"{name} {shape} {dim}": Row(function(name, dim), [shape])
    for name in ("softmax", "log_softmax")
    for shape, dim in (((2, 3, 4), 1), ((5,), -1), ((), 0), ((0, 3), 0), ((2, 0), -1))
}
ROWS |= {
    "softmax dtype": Row(
        lambda lib, x: (lib.softmax(x, 1, dtype=lib.float64), x.softmax(0, lib.float64)), [(3, 4)]
    ),
    "log_softmax dtype": Row(lambda lib, x: lib.log_softmax(input=x, dim=1, dtype=lib.float64), [(3, 4)]),
    "softmax of integers": Row(lambda lib: lib.softmax(lib.tensor([1, 2]), 0, dtype=lib.float64)),
    "softmax far out": Row(
        lambda lib, x: [(1e4 * x).softmax(0), (1e4 * x).log_softmax(0)], [(4, 3)], differences=False
    ),
    "softmax of -inf": Row(
        lambda lib, x: lib.softmax(x.masked_fill(lib.tensor([True, False, False]), -INF), 1), [(4, 3)]
    ),
    "bernoulli ends": Row(
        lambda lib, x: (lib.bernoulli(x * 0), lib.bernoulli(x * 0 + 1), x.detach().bernoulli(0)), [(4, 3)]
    ),
    "bernoulli p": Row(
        lambda lib: [lib.bernoulli(lib.tensor([3, 4]), p=1.0), lib.tensor([3, 4]).bernoulli(0.0)]
    ),
    "multinomial ends": Row(lambda lib: lib.multinomial(lib.tensor([[0.0, 1.0], [2.0, 0.0]]), num_samples=1)),
    "multinomial last": Row(lambda lib: lib.tensor([0.0, 1.0]).multinomial(2)),
    "multinomial replaced": Row(
        lambda lib: lib.multinomial(lib.tensor([0.0, 0.5, 0.0]), 4, replacement=True)
    ),
    "multinomial of no rows": Row(
        lambda lib: [lib.ones(0, 3).multinomial(2), lib.ones(0, 3).multinomial(2, True)]
    ),
}

# --- what is refused

ONES = scratch.ones(2, 3)
WHOLES = scratch.tensor([1, 2])
NOTHING = scratch.zeros(0, 3)

NOT_BUILT = {
    "nuc": (lambda: scratch.norm(ONES, "nuc"), "p='nuc'"),
    "out": (lambda: scratch.sum(ONES, out=1), "out="),
    "softmax dim": (lambda: scratch.softmax(ONES, None), "dim=None"),
    "bernoulli": (lambda: scratch.bernoulli(ONES, generator=1), "generator=1"),
    "multinomial": (lambda: scratch.multinomial(ONES, 1, generator=1), "generator=1"),
}

BAD = {
    "keepdim number": (lambda: ONES.sum(0, 1), TypeError, "sum: expected keepdim to be True or False, got 1"),
    "max keepdim": (lambda: ONES.max(0, 1), TypeError, "max: expected keepdim"),
    "all keepdim": (lambda: ONES.all(0, keepdim=1), TypeError, "all: expected keepdim"),
    "var unbiased": (lambda: ONES.var(0, 1), TypeError, "var: expected unbiased to be True or False, got 1"),
    "var both": (
        lambda: ONES.var(0, True, correction=1),
        TypeError,
        "var: expected unbiased or correction, got both",
    ),
    "dim and axis": (lambda: ONES.sum(0, axis=0), TypeError, "axis|dim"),
    "dim and axis named": (lambda: ONES.sum(dim=0, axis=0), TypeError, "axis"),
    "dim out of range": (lambda: scratch.ones(2).sum(dim=2), IndexError, "from -1 to 0, got 2"),
    "dim twice": (lambda: ONES.sum(dim=(0, -2)), ValueError, "each dimension once"),
    "dim bool": (lambda: ONES.amax(False), TypeError, "dim: expected an integer, got False"),
    "dims of prod": (lambda: ONES.prod((0, 1)), TypeError, "dim: expected an integer"),
    "a list": (lambda: scratch.sum([1, 2]), TypeError, "sum: expected input to be a Tensor, got list"),
    "mean of integers": (
        lambda: WHOLES.float().long().mean(),
        TypeError,
        "mean: expected a floating-point dtype, got int64",
    ),
    "mean to integers": (
        lambda: ONES.mean(dtype=scratch.int64),
        TypeError,
        "mean: expected a floating-point dtype",
    ),
    "nanmean of integers": (
        lambda: scratch.nanmean(WHOLES),
        TypeError,
        "nanmean: expected a floating-point dtype",
    ),
    "var of integers": (lambda: scratch.var(WHOLES), TypeError, "var: expected a floating-point dtype"),
    "norm of integers": (
        lambda: scratch.norm(WHOLES, dtype=scratch.float32),
        TypeError,
        "norm: expected a floating",
    ),
    "norm of a name": (lambda: scratch.norm(ONES, "two"), ValueError, "p a number, 'fro' or None, got 'two'"),
    "norm of nothing": (lambda: NOTHING.norm(INF), IndexError, r"norm: .* to reduce, got shape \(0, 3\)"),
    "logsumexp dim": (lambda: scratch.logsumexp(ONES), TypeError, "dim"),
    "max of nothing": (
        lambda: NOTHING.max(),
        IndexError,
        r"max: .* one element to reduce, got shape \(0, 3\)",
    ),
    "max along nothing": (lambda: NOTHING.max(0), IndexError, r"max: .* to reduce, got shape \(0, 3\)"),
    "amax of nothing": (lambda: NOTHING.amax(0), IndexError, "amax: expected at least one element"),
    "aminmax of nothing": (lambda: NOTHING.aminmax(), IndexError, "aminmax: expected at least one element"),
    "argmax of nothing": (lambda: NOTHING.argmax(), IndexError, "argmax: expected at least one element"),
    "argmin of nothing": (lambda: NOTHING.argmin(0), IndexError, "argmin: expected at least one element"),
    "argmax of bool": (lambda: (ONES > 0).argmax(), TypeError, "argmax: expected numbers, got dtype bool"),
    "max keepdim alone": (
        lambda: ONES.max(keepdim=True),
        TypeError,
        "max: expected dim together with keepdim",
    ),
    "softmax without dim": (lambda: scratch.softmax(ONES), TypeError, "dim"),
    "softmax of integers": (
        lambda: scratch.softmax(WHOLES, 0),
        TypeError,
        "softmax: expected a floating.* got int64",
    ),
    "softmax dim": (lambda: scratch.softmax(scratch.tensor(1.0), 1), IndexError, "from -1 to 0, got 1"),
    "log_softmax dim": (lambda: scratch.log_softmax(ONES, 2), IndexError, "from -2 to 1, got 2"),
    "bernoulli above 1": (lambda: scratch.bernoulli(ONES + 1), ValueError, "probabilities from 0 to 1"),
    "bernoulli of NaN": (lambda: scratch.bernoulli(ONES * math.nan), ValueError, "probabilities from 0 to 1"),
    "bernoulli of integers": (lambda: scratch.bernoulli(WHOLES), TypeError, "bernoulli: expected a floating"),
    "multinomial of integers": (
        lambda: WHOLES.multinomial(1),
        TypeError,
        r"weights \(n\) or \(rows, n\), got int64 \(2,\)",
    ),
    "multinomial too many": (lambda: ONES.multinomial(4), ValueError, "1 to the number of weights, 3, got 4"),
    "multinomial none": (lambda: ONES.multinomial(0), ValueError, "got 0"),
    "multinomial negative": (lambda: (-ONES).multinomial(1), ValueError, "finite weights of at least 0"),
    "multinomial zeros": (lambda: (0 * ONES).multinomial(1), ValueError, "not all of them 0"),
    "multinomial infinite": (lambda: (ONES / 0).multinomial(1), ValueError, "finite weights"),
    "multinomial dims": (lambda: scratch.ones(1, 2, 3).multinomial(1), TypeError, r"got float32 \(1, 2, 3\)"),
}
