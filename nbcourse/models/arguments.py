"""What models check before they are built."""

from nbcourse.messages import nearest


def at_least(least, **sizes):
    """Raise ValueError for the first size that is not an integer of at least `least`."""
    for name, size in sizes.items():
        if isinstance(size, bool) or not isinstance(size, int) or size < least:
            raise ValueError(f"expected {name} to be an integer of at least {least}, got {size!r}")


def one_of(known, **values):
    """Raise ValueError for the first value that is not among `known`; the nearest is suggested."""
    for name, value in values.items():
        if value not in known:
            listed = ", ".join(map(repr, known))
            raise ValueError(f"expected {name} out of {listed}; got {value!r}{nearest(value, known)}")
