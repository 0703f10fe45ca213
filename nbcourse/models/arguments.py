"""What models check before they are built."""

from nbcourse.messages import nearest


def at_least(least, /, **sizes):
    """Raise ValueError for the first size that is not an integer of at least `least`."""
    for name, size in sizes.items():
        if isinstance(size, bool) or not isinstance(size, int) or size < least:
            raise ValueError(f"expected {name} to be an integer of at least {least}, got {size!r}")


def each_at_least(least, /, **lists):
    """Raise ValueError for the first list with an element that is not an integer of at least `least`."""
    for name, sizes in lists.items():
        at_least(least, **{f"{name}[{i}]": size for i, size in enumerate(sizes)})


def below(end, /, **numbers):
    """Raise ValueError for the first number that is not an integer from 0 to `end` − 1."""
    for name, number in numbers.items():
        at_least(0, **{name: number})
        if number >= end:
            raise ValueError(f"expected {name} below {end}, got {number}")


def share(**shares):
    """Raise ValueError for the first share, as of units to drop, that is not from 0 to below 1."""
    for name, value in shares.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
            raise ValueError(f"expected {name} from 0 to below 1, got {value!r}")


def one_of(known, /, **values):
    """Raise ValueError for the first value that is not among `known`; the nearest is suggested."""
    for name, value in values.items():
        if value not in known:
            listed = ", ".join(map(repr, known))
            raise ValueError(f"expected {name} out of {listed}; got {value!r}{nearest(value, known)}")


def fits(context, tokens, seen=0):
    """Raise ValueError unless tokens are (n, T) and, with those `seen` before, within a model's context."""
    if tokens.ndim != 2:
        raise ValueError(f"expected tokens of shape (n, T), got {tuple(tokens.shape)}")
    if seen + tokens.shape[1] > context:
        raise ValueError(f"expected at most {context} tokens (the context), got {seen + tokens.shape[1]}")


def heads_fit(width, heads):
    """Raise ValueError unless the heads of an attention share its width evenly."""
    if width % heads:
        raise ValueError(f"expected width to be a multiple of heads, got width={width} and heads={heads}")
