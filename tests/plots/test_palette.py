"""The palette's promises, measured: contrast on both backgrounds, distance for four kinds of sight."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from nbcourse.plots import style

BACKGROUNDS = ["#ffffff", "#14181e"]

# Machado, Oliveira and Fernandes (2009), A Physiologically-based Model for Simulation of Color Vision
# Deficiency, IEEE TVCG 15(6), severity 1.0; applied to linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "protanope": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranope": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanope": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(color):
    """sRGB hexadecimal → linear RGB in [0, 1] (IEC 61966-2-1)."""
    value = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(a, b):
    """WCAG 2 contrast ratio."""
    light, dark = sorted((linear(c) @ [0.2126, 0.7152, 0.0722] for c in (a, b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    """Linear RGB → CIE Lab under D65."""
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    xyz = np.array(to_xyz) @ rgb / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def seen(color, sight):
    return lab(np.clip(np.array(SIGHT[sight]) @ linear(color), 0, 1))


def test_the_measures_themselves():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
    for matrix in SIGHT.values():  # grey stays grey
        assert np.array(matrix).sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("name", style.PALETTE)
def test_three_to_one_on_both_backgrounds(name, background):
    assert contrast(style.PALETTE[name], background) >= 3


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_ink_reads_on_both_backgrounds(background):
    assert contrast(style.INK, background) >= 4


@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_are_24_apart(sight):
    distances = {
        pair: np.linalg.norm(seen(style.PALETTE[pair[0]], sight) - seen(style.PALETTE[pair[1]], sight))
        for pair in itertools.combinations(style.PALETTE, 2)
    }
    nearest = min(distances, key=distances.get)
    assert distances[nearest] >= 24, f"{nearest} are {distances[nearest]:.1f} apart for {sight} sight"


def test_ink_is_no_palette_colour():
    assert style.INK not in style.PALETTE.values()


def test_the_page_of_notation_shows_the_palette():
    page = Path(__file__).parents[2] / "book" / "notation.md"
    shown = re.findall(r'course-swatch" style="background: (#[0-9a-f]{6})"', page.read_text(encoding="utf-8"))
    assert shown == list(style.PALETTE.values())


def test_signed_values_are_clear_at_zero_alone():
    from nbcourse.plots import DIVERGING

    assert DIVERGING(0.5)[3] < 0.01
    assert abs(DIVERGING(0.6)[3] - 0.2) < 0.01 and abs(DIVERGING(0.25)[3] - 0.5) < 0.01
