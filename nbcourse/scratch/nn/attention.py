"""Multi-head attention as a layer: several attentions side by side, then mixed."""

import math

import numpy as np

from ..tensor import Tensor, as_tensor, cat, get_default_dtype, zeros
from ..tensor.arguments import cpu_only
from ..tensor.dtypes import as_dtype
from . import functional as F
from . import init
from .linear import Linear
from .module import Module
from .parameter import Parameter

__all__ = ["MultiheadAttention"]


class MultiheadAttention(Module):
    """Concat(head₁, …, headₕ) Wᵒ + bᵒ with headᵢ = attention(Q Wᵢq, K Wᵢk, V Wᵢv).

    Each of the ``num_heads`` attends in embed_dim / num_heads dimensions of its own.
    (Vaswani et al., 2017.)

    Raises ValueError for sizes below 1 and for heads that do not divide the width.

    Parameters
    ----------
    embed_dim, num_heads : int
        The width of queries and results, and how many heads share it.
    dropout : float
        The probability of dropping a weight in training.
    bias : bool
        Whether the projections, into heads and out of them, have one.
    add_bias_kv : bool
        Append a learnt key and value that every query sees.
    add_zero_attn : bool
        Append a key and a value of zeros, so that a query can look away.
    kdim, vdim : int, optional
        The widths of keys and values, if they differ from embed_dim.
    batch_first : bool
        Whether inputs are (N, L, E) and not (L, N, E).
    """

    def __init__(
        self,
        embed_dim,
        num_heads,
        dropout=0.0,
        bias=True,
        add_bias_kv=False,
        add_zero_attn=False,
        kdim=None,
        vdim=None,
        batch_first=False,
        device=None,
        dtype=None,
    ):
        super().__init__()
        cpu_only("MultiheadAttention", device)
        if embed_dim <= 0 or num_heads <= 0 or embed_dim % num_heads:
            raise ValueError(
                "MultiheadAttention: expected num_heads to divide embed_dim, both "
                f"above 0, got num_heads={num_heads} and embed_dim={embed_dim}"
            )
        self.embed_dim, self.num_heads = embed_dim, num_heads
        self.head_dim = embed_dim // num_heads
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self.dropout, self.batch_first = dropout, batch_first
        self.add_zero_attn = add_zero_attn
        dtype = get_default_dtype() if dtype is None else as_dtype(dtype)
        self._make_parameters(bias, add_bias_kv, dtype)

    def _make_parameters(self, bias, add_bias_kv, dtype):
        """Make the projections: in one matrix if queries, keys, values are as wide."""

        def parameter(*shape, fill=init.xavier_uniform_):
            return fill(Parameter(zeros(*shape, dtype=dtype)))

        width = self.embed_dim
        self.in_proj_weight = None
        self.q_proj_weight = self.k_proj_weight = self.v_proj_weight = None
        if self.kdim == self.vdim == width:
            self.in_proj_weight = parameter(3 * width, width)
        else:
            self.q_proj_weight = parameter(width, width)
            self.k_proj_weight = parameter(width, self.kdim)
            self.v_proj_weight = parameter(width, self.vdim)
        self.in_proj_bias = self.bias_k = self.bias_v = None
        if bias:
            self.in_proj_bias = parameter(3 * width, fill=init.zeros_)
        self.out_proj = NonDynamicallyQuantizableLinear(width, width, bias, dtype=dtype)
        if bias:
            init.zeros_(self.out_proj.bias)
        if add_bias_kv:
            self.bias_k = parameter(1, 1, width, fill=init.xavier_normal_)
            self.bias_v = parameter(1, 1, width, fill=init.xavier_normal_)

    def forward(
        self,
        query,
        key,
        value,
        key_padding_mask=None,
        need_weights=True,
        attn_mask=None,
        average_attn_weights=True,
        is_causal=False,
    ):
        """Return (y, weights): results like ``query``, and who looked where.

        query: (L, N, E), key: (S, N, kdim), value: (S, N, vdim) → y: (L, N, E); with
        ``batch_first`` N comes first; without N everywhere, it is one example.

        ``key_padding_mask`` (N, S) and ``attn_mask`` (L, S) or (N · heads, L, S) are
        True where not to look, or are numbers to add to the scores. ``is_causal`` says
        that attn_mask, which must be given, is causal; it is only a hint. The weights
        (N, L, S), or (N, heads, L, S) unless ``average_attn_weights``, are None unless
        ``need_weights``; without them it is faster, and a query that may look nowhere
        gets zeros instead of NaN. Raises ValueError for shapes that do not fit.
        """
        batched = self._check(query, key, value)
        if is_causal and attn_mask is None:
            raise ValueError("is_causal: expected attn_mask with it, got None")
        q, k, v = self._projected(query, key, value)
        q, k, v = [self._batch_first(x, batched) for x in (q, k, v)]  # (N, ·, E)
        mask = self._mask(attn_mask, key_padding_mask, q, k, batched)
        if is_causal and key_padding_mask is None and not need_weights:
            mask = None  # the hint says all
        else:
            is_causal = False
        k, v, mask = self._lengthened(k, v, mask)
        q, k, v = [self._heads(x) for x in (q, k, v)]  # (N, heads, ·, E / heads)
        if need_weights:
            y, weights = self._with_weights(q, k, v, mask)
        else:
            p = self.dropout if self.training else 0.0
            y = F.scaled_dot_product_attention(q, k, v, mask, p, is_causal)
        y = self._as_given(self.out_proj(y.transpose(1, 2).flatten(2)), batched)
        if not need_weights:
            return y, None
        weights = weights.mean(1) if average_attn_weights else weights
        return y, weights if batched else weights.squeeze(0)

    def _with_weights(self, q, k, v, mask):
        """Attention as its formula says, and the weights (N, heads, L, S)."""
        scores = (q * (1 / math.sqrt(self.head_dim))) @ k.mT
        weights = F.softmax(scores if mask is None else scores + mask, -1)
        weights = F.dropout(weights, self.dropout, self.training)
        return weights @ v, weights

    def _projected(self, query, key, value):
        """Return queries, keys and values, all of width E."""
        width, w, b = self.embed_dim, self.in_proj_weight, self.in_proj_bias
        thirds = [slice(i * width, (i + 1) * width) for i in range(3)]
        if query is key and key is value and w is not None:  # one product for three
            together = F.linear(query, w, b)
            return [together[..., third] for third in thirds]
        weights = self.q_proj_weight, self.k_proj_weight, self.v_proj_weight
        if w is not None:
            weights = [w[third] for third in thirds]
        biases = [None if b is None else b[third] for third in thirds]
        inputs = query, key, value
        return [F.linear(*part) for part in zip(inputs, weights, biases, strict=True)]

    def _lengthened(self, k, v, mask):
        """Append the learnt key and value, and zeros, where this layer has them."""
        n, length, width = k.shape
        if self.bias_k is not None:
            k = cat([k, self.bias_k.expand(n, 1, width)], 1)
            v = cat([v, self.bias_v.expand(n, 1, width)], 1)
        if self.add_zero_attn:
            nothing = zeros(n, 1, width, dtype=k.dtype)
            k, v = cat([k, nothing], 1), cat([v, nothing], 1)
        added = k.shape[1] - length
        if mask is not None and added:  # every query may look there
            mask = cat([mask, zeros(*mask.shape[:-1], added, dtype=mask.dtype)], -1)
        return k, v, mask

    def _heads(self, x):
        """(N, L, E) → (N, heads, L, E / heads)."""
        n, length, _ = x.shape
        return x.reshape(n, length, self.num_heads, self.head_dim).transpose(1, 2)

    def _batch_first(self, x, batched):
        """Return one of the inputs as (N, L, E)."""
        if not batched:
            return x.unsqueeze(0)
        return x if self.batch_first else x.transpose(0, 1)

    def _as_given(self, y, batched):
        """Return (N, L, E) in the order of the inputs."""
        if not batched:
            return y.squeeze(0)
        return y if self.batch_first else y.transpose(0, 1)

    def _mask(self, attn_mask, key_padding_mask, q, k, batched):
        """Return what both masks add to the scores (N, heads, L, S), or None."""
        n, h, rows, columns = len(q), self.num_heads, q.shape[1], k.shape[1]
        total = None
        if attn_mask is not None:
            mask = _added("attn_mask", attn_mask, q.dtype)
            _expect("attn_mask", mask, (rows, columns), (n * h, rows, columns))
            total = mask if mask.ndim == 2 else mask.reshape(n, h, rows, columns)
        if key_padding_mask is not None:
            mask = _added("key_padding_mask", key_padding_mask, q.dtype)
            _expect("key_padding_mask", mask, (n, columns) if batched else (columns,))
            mask = mask.reshape(n, 1, 1, columns)
            total = mask if total is None else total + mask
        return total

    def _check(self, query, key, value):
        """Return whether there is a batch; raise ValueError for other shapes."""
        shapes = query.shape, key.shape, value.shape
        widths = self.embed_dim, self.kdim, self.vdim
        fits = all(s[-1:] == (w,) for s, w in zip(shapes, widths, strict=True))
        fits = fits and query.ndim in (2, 3) and query.ndim == key.ndim
        if fits and query.ndim == 3:
            batch = 0 if self.batch_first else 1
            fits = query.shape[batch] == key.shape[batch]
        if not fits or key.shape[:-1] != value.shape[:-1]:
            order = "(N, L, E), (N, S, {}), (N, S, {})"
            if not self.batch_first:
                order = "(L, N, E), (S, N, {}), (S, N, {})"
            raise ValueError(
                "MultiheadAttention: expected query, key, value "
                f"{order.format(*widths[1:])} with E={widths[0]}, or none with N; "
                f"got {shapes[0]}, {shapes[1]}, {shapes[2]}"
            )
        return query.ndim == 3


class NonDynamicallyQuantizableLinear(Linear):
    """`Linear`, under the name that torch prints here."""


def _added(name, mask, dtype):
    """Return what a mask adds to the scores: -inf where true, or its numbers."""
    mask = as_tensor(mask)
    if mask.dtype == bool:
        return Tensor(np.where(mask.data, -np.inf, 0).astype(dtype))
    if mask.dtype.kind != "f":
        raise TypeError(
            f"MultiheadAttention: expected {name} of bool or {dtype}, got {mask.dtype}"
        )
    return mask.to(dtype)


def _expect(name, mask, *shapes):
    if mask.shape not in shapes:
        expected = " or ".join(map(str, shapes))
        raise ValueError(
            f"MultiheadAttention: expected {name} {expected}, got {mask.shape}"
        )
