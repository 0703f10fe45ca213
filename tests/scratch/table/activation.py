"""Activation functions, as functions and as layers."""

import numpy as np

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from ..rows import ModuleRow, Row

# infinities, NaN, both zeros, and every place where one of the functions has a corner
SPECIAL = [-np.inf, -30, -6, -3, -1, -0.5, -0.0, 0.0, 0.5, 1, 3, 6, 30, np.inf, np.nan]


def special(rng, shape):
    return np.resize(SPECIAL, shape)


def wide(rng, shape):
    """Draw values of which many lie beyond every corner."""
    return 4 * rng.standard_normal(shape)


FUNCTIONS = {
    "relu": lambda lib, x: lib.nn.functional.relu(x),
    "leaky_relu": lambda lib, x: lib.nn.functional.leaky_relu(x),
    "leaky_relu-slope": lambda lib, x: lib.nn.functional.leaky_relu(x, negative_slope=-1.5),
    "rrelu": lambda lib, x: lib.nn.functional.rrelu(x, 0.2, 0.5),
    "rrelu-training": lambda lib, x: lib.nn.functional.rrelu(x, lower=0.3, upper=0.3, training=True),
    "elu": lambda lib, x: lib.nn.functional.elu(x),
    "elu-alpha": lambda lib, x: lib.nn.functional.elu(x, alpha=-1.5),
    "selu": lambda lib, x: lib.nn.functional.selu(x),
    "celu": lambda lib, x: lib.nn.functional.celu(x),
    "celu-alpha": lambda lib, x: lib.nn.functional.celu(x, alpha=2.5),
    "threshold": lambda lib, x: lib.nn.functional.threshold(x, threshold=0.5, value=-2.5),
    "gelu": lambda lib, x: lib.nn.functional.gelu(x),
    "gelu-tanh": lambda lib, x: lib.nn.functional.gelu(x, approximate="tanh"),
    "silu": lambda lib, x: lib.nn.functional.silu(x),
    "mish": lambda lib, x: lib.nn.functional.mish(x),
    "softplus": lambda lib, x: lib.nn.functional.softplus(x),
    "softplus-beta": lambda lib, x: lib.nn.functional.softplus(x, beta=3, threshold=2),
    "softplus-negative-beta": lambda lib, x: lib.nn.functional.softplus(x, -2.0),
    "sigmoid": lambda lib, x: lib.nn.functional.sigmoid(x),
    "logsigmoid": lambda lib, x: lib.nn.functional.logsigmoid(x),
    "tanh": lambda lib, x: lib.nn.functional.tanh(x),
    "softsign": lambda lib, x: lib.nn.functional.softsign(x),
    "tanhshrink": lambda lib, x: lib.nn.functional.tanhshrink(x),
    "hardtanh": lambda lib, x: lib.nn.functional.hardtanh(x),
    "hardtanh-limits": lambda lib, x: lib.nn.functional.hardtanh(x, min_val=-0.5, max_val=3),
    "hardtanh-one": lambda lib, x: lib.nn.functional.hardtanh(x, 1.0, 1.0),
    "relu6": lambda lib, x: lib.nn.functional.relu6(x),
    "hardsigmoid": lambda lib, x: lib.nn.functional.hardsigmoid(x),
    "hardswish": lambda lib, x: lib.nn.functional.hardswish(x),
    "softshrink": lambda lib, x: lib.nn.functional.softshrink(x),
    "softshrink-lambd": lambda lib, x: lib.nn.functional.softshrink(x, lambd=1.0),
    "softshrink-nothing": lambda lib, x: lib.nn.functional.softshrink(x, 0),
    "hardshrink": lambda lib, x: lib.nn.functional.hardshrink(x),
    "hardshrink-lambd": lambda lib, x: lib.nn.functional.hardshrink(x, lambd=1.0),
    "hardshrink-negative": lambda lib, x: lib.nn.functional.hardshrink(x, -1.0),
}
ALONG = {
    "softmax": lambda lib, x: lib.nn.functional.softmax(x, dim=-1),
    "softmax-dtype": lambda lib, x: lib.nn.functional.softmax(x, 0, dtype=lib.float64),
    "log_softmax": lambda lib, x: lib.nn.functional.log_softmax(x, dim=0),
    "log_softmax-dtype": lambda lib, x: lib.nn.functional.log_softmax(x, 1, dtype=lib.float64),
    "softmax-guessed": lambda lib, x: lib.nn.functional.softmax(x, _stacklevel=2),
    "log_softmax-guessed": lambda lib, x: lib.nn.functional.log_softmax(x, _stacklevel=2),
    "softmin-guessed": lambda lib, x: lib.nn.functional.softmin(x, _stacklevel=2),
    "softmin": lambda lib, x: lib.nn.functional.softmin(x, dim=1),
    "softmin-dtype": lambda lib, x: lib.nn.functional.softmin(x, -2, dtype=lib.float64),
    "glu": lambda lib, x: lib.nn.functional.glu(x),
    "glu-dim": lambda lib, x: lib.nn.functional.glu(x, dim=-2),
}

ROWS = {
    **{name: Row(call, [(3, 5)], wide) for name, call in FUNCTIONS.items()},
    **{f"{name}-large": Row(call, [(2, 3, 70)], wide, differences=False) for name, call in FUNCTIONS.items()},
    **{f"{name}-0d": Row(call, [()], wide) for name, call in FUNCTIONS.items()},
    **{f"{name}-empty": Row(call, [(0, 3)]) for name, call in FUNCTIONS.items()},
    **{
        # torch's exact GELU of infinity is NaN in float32 only
        f"{name}-special": Row(
            call, [(15,)], special, differences=False, single=None if name == "gelu" else 2e-4
        )
        for name, call in FUNCTIONS.items()
    },
    **{name: Row(call, [(4, 6)]) for name, call in ALONG.items()},
    **{
        f"softmax-guessed-{len(shape)}d": Row(lambda lib, x: lib.nn.functional.softmax(x), [shape])
        for shape in [(), (3,), (2, 3, 2), (2, 3, 2, 2)]
    },
    **{f"{name}-empty": Row(call, [(0, 6)]) for name, call in ALONG.items() if name != "log_softmax"},
    "glu-images": Row(lambda lib, x: lib.nn.functional.glu(x, 1), [(2, 4, 3, 2)]),
    "glu-vector": Row(lambda lib, x: lib.nn.functional.glu(x), [(4,)]),
    "prelu": Row(lambda lib, x, w: lib.nn.functional.prelu(x, weight=w), [(3, 5), (1,)]),
    "prelu-channels": Row(lambda lib, x, w: lib.nn.functional.prelu(x, w), [(3, 5), (5,)]),
    "prelu-images": Row(lambda lib, x, w: lib.nn.functional.prelu(x, w), [(2, 4, 3, 2), (4,)]),
    "prelu-images-one": Row(lambda lib, x, w: lib.nn.functional.prelu(x, w), [(2, 4, 3, 2), (1,)]),
    "prelu-number": Row(lambda lib, x, w: lib.nn.functional.prelu(x, w), [(3, 5), ()]),
    "prelu-vector": Row(lambda lib, x, w: lib.nn.functional.prelu(x, w), [(4,), (1,)]),
    "prelu-0d": Row(lambda lib, x, w: lib.nn.functional.prelu(x, w), [(), (1,)]),
    "prelu-one-channel": Row(lambda lib, x, w: lib.nn.functional.prelu(x, w), [(3, 1), (1,)]),
    "prelu-empty": Row(lambda lib, x, w: lib.nn.functional.prelu(x, w), [(0, 3), (3,)]),
    "prelu-special": Row(
        lambda lib, x, w: lib.nn.functional.prelu(x, w), [(15,), (1,)], [special, wide], differences=False
    ),
    "PReLU-dtype": Row(lambda lib: 0 * lib.nn.PReLU(3, 0.5, dtype=lib.float64).weight),
    "integers": Row(
        lambda lib: [
            lib.nn.functional.hardtanh(lib.tensor([-5, 0, 5]), -2, 2),
            lib.nn.functional.relu6(lib.tensor([-5, 3, 8])),
            lib.nn.functional.threshold(lib.tensor([-5, 0, 5]), 1, 7),
            lib.nn.functional.softsign(lib.tensor([-5, 0, 5])),
            lib.nn.functional.tanhshrink(lib.tensor([-5, 0, 5])),
        ]
    ),
}


def layer(make, shapes, call=lambda lib, module, x: module(input=x), **options):
    return ModuleRow(make, shapes, call, **options)


MODULES = {
    "ReLU": layer(lambda lib: lib.nn.ReLU(), [(3, 5)]),
    "LeakyReLU": layer(lambda lib: lib.nn.LeakyReLU(negative_slope=0.2), [(3, 5)]),
    "PReLU": layer(lambda lib: lib.nn.PReLU(), [(3, 5)]),
    "PReLU-channels": layer(
        lambda lib: lib.nn.PReLU(num_parameters=5, init=0.1, dtype=lib.float32),
        [(3, 5, 2)],
        call=lambda lib, module, x: module.to(x.dtype)(x),
    ),
    "RReLU": layer(lambda lib: lib.nn.RReLU(lower=0.2, upper=0.2), [(3, 5)]),
    "ELU": layer(lambda lib: lib.nn.ELU(alpha=0.5), [(3, 5)]),
    "SELU": layer(lambda lib: lib.nn.SELU(), [(3, 5)]),
    "CELU": layer(lambda lib: lib.nn.CELU(alpha=0.5), [(3, 5)]),
    "Threshold": layer(lambda lib: lib.nn.Threshold(threshold=0.3, value=2), [(3, 5)]),
    "GELU": layer(lambda lib: lib.nn.GELU(), [(3, 5)]),
    "GELU-tanh": layer(lambda lib: lib.nn.GELU(approximate="tanh"), [(3, 5)]),
    "SiLU": layer(lambda lib: lib.nn.SiLU(), [(3, 5)]),
    "Mish": layer(lambda lib: lib.nn.Mish(), [(3, 5)]),
    "Softplus": layer(lambda lib: lib.nn.Softplus(beta=2, threshold=1), [(3, 5)]),
    "Sigmoid": layer(lambda lib: lib.nn.Sigmoid(), [(3, 5)]),
    "LogSigmoid": layer(lambda lib: lib.nn.LogSigmoid(), [(3, 5)]),
    "Tanh": layer(lambda lib: lib.nn.Tanh(), [(3, 5)]),
    "Softsign": layer(lambda lib: lib.nn.Softsign(), [(3, 5)]),
    "Tanhshrink": layer(lambda lib: lib.nn.Tanhshrink(), [(3, 5)]),
    "Hardtanh": layer(lambda lib: lib.nn.Hardtanh(min_val=-0.5, max_val=0.7), [(3, 5)]),
    "ReLU6": layer(lambda lib: lib.nn.ReLU6(), [(3, 5)], draw=wide),
    "Hardsigmoid": layer(lambda lib: lib.nn.Hardsigmoid(), [(3, 5)], draw=wide),
    "Hardswish": layer(lambda lib: lib.nn.Hardswish(), [(3, 5)], draw=wide),
    "Softshrink": layer(lambda lib: lib.nn.Softshrink(lambd=0.3), [(3, 5)]),
    "Hardshrink": layer(lambda lib: lib.nn.Hardshrink(lambd=0.3), [(3, 5)]),
    "Softmax": layer(lambda lib: lib.nn.Softmax(dim=1), [(3, 5)]),
    "Softmax-guessed": layer(lambda lib: lib.nn.Softmax(), [(3, 5)]),
    "LogSoftmax-guessed": layer(lambda lib: lib.nn.LogSoftmax(), [(3,)]),
    "LogSoftmax": layer(lambda lib: lib.nn.LogSoftmax(dim=-1), [(3, 5)]),
    "Softmin": layer(lambda lib: lib.nn.Softmin(dim=0), [(3, 5)]),
    "Softmax2d": layer(lambda lib: lib.nn.Softmax2d(), [(2, 3, 2, 4)]),
    "Softmax2d-image": layer(lambda lib: lib.nn.Softmax2d(), [(3, 2, 4)]),
    "GLU": layer(lambda lib: lib.nn.GLU(dim=1), [(3, 4, 2)]),
}

ONES = scratch.ones(2, 3)
NOT_BUILT = {
    "relu-inplace": (lambda: F.relu(ONES, inplace=True), "inplace"),
    "leaky_relu-inplace": (lambda: F.leaky_relu(ONES, inplace=True), "inplace"),
    "rrelu-inplace": (lambda: F.rrelu(ONES, inplace=True), "inplace"),
    "elu-inplace": (lambda: F.elu(ONES, inplace=True), "inplace"),
    "selu-inplace": (lambda: F.selu(ONES, inplace=True), "inplace"),
    "celu-inplace": (lambda: F.celu(ONES, inplace=True), "inplace"),
    "threshold-inplace": (lambda: F.threshold(ONES, 1, 1, inplace=True), "inplace"),
    "silu-inplace": (lambda: F.silu(ONES, inplace=True), "inplace"),
    "mish-inplace": (lambda: F.mish(ONES, inplace=True), "inplace"),
    "hardtanh-inplace": (lambda: F.hardtanh(ONES, inplace=True), "inplace"),
    "relu6-inplace": (lambda: F.relu6(ONES, inplace=True), "inplace"),
    "hardsigmoid-inplace": (lambda: F.hardsigmoid(ONES, inplace=True), "inplace"),
    "hardswish-inplace": (lambda: F.hardswish(ONES, inplace=True), "inplace"),
    "ReLU-inplace": (lambda: nn.ReLU(inplace=True), "ReLU: inplace=True"),
    "LeakyReLU-inplace": (lambda: nn.LeakyReLU(inplace=True), "LeakyReLU: inplace=True"),
    "RReLU-inplace": (lambda: nn.RReLU(inplace=True), "RReLU: inplace=True"),
    "ELU-inplace": (lambda: nn.ELU(inplace=True), "ELU: inplace=True"),
    "SELU-inplace": (lambda: nn.SELU(inplace=True), "SELU: inplace=True"),
    "CELU-inplace": (lambda: nn.CELU(inplace=True), "CELU: inplace=True"),
    "Threshold-inplace": (lambda: nn.Threshold(1, 1, inplace=True), "Threshold: inplace=True"),
    "SiLU-inplace": (lambda: nn.SiLU(inplace=True), "SiLU: inplace=True"),
    "Mish-inplace": (lambda: nn.Mish(inplace=True), "Mish: inplace=True"),
    "Hardtanh-inplace": (lambda: nn.Hardtanh(inplace=True), "Hardtanh: inplace=True"),
    "Hardtanh-min_value": (lambda: nn.Hardtanh(min_value=-2), "min_value"),
    "Hardtanh-max_value": (lambda: nn.Hardtanh(max_value=2), "max_value"),
    "ReLU6-inplace": (lambda: nn.ReLU6(inplace=True), "ReLU6: inplace=True"),
    "Hardsigmoid-inplace": (lambda: nn.Hardsigmoid(inplace=True), "Hardsigmoid: inplace=True"),
    "Hardswish-inplace": (lambda: nn.Hardswish(inplace=True), "Hardswish: inplace=True"),
    "PReLU-device": (lambda: nn.PReLU(device="cuda"), "device='cuda'"),
}

INTEGERS = scratch.ones(2, 4).long()
FLOATING = [F.leaky_relu, F.rrelu, F.elu, F.selu, F.celu, F.gelu, F.silu, F.mish, F.softplus, F.logsigmoid]
FLOATING += [F.hardsigmoid, F.hardswish, F.softshrink, F.hardshrink, F.glu]
BAD = {
    **{
        f"{f.__name__}-integers": (
            lambda f=f: f(INTEGERS),
            TypeError,
            f"{f.__name__}: expected a floating-point dtype, got int64",
        )
        for f in FLOATING
    },
    "prelu-integers": (lambda: F.prelu(INTEGERS, INTEGERS), TypeError, "floating-point dtype, got int64"),
    "prelu-weight": (
        lambda: F.prelu(ONES, scratch.ones(2)),
        ValueError,
        r"\(3,\) for an input of shape \(2, 3\), got \(2,\)",
    ),
    "prelu-matrix": (lambda: F.prelu(ONES, scratch.ones(1, 3)), ValueError, r"got \(1, 3\)"),
    "prelu-vector": (lambda: F.prelu(scratch.ones(3), scratch.ones(3)), ValueError, r"got \(3,\)"),
    "prelu-dtype": (lambda: F.prelu(ONES, scratch.ones(3).double()), TypeError, "weight float64"),
    "hardtanh-bool": (lambda: F.hardtanh(ONES.bool()), TypeError, "floating-point or integer dtype"),
    "threshold-bool": (lambda: F.threshold(ONES.bool(), 1, 1), TypeError, "got bool"),
    "hardtanh-limits": (lambda: F.hardtanh(ONES, 2, 1), ValueError, "min_val <= max_val, got 2 and 1"),
    "Hardtanh-limits": (lambda: nn.Hardtanh(1, 1), ValueError, "min_val < max_val, got 1 and 1"),
    "rrelu-limits": (lambda: F.rrelu(ONES, 0.5, 0.1), ValueError, "lower <= upper, got 0.5 and 0.1"),
    "celu-alpha": (lambda: F.celu(ONES, 0), ValueError, "alpha other than 0"),
    "gelu-approximate": (lambda: F.gelu(ONES, approximate="erf"), ValueError, "'none' or 'tanh', got 'erf'"),
    "gelu-positional": (lambda: F.gelu(ONES, "tanh"), TypeError, "positional"),
    "softshrink-lambd": (lambda: F.softshrink(ONES, -1), ValueError, "lambd of at least 0, got -1"),
    "glu-odd": (lambda: F.glu(ONES), ValueError, r"even size of dimension -1, got shape \(2, 3\)"),
    "glu-0d": (lambda: F.glu(scratch.tensor(1.0)), ValueError, r"got shape \(\)"),
    "Softmax2d-matrix": (lambda: nn.Softmax2d()(ONES), ValueError, r"\(C, H, W\), got shape \(2, 3\)"),
}
