from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest

from models.finding import Slip
from pipeline.check.plausibility import slip_cost, slip_of


@pytest.mark.parametrize(
    ("printed", "meant", "slip"),
    [
        ("12", "17", "digit"),
        ("12", "21", "swapped_digits"),
        ("312", "321", "swapped_digits"),
        ("321", "123", "other"),
        ("12", "-12", "sign"),
        ("-12", "-17", "digit"),
        ("12", "123", "missing_digit"),
        ("12", "312", "missing_digit"),
        ("0", "10", "left_out"),
        ("0", "7", "left_out"),
        ("123", "12", "extra_digit"),
        ("112", "12", "extra_digit"),
        ("7", "0", "digit"),
        ("4", "987", "other"),
        # With another sign it is more than one slip.
        ("-12", "17", "other"),
        ("-12", "21", "other"),
        ("-12", "1", "other"),
        ("1", "-12", "other"),
        ("12", "-15", "other"),
    ],
)
def test_the_slip_that_makes_one_number_of_another(printed: str, meant: str, slip: Slip) -> None:
    assert slip_of(Decimal(printed), Decimal(meant), (), ()) == slip


def test_another_reading_of_the_cell_comes_before_all_else() -> None:
    assert slip_of(Decimal(12), Decimal(17), [Decimal(12)], ["17"]) == "read"
    assert slip_of(Decimal(12), Decimal(987), [Decimal(12)], ["98"]) == "neighbour"
    assert slip_of(Decimal(12), Decimal("4.50"), (), ["4.50"]) == "read"


def test_a_zero_is_copied_from_no_neighbour() -> None:
    assert slip_of(Decimal(0), Decimal(987), [Decimal(0)], ()) == "left_out"


def test_every_slip_has_a_cost_and_the_likeliest_the_least() -> None:
    costs = {s: slip_cost(s) for s in get_args(Slip)}
    assert min(costs, key=costs.__getitem__) == "read"
    assert max(costs, key=costs.__getitem__) == "other"
    assert all(c > 0 for c in costs.values())
