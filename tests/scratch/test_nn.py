"""Modules against torch: how parts are found, named, changed, hooked, copied and printed."""

import collections
import copy
import pickle

import numpy as np
import pytest
import torch

from nbcourse import scratch
from nbcourse.scratch import nn

from .helpers import assert_same

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
        lambda m: [type(part).__name__ for part in m.modules(remove_duplicate=False)],
        lambda m: names(m.named_modules(prefix="x")),
        lambda m: [name for name in dir(m.blocks) if name.isdigit()],
        lambda m: list(m.state_dict(destination={"first": 0}, prefix="x.")),
        lambda m: [p.requires_grad for p in m.state_dict(keep_vars=True).values()],
        lambda m: [tuple(m.get_parameter(n).shape) for n in ("scale", "blocks.1.weight", "head.out.bias")],
        lambda m: [tuple(m.get_buffer(n).shape) for n in ("mean", "scratchpad")],
        lambda m: [type(m.get_submodule(n)).__name__ for n in ("", "stem", "blocks.0", "head.relu")],
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


def test_torchs_parameters_load_as_they_are():
    mine, other = network(scratch), network(torch)
    mine.load_state_dict(dict(other.state_dict(keep_vars=True)))
    assert_same(mine.stem[0].weight.detach(), other.stem[0].weight.detach())


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
    with pytest.raises(TypeError, match="load_state_dict: expected a dict, got list"):
        layer.load_state_dict([])
    assert repr(layer.load_state_dict(layer.state_dict())) == "<All keys matched successfully>"
    result = layer.load_state_dict({"weight": np.zeros((3, 2)), "extra": 1}, strict=False)
    assert repr(result) == "IncompatibleKeys(missing_keys=['bias'], unexpected_keys=['extra'])"
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
    assert net.to("cpu") is net is net.cpu()
    assert net.to("cpu", scratch.float64).scale.dtype == net.mean.dtype == scratch.float64
    assert (
        net.to(dtype=scratch.float32).to(scratch.ones(1, dtype=scratch.float64)).scale.dtype
        == scratch.float64
    )
    net.float()
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
    with pytest.raises(NotImplementedError, match=r"define forward\(\)"):
        nn.Module()(1)


# --- assigning parts


def assigned_late(lib):
    """A module whose attributes change their kind."""
    net, layers = lib.nn.Module(), lib.nn
    net.first = None
    net.buffer = lib.ones(1)  # a plain attribute
    net.second = layers.Linear(1, 1)
    net.weight = layers.Parameter(lib.ones(1))
    net.register_buffer("mean", lib.zeros(1))
    net.register_buffer("spread", lib.zeros(1))
    net.first = layers.Linear(2, 2)  # a part from now on
    net.mean = layers.Parameter(lib.ones(2))  # no buffer any more
    net.second = layers.Bilinear(1, 1, 1)  # in the same place
    net.third = layers.ReLU()
    net.third = layers.Parameter(lib.ones(3))  # no module any more
    net.spread = None
    net.register_buffer("late", lib.zeros(1), persistent=False)
    net.late = lib.ones(2)
    net.add_module("fourth", layers.Tanh())
    del net.fourth
    return net


@pytest.mark.parametrize(
    "listing",
    [
        lambda m: names(m.named_parameters()),
        lambda m: names(m.named_buffers()),
        lambda m: names(m.named_modules()),
        lambda m: list(m.state_dict()),
        repr,
    ],
)
def test_attributes_may_change_their_kind(listing):
    mine, expected = (listing(assigned_late(lib)) for lib in LIBRARIES)
    assert mine == expected


REFUSED = {
    "a number as name": lambda lib, m: m.register_parameter(1, None),
    "no name": lambda lib, m: m.register_buffer("", None),
    "a dot": lambda lib, m: m.add_module("a.b", None),
    "a method's name": lambda lib, m: m.register_module("forward", lib.nn.ReLU()),
    "a name that is taken": lambda lib, m: m.register_parameter("stem", lib.nn.Parameter(lib.ones(1))),
    "a tensor as parameter": lambda lib, m: m.register_parameter("new", lib.ones(1)),
    "a number as module": lambda lib, m: m.register_module("new", 3),
    "a number as buffer": lambda lib, m: m.register_buffer("new", 3),
    "a module in a parameter's place": lambda lib, m: setattr(m, "scale", lib.nn.ReLU()),
    "a tensor in a module's place": lambda lib, m: setattr(m, "stem", lib.ones(1)),
    "no such parameter": lambda lib, m: m.get_parameter("stem.0.scale"),
    "a module as parameter": lambda lib, m: m.get_parameter("stem"),
    "no such part": lambda lib, m: m.get_submodule("stem.7"),
    "a parameter as part": lambda lib, m: m.get_submodule("scale"),
    "no such buffer": lambda lib, m: m.get_buffer("average"),
    "a parameter as buffer": lambda lib, m: m.get_buffer("scale"),
    "no such attribute": lambda lib, m: m.nowhere,
    "a module before Module.__init__": lambda lib, m: type("Early", (lib.nn.Module,), {"__init__": early})(
        lib
    ),
}


def early(module, lib):
    module.layer = lib.nn.ReLU()


@pytest.mark.parametrize("label", REFUSED)
def test_torch_refuses_it_too(label):
    kinds = []
    for lib in LIBRARIES:
        with pytest.raises((KeyError, TypeError, AttributeError)) as error:
            REFUSED[label](lib, network(lib))
        kinds.append(error.type)
    assert kinds[0] is kinds[1]


@pytest.mark.parametrize("lib", LIBRARIES)
def test_a_part_decides_what_training_means_for_it(lib):
    class Frozen(lib.nn.Linear):
        def train(self, mode=True):
            return super().train(False)

    net = lib.nn.Sequential(Frozen(2, 2), lib.nn.ReLU()).train()
    assert net.training and net[1].training and not net[0].training


# --- hooks


def logged(lib):
    """What hooks of a layer see and change, in the order in which they are called."""
    seen, layer = [], lib.nn.Flatten()

    def hook(name, change=None):
        def called(module, *values):
            assert module is layer
            seen.append((name, [sorted(v) if isinstance(v, dict) else len(v) for v in values]))
            return change and change(*values)

        return called

    x = lib.ones(2, 3, 4)
    layer.register_forward_hook(hook("after"))
    layer.register_forward_hook(hook("first after"), prepend=True)
    layer.register_forward_hook(hook("changes", lambda inputs, kwargs, output: output + 1), with_kwargs=True)
    layer.register_forward_pre_hook(hook("before"))
    handle = layer.register_forward_pre_hook(hook("removed"))
    layer.register_forward_pre_hook(hook("one input", lambda inputs: inputs[0] * 2), prepend=True)
    layer.register_forward_pre_hook(
        hook("renames", lambda inputs, kwargs: ((), {"input": kwargs.get("input", inputs[0])})),
        with_kwargs=True,
    )
    results = [layer(x), layer(x)]
    handle.remove()
    handle.remove()
    with layer.register_forward_hook(hook("replaces", lambda inputs, output: output[:1])):
        results.append(layer(x))
    results.append(layer(x))
    return seen, [r.tolist() for r in results]


def test_hooks_are_called_as_torchs():
    mine, expected = (logged(lib) for lib in LIBRARIES)
    assert mine == expected


def test_hooks_show_how_gradients_flow():
    net, seen = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)), []

    def keep(module, inputs, output):
        output.retain_grad()
        seen.append(output)

    handles = [part.register_forward_hook(keep) for part in net]
    net(scratch.ones(4, 2)).sum().backward()
    assert [tuple(y.grad.shape) for y in seen] == [(4, 3), (4, 3), (4, 1)]
    for handle in handles:
        handle.remove()
    net(scratch.ones(4, 2))
    assert len(seen) == 3
    with pytest.raises(NotImplementedError, match="always_call"):
        net.register_forward_hook(keep, always_call=True)


# --- copies


def test_modules_and_tensors_can_be_pickled():
    shared = nn.Linear(3, 3)
    net = nn.Sequential(shared, nn.ReLU(), shared, nn.Linear(3, 2)).eval()
    net.register_buffer("mean", scratch.ones(2))
    twin, x = pickle.loads(pickle.dumps(net)), scratch.ones(5, 3)
    assert scratch.equal(net(x), twin(x)) and twin[0] is twin[2] and not twin.training
    assert repr(twin) == repr(net) and list(twin.state_dict()) == list(net.state_dict())
    assert isinstance(twin[3].bias, nn.Parameter) and twin[3].bias.requires_grad
    leaf = pickle.loads(pickle.dumps(scratch.ones(3, requires_grad=True)))
    assert leaf.requires_grad and leaf.tolist() == [1, 1, 1]


def test_copies_keep_their_hooks_to_themselves():
    net, seen = nn.Sequential(nn.ReLU()), []
    net.register_forward_hook(lambda module, inputs, output: seen.append(module))
    twin = copy.deepcopy(net)
    twin.register_forward_hook(lambda module, inputs, output: seen.append(module))
    net(scratch.ones(1))
    assert seen == [net]
    twin(scratch.ones(1))
    assert seen == [net, twin, twin]
