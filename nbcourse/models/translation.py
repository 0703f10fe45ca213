"""The Transformer of Vaswani et al. (2017): it reads a sentence and writes another."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from nbcourse.models.arguments import at_least


def sinusoids(length, width):
    """Return sines and cosines of the positions, (length, width): even features sin, odd ones cos."""
    frequencies = 10_000.0 ** (-torch.arange(0, width, 2) / width)  # (width/2)
    angles = torch.arange(length)[:, None] * frequencies  # (length, width/2)
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(1)


class Translator(nn.Module):
    """Source (n, S) and the target so far (n, T) → scores of each next target token (n, T, vocabulary).

    One vocabulary serves both languages, and one matrix is embedding and last layer (Press and Wolf, 2017).

    Parameters
    ----------
    vocabulary : int
        Tokens of both languages together; `padding`, `start` and `end` are three of them.
    width, heads, layers, inner : int
        Size of the vectors, a multiple of `heads`; layers of the encoder and as many of the decoder; units of
        their feed-forward networks.
    context : int
        The longest sentence.
    """

    def __init__(
        self,
        vocabulary,
        width=256,
        heads=4,
        layers=3,
        inner=1024,
        dropout=0.1,
        context=256,
        padding=0,
        start=1,
        end=2,
    ):
        super().__init__()
        at_least(1, vocabulary=vocabulary, width=width, heads=heads, layers=layers, context=context)
        if width % heads or width % 2:
            raise ValueError(f"expected width to be even and a multiple of heads, got {width} and {heads}")
        self.padding, self.start, self.end, self.context = padding, start, end, context
        self.embedding = nn.Embedding(vocabulary, width, padding_idx=padding)
        nn.init.normal_(self.embedding.weight, std=width**-0.5)
        self.register_buffer("positions", sinusoids(context, width), persistent=False)
        self.drop = nn.Dropout(dropout)
        kind = {"batch_first": True, "norm_first": True, "dropout": dropout}
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(width, heads, inner, **kind),
            layers,
            nn.LayerNorm(width),
            enable_nested_tensor=False,
        )
        self.decoder = nn.TransformerDecoder(
            nn.TransformerDecoderLayer(width, heads, inner, **kind), layers, nn.LayerNorm(width)
        )
        for name, p in self.named_parameters():
            if p.ndim > 1 and not name.startswith("embedding"):
                nn.init.xavier_uniform_(p)

    def _embedded(self, tokens):
        length = tokens.shape[1]
        if length > self.context:
            raise ValueError(f"expected at most {self.context} tokens (the context), got {length}")
        scale = math.sqrt(self.embedding.embedding_dim)
        return self.drop(self.embedding(tokens) * scale + self.positions[:length])

    def encode(self, source):
        """Read the source (n, S): what the decoder looks at (n, S, width), and where it is padding (n, S)."""
        hidden = source == self.padding
        return self.encoder(self._embedded(source), src_key_padding_mask=hidden), hidden

    def decode(self, target, memory, hidden):
        """Return the scores of each next token of the target (n, T, vocabulary)."""
        length = target.shape[1]
        later = nn.Transformer.generate_square_subsequent_mask(length, device=target.device)
        y = self.decoder(
            self._embedded(target),
            memory,
            tgt_mask=later,
            memory_key_padding_mask=hidden,
            tgt_is_causal=True,
        )
        return F.linear(y, self.embedding.weight)

    def forward(self, source, target):
        """Return the scores of each next token of the target."""
        return self.decode(target, *self.encode(source))


@torch.no_grad()
def beam_search(model, source, beams=4, longest=64, alpha=0.6):
    """Translate source sentences (n, S), keeping the `beams` best beginnings of each; a list of token lists.

    A finished translation y is scored log p(y) / ((5 + |y|) / 6)^alpha, so that short ones do not win by
    their length alone (Wu et al., 2016).
    """
    model.eval()
    n, device = len(source), source.device
    memory, hidden = (x.repeat_interleave(beams, 0) for x in model.encode(source))
    tokens = torch.full((n * beams, 1), model.start, device=device)
    # only the first beam of each sentence counts at first: they are all the same
    scores = torch.full((n, beams), -torch.inf, device=device)
    scores[:, 0] = 0
    finished = [[] for _ in range(n)]
    for step in range(1, longest + 1):
        log_p = model.decode(tokens, memory, hidden)[:, -1].log_softmax(-1)  # (n · beams, V)
        vocabulary = log_p.shape[-1]
        total = (scores.reshape(-1, 1) + log_p).view(n, -1)  # (n, beams · V)
        best, places = total.topk(2 * beams, -1)  # enough, if half of them end here
        scores, rows, new = _continued(
            best, places, vocabulary, model.end, beams, finished, tokens, step, alpha
        )
        tokens = torch.cat([tokens[rows], new], 1)
        if all(_settled(done, row, step, beams, alpha) for done, row in zip(finished, scores, strict=True)):
            break
    return [_chosen(done, tokens[i * beams], scores[i, 0], alpha) for i, done in enumerate(finished)]


def _continued(best, places, vocabulary, end, beams, finished, tokens, step, alpha):
    """Put ended translations among the finished; return the other beams: scores, rows and next tokens."""
    n = len(best)
    origins, following = places // vocabulary, places % vocabulary  # (n, 2 · beams)
    for i, j in (following == end).nonzero().tolist():
        if j < beams and best[i, j] > -torch.inf:
            text = tokens[i * beams + origins[i, j], 1:].tolist()
            finished[i].append((best[i, j].item() / _penalty(step, alpha), text))
    open_first = (following == end).float().argsort(dim=-1, stable=True)[:, :beams]  # the best that go on
    scores = best.gather(1, open_first)
    rows = origins.gather(1, open_first) + torch.arange(n, device=best.device)[:, None] * beams
    return scores, rows.flatten(), following.gather(1, open_first).view(-1, 1)


def _penalty(length, alpha):
    return ((5 + length) / 6) ** alpha


def _settled(finished, scores, step, beams, alpha):
    """Whether no beam that goes on can still beat the finished ones."""
    if len(finished) < beams:
        return False
    return max(score for score, _ in finished) >= scores[0].item() / _penalty(step, alpha)


def _chosen(finished, tokens, score, alpha):
    """The best translation; where none has ended, the best beginning."""
    if not finished:
        return tokens[1:].tolist()
    return max(finished)[1]
