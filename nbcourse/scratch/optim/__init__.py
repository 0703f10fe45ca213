"""Optimisers, as in ``torch.optim``."""

from .optimizers import SGD, Optimizer

__all__ = ["SGD", "Optimizer"]
