"""Dropout as layers; the mathematics is in `functional`."""

__all__ = []
