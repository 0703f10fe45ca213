"""What nanoGPT does on a CPU, in plain PyTorch: the model, the batches and the step that its README asks for.

4 layers, 4 heads, 128 channels, context 64, batches of 12, no dropout; AdamW, 2,000 steps (Karpathy, 2022).
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


@dataclass
class Sizes:
    batch: int = 12
    context: int = 64
    width: int = 128
    heads: int = 4
    layers: int = 4
    steps: int = 2000
    warmup: int = 100
    rate: float = 1e-3


class Block(nn.Module):
    """Attention, then two linear layers, each behind a norm and beside a skip; no biases."""

    def __init__(self, s):
        super().__init__()
        self.heads = s.heads
        self.norm1, self.norm2 = nn.LayerNorm(s.width, bias=False), nn.LayerNorm(s.width, bias=False)
        self.qkv, self.mix = (nn.Linear(s.width, n * s.width, bias=False) for n in (3, 1))
        self.up = nn.Linear(s.width, 4 * s.width, bias=False)
        self.down = nn.Linear(4 * s.width, s.width, bias=False)

    def forward(self, x):
        x = x + self.mix(self.attend(self.norm1(x)))
        return x + self.down(F.gelu(self.up(self.norm2(x))))

    def attend(self, x):
        n, length, width = x.shape
        q, k, v = self.qkv(x).split(width, dim=2)
        q, k, v = (a.view(n, length, self.heads, width // self.heads).transpose(1, 2) for a in (q, k, v))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return y.transpose(1, 2).contiguous().view(n, length, width)


class NanoGPT(nn.Module):
    """Tokens (n, T) → scores of each next token; the last layer has the embedding's weights."""

    def __init__(self, s, vocabulary):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, s.width), nn.Embedding(s.context, s.width)
        self.blocks = nn.ModuleList(Block(s) for _ in range(s.layers))
        self.norm = nn.LayerNorm(s.width, bias=False)
        self.head = nn.Linear(s.width, vocabulary, bias=False)
        self.head.weight = self.tokens.weight
        for name, weight in self.named_parameters():
            if weight.ndim > 1:
                last = name.endswith(("mix.weight", "down.weight"))
                nn.init.normal_(weight, std=0.02 / (math.sqrt(2 * s.layers) if last else 1))

    def forward(self, text):
        x = self.tokens(text) + self.positions(torch.arange(text.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


def rate(step, s):
    """A linear rise, then a cosine down to a tenth."""
    if step < s.warmup:
        return s.rate * (step + 1) / (s.warmup + 1)
    done = (step - s.warmup) / max(1, s.steps - s.warmup)
    return s.rate * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * done)))


def make(s, numbers, vocabulary):
    """Return the model and ``step(i)``, which trains it once on the text `numbers` and returns the loss."""
    model = NanoGPT(s, vocabulary)
    groups = [[p for p in model.parameters() if (p.ndim > 1) is matrix] for matrix in (True, False)]
    optimizer = torch.optim.AdamW(
        [{"params": group, "weight_decay": decay} for group, decay in zip(groups, (0.1, 0.0), strict=True)],
        lr=s.rate,
        betas=(0.9, 0.99),
    )
    numbers = np.asarray(numbers, dtype=np.uint16)

    def batch():
        starts = torch.randint(len(numbers) - s.context, (s.batch,)).tolist()
        windows = np.stack([numbers[i : i + s.context + 1] for i in starts]).astype(np.int64)
        return torch.from_numpy(windows[:, :-1]), torch.from_numpy(windows[:, 1:])

    def step(i):
        for group in optimizer.param_groups:
            group["lr"] = rate(i, s)
        x, y = batch()
        loss = F.cross_entropy(model(x).view(-1, vocabulary), y.reshape(-1))
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.item()

    return model, step
