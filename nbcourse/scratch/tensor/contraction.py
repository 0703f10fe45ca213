"""Sums of products over named dimensions: einsum and tensordot."""

__all__ = []
