"""Series in time: a temperature for each day or month, passengers for each month."""

import csv
from dataclasses import dataclass

import numpy as np

from nbcourse.datasets.registry import known
from nbcourse.datasets.store import DataError, paths


@dataclass(frozen=True)
class Series:
    """A quantity measured at even steps in time.

    Attributes
    ----------
    times : ndarray of shape (n,), datetime64
        When; days or months.
    values : ndarray of shape (n,), float64
        How much, in `unit`.
    period : int
        How many steps make a season: 365 days, or 12 months.
    unit, source : str
        What is counted, and whom to credit and on what terms.
    """

    times: np.ndarray
    values: np.ndarray
    period: int
    unit: str
    source: str = ""

    def cut(self, test: int) -> tuple["Series", "Series"]:
        """Return the series without its last `test` values, and those values: time is not shuffled."""
        if not 0 < test < len(self.values):
            raise ValueError(f"expected test from 1 to {len(self.values) - 1}, got {test}")
        cut = len(self.values) - test
        return tuple(
            Series(self.times[part], self.values[part], self.period, self.unit, self.source)
            for part in (slice(cut), slice(cut, None))
        )


def temperatures() -> Series:
    """The lowest temperature of each day in Melbourne, in °C, 1981 to 1990: 3,650 days.

    31 December is missing in the leap years 1984 and 1988, so that every year has 365 values.
    """
    return _series("temperatures", "D", 365, "°C")


def passengers() -> Series:
    """Passengers of international airlines, in thousands a month, 1949 to 1960: 144 months."""
    return _series("passengers", "M", 12, "thousand passengers")


def elnino() -> Series:
    """Temperature of the sea off Peru, in °C, the mean of each month from 1950 to 2010: 732 months.

    Region Niño 1+2 of the ERSST.v3b reconstruction by the U.S. National Oceanic and Atmospheric
    Administration, in the public domain, as shipped with statsmodels. Needs no network.
    """
    from statsmodels.datasets import elnino as table

    rows = table.load_pandas().data.to_numpy()  # (61, 13): a year, then its twelve months
    values = rows[:, 1:].ravel().astype(float)
    times = np.datetime64(f"{int(rows[0, 0])}-01") + np.arange(len(values))
    source = "ERSST.v3b, Niño 1+2, NOAA, public domain, as shipped with statsmodels"
    return Series(times, values, 12, "°C", source)


def _series(name, step, period, unit):
    (path,) = paths(name)
    try:
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))[1:]  # without the header
        times = np.array([when for when, _ in rows], dtype=f"datetime64[{step}]")
        values = np.array([float(value) for _, value in rows])
    except ValueError as error:
        raise DataError(f"{path}: expected lines of a date and a number ({error})") from None
    return Series(times, values, period, unit, known(name).credit)
