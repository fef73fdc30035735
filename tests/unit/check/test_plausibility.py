from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import pytest

from models.finding import Slip
from pipeline.check.plausibility import Split, misprint_cost, slip_of


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


def cost(
    printed: int, meant: int, *, neighbours: Sequence[int] = (), proposed: Sequence[str] = (), parts: Sequence[int] = ()
) -> float:
    """Of a number, of a total where it has parts."""
    around, summed = [Decimal(n) for n in neighbours], [Decimal(n) for n in parts]
    return misprint_cost(Decimal(printed), Decimal(meant), around, proposed, summed or None)


@pytest.mark.parametrize(
    ("likelier", "rarer"),
    [
        (cost(12, 21), cost(12, 987)),
        (cost(12, 17), cost(12, 987)),
        (cost(1332, 132), cost(1732, 132)),
        (cost(112, 12), cost(412, 12)),
        (cost(16, 6, neighbours=[16, 3, 0]), cost(16, 6, neighbours=[4, 3, 0])),
        (cost(16, 6, neighbours=[16, 3]), cost(16, 6, neighbours=[16, 3, 0, 4])),
        (cost(12, 17, proposed=["17"]), cost(12, 21)),
        (cost(-12, 12), cost(-12, 13)),
        # Of two parts with the same slip the one that becomes smaller: large numbers are rarer.
        (cost(9, 2), cost(2, 9)),
        # Forms come with their zeros: where one was meant, a digit was hardly typed, but a cell beside it copied.
        (cost(8, 1), cost(8, 0)),
        (cost(8, 0, neighbours=[8, 0]), cost(8, 1, neighbours=[5, 0])),
        # A forgotten part, a sum that is a little off, a sum that is far off.
        (cost(40, 53, parts=[40, 13, 0]), cost(40, 54, parts=[40, 11, 3])),
        (cost(66, 53, parts=[40, 12, 1]), cost(266, 53, parts=[40, 12, 1])),
    ],
)
def test_the_likelier_misprint_costs_less(likelier: float, rarer: float) -> None:
    assert likelier < rarer


def test_a_total_may_be_wrong_in_more_ways_than_a_number() -> None:
    assert cost(54, 51, parts=[40, 11]) < cost(54, 51) + math.log(55 / 52)


def test_no_misprint_is_impossible() -> None:
    assert math.isfinite(cost(1, 98765432109876543210))
    assert math.isfinite(cost(-5, 98765432109876543210))
    assert math.isfinite(cost(98765432109876543210, 1, parts=[0, 0]))


def test_a_total_splits_into_parts_in_any_way_but_for_those_that_are_usually_larger() -> None:
    def gain(rest: int, printed: int, meant: int, weight: float = 1.0) -> float:
        return Split(Decimal(rest), weight, weight + 3.0).gain(Decimal(printed), Decimal(meant))

    # Four parts of 5 and of 8 add up in 56 and in 165 ways.
    assert gain(3, 5, 2) == pytest.approx(math.log(165 / 56))
    assert gain(3, 2, 5) == -gain(3, 5, 2)
    assert gain(3, 2, 5, weight=2.0) > gain(3, 2, 5), "a part that is usually larger became larger"
    with_split = misprint_cost(Decimal(5), Decimal(2), (), (), split=Split(Decimal(3), 1.0, 4.0))
    without_gain = misprint_cost(Decimal(5), Decimal(2), (), (), split=Split(Decimal(0), 1.0, 1.0))
    assert with_split - without_gain == pytest.approx(-gain(3, 5, 2))
