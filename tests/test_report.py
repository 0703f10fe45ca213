"""Numbers as the book prints them: bands and bounds."""

import math
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nbcourse.notebooks import BAND
from nbcourse.report import agree, band, to_array


@pytest.mark.parametrize(
    "value, low, high, digits, text",
    [
        (97.234, 96, 98, 3, "≈ 97.2 [96, 98]"),
        (97.0, 96, 98, 3, "≈ 97.0 [96, 98]"),
        (0.123456, 0.1, 0.2, 2, "≈ 0.12 [0.1, 0.2]"),
        (1234.5, 0, 2000, 3, "≈ 1234 [0, 2000]"),
        (-0.05, -1, 0, 3, "≈ -0.0500 [-1, 0]"),
        (3e-7, 0, 1e-6, 3, "≈ 3.00e-07 [0, 1e-06]"),
        (0, 0, 1, 3, "≈ 0.00 [0, 1]"),
        (97.996, 97.9959, 97.9961, 3, "≈ 97.996 [97.9959, 97.9961]"),  # fewer digits would leave the band
        (np.float32(0.5), 0, 1, 3, "≈ 0.500 [0, 1]"),
        (np.array([[0.5]]), 0, 1, 1, "≈ 0.5 [0, 1]"),
        (torch.tensor(0.5, requires_grad=True), 0, 1, 3, "≈ 0.500 [0, 1]"),
    ],
)
def test_band_is_printed(value, low, high, digits, text):
    assert band(value, low, high, digits) == text


@pytest.mark.parametrize("value", [95.999, 98.001, math.nan, math.inf, -math.inf])
def test_band_refuses(value):
    with pytest.raises(AssertionError, match=re.escape(f"{value:.6g} lies outside its band [96, 98]")):
        band(value, 96, 98)


def test_band_names_what_it_expected():
    with pytest.raises(ValueError, match=re.escape("low <= high; got [2, 1]")):
        band(1.5, 2, 1)
    with pytest.raises(ValueError, match=re.escape("one number; got an array of shape (2,)")):
        band([1, 2], 0, 3)


@given(st.floats(-1e9, 1e9), st.floats(0, 1e3), st.floats(0, 1e3), st.integers(1, 6))
def test_printed_value_is_read_back_inside_its_band(value, below, above, digits):
    low, high = float(f"{value - below:.6g}"), float(f"{value + above:.6g}")
    if low <= value <= high:
        match = BAND.fullmatch(band(value, low, high, digits))
        shown, shown_low, shown_high = map(float, match.groups())
        assert (shown_low, shown_high) == (low, high)
        assert low <= shown <= high


@pytest.mark.parametrize(
    "a, b",
    [
        (1.0, 1.0),
        ([1, 2], np.array([1.0, 2.0])),
        (torch.ones(2, 3), np.ones((2, 3))),
        (torch.ones(2, requires_grad=True), [1, 1]),
        ([np.ones(2), np.ones(3)], [torch.ones(2), torch.ones(3)]),
        (
            {"weight": np.ones((2, 2)), "bias": np.zeros(2)},
            {"weight": torch.ones(2, 2), "bias": torch.zeros(2)},
        ),
        (np.array([1 + 2j]), [1 + 2j]),
    ],
)
def test_agree_prints_the_bound(a, b):
    assert agree(a, b) == "< 1e-12"


@pytest.mark.parametrize(
    "a, b, message",
    [
        (1.0, 1.5, "largest difference 0.5 is not below 1e-12"),
        (np.ones(2), np.ones((2, 1)), r"the shapes differ: \(2,\) and \(2, 1\)"),
        (np.array([1.0, math.nan]), np.array([1.0, math.nan]), "largest difference inf"),
        ([], [], "nothing to compare"),
        ([np.ones(2)], [np.ones(2), np.ones(2)], "the lengths differ: 1 and 2"),
        ({"w": 1}, {"b": 1}, r"the keys differ: \['w'\] and \['b'\]"),
        ({"w": [1.0, 2.0]}, {"w": [1.0, 2.5]}, r"largest difference 0.5 at \['w'\]"),
    ],
)
def test_agree_names_what_differs(a, b, message):
    with pytest.raises(AssertionError, match=message):
        agree(a, b)


def test_agree_is_strict_at_the_tolerance():
    assert agree(0.0, 0.4, tolerance=0.5) == "< 0.5"
    with pytest.raises(AssertionError):
        agree(0.0, 0.5, tolerance=0.5)


def test_to_array_reads_scratch_tensors():
    scratch = pytest.importorskip("nbcourse.scratch")
    tensor = scratch.tensor([1.0, 2.0], requires_grad=True)
    np.testing.assert_array_equal(to_array(tensor), [1.0, 2.0])
    assert agree(tensor, torch.tensor([1.0, 2.0])) == "< 1e-12"
