"""Forecasting: windows and parts in time, nothing of the future in them, and the forecasts to beat."""

import os

import numpy as np
import pytest
import torch

from nbcourse import recipes
from nbcourse.datasets import series as published
from nbcourse.datasets.series import Series
from nbcourse.recipes import series

CPU = torch.device("cpu")


def made_up(n, period, seed=0):
    """A series that grows and has a season; not one value stands for two times."""
    t, noise = np.arange(n), np.random.default_rng(seed).normal(size=n)
    values = 100 + t * 0.7 + 20 * np.sin(2 * np.pi * t / period) + noise
    return Series(np.datetime64("1949-01") + t, values, period, "units")


@pytest.fixture
def stand_in(monkeypatch):
    """Put made-up series of the published lengths in place of both files."""
    found = {"temperatures": made_up(3650, 365), "passengers": made_up(144, 12)}
    for name, data in found.items():
        monkeypatch.setattr(published, name, lambda data=data: data)
    return found


def test_windows_are_followed_by_what_comes_next():
    columns = np.stack([np.arange(7), 10 * np.arange(7)], -1)  # (7, 2)
    X = series.windows(columns, 3)
    assert X.shape == (4, 3, 2)
    assert X[0, :, 0].tolist() == [0, 1, 2] and X[3, :, 1].tolist() == [30, 40, 50]


def test_forecasts_that_learn_nothing_see_only_the_past():
    data, test = made_up(60, 12), 20
    v, places = data.values, range(40, 60)
    expected = {
        "seasonal_naive": [v[t - 12] for t in places],
        "persistence": [v[t - 1] for t in places],
        "seasonal_growth": [v[t - 12] * v[t - 1] / v[t - 13] for t in places],
    }
    forecasts = (series.seasonal_naive, series.persistence, series.seasonal_growth)
    found = series.baselines(data, test, *forecasts)
    assert list(found) == list(expected)
    for forecast in forecasts:
        name = forecast.__name__
        np.testing.assert_allclose(forecast(data, test), expected[name])
        assert found[name] == pytest.approx(np.mean(np.abs(v[40:] - expected[name])))


@pytest.mark.parametrize(
    "name, length, validation, test", [("temperatures", 30, 365, 365), ("passengers", 12, 12, 24)]
)
def test_targets_are_the_series_itself_in_its_units(stand_in, name, length, validation, test):
    data, problem = getattr(series, name)()
    assert (problem.validation, problem.test) == (validation, test)
    assert len(problem.X) == len(problem.y) and problem.X.shape[1] == length
    last = slice(len(problem.y) - 50, None)
    np.testing.assert_allclose(problem.in_units(problem.y[last], last), data.values[-50:])


@pytest.mark.parametrize("name, held_out", [("temperatures", 730), ("passengers", 36)])
def test_training_sees_nothing_of_what_is_held_out(stand_in, monkeypatch, name, held_out):
    settings = recipes.find(name).settings
    make = recipes.find(name).make
    before = make(settings, 0, CPU).batches.tensors
    data = stand_in[name]
    data.values[-held_out:] = np.random.default_rng(1).uniform(500, 900, held_out)
    after = make(settings, 0, CPU).batches.tensors
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    data.values[-held_out - 1] += 1
    assert not torch.equal(make(settings, 0, CPU).batches.tensors[1], before[1])


@pytest.mark.parametrize("score, n, end", [("validate", 12, 120), ("test", 24, 144)])
def test_without_a_change_of_growth_the_forecast_is_the_last_growth(stand_in, score, n, end):
    v, places = stand_in["passengers"].values, np.arange(end - n, end)
    expected = np.abs(v[places] - v[places - 12] * v[places - 1] / v[places - 13]).mean()
    task = recipes.find("passengers").make(recipes.find("passengers").settings, 0, CPU)
    found = getattr(task, score)(lambda x: torch.zeros(len(x), 1))
    assert found["mae"] == pytest.approx(expected)
    assert score == "validate" or found["seasonal_growth"] == pytest.approx(expected)


def test_the_result_says_what_there_was_to_beat(stand_in):
    names = {"temperatures": {"seasonal_naive", "persistence"}}
    names["passengers"] = names["temperatures"] | {"seasonal_growth"}
    for name, expected in names.items():
        recipe = recipes.find(name)
        result = recipe.run(0, recipe.settings.changed(steps=3), device="cpu")
        assert set(result["test"]) == expected | {"loss", "mae"}
        assert result["metric"] == result["test"]["mae"] > 0


@pytest.mark.parametrize("name", ["temperatures", "passengers"])
@pytest.mark.skipif("NBCOURSE_DATA" not in os.environ, reason="NBCOURSE_DATA names no folder with the series")
def test_the_target_is_the_published_series_own(name):
    data, problem = getattr(series, name)()
    target = recipes.find(name).target
    assert f"{series.baselines(data, problem.test, series.seasonal_naive)['seasonal_naive']:.3g}" == (
        f"{target.value:g}"
    )
    assert "seasonal-naive" in target.source
