"""Making tensors: from data, constant, in sequence, in grids; at random where nothing is left to chance."""

import numpy as np

from nbcourse import scratch

from ..rows import Row

INF = float("inf")


def made(call):
    """The row for a call without inputs."""
    return Row(call)


def stated(name, *arguments, **keywords):
    """The row for a call that says every keyword that torch knows."""
    return Row(
        lambda lib: getattr(lib, name)(
            *arguments, dtype=lib.float64, device="cpu", requires_grad=True, **keywords
        )
    )


def beside(name, *arguments, **keywords):
    """The row for a call that takes the shape of an input."""
    return Row(
        lambda lib, x: getattr(lib, name)(
            x, *arguments, dtype=lib.float32, device="cpu", requires_grad=True, **keywords
        ),
        [(2, 3)],
        single=None,
        differences=False,
    )


def shape_of(call):
    """The row for what is random or was in memory: 0 times it."""
    return Row(lambda lib: [0 * x for x in call(lib)])


# --- from data

LISTS = [3, 2.5, True, [1, 2], [1, 2.5, True], [True, 2], [[True, False]], [], [[]], (1, 2.0)]
ROWS = {f"tensor {data}": made(lambda lib, data=data: lib.tensor(data)) for data in LISTS}
ROWS |= {
    "tensor keywords": stated("tensor", [1, 2]),
    "tensor of tensors": made(
        lambda lib: [lib.tensor([lib.tensor(1), lib.tensor(2)]), lib.tensor(lib.ones(2))]
    ),
    "tensor of recorded": Row(
        lambda lib, x: lib.tensor([[y.detach() for y in x]]), [(3,)], differences=False
    ),
    "tensor cut": made(
        lambda lib: [lib.tensor([1.5, -1.5], dtype=lib.int64), lib.tensor([2], dtype=lib.bool)]
    ),
    "as_tensor": Row(
        lambda lib, x: [lib.as_tensor(x) * 2, lib.as_tensor([1, 2], dtype=lib.float64), lib.as_tensor(2.5)],
        [(2,)],
    ),
    "as_tensor keywords": Row(
        lambda lib, x: lib.as_tensor(data=x, dtype=lib.float64, device="cpu") * 2, [(2,)]
    ),
    "as_tensor of an array": made(lambda lib: lib.as_tensor(np.arange(3))),
    "from_numpy": made(lambda lib: lib.from_numpy(np.arange(3.0))),
}

# --- constant, in sequence, in grids

ROWS |= {
    "zeros": made(lambda lib: [lib.zeros(2, 3), lib.zeros((2, 0)), lib.zeros([]), lib.zeros(size=(2,))]),
    "zeros keywords": stated("zeros", 2, 3),
    "ones": made(
        lambda lib: [lib.ones(2, 3), lib.ones([2]), lib.ones((), dtype=lib.bool), lib.ones(size=[2])]
    ),
    "ones keywords": stated("ones", (2, 3)),
    "empty": shape_of(
        lambda lib: [lib.empty(2, 3, dtype=lib.int64), lib.empty((0,)), lib.empty(size=(0, 2))]
    ),
    "empty keywords": Row(
        lambda lib: lib.empty((0, 2), dtype=lib.float64, device="cpu", requires_grad=True, pin_memory=False)
    ),
    "full": made(
        lambda lib: [lib.full((2,), 3), lib.full((2, 1), True), lib.full([], 2.5), lib.full((1,), INF)]
    ),
    "full of a tensor": made(lambda lib: lib.full(size=[2], fill_value=lib.tensor(2.5))),
    "full keywords": stated("full", (2, 3), 7),
    "eye": made(lambda lib: [lib.eye(2), lib.eye(2, 3), lib.eye(0), lib.eye(n=3, m=2, dtype=lib.bool)]),
    "eye keywords": stated("eye", 2, 3),
    "arange": made(
        lambda lib: [lib.arange(4), lib.arange(2.5), lib.arange(1, 4), lib.arange(0), lib.arange(True)]
    ),
    "arange steps": made(
        lambda lib: [lib.arange(1, 2, 0.25), lib.arange(5, 1, -2), lib.arange(0, 1, step=0.3)]
    ),
    "arange named": made(
        lambda lib: [lib.arange(end=3), lib.arange(start=1, end=3), lib.arange(lib.tensor(3))]
    ),
    "arange keywords": stated("arange", 0, 1, 0.1),
    "linspace": made(lambda lib: [lib.linspace(0, 1, n) for n in (5, 1, 0)]),
    "linspace named": made(lambda lib: lib.linspace(start=lib.tensor(0), end=10, steps=5, dtype=lib.int64)),
    "linspace keywords": stated("linspace", -1, 1, 7),
    "logspace": made(lambda lib: [lib.logspace(0, 2, 3), lib.logspace(0, 2, 3, 2), lib.logspace(0, 1, 0)]),
    "logspace named": made(lambda lib: lib.logspace(start=0, end=2, steps=3, base=3, dtype=lib.int64)),
    "logspace keywords": stated("logspace", -1, 1, 7, base=2.5),
    "tril_indices": made(
        lambda lib: [lib.tril_indices(3, 3), lib.tril_indices(2, 3, 1), lib.tril_indices(0, 2)]
    ),
    "tril_indices named": made(
        lambda lib: lib.tril_indices(row=4, col=3, offset=-1, dtype=lib.int32, device="cpu")
    ),
    "triu_indices": made(
        lambda lib: [lib.triu_indices(3, 3), lib.triu_indices(3, 2, -1), lib.triu_indices(2, 2, 5)]
    ),
    "triu_indices named": made(
        lambda lib: lib.triu_indices(row=4, col=3, offset=1, dtype=lib.int32, device="cpu")
    ),
    "meshgrid": Row(lambda lib, x, y: lib.meshgrid(x, y, indexing="ij"), [(3,), (2,)]),
    "meshgrid xy": Row(lambda lib, x, y, z: lib.meshgrid([x, y, z], indexing="xy"), [(3,), (2,), (4,)]),
    "meshgrid of scalars": Row(lambda lib, x, y: lib.meshgrid(x, y, indexing="xy"), [(), (2,)]),
    "meshgrid of one": Row(lambda lib, x: lib.meshgrid(x, indexing="xy"), [(3,)]),
}

# --- like another

LIKE = {"zeros_like": (), "ones_like": (), "full_like": (2.5,)}
ROWS |= {
    name: Row(lambda lib, x, name=name, value=value: getattr(lib, name)(x, *value) * x, [(2, 3)])
    for name, value in LIKE.items()
}
ROWS |= {f"{name} keywords": beside(name, *value) for name, value in LIKE.items()}
ROWS |= {
    f"{name} of integers": made(
        lambda lib, name=name, value=value: getattr(lib, name)(lib.arange(3), *value, dtype=lib.bool)
    )
    for name, value in LIKE.items()
}
ROWS |= {
    "full_like cut": made(lambda lib: lib.full_like(lib.arange(3), fill_value=2.5)),
    "empty_like": Row(lambda lib, x: 0 * lib.empty_like(x > 0, dtype=lib.int64), [(2, 3)]),
    "empty_like keywords": Row(
        lambda lib, x: lib.empty_like(x, dtype=lib.float64, device="cpu", requires_grad=True), [(0, 3)]
    ),
}
FILLED = {"new_zeros": (), "new_ones": ()}
ROWS |= {
    name: Row(lambda lib, x, name=name: (getattr(x, name)(2), getattr((x > 0), name)((2, 3))), [(2,)])
    for name in FILLED
}
ROWS |= {
    f"{name} keywords": made(
        lambda lib, name=name: getattr(lib.arange(2), name)(
            size=(2, 3), dtype=lib.float64, device="cpu", requires_grad=True
        )
    )
    for name in FILLED
}
ROWS |= {
    "new_full": made(lambda lib: [lib.arange(2).new_full((2,), 2.5), lib.ones(1).new_full([], 3)]),
    "new_full keywords": made(
        lambda lib: lib.arange(2).new_full(
            size=(2,), fill_value=3, dtype=lib.float64, device="cpu", requires_grad=True
        )
    ),
    "new_tensor": made(lambda lib: [lib.arange(2).new_tensor([1.5]), lib.ones(1).new_tensor(lib.arange(2))]),
    "new_tensor keywords": made(
        lambda lib: lib.arange(2).new_tensor(data=[1], dtype=lib.float64, device="cpu", requires_grad=True)
    ),
    "new_empty": made(lambda lib: [lib.arange(2).new_empty(0, 2), lib.ones(1).new_empty((0,))]),
    "new_empty keywords": made(
        lambda lib: lib.arange(2).new_empty(size=(0, 2), dtype=lib.float64, device="cpu", requires_grad=True)
    ),
}

# --- at random: shapes, dtypes, and the ends where there is one outcome

ROWS |= {
    "rand": shape_of(lambda lib: [lib.rand(2, 3), lib.rand((0, 2)), lib.rand([]), lib.rand(size=(2,))]),
    "randn": shape_of(lambda lib: [lib.randn(2, 3), lib.randn((0, 2)), lib.randn([]), lib.randn(size=(2,))]),
    "randint": made(
        lambda lib: [lib.randint(1, (2, 3)), lib.randint(3, 4, (2,)), lib.randint(high=1, size=(2,))]
    ),
    "randint named": made(lambda lib: lib.randint(low=-2, high=-1, size=[2], dtype=lib.float32)),
    "randperm": made(lambda lib: [lib.randperm(0), lib.randperm(n=1), lib.randperm(1, dtype=lib.int32)]),
    "normal of numbers": made(
        lambda lib: [lib.normal(2, 0, (2, 3)), lib.normal(mean=2.5, std=0.0, size=[2])]
    ),
    "normal of tensors": Row(
        lambda lib, x, y: [lib.normal(x, 0 * y), lib.normal(x, 0.0), lib.normal(2.0, 0 * y)],
        [(2, 1), (3,)],
        differences=False,
    ),
    "normal dtype": made(lambda lib: lib.normal(lib.ones(2).double(), lib.zeros(2))),
    "normal mean alone": Row(lambda lib, x: 0 * lib.normal(x), [(2, 1)], differences=False),
    "normal keywords": made(
        lambda lib: lib.normal(0.5, 0, (2,), dtype=lib.float64, device="cpu", requires_grad=True)
    ),
}
RANDOM = {"rand": ((0, 2),), "randn": ((0, 2),), "randint": (0, 1, (2,)), "randperm": (1,)}
ROWS |= {f"{name} keywords": stated(name, *given) for name, given in RANDOM.items()}
ROWS |= {
    f"{name} pinned": stated(name, *RANDOM[name], pin_memory=False) for name in ("rand", "randn", "randperm")
}
ROWS |= {
    name: Row(lambda lib, x, name=name: 0 * getattr(lib, name)(x), [(2, 3)])
    for name in ("rand_like", "randn_like")
}
ROWS |= {
    f"{name} keywords": Row(
        lambda lib, x, name=name: getattr(lib, name)(x, dtype=lib.float64, device="cpu", requires_grad=True),
        [(0, 3)],
    )
    for name in ("rand_like", "randn_like")
}
ROWS |= {
    "randint_like": Row(lambda lib, x: (lib.randint_like(x, 1), lib.randint_like(x, 3, 4)), [(2, 3)]),
    "randint_like named": Row(lambda lib, x: lib.randint_like(x, low=3, high=4, dtype=lib.int32), [(2, 3)]),
    "randint_like keywords": beside("randint_like", 2, 3),
}

# --- what is refused

ONES = scratch.ones(2)
CALLS = {  # function: what it needs, and what of torch's is not built
    "zeros": ((2,), ["layout"]),
    "ones": ((2,), ["layout"]),
    "empty": ((2,), ["layout", "pin_memory", "memory_format"]),
    "full": (((2,), 3), ["layout"]),
    "eye": ((2,), ["layout"]),
    "arange": ((2,), ["layout"]),
    "linspace": ((0, 1, 2), ["layout"]),
    "logspace": ((0, 1, 2), ["layout"]),
    "tensor": (([1],), ["pin_memory"]),
    "tril_indices": ((2, 2), ["layout"]),
    "triu_indices": ((2, 2), ["layout"]),
    "zeros_like": ((ONES,), ["layout", "memory_format"]),
    "ones_like": ((ONES,), ["layout", "memory_format"]),
    "empty_like": ((ONES,), ["layout", "memory_format"]),
    "full_like": ((ONES, 3), ["layout", "memory_format"]),
    "rand_like": ((ONES,), ["layout", "memory_format", "generator"]),
    "randn_like": ((ONES,), ["layout", "memory_format", "generator"]),
    "randint_like": ((ONES, 3), ["layout", "memory_format", "generator"]),
    "rand": ((2,), ["layout", "pin_memory", "generator"]),
    "randn": ((2,), ["layout", "pin_memory", "generator"]),
    "randint": ((3, (2,)), ["layout", "generator"]),
    "randperm": ((2,), ["layout", "pin_memory", "generator"]),
    "normal": ((0, 1, (2,)), ["layout", "pin_memory", "generator"]),
}
METHODS = {
    "new_zeros": (2,),
    "new_ones": (2,),
    "new_empty": (2,),
    "new_full": ((2,), 3),
    "new_tensor": ([1],),
}
NOT_BUILT = {
    f"{name} {argument}": (
        lambda name=name, given=given, argument=argument: getattr(scratch, name)(*given, **{argument: 1}),
        argument,
    )
    for name, (given, arguments) in CALLS.items()
    for argument in arguments
}
NOT_BUILT |= {
    f"{name} {argument}": (
        lambda name=name, given=given, argument=argument: getattr(ONES, name)(*given, **{argument: 1}),
        argument,
    )
    for name, given in METHODS.items()
    for argument in ("layout", "pin_memory")
}
NOT_BUILT |= {
    f"{name} device": (
        lambda name=name, given=given: getattr(scratch, name)(*given, device="cuda"),
        "device='cuda'",
    )
    for name, (given, _) in CALLS.items()
}
NOT_BUILT |= {
    f"{name} device": (
        lambda name=name, given=given: getattr(ONES, name)(*given, device="cuda"),
        "device='cuda'",
    )
    for name, given in METHODS.items()
}

BAD = {
    "uneven": (lambda: scratch.tensor([[1], [1, 2]]), ValueError, "even lengths"),
    "uneven tensors": (lambda: scratch.tensor([ONES, scratch.ones(3)]), ValueError, "even lengths"),
    "a string": (lambda: scratch.tensor("a"), TypeError, "expected numbers"),
    "None": (lambda: scratch.tensor(None), TypeError, "expected numbers"),
    "complex": (lambda: scratch.tensor(1j), TypeError, "expected numbers"),
    "integers with a gradient": (
        lambda: scratch.tensor([1], requires_grad=True),
        RuntimeError,
        "floating-point dtype .* got int64",
    ),
    "unknown dtype": (lambda: scratch.tensor([1.0], dtype="complex64"), TypeError, "expected a dtype out of"),
    "unknown array": (lambda: scratch.tensor(np.ones(2, np.float16)), TypeError, "got .*float16"),
    "too large": (lambda: scratch.tensor([300], dtype=scratch.uint8), OverflowError, "300"),
    "NaN for an integer": (lambda: scratch.tensor(float("nan"), dtype=scratch.int64), ValueError, "NaN"),
    "from_numpy": (lambda: scratch.from_numpy([1.0]), TypeError, "got list"),
    "negative size": (lambda: scratch.zeros(-1), ValueError, "at least 0"),
    "float size": (lambda: scratch.zeros(2.0), TypeError, "float"),
    "eye": (lambda: scratch.eye(-1), ValueError, "at least 0"),
    "full": (lambda: scratch.full((2,), "a"), TypeError, "got str"),
    "arange away": (lambda: scratch.arange(3, 1), ValueError, "a step from 3 towards 1, got 1"),
    "arange still": (lambda: scratch.arange(1, 3, 0), ValueError, "got 0"),
    "linspace": (lambda: scratch.linspace(0, 1, -1), ValueError, "at least 0"),
    "rand of integers": (lambda: scratch.rand(2, dtype=scratch.int64), TypeError, "int64"),
    "rand_like of integers": (lambda: scratch.rand_like(scratch.arange(2)), TypeError, "int64"),
    "rand_like of an array": (lambda: scratch.rand_like(np.ones(2)), TypeError, "rand_like: expected input"),
    "randint": (lambda: scratch.randint(3, 3, (2,)), ValueError, "low < high, got 3 and 3"),
    "randint without size": (lambda: scratch.randint(3), TypeError, "expected a size"),
    "randint with a gradient": (
        lambda: scratch.randint(3, (2,), requires_grad=True),
        RuntimeError,
        "floating-point dtype",
    ),
    "randperm": (lambda: scratch.randperm(-1), ValueError, "at least 0"),
    "normal without size": (lambda: scratch.normal(0.0, 1.0), TypeError, "tensors or a size, got size=None"),
    "normal with size": (lambda: scratch.normal(ONES, 1.0, (2,)), TypeError, r"got size=\(2,\)"),
    "normal of integers": (lambda: scratch.normal(scratch.arange(2), 1.0), TypeError, "int64"),
    "normal std": (lambda: scratch.normal(ONES, -1.0), ValueError, "at least 0, got -1"),
    "normal shapes": (lambda: scratch.normal(ONES, scratch.ones(3)), ValueError, "shape"),
    "meshgrid": (
        lambda: scratch.meshgrid(scratch.ones(2, 2)),
        ValueError,
        r"vectors, got shapes \[\(2, 2\)\]",
    ),
    "meshgrid of nothing": (lambda: scratch.meshgrid(), ValueError, "expected vectors"),
    "meshgrid dtypes": (lambda: scratch.meshgrid(ONES, scratch.arange(2)), TypeError, "float32, int64"),
    "meshgrid indexing": (lambda: scratch.meshgrid(ONES, indexing="zz"), ValueError, "got 'zz'"),
    "tril_indices": (lambda: scratch.tril_indices(-1, 2), ValueError, "at least 0"),
    "seed": (lambda: scratch.manual_seed(1.5), TypeError, "expected an integer, got float"),
    "long seed": (lambda: scratch.manual_seed(2**64), ValueError, "64 bits"),
}
