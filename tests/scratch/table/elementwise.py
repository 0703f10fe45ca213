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

# --- dtypes: whole numbers, truth values, bits

LEFT = [[1], [-2], [7]]
RIGHT = [2, 3]


def whole(lib, values, dtype="int64"):
    return lib.tensor(values, dtype=getattr(lib, dtype))


WHOLE = (
    "add sub mul div remainder fmod floor_divide maximum minimum fmax fmin bitwise_and bitwise_or bitwise_xor"
)
WHOLE += " bitwise_left_shift bitwise_right_shift pow eq ge logical_and clamp_min float_power"
ROWS |= {
    f"{name} of {dtype}": Row(
        lambda lib, name=name, dtype=dtype: [
            getattr(lib, name)(whole(lib, LEFT, dtype), whole(lib, RIGHT)),
            getattr(lib, name)(whole(lib, RIGHT, dtype), whole(lib, RIGHT, "int16")),
        ]
    )
    for name in WHOLE.split()
    for dtype in ("int64", "int32")
}
ROWS |= {
    f"{name} of integers": Row(
        lambda lib, name=name: (
            getattr(lib, name)(whole(lib, LEFT), whole(lib, RIGHT)).double().round(decimals=5)
        )
    )
    for name in ("atan2", "xlogy")
}
ROWS |= {
    "div rounded integers": Row(
        lambda lib: [
            lib.div(whole(lib, LEFT), whole(lib, RIGHT), rounding_mode=m) for m in ("floor", "trunc", None)
        ]
    ),
    "negative powers": Row(
        lambda lib: whole(lib, [-2, -1, 0, 1, 2, -1]) ** whole(lib, [-1, -1, -1, -2, 3, -2])
    ),
    "bits and a number": Row(
        lambda lib: [
            3 & whole(lib, RIGHT),
            4 | whole(lib, RIGHT),
            whole(lib, RIGHT) ^ 1,
            whole(lib, RIGHT) << 2,
            whole(lib, RIGHT) >> 1,
        ]
    ),
    "bits of a number": Row(
        lambda lib: [lib.bitwise_and(3, whole(lib, RIGHT)), lib.bitwise_left_shift(1, whole(lib, RIGHT))]
    ),
    "bitwise_not": Row(
        lambda lib: [
            lib.bitwise_not(whole(lib, RIGHT)),
            ~lib.tensor([True, False]),
            ~whole(lib, RIGHT, "uint8"),
        ]
    ),
    "numbers that wrap": Row(
        lambda lib: [
            whole(lib, [1], "uint8") + 300,
            whole(lib, [1], "int8") * 300,
            whole(lib, [1], "uint8") - 3,
        ]
    ),
    "numbers out of range": Row(lambda lib: [whole(lib, [1], "uint8") == 300, whole(lib, [1], "int8") < 300]),
    "numbers of NumPy": Row(
        lambda lib: [whole(lib, RIGHT) * np.float64(2.5), whole(lib, RIGHT, "int32") + np.int64(1)]
    ),
    "truth values": Row(
        lambda lib: [lib.tensor([True]) + True, lib.tensor([True, False]) * 2, lib.tensor([True]) ** 2]
    ),
    "alpha True": Row(lambda lib: lib.add(lib.tensor([True]), lib.tensor([False]), alpha=True)),
    "sign of integers": Row(lambda lib: [lib.sign(whole(lib, LEFT)), lib.sign(lib.tensor([True, False]))]),
    "sgn": Row(lambda lib: [lib.sgn(lib.tensor([-2.5, 0.0, 3.0])), whole(lib, LEFT).sgn()]),
    "round integers": Row(
        lambda lib: [lib.floor(whole(lib, LEFT)), lib.round(whole(lib, LEFT)), lib.ceil(whole(lib, LEFT))]
    ),
    "isclose of integers": Row(lambda lib: lib.isclose(whole(lib, LEFT), whole(lib, [1, 2]), atol=1.0)),
    "isclose of truth values": Row(lambda lib: lib.isclose(lib.tensor([True]), lib.tensor([False]))),
    "equal of two dtypes": Row(lambda lib: lib.equal(whole(lib, LEFT), whole(lib, LEFT, "float64"))),
    "masked_fill of integers": Row(lambda lib: whole(lib, RIGHT).masked_fill(whole(lib, RIGHT) > 2, 2.5)),
    "nan_to_num of integers": Row(lambda lib: lib.nan_to_num(whole(lib, RIGHT))),
    "where promotes": Row(lambda lib: lib.where(whole(lib, RIGHT) > 2, whole(lib, RIGHT), 2.5)),
    "clamp promotes": Row(
        lambda lib: lib.clamp(whole(lib, RIGHT), 2.5) + lib.clamp(whole(lib, RIGHT), lib.tensor(2.5))
    ),
}
CASTS = ["float", "double", "long", "int", "short", "char", "byte", "bool"]
ROWS |= {f"cast {name}": Row(method(name), [(3, 5)], wide, differences=name == "double") for name in CASTS}
ROWS |= {
    "to dtype": Row(
        lambda lib, x: (x.to(lib.float64), x.to(dtype=lib.float64), x.to(lib.float64, False, True)), [(3,)]
    ),
    "to device": Row(
        lambda lib, x: (x.to("cpu"), x.to("cpu", lib.float64), x.to(device="cpu", copy=True), x.to()), [(3,)]
    ),
    "to other": Row(lambda lib, x: (x.to(lib.zeros(1).double()), x.to(x, copy=True) * x), [(3,)]),
    "type_as": Row(lambda lib, x: x.type_as(other=lib.zeros(1).double()), [(3,)]),
    "double inside": Row(lambda lib, x: (x.double() * 2).to(x.dtype), [(3,)]),
    "float32 inside": Row(lambda lib, x: x.float() * 2, [(3,)], differences=False, single=None),
}

# --- in place


def written(name, *arguments, shapes=((3, 5),), draw=positive, **keywords):
    """The row for a method that changes a copy of the first input."""

    def call(lib, x, *inputs):
        with lib.no_grad():
            y = x.clone()
            assert getattr(y, name)(*inputs, *arguments, **keywords) is y
        return y

    return Row(call, list(shapes), draw, differences=False)


TWO = ((3, 5), (5,))
THREE = ((3, 5), (5,), (3, 1))
SIMPLE = ["abs_", "exp_", "log_", "neg_", "reciprocal_", "relu_", "sigmoid_", "sqrt_", "square_", "tanh_"]
ROWS |= {name: written(name) for name in (*SIMPLE, "zero_")}
ROWS |= {name: written(name, shapes=TWO) for name in ("add_", "sub_", "mul_", "div_", "pow_", "copy_")}
ROWS |= {f"{name} number": written(name, 1.5) for name in ("add_", "sub_", "mul_", "div_", "pow_", "fill_")}
ROWS |= {
    "add_ alpha": written("add_", shapes=TWO, alpha=2.5),
    "sub_ alpha": written("sub_", shapes=TWO, alpha=-1),
    "div_ floor": written("div_", shapes=TWO, rounding_mode="floor"),
    "lerp_": written("lerp_", shapes=THREE),
    "addcmul_": written("addcmul_", shapes=THREE, value=-0.5),
    "addcdiv_": written("addcdiv_", shapes=THREE, value=2),
    "clamp_": written("clamp_", 0.2, max=0.7),
    "clamp_ tensor": written("clamp_", shapes=TWO),
    "clamp_min_": written("clamp_min_", 0.5),
    "clamp_max_": written("clamp_max_", max=0.5),
    "copy_ keywords": Row(
        lambda lib, x: lib.zeros(2, 3).copy_(other=x.detach(), non_blocking=True), [(3,)], differences=False
    ),
    "fill_ tensor": Row(lambda lib, x: lib.zeros(2, 3).fill_(lib.tensor(2.5)), [(3,)]),
    "masked_fill_": Row(lambda lib, x: lib.ones(2, 3).masked_fill_(mask=lib.tensor(MASK), value=2), [(3,)]),
    "bernoulli_ ends": Row(lambda lib: [lib.ones(3).bernoulli_(0), lib.zeros(3).bernoulli_(p=lib.ones(3))]),
    "normal_ ends": Row(lambda lib: [lib.ones(3).normal_(2, 0), lib.ones(3).normal_(mean=1.5, std=0)]),
    "uniform_ ends": Row(lambda lib: [lib.ones(3).uniform_(2, 2), lib.ones(3).uniform_(1, to=1)]),
    "integers in place": Row(lambda lib: in_place(lib, whole(lib, [7, 8, 9]))),
    "truth values in place": Row(
        lambda lib: in_place_bits(lib.tensor([True, True, False]), lib.tensor([True, False, False]))
    ),
    "floats in place": Row(lambda lib: in_place(lib, lib.tensor([7.5, -8.25, 9.0]))),
}


def in_place(lib, x):
    x += 2
    x *= lib.tensor(3)
    x -= 1
    x //= 2
    x %= 7
    x **= 2
    x[0] = 5
    return x


def in_place_bits(x, y):
    x &= y
    x |= ~y
    x ^= y
    return x


# --- what is refused

ONES = scratch.ones(2)
WHOLES = scratch.tensor([1, 2])
TRUTHS = scratch.tensor([True])

NOT_BUILT = {
    "out": (lambda: scratch.exp(ONES, out=1), "out="),
    "relu inplace": (lambda: scratch.relu(ONES, inplace=True), "inplace=True"),
    "clone": (lambda: scratch.clone(ONES, memory_format=1), "memory_format=1"),
    "to": (lambda: ONES.to(memory_format=1), "memory_format"),
    "to dtype": (lambda: ONES.to(scratch.float32, memory_format=1), "memory_format"),
    "to device": (lambda: ONES.to("cuda"), "device='cuda'"),
    "slope of floor_divide": (lambda: (ONES.clone().requires_grad_() // 2).sum().backward(), "derivative"),
    "normal_": (lambda: scratch.ones(2).normal_(generator=1), "generator=1"),
    "uniform_": (lambda: scratch.ones(2).uniform_(generator=1), "generator=1"),
    "bernoulli_": (lambda: scratch.ones(2).bernoulli_(generator=1), "generator=1"),
}
NOT_BUILT |= {
    name: (lambda name=name: getattr(ONES, name)(memory_format=1), "memory_format=1") for name in CASTS
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
    "to both": (lambda: ONES.to(ONES, dtype=scratch.float64), TypeError, "dtype"),
    "to nonsense": (lambda: ONES.to(3), TypeError, "expected a dtype out of"),
    "float into integers": (
        lambda: scratch.ones(2).long().exp_(),
        RuntimeError,
        "float32 cannot be written .* int64",
    ),
    "integers into bool": (
        lambda: scratch.tensor([True]).__iadd__(1),
        RuntimeError,
        "int64 cannot be written .* bool",
    ),
    "too large": (
        lambda: scratch.ones(2).pow_(scratch.ones(3, 2)),
        ValueError,
        r"shape \(2,\), got shape \(3, 2\)",
    ),
    "sub_ bool": (lambda: scratch.tensor([True]).sub_(True), TypeError, "sub_: expected numbers"),
}
