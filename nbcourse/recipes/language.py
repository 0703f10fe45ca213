"""What recipes for language models share: characters as numbers, the loss of tokens, whole texts."""

import torch
from torch.nn import functional as F

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


class Characters:
    """Characters as numbers: those of a text, in order; ``encode`` and ``decode`` go both ways.

    `reserved` numbers from 0 are left free for other tokens.
    """

    def __init__(self, text, reserved=0):
        self.characters, self.reserved = sorted(set(text)), reserved
        self.number = {c: i + reserved for i, c in enumerate(self.characters)}

    def __len__(self):
        return len(self.characters) + self.reserved

    def encode(self, text):
        """Return the numbers of a text's characters; raise ValueError for one that is not known."""
        unknown = set(text) - set(self.number)
        if unknown:
            raise ValueError(f"expected characters of the training text, got {sorted(unknown)[0]!r}")
        return [self.number[c] for c in text]

    def decode(self, numbers):
        """Return the text of numbers; reserved ones are left out."""
        return "".join(self.characters[i - self.reserved] for i in numbers if i >= self.reserved)
