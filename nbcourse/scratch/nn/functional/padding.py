"""Padding: more elements around the edges."""

__all__ = []
