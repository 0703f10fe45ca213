"""Forecasting: the temperature of tomorrow, the passengers of next month, against the same time last season.

Walk-forward evaluation: each value of the test part is forecast one step ahead, from the true values before
it. The seasonal-naive forecast, the value one season before, is the baseline that a network must beat.
"""

import numpy as np
import torch
from torch.nn import functional as F

from nbcourse.datasets import series
from nbcourse.models import Forecaster
from nbcourse.recipes.recipe import Recipe, Target, Task
from nbcourse.train import Batches, Settings


def windows(values, length):
    """Return inputs (n, length) and the value after each, (n,), of a series (T,)."""
    cut = np.lib.stride_tricks.sliding_window_view(values, length + 1)  # (n, length + 1)
    return cut[:, :-1], cut[:, -1]


def seasonal_naive(data, test):
    """Return the mean absolute error of forecasting the last `test` values by those one season before."""
    return float(np.abs(data.values[-test:] - data.values[-test - data.period : -data.period]).mean())


def _temperature_features(data, length):
    """Return inputs (n, length, 3) and targets (n,): the temperature, and the day of the year as an angle."""
    angle = 2 * np.pi * (np.arange(len(data.values)) % data.period) / data.period
    columns = np.stack([data.values, np.sin(angle), np.cos(angle)], -1)  # (T, 3)
    cut = np.lib.stride_tricks.sliding_window_view(columns, length + 1, axis=0)  # (n, 3, length + 1)
    return cut[:, :, :-1].transpose(0, 2, 1), data.values[length:]


def make_temperatures(settings, seed, device):
    """A GRU over the last 30 days; the last year is the test part, the year before validates."""
    data, length, year = series.temperatures(), 30, 365
    X, y = _temperature_features(data, length)
    train_end = len(y) - 2 * year
    mean, deviation = data.values[: train_end + length].mean(), data.values[: train_end + length].std()
    X = X.copy()
    X[:, :, 0] = (X[:, :, 0] - mean) / deviation
    return _task(
        Forecaster(features=3, cell="gru", hidden=32),
        X,
        (y - mean) / deviation,
        deviation,
        (train_end, train_end + year),
        settings,
        seed,
        device,
    )


def make_passengers(settings, seed, device):
    """An LSTM over 12 months of yearly growth, log y(t) - log y(t - 12); two years are the test part."""
    data, length, period = series.passengers(), 12, 12
    logs = np.log(data.values)
    growth = logs[period:] - logs[:-period]
    X, y = windows(growth, length)
    train_end = len(y) - 36
    mean, deviation = growth[: train_end + length].mean(), growth[: train_end + length].std()
    before = data.values[length : len(data.values) - period]  # one season before each target

    def absolute(forecast, target, part):
        return np.abs(before[part] * (np.exp(forecast) - np.exp(target)))

    return _task(
        Forecaster(features=1, cell="lstm", hidden=16),
        ((X - mean) / deviation)[..., None],
        (y - mean) / deviation,
        deviation,
        (train_end, train_end + 12),
        settings,
        seed,
        device,
        mean=mean,
        absolute=absolute,
    )


def _task(model, X, y, deviation, cuts, settings, seed, device, mean=0.0, absolute=None):
    """Return the `Task`: the parts follow one another in time and are cut at `cuts`."""
    first, second = cuts
    inputs = torch.tensor(X, dtype=torch.float32, device=device)
    targets = torch.tensor(y, dtype=torch.float32, device=device)[:, None]  # (n, 1)

    def errors(network, part):
        forecast = network(inputs[part])[:, 0].cpu().numpy() * deviation + mean
        target = y[part] * deviation + mean
        error = np.abs(forecast - target) if absolute is None else absolute(forecast, target, part)
        return {"loss": float(np.square(error).mean()), "mae": float(error.mean())}

    return Task(
        model,
        Batches(inputs[:first], targets[:first], batch_size=settings.batch_size, seed=seed),
        lambda network, batch: F.mse_loss(network(batch[0]), batch[1]),
        validate=lambda network: errors(network, slice(first, second)),
        test=lambda network: errors(network, slice(second, None)),
        monitor="mae",
    )


RECIPES = (
    Recipe(
        "temperatures",
        "Melbourne's lowest temperature, a day ahead, GRU",
        make_temperatures,
        Settings(epochs=20, batch_size=64, lr=3e-3),
        metric="mae",
        unit="°C",
        largest=False,
        best=True,
        target=Target(2.87, "seasonal-naive: the same day of the year before"),
        data=("temperatures",),
        minutes=0.5,
    ),
    Recipe(
        "passengers",
        "Airline passengers, a month ahead, LSTM",
        make_passengers,
        Settings(epochs=200, batch_size=16, lr=3e-3),
        metric="mae",
        unit="thousand passengers",
        largest=False,
        best=True,
        target=Target(47.6, "seasonal-naive: the same month of the year before"),
        data=("passengers",),
        minutes=0.3,
    ),
)
