"""The Transformer of Vaswani et al. (2017): it reads a sentence and writes another."""

import math
from itertools import compress
from operator import itemgetter

import torch
from torch import nn
from torch.nn import functional as F

from nbcourse.models.arguments import at_least, below, fits, heads_fit, share
from nbcourse.models.drawing import evaluating


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
        at_least(1, vocabulary=vocabulary, width=width, heads=heads, layers=layers, inner=inner)
        at_least(1, context=context)
        below(vocabulary, padding=padding, start=start, end=end)
        share(dropout=dropout)
        heads_fit(width, heads)
        if width % 2:
            raise ValueError(f"expected an even width, for sines and cosines, got {width}")
        if len({padding, start, end}) < 3:
            raise ValueError(f"expected different padding, start and end, got {padding}, {start} and {end}")
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

    def _embedded(self, tokens, seen=0):
        fits(self.context, tokens, seen)
        scale = math.sqrt(self.embedding.embedding_dim)
        return self.drop(self.embedding(tokens) * scale + self.positions[seen : seen + tokens.shape[1]])

    def encode(self, source):
        """Read the source (n, S): what the decoder looks at (n, S, width), and what it must not (n, S)."""
        real = source != self.padding
        hidden = ~real & real.any(1, keepdim=True)  # an empty row hides nothing: to see nothing gives NaN
        return self.encoder(self._embedded(source), src_key_padding_mask=hidden), hidden

    def decode(self, target, memory, hidden):
        """Return the scores of each next token of the target (n, T, vocabulary)."""
        length = target.shape[1]
        later = torch.ones(length, length, dtype=torch.bool, device=target.device).triu(1)
        decoded = self.decoder(
            self._embedded(target),
            memory,
            tgt_mask=later,
            memory_key_padding_mask=hidden,
            tgt_is_causal=True,
        )
        return F.linear(decoded, self.embedding.weight)

    def step(self, tokens, memory, hidden, states=None):
        """Read one token more of several translations of each source, in evaluation mode.

        The tokens (n, beams) are the newest of each translation, and at first all `start`. Returns the scores
        of the tokens that may follow (n, beams, vocabulary), and the states to hand back with them: what the
        layers' self-attention has looked at so far (n, beams, layers, T, width).
        """
        n, beams = tokens.shape
        if states is None:
            shape = (n, beams, self.decoder.num_layers, 0, memory.shape[-1])
            states = memory.new_empty(shape)
        x = self._embedded(tokens.reshape(-1, 1), seen=states.shape[3]).view(n, beams, -1)
        new = []
        for layer, seen in zip(self.decoder.layers, states.unbind(2), strict=True):
            x, seen = _layer_step(layer, x, seen, memory, hidden)
            new.append(seen)
        return F.linear(self.decoder.norm(x), self.embedding.weight), torch.stack(new, 2)

    def forward(self, source, target):
        """Return the scores of each next token of the target."""
        return self.decode(target, *self.encode(source))


def _layer_step(layer, x, seen, memory, hidden):
    """A layer of the decoder for one token: x (n, beams, width), seen (n, beams, T, width) → both, T + 1."""
    y = layer.norm1(x)
    seen = torch.cat([seen, y[:, :, None]], 2)
    rows = seen.flatten(0, 1)  # (n · beams, T + 1, width): a translation looks at itself alone
    x = x + layer.self_attn(rows[:, -1:], rows, rows, need_weights=False)[0].view_as(x)
    # … and each at the same source: as queries side by side they share its keys and values
    y = layer.norm2(x)
    x = x + layer.multihead_attn(y, memory, memory, key_padding_mask=hidden, need_weights=False)[0]
    return x + layer.linear2(layer.linear1(layer.norm3(x)).relu()), seen


def beam_search(model, source, beams=4, longest=64, alpha=0.6):
    """Translate source sentences (n, S), keeping the best beginnings of each; return a list of token lists.

    A translation y is scored log p(y) / ((5 + |y|) / 6)^alpha, so that short ones do not win by their length
    alone (Wu et al., 2016); |y| counts the end. A sentence is done when `beams` of its translations have
    ended, or when no beginning can beat the best of them any more; what it is batched with does not matter.
    Where none has ended after `longest` tokens, the best beginning is returned.

    Parameters
    ----------
    model : Translator
        It is evaluated, and left in the mode that it was in.
    beams, longest : int
        How many beginnings are kept; how many tokens are written at most, within the model's context. One
        beam takes the likeliest token each time.
    alpha : float
        At least 0: how much longer translations are favoured.
    """
    _check_search(model.context, beams, longest, alpha)

    def penalty(length):
        return ((5 + length) / 6) ** alpha

    n = len(source)
    ended = [[] for _ in range(n)]  # for each sentence (score, tokens) of its translations
    left = list(range(n))  # the sentences that are not done, the rows of all that follows
    with evaluating(model):
        memory, hidden = model.encode(source)
        texts = source.new_full((n, beams, 1), model.start)
        log_p = memory.new_full((n, beams), -torch.inf)
        log_p[:, 0] = 0  # at first the beams of a sentence are all the same, and one of them counts
        states = None
        for length in range(1, longest + 1):
            scores, states = model.step(texts[..., -1], memory, hidden, states)
            longer = log_p[..., None] + _log_p(model, scores)  # (n, beams, vocabulary)
            _collect([ended[i] for i in left], longer, texts, model.end, penalty(length))
            longer[..., model.end] = -torch.inf
            log_p, texts, states = _best(longer, texts, states)
            # a beginning only loses by going on; at the best it is divided by the largest penalty
            bounds = (log_p[:, 0] / penalty(longest)).tolist()
            going = [not _is_done(ended[i], bound, beams) for i, bound in zip(left, bounds, strict=True)]
            left = list(compress(left, going))
            if not left:
                break
            if not all(going):
                rows = torch.tensor(going, device=source.device)
                memory, hidden, texts, log_p, states = (
                    x[rows] for x in (memory, hidden, texts, log_p, states)
                )
    beginnings = dict(zip(left, texts[:, 0, 1:].tolist(), strict=False))
    return [max(whole, key=itemgetter(0))[1] if whole else beginnings[i] for i, whole in enumerate(ended)]


def _check_search(context, beams, longest, alpha):
    at_least(1, beams=beams, longest=longest)
    if longest > context:
        raise ValueError(f"expected longest ≤ {context} (the context), got {longest}")
    if not 0 <= alpha < math.inf:
        raise ValueError(f"expected alpha ≥ 0, got {alpha}")


def _log_p(model, scores):
    """Log-probabilities of the tokens that may follow; padding and start never do."""
    log_p = scores.log_softmax(-1)
    log_p[..., [model.padding, model.start]] = -torch.inf
    return log_p


def _collect(ended, longer, texts, end, penalty):
    """Add the texts that end here to those that have ended, where they are among the best continuations."""
    beams, vocabulary = longer.shape[1:]
    log_p, places = longer.flatten(1).topk(beams)  # (n, beams)
    for i, j in (places % vocabulary == end).nonzero().tolist():
        if log_p[i, j] > -torch.inf and len(ended[i]) < beams:
            row = places[i, j] // vocabulary
            ended[i].append((log_p[i, j].item() / penalty, texts[i, row, 1:].tolist()))


def _best(longer, texts, states):
    """The best beginnings that are one token longer: log-probabilities (n, beams), texts and states."""
    beams, vocabulary = longer.shape[1:]
    log_p, places = longer.flatten(1).topk(beams)
    rows, following = places // vocabulary, places % vocabulary  # (n, beams)
    each = torch.arange(len(rows), device=rows.device)[:, None]
    return log_p, torch.cat([texts[each, rows], following[..., None]], -1), states[each, rows]


def _is_done(ended, bound, beams):
    """Whether a sentence has all its translations, or one that no other can beat: `bound` is their limit."""
    return len(ended) >= beams or (bool(ended) and max(ended)[0] >= bound)
