"""Functions of each element on its own: sines, their inverses and hyperbolic kin."""

__all__ = []
