"""The figures of chapter 8's first half draw what they are given, in the style of the course."""

import re

import numpy as np
import pytest

from nbcourse.plots import scaling
from tests.language import problems

POINTS = {"add": (1 / 12, 2e9), "1": (0.5, 1e10), "matrices": (170, 8e10)}
RING = np.ones((7, 4, 4), dtype=int)
PARTS = {"weights": 1.5, "gradients": 1.5, "Adam": 3.0, "activations": 17.0}
STEPS = np.array([[1000, 1100], [300, 280], [60, 64]])
WAYS = {"one process": PARTS, "FSDP, 8": {name: size / 8 for name, size in PARTS.items()}}
UNKNOWN = {"α = 1": 1 / np.array([[2.0, 3.0], [4.0, 5.0], [9.0, 8.0]])}

# name, arguments, words that must stand in it
FIGURES = [
    (
        "time_shares",
        ({"GELU": 5.0, "products": 80.0},),
        ["GELU", "products", "80 %", "share of the time (%)"],
    ),
    ("roofline", (9e10, 3e10, POINTS), ["add", "1", "matrices", "ridge", "GFLOP/s"]),
    ("amdahl", ([0.5, 0.99], 256, [(1, 1.0), (2, 1.9)]), ["50 %", "99 %", "workers", "times as fast"]),
    ("gradient_exponents", (np.linspace(-30, -8, 99), 10), ["gradients", "times 1,024", "zero", "all bits"]),
    (
        "attention_memory",
        ([64, 128], [0.2, 0.8], [0.1, 0.2]),
        ["written out", "fused", "tokens", "kept (MiB)"],
    ),
    ("ring", (RING,), ["start", "step 1", "step 6", "process", "chunk"]),
    ("process_memory", (WAYS,), ["one process", "FSDP, 8", *PARTS, "MiB in each process"]),
    ("steps_against_batch", ([1, 4, 64], STEPS, 55, 18), ["critical", "examples in a batch", "steps"]),
    ("power_law", ([64, 256, 1024], UNKNOWN), ["α = 1", "examples seen"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(scaling, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} == set(scaling.__all__)


def test_the_roof_bends_at_the_ridge():
    roof = scaling.roofline.draw(8e10, 2e10, POINTS).axes[0].lines[0].get_xydata()
    assert roof[1] == pytest.approx([4, 80])  # 80 GFLOP/s from 4 operations a byte on
    assert roof[2][1] == pytest.approx(80)
    assert roof[0][1] == pytest.approx(20 * roof[0][0])


def test_what_waits_for_memory_is_marked_otherwise_than_what_waits_for_arithmetic():
    ax = scaling.roofline.draw(8e10, 2e10, POINTS).axes[0]
    markers = [line.get_marker() for line in ax.lines[2:]]
    assert markers == ["o", "o", "s"]


def test_shares_are_sorted_with_the_largest_on_top():
    ax = scaling.time_shares.draw({"b": 10.0, "a": 70.0, "c": 20.0}).axes[0]
    assert [bar.get_width() for bar in ax.patches] == [10, 20, 70]


def test_shifted_gradients_move_by_the_shift():
    ax = scaling.gradient_exponents.draw(np.full(10, -20.5), 6).axes[0]
    tops = [line.get_xdata()[np.argmax(line.get_ydata())] for line in ax.lines]
    assert tops == [-21, -15]


def test_parts_of_memory_stand_side_by_side():
    ax = scaling.process_memory.draw(WAYS).axes[0]
    ends = {round(bar.get_x() + bar.get_width(), 6) for bar in ax.patches}
    assert {23.0, 23 / 8} <= ends
