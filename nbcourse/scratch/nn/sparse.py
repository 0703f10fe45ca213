"""The embedding layer: a learned vector for each word or class."""

__all__ = []
