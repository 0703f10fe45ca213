"""Layers that unfold windows of an image, and fold them back."""

__all__ = []
