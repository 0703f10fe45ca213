"""The Transformer of Vaswani et al. (2017): encoder and decoder, layer by layer."""

import copy

import numpy as np

from ..tensor import Tensor, as_tensor, get_default_dtype
from ..tensor.arguments import cpu_only
from ..tensor.dtypes import as_dtype
from . import functional as F
from . import init
from .attention import MultiheadAttention
from .containers import ModuleList
from .dropout import Dropout
from .layer_norm import LayerNorm
from .linear import Linear
from .module import Module

__all__ = [
    "Transformer",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
]


class TransformerEncoderLayer(Module):
    """Self-attention, then two linear layers at each position, each added to its input.

    x ← norm₁(x + attend(x)), x ← norm₂(x + feed(x)); with ``norm_first`` the norm comes
    before the sublayer: x ← x + attend(norm₁(x)), x ← x + feed(norm₂(x)). Where
    feed(x) = W₂ activation(W₁ x + b₁) + b₂.

    Parameters
    ----------
    d_model, nhead, dim_feedforward : int
        The width, the number of heads, and the width between the linear layers.
    dropout : float
        The probability of dropping attention weights and elements, in training.
    activation : str or callable
        "relu", "gelu", or a function of a Tensor.
    layer_norm_eps : float
        Of the layer norms.
    batch_first : bool
        Whether inputs are (N, L, d_model) and not (L, N, d_model).
    norm_first : bool
        See above.
    bias : bool
        Whether linear layers and layer norms have one.
    """

    def __init__(
        self,
        d_model,
        nhead,
        dim_feedforward=2048,
        dropout=0.1,
        activation=F.relu,
        layer_norm_eps=1e-5,
        batch_first=False,
        norm_first=False,
        bias=True,
        device=None,
        dtype=None,
    ):
        super().__init__()
        made = {"bias": bias, "device": device, "dtype": dtype}
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, batch_first=batch_first, **made
        )
        self.linear1 = Linear(d_model, dim_feedforward, **made)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, **made)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, **made)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, **made)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        self.activation = _activation(activation)

    def forward(self, src, src_mask=None, src_key_padding_mask=None, is_causal=False):
        """Return the layer's output, of the shape of ``src``.

        The masks are those of `MultiheadAttention.forward`; ``is_causal`` says that
        ``src_mask`` is causal.
        """
        masks = src_mask, src_key_padding_mask, is_causal
        if self.norm_first:
            src = src + self._attend(self.norm1(src), *masks)
            return src + self._feed(self.norm2(src))
        src = self.norm1(src + self._attend(src, *masks))
        return self.norm2(src + self._feed(src))

    def _attend(self, x, mask, padding, is_causal):
        return self.dropout1(_attended(self.self_attn, x, x, mask, padding, is_causal))

    def _feed(self, x):
        hidden = self.dropout(self.activation(self.linear1(x)))
        return self.dropout2(self.linear2(hidden))


class TransformerDecoderLayer(Module):
    """`TransformerEncoderLayer` that also attends to ``memory``, what an encoder found.

    Three sublayers: self-attention, attention with queries from the target and keys and
    values from the memory, and two linear layers at each position. The parameters are
    those of the encoder layer.
    """

    def __init__(
        self,
        d_model,
        nhead,
        dim_feedforward=2048,
        dropout=0.1,
        activation=F.relu,
        layer_norm_eps=1e-5,
        batch_first=False,
        norm_first=False,
        bias=True,
        device=None,
        dtype=None,
    ):
        super().__init__()
        made = {"bias": bias, "device": device, "dtype": dtype}
        attention = (d_model, nhead, dropout)
        self.self_attn = MultiheadAttention(*attention, batch_first=batch_first, **made)
        self.multihead_attn = MultiheadAttention(
            *attention, batch_first=batch_first, **made
        )
        self.linear1 = Linear(d_model, dim_feedforward, **made)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, **made)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, **made)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, **made)
        self.norm3 = LayerNorm(d_model, layer_norm_eps, **made)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        self.dropout3 = Dropout(dropout)
        self.activation = _activation(activation)

    def forward(
        self,
        tgt,
        memory,
        tgt_mask=None,
        memory_mask=None,
        tgt_key_padding_mask=None,
        memory_key_padding_mask=None,
        tgt_is_causal=False,
        memory_is_causal=False,
    ):
        """Return the layer's output, of the shape of ``tgt``.

        The masks are those of `MultiheadAttention.forward`, of the target's attention
        to itself and to the memory.
        """
        to_self = tgt_mask, tgt_key_padding_mask, tgt_is_causal
        to_memory = memory_mask, memory_key_padding_mask, memory_is_causal
        if self.norm_first:
            tgt = tgt + self._attend(self.norm1(tgt), *to_self)
            tgt = tgt + self._look_up(self.norm2(tgt), memory, *to_memory)
            return tgt + self._feed(self.norm3(tgt))
        tgt = self.norm1(tgt + self._attend(tgt, *to_self))
        tgt = self.norm2(tgt + self._look_up(tgt, memory, *to_memory))
        return self.norm3(tgt + self._feed(tgt))

    def _attend(self, x, mask, padding, is_causal):
        return self.dropout1(_attended(self.self_attn, x, x, mask, padding, is_causal))

    def _look_up(self, x, memory, mask, padding, is_causal):
        attention = self.multihead_attn
        return self.dropout2(_attended(attention, x, memory, mask, padding, is_causal))

    def _feed(self, x):
        hidden = self.dropout(self.activation(self.linear1(x)))
        return self.dropout3(self.linear2(hidden))


class TransformerEncoder(Module):
    """``num_layers`` copies of an encoder layer, one after the other, then ``norm``.

    The copies start with the same weights. ``enable_nested_tensor`` and ``mask_check``
    say how torch may compute faster, and change nothing here; where torch does, in
    evaluation without gradients, it leaves padded positions out: they become zeros.
    """

    def __init__(
        self,
        encoder_layer,
        num_layers,
        norm=None,
        enable_nested_tensor=True,
        mask_check=True,
    ):
        super().__init__()
        self.layers = _copies(encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm
        self.enable_nested_tensor, self.mask_check = enable_nested_tensor, mask_check

    def forward(self, src, mask=None, src_key_padding_mask=None, is_causal=None):
        """Return the last layer's output, of the shape of ``src``.

        Each layer gets the masks; ``is_causal=None`` looks whether ``mask`` is causal.
        """
        is_causal = _is_causal(mask, is_causal)
        for layer in self.layers:
            src = layer(
                src,
                src_mask=mask,
                src_key_padding_mask=src_key_padding_mask,
                is_causal=is_causal,
            )
        return src if self.norm is None else self.norm(src)


class TransformerDecoder(Module):
    """``num_layers`` copies of a decoder layer, one after the other, then ``norm``.

    The copies start with the same weights.
    """

    def __init__(self, decoder_layer, num_layers, norm=None):
        super().__init__()
        self.layers = _copies(decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self,
        tgt,
        memory,
        tgt_mask=None,
        memory_mask=None,
        tgt_key_padding_mask=None,
        memory_key_padding_mask=None,
        tgt_is_causal=None,
        memory_is_causal=False,
    ):
        """Return the last layer's output, of the shape of ``tgt``.

        Each layer gets memory and masks; ``tgt_is_causal=None`` looks whether
        ``tgt_mask`` is causal.
        """
        masks = {
            "tgt_mask": tgt_mask,
            "memory_mask": memory_mask,
            "tgt_key_padding_mask": tgt_key_padding_mask,
            "memory_key_padding_mask": memory_key_padding_mask,
            "tgt_is_causal": _is_causal(tgt_mask, tgt_is_causal),
            "memory_is_causal": memory_is_causal,
        }
        for layer in self.layers:
            tgt = layer(tgt, memory, **masks)
        return tgt if self.norm is None else self.norm(tgt)


class Transformer(Module):
    """An encoder for the source and a decoder for the target, each with a last norm.

    All matrices start as Glorot and Bengio (2010) have it (`init.xavier_uniform_`).
    ``custom_encoder`` and ``custom_decoder`` are used instead of the standard ones; the
    other parameters are those of `TransformerEncoderLayer`.
    """

    def __init__(
        self,
        d_model=512,
        nhead=8,
        num_encoder_layers=6,
        num_decoder_layers=6,
        dim_feedforward=2048,
        dropout=0.1,
        activation=F.relu,
        custom_encoder=None,
        custom_decoder=None,
        layer_norm_eps=1e-5,
        batch_first=False,
        norm_first=False,
        bias=True,
        device=None,
        dtype=None,
    ):
        super().__init__()
        settings = (d_model, nhead, dim_feedforward, dropout, activation)
        settings += (layer_norm_eps, batch_first, norm_first, bias, device, dtype)

        def norm():
            return LayerNorm(d_model, layer_norm_eps, True, bias, device, dtype)

        self.encoder, self.decoder = custom_encoder, custom_decoder
        if custom_encoder is None:
            layer = TransformerEncoderLayer(*settings)
            self.encoder = TransformerEncoder(layer, num_encoder_layers, norm())
        if custom_decoder is None:
            layer = TransformerDecoderLayer(*settings)
            self.decoder = TransformerDecoder(layer, num_decoder_layers, norm())
        for p in self.parameters():
            if p.ndim > 1:
                init.xavier_uniform_(p)
        self.d_model, self.nhead, self.batch_first = d_model, nhead, batch_first

    def forward(
        self,
        src,
        tgt,
        src_mask=None,
        tgt_mask=None,
        memory_mask=None,
        src_key_padding_mask=None,
        tgt_key_padding_mask=None,
        memory_key_padding_mask=None,
        src_is_causal=None,
        tgt_is_causal=None,
        memory_is_causal=False,
    ):
        """Return the decoder's output, of the shape of ``tgt``.

        src: (S, N, d_model), tgt: (T, N, d_model), with ``batch_first`` N first, or
        both without N. Masks are as in `MultiheadAttention.forward`.
        """
        batch = 0 if self.batch_first else 1
        fits = src.ndim == tgt.ndim and src.shape[-1] == tgt.shape[-1] == self.d_model
        if not fits or (src.ndim == 3 and src.shape[batch] != tgt.shape[batch]):
            raise ValueError(
                f"Transformer: expected src and tgt of one batch and {self.d_model} "
                f"features, got {src.shape} and {tgt.shape}"
            )
        memory = self.encoder(
            src,
            mask=src_mask,
            src_key_padding_mask=src_key_padding_mask,
            is_causal=src_is_causal,
        )
        return self.decoder(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )

    @staticmethod
    def generate_square_subsequent_mask(sz, device=None, dtype=None):
        """Return the causal mask (sz, sz): -inf where the key comes after the query."""
        cpu_only("generate_square_subsequent_mask", device)
        dtype = get_default_dtype() if dtype is None else as_dtype(dtype)
        return Tensor(np.triu(np.full((sz, sz), -np.inf), 1).astype(dtype))


def _attended(attention, x, memory, mask, padding, is_causal):
    """Return what ``attention`` makes of x and the memory, without its weights."""
    return attention(
        x,
        memory,
        memory,
        attn_mask=mask,
        key_padding_mask=padding,
        need_weights=False,
        is_causal=is_causal,
    )[0]


def _activation(activation):
    """Return the function for a name; a function is returned as it is."""
    if not isinstance(activation, str):
        return activation
    known = {"relu": F.relu, "gelu": F.gelu}
    if activation not in known:
        raise ValueError(
            f"activation: expected 'relu', 'gelu' or a function, got {activation!r}"
        )
    return known[activation]


def _copies(layer, n):
    return ModuleList([copy.deepcopy(layer) for _ in range(n)])


def _is_causal(mask, is_causal):
    """Return ``is_causal``, or, if it is None, whether the mask is the causal one.

    Then the scores that it forbids are not computed.
    """
    if is_causal is not None or mask is None:
        return bool(is_causal)
    mask = as_tensor(mask).data
    if mask.ndim != 2:
        return False
    future = ~np.tri(len(mask), dtype=bool)
    added = future if mask.dtype == bool else np.where(future, -np.inf, 0)
    return np.array_equal(mask, added)
