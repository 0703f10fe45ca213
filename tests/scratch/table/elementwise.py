"""Functions of each element: arithmetic, powers, angles, rounding, limits, comparisons, dtypes."""

import math

import numpy as np

from nbcourse import scratch

from ..rows import Row, normal, positive, unit

SHAPES = {"": (3, 5), " scalar": (), " empty": (0, 3), " column": (4, 1, 2)}
PAIRS = {
    "": [(3, 1), (2, 1, 4)],
    " scalar": [(3,), ()],
    " scalars": [(), ()],
    " stretched": [(2, 3), (3,)],
    " empty": [(0, 1), (1, 4)],
}
MASK = np.array([[True, False, True], [False, False, True]])


def above_one(rng, shape):
    """Draw from (1.1, …)."""
    return 1.1 + np.abs(rng.standard_normal(shape))


def wide(rng, shape):
    """Draw from N(0, 3²), away from whole numbers."""
    x = 3 * rng.standard_normal(shape)
    return np.floor(x) + np.clip(x - np.floor(x), 0.1, 0.9)


def function(name, **keywords):
    return lambda lib, *inputs: getattr(lib, name)(*inputs, **keywords)


def method(name, *arguments, **keywords):
    return lambda lib, x, *inputs: getattr(x, name)(*inputs, *arguments, **keywords)


# --- of one element

DRAWN = {
    **dict.fromkeys(["neg", "negative", "positive", "square", "reciprocal", "abs", "absolute"], normal),
    **dict.fromkeys(["exp", "exp2", "expm1", "sigmoid", "relu", "tanh", "erf", "erfc"], normal),
    **dict.fromkeys(["log", "log2", "log10", "log1p", "sqrt", "rsqrt"], positive),
    **dict.fromkeys(["sin", "cos", "tan", "sinh", "cosh", "deg2rad", "rad2deg"], normal),
    **dict.fromkeys(["asin", "acos", "atanh", "arcsin", "arccos", "arctanh", "logit"], unit),
    **dict.fromkeys(["atan", "asinh", "arctan", "arcsinh"], normal),
    **dict.fromkeys(["acosh", "arccosh"], above_one),
    **dict.fromkeys(["floor", "ceil", "round", "trunc", "fix", "frac", "sign"], wide),
    **dict.fromkeys(["isnan", "isfinite", "isinf", "isposinf", "isneginf", "logical_not"], normal),
    **dict.fromkeys(["nan_to_num", "clone"], normal),
}
ROWS = {
    f"{name}{label}": Row(function(name), [shape], draw)
    for name, draw in DRAWN.items()
    for label, shape in SHAPES.items()
}
ROWS |= {
    "logit eps": Row(lambda lib, x: lib.logit(x, 0.2), [(3, 5)], unit),
    "logit eps keyword": Row(lambda lib, x: x.logit(eps=0.01), [(3, 5)], unit),
    "round decimals": Row(lambda lib, x: lib.round(x, decimals=2), [(3, 5)], differences=False),
    "round tens": Row(lambda lib, x: (30 * x).round(decimals=-1), [(3, 5)], differences=False),
    "nan_to_num values": Row(
        lambda lib, x: lib.nan_to_num(lib.log(x) / (x > 0), 1.0, 2.0, -3.0), [(3, 5)], differences=False
    ),
    "nan_to_num keywords": Row(
        lambda lib, x: (1 / (x - x)).nan_to_num(nan=7.0, posinf=2.0, neginf=None) + x,
        [(4,)],
        differences=False,
    ),
    "relu keyword": Row(lambda lib, x: lib.relu(input=x), [(4,)]),
    "abs builtin": Row(lambda lib, x: abs(x), [(3,)]),
    "plus": Row(lambda lib, x: +x, [(3,)]),
    "detach": Row(lambda lib, x: (lib.detach(x), x.detach() * x), [(3,)], differences=False),
    "numel": Row(lambda lib, x: (lib.numel(x), x.numel(), lib.is_floating_point(x)), [(3, 2)]),
    "is_floating_point": Row(lambda lib, x: ((x > 0).is_floating_point(), x.is_floating_point()), [(3, 2)]),
    "is_tensor": Row(lambda lib, x: (lib.is_tensor(x), lib.is_tensor(3), lib.is_tensor([x])), [(3,)]),
}

# --- of two

BINARY = {
    **dict.fromkeys(["add", "sub", "subtract", "mul", "multiply", "rsub"], normal),
    **dict.fromkeys(["div", "divide", "true_divide", "remainder", "fmod"], positive),
    **dict.fromkeys(["pow", "float_power", "xlogy"], positive),
    **dict.fromkeys(["logaddexp", "hypot", "atan2", "arctan2"], normal),
    **dict.fromkeys(["maximum", "minimum", "fmax", "fmin", "max", "min", "clamp_min", "clamp_max"], normal),
    **dict.fromkeys(["eq", "ne", "lt", "le", "gt", "ge"], normal),
    **dict.fromkeys(["not_equal", "less", "less_equal", "greater", "greater_equal"], normal),
    **dict.fromkeys(["isclose", "logical_and", "logical_or", "logical_xor"], normal),
}
JUMPS = {"fmod", "remainder", "float_power"}
ROWS |= {
    f"{name}{label}": Row(function(name), shapes, draw, differences=name not in JUMPS)
    for name, draw in BINARY.items()
    for label, shapes in PAIRS.items()
}
ROWS |= {
    "add alpha": Row(lambda lib, a, b: lib.add(a, b, alpha=2.5), [(3,), ()]),
    "add number": Row(lambda lib, a: lib.add(a, 2, alpha=-0.5) + lib.add(1.5, a), [(3,)]),
    "add keywords": Row(lambda lib, a, b: lib.add(input=a, other=b, alpha=1), [(3,), (2, 3)]),
    "sub alpha": Row(lambda lib, a, b: a.sub(b, alpha=3), [(2, 3), (3,)]),
    "sub number": Row(lambda lib, a: lib.sub(a, 2.5, alpha=2) - lib.sub(1, a), [(3,)]),
    "rsub alpha": Row(lambda lib, a, b: lib.rsub(a, b, alpha=3) + lib.rsub(a, 2.0), [(2, 3), (3,)]),
    "mul number": Row(lambda lib, a: lib.mul(a, 2) + lib.mul(0.5, a), [(3,)]),
    "div number": Row(lambda lib, a: lib.div(a, 3) + lib.div(2, a), [(3,)]),
    "div floor": Row(
        lambda lib, a, b: lib.div(a, b, rounding_mode="floor"), [(3, 1), (5,)], differences=False
    ),
    "div trunc": Row(lambda lib, a, b: a.div(b, rounding_mode="trunc"), [(3, 1), (5,)], differences=False),
    "floor_divide": Row(lambda lib, a, b: lib.floor_divide(a, b).detach(), [(3, 1), (5,)], differences=False),
    "floor_divide number": Row(
        lambda lib, a: (a // 0.3).detach() + (2 // a).detach(), [(3,)], differences=False
    ),
    "remainder number": Row(lambda lib, a: a % 0.3 + lib.remainder(2, a.detach()), [(7,)], differences=False),
    "remainder reflected": Row(lambda lib, a: 2 % a.detach(), [(7,)], differences=False),
    "fmod number": Row(lambda lib, a: lib.fmod(a, -0.3), [(7,)], differences=False),
    "modulo": Row(lambda lib, a, b: a % b, [(3, 1), (5,)], differences=False),
    "float_power number": Row(
        lambda lib, a: (lib.float_power(a, 3), a.float_power(0.5)), [(3,)], positive, single=None
    ),
    "float_power of number": Row(lambda lib, a: lib.float_power(2, a), [(3,)], single=None),
    "float_power slope": Row(lambda lib, a, b: lib.float_power(a, b), [(3, 1), (4,)], positive),
    "pow of number": Row(lambda lib, a: lib.pow(2, a) + 1.5**a + lib.pow(0, abs(a)), [(3, 5)]),
    "pow keyword": Row(lambda lib, a: lib.pow(input=a, exponent=2), [(3,)]),
    "xlogy number": Row(lambda lib, a: lib.xlogy(a, 2) + lib.xlogy(2, a), [(3, 5)], positive),
    "addcmul": Row(lambda lib, a, b, c: lib.addcmul(a, b, c), [(3, 1), (5,), (2, 3, 5)]),
    "addcmul value": Row(lambda lib, a, b, c: a.addcmul(b, c, value=-1.5), [(5,), (3, 1), ()]),
    "addcdiv": Row(lambda lib, a, b, c: lib.addcdiv(a, b, c), [(3, 1), (5,), (2, 3, 5)], positive),
    "addcdiv value": Row(lambda lib, a, b, c: a.addcdiv(b, tensor2=c, value=2), [(5,), (3, 1), ()], positive),
    "lerp": Row(lambda lib, a, b, c: lib.lerp(a, b, c), [(3, 1), (5,), (2, 3, 5)]),
    "lerp number": Row(lambda lib, a, b: lib.lerp(a, end=b, weight=0.3) + a.lerp(b, 0.7), [(3, 1), (5,)]),
    "isclose tolerances": Row(
        lambda lib, a, b: lib.isclose(a, b, 0.5, 0.1) & a.isclose(b, rtol=0, atol=1), [(3, 5), (5,)]
    ),
    "isclose nan": Row(lambda lib, a: lib.isclose(a / 0 * 0, a * math.nan, equal_nan=True), [(5,)]),
    "allclose": Row(
        lambda lib, a, b: (lib.allclose(a, a + 1e-9), lib.allclose(a, b), a.allclose(b, atol=9)), [(3,), (3,)]
    ),
    "allclose tolerances": Row(
        lambda lib, a: (lib.allclose(a, a * 1.1, rtol=0.2), lib.allclose(a, a + 0.1, 0, 0.2)), [(3,)]
    ),
    "allclose nan": Row(lambda lib, a: lib.allclose(a * math.nan, a * math.nan, equal_nan=True), [(3,)]),
    "equal": Row(lambda lib, a, b: (lib.equal(a, a.clone()), lib.equal(a, b), a.equal(a[:2])), [(3,), (3,)]),
}
NUMBERS = (0, 1, 2, 3, 4, 7, -1, -2, -3, 0.5, -0.5, 1.7, -1.5, True, np.float64(1.5), np.int64(2))
ROWS |= {f"pow {n!r}": Row(lambda lib, a, n=n: a**n, [(3, 5)], positive) for n in NUMBERS}
ROWS |= {
    f"{name} number": Row(lambda lib, a, name=name: getattr(lib, name)(a, 0.3), [(3, 5)])
    for name in ("eq", "ne", "lt", "le", "gt", "ge")
}

# --- expressions

ROWS |= {
    "operators": Row(lambda lib, a, b: (a + b) * (a - b) / (b * b + 1) - -a, [(2, 3), (3,)]),
    "numbers": Row(lambda lib, a: 2 - a * 3 + 1 / (a * a + 1) + 2**a + (a - 1) / 4, [(2, 3)]),
    "array operand": Row(lambda lib, a: a * lib.tensor(np.arange(3.0)).to(a.dtype) + a, [(3,)]),
    "used twice": Row(lambda lib, a: a * a + a, [(2, 3)]),
    "scalar used twice": Row(lambda lib, a: a * a * a + a + lib.stack([a, a]).sum(), [()]),
    "shared branch": Row(lambda lib, a: (a * 2).exp() + (a * 2).tanh(), [(4,)]),
    "augmented": Row(lambda lib, a, b: augmented(a, b), [(3,), (3,)]),
    "augmented powers": Row(lambda lib, a: augmented_powers(a), [(3,)], positive, differences=False),
    "comparison operators": Row(
        lambda lib, a, b: ((a < b) & (a <= b) | (a > b) ^ (a >= b), a == b, a != b, ~(a < b)), [(3, 1), (4,)]
    ),
}


def augmented(a, b):
    total = 0
    total += a
    total *= b
    total -= a / 2
    total /= 3
    return total


def augmented_powers(a):
    total = a * 2
    total **= 2
    total %= 1.5
    return total


# --- limits and masks

ROWS |= {
    "clamp min": Row(lambda lib, a: lib.clamp(a, min=-0.3), [(3, 5)]),
    "clamp max": Row(lambda lib, a: a.clamp(max=0.3), [(3, 5)]),
    "clamp both": Row(lambda lib, a: lib.clamp(a, -0.3, 0.7), [(3, 5)]),
    "clamp crossed": Row(lambda lib, a: lib.clamp(a, 0.7, -0.3), [(3, 5)]),
    "clamp tensors": Row(lambda lib, a, b, c: lib.clamp(a, b, c), [(3, 5), (5,), (3, 1)]),
    "clamp tensor min": Row(lambda lib, a, b: a.clamp(min=b), [(3, 5), (2, 1, 5)]),
    "clamp tensor max": Row(lambda lib, a, b: lib.clamp(a, max=b), [(3, 5), ()]),
    "clip": Row(lambda lib, a: lib.clip(a, -0.3, 0.7) + a.clip(min=0.1), [(3, 5)]),
    "clamp_min number": Row(lambda lib, a: lib.clamp_min(a, 0.1) + a.clamp_min(min=0.2), [(3, 5)]),
    "clamp_max number": Row(lambda lib, a: lib.clamp_max(a, 0.1) + a.clamp_max(max=0.2), [(3, 5)]),
    "max keyword": Row(lambda lib, a, b: lib.max(a, other=b) + a.min(other=b), [(3, 1), (4,)]),
    "where": Row(lambda lib, a, b: lib.where(lib.tensor(MASK), a, b), [(2, 3), (3,)]),
    "where number": Row(lambda lib, a: lib.where(a > 0, a, 0.5) + lib.where(a > 0, 0.5, a), [(2, 3)]),
    "where keywords": Row(lambda lib, a, b: lib.where(condition=a > b, input=a, other=b), [(2, 3), (3,)]),
    "where numbers": Row(lambda lib, a: lib.where(a > 0, 1, 2.5), [(2, 3)]),
    "where method": Row(lambda lib, a, b: a.where(lib.tensor(MASK), b) + a.where(a > 0, 2), [(2, 3), ()]),
    "where alone": Row(lambda lib, a: (*lib.where(a > 0), *lib.where(a[0, 0] > 9), *lib.where(a)), [(2, 3)]),
    "masked_fill": Row(
        lambda lib, a: lib.masked_fill(a, lib.tensor(MASK), -math.inf), [(2, 3)], differences=False
    ),
    "masked_fill number": Row(lambda lib, a: a.masked_fill(a > 0, 2), [(2, 3)]),
    "masked_fill tensor": Row(lambda lib, a, b: a.masked_fill(mask=lib.tensor(MASK), value=b), [(3,), ()]),
}
# --- what is refused

ONES = scratch.ones(2)
WHOLES = scratch.tensor([1, 2])
TRUTHS = scratch.tensor([True])

NOT_BUILT = {
    "out": (lambda: scratch.exp(ONES, out=1), "out="),
    "relu inplace": (lambda: scratch.relu(ONES, inplace=True), "inplace=True"),
    "slope of floor_divide": (lambda: (ONES.clone().requires_grad_() // 2).sum().backward(), "derivative"),
}

BAD = {
    "shapes": (lambda: ONES + scratch.ones(3), ValueError, "broadcast"),
    "a string": (lambda: ONES + "a", TypeError, "got str"),
    "an array": (
        lambda: scratch.exp(np.ones(2)),
        TypeError,
        "exp: expected input to be a Tensor, got ndarray",
    ),
    "two numbers": (lambda: scratch.add(1, 2), TypeError, "add: expected input to be a Tensor, got int, int"),
    "nothing": (lambda: scratch.exp(), TypeError, "exp: expected input to be a Tensor, got nothing"),
    "number first": (lambda: scratch.maximum(2, ONES), TypeError, "got int"),
    "number second": (
        lambda: scratch.maximum(ONES, 2),
        TypeError,
        "maximum: expected other to be a Tensor, got int",
    ),
    "sub bool": (lambda: 1 - TRUTHS, TypeError, "sub: expected numbers, got bool; use ~"),
    "sub bool number": (lambda: ONES - True, TypeError, "sub: expected numbers, got bool"),
    "sub bool tensor": (lambda: scratch.ones(1) - TRUTHS, TypeError, "sub: expected numbers, got bool"),
    "rsub bool": (lambda: scratch.rsub(TRUTHS, 1), TypeError, "rsub: expected numbers, got bool"),
    "neg bool": (lambda: -TRUTHS, TypeError, "neg: expected numbers, got bool"),
    "abs bool": (lambda: abs(TRUTHS), TypeError, "abs: expected numbers, got bool"),
    "relu bool": (lambda: scratch.relu(TRUTHS), TypeError, "relu: expected numbers, got bool"),
    "floor bool": (lambda: scratch.floor(TRUTHS), TypeError, "floor: expected numbers, got bool"),
    "pow bool": (lambda: TRUTHS**TRUTHS, TypeError, "pow: expected numbers, got bool"),
    "clamp bool": (lambda: TRUTHS.clamp(True), TypeError, "clamp: expected numbers, got bool"),
    "remainder bool": (lambda: TRUTHS % TRUTHS, TypeError, "remainder: expected numbers, got bool"),
    "alpha float": (
        lambda: scratch.add(WHOLES, WHOLES, alpha=1.5),
        TypeError,
        "an integer alpha .* int64, got 1.5",
    ),
    "alpha bool": (lambda: scratch.add(ONES, 1, alpha=True), TypeError, "a number for alpha, got True"),
    "alpha bool sub": (lambda: scratch.sub(ONES, 1, alpha=False), TypeError, "a number for alpha, got False"),
    "rounding_mode": (
        lambda: scratch.div(ONES, 2, rounding_mode="up"),
        ValueError,
        "'trunc' or 'floor', got 'up'",
    ),
    "div 0": (lambda: scratch.div(WHOLES, 0, rounding_mode="floor"), ZeroDivisionError, "div"),
    "floor_divide 0": (lambda: WHOLES // 0, ZeroDivisionError, "floor_divide: an integer was divided by 0"),
    "remainder 0": (lambda: WHOLES % scratch.tensor([1, 0]), ZeroDivisionError, "remainder"),
    "fmod 0": (lambda: scratch.fmod(WHOLES, 0), ZeroDivisionError, "fmod"),
    "negative power": (lambda: WHOLES**-1, ValueError, "at least 0 for int64, got -1"),
    "addcdiv": (lambda: scratch.addcdiv(ONES, WHOLES, WHOLES), TypeError, "got int64 and int64"),
    "lerp": (lambda: scratch.lerp(ONES, ONES.double(), 0.5), TypeError, "lerp: expected one dtype"),
    "lerp integers": (
        lambda: scratch.lerp(WHOLES, WHOLES, 0.5),
        TypeError,
        "lerp: expected a floating-point dtype",
    ),
    "lerp number": (
        lambda: scratch.lerp(ONES, 2.0, 0.5),
        TypeError,
        "lerp: expected end to be a Tensor, got float",
    ),
    "logaddexp": (
        lambda: scratch.logaddexp(WHOLES, WHOLES),
        TypeError,
        "floating-point dtype, got int64 and int64",
    ),
    "hypot": (lambda: scratch.hypot(ONES, 2), TypeError, "expected other to be a Tensor, got int"),
    "frac": (lambda: scratch.frac(WHOLES), TypeError, "frac: expected a floating-point dtype, got int64"),
    "round": (lambda: scratch.round(WHOLES, decimals=1), TypeError, "round: expected a floating-point dtype"),
    "clamp": (lambda: scratch.clamp(ONES), ValueError, "min or max"),
    "where": (lambda: scratch.where(ONES, 1, 2), TypeError, "dtype bool, got float32"),
    "where half": (lambda: scratch.where(ONES > 0, 1), TypeError, "where: expected input and other"),
    "mask": (lambda: ONES.masked_fill(WHOLES, 1), TypeError, "mask of dtype bool, got int64"),
    "mask array": (
        lambda: ONES.masked_fill(np.ones(2, bool), 1),
        TypeError,
        "mask to be a Tensor, got ndarray",
    ),
    "mask value": (
        lambda: ONES.masked_fill(ONES > 0, ONES),
        ValueError,
        r"0-d tensor for value, got shape \(2,\)",
    ),
    "isclose": (lambda: scratch.isclose(ONES, WHOLES), TypeError, "input float32, other int64"),
    "isclose rtol": (lambda: scratch.isclose(ONES, ONES, rtol=-1), ValueError, "at least 0, got -1"),
    "equal": (lambda: scratch.equal(ONES, 1), TypeError, "expected other to be a Tensor"),
    "bits of floats": (
        lambda: ONES & ONES,
        TypeError,
        "bitwise_and: expected integers, got a result of float32",
    ),
    "bits with a float": (lambda: WHOLES | 2.5, TypeError, "bitwise_or: expected integers"),
    "not of floats": (lambda: ~ONES, TypeError, "bitwise_not: expected integers, got float32"),
    "shift of bool": (lambda: TRUTHS << TRUTHS, TypeError, "bitwise_left_shift: expected integers"),
}
