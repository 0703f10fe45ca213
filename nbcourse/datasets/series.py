"""Series in time: a temperature for each day, passengers for each month."""

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
