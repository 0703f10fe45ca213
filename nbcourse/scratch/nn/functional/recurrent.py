"""Recurrent layers over whole sequences, each differentiated in one piece."""

__all__ = []
