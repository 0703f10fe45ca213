"""How far apart vectors are, and vectors brought to length 1."""

__all__ = []
