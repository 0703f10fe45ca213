"""The Transformer of Vaswani et al. (2017): encoder and decoder, layer by layer."""

__all__ = []
