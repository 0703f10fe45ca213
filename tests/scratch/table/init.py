"""Initialisation where nothing is left to chance; the distributions are in test_init.py."""

import math

from nbcourse import scratch
from nbcourse.scratch.nn import init

from ..rows import Row

NAMES = ["linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d"]
NAMES += ["sigmoid", "tanh", "relu", "selu", "leaky_relu"]
ROWS = {
    **{
        f"gain-{name}": Row(lambda lib, name=name: lib.nn.init.calculate_gain(nonlinearity=name))
        for name in NAMES
    },
    "gain-slope": Row(lambda lib: lib.nn.init.calculate_gain("leaky_relu", param=0.3)),
    "gain-integer-slope": Row(lambda lib: lib.nn.init.calculate_gain("leaky_relu", 2)),
    "constant_": Row(lambda lib: lib.nn.init.constant_(lib.zeros(2, 3), val=2.5)),
    "constant_-integers": Row(lambda lib: lib.nn.init.constant_(lib.tensor([1, 2]), 7)),
    "ones_": Row(lambda lib: lib.nn.init.ones_(lib.zeros(2, 3))),
    "zeros_": Row(lambda lib: lib.nn.init.zeros_(lib.ones(2, 3))),
    "eye_": Row(lambda lib: lib.nn.init.eye_(lib.ones(3, 3))),
    "eye_-wide": Row(lambda lib: lib.nn.init.eye_(lib.ones(2, 4))),
    "dirac_": Row(lambda lib: lib.nn.init.dirac_(lib.ones(4, 3, 5))),
    "dirac_-images": Row(lambda lib: lib.nn.init.dirac_(lib.ones(2, 3, 3, 4))),
    "dirac_-volumes": Row(lambda lib: lib.nn.init.dirac_(lib.ones(2, 2, 1, 2, 3))),
    "dirac_-groups": Row(lambda lib: lib.nn.init.dirac_(lib.ones(6, 2, 3, 3), groups=3)),
    "uniform_": Row(lambda lib: lib.nn.init.uniform_(lib.zeros(2, 3), a=1.5, b=1.5)),
    "normal_": Row(lambda lib: lib.nn.init.normal_(lib.zeros(2, 3), mean=1.5, std=0)),
    "trunc_normal_": Row(lambda lib: lib.nn.init.trunc_normal_(lib.zeros(2, 3), mean=1, std=3, a=1.5, b=1.5)),
    "trunc_normal_-empty": Row(lambda lib: lib.nn.init.trunc_normal_(lib.zeros(0, 3))),
    "xavier_uniform_": Row(lambda lib: lib.nn.init.xavier_uniform_(lib.ones(2, 3), gain=0)),
    "xavier_normal_": Row(lambda lib: lib.nn.init.xavier_normal_(lib.ones(2, 3), gain=0)),
    # a slope without end leaves a gain of 0
    "kaiming_uniform_": Row(
        lambda lib: lib.nn.init.kaiming_uniform_(lib.ones(2, 3), a=math.inf, mode="FAN_OUT")
    ),
    "kaiming_normal_": Row(
        lambda lib: lib.nn.init.kaiming_normal_(lib.ones(2, 3), a=math.inf, mode="fan_out")
    ),
    "kaiming_uniform_-empty": Row(
        lambda lib: lib.nn.init.kaiming_uniform_(lib.ones(0, 3), nonlinearity="relu")
    ),
    "kaiming_normal_-empty": Row(
        lambda lib: lib.nn.init.kaiming_normal_(lib.ones(0, 3), nonlinearity="relu")
    ),
    "orthogonal_": Row(lambda lib: lib.nn.init.orthogonal_(lib.ones(2, 3), gain=0)),
    "orthogonal_-empty": Row(lambda lib: lib.nn.init.orthogonal_(lib.ones(2, 0))),
    "sparse_": Row(lambda lib: lib.nn.init.sparse_(lib.ones(4, 3), sparsity=1, std=2)),
}

W = scratch.zeros(4, 3)
NOT_BUILT = {
    "uniform_-generator": (lambda: init.uniform_(W, generator=1), "uniform_: generator"),
    "normal_-generator": (lambda: init.normal_(W, generator=1), "normal_: generator"),
    "trunc_normal_-generator": (lambda: init.trunc_normal_(W, generator=1), "trunc_normal_: generator"),
    "xavier_uniform_-generator": (lambda: init.xavier_uniform_(W, generator=1), "generator"),
    "xavier_normal_-generator": (lambda: init.xavier_normal_(W, generator=1), "generator"),
    "kaiming_uniform_-generator": (lambda: init.kaiming_uniform_(W, generator=1), "generator"),
    "kaiming_normal_-generator": (lambda: init.kaiming_normal_(W, generator=1), "generator"),
    "orthogonal_-generator": (lambda: init.orthogonal_(W, generator=1), "orthogonal_: generator"),
    "sparse_-generator": (lambda: init.sparse_(W, 0.5, generator=1), "sparse_: generator"),
}
VECTOR = scratch.zeros(3)
BAD = {
    "gain-name": (lambda: init.calculate_gain("swish"), ValueError, "got 'swish'"),
    "gain-slope": (lambda: init.calculate_gain("leaky_relu", True), ValueError, "a number, got True"),
    "xavier-vector": (
        lambda: init.xavier_uniform_(VECTOR),
        ValueError,
        r"at least 2 dimensions, got shape \(3,\)",
    ),
    "kaiming-mode": (
        lambda: init.kaiming_normal_(W, mode="fan"),
        ValueError,
        "'fan_in' or 'fan_out', got 'fan'",
    ),
    "eye_-vector": (
        lambda: init.eye_(VECTOR),
        ValueError,
        r"eye_: expected a tensor of 2 dimensions, got shape \(3,\)",
    ),
    "dirac_-matrix": (lambda: init.dirac_(W), ValueError, r"3 to 5 dimensions .* got shape \(4, 3\)"),
    "dirac_-groups": (lambda: init.dirac_(scratch.zeros(4, 3, 3), 3), ValueError, "that 3 groups divide"),
    "orthogonal_-vector": (
        lambda: init.orthogonal_(VECTOR),
        ValueError,
        r"at least 2 dimensions, got shape \(3,\)",
    ),
    "sparse_-vector": (lambda: init.sparse_(VECTOR, 0.5), ValueError, r"sparse_: .* got shape \(3,\)"),
    "trunc_normal_-limits": (lambda: init.trunc_normal_(W, a=1, b=0), ValueError, "a <= b, got 1 and 0"),
}
