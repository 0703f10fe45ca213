"""Dropout where nothing is left to chance: p = 0, p = 1, and evaluation."""

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from ..rows import ModuleRow, Row

FUNCTIONS = {"dropout": (2, 3, 4), "dropout1d": (2, 3, 4), "dropout2d": (2, 3, 4, 2), "alpha_dropout": (5, 3)}
LAYERS = {"Dropout": (5,), "Dropout1d": (3, 4), "Dropout2d": (2, 3, 2, 2), "AlphaDropout": (2, 3)}
ENDS = {
    "all": {"p": 1.0, "training": True},
    "nothing": {"p": 0, "training": True},
    "evaluation": {"p": 0.7, "training": False},
}


def end_of(name, shape, settings):
    return Row(lambda lib, x: getattr(lib.nn.functional, name)(x, **settings), [shape])


ROWS = {
    f"{name}-{end}": end_of(name, shape, settings)
    for name, shape in FUNCTIONS.items()
    for end, settings in ENDS.items()
}
ROWS |= {
    "dropout-positional": Row(lambda lib, x: lib.nn.functional.dropout(x, 0.3, False, False), [(3,)]),
    "dropout-keyword": Row(lambda lib, x: lib.nn.functional.dropout(input=x, p=1), [(3,)]),
    "dropout-infinite": Row(
        lambda lib, x: lib.nn.functional.dropout(x / 0, 1.0) + x, [(3,)], differences=False
    ),
    "dropout-empty": end_of("dropout", (0, 3), {"p": 0.5}),
    "dropout-scalar": Row(lambda lib, x: lib.nn.functional.dropout(x[0], 1.0), [(3,)]),
    "dropout-integers": Row(lambda lib: lib.nn.functional.dropout(lib.tensor([1, 2]), training=False)),
    "dropout1d-unbatched": end_of("dropout1d", (3, 4), {"p": 1.0}),
    "dropout1d-empty": end_of("dropout1d", (0, 4), {"p": 0.4}),
    "dropout2d-empty": end_of("dropout2d", (2, 0, 4, 4), {"p": 0.4}),
    "alpha_dropout-default": Row(lambda lib, x: lib.nn.functional.alpha_dropout(x), [(3,)]),
}


def layer(name, shape, **settings):
    return ModuleRow(lambda lib: getattr(lib.nn, name)(**settings), [shape])


MODULES = {f"{name}-{p}": layer(name, shape, p=p) for name, shape in LAYERS.items() for p in (0.0, 1.0)}
MODULES |= {f"{name}-not-inplace": layer(name, shape, p=1, inplace=False) for name, shape in LAYERS.items()}
# the default p is random in training: only its printed form and evaluation are torch's
MODULES |= {
    f"{name}-default": ModuleRow(
        lambda lib, name=name: getattr(lib.nn, name)(), [shape], lambda lib, module, x: module.eval()(input=x)
    )
    for name, shape in LAYERS.items()
}

X = scratch.ones(2, 3, 2, 2)


def functional(name, *args, **kwargs):
    return lambda: getattr(F, name)(*args, **kwargs)


def made(name, *args, **kwargs):
    return lambda: getattr(nn, name)(*args, **kwargs)


NOT_BUILT = {f"{name}-inplace": (functional(name, X, inplace=True), "inplace") for name in FUNCTIONS}
NOT_BUILT |= {f"{name}-inplace": (made(name, inplace=True), "inplace") for name in LAYERS}

PS = (-0.1, 1.5, float("nan"))
RANGE, FLOATS = "expected p from 0 to 1, got", "expected a floating-point dtype, got int64"

BAD = {
    f"{name}-p-{p}": (functional(name, scratch.ones(shape), p), ValueError, f"{name}: {RANGE} {p}")
    for name, shape in FUNCTIONS.items()
    for p in PS
}
BAD |= {f"{name}-p": (made(name, 2), ValueError, f"{name}: {RANGE} 2") for name in LAYERS}
BAD |= {
    "dropout1d-shape": (functional("dropout1d", X), ValueError, r"\(C, L\), got \(2, 3, 2, 2\)"),
    "dropout2d-shape": (functional("dropout2d", X[0, 0, 0]), ValueError, r"\(N, C, H, W\), got \(2,\)"),
}
BAD |= {
    f"{name}-integers": (
        functional(name, scratch.ones(shape).long(), 0.5, True),
        TypeError,
        f"{name}: {FLOATS}",
    )
    for name, shape in FUNCTIONS.items()
}
