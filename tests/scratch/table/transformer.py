"""The Transformer's layers and stacks; nothing is left to chance: dropout is 0 or 1."""

import numpy as np

from nbcourse import scratch
from nbcourse.scratch import nn

from ..rows import ModuleRow, Row

CAUSAL = ~np.tri(4, dtype=bool)
ADDED = np.where(CAUSAL, -np.inf, 0)  # the same as numbers
PADDING = np.array([[False, False, True, True], [False, False, False, True]])
MEMORY_PADDING = np.array([[False, False, True], [False, False, False]])
MEMORY_MASK = np.array([[False, True, False]] * 4)
TARGET, MEMORY = (4, 2, 6), (3, 2, 6)  # (L, N, E), (S, N, E)
SMALL = (6, 2, 5, 0.0)  # d_model, nhead, dim_feedforward, dropout


def layer(name, *args, shapes=(TARGET,), masks=None, **settings):
    """A row with nn.name(*args, **settings), called with ``shapes`` and, as keywords, ``masks``."""

    def call(lib, module, *x):
        return module(*x, **tensors(lib, masks or {}))

    return ModuleRow(lambda lib: getattr(lib.nn, name)(*(args or SMALL), **settings), list(shapes), call)


def tensors(lib, given):
    """The same keywords with a tensor of the library for each array."""
    return {k: lib.tensor(v) if isinstance(v, np.ndarray) else v for k, v in given.items()}


def encoder_layer(*args, **settings):
    return layer("TransformerEncoderLayer", *args, **settings)


def decoder_layer(*args, shapes=(TARGET, MEMORY), **settings):
    return layer("TransformerDecoderLayer", *args, shapes=shapes, **settings)


def stack(kind, shapes, *args, masks=None, settings=None, **layer_settings):
    """A row with two layers in nn.Transformer``kind``; ``args`` and ``settings`` are those of the stack."""

    def make(lib):
        one = getattr(lib.nn, f"Transformer{kind}Layer")(*SMALL, **layer_settings)
        given = {"norm": lib.nn.LayerNorm(6)} | (settings or {})
        return getattr(lib.nn, f"Transformer{kind}")(one, *args, **given)

    return ModuleRow(make, list(shapes), lambda lib, module, *x: module(*x, **tensors(lib, masks or {})))


def encoder(*args, shape=TARGET, **settings):
    return stack("Encoder", [shape], *(args or (2,)), **settings)


def decoder(*args, shapes=(TARGET, MEMORY), **settings):
    return stack("Decoder", shapes, *(args or (2,)), **settings)


def transformer(*args, shapes=(MEMORY, TARGET), **settings):
    return layer("Transformer", *(args or (6, 2, 1, 2, 5, 0.0)), shapes=shapes, **settings)


def dropping(kind, name):
    """A row with a layer in which only the part of this name drops, and everything."""
    shapes = [TARGET, MEMORY][: 2 if kind == "Decoder" else 1]

    def make(lib):
        module = getattr(lib.nn, f"Transformer{kind}Layer")(*SMALL)
        setattr(getattr(module, name), "dropout" if "attn" in name else "p", 1.0)
        return module

    return ModuleRow(make, shapes)


def tripled(x):
    return 3 * x


MODULES = {
    "encoder-layer": encoder_layer(),
    "encoder-layer-positional": encoder_layer(6, 3, 4, 0.0, "gelu", 0.1, True, True, False),
    "encoder-layer-keywords": ModuleRow(
        lambda lib: lib.nn.TransformerEncoderLayer(
            d_model=6, nhead=1, dim_feedforward=4, dropout=1.0, activation="relu", device="cpu"
        ),
        [TARGET],
        lambda lib, module, x: module(src=x, src_mask=None, src_key_padding_mask=None, is_causal=False),
    ),
    "encoder-layer-batch-first": encoder_layer(batch_first=True, shapes=[(2, 4, 6)]),
    "encoder-layer-unbatched": encoder_layer(shapes=[(4, 6)]),
    "encoder-layer-norm-first": encoder_layer(norm_first=True),
    "encoder-layer-no-bias": encoder_layer(bias=False),
    "encoder-layer-eps": encoder_layer(layer_norm_eps=0.1),
    "encoder-layer-gelu": encoder_layer(activation="gelu"),
    "encoder-layer-callable": encoder_layer(activation=tripled),
    "encoder-layer-function": ModuleRow(
        lambda lib: lib.nn.TransformerEncoderLayer(*SMALL, lib.nn.functional.silu), [TARGET]
    ),
    "encoder-layer-module": ModuleRow(
        lambda lib: lib.nn.TransformerEncoderLayer(*SMALL, lib.nn.Tanh()), [TARGET]
    ),
    "encoder-layer-mask": encoder_layer(masks={"src_mask": CAUSAL}),
    "encoder-layer-mask-float": encoder_layer(masks={"src_mask": ADDED}),
    "encoder-layer-mask-of-heads": encoder_layer(masks={"src_mask": np.stack([CAUSAL, CAUSAL.T] * 2)}),
    "encoder-layer-causal": encoder_layer(masks={"src_mask": CAUSAL, "is_causal": True}),
    "encoder-layer-padding": encoder_layer(masks={"src_key_padding_mask": PADDING}),
    "encoder-layer-both": encoder_layer(
        masks={"src_mask": CAUSAL, "src_key_padding_mask": PADDING}, batch_first=True, shapes=[(2, 4, 6)]
    ),
    "encoder-layer-dtype": ModuleRow(
        lambda lib: lib.nn.TransformerEncoderLayer(*SMALL, dtype=lib.float32),
        [TARGET],
        lambda lib, module, x: module.to(x.dtype)(x),
    ),
    "decoder-layer": decoder_layer(),
    "decoder-layer-positional": decoder_layer(6, 3, 4, 0.0, "gelu", 0.1, False, True, False),
    "decoder-layer-keywords": ModuleRow(
        lambda lib: lib.nn.TransformerDecoderLayer(
            d_model=6, nhead=1, dim_feedforward=4, dropout=1.0, activation="relu", device="cpu"
        ),
        [TARGET, MEMORY],
        lambda lib, module, x, memory: module(tgt=x, memory=memory, tgt_mask=None),
    ),
    "decoder-layer-batch-first": decoder_layer(batch_first=True, shapes=[(2, 4, 6), (2, 3, 6)]),
    "decoder-layer-unbatched": decoder_layer(shapes=[(4, 6), (3, 6)]),
    "decoder-layer-norm-first": decoder_layer(norm_first=True),
    "decoder-layer-no-bias": decoder_layer(bias=False, layer_norm_eps=0.1),
    "decoder-layer-callable": decoder_layer(activation=tripled),
    "decoder-layer-masks": decoder_layer(masks={"tgt_mask": CAUSAL, "memory_mask": MEMORY_MASK}),
    "decoder-layer-paddings": decoder_layer(
        masks={"tgt_key_padding_mask": PADDING, "memory_key_padding_mask": MEMORY_PADDING}
    ),
    "decoder-layer-causal": decoder_layer(
        masks={
            "tgt_mask": ADDED,
            "tgt_is_causal": True,
            "memory_mask": ~np.tri(4, 3, dtype=bool),
            "memory_is_causal": True,
        }
    ),
    "decoder-layer-dtype": ModuleRow(
        lambda lib: lib.nn.TransformerDecoderLayer(*SMALL, dtype=lib.float32),
        [TARGET, MEMORY],
        lambda lib, module, *x: module.to(x[0].dtype)(*x),
    ),
    "encoder": encoder(),
    "encoder-no-norm": encoder(3, settings={"norm": None}),
    "encoder-not-nested": encoder(settings={"enable_nested_tensor": False, "mask_check": False}),
    "encoder-batch-first": encoder(
        batch_first=True, shape=(2, 4, 6), masks={"src_key_padding_mask": PADDING}
    ),
    "encoder-unbatched": encoder(shape=(4, 6), masks={"mask": CAUSAL}),
    "encoder-mask": encoder(masks={"mask": CAUSAL}),
    "encoder-mask-float": encoder(masks={"mask": ADDED}),
    "encoder-mask-other": encoder(masks={"mask": CAUSAL.T}),
    "encoder-mask-nearly-causal": encoder(masks={"mask": ADDED + np.eye(4)}),
    "encoder-mask-of-heads": encoder(masks={"mask": np.stack([CAUSAL, CAUSAL.T] * 2)}),
    "encoder-both": encoder(masks={"mask": CAUSAL, "src_key_padding_mask": PADDING}),
    "encoder-causal": encoder(masks={"mask": CAUSAL, "is_causal": True}),
    "encoder-not-causal": encoder(masks={"mask": CAUSAL, "is_causal": False}),
    "encoder-norm-first": encoder(norm_first=True),
    "encoder-keywords": ModuleRow(
        lambda lib: lib.nn.TransformerEncoder(
            encoder_layer=lib.nn.TransformerEncoderLayer(*SMALL), num_layers=1
        ),
        [TARGET],
        lambda lib, module, x: module(src=x),
    ),
    "decoder": decoder(),
    "decoder-no-norm": decoder(3, settings={"norm": None}),
    "decoder-masks": decoder(
        masks={
            "tgt_mask": CAUSAL,
            "memory_mask": MEMORY_MASK,
            "tgt_key_padding_mask": PADDING,
            "memory_key_padding_mask": MEMORY_PADDING,
        }
    ),
    "decoder-causal": decoder(masks={"tgt_mask": ADDED}),
    "decoder-hints": decoder(
        masks={
            "tgt_mask": CAUSAL,
            "tgt_is_causal": True,
            "memory_mask": ~np.tri(4, 3, dtype=bool),
            "memory_is_causal": True,
        }
    ),
    "decoder-batch-first": decoder(batch_first=True, shapes=[(2, 4, 6), (2, 3, 6)]),
    "decoder-keywords": ModuleRow(
        lambda lib: lib.nn.TransformerDecoder(
            decoder_layer=lib.nn.TransformerDecoderLayer(*SMALL), num_layers=1
        ),
        [TARGET, MEMORY],
        lambda lib, module, x, memory: module(tgt=x, memory=memory),
    ),
    "transformer": transformer(),
    "transformer-positional": transformer(6, 3, 2, 1, 4, 0.0, "gelu", None, None, 0.1, False, True, False),
    "transformer-keywords": ModuleRow(
        lambda lib: lib.nn.Transformer(
            d_model=6,
            nhead=2,
            num_encoder_layers=1,
            num_decoder_layers=1,
            dim_feedforward=4,
            dropout=1.0,
            activation=tripled,
            layer_norm_eps=0.1,
            device="cpu",
        ),
        [MEMORY, TARGET],
        lambda lib, module, src, tgt: module(src=src, tgt=tgt),
    ),
    "transformer-batch-first": transformer(
        6, 2, 1, 1, 4, 0.0, batch_first=True, shapes=[(2, 3, 6), (2, 4, 6)]
    ),
    "transformer-unbatched": transformer(shapes=[(3, 6), (4, 6)]),
    "transformer-norm-first": transformer(6, 2, 1, 1, 4, 0.0, norm_first=True, bias=False),
    "transformer-masks": transformer(
        masks={
            "src_mask": ~np.tri(3, dtype=bool),
            "tgt_mask": CAUSAL,
            "memory_mask": MEMORY_MASK,
            "src_key_padding_mask": MEMORY_PADDING,
            "tgt_key_padding_mask": PADDING,
            "memory_key_padding_mask": MEMORY_PADDING,
        }
    ),
    "transformer-hints": transformer(
        masks={
            "src_mask": ~np.tri(3, dtype=bool),
            "src_is_causal": True,
            "tgt_mask": CAUSAL,
            "tgt_is_causal": True,
            "memory_mask": ~np.tri(4, 3, dtype=bool),
            "memory_is_causal": True,
        }
    ),
    "transformer-generated-mask": ModuleRow(
        lambda lib: lib.nn.Transformer(6, 2, 1, 1, 4, 0.0),
        [MEMORY, TARGET],
        lambda lib, module, src, tgt: module(
            src, tgt, tgt_mask=module.generate_square_subsequent_mask(4, dtype=src.dtype)
        ),
    ),
    "transformer-custom": ModuleRow(
        lambda lib: lib.nn.Transformer(
            6,
            2,
            custom_encoder=lib.nn.TransformerEncoder(lib.nn.TransformerEncoderLayer(*SMALL), 1),
            custom_decoder=lib.nn.TransformerDecoder(lib.nn.TransformerDecoderLayer(*SMALL), 1),
        ),
        [MEMORY, TARGET],
    ),
    "transformer-dtype": ModuleRow(
        lambda lib: lib.nn.Transformer(6, 2, 1, 1, 4, 0.0, dtype=lib.float32),
        [MEMORY, TARGET],
        lambda lib, module, *x: module.to(x[0].dtype)(*x),
    ),
}

ENCODER_DROPS = "dropout", "dropout1", "dropout2", "self_attn"
DECODER_DROPS = *ENCODER_DROPS, "dropout3", "multihead_attn"
MODULES |= {f"encoder-layer-{name}": dropping("Encoder", name) for name in ENCODER_DROPS}
MODULES |= {f"decoder-layer-{name}": dropping("Decoder", name) for name in DECODER_DROPS}

ROWS = {
    "mask": Row(lambda lib: lib.nn.Transformer.generate_square_subsequent_mask(3)),
    "mask-dtype": Row(
        lambda lib: lib.nn.Transformer.generate_square_subsequent_mask(sz=2, device="cpu", dtype=lib.float64)
    ),
    "mask-empty": Row(lambda lib: lib.nn.Transformer.generate_square_subsequent_mask(0)),
}

DEVICE = {"device": "cuda"}

NOT_BUILT = {
    "encoder-layer-device": (lambda: nn.TransformerEncoderLayer(6, 2, **DEVICE), "device"),
    "decoder-layer-device": (lambda: nn.TransformerDecoderLayer(6, 2, **DEVICE), "device"),
    "transformer-device": (lambda: nn.Transformer(6, 2, **DEVICE), "device"),
    "mask-device": (lambda: nn.Transformer.generate_square_subsequent_mask(3, **DEVICE), "device"),
}

X = scratch.ones(*TARGET)


def small():
    return nn.Transformer(6, 2, 1, 1, 4)


BAD = {
    "activation": (lambda: nn.TransformerEncoderLayer(6, 2, activation="sin"), ValueError, "'gelu'.*'sin'"),
    "heads": (lambda: nn.TransformerDecoderLayer(6, 4), ValueError, "num_heads=4 and embed_dim=6"),
    "batches": (lambda: small()(X[:, :1], X), ValueError, r"got \(4, 1, 6\) and \(4, 2, 6\)"),
    "features": (lambda: small()(X[..., :5], X), ValueError, "6 features"),
    "causal": (
        lambda: nn.TransformerEncoderLayer(6, 2)(X, is_causal=True),
        ValueError,
        "expected attn_mask with it",
    ),
    "mask-shape": (
        lambda: nn.TransformerEncoderLayer(6, 2)(X, scratch.ones(3, 4)),
        ValueError,
        r"attn_mask \(4, 4\) or \(4, 4, 4\), got \(3, 4\)",
    ),
}
