"""Distances between vectors as layers."""

__all__ = []
