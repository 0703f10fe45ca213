"""Dropout: elements or channels switched off at random while training."""

__all__ = []
