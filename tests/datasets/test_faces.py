"""Drawn faces: people differ in their measures, their pictures in everything else."""

import numpy as np
import pytest

from nbcourse import datasets


def test_types_ranges_and_order():
    images, people = drawn = datasets.faces(people=5, each=3, size=20)
    assert images.shape == (15, 20, 20) and images.dtype == np.float32
    assert images.min() >= 0 and images.max() <= 1
    assert people.dtype == np.int64 and np.array_equal(people, np.repeat(np.arange(5), 3))
    assert drawn.people is people


def test_seed_decides_everything():
    a, b, c = (datasets.faces(3, 2, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(a.images, b.images)
    assert not np.array_equal(a.images, c.images)


def test_no_two_pictures_are_alike():
    images = datasets.faces(4, 4, noise=0).images.reshape(16, -1)
    apart = np.linalg.norm(images[:, None] - images[None], axis=-1)
    assert apart[~np.eye(16, dtype=bool)].min() > 0.5


def test_the_mean_picture_of_a_person_differs_from_that_of_another():
    drawn = datasets.faces(20, 30, seed=1)
    means = [drawn.images[drawn.people == p][half::2].mean(0).ravel() for half in (0, 1) for p in range(20)]
    first, second = np.array(means[:20]), np.array(means[20:])
    apart = np.linalg.norm(first[:, None] - second[None], axis=-1)
    assert np.mean(apart.argmin(1) == np.arange(20)) > 0.5, "half of the pictures find the other half"


def test_a_face_is_brighter_than_what_lies_behind_it():
    images = datasets.faces(30, 1, size=32, noise=0).images
    corners = np.concatenate([images[:, :3, :3], images[:, -3:, -3:]]).max()
    assert images[:, 14:20, 12:20].mean() > 0.4 > corners


@pytest.mark.parametrize(
    "arguments, message",
    [
        (dict(people=0), "people ≥ 1, got 0"),
        (dict(each=0), "each ≥ 1, got 0"),
        (dict(size=8), "size ≥ 16, got 8"),
        (dict(noise=-1), "noise ≥ 0 and finite, got -1"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        datasets.faces(**arguments)
