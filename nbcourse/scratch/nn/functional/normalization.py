"""Normalisation: values brought to mean 0 and variance 1, then scaled."""

__all__ = []
