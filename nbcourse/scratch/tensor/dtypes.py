"""Which dtype a value gets: torch's names, its default, its rule for mixed operands."""

import numpy as np

__all__ = [
    "bool",
    "double",
    "float",
    "float32",
    "float64",
    "get_default_dtype",
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "long",
    "result_type",
    "set_default_dtype",
    "short",
    "uint8",
]

float32 = float = np.dtype(np.float32)
float64 = double = np.dtype(np.float64)
uint8 = np.dtype(np.uint8)
int8 = np.dtype(np.int8)
int16 = short = np.dtype(np.int16)
int32 = int = np.dtype(np.int32)
int64 = long = np.dtype(np.int64)
bool = np.dtype(np.bool_)

_KNOWN = frozenset((float32, float64, uint8, int8, int16, int32, int64, bool))
_NUMBERS = {"bool": bool, "int": int64, "float": None}  # Python's; None: the default
_default = float32


def as_dtype(dtype):
    """Return ``dtype`` as a ``numpy.dtype``; raise TypeError if the engine lacks it."""
    try:
        found = np.dtype(dtype)
    except TypeError:
        found = None
    if dtype is None or found not in _KNOWN:
        known = ", ".join(sorted(str(known) for known in _KNOWN))
        raise TypeError(f"expected a dtype out of {known}; got {dtype!r}")
    return found


def set_default_dtype(dtype):
    """Set the floating-point dtype that Python floats and new tensors get.

    It starts as float32.
    """
    global _default
    dtype = as_dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(
            f"set_default_dtype expected a floating-point dtype, got {dtype}"
        )
    _default = dtype


def get_default_dtype():
    """Return the dtype that Python floats and new tensors get."""
    return _default


def promote(a, b):
    """Return the smallest dtype that holds both, by torch's count.

    There any float holds any integer: int64 with float32 gives float32.
    """
    if (a.kind == "f") != (b.kind == "f"):
        return a if a.kind == "f" else b
    return np.promote_types(a, b)


def result_type(*operands):
    """Return the dtype of an operation on ``operands``.

    They are Python numbers, or have a dtype and ndim. The highest kind decides: bool,
    then integer, then float. Within a kind, tensors with dimensions outrank 0-d
    tensors, and those outrank Python numbers: a float ``x`` times 2.5 keeps its dtype.
    """
    if len(operands) == 2 and (quick := _quick_type(*operands)) is not None:
        return quick
    ranks = [None, None, None]  # with dimensions, 0-d, Python numbers
    for operand in operands:
        if isinstance(operand, np.generic):
            operand = operand.item()  # NumPy's numbers count as Python's
        rank = 2 if not hasattr(operand, "dtype") else 0 if operand.ndim else 1
        dtype = operand.dtype if rank < 2 else _number_type(operand)
        ranks[rank] = dtype if ranks[rank] is None else promote(ranks[rank], dtype)
    return _outrank(ranks[0], _outrank(ranks[1], ranks[2]))


def _quick_type(a, b):
    """Return the dtype of the commonest pairs without ranking, or None for others.

    These are two of one dtype, and a float tensor with a Python number.
    """
    dtype, other = getattr(a, "dtype", None), getattr(b, "dtype", None)
    if dtype is not None and dtype is other:
        return dtype
    with_number = other is None and type(b).__name__ in _NUMBERS
    if with_number and dtype is not None and dtype.kind == "f":
        return dtype
    return None


def _number_type(number):
    if type(number).__name__ not in _NUMBERS:
        raise TypeError(
            f"expected a Tensor, an array or a number, got {type(number).__name__}"
        )
    dtype = _NUMBERS[type(number).__name__]
    return _default if dtype is None else dtype


def _outrank(higher, lower):
    if higher is None or lower is None:
        return lower if higher is None else higher
    if higher.kind == "f" or (higher.kind != "b" and lower.kind != "f"):
        return higher
    return promote(higher, lower)
