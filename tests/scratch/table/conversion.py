"""Dtypes: whole numbers, truth values, bits, conversions; and writing in place."""

import numpy as np

from nbcourse import scratch

from ..rows import Row, positive
from .elementwise import MASK, method, wide

ROWS = {}

# --- whole numbers, truth values, bits

LEFT = [[1], [-2], [7]]
RIGHT = [2, 3]


def whole(lib, values, dtype="int64"):
    return lib.tensor(values, dtype=getattr(lib, dtype))


WHOLE = [
    "add",
    "sub",
    "mul",
    "div",
    "remainder",
    "fmod",
    "floor_divide",
    "maximum",
    "minimum",
    "fmax",
    "fmin",
]
WHOLE += ["pow", "float_power", "eq", "ge", "logical_and", "clamp_min", "bitwise_and", "bitwise_or"]
WHOLE += ["bitwise_xor", "bitwise_left_shift", "bitwise_right_shift"]
ROWS |= {
    f"{name} of {dtype}": Row(
        lambda lib, name=name, dtype=dtype: [
            getattr(lib, name)(whole(lib, LEFT, dtype), whole(lib, RIGHT)),
            getattr(lib, name)(whole(lib, RIGHT, dtype), whole(lib, RIGHT, "int16")),
        ]
    )
    for name in WHOLE
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
# --- conversions

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

NOT_BUILT = {
    "clone": (lambda: scratch.clone(ONES, memory_format=1), "memory_format=1"),
    "to": (lambda: ONES.to(memory_format=1), "memory_format"),
    "to dtype": (lambda: ONES.to(scratch.float32, memory_format=1), "memory_format"),
    "to device": (lambda: ONES.to("cuda"), "device='cuda'"),
    "normal_": (lambda: scratch.ones(2).normal_(generator=1), "generator=1"),
    "uniform_": (lambda: scratch.ones(2).uniform_(generator=1), "generator=1"),
    "bernoulli_": (lambda: scratch.ones(2).bernoulli_(generator=1), "generator=1"),
}
NOT_BUILT |= {
    name: (lambda name=name: getattr(ONES, name)(memory_format=1), "memory_format=1") for name in CASTS
}

BAD = {
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
