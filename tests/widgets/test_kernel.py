"""The kernel explorer's convolution: against the engine from scratch, and JavaScript against NumPy."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import traitlets

from nbcourse import scratch
from nbcourse.scratch.nn import functional as F
from nbcourse.widgets import KernelExplorer, convolution, kernel

RUN = Path(__file__).parent / "js" / "run-convolution.mjs"
KERNEL = [0.5, -1, 0, 2, 0.25, -3, 1, 0, -0.125]
CASES = [
    {"image": name, "kernel": KERNEL, "padding": p, "stride": s, "dilation": d, "place": place}
    for name, (p, s, d), place in product(("a 7", "cross"), product((0, 1, 2), (1, 2, 3), (1, 2)), (0, 3))
]


@pytest.fixture(scope="module")
def javascript(node):
    cases = [{**case, "image": kernel.pictures()[case["image"]]} for case in CASES]
    return json.loads(node(RUN, stdin=json.dumps(cases)))


@pytest.mark.parametrize("number", range(len(CASES)))
def test_the_map_is_the_engines_and_javascripts(javascript, number):
    case, found = CASES[number], javascript[number]
    figure = KernelExplorer(**case)
    image = scratch.tensor(np.array(figure.images[case["image"]], float)[None, None])
    weight = scratch.tensor(np.array(KERNEL).reshape(1, 1, 3, 3))
    engine = F.conv2d(
        image, weight, padding=case["padding"], stride=case["stride"], dilation=case["dilation"]
    )
    map_ = figure.feature_map()
    assert np.abs(map_ - engine.numpy()[0, 0]).max() < 1e-12
    assert np.abs(map_.ravel() - found["map"]).max() < 1e-12
    assert found["words"] == list(figure.words())


def test_the_window_holds_what_is_summed():
    image = kernel.pictures()["a 0"]
    map_ = convolution.correlate(image, np.array(KERNEL).reshape(3, 3), 1, 2, 1)
    for place, value in enumerate(map_.ravel()):
        under = convolution.window(image, 3, place, 1, 2, 1)
        assert sum(w * pixel for w, (*_, pixel) in zip(KERNEL, under, strict=True)) == pytest.approx(value)
    assert [at[:2] for at in convolution.window(image, 3, 0, 1, 2, 1)][:4] == [
        (-1, -1),
        (-1, 0),
        (-1, 1),
        (0, -1),
    ]


def test_the_ready_kernels_do_what_their_names_say():
    image = np.array(kernel.pictures()["a 7"])
    maps = {name: KernelExplorer(kernel=weights).feature_map() for name, weights in kernel.KERNELS.items()}
    assert (maps["nothing changed"] == image).all()
    assert (maps["one step to the left"][:, :-1] == image[:, 1:]).all()
    assert maps["mean"][3, 3] == pytest.approx(image[2:5, 2:5].mean())
    step = KernelExplorer(image="step", kernel=kernel.KERNELS["vertical edges"], padding=0).feature_map()
    assert (step[:, 2:4] > 0).all() and (step[:, :2] == 0).all() and (step[:, 4:] == 0).all()
    flat = KernelExplorer(image="step", kernel=kernel.KERNELS["horizontal edges"], padding=0).feature_map()
    assert (flat == 0).all()


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"image": "a cat"}, "'image' expected one of step, cross, a 7, a 0; got 'a cat'"),
        ({"kernel": [1, 2, 3]}, "'kernel'.*9"),
        ({"stride": 0}, "'stride'.*1.*0"),
        ({"dilation": 3}, "'dilation'.*2.*3"),
    ],
)
def test_settings_out_of_range_are_named(settings, message):
    with pytest.raises(traitlets.TraitError, match=message):
        KernelExplorer(**settings)


def test_the_still_shows_the_whole_map_and_is_small():
    still = KernelExplorer(padding=2, place=5).still()
    assert still.count("<rect") == 64 + 100 and len(still) < 60_000
