"""Noticing that a value was overwritten which a backward pass still needs.

Every write in place is dated. An operation remembers when it was done; if the arrays
that its backward kept were written later, the gradient would be wrong without a sign,
so `stale` finds them and the engine refuses.
"""

import weakref

import numpy as np

__all__ = ["note", "now", "stale"]

# id of the array that owns the memory → (weak reference to it, date of its last write)
_dates = {}
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
    if key in _dates:
        reference = _dates[key][0]
    else:  # when the array goes, so does its date
        reference = weakref.ref(owner, lambda _: _dates.pop(key, None))
    _dates[key] = (reference, _now)


def stale(backward, date):
    """Return an array that ``backward`` kept and that was written later, or None."""
    for cell in backward.__closure__ or ():
        kept = cell.cell_contents
        kept = getattr(kept, "_data", kept)  # of a tensor, its array
        if isinstance(kept, np.ndarray):
            _, written = _dates.get(id(_owner(kept)), (None, 0))
            if written > date:
                return kept
    return None


def _owner(array):
    """Return the array that owns the memory of ``array``."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
