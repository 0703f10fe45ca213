"""Initialisation: the distributions of what is drawn at random."""

import math

import numpy as np
import pytest

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import init

SIGMAS = 5  # by how many standard errors a mean or a spread may be off
KOLMOGOROV = 2.2  # √n times the largest distance of the distribution functions: 1 in 10,000 is beyond
SHAPES = [(200, 150), (60, 20, 5, 5)]


def normal_cdf(mean, std):
    return np.vectorize(lambda v: 0.5 * math.erfc((mean - v) / (std * math.sqrt(2))))


def uniform_cdf(low, high):
    return lambda v: np.clip((v - low) / (high - low), 0, 1)


def truncated_cdf(mean, std, a, b):
    cdf = normal_cdf(mean, std)
    return lambda v: (cdf(v) - cdf(a)) / (cdf(b) - cdf(a))


def assert_distributed(values, cdf):
    """Check with the test of Kolmogorov and Smirnov that the values follow this distribution."""
    values = np.sort(values, axis=None).astype("float64")
    n, share = len(values), cdf(values)
    steps = np.arange(n + 1) / n
    distance = max((share - steps[:-1]).max(), (steps[1:] - share).max())
    assert math.sqrt(n) * distance < KOLMOGOROV


def assert_spread(values, mean, std, kurtosis):
    """Check mean and standard deviation; the kurtosis says how precisely n values have the latter."""
    n = values.size
    assert abs(values.mean() - mean) < SIGMAS * std / math.sqrt(n)
    assert abs(values.std() - std) < SIGMAS * std * math.sqrt((kurtosis - 1) / (4 * n))


def fans(shape):
    area = math.prod(shape[2:])
    return shape[1] * area, shape[0] * area


# name, settings, and from (fan_in, fan_out) the half width or the standard deviation
UNIFORM = [
    ("uniform_", {"a": -2, "b": 2}, lambda fan_in, fan_out: 2),
    ("xavier_uniform_", {}, lambda fan_in, fan_out: math.sqrt(6 / (fan_in + fan_out))),
    ("xavier_uniform_", {"gain": 3}, lambda fan_in, fan_out: 3 * math.sqrt(6 / (fan_in + fan_out))),
    ("kaiming_uniform_", {}, lambda fan_in, fan_out: math.sqrt(6 / fan_in)),
    ("kaiming_uniform_", {"a": math.sqrt(5)}, lambda fan_in, fan_out: 1 / math.sqrt(fan_in)),
    (
        "kaiming_uniform_",
        {"mode": "fan_out", "nonlinearity": "linear"},
        lambda fan_in, fan_out: math.sqrt(3 / fan_out),
    ),
]
NORMAL = [
    ("normal_", {"std": 2}, lambda fan_in, fan_out: 2),
    ("xavier_normal_", {"gain": 2}, lambda fan_in, fan_out: 2 * math.sqrt(2 / (fan_in + fan_out))),
    ("kaiming_normal_", {}, lambda fan_in, fan_out: math.sqrt(2 / fan_in)),
    (
        "kaiming_normal_",
        {"mode": "fan_out", "nonlinearity": "tanh"},
        lambda fan_in, fan_out: 5 / 3 / math.sqrt(fan_out),
    ),
]


def drawn(name, shape, dtype=scratch.float32, **options):
    """The values of a parameter that was filled in this way."""
    w = nn.Parameter(scratch.zeros(shape, dtype=dtype))
    assert getattr(init, name)(w, **options) is w
    assert w.requires_grad and w.grad_fn is None and w.dtype == dtype
    return w.detach().numpy()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name, options, half_width", UNIFORM)
def test_even_spread(name, options, half_width, shape):
    values, bound = drawn(name, shape, **options), half_width(*fans(shape))
    assert np.abs(values).max() <= bound * (1 + 1e-6)
    assert np.abs(values).max() > bound * (1 - 20 / values.size)
    assert_spread(values, 0, bound / math.sqrt(3), 9 / 5)
    assert_distributed(values, uniform_cdf(-bound, bound))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name, options, deviation", NORMAL)
def test_normal_spread(name, options, deviation, shape):
    values, std = drawn(name, shape, **options), deviation(*fans(shape))
    assert_spread(values, 0, std, 3)
    assert_distributed(values, normal_cdf(0, std))


def test_means_and_limits_elsewhere():
    assert_distributed(drawn("uniform_", (100, 100), a=1, b=4), uniform_cdf(1, 4))
    assert_distributed(drawn("normal_", (100, 100), mean=-3, std=0.5), normal_cdf(-3, 0.5))


@pytest.mark.filterwarnings("ignore:trunc_normal_")
@pytest.mark.parametrize(
    "mean, std, a, b",
    [
        (0, 1, -2, 2),
        (0, 0.02, -2, 2),  # nothing is cut off
        (1, 2, 0.5, 7),
        (0, 1, -0.1, 0.2),  # a narrow part of the middle
        (0, 1, 1.5, 4),  # a tail
        (0, 1, -7, -4),  # far out
        (5, 1, -2, 2),
    ],
)
@pytest.mark.parametrize("dtype", [scratch.float32, scratch.float64])
def test_truncated_normal(mean, std, a, b, dtype):
    values = drawn("trunc_normal_", (100, 200), dtype, mean=mean, std=std, a=a, b=b)
    assert a <= values.min() and values.max() <= b
    assert_distributed(values, truncated_cdf(mean, std, a, b))


def test_truncated_normal_warns_far_from_its_mean():
    w = scratch.zeros(3)
    with pytest.warns(UserWarning, match=r"the mean 5.0 is more than 2 std outside \[-1, 1\]") as caught:
        init.trunc_normal_(w, mean=5.0, a=-1, b=1)
    assert caught[0].filename == __file__


@pytest.mark.parametrize("shape", [(3, 3), (2, 5), (5, 2), (4, 3, 2, 2), (40, 3, 2, 2), (1, 1)])
@pytest.mark.parametrize("gain", [1, 2.5])
def test_orthogonal(shape, gain):
    w = drawn("orthogonal_", shape, scratch.float64, gain=gain).reshape(shape[0], -1)
    w = w if w.shape[0] <= w.shape[1] else w.T
    np.testing.assert_allclose(w @ w.T, gain**2 * np.eye(len(w)), atol=1e-12)


def test_all_rotations_and_reflections_are_equally_likely():
    draws = np.array([drawn("orthogonal_", (2, 2)) for _ in range(2000)])
    angles = np.arctan2(draws[:, 0, 1], draws[:, 0, 0])
    assert_distributed(angles, uniform_cdf(-math.pi, math.pi))
    assert abs((np.linalg.det(draws) > 0).mean() - 0.5) < SIGMAS * 0.5 / math.sqrt(2000)


@pytest.mark.parametrize("sparsity, zeros", [(0, 0), (0.1, 10), (0.333, 34), (1, 100)])
def test_sparse(sparsity, zeros):
    w = drawn("sparse_", (100, 300), sparsity=sparsity, std=0.5)
    assert ((w == 0).sum(0) == zeros).all()
    rest = w[w != 0]
    if rest.size:
        assert_distributed(rest, normal_cdf(0, 0.5))
    share = zeros / 100  # each row is as likely to be hit
    error = math.sqrt(share * (1 - share) / 300)
    assert np.abs((w == 0).mean(1) - share).max() <= SIGMAS * error


@pytest.mark.parametrize("name", ["kaiming_uniform_", "kaiming_normal_"])
def test_nothing_to_fill_warns(name):
    with pytest.warns(UserWarning, match=f"{name}: a tensor without elements"):
        getattr(init, name)(scratch.zeros(0, 3))


def test_the_seed_decides():
    def draw():
        scratch.manual_seed(7)
        return [drawn(name, (4, 5)).copy() for name in ("xavier_normal_", "trunc_normal_", "orthogonal_")]

    for first, second in zip(draw(), draw(), strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("layer", ["Linear", "Bilinear"])
def test_layers_begin_as_torchs(layer):
    """Weight and bias are spread evenly over ± 1/√fan_in, and drawn anew when asked."""
    made = nn.Linear(50, 400) if layer == "Linear" else nn.Bilinear(50, 5, 400)
    for p in made.parameters():
        assert p.dtype == scratch.float32 and p.requires_grad
        bound = 1 / math.sqrt(50)
        assert np.abs(p.data).max() <= bound * (1 + 1e-6)
        assert_distributed(p.data, uniform_cdf(-bound, bound))
    before = made.weight.data.copy()
    made.reset_parameters()
    assert (made.weight.data != before).mean() > 0.99
