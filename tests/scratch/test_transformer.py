"""Transformers that train: on both engines from the same weights, step by step the same losses."""

import copy

import numpy as np
import pytest
import torch

from nbcourse import scratch
from nbcourse.scratch import nn

STEPS = 20
pytestmark = pytest.mark.filterwarnings("ignore:.*nested")  # how torch computes faster


@pytest.fixture(autouse=True)
def double_precision():
    for lib in (scratch, torch):
        lib.set_default_dtype(lib.float64)


def gpt(lib, vocabulary=11, length=9, width=8, heads=2):
    """A GPT of two blocks: causal attention and tanh-GELU, normalised before each sublayer."""
    nn, F = lib.nn, lib.nn.functional

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width, bias=False)
            self.qkv, self.mix = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

        def forward(self, x):
            n, t, _ = x.shape
            qkv = self.qkv(self.norm1(x)).reshape(n, t, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
            y = F.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], is_causal=True)
            x = x + self.mix(y.transpose(1, 2).reshape(n, t, width))
            return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))

    class GPT(nn.Module):
        def __init__(self):
            super().__init__()
            self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(length, width)
            self.blocks, self.norm = nn.Sequential(Block(), Block()), nn.LayerNorm(width)
            self.head = nn.Linear(width, vocabulary)

        def forward(self, tokens):
            x = self.tokens(tokens) + self.positions(lib.arange(tokens.shape[1]))
            return self.head(self.norm(self.blocks(x)))

    return GPT()


def copied(lib, make):
    """A model with torch's random weights, the same for both libraries."""
    torch.manual_seed(3)
    weights = {name: x.numpy() for name, x in make(torch).state_dict().items()}
    model = make(lib)
    model.load_state_dict({name: lib.tensor(x) for name, x in weights.items()})
    return model


def trained(lib, model, loss_of, batches):
    """The losses of training with Adam, a step for each batch."""
    optimizer, losses = lib.optim.Adam(model.parameters(), lr=0.01), []
    for batch in batches:
        optimizer.zero_grad()
        loss = loss_of(model, *[lib.tensor(x) for x in batch])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def test_a_gpt_trains_like_torchs():
    rng = np.random.default_rng(0)
    texts = [rng.integers(0, 11, (4, 9)) for _ in range(STEPS)]
    batches = [(text, (text + 1) % 11) for text in texts]
    losses = {}
    for lib in (scratch, torch):

        def loss_of(model, text, following, F=lib.nn.functional):
            return F.cross_entropy(model(text).reshape(-1, 11), following.reshape(-1))

        losses[lib] = trained(lib, copied(lib, gpt), loss_of, batches)
    np.testing.assert_allclose(losses[scratch], losses[torch], rtol=1e-9)
    assert losses[scratch][-1] < 0.7 * losses[scratch][0]


@pytest.mark.parametrize("norm_first", [False, True])
def test_an_encoder_and_decoder_train_like_torchs(norm_first):
    """To say a sequence backwards; the sources have different lengths and are padded."""

    def make(lib):
        nn = lib.nn
        settings = {"dim_feedforward": 16, "dropout": 0.0, "batch_first": True, "norm_first": norm_first}
        return nn.ModuleList(
            [
                nn.Embedding(7, 8),
                nn.Embedding(6, 8),
                nn.Transformer(8, 2, 2, 2, activation="gelu", **settings),
                nn.Linear(8, 7),
            ]
        )

    rng = np.random.default_rng(0)
    batches = []
    for _ in range(STEPS):
        source, padding = rng.integers(1, 7, (5, 6)), np.arange(6) >= rng.integers(3, 7, (5, 1))
        batches.append((np.where(padding, 0, source), source[:, ::-1].copy(), padding))
    losses = {}
    for lib in (scratch, torch):

        def loss_of(model, source, target, padding, lib=lib):
            words, positions, transformer, head = model
            order = positions(lib.arange(6))
            y = transformer(
                words(source) + order,
                words(target)[:, :-1] + order[:-1],
                tgt_mask=transformer.generate_square_subsequent_mask(5),
                src_key_padding_mask=padding,
                memory_key_padding_mask=padding,
            )
            return lib.nn.functional.cross_entropy(head(y).reshape(-1, 7), target[:, 1:].reshape(-1))

        losses[lib] = trained(lib, copied(lib, make), loss_of, batches)
    np.testing.assert_allclose(losses[scratch], losses[torch], rtol=1e-9)
    assert losses[scratch][-1] < 0.95 * losses[scratch][0]


def test_a_gpt_does_not_see_the_next_token():
    model, tokens = copied(scratch, gpt), np.random.default_rng(1).integers(0, 11, (3, 9))
    before = model(scratch.tensor(tokens)).data
    for t in range(8):
        changed = np.where(np.arange(9) > t, (tokens + 5) % 11, tokens)
        after = model(scratch.tensor(changed)).data
        np.testing.assert_array_equal(after[:, : t + 1], before[:, : t + 1])
        assert (after[:, t + 1] != before[:, t + 1]).any()


def test_a_shorter_text_gives_the_same_predictions():
    model, tokens = copied(scratch, gpt), np.random.default_rng(1).integers(0, 11, (3, 9))
    whole = model(scratch.tensor(tokens)).data
    for t in (1, 4, 8):
        np.testing.assert_allclose(model(scratch.tensor(tokens[:, :t])).data, whole[:, :t], atol=1e-12)


def test_an_encoder_does_not_know_the_order():
    model = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, 0.0, batch_first=True), 2)
    rng = np.random.default_rng(2)
    x, order = scratch.tensor(rng.standard_normal((3, 7, 8))), rng.permutation(7)
    np.testing.assert_allclose(model(x[:, order]).data, model(x).data[:, order], atol=1e-12)


# --- torch's other code, for evaluation without gradients


@pytest.mark.parametrize(
    "settings", [{}, {"activation": "gelu"}, {"norm_first": True}, {"nhead": 1}, {"bias": False}]
)
@pytest.mark.parametrize("padded", [False, True])
def test_evaluation_is_torchs_where_nothing_is_padded(settings, padded):
    def make(lib):
        given = {"d_model": 8, "nhead": 2, "dim_feedforward": 12, "batch_first": True} | settings
        return lib.nn.TransformerEncoder(
            lib.nn.TransformerEncoderLayer(**given), 2, lib.nn.LayerNorm(8)
        ).eval()

    x = np.random.default_rng(0).standard_normal((3, 5, 8))
    padding = np.arange(5) >= np.array([[5], [3], [4]])
    outputs = []
    for lib in (scratch, torch):
        with lib.no_grad():
            masks = {"src_key_padding_mask": lib.tensor(padding)} if padded else {}
            outputs.append(copied(lib, make).eval()(lib.tensor(x), **masks).numpy())
    seen = ~padding if padded else padding | True
    np.testing.assert_allclose(outputs[0][seen], outputs[1][seen], atol=1e-9)


# --- layers and stacks


@pytest.mark.parametrize("kind", ["Encoder", "Decoder"])
def test_a_stack_copies_its_layer(kind):
    layer = getattr(nn, f"Transformer{kind}Layer")(8, 2, 16)
    stack = getattr(nn, f"Transformer{kind}")(layer, 3)
    own = dict(layer.named_parameters())
    for part in stack.layers:
        for name, p in part.named_parameters():
            np.testing.assert_array_equal(p.data, own[name].data)
            assert not np.shares_memory(p.data, own[name].data)
    assert len(list(stack.parameters())) == 3 * len(own)
    assert len(stack.layers) == stack.num_layers == 3


def test_a_copied_transformer_is_independent():
    model = nn.Transformer(8, 2, 1, 1, 16)
    twin = copy.deepcopy(model)
    with scratch.no_grad():
        for p in model.parameters():
            p += 1
    for (name, p), (_, q) in zip(model.named_parameters(), twin.named_parameters(), strict=True):
        np.testing.assert_allclose(p.data - q.data, 1, err_msg=name)


def test_it_starts_as_torchs():
    settings = (32, 4, 1, 1, 64)
    mine, other = nn.Transformer(*settings), torch.nn.Transformer(*settings)
    for (name, p), (_, q) in zip(mine.named_parameters(), other.named_parameters(), strict=True):
        largest, expected = np.abs(p.data).max(), q.detach().abs().max().item()
        np.testing.assert_allclose(largest, expected, rtol=0.1, err_msg=name)


def test_dropout_in_training_only():
    model = nn.Transformer(8, 2, 1, 1, 16, dropout=0.3)
    x = scratch.tensor(np.random.default_rng(0).standard_normal((5, 2, 8)))
    assert (model(x, x).data != model(x, x).data).any()
    model.eval()
    np.testing.assert_array_equal(model(x, x).data, model(x, x).data)


@pytest.mark.parametrize("kind, places", [("Encoder", 4), ("Decoder", 6)])
def test_every_place_that_drops_is_there(kind, places):
    """Attention weights, each sublayer's result, and between the linear layers."""
    layer = getattr(nn, f"Transformer{kind}Layer")(8, 2, 16, dropout=0.25)
    drops = [m.p for m in layer.modules() if isinstance(m, nn.Dropout)]
    drops += [m.dropout for m in layer.modules() if isinstance(m, nn.MultiheadAttention)]
    assert drops == [0.25] * places


def test_custom_parts_are_called_with_torchs_names():
    class Part(nn.Module):
        def forward(self, *inputs, **masks):
            self.given = masks
            return inputs[0]

    encoder, decoder = Part(), Part()
    model = nn.Transformer(8, 2, custom_encoder=encoder, custom_decoder=decoder)
    x = scratch.ones(5, 2, 8)
    assert model(x, x, src_mask=1, memory_is_causal=True) is x
    assert encoder.given == {"mask": 1, "src_key_padding_mask": None, "is_causal": None}
    assert decoder.given == {
        "tgt_mask": None,
        "memory_mask": None,
        "tgt_key_padding_mask": None,
        "memory_key_padding_mask": None,
        "tgt_is_causal": None,
        "memory_is_causal": True,
    }
