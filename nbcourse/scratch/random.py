"""Random numbers: one seeded generator that the whole engine draws from.

The generator starts at seed 0, so that a run repeats even when nobody has called
`manual_seed` with another.
"""

import numpy as np

__all__ = [
    "exponential",
    "generator",
    "integers",
    "manual_seed",
    "normal",
    "permutation",
    "uniform",
]

_generator = None  # made when it is first needed: importing numpy.random takes time


def manual_seed(seed):
    """Start the engine's generator again from ``seed`` and return it.

    It is a ``numpy.random.Generator``. A negative seed counts from 2⁶⁴, as in torch.
    Raises TypeError for anything but an integer, ValueError for one of over 64 bits.
    """
    global _generator
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
        raise TypeError(f"manual_seed expected an integer, got {type(seed).__name__}")
    if not -(2**63) <= seed < 2**64:
        raise ValueError(f"manual_seed expected a seed of 64 bits, got {seed}")
    _generator = np.random.default_rng(int(seed) % 2**64)
    return _generator


def generator():
    """Return the ``numpy.random.Generator`` that the engine draws from now."""
    return manual_seed(0) if _generator is None else _generator


def uniform(low, high, shape, dtype=np.float32):
    """Return an array of ``shape`` with values spread evenly over [low, high)."""
    values = generator().random(shape, dtype=dtype)
    return np.asarray(values * (high - low) + low, dtype=dtype)


def normal(mean, std, shape, dtype=np.float32):
    """Return an array of ``shape`` drawn from the normal distribution N(mean, std²)."""
    values = generator().standard_normal(shape, dtype=dtype)
    return np.asarray(values * std + mean, dtype=dtype)


def exponential(shape):
    """Return a float64 array of ``shape``: waiting times with the mean 1."""
    return generator().standard_exponential(shape)


def integers(low, high, shape):
    """Return an int64 array of ``shape`` with values from low to high - 1."""
    return generator().integers(low, high, shape)


def permutation(n):
    """Return the integers 0 … n - 1 in random order, as an int64 array (n,)."""
    return generator().permutation(n)
