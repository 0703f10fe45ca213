"""Numbers as the book prints them: a trained value inside its band, an agreement as a bound."""

import math
from collections.abc import Mapping

import numpy as np


def band(value, low, high, digits=3):
    """Return `"≈ 97.2 [96, 98]"` after asserting that `value` lies in its band.

    The value comes out of training and differs between machines; the band is what the book claims. Tests
    mask the value when they compare outputs, never the band.

    Parameters
    ----------
    value : float or an array or tensor of one element
    low, high : float
        The band, both ends included.
    digits : int
        Significant digits of the value (more where fewer would round it out of its band).

    Raises
    ------
    AssertionError
        When the value is not finite or lies outside the band; the message names both.
    ValueError
        When `low` is above `high`.
    """
    value, low, high = _number(value), float(low), float(high)
    if not low <= high:
        raise ValueError(f"band() expects low <= high; got [{low:.12g}, {high:.12g}]")
    if not (math.isfinite(value) and low <= value <= high):
        raise AssertionError(f"{value:.6g} lies outside its band [{low:.12g}, {high:.12g}]")
    text = _significant(value, digits)
    while not low <= float(text) <= high and digits < 17:
        digits += 1
        text = _significant(value, digits)
    return f"≈ {text} [{low:.12g}, {high:.12g}]"


def agree(a, b, tolerance=1e-12):
    """Return `"< 1e-12"` after asserting that `a` and `b` differ by less than `tolerance` everywhere.

    Arrays, numbers, scratch tensors and torch tensors are compared element by element (largest absolute
    difference); lists, tuples and dicts of them entry by entry, so that two state dicts can be compared
    in one call.

    Raises
    ------
    AssertionError
        When shapes, lengths or keys differ, when nothing is there to compare, or when the largest
        difference reaches the tolerance (or is not a number); the message names what was measured.
    """
    worst = max(_differences(a, b, ""), default=None)
    if worst is None:
        raise AssertionError("agree() found nothing to compare: both sides are empty")
    difference, where = worst
    if not difference < tolerance:
        at = f" at {where}" if where else ""
        raise AssertionError(f"largest difference {difference:.3g}{at} is not below {tolerance:g}")
    return f"< {tolerance:g}"


def _differences(a, b, where):
    """Yield (largest absolute difference, place) for every pair of arrays; a NaN counts as infinite."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        if a.keys() != b.keys():
            raise AssertionError(f"the keys differ: {sorted(map(str, a))} and {sorted(map(str, b))}")
        for key in a:
            yield from _differences(a[key], b[key], f"{where}[{key!r}]")
    elif _holds_arrays(a) and isinstance(b, list | tuple):
        if len(a) != len(b):
            raise AssertionError(f"the lengths differ: {len(a)} and {len(b)}")
        for i, (x, y) in enumerate(zip(a, b, strict=True)):
            yield from _differences(x, y, f"{where}[{i}]")
    else:
        x, y = to_array(a), to_array(b)
        if x.shape != y.shape:
            at = f" at {where}" if where else ""
            raise AssertionError(f"the shapes differ{at}: {x.shape} and {y.shape}")
        if x.size:
            kind = complex if np.iscomplexobj(x) or np.iscomplexobj(y) else float
            difference = float(np.abs(x.astype(kind) - y.astype(kind)).max())
            yield (math.inf if math.isnan(difference) else difference), where


def to_array(value):
    """The NumPy array behind a number, list, array, scratch tensor or torch tensor (on any device)."""
    for step in ("detach", "cpu", "numpy"):
        if not isinstance(value, np.ndarray) and hasattr(value, step):
            value = getattr(value, step)()
    return np.asarray(value)


def _holds_arrays(value):
    """Whether a list or tuple is a collection of arrays or tensors rather than an array written as a list."""
    return isinstance(value, list | tuple) and any(
        getattr(item, "ndim", 0) > 0 or isinstance(item, Mapping) for item in value
    )


def _number(value):
    """A Python float from a number or a one-element array or tensor."""
    array = to_array(value)
    if array.size != 1:
        raise ValueError(f"band() expects one number; got an array of shape {array.shape}")
    return float(array.reshape(()))


def _significant(value, digits):
    """`value` with `digits` significant digits, without an exponent between 1e-4 and 1e6."""
    if value == 0:
        return f"{0:.{digits - 1}f}"
    exponent = math.floor(math.log10(abs(value)))
    if -4 <= exponent < 6:
        return f"{value:.{max(0, digits - 1 - exponent)}f}"
    return f"{value:.{digits - 1}e}"
