"""Wrong answers to the exercises of chapter 5's second half fail, each at the property that it lacks."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from nbcourse.checks import evaluate, exercises


def cost_without_places(inputs, outputs, kernel, height, width, stride=1, groups=1):
    weights = inputs * outputs * kernel**2 // groups
    return weights, weights


def cost_rounded_down(inputs, outputs, kernel, height, width, stride=1, groups=1):
    weights = inputs * outputs * kernel**2 // groups
    return weights, weights * (height // stride) * (width // stride)


def cost_without_groups(inputs, outputs, kernel, height, width, stride=1, groups=1):
    weights = inputs * outputs * kernel**2
    return weights, weights * -(-height // stride) * -(-width // stride)


def product_of_entries(first, second):
    return first * second


def flipped(first, second):
    a, b = len(first), len(second)
    kernel = np.zeros((a + b - 1, a + b - 1))
    for i in range(a):
        for j in range(a):
            kernel[i : i + b, j : j + b] += first[i, j] * second[::-1, ::-1]
    return kernel


def padded_sum(first, second):
    kernel = np.zeros([len(first) + len(second) - 1] * 2)
    kernel[: len(first), : len(first)] += first
    kernel[-len(second) :, -len(second) :] += second
    return kernel


def only_convolutions(inputs, growth, depth):
    return sum(4 * growth * (inputs + i * growth) + 36 * growth**2 for i in range(depth))


def every_layer_alike(inputs, growth, depth):
    return depth * (2 * inputs + 4 * growth * inputs + 8 * growth + 36 * growth**2)


def without_relu(maps, weight, label):
    return np.tensordot(weight[label], maps, axes=1) / maps[0].size


def not_divided(maps, weight, label):
    return np.maximum(np.tensordot(weight[label], maps, axes=1), 0)


def of_all_classes(maps, weight, label):
    return np.maximum(np.tensordot(weight.sum(0), maps, axes=1), 0) / maps[0].size


def ties_by_position(a, b):
    ranks = [np.argsort(np.argsort(np.ravel(v), kind="stable")) for v in (a, b)]
    return np.corrcoef(*ranks)[0, 1]


def plain_correlation(a, b):
    return np.corrcoef(np.ravel(a), np.ravel(b))[0, 1]


def guards_only_the_first(a, b):
    return 0.0 if np.ptp(a) == 0 else spearmanr(np.ravel(a), np.ravel(b)).statistic


def gradient_times_input(gradient, x, baseline, steps):
    return gradient(x) * (x - baseline)


def left_ends(gradient, x, baseline, steps):
    return (x - baseline) * np.mean(
        [gradient(baseline + i / steps * (x - baseline)) for i in range(steps)], 0
    )


def without_difference(gradient, x, baseline, steps):
    return np.mean([gradient(baseline + (i + 0.5) / steps * (x - baseline)) for i in range(steps)], axis=0)


WRONG = [
    ("conv-cost", cost_without_places, "is right for 3 → 32 channels on 32 × 32"),
    ("conv-cost", cost_rounded_down, "… rounded up: 7 × 9 become 4 × 5"),
    ("conv-cost", cost_without_groups, "as many groups as channels: depthwise"),
    ("one-kernel", product_of_entries, "two kernels of 3 × 3 make one of 5 × 5"),
    ("one-kernel", flipped, "gives the same map as both, one after the other"),
    ("one-kernel", padded_sum, "with a kernel of 1 × 1 it only scales"),
    ("dense-stage", only_convolutions, "one layer, 64 channels, growth 32: 45,440"),
    ("dense-stage", every_layer_alike, "the first stage of DenseNet-121 and -201"),
    ("class-activation", without_relu, "keeps only what is positive"),
    ("class-activation", not_divided, "divides by the number of places"),
    ("class-activation", of_all_classes, "weights each map by the class's own weight"),
    ("rank-correlation", ties_by_position, "equal values share their mean rank"),
    ("rank-correlation", plain_correlation, "is 1 for any function that rises"),
    ("rank-correlation", guards_only_the_first, "… whichever of the two it is"),
    ("integrated-gradients", gradient_times_input, "adds up to S(x) − S(baseline)"),
    ("integrated-gradients", left_ends, "of Σ z²: exact, with the middles of the steps"),
    ("integrated-gradients", without_difference, "of a linear score: weight times difference"),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"seeing/{name}", answer)
    assert result.attempted and not result.passed
    assert lacking in [failure.sentence for failure in result.failures], str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"seeing/{name}" for name, *_ in WRONG} == set(exercises("seeing"))
