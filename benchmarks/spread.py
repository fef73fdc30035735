"""Median and spread: single timings on a shared machine say little."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, quartiles and extremes of some figures."""

    median: float
    lower: float
    upper: float
    least: float
    most: float

    def to_json_dict(self) -> dict[str, object]:
        """Plain JSON types."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.median:.2f} [{self.lower:.2f}-{self.upper:.2f}]"


def spread(figures: Sequence[float]) -> Spread:
    """The spread of at least one figure; quartiles by linear interpolation.

    Raises:
        ValueError: there are no figures.
    """
    if not figures:
        raise ValueError("no figures to take the spread of")
    if len(figures) == 1:
        return Spread(*(figures[0],) * 5)
    lower, median, upper = statistics.quantiles(figures, n=4, method="inclusive")
    return Spread(median, lower, upper, min(figures), max(figures))


def slope(x: Sequence[float], y: Sequence[float]) -> float:
    """Slope of the least-squares line through the points; 0 where all ``x`` are equal."""
    return statistics.linear_regression(x, y).slope if len(set(x)) > 1 else 0.0
