"""Numbers by name, as torch has them: π, e, infinity and not-a-number."""

from math import e, inf, nan, pi

__all__ = ["e", "inf", "nan", "pi"]
