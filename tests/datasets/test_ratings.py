"""Ratings hold what their rule says: no film twice, stars near their means, fame and taste in the log."""

import numpy as np
import pytest

from nbcourse import datasets


def test_everybody_rates_as_many_different_films():
    found = datasets.ratings(50, 40, seen=9, seed=1)
    assert found.user.shape == found.item.shape == found.stars.shape == (450,)
    assert (np.bincount(found.user) == 9).all()
    assert len(set(zip(found.user, found.item, strict=True))) == 450
    assert set(found.stars) <= {1.0, 2.0, 3.0, 4.0, 5.0}
    assert found.mean.shape == (50, 40) and found.kind.shape == (40,)


def test_the_mean_is_two_constants_and_a_product_of_rank_two():
    mean = datasets.ratings(60, 40).mean
    rest = mean - mean.mean(axis=0) - mean.mean(axis=1, keepdims=True) + mean.mean()
    sizes = np.linalg.svd(rest, compute_uv=False)
    assert sizes[1] > 1 and sizes[2] < 1e-9


def test_stars_are_the_rounded_mean_plus_noise():
    found = datasets.ratings(400, 60, seed=2)
    mean = found.mean[found.user, found.item]
    inner = np.abs(mean - 3) < 0.5  # far from the ends, where nothing is cut off
    rest = (found.stars - mean)[inner]
    assert abs(rest.mean()) < 0.05
    assert abs(rest.std() - np.sqrt(0.5**2 + 1 / 12)) < 0.04  # rounding adds 1/12


def test_the_log_is_biased_to_what_people_like():
    found = datasets.ratings(seed=3)
    assert found.mean[found.user, found.item].mean() > found.mean.mean() + 0.2


def test_fame_is_uneven_and_not_quality():
    found = datasets.ratings(1000, 100, seed=4)
    counts = np.bincount(found.item, minlength=100)
    assert counts.max() > 20 * np.median(counts) / 10
    assert abs(np.corrcoef(counts, found.mean.mean(axis=0))[0, 1]) < 0.35


def test_the_order_of_the_log_is_random():
    found = datasets.ratings(seed=5)
    assert (np.diff(found.user) < 0).mean() > 0.4


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"users": 0}, ValueError, "users ≥ 1"),
        ({"items": 1}, ValueError, "items ≥ 2"),
        ({"items": 10, "seen": 11}, ValueError, "seen from 1 to items"),
        ({"seed": 1.0}, TypeError, "integer"),
    ],
)
def test_bad_arguments_are_named(arguments, error, words):
    with pytest.raises(error, match=words):
        datasets.ratings(**arguments)
