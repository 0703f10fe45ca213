"""A GPT: a Transformer decoder that predicts each next token, after Radford et al. (2019)."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from nbcourse.models.arguments import at_least, one_of

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
        if cache is not None and cache[0] is not None:
            k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
        alone = k.shape[2] > length  # new tokens after a cache: they see all of it
        mask = _after(length, k.shape[2], x.device) if alone and length > 1 else None
        y = F.scaled_dot_product_attention(
            q, k, v, mask, self.dropout if self.training else 0.0, is_causal=not alone
        )
        y = y.transpose(1, 2).reshape(n, length, width)
        return self.drop(self.out(y)), (k, v)


def _after(new, total, device):
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
        if width % heads or (positions == "rotary" and (width // heads) % 2):
            raise ValueError(
                f"expected width to be a multiple of heads (twice for rotary), got {width}, {heads}"
            )
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
        return self.step(tokens, [None] * len(self.blocks))[0]

    def step(self, tokens, caches=None):
        """Return the scores, and the keys and values seen so far, for a call with the tokens that follow."""
        caches = [None] * len(self.blocks) if caches is None else caches
        start = 0 if caches[0] is None else caches[0][0].shape[2]
        end = start + tokens.shape[1]
        if end > self.context:
            raise ValueError(f"expected at most {self.context} tokens (the context), got {end}")
        x = self.embedding(tokens)  # (n, T, width)
        angles = None
        if self.rotary:
            angles = self.cosines[start:end], self.sines[start:end]
        else:
            x = x + self.position.weight[start:end]
        x, new = self.drop(x), []
        for block, cache in zip(self.blocks, caches, strict=True):
            x, cache = block(x, angles, cache)
            new.append(cache)
        return self.head(self.norm(x)), new

    @torch.no_grad()
    def generate(self, tokens, length, temperature=1.0, top_k=None, generator=None):
        """Return `tokens` (n, T) and `length` more, drawn one by one.

        While they fit the context, keys and values are kept, so that each new token costs one step; then the
        window moves on and is computed anew.

        Parameters
        ----------
        temperature : float
            Above 1 bolder, below 1 more careful; 0 takes the likeliest token.
        top_k : int, optional
            Draw from the `top_k` likeliest tokens only.
        """
        self.eval()
        caches, seen = None, tokens[:, -self.context :]
        for _ in range(length):
            if caches is not None and caches[0][0].shape[2] == self.context:
                caches, seen = None, tokens[:, -self.context :]
            scores, caches = self.step(seen, caches)
            seen = draw(scores[:, -1], temperature, top_k, generator)  # (n, 1)
            tokens = torch.cat([tokens, seen], 1)
        return tokens


def draw(scores, temperature=1.0, top_k=None, generator=None):
    """Draw one token for each row of scores (n, vocabulary) → (n, 1)."""
    if temperature == 0:
        return scores.argmax(-1, keepdim=True)
    if temperature < 0:
        raise ValueError(f"expected a temperature of at least 0, got {temperature}")
    if top_k is not None:
        least = scores.topk(min(top_k, scores.shape[-1])).values[:, -1:]
        scores = scores.masked_fill(scores < least, -torch.inf)
    return torch.multinomial(torch.softmax(scores / temperature, -1), 1, generator=generator)


def _initialise(module):
    """Weights from N(0, 0.02²), as GPT-2's."""
    if isinstance(module, (nn.Linear, nn.Embedding)):
        nn.init.normal_(module.weight, std=0.02)
