"""Networks that classify a text without recurrence: bags of words, convolutions over words, a Transformer."""

import torch
from torch import nn

from nbcourse.models.arguments import at_least, below, fits, heads_fit, share


class BagOfWords(nn.Module):
    """The mean of the words' vectors, and a small network on it: tokens (n, T) → scores (n, classes)."""

    def __init__(self, vocabulary, classes=2, width=64, hidden=64, dropout=0.5, padding=0):
        super().__init__()
        at_least(1, vocabulary=vocabulary, classes=classes, width=width, hidden=hidden)
        below(vocabulary, padding=padding)
        share(dropout=dropout)
        self.embedding = nn.EmbeddingBag(vocabulary, width, mode="mean", padding_idx=padding)
        self.head = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(width, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, classes),
        )

    def forward(self, tokens):
        """Return the scores of the classes."""
        return self.head(self.embedding(tokens))


class TextCNN(nn.Module):
    """Convolutions over 3, 4 and 5 words, each filter's largest response, a linear layer (Kim, 2014).

    Tokens (n, T) → scores (n, classes).
    """

    def __init__(self, vocabulary, classes=2, width=128, filters=100, dropout=0.5, padding=0):
        super().__init__()
        at_least(1, vocabulary=vocabulary, classes=classes, width=width, filters=filters)
        below(vocabulary, padding=padding)
        share(dropout=dropout)
        self.embedding = nn.Embedding(vocabulary, width, padding_idx=padding)
        # k zeros at either end: a window of padding alone is always among them, so more of it changes nothing
        self.convolutions = nn.ModuleList(nn.Conv1d(width, filters, k, padding=k) for k in (3, 4, 5))
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(3 * filters, classes))

    def forward(self, tokens):
        """Return the scores of the classes."""
        x = self.embedding(tokens).transpose(1, 2)  # (n, width, T)
        largest = [convolution(x).relu().amax(-1) for convolution in self.convolutions]  # (n, filters)
        return self.head(torch.cat(largest, 1))


class TextTransformer(nn.Module):
    """A Transformer encoder whose outputs are averaged: tokens (n, T) → scores (n, classes).

    It begins as a bag of words: the vectors of the positions start at 0, and order is learned where it helps.
    """

    def __init__(
        self, vocabulary, classes=2, width=64, heads=4, layers=2, dropout=0.3, context=64, padding=0
    ):
        super().__init__()
        at_least(1, vocabulary=vocabulary, classes=classes, width=width, heads=heads)
        at_least(1, layers=layers, context=context)
        below(vocabulary, padding=padding)
        share(dropout=dropout)
        heads_fit(width, heads)
        self.padding, self.context = padding, context
        self.embedding = nn.Embedding(vocabulary, width, padding_idx=padding)
        self.position = nn.Embedding(context, width)
        nn.init.zeros_(self.position.weight)
        layer = nn.TransformerEncoderLayer(
            width, heads, 2 * width, dropout, batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, layers, nn.LayerNorm(width), enable_nested_tensor=False)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(width, classes)

    def forward(self, tokens):
        """Return the scores of the classes."""
        fits(self.context, tokens)
        real = tokens != self.padding  # (n, T)
        hidden = ~real & real.any(1, keepdim=True)  # an empty text hides nothing: to see nothing gives NaN
        x = self.drop(self.embedding(tokens) + self.position.weight[: tokens.shape[1]])
        y = self.encoder(x, src_key_padding_mask=hidden)  # (n, T, width)
        total = (y * real[..., None]).sum(1)  # (n, width)
        return self.head(total / real.sum(1, keepdim=True).clamp(min=1))
