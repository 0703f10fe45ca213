"""Convolution: a small window of weights moved over a signal or an image."""

__all__ = []
