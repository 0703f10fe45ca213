"""Elements picked or placed by number: gather, scatter, masked and indexed copies."""

__all__ = []
