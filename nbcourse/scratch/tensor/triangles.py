"""Triangles and diagonals of matrices."""

__all__ = []
