"""Putting elements in order, and what follows from an order."""

__all__ = []
