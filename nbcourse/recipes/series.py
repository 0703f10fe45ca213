"""Forecasting: the temperature of tomorrow, the passengers of next month, one step ahead of what is known.

Walk-forward evaluation: each value of the test part is forecast from the true values before it. Beside each
network's error stand those of two forecasts that learn nothing: the value one season before, which a network
must beat, and the stronger one that continues from the last value.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F

from nbcourse.datasets import series
from nbcourse.models import Forecaster
from nbcourse.recipes.recipe import Recipe, Target, Task
from nbcourse.train import Batches, Settings


@dataclass
class Problem:
    """What a network learns: windows `X` (n, length, features), the standardised values `y` (n,) after them.

    ``in_units(y, part)`` turns standardised values of a part, a slice of the n, into those of the series; the
    last `test` are tested, the `validation` before them validate.
    """

    X: np.ndarray
    y: np.ndarray
    in_units: Callable
    validation: int
    test: int


def windows(columns, length):
    """Return all stretches of a series (T, features) that a value follows: (T - length, length, features)."""
    cut = np.lib.stride_tricks.sliding_window_view(columns, length, axis=0)  # (…, features, length)
    return cut[:-1].transpose(0, 2, 1)


def seasonal_naive(data, test):
    """Forecast the last `test` values by those one season before."""
    return data.values[-test - data.period : -data.period]


def persistence(data, test):
    """Forecast the last `test` values by the value before each."""
    return data.values[-test - 1 : -1]


def seasonal_growth(data, test):
    """Forecast the last `test` values by those one season before, grown as the last known value has."""
    grown = data.values[data.period :] / data.values[: -data.period]
    return seasonal_naive(data, test) * grown[-test - 1 : -1]


def baselines(data, test, *forecasts):
    """Return {name: mean absolute error} of such forecasts."""
    return {f.__name__: float(np.abs(data.values[-test:] - f(data, test)).mean()) for f in forecasts}


def temperatures():
    """The temperature, and the day of the year as an angle, on 30 days; a year each validates and tests."""
    data, length, year = series.temperatures(), 30, 365
    known = data.values[: -2 * year]
    mean, deviation = known.mean(), known.std()
    angle = 2 * np.pi * (np.arange(len(data.values)) % data.period) / data.period
    z = (data.values - mean) / deviation
    X = windows(np.stack([z, np.sin(angle), np.cos(angle)], -1), length)
    return data, Problem(X, z[length:], lambda y, part: y * deviation + mean, year, year)


def passengers():
    """Growth over a year, log v(t) - log v(t - 12), in 12 months; a year validates, two years test.

    Learned is how the growth changes from the last month to the next.
    """
    data, length, validation, test = series.passengers(), 12, 12, 24
    logs = np.log(data.values)
    growth = logs[data.period :] - logs[: -data.period]
    known = growth[: -validation - test]
    mean, deviation = known.mean(), known.std()
    z = (growth - mean) / deviation
    before = data.values[length : -data.period]  # one season before each target

    last = z[length - 1 : -1]

    def in_units(y, part):
        return before[part] * np.exp((last[part] + y) * deviation + mean)

    return data, Problem(windows(z[:, None], length), z[length:] - last, in_units, validation, test)


def make_temperatures(settings, seed, device):
    """A GRU of 32 units."""
    data, problem = temperatures()
    beside = baselines(data, problem.test, seasonal_naive, persistence)
    return _task(Forecaster(features=3, cell="gru", hidden=32), problem, beside, settings, seed, device)


def make_passengers(settings, seed, device):
    """An LSTM of 16 units."""
    data, problem = passengers()
    beside = baselines(data, problem.test, seasonal_naive, seasonal_growth, persistence)
    return _task(Forecaster(features=1, cell="lstm", hidden=16), problem, beside, settings, seed, device)


def _task(model, problem, beside, settings, seed, device):
    inputs = torch.tensor(problem.X, dtype=torch.float32, device=device)
    targets = torch.tensor(problem.y, dtype=torch.float32, device=device)[:, None]  # (n, 1)
    known = len(targets) - problem.validation - problem.test
    validation, test = slice(known, known + problem.validation), slice(known + problem.validation, None)

    def errors(network, part):
        forecast = problem.in_units(network(inputs[part])[:, 0].cpu().numpy(), part)
        error = forecast - problem.in_units(problem.y[part], part)
        return {"loss": float(np.square(error).mean()), "mae": float(np.abs(error).mean())}

    return Task(
        model,
        Batches(inputs[:known], targets[:known], batch_size=settings.batch_size, seed=seed),
        lambda network, batch: F.mse_loss(network(batch[0]), batch[1]),
        validate=lambda network: errors(network, validation),
        test=lambda network: errors(network, test) | beside,
        monitor="mae",
    )


RECIPES = (
    Recipe(
        "temperatures",
        "Melbourne's lowest temperature, a day ahead, GRU",
        make_temperatures,
        Settings(epochs=10, batch_size=64, lr=1e-2),
        metric="mae",
        unit="°C",
        largest=False,
        best=True,
        target=Target(2.87, "seasonal-naive: the same day of the year before"),
        data=("temperatures",),
        seeds=5,
        minutes=0.1,
    ),
    Recipe(
        "passengers",
        "Airline passengers, a month ahead, LSTM",
        make_passengers,
        Settings(epochs=100, batch_size=16, lr=3e-3, weight_decay=0.1),
        metric="mae",
        unit="thousand passengers",
        largest=False,
        best=True,
        target=Target(47.6, "seasonal-naive: the same month of the year before"),
        data=("passengers",),
        seeds=5,
        minutes=0.05,
    ),
)
