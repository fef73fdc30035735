"""A straight line through measured points, and how well they lie on it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fit:
    """``y = intercept + slope * x`` by least squares; ``r2`` (0..1) is the share of the variance of y explained."""

    slope: float
    intercept: float
    r2: float


def fit_line(x: Sequence[float], y: Sequence[float]) -> Fit:
    """The line through at least two points with different ``x``.

    Raises:
        statistics.StatisticsError: there are fewer, or all have one ``x``.
    """
    slope, intercept = statistics.linear_regression(x, y)
    # Points on a level line leave nothing to explain.
    r2 = statistics.correlation(x, y) ** 2 if len(set(y)) > 1 else 1.0
    return Fit(slope, intercept, r2)
