"""Recurrent layers and their cells: plain, LSTM and GRU."""

__all__ = []
