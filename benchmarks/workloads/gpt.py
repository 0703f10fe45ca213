"""W4: a small GPT on characters: causal attention and tanh-GELU, normalised before each sublayer."""

from dataclasses import dataclass


@dataclass
class Sizes:
    batch: int = 16
    length: int = 128
    width: int = 128
    heads: int = 4
    layers: int = 4
    vocabulary: int = 65


def draw(rng, s):
    """Random characters; the next one is always the following in the alphabet."""
    text = rng.integers(0, s.vocabulary, (s.batch, s.length))
    return text, (text + 1) % s.vocabulary


def make(lib, s):
    """Embeddings of characters and positions, blocks, layer norm, linear, cross-entropy."""
    nn, F = lib.nn, lib.nn.functional

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm1, self.norm2 = nn.LayerNorm(s.width), nn.LayerNorm(s.width)
            self.qkv, self.mix = nn.Linear(s.width, 3 * s.width), nn.Linear(s.width, s.width)
            self.up, self.down = nn.Linear(s.width, 4 * s.width), nn.Linear(4 * s.width, s.width)

        def forward(self, x):
            x = x + self.mix(self.attend(self.norm1(x)))
            return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))

        def attend(self, x):
            split = (s.batch, s.length, 3, s.heads, s.width // s.heads)
            qkv = self.qkv(x).reshape(split).permute(2, 0, 3, 1, 4)  # (3, batch, heads, length, …)
            y = F.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], is_causal=True)
            return y.transpose(1, 2).reshape(s.batch, s.length, s.width)

    class GPT(nn.Module):
        def __init__(self):
            super().__init__()
            self.characters = nn.Embedding(s.vocabulary, s.width)
            self.positions = nn.Embedding(s.length, s.width)
            self.blocks = nn.Sequential(*[Block() for _ in range(s.layers)])
            self.norm, self.head = nn.LayerNorm(s.width), nn.Linear(s.width, s.vocabulary)

        def forward(self, text):
            x = self.characters(text) + self.positions(lib.arange(s.length))  # (batch, length, width)
            return self.head(self.norm(self.blocks(x)))

    model = GPT()

    def loss(text, following):
        return F.cross_entropy(model(text).reshape(-1, s.vocabulary), following.reshape(-1))

    return model, loss
