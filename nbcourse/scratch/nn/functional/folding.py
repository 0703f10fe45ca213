"""Windows of an image laid out as columns, and columns put back."""

__all__ = []
