"""Attention: each query takes a weighted average of values, by its likeness to keys."""

__all__ = []
