"""Noticing that a value was overwritten which a backward pass still needs.

Every write in place is dated. An operation remembers when it was done; if the arrays that its backward kept
were written later, the gradient would be wrong without a sign, so `stale` finds them and the engine refuses.
"""

import weakref

import numpy as np

__all__ = ["note", "now", "stale"]

_dates = {}  # id of the array that owns the memory → (weak reference to it, date of its last write)
_now = 0


def now():
    """Return the date: how many writes there have been."""
    return _now


def note(array):
    """Date a write into ``array``, or into the array that it is a view of."""
    global _now
    _now += 1
    owner = _owner(array)
    key = id(owner)
    reference = _dates[key][0] if key in _dates else weakref.ref(owner, lambda _: _dates.pop(key, None))
    _dates[key] = (reference, _now)


def stale(backward, date):
    """Return the first array kept by the function ``backward`` that was written after ``date``, or None."""
    for cell in backward.__closure__ or ():
        kept = getattr(cell.cell_contents, "_data", cell.cell_contents)  # of a tensor, its array
        if isinstance(kept, np.ndarray) and _dates.get(id(_owner(kept)), (None, 0))[1] > date:
            return kept
    return None


def _owner(array):
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
