"""A GPT: a Transformer decoder that predicts each next token, after Radford et al. (2019)."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from nbcourse.models.arguments import at_least, fits, heads_fit, one_of, share
from nbcourse.models.drawing import checked, draw, evaluating

POSITIONS = ("learned", "rotary")


def rotary_angles(length, size, base=10_000.0):
    """Return cosines and sines (length, size/2): position times a frequency, one for each pair of features.

    Su et al. (2021), RoFormer.
    """
    frequencies = base ** (-torch.arange(0, size, 2) / size)  # (size/2)
    angles = torch.arange(length)[:, None] * frequencies  # (length, size/2)
    return angles.cos(), angles.sin()


def rotate(x, cosines, sines):
    """Turn each pair of features of x, (…, T, size), by the angle of its position."""
    a, b = x.chunk(2, -1)  # pairs: feature i with feature i + size/2
    return torch.cat([a * cosines - b * sines, a * sines + b * cosines], -1)


class SelfAttention(nn.Module):
    """Causal self-attention with several heads: (n, T, width) → (n, T, width).

    With a cache, the keys and values of earlier calls stand before those of this one.
    """

    def __init__(self, width, heads, dropout=0.0, rotary=False):
        super().__init__()
        self.heads, self.dropout, self.rotary = heads, dropout, rotary
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.drop = nn.Dropout(dropout)

    def forward(self, x, angles=None, cache=None):
        """Return what each position gathers from those up to itself, and the cache with this call added."""
        n, length, width = x.shape
        q, k, v = (  # (n, heads, T, width/heads) each
            part.view(n, length, self.heads, -1).transpose(1, 2) for part in self.qkv(x).chunk(3, -1)
        )
        if self.rotary:
            q, k = rotate(q, *angles), rotate(k, *angles)
        mask = None
        if cache is not None:
            k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
            mask = _up_to_itself(length, k.shape[2], x.device)
        dropout = self.dropout if self.training else 0.0
        y = F.scaled_dot_product_attention(q, k, v, mask, dropout, is_causal=mask is None)
        y = y.transpose(1, 2).reshape(n, length, width)
        return self.drop(self.out(y)), (k, v)


def _up_to_itself(new, total, device):
    """Return which of `total` positions each of the last `new` may see: those up to itself."""
    rows = torch.arange(total - new, total, device=device)[:, None]
    return torch.arange(total, device=device) <= rows  # (new, total)


class Block(nn.Module):
    """x + attention(norm(x)), then x + mlp(norm(x)): (n, T, width) → (n, T, width)."""

    def __init__(self, width, heads, dropout=0.0, rotary=False):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width, bias=False), nn.LayerNorm(width, bias=False)
        self.attention = SelfAttention(width, heads, dropout, rotary)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width, bias=False),
            nn.GELU("tanh"),
            nn.Linear(4 * width, width, bias=False),
            nn.Dropout(dropout),
        )

    def forward(self, x, angles=None, cache=None):
        """Return the block's output and its cache."""
        y, cache = self.attention(self.norm1(x), angles, cache)
        x = x + y
        return x + self.mlp(self.norm2(x)), cache


class GPT(nn.Module):
    """Tokens (n, T) → scores of each next token (n, T, vocabulary), T ≤ context.

    Parameters
    ----------
    vocabulary, context : int
        How many tokens there are; how many the model sees at once.
    layers, heads, width : int
        Blocks; heads of each attention; size of the vectors, a multiple of `heads`.
    dropout : float
        How often an element is dropped after the embedding and in every block.
    positions : str
        "learned" vectors that are added, or "rotary" (Su et al., 2021).
    tied : bool
        Whether the last layer uses the embedding's weights (Press and Wolf, 2017).
    """

    def __init__(
        self,
        vocabulary,
        context=64,
        layers=4,
        heads=4,
        width=128,
        dropout=0.0,
        positions="learned",
        tied=True,
    ):
        super().__init__()
        at_least(1, vocabulary=vocabulary, context=context, layers=layers, heads=heads, width=width)
        one_of(POSITIONS, positions=positions)
        share(dropout=dropout)
        heads_fit(width, heads)
        if positions == "rotary" and width // heads % 2:
            raise ValueError(f"expected an even width of each head for rotary, got {width // heads}")
        self.context, self.rotary = context, positions == "rotary"
        self.embedding = nn.Embedding(vocabulary, width)
        self.position = None if self.rotary else nn.Embedding(context, width)
        self.drop = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(Block(width, heads, dropout, self.rotary) for _ in range(layers))
        self.norm = nn.LayerNorm(width, bias=False)
        self.head = nn.Linear(width, vocabulary, bias=False)
        if self.rotary:
            cosines, sines = rotary_angles(context, width // heads)
            self.register_buffer("cosines", cosines, persistent=False)
            self.register_buffer("sines", sines, persistent=False)
        self.apply(_initialise)
        for block in self.blocks:  # 2 · layers additions to the residual stream
            for last in (block.attention.out, block.mlp[2]):
                nn.init.normal_(last.weight, std=0.02 / math.sqrt(2 * layers))
        if tied:
            self.head.weight = self.embedding.weight

    def forward(self, tokens):
        """Return the scores of the next token at every place."""
        return self.step(tokens)[0]

    def step(self, tokens, caches=None):
        """Return the scores, and the keys and values seen so far, for a call with the tokens that follow."""
        start = 0 if caches is None else caches[0][0].shape[2]
        fits(self.context, tokens, start)
        end = start + tokens.shape[1]
        x = self.embedding(tokens)  # (n, T, width)
        angles = None
        if self.rotary:
            angles = self.cosines[start:end], self.sines[start:end]
        else:
            x = x + self.position.weight[start:end]
        x, new = self.drop(x), []
        for block, cache in zip(self.blocks, caches or [None] * len(self.blocks), strict=True):
            x, cache = block(x, angles, cache)
            new.append(cache)
        return self.head(self.norm(x)), new

    def generate(self, tokens, length, temperature=1.0, top_k=None, generator=None):
        """Return `tokens` (n, T) and `length` more, drawn one by one; the further arguments are `draw`'s.

        While they fit the context, keys and values are kept, so that each new token costs one step; then the
        window moves on and is computed anew. The model is evaluated, and left in the mode that it was in.
        """
        checked(temperature, top_k, tokens, length)
        with evaluating(self):
            caches, seen = None, tokens[:, -self.context :]
            for _ in range(length):
                scores, caches = self.step(seen, caches)
                seen = draw(scores[:, -1], temperature, top_k, generator)  # (n, 1)
                tokens = torch.cat([tokens, seen], 1)
                if caches[0][0].shape[2] == self.context:
                    caches, seen = None, tokens[:, -self.context :]
        return tokens


def _initialise(module):
    """Weights from N(0, 0.02²), as GPT-2's."""
    if isinstance(module, (nn.Linear, nn.Embedding)):
        nn.init.normal_(module.weight, std=0.02)
