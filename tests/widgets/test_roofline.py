"""The roofline explorer's costs: against torch's own count, and JavaScript against Python."""

import dataclasses
import json
from itertools import product
from pathlib import Path

import pytest
import traitlets

from nbcourse.widgets import RooflineExplorer, costs, roofline

torch = pytest.importorskip("torch")
RUN = Path(__file__).parent / "js" / "run-costs.mjs"
SPEEDS = [(100.0, 10.0), (989_000.0, 4800.0), (1.0, 10_000.0), (1e7, 1.0), (312.5, 20.5)]
CASES = [
    {"operation": operation, "size": size, "kind": kind, "peak": peak, "bandwidth": bandwidth}
    for operation, size, kind, (peak, bandwidth) in product(
        costs.OPERATIONS, (16, 1024, 16384), costs.BYTES, SPEEDS
    )
]


@pytest.fixture(scope="module")
def javascript(node):
    return json.loads(node(RUN, stdin=json.dumps({"machines": roofline.MACHINES, "cases": CASES})))


def cost(operation, n, kind="float32", peak=1e11, bandwidth=1e10):
    return costs.bound(operation, n, kind, peak, bandwidth)


def test_javascript_says_and_counts_the_same(javascript):
    for case, found in zip(CASES, javascript, strict=True):
        speeds = case["peak"], case["bandwidth"]
        here = cost(case["operation"], case["size"], case["kind"], *(1e9 * speed for speed in speeds))
        for name, value in dataclasses.asdict(here).items():
            assert found[name] == pytest.approx(value, rel=1e-12), (case, name)
        assert found["words"] == list(roofline.describe(case["operation"], case["size"], case["kind"], here))
        assert found["axis"] == list(roofline.rates(*speeds))
        assert found["machine"] == roofline.machine(case["kind"], *speeds)


def counted(run, *shapes):
    """Return FLOP as torch counts them, and the bytes of all tensors in and out."""
    from torch.utils.flop_counter import FlopCounterMode

    tensors = [torch.zeros(shape) for shape in shapes]
    with FlopCounterMode(display=False) as counter:
        result = run(*tensors)
    return counter.get_total_flops(), sum(t.nbytes for t in (*tensors, result))


@pytest.mark.parametrize("n", [16, 48])
def test_costs_are_those_that_torch_counts(n):
    conv, matmul = cost("conv", n), cost("matmul", n)
    assert counted(torch.mm, (n, n), (n, n)) == (matmul.flop, matmul.bytes)
    same = torch.nn.functional.conv2d
    found = counted(lambda x, w: same(x, w, padding=1), (1, 64, n, n), (64, 64, 3, 3))
    assert found == (conv.flop, conv.bytes)
    product_ = counted(lambda m, v: m @ v, (n, n), (n, 1))
    assert product_ == (cost("matvec", n).flop, cost("matvec", n).bytes)
    assert counted(torch.add, (n, n), (n, n))[1] == cost("add", n).bytes
    fused = cost("fused", n)
    assert counted(lambda q, k, v: q @ k.T @ v, *[(n, 64)] * 3) == (fused.flop, fused.bytes)


def test_stored_scores_cost_four_trips_of_n_squared_numbers():
    stored, fused = (cost(name, 1024, peak=1e12) for name in ("attention", "fused"))
    assert stored.flop == fused.flop and stored.bytes - fused.bytes == 4 * 4 * 1024**2
    assert stored.seconds > fused.seconds


def test_the_roof_bends_where_bandwidth_meets_arithmetic():
    low, high = cost("add", 256), cost("matmul", 256)
    assert low.ridge == high.ridge == 10
    assert low.intensity < 10 < high.intensity
    assert low.seconds == pytest.approx(low.bytes / 1e10) and low.rate < 1e11
    assert high.seconds == pytest.approx(high.flop / 1e11) and high.rate == 1e11


@pytest.mark.parametrize(
    "value, text", [(2**31, "2.15 G"), (999.7, "1000 "), (3.3e-13, "0.33 p"), (1e-9, "1 n"), (12.25, "12.3 ")]
)
def test_numbers_have_three_digits_and_a_prefix(value, text):
    assert roofline.si(value) == text


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"operation": "softmax"}, "operation.*matmul.*softmax"),
        ({"size": 100}, "size.*128.*100"),
        ({"kind": "float64"}, "kind.*bf16.*float64"),
        ({"peak": 0.5}, "'peak'.*1.*0.5"),
        ({"bandwidth": 1e5}, "'bandwidth'.*10000.*100000"),
    ],
)
def test_settings_out_of_range_are_named(settings, message):
    with pytest.raises(traitlets.TraitError, match=message):
        RooflineExplorer(**settings)


@pytest.mark.parametrize("operation", costs.OPERATIONS)
def test_the_still_shows_every_machine(operation):
    for name, (bandwidth, peaks) in roofline.MACHINES.items():
        for kind, peak in peaks.items():
            figure = RooflineExplorer(operation=operation, kind=kind, peak=peak, bandwidth=bandwidth)
            still = figure.still()
            assert f"<b>{name}</b>" in still and len(still) < 9_000 and "nan" not in still.lower()
