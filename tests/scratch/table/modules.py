"""The linear map, layers that only rearrange, and containers."""

import collections

import numpy as np

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from ..rows import ModuleRow, Row

ROWS = {
    "linear": Row(lambda lib, x, w, b: lib.nn.functional.linear(x, w, bias=b), [(4, 3), (5, 3), (5,)]),
    "linear-3d": Row(lambda lib, x, w, b: lib.nn.functional.linear(x, w, b), [(4, 2, 3), (5, 3), (5,)]),
    "linear-4d": Row(lambda lib, x, w, b: lib.nn.functional.linear(x, w, b), [(2, 4, 2, 3), (1, 3), (1,)]),
    "linear-no-bias": Row(lambda lib, x, w: lib.nn.functional.linear(x, weight=w), [(4, 3), (5, 3)]),
    "linear-vector": Row(lambda lib, x, w, b: lib.nn.functional.linear(x, w, b), [(3,), (5, 3), (5,)]),
    "linear-no-rows": Row(lambda lib, x, w, b: lib.nn.functional.linear(x, w, b), [(0, 3), (5, 3), (5,)]),
    "linear-no-rows-3d": Row(
        lambda lib, x, w, b: lib.nn.functional.linear(x, w, b), [(2, 0, 3), (5, 3), (5,)]
    ),
    "linear-no-inputs": Row(lambda lib, x, w, b: lib.nn.functional.linear(x, w, b), [(4, 0), (5, 0), (5,)]),
    "linear-no-outputs": Row(lambda lib, x, w, b: lib.nn.functional.linear(x, w, b), [(4, 3), (0, 3), (0,)]),
    "linear-one-output": Row(lambda lib, x, w: lib.nn.functional.linear(x, w), [(4, 3), (3,)]),
    "linear-one-output-bias": Row(
        lambda lib, x, w, b: lib.nn.functional.linear(x, w, b), [(4, 2, 3), (3,), ()]
    ),
    "linear-one-output-vector": Row(lambda lib, x, w, b: lib.nn.functional.linear(x, w, b), [(3,), (3,), ()]),
    "linear-parts": Row(  # gradients only for some of the three
        lambda lib, x, w, b: [
            lib.nn.functional.linear(x.detach(), w, b),
            lib.nn.functional.linear(x, w.detach(), b.detach()),
            lib.nn.functional.linear(x.detach(), w.detach(), b),
        ],
        [(4, 3), (5, 3), (5,)],
        differences=False,
    ),
    "linear-transposed": Row(
        lambda lib, x, w, b: lib.nn.functional.linear(x.transpose(0, 2), w.T, b), [(3, 2, 4), (3, 5), (5,)]
    ),
    "linear-infinite": Row(
        lambda lib, x, w: lib.nn.functional.linear(x + lib.tensor([[np.inf], [0.0]]), w),
        [(2, 3), (2, 3)],
        differences=False,
    ),
    "bilinear": Row(
        lambda lib, x, y, w, b: lib.nn.functional.bilinear(x, y, w, bias=b), [(4, 3), (4, 2), (5, 3, 2), (5,)]
    ),
    "bilinear-3d": Row(
        lambda lib, x, y, w: lib.nn.functional.bilinear(input1=x, input2=y, weight=w),
        [(2, 4, 3), (2, 4, 2), (5, 3, 2)],
    ),
    "bilinear-vector": Row(
        lambda lib, x, y, w, b: lib.nn.functional.bilinear(x, y, w, b), [(3,), (2,), (5, 3, 2), (5,)]
    ),
    "bilinear-no-rows": Row(
        lambda lib, x, y, w: lib.nn.functional.bilinear(x, y, w), [(0, 3), (0, 2), (5, 3, 2)]
    ),
    "Linear-dtype": Row(lambda lib: [0 * p for p in lib.nn.Linear(2, 3, dtype=lib.float64).parameters()]),
    "Bilinear-dtype": Row(
        lambda lib: [0 * p for p in lib.nn.Bilinear(2, 3, 1, dtype=lib.float64).parameters()]
    ),
    "Parameter": Row(
        lambda lib, x: lib.nn.Parameter(data=x.detach(), requires_grad=False) * x, [(3,)], differences=False
    ),
    "ParameterList": Row(
        lambda lib, x: [p * x for p in lib.nn.ParameterList([lib.nn.Parameter(lib.ones(3)), lib.ones(3)])],
        [(3,)],
        differences=False,
    ),
    "ParameterList-values": Row(lambda lib: list(lib.nn.ParameterList(values=[lib.zeros(2), 3, "x"])[1:])),
    "ParameterDict": Row(
        lambda lib, x: [
            [name, p * x]
            for name, p in lib.nn.ParameterDict({"b": lib.ones(3), "a": lib.nn.Parameter(x.detach())}).items()
        ],
        [(3,)],
        differences=False,
    ),
    "ParameterDict-pairs": Row(
        lambda lib: list(lib.nn.ParameterDict(parameters=[("b", lib.ones(3)), ("a", 2)]).values())
    ),
}


def each_by_name(lib, module, x):
    return {name: module[name](x) for name in module}


def layer(make, shapes, call=lambda lib, module, x: module(input=x)):
    return ModuleRow(make, shapes, call)


MODULES = {
    "Linear": layer(lambda lib: lib.nn.Linear(3, 5), [(4, 3)]),
    "Linear-3d": layer(
        lambda lib: lib.nn.Linear(in_features=3, out_features=5, dtype=lib.float32),
        [(2, 4, 3)],
        call=lambda lib, module, x: module.to(x.dtype)(x),
    ),
    "Linear-no-bias": layer(lambda lib: lib.nn.Linear(3, 5, bias=False), [(3,)]),
    "Bilinear": layer(
        lambda lib: lib.nn.Bilinear(in1_features=3, in2_features=2, out_features=5, dtype=lib.float32),
        [(4, 3), (4, 2)],
        lambda lib, module, x, y: module.to(x.dtype)(input1=x, input2=y),
    ),
    "Bilinear-no-bias": layer(
        lambda lib: lib.nn.Bilinear(3, 2, 1, bias=False),
        [(2, 4, 3), (2, 4, 2)],
        lambda lib, module, *x: module(*x),
    ),
    "Identity": layer(lambda lib: lib.nn.Identity(1, any=2), [(3,)]),
    "Flatten": layer(lambda lib: lib.nn.Flatten(), [(2, 3, 4)]),
    "Flatten-dims": layer(lambda lib: lib.nn.Flatten(start_dim=0, end_dim=-2), [(2, 3, 4)]),
    "Unflatten": layer(lambda lib: lib.nn.Unflatten(dim=1, unflattened_size=(2, -1)), [(2, 6, 2)]),
    "Unflatten-list": layer(lambda lib: lib.nn.Unflatten(-1, [3, 2]), [(2, 6)]),
    "Sequential": layer(
        lambda lib: lib.nn.Sequential(lib.nn.Linear(3, 4), lib.nn.Tanh(), lib.nn.Linear(4, 2)), [(5, 3)]
    ),
    "Sequential-named": layer(
        lambda lib: lib.nn.Sequential(collections.OrderedDict(inner=lib.nn.Linear(3, 4), bend=lib.nn.ReLU())),
        [(5, 3)],
    ),
    "Sequential-nested": layer(
        lambda lib: lib.nn.Sequential(lib.nn.Sequential(lib.nn.Linear(3, 3)), lib.nn.Sequential()), [(5, 3)]
    ),
    "ModuleList": layer(
        lambda lib: lib.nn.ModuleList(modules=[lib.nn.Linear(3, 2) for _ in range(3)]),
        [(5, 3)],
        call=lambda lib, module, x: [layer(x) for layer in module],
    ),
    "ModuleDict": layer(
        lambda lib: lib.nn.ModuleDict(modules={"b": lib.nn.Linear(3, 2), "a": lib.nn.Linear(3, 1)}),
        [(5, 3)],
        call=each_by_name,
    ),
    "ModuleDict-pairs": layer(
        lambda lib: lib.nn.ModuleDict([("b", lib.nn.Linear(3, 2)), ("a", lib.nn.ReLU())]),
        [(5, 3)],
        call=each_by_name,
    ),
}

ONES = scratch.ones(4, 5)
NOT_BUILT = {
    "Linear-device": (lambda: nn.Linear(2, 2, device="cuda"), "Linear: device='cuda'"),
    "Module": (lambda: nn.Module()(1), r"Module: expected the subclass to define forward\(\)"),
    "ModuleList": (lambda: nn.ModuleList([nn.Identity()])(1), "ModuleList: expected the subclass"),
    "ModuleDict": (lambda: nn.ModuleDict()(1), "ModuleDict: expected the subclass"),
    "ParameterList": (lambda: nn.ParameterList()(1), "ParameterList: expected the subclass"),
    "ParameterDict": (lambda: nn.ParameterDict()(1), "ParameterDict: expected the subclass"),
    "Bilinear-device": (lambda: nn.Bilinear(2, 2, 2, device="cuda"), "Bilinear: device='cuda'"),
}
BAD = {
    "linear-shape": (
        lambda: F.linear(ONES, scratch.ones(2, 3), scratch.ones(2)),
        ValueError,
        r"got input \(4, 5\), weight \(2, 3\), bias \(2,\)",
    ),
    "linear-bias": (lambda: F.linear(ONES, scratch.ones(2, 5), scratch.ones(5)), ValueError, r"bias \(5,\)"),
    "linear-weight-3d": (lambda: F.linear(ONES, scratch.ones(1, 2, 5)), ValueError, r"weight \(1, 2, 5\)$"),
    "linear-0d": (lambda: F.linear(scratch.tensor(1.0), scratch.ones(2, 5)), ValueError, r"got input \(\)"),
    "linear-dtype": (
        lambda: F.linear(ONES, scratch.ones(2, 5).double()),
        TypeError,
        "input float32, weight float64",
    ),
    "linear-array": (
        lambda: F.linear(np.ones((4, 5)), ONES),
        TypeError,
        "expected input to be a Tensor, got ndarray",
    ),
    "bilinear-batch": (
        lambda: F.bilinear(ONES, scratch.ones(3, 2), scratch.ones(1, 5, 2)),
        ValueError,
        r"got \(4, 5\), \(3, 2\) and \(1, 5, 2\)",
    ),
    "bilinear-weight": (
        lambda: F.bilinear(ONES, ONES, scratch.ones(5, 5)),
        ValueError,
        r"and \(5, 5\)",
    ),
    "Linear-negative": (lambda: nn.Linear(-1, 3), ValueError, "Linear: expected in_features of at least 0"),
    "Linear-fraction": (lambda: nn.Linear(2.5, 3), TypeError, "in_features to be an integer, got 2.5"),
    "Linear-text": (lambda: nn.Linear(3, "2"), TypeError, "out_features to be an integer, got '2'"),
    "Bilinear-zero": (lambda: nn.Bilinear(0, 2, 3), ValueError, "in1_features above 0, got 0"),
    "Bilinear-negative": (lambda: nn.Bilinear(2, -2, 3), ValueError, "in2_features of at least 0, got -2"),
    "Unflatten-number": (lambda: nn.Unflatten(1, 6), TypeError, "expected a tuple of sizes, got int"),
    "Sequential-function": (lambda: nn.Sequential(scratch.relu), TypeError, "a Module, got function"),
    "Sequential-index": (lambda: nn.Sequential(nn.ReLU())[1], IndexError, "from -1 to 0, got 1"),
    "Sequential-del": (lambda: nn.Sequential().pop(0), IndexError, "from 0 to -1, got 0"),
    "Sequential-insert": (lambda: nn.Sequential().insert(2, nn.ReLU()), IndexError, "from 0 to 0, got 2"),
    "Sequential-add": (lambda: nn.Sequential() + nn.ReLU(), ValueError, "a Sequential, got ReLU"),
    "ModuleDict-name": (lambda: nn.ModuleDict({"keys": nn.ReLU()}), KeyError, "'keys' already exists"),
    "ModuleDict-dot": (lambda: nn.ModuleDict({"a.b": nn.ReLU()}), KeyError, "without dots, got 'a.b'"),
    "ModuleDict-number": (lambda: nn.ModuleDict({1: nn.ReLU()}), TypeError, "a name, got int"),
    "ModuleDict-value": (lambda: nn.ModuleDict({"a": 1}), TypeError, "a Module, got int"),
    "ModuleDict-missing": (lambda: nn.ModuleDict()["a"], KeyError, "'a'"),
    "ModuleDict-training": (lambda: nn.ModuleDict()["training"], KeyError, "'training'"),
    "ParameterList-tensor": (lambda: nn.ParameterList(ONES), TypeError, "several values, got one Tensor"),
    "ParameterList-index": (lambda: nn.ParameterList([ONES])[1], IndexError, "from -1 to 0, got 1"),
    "ParameterDict-name": (lambda: nn.ParameterDict({"keys": ONES}), KeyError, "'keys' already exists"),
    "ParameterDict-number": (lambda: nn.ParameterDict({1: ONES}), TypeError, "a name, got int"),
    "ParameterDict-missing": (lambda: nn.ParameterDict()["training"], KeyError, "'training'"),
    "Parameter-list": (lambda: nn.Parameter([1.0]), TypeError, "a Tensor or an array, got list"),
}
