"""W4: a small GPT on characters: causal attention and tanh-GELU, normalised before each sublayer."""


def make(lib, rng, batch=16, length=128, width=128, heads=4, layers=4, vocabulary=65):
    """Token and position embeddings, blocks, layer norm, linear, cross-entropy on the next character."""
    nn, F = lib.nn, lib.nn.functional

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.qkv, self.mix = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

        def forward(self, x):
            x = x + self.mix(self.attend(self.norm1(x)))
            return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))

        def attend(self, x):
            n, t, _ = x.shape
            qkv = self.qkv(x).reshape(n, t, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
            y = F.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], is_causal=True)
            return y.transpose(1, 2).reshape(n, t, width)  # heads beside each other again

    class GPT(nn.Module):
        def __init__(self):
            super().__init__()
            self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(length, width)
            self.blocks = nn.Sequential(*[Block() for _ in range(layers)])
            self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary)

        def forward(self, characters):
            x = self.tokens(characters) + self.positions(lib.arange(length))  # (batch, length, width)
            return self.head(self.norm(self.blocks(x)))

    model = GPT()

    def draw():
        text = rng.integers(0, vocabulary, (batch, length))
        return text, (text + 1) % vocabulary

    def loss(text, following):
        return F.cross_entropy(model(text).reshape(-1, vocabulary), following.reshape(-1))

    return model, draw, loss
