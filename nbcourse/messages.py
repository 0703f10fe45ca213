"""Words that error messages share."""

from difflib import get_close_matches


def short(value):
    """The repr of a value, cut to one line of at most 60 characters."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def nearest(name, known, cutoff=0.4):
    """``"; did you mean 'x'?"`` for the known name that is nearest to `name`; empty when none is near."""
    near = get_close_matches(str(name), list(known), n=1, cutoff=cutoff)
    return f"; did you mean {near[0]!r}?" if near else ""
