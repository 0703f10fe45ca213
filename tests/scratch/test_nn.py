"""Modules, layers and initialisation against torch."""

import collections
import copy
import math

import numpy as np
import pytest
import torch

from nbcourse import scratch
from nbcourse.scratch import nn

from .helpers import assert_matches, assert_same

LIBRARIES = [scratch, torch]


def network(lib):
    """A network with nested parts, a shared layer, a buffer and names of its own."""
    layers = lib.nn

    class Net(layers.Module):
        def __init__(self):
            super().__init__()
            self.stem = layers.Sequential(layers.Linear(3, 4), layers.Tanh())
            self.blocks = layers.ModuleList([layers.Linear(4, 4), layers.Linear(4, 4, bias=False)])
            self.again = self.blocks[0]
            self.scale = layers.Parameter(lib.ones(1))
            self.register_buffer("mean", lib.zeros(4))
            self.register_buffer("scratchpad", lib.zeros(2), persistent=False)
            self.register_buffer("nothing", None)
            self.register_parameter("none", None)
            self.head = layers.Sequential(
                collections.OrderedDict(relu=layers.ReLU(), out=layers.Linear(4, 2))
            )

        def forward(self, x):
            x = self.stem(x)
            for block in self.blocks:
                x = x + block(x)
            return self.head(self.again(x) * self.scale - self.mean)

    return Net()


def names(pairs):
    return [name for name, _ in pairs]


def arrays(torch_state):
    return {k: v.detach().numpy() for k, v in torch_state.items()}


@pytest.mark.parametrize(
    "listing",
    [
        lambda m: names(m.named_parameters()),
        lambda m: names(m.named_parameters(prefix="x", recurse=False)),
        lambda m: names(m.named_parameters(remove_duplicate=False)),
        lambda m: names(m.named_buffers()),
        lambda m: names(m.named_children()),
        lambda m: names(m.named_modules()),
        lambda m: list(m.state_dict()),
        lambda m: list(m.stem.state_dict(prefix="stem.")),
        lambda m: len(list(m.parameters())) * 100 + len(list(m.modules())) * 10 + len(list(m.children())),
        lambda m: [type(part).__name__ for part in m.modules()],
        lambda m: [
            len(m.stem),
            len(m.blocks),
            type(m.head[-1]).__name__,
            len(m.head[:1]),
            list(m.head[1:].state_dict()),
        ],
        repr,
    ],
)
def test_structure_is_torchs(listing):
    mine, expected = (listing(network(lib)) for lib in LIBRARIES)
    assert mine == expected


@pytest.mark.parametrize("n", [0, 1, 3])
def test_a_module_list_prints_equal_neighbours_once(n):
    mine, expected = (
        repr(lib.nn.ModuleList([lib.nn.Linear(2, 2) for _ in range(n)] + [lib.nn.ReLU()] * n))
        for lib in LIBRARIES
    )
    assert mine == expected


def test_state_moves_from_torch_and_back():
    mine, other = network(scratch), network(torch)
    result = mine.load_state_dict(arrays(other.state_dict()))
    assert result == ([], [])
    x = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    y, t = mine(scratch.tensor(x)), other(torch.tensor(x))
    assert_same(y, t, 1e-6)
    y.sum().backward()
    t.sum().backward()
    for (name, p), (expected_name, q) in zip(mine.named_parameters(), other.named_parameters(), strict=True):
        assert name == expected_name
        assert_same(p.grad, q.grad, 1e-5, name)
    fresh = network(torch)
    fresh.load_state_dict({k: torch.tensor(v.numpy()) for k, v in mine.state_dict().items()})
    assert_same(y, fresh(torch.tensor(x)), 1e-6)


def test_a_state_dict_is_live_and_a_loaded_one_is_copied():
    layer = nn.Linear(2, 2)
    state = layer.state_dict()
    assert not state["weight"].requires_grad and np.shares_memory(state["weight"].data, layer.weight.data)
    weight = layer.weight
    values = {"weight": np.ones((2, 2)), "bias": [1.0, 2.0]}
    layer.load_state_dict(values)
    values["weight"][:] = 0
    assert layer.weight is weight and layer.weight.tolist() == [[1, 1], [1, 1]]
    assert layer.weight.dtype == scratch.float32 and layer.weight.requires_grad


def test_a_wrong_state_changes_nothing_and_names_all_problems():
    layer = nn.Linear(2, 3)
    before = layer.weight.data.copy()
    with pytest.raises(RuntimeError) as error:
        layer.load_state_dict({"weight": np.zeros((2, 3)), "extra": 1})
    for text in (
        "weight: expected shape (3, 2), got (2, 3)",
        "bias: expected by the module, missing",
        "extra: in the state dict, not expected",
    ):
        assert text in str(error.value)
    assert np.array_equal(layer.weight.data, before)
    result = layer.load_state_dict({"weight": np.zeros((3, 2)), "extra": 1}, strict=False)
    assert result.missing_keys == ["bias"] and result.unexpected_keys == ["extra"]
    with pytest.raises(RuntimeError, match="expected shape"):
        layer.load_state_dict({"bias": np.zeros(4)}, strict=False)
    with pytest.raises(NotImplementedError, match="assign"):
        layer.load_state_dict({}, assign=True)


def test_train_eval_zero_grad_apply_and_freezing():
    net = network(scratch)
    assert all(m.training for m in net.modules())
    assert net.eval() is net and not any(m.training for m in net.modules())
    assert all(m.training for m in net.train().modules())
    net(scratch.ones(1, 3)).sum().backward()
    net.zero_grad(set_to_none=False)
    assert all((p.grad == 0).all() for p in net.parameters())
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())
    seen, expected = [], []
    assert net.apply(lambda m: seen.append(type(m).__name__)) is net
    network(torch).apply(lambda m: expected.append(type(m).__name__))
    assert seen == expected
    net.requires_grad_(False)
    assert not net(scratch.ones(1, 3)).requires_grad
    with pytest.raises(ValueError, match="train: expected True or False, got 'yes'"):
        net.train("yes")


def test_dtype_of_a_module():
    net = network(scratch).double()
    assert {p.dtype for p in net.parameters()} == {net.mean.dtype} == {scratch.float64}
    assert net(scratch.ones(1, 3, dtype=scratch.float64)).dtype == scratch.float64
    net(scratch.ones(1, 3, dtype=scratch.float64)).sum().backward()
    assert net.float().scale.grad.dtype == scratch.float32
    assert net.to("cpu") is net
    with pytest.raises(NotImplementedError, match="cuda"):
        net.to("cuda")
    for integer in (scratch.int64, scratch.ones(2).long()):
        with pytest.raises(TypeError, match="to: expected a floating-point dtype, got int64"):
            net.to(integer)
    assert net.scale.dtype == scratch.float32


def test_a_copied_module_is_independent():
    net = network(scratch)
    twin = copy.deepcopy(net)
    assert isinstance(twin.scale, nn.Parameter) and twin.again is twin.blocks[0]
    with scratch.no_grad():
        twin.scale += 1
    assert net.scale.item() == 1 and twin.scale.item() == 2


def test_bad_assignments():
    class Early(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(1, 1)

    with pytest.raises(AttributeError, match=r"before Module.__init__\(\)"):
        Early()
    net = network(scratch)
    for name, value, text in (
        ("scale", scratch.ones(1), "expected a Parameter or None, got Tensor"),
        ("stem", 3, "expected a Module or None, got int"),
        ("mean", np.ones(4), "expected a Tensor or None for a buffer, got ndarray"),
    ):
        with pytest.raises(TypeError, match=text):
            setattr(net, name, value)
    with pytest.raises(TypeError, match="got ndarray"):
        net.register_buffer("b", np.ones(2))
    with pytest.raises(TypeError, match="Parameter expected"):
        nn.Parameter([1.0])
    with pytest.raises(TypeError, match="expected a Module, got function"):
        nn.Sequential(scratch.relu)
    with pytest.raises(NotImplementedError, match=r"define forward\(\)"):
        nn.Module()(1)
    with pytest.raises(NotImplementedError):
        nn.ModuleList([nn.Identity()])(1)
    with pytest.raises(IndexError, match="from -1 to 0, got 1"):
        nn.Sequential(nn.ReLU())[1]


@pytest.mark.parametrize("lib", LIBRARIES)
def test_containers_behave_like_lists(lib):
    layers = lib.nn
    for container in (layers.Sequential(layers.ReLU()), layers.ModuleList([layers.ReLU()])):
        container.append(layers.Tanh())
        container.extend([layers.Linear(2, 3), layers.Identity()])
        container.insert(1, layers.Sigmoid())
        container[0] = layers.Flatten()
        del container[-1]
        kinds = ["Flatten", "Sigmoid", "Tanh", "Linear"]
        assert [type(m).__name__ for m in container] == kinds
        assert list(container.state_dict()) == ["3.weight", "3.bias"]
        assert type(container[1:3]) is type(container) and len(container[1:3]) == 2


LAYERS = [
    ("Linear", (3, 5), {}, (3,)),
    ("Linear", (3, 5), {}, (2, 4, 3)),
    ("Linear", (3, 5), {"bias": False}, (7, 3)),
    ("ReLU", (), {}, (3, 5)),
    ("LeakyReLU", (0.2,), {}, (3, 5)),
    ("Sigmoid", (), {}, (3, 5)),
    ("Tanh", (), {}, (3, 5)),
    ("Softmax", (), {"dim": 1}, (3, 5)),
    ("LogSoftmax", (-1,), {}, (3, 5)),
    ("Flatten", (), {}, (2, 3, 4)),
    ("Flatten", (0, 1), {}, (2, 3, 4)),
    ("Identity", (1, 2), {"any": 3}, (3,)),
]


@pytest.mark.parametrize("name, args, kwargs, shape", LAYERS)
def test_layer_matches_torch(name, args, kwargs, shape):
    mine, other = getattr(nn, name)(*args, **kwargs), getattr(torch.nn, name)(*args, **kwargs)
    assert repr(mine) == repr(other)
    mine.load_state_dict(arrays(other.state_dict()))

    def called(module):
        def call(x):
            return module.double()(x) if x.dtype in (torch.float64, np.float64) else module.float()(x)

        return call

    assert_matches(called(mine), called(other), [shape])
    for p, q in zip(mine.parameters(), other.parameters(), strict=True):
        assert_same(p.grad, q.grad, 1e-4)


def test_linear_begins_as_torchs():
    layer, other = nn.Linear(50, 400), torch.nn.Linear(50, 400)
    for p, q in zip(layer.parameters(), other.parameters(), strict=True):
        assert p.shape == tuple(q.shape) and p.dtype == scratch.float32 and p.requires_grad
        bound = 1 / math.sqrt(50)
        assert abs(p.detach().data).max() <= bound and abs(p.data.std() - bound / math.sqrt(3)) < 0.01
    assert nn.Linear(2, 2, dtype=scratch.float64).weight.dtype == scratch.float64
    with pytest.raises(NotImplementedError, match="device='cuda'"):
        nn.Linear(2, 2, device="cuda")
    assert nn.Linear(0, 3)(scratch.zeros(2, 0)).tolist() == [[0] * 3] * 2
    assert nn.Linear(np.int64(2), 3).weight.shape == (3, 2)
    for sizes, error, text in (
        ((-1, 3), ValueError, "in_features of at least 0, got -1"),
        ((3, -1), ValueError, "out_features of at least 0, got -1"),
        ((2.5, 3), TypeError, "in_features to be an integer, got 2.5"),
        ((3, "2"), TypeError, "out_features to be an integer, got '2'"),
    ):
        with pytest.raises(error, match=text):
            nn.Linear(*sizes)


def test_linear_names_what_does_not_fit():
    layer = nn.Linear(3, 2)
    with pytest.raises(ValueError, match=r"got input \(4, 5\), weight \(2, 3\), bias \(2,\)"):
        layer(scratch.ones(4, 5))
    with pytest.raises(TypeError, match="input float64, weight float32"):
        layer(scratch.tensor(np.ones((4, 3))))
    with pytest.raises(TypeError, match="expected input to be a Tensor, got ndarray"):
        layer(np.ones((4, 3), np.float32))


@pytest.mark.parametrize("name", ["ReLU", "LeakyReLU"])
def test_inplace_activations_are_not_built(name):
    with pytest.raises(NotImplementedError, match=f"{name}: inplace=True"):
        getattr(nn, name)(inplace=True)


INITIALISERS = [
    ("uniform_", {"a": -2, "b": 3}),
    ("normal_", {"mean": 1, "std": 2}),
    ("zeros_", {}),
    ("ones_", {}),
    ("constant_", {"val": 2.5}),
    ("xavier_uniform_", {}),
    ("xavier_normal_", {"gain": 2}),
    ("kaiming_uniform_", {"a": math.sqrt(5)}),
    ("kaiming_uniform_", {"mode": "fan_out", "nonlinearity": "relu"}),
    ("kaiming_normal_", {"nonlinearity": "tanh"}),
]


@pytest.mark.parametrize("shape", [(200, 100), (30, 20, 5, 5)])
@pytest.mark.parametrize("name, kwargs", INITIALISERS)
def test_initialisers_have_torchs_distribution(name, kwargs, shape):
    w, t = nn.Parameter(scratch.zeros(shape)), torch.zeros(shape)
    assert getattr(nn.init, name)(w, **kwargs) is w
    getattr(torch.nn.init, name)(t, **kwargs)
    assert w.requires_grad and w.dtype == scratch.float32
    spread = max(t.std().item(), 1e-6)
    assert abs(w.data.mean() - t.mean().item()) < 0.05 * spread
    assert abs(w.data.std() - t.std().item()) < 0.03 * spread
    assert abs(np.abs(w.data).max() - t.abs().max().item()) < 0.35 * spread + 1e-6 + 0.2 * abs(
        w.data
    ).max() * ("normal" in name)


def test_gains_are_torchs():
    slopes = [("leaky_relu", None), ("leaky_relu", 0.2)]
    for name, param in [
        *((n, None) for n in ("linear", "conv2d", "sigmoid", "tanh", "relu", "selu")),
        *slopes,
    ]:
        expected = torch.nn.init.calculate_gain(name, param)
        assert nn.init.calculate_gain(name, param) == pytest.approx(expected, rel=1e-12)
    with pytest.raises(ValueError, match="got 'swish'"):
        nn.init.calculate_gain("swish")
    with pytest.raises(ValueError, match=r"at least 2 dimensions, got shape \(3,\)"):
        nn.init.xavier_uniform_(scratch.zeros(3))
    with pytest.raises(ValueError, match="'fan_in' or 'fan_out', got 'fan'"):
        nn.init.kaiming_normal_(scratch.zeros(3, 3), mode="fan")
    with pytest.raises(NotImplementedError, match="generator"):
        nn.init.uniform_(scratch.zeros(3), generator=1)
    with pytest.warns(UserWarning, match="without elements"):
        nn.init.kaiming_uniform_(scratch.zeros(0, 3))
