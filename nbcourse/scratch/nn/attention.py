"""Multi-head attention as a layer."""

__all__ = []
