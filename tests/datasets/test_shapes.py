"""Generated pictures: what is said about a shape is true of its pixels."""

import numpy as np
import pytest

from nbcourse import datasets
from nbcourse.datasets import SHAPES


def test_shapes_types_ranges_and_balance():
    images, labels, boxes, masks = drawn = datasets.shapes(23, size=20)
    assert images.shape == (23, 20, 20) and images.dtype == np.float32
    assert images.min() >= 0 and images.max() <= 1
    assert labels.shape == (23,) and labels.dtype == np.int64
    assert np.ptp(np.bincount(labels, minlength=5)) == 1
    assert boxes.shape == (23, 4) and boxes.dtype == np.int64
    assert masks.shape == (23, 20, 20) and masks.dtype == bool
    assert drawn.labels is labels


def test_seed_decides_everything():
    a, b, c = (datasets.shapes(10, seed=seed) for seed in (3, 3, 4))
    assert all(np.array_equal(p, q) for p, q in zip(a, b, strict=True))
    assert not np.array_equal(a.images, c.images)
    assert not np.array_equal(a.labels, np.sort(a.labels)), "the order must be random"


def test_a_box_is_the_smallest_that_holds_the_mask():
    drawn = datasets.shapes(50, size=32, seed=1)
    for mask, (left, top, right, bottom) in zip(drawn.masks, drawn.boxes, strict=True):
        rows, columns = np.nonzero(mask)
        assert (left, top, right, bottom) == (
            columns.min(),
            rows.min(),
            columns.max() + 1,
            rows.max() + 1,
        )


def test_without_noise_and_clutter_the_mask_is_the_bright_half():
    drawn = datasets.shapes(60, noise=0, clutter=0, seed=2)
    dark, bright = drawn.images.min((1, 2)), drawn.images.max((1, 2))
    middle = ((dark + bright) / 2)[:, None, None]
    sharp = abs(drawn.images - middle) > 0.02  # a pixel that is cut in half may be on either side
    assert np.array_equal((drawn.images > middle)[sharp], drawn.masks[sharp])
    assert np.all((bright - dark >= 0.29) & (bright - dark <= 0.61))


@pytest.mark.parametrize("name, per_radius", [("disc", np.pi), ("square", 1.6**2), ("ring", 0.75 * np.pi)])
def test_areas_are_those_of_the_named_shape(name, per_radius):
    drawn = datasets.shapes(200, size=64, noise=0, clutter=0)
    for mask in drawn.masks[drawn.labels == SHAPES.index(name)]:
        width = np.sqrt(mask.sum() / per_radius) / 64  # the radius, as a share of the side
        assert 0.16 < width < 0.30


def test_only_the_ring_has_a_hole():
    from scipy.ndimage import label

    drawn = datasets.shapes(100, size=48, noise=0, clutter=0)
    holes = [label(~mask)[1] - 1 for mask in drawn.masks]
    assert np.array_equal(np.array(holes) > 0, drawn.labels == SHAPES.index("ring"))


def test_clutter_lies_outside_the_mask():
    plain, cluttered = (datasets.shapes(30, noise=0, clutter=k, seed=5) for k in (0, 4))
    assert np.array_equal(plain.masks, cluttered.masks)
    outside = ~cluttered.masks
    assert cluttered.images[outside].mean() > plain.images[outside].mean()


@pytest.mark.parametrize(
    "arguments, message",
    [
        (dict(n=0), "n ≥ 1, got 0"),
        (dict(size=8), "size ≥ 16, got 8"),
        (dict(noise=-1), "noise ≥ 0 and finite, got -1"),
        (dict(clutter=-1), "clutter ≥ 0, got -1"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        datasets.shapes(**arguments)
