from __future__ import annotations

import statistics

import pytest

from benchmarks.fit import fit_line


def test_points_on_a_line() -> None:
    fit = fit_line([1, 2, 4], [5.0, 7.0, 11.0])

    assert (fit.slope, fit.intercept, fit.r2) == pytest.approx((2, 3, 1))


def test_points_beside_a_line_are_explained_in_part() -> None:
    assert 0 < fit_line([0, 1, 2, 3], [0.0, 2.0, 1.0, 3.0]).r2 < 1
    assert fit_line([0, 1], [4.0, 4.0]).r2 == 1


def test_one_point_is_no_line() -> None:
    with pytest.raises(statistics.StatisticsError):
        fit_line([1, 1], [1.0, 2.0])
