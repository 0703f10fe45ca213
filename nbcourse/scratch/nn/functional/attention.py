"""Attention: each query takes a weighted average of values, by its likeness to keys."""

import functools
import math

import numpy as np

from ...tensor import Tensor, as_tensor
from ...tensor.arguments import check_float, operation, same_dtype
from .dropout import dropout

__all__ = ["scaled_dot_product_attention"]

_NAME = "scaled_dot_product_attention"
BLOCK = 64  # queries or keys at a time
TOGETHER = 2**17  # scores at a time: about as many as a processor's own cache holds


@operation
def scaled_dot_product_attention(
    query,
    key,
    value,
    attn_mask=None,
    dropout_p=0.0,
    is_causal=False,
    *,
    scale=None,
    enable_gqa=False,
):
    """softmax(scale · Q Kᵀ + mask) V: for each query an average of the values.

    query: (*, L, E), key: (*, S, E), value: (*, S, V) → (*, L, V). Leading dimensions
    broadcast; ``scale=None`` is 1/√E. (Vaswani et al., 2017.)

    ``attn_mask`` broadcasts to (*, L, S): where it is False there is no attention, and
    numbers are added to the scores. ``is_causal`` lets query i see keys 0 to i. A query
    that may see no key gets zeros. ``dropout_p`` drops weights at random, always.
    ``enable_gqa`` lets a group of heads, dimension -3 of the query, share one head of
    key and value. Raises ValueError or TypeError for what does not fit together.
    """
    mask = None if attn_mask is None else as_tensor(attn_mask)
    _check(query, key, value, mask, is_causal)
    if enable_gqa:
        key = _for_each_head("key", key, query)
        value = _for_each_head("value", value, query)
    _check_shapes(query, key, value, mask)
    # without features all scores are 0, whatever the scale
    scale = 1 / math.sqrt(query.shape[-1] or 1) if scale is None else float(scale)
    if is_causal and not dropout_p and key.data.size:
        return _causal(query, key, value, scale)
    if is_causal:
        mask = Tensor(np.tri(query.shape[-2], key.shape[-2], dtype=bool))
    return _attention(query, key, value, mask, dropout_p, scale)


def _attention(query, key, value, mask, dropout_p, scale):
    """Attention as its formula says: all scores, all weights, all averages."""
    scores = (query * scale) @ key.mT  # (*, L, S)
    if mask is not None:
        scores = scores + _added(mask, query.dtype)
    weights = dropout(_softmax(scores), dropout_p)
    return weights @ value  # (*, L, V)


def _added(mask, dtype):
    """Return what is added to the scores: for truth values 0 where true, else -inf."""
    if mask.dtype == bool:
        return Tensor(np.where(mask.data, 0, -np.inf).astype(dtype))
    return mask.to(dtype)


@operation
def _softmax(scores):
    """Softmax over the last dimension, with zeros where every score is -inf."""
    x = scores.data
    largest = x.max(-1, keepdims=True, initial=-np.inf)
    y = x - np.where(largest == -np.inf, 0, largest)
    np.exp(y, out=y)
    total = y.sum(-1, keepdims=True)
    y /= np.where(total == 0, 1, total)

    def backward(grad):
        average = np.einsum("...s,...s->...", y, grad)[..., None]
        by_scores = grad - average
        by_scores *= y
        return (by_scores,)

    return Tensor._result(y, (scores,), backward)


def _causal(query, key, value, scale):
    """Causal `_attention` block by block, without ever holding all (L, S) scores.

    Blocks that lie in the future are left out: of two a quarter, of many nearly half.
    The others stay in the cache. Kept is the logarithm of each query's sum of
    exponentials: with it, backward computes the weights again. (Dao et al., 2022.)
    """
    q, k, v = _one_batch(query.data, key.data, value.data)
    y = np.empty_like(q, shape=(*q.shape[:-1], v.shape[-1]))  # in memory as q is
    log_sums = np.empty((*q.shape[:-1], 1), q.dtype)
    groups = _groups(q.shape, k.shape)
    for b in groups:
        _causal_forward(q[b], k[b], v[b], scale, y[b], log_sums[b])

    def backward(grad):
        g = grad.reshape(y.shape)
        by_q, by_k, by_v = np.zeros_like(q), np.empty_like(k), np.empty_like(v)
        for b in groups:
            pull = np.einsum("...v,...v->...", g[b], y[b])[..., None]
            known = q[b], k[b], v[b], scale, log_sums[b], g[b], pull
            _causal_backward(*known, by_q[b], by_k[b], by_v[b])
        return by_q, by_k, by_v

    batched = max(query.ndim, key.ndim, value.ndim) > 2
    return Tensor._result(y if batched else y[0], (query, key, value), backward)


def _causal_forward(q, k, v, scale, y, log_sums):
    """Fill in the averages y (*, L, V) and log Σ e^score (*, L, 1)."""
    future = _future(q.dtype)
    for i in range(0, q.shape[-2], BLOCK):
        rows, seen = slice(i, i + BLOCK), slice(0, i + BLOCK)
        scores = (q[..., rows, :] * scale) @ k[..., seen, :].mT  # (*, rows, seen)
        # e^±60 is neither infinite nor 0: such scores need not be shifted, and a row's
        # maximum takes longer than its exponentials
        small = scores.min() > -60 and scores.max() < 60
        diagonal = scores[..., i:]
        diagonal += future[: diagonal.shape[-2], : diagonal.shape[-1]]
        shift = 0 if small else scores.max(-1, keepdims=True)
        weights = np.exp(scores if small else scores - shift, out=scores)
        total = weights @ np.ones((weights.shape[-1], 1), q.dtype)  # a fast sum
        np.matmul(weights, v[..., seen, :], out=y[..., rows, :])
        y[..., rows, :] /= total
        log_sums[..., rows, :] = np.log(total) + shift


def _causal_backward(q, k, v, scale, log_sums, g, pull, by_q, by_k, by_v):
    """Fill in the gradients by q, k and v, given that by y, g (*, L, V).

    By a score with weight w it is w (g·v - Σ w g·v). That sum over the keys is g·y, the
    ``pull`` (*, L, 1), and so known before the weights are. by_q comes as zeros.
    """
    future, q = _future(q.dtype), q * scale
    for j in range(0, k.shape[-2], BLOCK):
        rows, keys = slice(j, None), slice(j, j + BLOCK)  # queries that see these keys
        scores = q[..., rows, :] @ k[..., keys, :].mT  # (*, rows, keys)
        diagonal = scores[..., :BLOCK, :]
        diagonal += future[: diagonal.shape[-2], : diagonal.shape[-1]]
        scores -= log_sums[..., rows, :]
        weights = np.exp(scores, out=scores)
        np.matmul(weights.mT, g[..., rows, :], out=by_v[..., keys, :])
        by_scores = g[..., rows, :] @ v[..., keys, :].mT
        by_scores -= pull[..., rows, :]
        by_scores *= weights
        np.matmul(by_scores.mT, q[..., rows, :], out=by_k[..., keys, :])
        by_q[..., rows, :] += by_scores @ k[..., keys, :]
    by_q *= scale


@functools.cache
def _future(dtype):
    """Return (BLOCK, BLOCK): -inf where the key comes after the query, else 0."""
    return np.triu(np.full((BLOCK, BLOCK), -np.inf, dtype), 1)


def _one_batch(*arrays):
    """Return the arrays with the same leading dimensions, at least one."""
    batch = np.broadcast_shapes(*[x.shape[:-2] for x in arrays]) or (1,)
    return [np.broadcast_to(x, (*batch, *x.shape[-2:])) for x in arrays]


def _groups(queries, keys):
    """Return slices of the first dimension whose scores fit in the cache together."""
    scores = math.prod(queries[1:-2]) * BLOCK * keys[-2]  # of one of them
    step = max(1, TOGETHER // max(scores, 1))
    return [slice(b, b + step) for b in range(0, queries[0], step)]


def _for_each_head(name, x, query):
    """Return key or value with each head repeated for its group of query heads."""
    enough = min(x.ndim, query.ndim) > 2
    if not enough or not x.shape[-3] or query.shape[-3] % x.shape[-3]:
        raise ValueError(
            f"{_NAME}: expected the heads, dimension -3, of {name} to divide those of "
            f"query, got {x.shape} and {query.shape}"
        )
    *batch, heads, n, width = x.shape
    times = query.shape[-3] // heads
    x = x.reshape(*batch, heads, 1, n, width).expand(*batch, heads, times, n, width)
    return x.reshape(*batch, heads * times, n, width)


def _check(query, key, value, mask, is_causal):
    """Raise unless the arguments are of the right kind."""
    tensors = {"query": query, "key": key, "value": value}
    for name, x in tensors.items():
        if not isinstance(x, Tensor):
            found = type(x).__name__
            raise TypeError(f"{_NAME}: expected {name} to be a Tensor, got {found}")
    same_dtype(_NAME, **tensors)
    check_float(_NAME, query)
    if mask is None:
        return
    if is_causal:
        raise ValueError(f"{_NAME}: expected attn_mask or is_causal, got both")
    if mask.dtype not in (bool, np.float32, query.dtype):
        raise TypeError(
            f"{_NAME}: expected attn_mask of bool or {query.dtype}, got {mask.dtype}"
        )


def _check_shapes(query, key, value, mask):
    """Raise ValueError unless the shapes fit together."""
    q, k, v = query.shape, key.shape, value.shape
    batch = _broadcast(q[:-2], k[:-2], v[:-2])
    fits = batch is not None and min(len(q), len(k), len(v)) > 1
    if not fits or q[-1] != k[-1] or k[-2] != v[-2]:
        raise ValueError(
            f"{_NAME}: expected query (*, L, E), key (*, S, E) and value (*, S, V), "
            f"got {q}, {k} and {v}"
        )
    scores = (*batch, q[-2], k[-2])
    if mask is not None and _broadcast(mask.shape, scores) != scores:
        raise ValueError(
            f"{_NAME}: expected attn_mask that broadcasts to {scores}, got {mask.shape}"
        )


def _broadcast(*shapes):
    """Return what the shapes broadcast to, or None."""
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        return None
