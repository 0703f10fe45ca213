"""The activation explorer's mathematics: against the engine from scratch, and JavaScript against NumPy."""

import json
from pathlib import Path

import numpy as np
import pytest
import traitlets

from nbcourse import scratch
from nbcourse.scratch.nn import functional as F
from nbcourse.widgets import ActivationExplorer, activations, network, signals

RUN = Path(__file__).parent / "js" / "run-signals.mjs"
INPUTS = np.linspace(-9, 9, 181).round(12)
CASES = [
    {"activation": name, "gain": gain, "depth": depth, "seed": seed, "x": x}
    for name, gain, depth, seed, x in [
        ("tanh", 1.0, 20, 0, 1.0),
        ("sigmoid", 2.5, 7, 3, -0.4),
        ("relu", 2**0.5, 50, 1, 0.0),
        ("gelu", 0.5, 12, 2, -2.0),
        ("elu", 3.0, 50, 5, 4.0),
        ("softplus", 1.5, 3, 8, 0.1),
    ]
]


@pytest.fixture(scope="module")
def javascript(node):
    """Return what signals.js makes of all functions and cases."""
    return json.loads(node(RUN, stdin=json.dumps({"inputs": INPUTS.tolist(), "cases": CASES})))


@pytest.mark.parametrize("name", signals.FUNCTIONS)
def test_functions_and_slopes_are_the_engines(name):
    x = scratch.tensor(INPUTS, dtype=scratch.float64, requires_grad=True)
    y = getattr(F, name)(x)
    y.sum().backward()
    value, slope = signals.FUNCTIONS[name]
    assert np.abs(value(INPUTS) - y.detach().numpy()).max() < 1e-12
    smooth = INPUTS != 0  # at the kink of ReLU a slope is a choice: 0 here as there
    assert np.abs(slope(INPUTS) - x.grad.numpy())[smooth].max() < 1e-12


@pytest.mark.parametrize("name", signals.FUNCTIONS)
def test_javascript_has_the_same_functions(javascript, name):
    for kind, function in zip(("value", "slope"), signals.FUNCTIONS[name], strict=True):
        assert np.abs(function(INPUTS) - javascript["functions"][name][kind]).max() < 1e-12


def test_all_random_numbers_at_once_are_those_one_by_one():
    numbers = network.mulberry32(-5)
    assert signals.uniform(-5, 50).tolist() == [next(numbers) for _ in range(50)]
    drawn = signals.normal(1, 20_001)
    assert len(drawn) == 20_001 and abs(drawn.mean()) < 0.03 and abs(drawn.std() - 1) < 0.02


@pytest.mark.parametrize("number", range(len(CASES)))
def test_signals_and_gradients_match_numpy(javascript, number):
    case, found = dict(CASES[number]), javascript["runs"][number]
    x = case.pop("x")
    run = signals.propagate(**case)
    for name in ("signal", "gradient", "zero"):
        assert np.allclose(found[name], run[name], rtol=1e-9, atol=0), name
    assert np.allclose(found["last"], run["layers"][-1].ravel(), rtol=1e-8, atol=1e-300)
    assert np.allclose(found["bins"], activations.histogram(run["layers"][-1]))
    assert found["axis"] == list(activations.decades(np.concatenate([run["signal"], run["gradient"]])))
    assert found["words"] == list(activations.describe(case["activation"], x, run))


def test_gradients_are_those_of_the_signal():
    run = signals.propagate("tanh", 1.2, 3, 0)
    stack = signals.normal(0, 3 * 64 * 64).reshape(3, 64, 64) * (1.2 / 8)
    h = x = scratch.tensor(run["layers"][0], dtype=scratch.float64, requires_grad=True)
    for W in stack:
        h = scratch.tanh(h @ scratch.tensor(W.T, dtype=scratch.float64))
    top = signals.normal(2 * signals.INPUT_SEED, 48 * 64).reshape(48, 64)
    h.backward(scratch.tensor(top, dtype=scratch.float64))
    assert abs(np.sqrt(np.mean(x.grad.numpy() ** 2)) - run["gradient"][0]) < 1e-12


@pytest.mark.parametrize("activation, gain", [("relu", 2**0.5), ("tanh", 1.0)])
def test_the_initialisations_keep_their_promise(activation, gain):
    good, weak = (signals.propagate(activation, g, 20, 0)["signal"][-1] for g in (gain, gain / 2))
    assert 0.1 < good < 3 and weak < 1e-4


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"activation": "step"}, "activation.*tanh.*step"),
        ({"gain": 11.0}, "'gain'.*10.*11"),
        ({"depth": 0}, "'depth'.*1.*0"),
        ({"x": 5.0}, "'x'.*4.*5"),
    ],
)
def test_settings_out_of_range_are_named(settings, message):
    with pytest.raises(traitlets.TraitError, match=message):
        ActivationExplorer(**settings)


@pytest.mark.parametrize("activation", signals.FUNCTIONS)
def test_the_still_is_small_and_finite(activation):
    for depth, gain in ((1, 3.0), (50, 3.0), (50, 0.2)):
        still = ActivationExplorer(activation=activation, gain=gain, depth=depth).still()
        assert len(still) < 110_000 and "nan" not in still.lower() and "inf" not in still.lower()
