"""Class numbers and words as vectors: one-hot codes and embeddings."""

__all__ = []
