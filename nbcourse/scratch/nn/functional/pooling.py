"""Pooling: one number for each window of a signal or an image."""

__all__ = []
