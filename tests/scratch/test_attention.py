"""Attention: its two ways agree, nothing leaks from the future, and chance does what it should."""

import sys
import tracemalloc

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from .rows import Row, check_row

WITHIN = 1e-11  # float64, of numbers near 1


def drawn(*shapes, seed=0, dtype="float64"):
    """Tensors from N(0, 1) that want gradients."""
    rng = np.random.default_rng(seed)
    return [scratch.Tensor(rng.standard_normal(s).astype(dtype), requires_grad=True) for s in shapes]


def results(inputs, **settings):
    """The output, and the gradients of a random sum of it."""
    y = F.scaled_dot_product_attention(*inputs, **settings)
    for x in inputs:
        x.grad = None
    y.backward(np.random.default_rng(1).standard_normal(y.shape))
    return [y.detach().numpy(), *(x.grad.numpy() for x in inputs)]


def assert_equal(first, second, within=WITHIN):
    for a, b in zip(first, second, strict=True):
        np.testing.assert_allclose(a, b, rtol=within, atol=within * max(1, np.abs(b).max()))


# --- any shape, any mask


@st.composite
def cases(draw):
    """Shapes of query, key and value, and settings with a mask's shape and kind."""
    n = st.integers(1, 5)
    rows, columns, width, value = draw(n), draw(n), draw(n), draw(n)
    batch = draw(st.lists(st.integers(1, 3), max_size=2))
    shared = [m if draw(st.booleans()) else 1 for m in batch]  # broadcast
    shared = shared[draw(st.integers(0, len(shared))) :]
    grouped = draw(st.booleans())
    heads = [draw(st.sampled_from([2, 4, 6]))] if grouped else []
    some = [draw(st.sampled_from([m for m in (1, 2, 3) if heads[0] % m == 0]))] if grouped else []
    shapes = [
        (*batch, *heads, rows, width),
        (*shared, *some, columns, width),
        (*shared, *some, columns, value),
    ]
    # with a negative scale torch 2.13's causal kernel gives NaN
    given = {"enable_gqa": grouped, "scale": draw(st.sampled_from([None, 0.5, 2.0]))}
    kind = draw(st.sampled_from(["none", "causal", "bool", "float"]))
    leading = [m if draw(st.booleans()) else 1 for m in (*batch, *heads)]
    leading = leading[draw(st.integers(0, len(leading))) :]
    mask = (*leading, draw(st.sampled_from([1, rows])), draw(st.sampled_from([1, columns])))
    return shapes, given, kind, mask, draw(st.integers(0, 99))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_it_is_torchs_for_any_shapes_and_masks(case):
    shapes, settings, kind, mask, seed = case
    settings["is_causal"] = kind == "causal"
    truths = np.random.default_rng(seed).random(mask) < 0.7  # some queries may see nothing

    def call(lib, q, k, v, *masks):
        if kind == "bool":
            masks = [lib.tensor(truths)]
        return lib.nn.functional.scaled_dot_product_attention(q, k, v, *masks, **settings)

    check_row(Row(call, shapes + [mask] * (kind == "float")))


# --- causal


@pytest.mark.parametrize(
    "rows, columns", [(1, 1), (64, 64), (65, 65), (128, 128), (200, 200), (70, 130), (130, 70)]
)
@pytest.mark.parametrize("scale", [0.3, 50.0])  # 50: scores far beyond what e^score can hold
def test_in_blocks_it_is_the_formula_with_a_mask(rows, columns, scale):
    inputs = drawn((3, 2, rows, 5), (3, 2, columns, 5), (2, columns, 4))
    mask = scratch.ones(rows, columns, dtype=bool).data
    in_blocks = results(inputs, is_causal=True, scale=scale)
    written_out = results(inputs, attn_mask=np.tril(mask), scale=scale)
    assert_equal(in_blocks, written_out)


def test_in_groups_of_examples_it_is_the_same(monkeypatch):
    inputs = drawn((5, 2, 100, 4), (5, 2, 100, 4), (5, 2, 100, 4))
    expected = results(inputs, is_causal=True)
    for together in (1, 2 * 64 * 100 * 2, 10**9):
        monkeypatch.setattr(sys.modules[f"{F.__name__}.attention"], "TOGETHER", together)
        assert_equal(results(inputs, is_causal=True), expected)


def test_memory_layout_is_kept():
    together = drawn((2, 70, 3, 4, 8))[0].permute(2, 0, 3, 1, 4)  # (3, N, heads, L, E)
    y = F.scaled_dot_product_attention(*together, is_causal=True)
    assert y.transpose(1, 2).data.flags.c_contiguous  # heads side by side: no copy to join them


@pytest.mark.parametrize("length", [5, 64, 150])
@pytest.mark.parametrize("value, within", [(-2, 0), (1e3, 1e-15)])  # large scores are shifted, thus rounded
def test_the_future_does_not_leak(length, value, within):
    q, k, v = drawn(*[(2, length, 4)] * 3)
    before = F.scaled_dot_product_attention(q, k, v, is_causal=True).data
    for t in (0, 1, length // 2, length - 2):
        later = np.arange(length)[:, None] > t
        changed = [scratch.Tensor(np.where(later, value, x.data)) for x in (q, k, v)]
        after = F.scaled_dot_product_attention(*changed, is_causal=True).data
        np.testing.assert_allclose(after[:, : t + 1], before[:, : t + 1], rtol=within, atol=within)
        assert np.abs(after[:, t + 1 :] - before[:, t + 1 :]).max() > 0.1


def test_gradients_do_not_come_from_the_past():
    inputs = drawn(*[(100, 4)] * 3)
    y = F.scaled_dot_product_attention(*inputs, is_causal=True)
    only_70 = np.arange(100)[:, None] == 70
    y.backward(np.where(only_70, y.data, 0))
    for x in inputs:
        assert not x.grad.numpy()[71:].any()
        assert x.grad.numpy()[70].any()


def test_scores_are_never_all_in_memory():
    length = 2048
    inputs = drawn(*[(length, 8)] * 3, dtype="float32")
    tracemalloc.start()
    try:
        y = F.scaled_dot_product_attention(*inputs, is_causal=True)
        y.backward(y.data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < length * length * 4 / 4  # a quarter of the scores


@pytest.mark.parametrize("is_causal", [False, True])
def test_single_precision_stays_close(is_causal):
    inputs = drawn(*[(2, 300, 16)] * 3, dtype="float32")
    exact = [scratch.Tensor(x.data.astype("float64"), requires_grad=True) for x in inputs]
    assert_equal(results(inputs, is_causal=is_causal), results(exact, is_causal=is_causal), within=1e-5)


@pytest.mark.parametrize("changed", range(3))
def test_an_overwritten_input_is_noticed(changed):
    inputs = drawn((2, 5, 4), (5, 4), (3, 2, 5, 4))
    y = F.scaled_dot_product_attention(*inputs, is_causal=True)
    with scratch.no_grad():
        inputs[changed] += 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


# --- what it means


def test_equal_keys_give_the_average():
    q, _, v = drawn((4, 3), (6, 3), (6, 2))
    y = F.scaled_dot_product_attention(q, scratch.ones(6, 3, dtype=q.dtype), v)
    np.testing.assert_allclose(y.data, np.tile(v.data.mean(0), (4, 1)), atol=WITHIN)


def test_a_matching_key_gives_its_value():
    keys = scratch.tensor(np.eye(5))
    v = drawn((5, 2))[0]
    y = F.scaled_dot_product_attention(keys[[3, 1]], keys, v, scale=100.0)
    np.testing.assert_allclose(y.data, v.data[[3, 1]], atol=WITHIN)


@pytest.mark.parametrize("need_weights", [True, False])
def test_without_positions_the_order_does_not_matter(need_weights):
    scratch.set_default_dtype(scratch.float64)
    layer, (x,) = nn.MultiheadAttention(8, 2, batch_first=True), drawn((3, 7, 8))
    order = np.random.default_rng(2).permutation(7)
    y = layer(x, x, x, need_weights=need_weights)[0].data
    z = x[:, order]
    np.testing.assert_allclose(layer(z, z, z, need_weights=need_weights)[0].data, y[:, order], atol=WITHIN)


def test_padding_changes_nothing():
    scratch.set_default_dtype(scratch.float64)
    layer, (x,) = nn.MultiheadAttention(8, 2, batch_first=True), drawn((3, 5, 8))
    longer = scratch.cat([x, scratch.full((3, 2, 8), 1e3, dtype=x.dtype)], 1)
    padding = np.arange(7) >= 5
    y, weights = layer(x, longer, longer, key_padding_mask=np.tile(padding, (3, 1)))
    expected, of_five = layer(x, x, x)
    np.testing.assert_allclose(y.data, expected.data, atol=WITHIN)
    np.testing.assert_allclose(weights.data[..., :5], of_five.data, atol=WITHIN)
    assert not weights.data[..., 5:].any()


# --- chance


@pytest.mark.parametrize("is_causal", [False, True])
def test_weights_are_dropped_and_the_rest_made_up_for(is_causal):
    n, p = 400, 0.3
    zeros, values = scratch.zeros(n, 1, dtype=scratch.float64), scratch.tensor(np.eye(n))
    weights = F.scaled_dot_product_attention(zeros, zeros, values, None, p, is_causal).data  # V = I
    rows, columns = np.tril_indices(n) if is_causal else np.indices((n, n)).reshape(2, -1)
    seen = weights[rows, columns]
    expected = 1 / (rows + 1.0) if is_causal else np.full(n * n, 1 / n)
    kept = seen != 0
    assert abs(kept.mean() - (1 - p)) < 5 * np.sqrt(p * (1 - p) / len(kept))
    np.testing.assert_allclose(seen[kept], expected[kept] / (1 - p), rtol=1e-12)
    assert np.count_nonzero(weights) == kept.sum()


def test_the_gradient_passes_where_weights_were_kept():
    q, k, v = drawn((1, 3), (50, 3), (50, 1))
    y = F.scaled_dot_product_attention(q, k, v, dropout_p=0.5)
    y.sum().backward()
    kept = v.grad.data != 0
    assert 10 < kept.sum() < 40
    np.testing.assert_allclose((v.grad.data * v.data).sum(), y.item(), rtol=1e-12)


@pytest.mark.parametrize("need_weights", [True, False])
def test_a_layer_drops_weights_in_training_only(need_weights):
    layer, (x,) = nn.MultiheadAttention(8, 2, dropout=0.5), drawn((6, 3, 8), dtype="float32")

    def once():
        return layer(x, x, x, need_weights=need_weights)[0].data

    assert (once() != once()).any()
    layer.eval()
    np.testing.assert_array_equal(once(), once())


# --- the layer


def test_it_starts_as_torchs():
    mine, other = (
        nn.MultiheadAttention(48, 4, add_bias_kv=True),
        torch.nn.MultiheadAttention(48, 4, add_bias_kv=True),
    )
    theirs = dict(other.named_parameters())
    for name, p in mine.named_parameters():
        values, expected = p.detach().numpy(), theirs[name].detach().numpy()
        if name in ("bias_k", "bias_v"):  # normal, of 48 numbers
            assert 0.5 < values.std() / np.sqrt(2 / (48 + 48)) < 1.5
        else:  # uniform, or zeros
            np.testing.assert_allclose(np.abs(values).max(), np.abs(expected).max(), rtol=0.02, err_msg=name)


@pytest.mark.parametrize("need_weights", [True, False])
@pytest.mark.parametrize(
    "masks", [{}, {"key_padding_mask": [[False] * 4 + [True]] * 2}, {"attn_mask": "causal"}]
)
def test_torchs_fast_path_gives_the_same(need_weights, masks):
    """In evaluation and without gradients torch runs other code."""
    if masks.get("attn_mask") == "causal":
        masks = {"attn_mask": ~np.tri(5, dtype=bool)}
    scratch.set_default_dtype(scratch.float64)
    other = torch.nn.MultiheadAttention(8, 2, batch_first=True, dropout=0.5, dtype=torch.float64).eval()
    mine = nn.MultiheadAttention(8, 2, batch_first=True, dropout=0.5).eval()
    mine.load_state_dict({k: v.numpy() for k, v in other.state_dict().items()})
    x = drawn((2, 5, 8))[0].detach()
    with scratch.no_grad(), torch.no_grad():
        y = mine(x, x, x, need_weights=need_weights, **masks)
        t = torch.tensor(x.numpy())
        z = other(t, t, t, need_weights=need_weights, **{k: torch.tensor(m) for k, m in masks.items()})
    np.testing.assert_allclose(y[0].data, z[0].numpy(), atol=1e-9)
    assert (y[1] is None) == (z[1] is None)
    if need_weights:
        np.testing.assert_allclose(y[1].data, z[1].numpy(), atol=1e-9)
