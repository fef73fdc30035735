from __future__ import annotations

import pytest

from benchmarks.spread import Spread, slope, spread


def test_quartiles_lie_between_the_figures() -> None:
    found = spread([5.0, 1.0, 3.0, 2.0, 4.0])
    assert found == Spread(median=3.0, lower=2.0, upper=4.0, least=1.0, most=5.0)
    assert str(found) == "3.00 [2.00-4.00]"


def test_one_figure_is_its_own_spread() -> None:
    assert spread([2.5]) == Spread(2.5, 2.5, 2.5, 2.5, 2.5)


def test_no_figures_are_refused() -> None:
    with pytest.raises(ValueError, match="no figures"):
        spread([])


def test_slope_of_a_line_and_of_a_single_place() -> None:
    assert slope([0, 1, 2], [10, 12, 14]) == pytest.approx(2.0)
    assert slope([3, 3], [1, 2]) == 0.0
