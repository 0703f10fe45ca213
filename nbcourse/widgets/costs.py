"""What an operation costs at the least, in arithmetic and in bytes: what ``js/costs.js`` is tested against.

The roofline of Williams, Waterman and Patterson (2009): what does F operations on B bytes cannot run faster
than min(peak, bandwidth · F / B). Each number is read or written once, as if the cache held the rest.
"""

from dataclasses import dataclass

HEAD = 64  # numbers in a query, a key, a value
CHANNELS = 64  # of the convolution, in and out

BYTES = {"float32": 4, "bf16": 2, "int8": 1}


@dataclass(frozen=True)
class Operation:
    """An operation of size n: its arithmetic, a sum of powers of n, and the numbers that it moves."""

    name: str
    flop: dict[int, int]  # power of n → factor
    moved: dict[int, int]


OPERATIONS = {
    "add": Operation("sum of two n × n matrices", {2: 1}, {2: 3}),
    "matvec": Operation("n × n matrix times a vector", {2: 2}, {2: 1, 1: 2}),
    "matmul": Operation("product of two n × n matrices", {3: 2}, {2: 3}),
    "conv": Operation(
        "3 × 3 convolution, 64 channels, n × n pixels",
        {2: 18 * CHANNELS**2},
        {2: 2 * CHANNELS, 0: 9 * CHANNELS**2},
    ),
    "attention": Operation(
        "attention over n tokens, scores stored", {2: 4 * HEAD}, {1: 4 * HEAD, 2: 4}
    ),  # scores and weights are each written once and read once
    "fused": Operation("attention over n tokens, fused", {2: 4 * HEAD}, {1: 4 * HEAD}),
}


@dataclass(frozen=True)
class Bound:
    """An operation under a roof: what it costs, and how fast it can be at best."""

    flop: int
    bytes: int
    intensity: float  # operations a byte
    ridge: float  # the intensity from which on the arithmetic limits
    rate: float  # operations a second, at best
    seconds: float  # at best


def bound(operation: str, n: int, kind: str, peak: float, bandwidth: float) -> Bound:
    """Return the roofline's `Bound` of an operation.

    Parameters
    ----------
    operation : str
        One of `OPERATIONS`.
    n : int
        Its size.
    kind : {"float32", "bf16", "int8"}
        The type of all numbers.
    peak, bandwidth : float
        The most that the machine does: operations a second, bytes a second.
    """
    costs = OPERATIONS[operation]
    flop = sum(factor * n**power for power, factor in costs.flop.items())
    moved = BYTES[kind] * sum(factor * n**power for power, factor in costs.moved.items())
    rate = min(peak, bandwidth * flop / moved)
    return Bound(flop, moved, flop / moved, peak / bandwidth, rate, flop / rate)
