"""Containers of modules and of parameters: used like lists and dicts, on both libraries."""

import collections
import copy

import pytest
import torch

from nbcourse import scratch
from nbcourse.scratch import nn

LIBRARIES = [scratch, torch]


@pytest.mark.parametrize("n", [0, 1, 3])
def test_a_module_list_prints_equal_neighbours_once(n):
    mine, expected = (
        repr(lib.nn.ModuleList([lib.nn.Linear(2, 2) for _ in range(n)] + [lib.nn.ReLU()] * n))
        for lib in LIBRARIES
    )
    assert mine == expected


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
        assert type(container.pop(1)).__name__ == "Sigmoid" and len(container) == 3
        container += copy.deepcopy(container)[:1]
        assert list(container.state_dict()) == ["2.weight", "2.bias"]
        both = container + container
        assert type(both) is type(container) and len(both) == 8
        del container[1:3]
        assert [name for name, _ in container.named_children()] == ["0", "1"]


@pytest.mark.parametrize("lib", LIBRARIES)
def test_a_module_dict_behaves_like_a_dict(lib):
    layers = lib.nn
    parts = layers.ModuleDict({"one": layers.Linear(1, 2)})
    parts["two"] = layers.ReLU()
    parts.update({"three": layers.Tanh(), "one": layers.Linear(2, 3)})
    parts.update([("four", layers.Sigmoid())])
    assert list(parts) == list(parts.keys()) == ["one", "two", "three", "four"]
    assert [type(m).__name__ for m in parts.values()] == ["Linear", "ReLU", "Tanh", "Sigmoid"]
    assert dict(parts.items())["two"] is parts["two"]
    assert "two" in parts and "five" not in parts and len(parts) == 4
    assert type(parts.pop("two")).__name__ == "ReLU" and "two" not in parts
    del parts["three"]
    assert list(parts.state_dict()) == ["one.weight", "one.bias"]
    assert parts == parts and hash(parts) and parts != layers.ModuleDict(dict(parts.items()))
    parts.clear()
    assert len(parts) == 0 and not list(parts.parameters())


def lists_of_parameters(lib):
    layers = lib.nn

    class Net(layers.Module):
        def __init__(self):
            super().__init__()
            self.list = layers.ParameterList([lib.ones(2, 3), layers.Parameter(lib.ones(4)), "text"])
            self.list.append(lib.zeros(1))
            self.list.extend([3, lib.zeros(())])
            self.list[1] = lib.zeros(7)
            self.list += [None]
            self.sorted = layers.ParameterDict({"b": lib.ones(2), "a": lib.ones(1, 3)})
            self.ordered = layers.ParameterDict(collections.OrderedDict(b=lib.ones(2), a=4))
            self.ordered["new"] = layers.Parameter(lib.ones(5))
            self.ordered.update({"z": lib.ones(1), "y": lib.ones(2)})
            self.single = layers.ParameterList([lib.ones(2)])
            self.none = layers.ParameterDict()

    return Net()


@pytest.mark.parametrize(
    "listing",
    [
        lambda m: [name for name, _ in m.named_parameters()],
        lambda m: list(m.state_dict()),
        lambda m: [type(p).__name__ for p in m.list],
        lambda m: [len(m.list), m.list[-2].ndim, len(m.list[1:4]), type(m.list[::2]).__name__],
        lambda m: [list(m.sorted), list(m.ordered.keys()), len(m.ordered), "a" in m.sorted, "c" in m.sorted],
        lambda m: [m.ordered.pop("a"), list(m.ordered), m.ordered.get("a", 8), m.ordered.setdefault("k", 1)],
        lambda m: [tuple(p.shape) for p in m.sorted.values()],
        lambda m: [
            repr(part).replace("torch.", "").replace("FloatTensor", "float32") for part in m.modules()
        ],
    ],
)
def test_parameters_in_lists_and_dicts_are_torchs(listing):
    mine, expected = (listing(lists_of_parameters(lib)) for lib in LIBRARIES)
    assert mine == expected


def test_a_parameter_dict_forgets_what_is_deleted():
    parameters = nn.ParameterDict({"a": scratch.ones(1), "b": scratch.ones(2)})
    del parameters["a"]
    assert list(parameters.state_dict()) == ["b"] and not hasattr(parameters, "a")
    parameters.clear()
    assert len(parameters) == 0 == len(list(parameters.parameters()))
