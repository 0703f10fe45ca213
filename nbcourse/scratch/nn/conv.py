"""Convolutional layers; their mathematics is in `functional`."""

__all__ = []
