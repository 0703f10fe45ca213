"""Scaled dot-product attention and multi-head attention."""

import dataclasses

import numpy as np

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from ..rows import ModuleRow, Row

INF = float("inf")


def truths(*shape, first=True):
    """Truth values of this shape, the same at every call; with ``first`` each row begins with a True."""
    found = np.random.default_rng(5).random(shape) < 0.6
    if first:
        found[..., 0] = True
    return found


def sdpa(shapes, *args, mask=None, **settings):
    """A row with inputs query, key, value; ``mask`` is an array."""

    def call(lib, q, k, v):
        given = {} if mask is None else {"attn_mask": lib.tensor(mask)}
        return lib.nn.functional.scaled_dot_product_attention(q, k, v, *args, **given, **settings)

    return Row(call, shapes)


def float_masked(shapes, **settings):
    """A row whose fourth input is a mask of numbers, which gets a gradient."""
    return Row(
        lambda lib, q, k, v, mask: lib.nn.functional.scaled_dot_product_attention(q, k, v, mask, **settings),
        shapes,
    )


def same(*batch, n=5, width=4):
    return [(*batch, n, width)] * 3


CROSS = [(2, 3, 4), (2, 5, 4), (2, 5, 6)]  # L = 3, S = 5, values of another width
BLOCKS = [(2, 1, 130, 4), (2, 130, 4), (130, 3)]  # more than two blocks of 64
ROWED = np.array([[True, False, True], [False, False, False], [True, True, True]])  # nothing for query 1

ROWS = {
    "sdpa": sdpa(same(2, 3)),
    "sdpa-plain": sdpa(same()),
    "sdpa-one-batch": sdpa(same(2)),
    "sdpa-three-batches": sdpa(same(2, 1, 3, n=3)),
    "sdpa-cross": sdpa(CROSS),
    "sdpa-broadcast": sdpa([(2, 3, 2, 4), (1, 3, 5, 4), (3, 5, 4)]),
    "sdpa-scale": sdpa(CROSS, scale=0.3),
    "sdpa-scale-0": sdpa(CROSS, scale=0.0),
    "sdpa-scale-negative": sdpa(CROSS, scale=-1),
    "sdpa-large": sdpa(CROSS, scale=1e3),
    "sdpa-positional": sdpa(CROSS, None, 0.0, False),
    "sdpa-keywords": Row(
        lambda lib, a, b, c: lib.nn.functional.scaled_dot_product_attention(
            query=a,
            key=b,
            value=c,
            attn_mask=None,
            dropout_p=1.0,
            is_causal=False,
            scale=None,
            enable_gqa=False,
        ),
        CROSS,
    ),
    "sdpa-bool": sdpa(CROSS, mask=truths(3, 5)),
    "sdpa-bool-batch": sdpa(CROSS, mask=truths(2, 3, 5)),
    "sdpa-bool-heads": sdpa(same(2, 3), mask=truths(2, 1, 5, 5)),
    "sdpa-bool-row": sdpa(CROSS, mask=truths(5)),
    "sdpa-bool-column": sdpa(CROSS, mask=np.array([[True], [False], [True]])),
    "sdpa-bool-nothing": sdpa(same(2, n=3), mask=ROWED),
    "sdpa-bool-nothing-at-all": sdpa(same(n=3), mask=np.zeros((3, 3), bool)),
    "sdpa-float": float_masked([*CROSS, (3, 5)]),
    "sdpa-float-batch": float_masked([*CROSS, (2, 1, 5)]),
    "sdpa-float-heads": float_masked([*same(2, 3), (3, 5, 5)], scale=2.0),
    "sdpa-float-column": float_masked([*CROSS, (3, 1)]),
    "sdpa-float-nothing": sdpa(same(2, n=3), mask=np.where(ROWED, 0.5, -INF).astype("float32")),
    "sdpa-float32-mask": sdpa(CROSS, mask=np.float32([[0.5, 0.0, 1.0, -1.0, 2.0]])),
    "sdpa-dropout-all": sdpa(CROSS, None, 1.0),
    "sdpa-dropout-none": sdpa(CROSS, dropout_p=0),
    "sdpa-causal": sdpa(same(2, 3), is_causal=True),
    "sdpa-causal-plain": sdpa(same(), is_causal=True),
    "sdpa-causal-wide": sdpa(CROSS, is_causal=True),
    "sdpa-causal-tall": sdpa([(2, 5, 4), (2, 3, 4), (2, 3, 6)], is_causal=True),
    "sdpa-causal-blocks": sdpa(BLOCKS, is_causal=True),
    "sdpa-causal-blocks-wide": sdpa([(70, 2), (2, 200, 2), (200, 2)], is_causal=True),
    "sdpa-causal-blocks-tall": sdpa([(2, 200, 2), (70, 2), (70, 3)], is_causal=True),
    "sdpa-causal-large": dataclasses.replace(
        sdpa(same(2, n=70), is_causal=True, scale=1e3),
        single=1e-3,  # float32 rounds scores near 10,000 by up to 0.0005, and weights by that share
    ),
    "sdpa-causal-scale": sdpa(same(2), is_causal=True, scale=0.2),
    "sdpa-causal-dropout-all": sdpa(same(2), is_causal=True, dropout_p=1.0),
    "sdpa-gqa": sdpa([(2, 4, 3, 5), (2, 2, 3, 5), (2, 2, 3, 2)], enable_gqa=True),
    "sdpa-gqa-other": sdpa([(6, 3, 5), (2, 3, 5), (3, 3, 2)], enable_gqa=True),
    "sdpa-gqa-causal": sdpa([(2, 4, 5, 4), (2, 1, 5, 4), (2, 1, 5, 4)], is_causal=True, enable_gqa=True),
    "sdpa-gqa-mask": float_masked([(4, 3, 5), (2, 3, 5), (2, 3, 2), (4, 1, 3)], enable_gqa=True),
    "sdpa-gqa-same": sdpa(same(2), enable_gqa=True),
    "sdpa-no-keys": sdpa([(2, 4), (0, 4), (0, 5)]),
    "sdpa-no-keys-causal": sdpa([(2, 4), (0, 4), (0, 5)], is_causal=True),
    "sdpa-no-queries": sdpa([(0, 4), (3, 4), (3, 5)]),
    "sdpa-no-queries-causal": sdpa([(0, 4), (3, 4), (3, 5)], is_causal=True),
    "sdpa-no-features": sdpa([(2, 0), (3, 0), (3, 5)]),
    "sdpa-no-features-causal": sdpa([(2, 0), (3, 0), (3, 5)], is_causal=True),
    "sdpa-no-values-causal": sdpa([(2, 4), (3, 4), (3, 0)], is_causal=True),
    "sdpa-no-batch": sdpa([(0, 2, 4), (0, 3, 4), (0, 3, 5)], is_causal=True),
    "sdpa-infinite": Row(
        lambda lib, q, k, v: lib.nn.functional.scaled_dot_product_attention(
            q / lib.tensor([[0.0], [1.0], [1.0]]), k, v
        ),
        same(n=3),
        differences=False,
    ),
    "sdpa-nan-causal": Row(
        lambda lib, q, k, v: lib.nn.functional.scaled_dot_product_attention(
            q * lib.tensor([[float("nan")], [1.0], [300.0]]), k, v, is_causal=True
        ),
        same(n=3),
        differences=False,
    ),
}


def attention(shapes, *args, masks=None, call=None, inputs=None, **settings):
    """A row with MultiheadAttention(*args, **settings); ``call`` and ``masks`` are keywords of its call.

    ``inputs`` says which of ``shapes`` are query, key and value; (0, 0, 0) is self-attention.
    """
    inputs = range(3) if inputs is None else inputs

    def forward(lib, module, *x):
        given = {name: lib.tensor(mask) for name, mask in (masks or {}).items()}
        return module(*[x[i] for i in inputs], **given, **(call or {}))

    return ModuleRow(lambda lib: lib.nn.MultiheadAttention(*args, **settings), shapes, forward)


def self_attention(shape=(4, 2, 6), heads=2, **settings):
    return attention([shape], 6, heads, inputs=(0, 0, 0), **settings)


CAUSAL = ~np.tri(4, dtype=bool)
PADDING = np.array([[False, False, True, True], [False, False, False, True]])
NO_WEIGHTS = {"need_weights": False}
SEPARATE = [(3, 2, 6), (5, 2, 4), (5, 2, 7)]  # widths of query, key and value

MODULES = {
    "MHA": attention([(3, 2, 6), (5, 2, 6), (5, 2, 6)], 6, 2),
    "MHA-self": self_attention(),
    "MHA-memory": attention([(3, 2, 6), (5, 2, 6)], 6, 3, inputs=(0, 1, 1)),
    "MHA-one-head": self_attention(heads=1),
    "MHA-batch-first": self_attention((2, 4, 6), batch_first=True),
    "MHA-unbatched": self_attention((4, 6)),
    "MHA-unbatched-batch-first": self_attention((4, 6), batch_first=True, call=NO_WEIGHTS),
    "MHA-no-bias": self_attention(bias=False),
    "MHA-positional": attention([(3, 2, 6), (5, 2, 6), (5, 2, 6)], 6, 2, 0.0, False, True, True, 6, 6, False),
    "MHA-separate": attention(SEPARATE, 6, 2, kdim=4, vdim=7),
    "MHA-separate-key": attention([(3, 2, 6), (5, 2, 4), (5, 2, 6)], 6, 2, kdim=4, bias=False),
    "MHA-separate-value": attention([(2, 3, 6), (2, 5, 6), (2, 5, 4)], 6, 2, vdim=4, batch_first=True),
    "MHA-bias-kv": self_attention(add_bias_kv=True),
    "MHA-zero": self_attention(add_zero_attn=True, call=NO_WEIGHTS),
    "MHA-bias-and-zero": attention(SEPARATE, 6, 2, kdim=4, vdim=7, add_bias_kv=True, add_zero_attn=True),
    "MHA-bias-and-zero-masked": self_attention(
        add_bias_kv=True, add_zero_attn=True, masks={"attn_mask": CAUSAL, "key_padding_mask": PADDING}
    ),
    "MHA-no-weights": self_attention(call=NO_WEIGHTS),
    "MHA-weights-of-heads": self_attention(call={"average_attn_weights": False}),
    "MHA-weights-unbatched": attention(
        [(3, 6), (5, 6), (5, 6)], 6, 2, call={"need_weights": True, "average_attn_weights": False}
    ),
    "MHA-mask": self_attention(masks={"attn_mask": CAUSAL}),
    "MHA-mask-no-weights": self_attention(masks={"attn_mask": CAUSAL}, call=NO_WEIGHTS),
    "MHA-mask-of-heads": self_attention(masks={"attn_mask": ~truths(4, 4, 4)}),
    "MHA-mask-unbatched": self_attention((4, 6), masks={"attn_mask": ~truths(2, 4, 4)}, call=NO_WEIGHTS),
    "MHA-mask-float": ModuleRow(
        lambda lib: lib.nn.MultiheadAttention(6, 2),
        [(4, 2, 6), (4, 4)],
        lambda lib, module, x, mask: module(query=x, key=x, value=x, attn_mask=mask),
    ),
    "MHA-padding": self_attention(masks={"key_padding_mask": PADDING}),
    "MHA-padding-batch-first": self_attention(
        (2, 4, 6), batch_first=True, masks={"key_padding_mask": PADDING}, call=NO_WEIGHTS
    ),
    "MHA-padding-unbatched": self_attention((4, 6), masks={"key_padding_mask": PADDING[0]}),
    "MHA-padding-float": ModuleRow(
        lambda lib: lib.nn.MultiheadAttention(6, 2),
        [(4, 2, 6), (2, 4)],
        lambda lib, module, x, mask: module(x, x, x, mask, False),
    ),
    "MHA-both-masks": self_attention(masks={"attn_mask": CAUSAL, "key_padding_mask": PADDING}),
    "MHA-both-masks-no-weights": self_attention(
        masks={"attn_mask": CAUSAL, "key_padding_mask": PADDING}, call=NO_WEIGHTS
    ),
    "MHA-nowhere": self_attention(masks={"key_padding_mask": PADDING | True}),
    "MHA-nowhere-no-weights": self_attention(masks={"key_padding_mask": PADDING | True}, call=NO_WEIGHTS),
    "MHA-causal": self_attention(masks={"attn_mask": CAUSAL}, call={**NO_WEIGHTS, "is_causal": True}),
    "MHA-causal-weights": self_attention(masks={"attn_mask": CAUSAL}, call={"is_causal": True}),
    "MHA-causal-padding": self_attention(
        masks={"attn_mask": CAUSAL, "key_padding_mask": PADDING}, call={**NO_WEIGHTS, "is_causal": True}
    ),
    "MHA-causal-bias-kv": self_attention(
        masks={"attn_mask": CAUSAL}, call={**NO_WEIGHTS, "is_causal": True}, add_bias_kv=True
    ),
    "MHA-dropout-all": ModuleRow(
        lambda lib: lib.nn.MultiheadAttention(6, 2, dropout=1.0, device="cpu"),
        [(4, 2, 6)],
        lambda lib, module, x: [*module(x, x, x), module(x, x, x, need_weights=False)[0]],
    ),
    "MHA-dtype": ModuleRow(
        lambda lib: lib.nn.MultiheadAttention(6, 2, dtype=lib.float32),
        [(4, 2, 6)],
        lambda lib, module, x: module.to(x.dtype)(x, x, x),
    ),
    "MHA-no-batch": self_attention((4, 0, 6)),
}

NOT_BUILT = {
    "MHA-device": (lambda: nn.MultiheadAttention(6, 2, device="cuda"), "device"),
}

X, SHORT = scratch.ones(2, 5, 6), scratch.ones(2, 3, 6)
HEADS = scratch.ones(2, 4, 5, 6), scratch.ones(2, 3, 5, 6)
MASK = scratch.ones(5, 5) > 0


def refused(*args, **settings):
    return lambda: F.scaled_dot_product_attention(*args, **settings)


def mha(*args, make=None, **settings):
    return lambda: nn.MultiheadAttention(6, 2, batch_first=True, **(make or {}))(*args, **settings)


BAD = {
    "sdpa-array": (refused(X, X.numpy(), X), TypeError, "expected key to be a Tensor, got ndarray"),
    "sdpa-integers": (refused(X.long(), X.long(), X.long()), TypeError, "floating-point dtype, got int64"),
    "sdpa-dtypes": (refused(X, X, X.double()), TypeError, "one dtype"),
    "sdpa-vector": (refused(X[0, 0], X, X), ValueError, r"query \(\*, L, E\).*got \(6,\)"),
    "sdpa-widths": (refused(X, X[..., :3], X), ValueError, r"key \(\*, S, E\)"),
    "sdpa-lengths": (refused(X, X, SHORT), ValueError, r"value \(\*, S, V\)"),
    "sdpa-batches": (refused(X, scratch.ones(3, 5, 6), X), ValueError, r"got \(2, 5, 6\), \(3, 5, 6\)"),
    "sdpa-both": (refused(X, X, X, MASK, is_causal=True), ValueError, "attn_mask or is_causal, got both"),
    "sdpa-mask-dtype": (refused(X, X, X, MASK.long()), TypeError, "bool or float32, got int64"),
    "sdpa-mask-float64": (refused(X, X, X, MASK.double()), TypeError, "bool or float32, got float64"),
    "sdpa-mask-shape": (
        refused(X, X, X, MASK[:3]),
        ValueError,
        r"broadcasts to \(2, 5, 5\), got \(3, 5\)",
    ),
    "sdpa-mask-larger": (refused(X, X, X, scratch.ones(4, 1, 5, 5)), ValueError, r"got \(4, 1, 5, 5\)"),
    "sdpa-dropout": (refused(X, X, X, None, 2.0), ValueError, "expected p from 0 to 1, got 2.0"),
    "sdpa-gqa-heads": (
        refused(HEADS[0], HEADS[1], HEADS[1], enable_gqa=True),
        ValueError,
        "the heads.*of key to divide",
    ),
    "sdpa-gqa-none": (refused(X[0], X[0], X[0], enable_gqa=True), ValueError, "the heads.*of key to divide"),
    "MHA-heads": (lambda: nn.MultiheadAttention(6, 4), ValueError, "num_heads=4 and embed_dim=6"),
    "MHA-width": (lambda: nn.MultiheadAttention(0, 1), ValueError, "embed_dim=0"),
    "MHA-query": (mha(X[..., :5], X, X), ValueError, r"\(N, L, E\), \(N, S, 6\), \(N, S, 6\) with E=6"),
    "MHA-order": (
        lambda: nn.MultiheadAttention(6, 2, kdim=5)(X, X, X),
        ValueError,
        r"\(L, N, E\), \(S, N, 5\), \(S, N, 6\)",
    ),
    "MHA-batches": (mha(X, X[:1], X[:1]), ValueError, r"got \(2, 5, 6\), \(1, 5, 6\), \(1, 5, 6\)"),
    "MHA-lengths": (mha(X, X, SHORT), ValueError, r"got \(2, 5, 6\), \(2, 5, 6\), \(2, 3, 6\)"),
    "MHA-dims": (mha(X, X[0], X[0]), ValueError, "or none with N"),
    "MHA-mask": (
        mha(X, X, X, attn_mask=MASK[:3]),
        ValueError,
        r"attn_mask \(5, 5\) or \(4, 5, 5\), got \(3, 5\)",
    ),
    "MHA-mask-dtype": (
        mha(X, X, X, attn_mask=MASK.long()),
        TypeError,
        "attn_mask of bool or float32, got int64",
    ),
    "MHA-padding": (
        mha(X, X, X, key_padding_mask=MASK),
        ValueError,
        r"key_padding_mask \(2, 5\), got \(5, 5\)",
    ),
    "MHA-padding-dtype": (mha(X, X, X, MASK[:2].int()), TypeError, "key_padding_mask of bool"),
    "MHA-causal": (
        mha(X, X, X, is_causal=True),
        ValueError,
        "is_causal: expected attn_mask with it, got None",
    ),
}
