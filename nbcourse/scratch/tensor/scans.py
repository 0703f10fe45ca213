"""Running results along a dimension: sums, products and extremes so far."""

__all__ = []
