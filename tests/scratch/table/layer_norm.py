"""Layer norm and RMS norm."""

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from ..rows import ModuleRow, Row


def layer_norm(shapes, *args, **settings):
    """A row of shapes [input, weight, bias]; those that are missing are left out."""
    shape = shapes[1] if len(shapes) > 1 else (shapes[0][-1],)
    return Row(
        lambda lib, x, w=None, b=None: lib.nn.functional.layer_norm(x, shape, w, b, *args, **settings), shapes
    )


def rms_norm(shapes, *args, **settings):
    shape = shapes[1] if len(shapes) > 1 else (shapes[0][-1],)
    return Row(lambda lib, x, w=None: lib.nn.functional.rms_norm(x, shape, w, *args, **settings), shapes)


ROWS = {
    "layer_norm": layer_norm([(2, 3, 5)]),
    "layer_norm-weight": layer_norm([(4, 5), (5,)]),
    "layer_norm-affine": layer_norm([(2, 3, 5), (5,), (5,)]),
    "layer_norm-dims": layer_norm([(2, 3, 4, 5), (4, 5), (4, 5)], 0.1),
    "layer_norm-all": layer_norm([(3, 4), (3, 4), (3, 4)]),
    "layer_norm-vector": layer_norm([(7,), (7,), (7,)]),
    "layer_norm-one": Row(
        lambda lib, x, w: lib.nn.functional.layer_norm(x, (1,), w), [(4, 1), (1,)], differences=False
    ),
    "layer_norm-bias": Row(
        lambda lib, x, b: lib.nn.functional.layer_norm(input=x, normalized_shape=[5], bias=b, eps=0.5),
        [(3, 5), (5,)],
    ),
    "layer_norm-keywords": Row(
        lambda lib, x, w, b: lib.nn.functional.layer_norm(
            x, normalized_shape=x.shape[1:], weight=w, bias=b, eps=1e-3
        ),
        [(3, 2, 3), (2, 3), (2, 3)],
    ),
    "layer_norm-offset": Row(lambda lib, x: lib.nn.functional.layer_norm(1e3 + x, (64,)), [(2, 64)]),
    "layer_norm-constant": Row(
        lambda lib, x: lib.nn.functional.layer_norm(x * 0 + 1, (4,)), [(3, 4)], differences=False
    ),
    "layer_norm-no-eps": Row(
        lambda lib, x: lib.nn.functional.layer_norm(x * 0, (4,), eps=0.0), [(3, 4)], differences=False
    ),
    "layer_norm-negative-eps": Row(
        lambda lib, x: lib.nn.functional.layer_norm(x, (4,), eps=-9.0), [(3, 4)], differences=False
    ),
    "layer_norm-infinite": Row(
        lambda lib, x: lib.nn.functional.layer_norm(x / lib.tensor([[0.0], [1.0]]), (4,)),
        [(2, 4)],
        differences=False,
    ),
    "layer_norm-no-rows": layer_norm([(0, 5), (5,), (5,)]),
    "layer_norm-no-features": layer_norm([(3, 0), (0,), (0,)]),
    "rms_norm": rms_norm([(2, 3, 5)]),
    "rms_norm-weight": rms_norm([(2, 3, 5), (5,)]),
    "rms_norm-dims": rms_norm([(2, 3, 4, 5), (4, 5)], 0.1),
    "rms_norm-all": rms_norm([(3, 4), (3, 4)], eps=1e-2),
    "rms_norm-keywords": Row(
        lambda lib, x, w: lib.nn.functional.rms_norm(input=x, normalized_shape=[5], weight=w, eps=None),
        [(3, 5), (5,)],
    ),
    "rms_norm-small": Row(lambda lib, x: lib.nn.functional.rms_norm(1e-8 * x, (4,)), [(3, 4)]),
    "rms_norm-zero": Row(
        lambda lib, x: lib.nn.functional.rms_norm(x * 0, (4,), eps=0.0), [(3, 4)], differences=False
    ),
    "rms_norm-no-rows": rms_norm([(0, 5), (5,)]),
    "rms_norm-no-features": rms_norm([(3, 0), (0,)]),
}


def layer(name, shapes, *args, **settings):
    return ModuleRow(lambda lib: getattr(lib.nn, name)(*args, **settings), shapes)


MODULES = {
    "LayerNorm": layer("LayerNorm", [(2, 3, 5)], 5),
    "LayerNorm-dims": layer("LayerNorm", [(2, 3, 5)], (3, 5), 0.1),
    "LayerNorm-list": layer("LayerNorm", [(2, 3, 5)], normalized_shape=[2, 3, 5], eps=1e-3),
    "LayerNorm-plain": layer("LayerNorm", [(4, 5)], 5, elementwise_affine=False),
    "LayerNorm-no-bias": layer("LayerNorm", [(4, 5)], 5, bias=False),
    "LayerNorm-positional": layer("LayerNorm", [(4, 5)], 5, 1e-2, True, False),
    "LayerNorm-keyword": ModuleRow(
        lambda lib: lib.nn.LayerNorm(5, device="cpu"), [(4, 5)], lambda lib, module, x: module(input=x)
    ),
    "LayerNorm-dtype": ModuleRow(
        lambda lib: lib.nn.LayerNorm(5, dtype=lib.float32),
        [(4, 5)],
        lambda lib, module, x: module.to(x.dtype)(x),
    ),
    "RMSNorm": layer("RMSNorm", [(2, 3, 5)], 5),
    "RMSNorm-dims": layer("RMSNorm", [(2, 3, 5)], (3, 5), 0.1),
    "RMSNorm-plain": layer("RMSNorm", [(4, 5)], normalized_shape=[5], eps=1e-3, elementwise_affine=False),
    "RMSNorm-keyword": ModuleRow(
        lambda lib: lib.nn.RMSNorm(5, device="cpu"), [(4, 5)], lambda lib, module, x: module(x=x)
    ),
    "RMSNorm-dtype": ModuleRow(
        lambda lib: lib.nn.RMSNorm(5, dtype=lib.float32),
        [(4, 5)],
        lambda lib, module, x: module.to(x.dtype)(x),
    ),
}

NOT_BUILT = {
    "LayerNorm-device": (lambda: nn.LayerNorm(5, device="cuda"), "device"),
    "RMSNorm-device": (lambda: nn.RMSNorm(5, device="cuda"), "device"),
}

X = scratch.ones(2, 5)
SHAPES = r"expected input \(\*, \*normalized_shape\)"

BAD = {}
for _name, _function in (("layer_norm", F.layer_norm), ("rms_norm", F.rms_norm)):
    BAD |= {
        f"{_name}-number": (lambda f=_function: f(X, 5), TypeError, "to be a tuple, got int"),
        f"{_name}-empty": (lambda f=_function: f(X, ()), ValueError, "at least one size"),
        f"{_name}-size": (lambda f=_function: f(X, [4]), ValueError, SHAPES),
        f"{_name}-dims": (lambda f=_function: f(X[0], (2, 5)), ValueError, SHAPES),
        f"{_name}-weight": (
            lambda f=_function: f(X, [5], scratch.ones(4)),
            ValueError,
            r"expected weight \(5,\), got \(4,\)",
        ),
        f"{_name}-integers": (lambda f=_function: f(X.long(), [5]), TypeError, "floating-point"),
        f"{_name}-dtypes": (lambda f=_function: f(X, [5], scratch.ones(5).double()), TypeError, "one dtype"),
    }
BAD["layer_norm-bias"] = (
    lambda: F.layer_norm(X, [5], None, scratch.ones(1, 5)),
    ValueError,
    r"expected bias \(5,\), got \(1, 5\)",
)
