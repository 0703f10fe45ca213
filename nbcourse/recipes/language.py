"""What recipes for language models share: characters as numbers, the loss of tokens, whole texts."""

import torch
from torch.nn import functional as F

from nbcourse.datasets.tokens import Characters

__all__ = ["IGNORED", "Characters", "mean_loss", "token_loss"]

IGNORED = -1  # a target that does not count


def token_loss(network, batch):
    """Mean cross-entropy over the tokens of a batch: inputs (n, T), targets (n, T)."""
    tokens, targets = batch
    scores = network(tokens)  # (n, T, vocabulary)
    return F.cross_entropy(scores.flatten(0, 1), targets.flatten(), ignore_index=IGNORED)


@torch.no_grad()
def mean_loss(model, tokens, targets, size=64):
    """Mean cross-entropy over all tokens that count, in nats, computed `size` rows at a time."""
    total = count = 0.0
    for x, y in zip(tokens.split(size), targets.split(size), strict=True):
        counted = (y != IGNORED).sum().item()
        total += token_loss(model, (x, y)).item() * counted
        count += counted
    return total / count
