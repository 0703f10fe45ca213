"""Recurrent layers: one piece against step by step, against torch at random sizes, and in training."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn.functional import recurrent

KINDS = ("RNN", "LSTM", "GRU")
GATES = {"rnn": 1, "lstm": 4, "gru": 3}


def arguments(kind, steps=4, n=2, features=3, hidden=5, bias=True, seed=0):
    """Return input, initial states, weights and biases for one layer, float64 tensors with gradients."""
    rng, rows = np.random.default_rng(seed), GATES[kind] * hidden
    shapes = [(steps, n, features)] + [(n, hidden)] * (1 + (kind == "lstm"))
    shapes += [(rows, features), (rows, hidden)] + [(rows,)] * 2 * bias
    return [scratch.tensor(rng.standard_normal(shape), requires_grad=True) for shape in shapes]


def gradients(outputs, inputs):
    """Send a random gradient back from all outputs and return what arrives at the inputs."""
    rng = np.random.default_rng(1)
    for x in inputs:
        x.grad = None
    for y in outputs:
        y.backward(rng.standard_normal(y.shape), retain_graph=True)
    return [x.grad.data for x in inputs]


def assert_close(found, expected, tolerance=1e-12):
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", GATES)
@given(sizes=st.tuples(*[st.integers(1, 6)] * 4), seed=st.integers(0, 99))
@settings(max_examples=8, deadline=None)
def test_a_layer_is_its_cell_at_every_step(kind, bias, nonlinearity, sizes, seed):
    inputs = arguments(kind, *sizes, bias=bias, seed=seed)
    extra = {"nonlinearity": nonlinearity} if kind == "rnn" else {}

    def cell(*args):
        return getattr(recurrent, f"{kind}_cell")(*args, **extra)

    states = 1 + (kind == "lstm")
    x, state, weights = inputs[0], inputs[1 : 1 + states], inputs[1 + states :]
    whole = getattr(recurrent, kind)(*inputs, **extra)
    by_steps = recurrent.unrolled(cell, x, state, *weights)
    assert_close([y.data for y in whole], [y.data for y in by_steps])
    assert_close(gradients(whole, inputs), gradients(by_steps, inputs), 1e-10)


@pytest.mark.parametrize("kind", GATES)
def test_the_gradient_is_the_slope(kind):
    assert scratch.gradcheck(getattr(recurrent, kind), arguments(kind))


def test_the_gradient_of_relu_is_the_slope():
    assert scratch.gradcheck(lambda *x: recurrent.rnn(*x, nonlinearity="relu"), arguments("rnn"))


@pytest.mark.parametrize("kind", GATES)
def test_the_way_back_changes_nothing(kind):
    node = getattr(recurrent, kind)(*arguments(kind))[0].grad_fn
    while not repr(node).startswith(f"<{kind.title()}"):  # beneath the views of its result
        (node,) = node.parents
    upstream = np.random.default_rng(2).standard_normal(node.shape)
    kept = upstream.copy()
    first = [np.array(g) for g in node.backward(upstream)]
    assert_close(node.backward(upstream), first, 0)
    np.testing.assert_array_equal(upstream, kept)


@pytest.mark.parametrize("kind", GATES)
def test_only_what_is_asked_for_gets_a_gradient(kind):
    inputs = arguments(kind)
    everything = gradients(getattr(recurrent, kind)(*inputs), inputs)
    for i, x in enumerate(inputs):
        for y in inputs:
            y.requires_grad, y.grad = y is x, None
        outputs = getattr(recurrent, kind)(*inputs)
        assert_close(gradients(outputs, [x]), [everything[i]])
        assert all(y.grad is None for y in inputs if y is not x)
    with scratch.no_grad():
        assert not any(y.requires_grad for y in getattr(recurrent, kind)(*inputs))


@pytest.mark.parametrize("kind", KINDS)
def test_values_that_are_overwritten_before_the_way_back_are_noticed(kind):
    layer = getattr(nn, kind)(3, 4)
    output, _ = layer(scratch.ones(5, 2, 3))
    with scratch.no_grad():
        layer.weight_hh_l0 += 1
    with pytest.raises(RuntimeError, match=r"modified by an inplace operation.*\(\d+, 4\)"):
        output.sum().backward()


CONFIGURATIONS = st.fixed_dictionaries(
    {
        "num_layers": st.integers(1, 3),
        "bias": st.booleans(),
        "batch_first": st.booleans(),
        "bidirectional": st.booleans(),
    }
)


@pytest.mark.parametrize("kind", KINDS)
@given(
    configuration=CONFIGURATIONS,
    sizes=st.tuples(*[st.integers(1, 5)] * 4),
    started=st.booleans(),
    seed=st.integers(0, 99),
)
@settings(max_examples=25, deadline=None)
def test_it_is_torchs_at_random_sizes(kind, configuration, sizes, started, seed):
    steps, n, features, hidden = sizes
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, steps, features) if configuration["batch_first"] else (steps, n, features))
    count = configuration["num_layers"] * (1 + configuration["bidirectional"])
    starts = rng.standard_normal((2, count, n, hidden))[: 1 + (kind == "LSTM")]
    other = getattr(torch.nn, kind)(features, hidden, dtype=torch.float64, **configuration)
    mine = getattr(nn, kind)(features, hidden, dtype=scratch.float64, **configuration)
    mine.load_state_dict({k: v.numpy() for k, v in other.state_dict().items()})
    results = []
    for lib, layer in ((scratch, mine), (torch, other)):
        inputs = [lib.tensor(a, requires_grad=True) for a in (x, *starts)]
        hx = (tuple(inputs[1:]) if kind == "LSTM" else inputs[1]) if started else None
        output, last = layer(inputs[0], hx)
        outputs = [output, *(last if kind == "LSTM" else [last])]
        draws = np.random.default_rng(5)
        total = sum((y * lib.tensor(draws.standard_normal(tuple(y.shape)))).sum() for y in outputs)
        total.backward()
        learnt = list(layer.parameters()) + inputs[: len(inputs) if started else 1]
        results.append([np.asarray(y.detach().numpy()) for y in outputs + [p.grad for p in learnt]])
    assert_close(*results, 1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_one_sequence_is_a_batch_of_one(kind):
    layer = getattr(nn, kind)(3, 4, 2, bidirectional=True)
    x = scratch.randn(5, 3)
    output, last = layer(x)
    outputs, several = layer(x.unsqueeze(1))
    assert_close([output.data], [outputs.data[:, 0]])
    pairs = zip(last, several, strict=True) if kind == "LSTM" else [(last, several)]
    for one, many in pairs:
        assert_close([one.data], [many.data[:, 0]])


@pytest.mark.parametrize("kind", KINDS)
def test_a_sequence_may_be_read_in_parts(kind):
    layer = getattr(nn, kind)(3, 4, 2, dtype=scratch.float64)
    x = scratch.randn(7, 2, 3, dtype=scratch.float64)
    output, last = layer(x)
    first, state = layer(x[:3])
    second, end = layer(x[3:], state)
    assert_close([scratch.cat([first, second]).data], [output.data])
    pairs = zip(last, end, strict=True) if kind == "LSTM" else [(last, end)]
    for a, b in pairs:
        assert_close([a.data], [b.data])


@pytest.mark.parametrize("kind", KINDS)
def test_dropout_comes_between_layers_in_training_only(kind):
    layer = getattr(nn, kind)(3, 4, 2, dropout=0.5)
    x = scratch.randn(5, 2, 3)
    assert not np.array_equal(layer(x)[0].data, layer(x)[0].data)
    scratch.manual_seed(1)
    first = layer(x)[0].data
    scratch.manual_seed(1)
    np.testing.assert_array_equal(layer(x)[0].data, first)
    layer.eval()
    np.testing.assert_array_equal(layer(x)[0].data, layer(x)[0].data)
    for lib in (scratch, torch):
        with pytest.warns(UserWarning, match="dropout"):
            getattr(lib.nn, kind)(3, 4, dropout=0.5)


@pytest.mark.parametrize("kind", (*KINDS, "RNNCell", "LSTMCell", "GRUCell"))
def test_they_begin_as_torchs(kind):
    layer, other = getattr(nn, kind)(30, 25), getattr(torch.nn, kind)(30, 25)
    values = np.concatenate([p.detach().data.ravel() for p in layer.parameters()])
    expected = np.concatenate([p.detach().numpy().ravel() for p in other.parameters()])
    assert np.abs(values).max() <= 1 / 5 and abs(values.std() - expected.std()) < 0.01
    assert {p.dtype for p in layer.parameters()} == {np.dtype("float32")}
    before = values.copy()
    layer.reset_parameters()
    assert not np.array_equal(layer.weight_ih_l0.data if kind in KINDS else layer.weight_ih.data, before)
    scratch.manual_seed(4)
    twin = getattr(nn, kind)(30, 25)
    scratch.manual_seed(4)
    for p, q in zip(twin.parameters(), getattr(nn, kind)(30, 25).parameters(), strict=True):
        np.testing.assert_array_equal(p.data, q.data)


@pytest.mark.parametrize("kind", KINDS)
def test_what_torchs_users_do_with_a_layer(kind):
    layer = getattr(nn, kind)(3, 4, 2)
    assert layer.flatten_parameters() is None
    assert [list(map(tuple, [p.shape for p in ps])) for ps in layer.all_weights] == [
        list(map(tuple, [p.shape for p in ps])) for ps in getattr(torch.nn, kind)(3, 4, 2).all_weights
    ]
    output, _ = layer(scratch.ones(5, 2, 3))
    assert output.view(-1, 4).shape == (10, 4)  # torch's output is contiguous, too
    layer.weight_ih_l0 = nn.Parameter(scratch.zeros(*layer.weight_ih_l0.shape))
    assert layer.all_weights[0][0] is layer.weight_ih_l0
    names = [name for name, _ in getattr(torch.nn, kind)(3, 4, 2).named_parameters()]
    assert [name for name, _ in layer.named_parameters()] == names


TEXT = "the cell keeps what it needs and forgets what it does not; the gates decide. "


def character_model(lib, kind):
    """Characters to vectors, a recurrent layer, and scores for the next character."""

    class Model(lib.nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = lib.nn.Embedding(27, 8)
            self.recurrent = getattr(lib.nn, kind)(8, 16, 2, batch_first=True)
            self.head = lib.nn.Linear(16, 27)

        def forward(self, characters, state=None):
            y, state = self.recurrent(self.embedding(characters), state)
            return self.head(y), state

    return Model()


@pytest.mark.parametrize("kind", KINDS)
def test_training_on_characters_is_torchs(kind):
    codes = np.array([max(0, ord(c) - 96) for c in TEXT * 4])
    for lib in (scratch, torch):
        lib.set_default_dtype(lib.float64)
    models = {lib: character_model(lib, kind) for lib in (torch, scratch)}
    start = models[torch].state_dict()
    models[scratch].load_state_dict({k: v.numpy().copy() for k, v in start.items()})
    losses = {}
    for lib, model in models.items():
        optimizer, state = lib.optim.Adam(model.parameters(), lr=0.01), None
        losses[lib] = []
        for step in range(20):
            window = lib.tensor(np.stack([codes[k : k + 13] for k in (12 * step, 12 * step + 31)]) % 27)
            optimizer.zero_grad()
            scores, state = model(window[:, :-1], state)
            # the next step goes on from these states, without a way back through them
            state = tuple(s.detach() for s in state) if kind == "LSTM" else state.detach()
            loss = lib.nn.functional.cross_entropy(scores.reshape(-1, 27), window[:, 1:].reshape(-1))
            loss.backward()
            optimizer.step()
            losses[lib].append(loss.item())
    np.testing.assert_allclose(losses[scratch], losses[torch], rtol=1e-9)
    assert losses[scratch][-1] < losses[scratch][0] < 1.2 * math.log(27)


def test_a_long_memory_is_learnt():
    """The first of 30 numbers is named at the end: an LSTM learns it in a few steps."""
    x = scratch.randn(64, 30, 1)
    y = (x.data[:, 0, 0] > 0).astype(np.int64)
    layer, head = nn.LSTM(1, 16, batch_first=True), nn.Linear(16, 2)
    with scratch.no_grad():
        layer.bias_hh_l0[16:32] = 2  # the forget gates begin open (Jozefowicz et al., 2015)
    parameters = list(itertools.chain(layer.parameters(), head.parameters()))
    optimizer = scratch.optim.Adam(parameters, lr=0.02)
    for _ in range(150):
        optimizer.zero_grad()
        scores = head(layer(x)[0][:, -1])
        loss = nn.functional.cross_entropy(scores, y)
        loss.backward()
        optimizer.step()
    assert (scores.data.argmax(1) == y).mean() > 0.95
