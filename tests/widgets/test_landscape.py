"""Descent on surfaces: gradients and rules against PyTorch, JavaScript against NumPy."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
import traitlets

from nbcourse.widgets import LandscapeExplorer, descent, landscape, signals

RUN = Path(__file__).parent / "js" / "run-descent.mjs"
PLACES = np.random.default_rng(0).uniform(-2, 2, (20, 2))
CASES = [
    {
        "surface": surface,
        "rule": rule,
        "rate": rate,
        "momentum": 0.8,
        "noise": noise,
        "start": [-1.3, 0.7],
        "seed": 4,
    }
    for (surface, rule), (rate, noise) in product(
        product(descent.SURFACES, descent.RULES), [(0.03, 0.0), (0.1, 0.5)]
    )
]
LOSSES = [0.0, 9e-4, 0.001, 0.12345, 999.9, 1000.0, 1e9]
IN_TORCH = {
    "sgd": lambda p, lr: torch.optim.SGD([p], lr),
    "momentum": lambda p, lr: torch.optim.SGD([p], lr, momentum=0.8),
    "rmsprop": lambda p, lr: torch.optim.RMSprop([p], lr),
    "adam": lambda p, lr: torch.optim.Adam([p], lr, betas=(0.8, 0.999)),
}


@pytest.fixture(scope="module")
def javascript(node):
    request = {"places": PLACES.tolist(), "cases": CASES, "losses": LOSSES}
    return json.loads(node(RUN, stdin=json.dumps(request)))


@pytest.mark.parametrize("surface", descent.SURFACES)
def test_gradients_match_finite_differences_and_javascript(javascript, surface):
    height, slope = descent.SURFACES[surface]
    x, y = PLACES.T
    gradient, h = np.array(slope(x, y)), 1e-6
    numeric = [
        (height(x + h, y) - height(x - h, y)) / (2 * h),
        (height(x, y + h) - height(x, y - h)) / (2 * h),
    ]
    assert np.abs(gradient - numeric).max() < 1e-7
    assert np.abs(np.array(javascript["surfaces"][surface]).T - [height(x, y), *gradient]).max() < 1e-12
    assert height(x, y).min() >= 0, "the logarithm of the loss is drawn"


@pytest.mark.parametrize("rule", descent.RULES)
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_rules_are_torchs(rule, noise):
    path = descent.race("bend", rule, 0.03, 0.8, noise, (-1.3, 0.7), seed=4)
    p = torch.tensor([-1.3, 0.7], dtype=torch.float64, requires_grad=True)
    optimizer = IN_TORCH[rule](p, 0.03)
    added = torch.tensor(noise * signals.normal(4, 2 * descent.STEPS)).view(-1, 2)
    for step in range(descent.STEPS):
        assert np.abs(path[step] - p.detach().numpy()).max() < 1e-9
        p.grad = torch.tensor(np.array(descent.SURFACES["bend"][1](*p.detach().numpy()))) + added[step]
        optimizer.step()


@pytest.mark.parametrize("number", range(len(CASES)))
def test_javascript_races_the_same_way(javascript, number):
    case = CASES[number]
    path = descent.race(**case)
    found = np.array(javascript["paths"][number])
    assert found.shape == path.shape == (descent.STEPS + 1, 2)
    assert np.abs(found - path).max() < 1e-8


def test_both_sides_have_the_same_levels_and_words(javascript):
    assert np.allclose(javascript["levels"], landscape.levels(0.5, 7))
    assert javascript["words"] == [landscape.loss_words(loss) for loss in LOSSES]


def test_who_leaves_the_map_stops():
    path = descent.race("ravine", "sgd", 1.0, 0.0, 0.0, (1.0, 1.0), 0)
    assert np.isfinite(path).all() and np.abs(path).max() < descent.FAR
    assert (path[-1] == path[20]).all() and abs(path[-1][1]) > 100


def test_what_the_chapter_says_about_the_surfaces():
    """Momentum crosses the ravine's floor, plain descent crawls; on the saddle's ridge it waits longest."""
    end = lambda surface, rule, start, rate: descent.SURFACES[surface][0](  # noqa: E731
        *descent.race(surface, rule, rate, 0.9, 0.0, start, 0)[-1]
    )
    assert end("ravine", "momentum", (-1.8, 0.9), 0.05) < 1e-3 < end("ravine", "sgd", (-1.8, 0.9), 0.05)
    assert end("saddle", "adam", (-1.5, 0.001), 0.05) < 0.01 < end("saddle", "sgd", (-1.5, 0.001), 0.01)


def raced(surface, rule, rate, momentum=0.9, noise=0.0, start=(-1.8, 0.9), seed=0):
    """The losses (201,) of one race, from the start that the figure opens with."""
    path = descent.race(surface, rule, rate, momentum, noise, start, seed)
    return descent.SURFACES[surface][0](*path.T)


RATES = [float(f"{10 ** (-3 + 0.05 * place):.2g}") for place in range(71)]  # the slider's places


def test_the_answers_for_the_ravine_are_true():
    ends = {
        momentum: [raced("ravine", "momentum", rate, momentum)[-1] for rate in RATES]
        for momentum in (0.0, 0.9)
    }
    stay = {
        momentum: [r for r, end in zip(RATES, e, strict=True) if end < 1000] for momentum, e in ends.items()
    }
    assert stay[0.0][-1] == 0.4 and stay[0.9][-1] == 0.71
    assert ends[0.0] == [raced("ravine", "sgd", rate)[-1] for rate in RATES]
    hops = descent.race("ravine", "sgd", 0.4, 0.9, 0.0, (-1.8, 0.9), 0)
    np.testing.assert_allclose(hops[[1, 2, 200], 1], [-0.9, 0.9, 0.9])
    assert abs(hops[200, 0]) < 1e-3


@pytest.mark.parametrize("seed", range(4))
def test_the_answers_for_the_saddle_are_true(seed):
    ends = {
        noise: [
            descent.race("saddle", rule, 0.05, 0.9, noise, (-1.8, 0.0), seed)[-1] for rule in descent.RULES
        ]
        for noise in (0.0, 0.1)
    }
    np.testing.assert_allclose(ends[0.0], 0, atol=1e-3)
    sides = [np.sign(place[1]) for place in ends[0.1]]
    assert all(abs(place[1]) > 1.2 for place in ends[0.1])
    assert seed or len(set(sides)) == 2


def test_the_answers_for_the_hollows_are_true():
    end = lambda *how, **more: raced("hollows", *how, **more)[-1]  # noqa: E731
    at = lambda low, high: [rate for rate in RATES if low <= rate <= high]  # noqa: E731
    assert {round(end("sgd", rate), 3) for rate in at(0.01, 0.32)} == {0.73}
    assert end("sgd", 0.35) > 0.75
    assert all(end("rmsprop", rate) < 0.07 for rate in at(0.11, 0.2)) and end("rmsprop", 0.1) > 0.3
    assert {round(end("adam", rate), 3) for rate in at(0.25, 0.63)} == {0.365} and end("adam", 0.22) > 0.7
    noisy = [end("sgd", 0.05, noise=2.0, seed=seed) for seed in range(5)]
    assert min(noisy) < 0.6 and max(noisy) > 0.7


def test_the_answers_for_the_best_rates_are_true():
    def steps(surface, rule, rate, **more):
        return np.flatnonzero(raced(surface, rule, rate, **more) >= 1e-3).max(initial=-1) + 1

    best = {
        surface: {rule: min((steps(surface, rule, rate), rate) for rate in RATES) for rule in descent.RULES}
        for surface in ("ravine", "bend")
    }
    assert all(found[0] < 200 for rules in best.values() for found in rules.values())
    assert best["ravine"].pop("rmsprop") == (4, 0.1) and best["bend"]["sgd"] == (4, 0.13)
    assert min(best["ravine"].values())[0] == 40
    assert steps("bend", "sgd", 0.13, start=(-1.7, 0.9)) > 200


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"surface": "moon"}, "surface.*ravine.*moon"),
        ({"rate": 0.0}, "'rate'.*0.001.*0"),
        ({"momentum": 1.0}, "'momentum'.*0.99.*1"),
        ({"start_x": 3.0}, "'start_x'.*2.*3"),
    ],
)
def test_settings_out_of_range_are_named(settings, message):
    with pytest.raises(traitlets.TraitError, match=message):
        LandscapeExplorer(**settings)


@pytest.mark.parametrize("surface", landscape.SURFACES)
def test_the_still_is_small_and_finite(surface):
    for rate in (0.001, 3.2):
        still = LandscapeExplorer(surface=surface, rate=rate, noise=1.0).still()
        assert len(still) < 80_000 and "nan" not in still and "inf" not in still
