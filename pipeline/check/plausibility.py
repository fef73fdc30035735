"""How likely a slip it is that a number was printed instead of another one."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from models.figures import plain
from models.finding import Slip

# Costs of slips, the likeliest first. They only rank explanations; larger is less likely.
_COST: dict[Slip, float] = {
    "read": 0.2,
    "digit": 1.0,
    "swapped_digits": 1.0,
    "sign": 1.0,
    "neighbour": 1.2,
    "miscalculated": 1.2,
    "missing_digit": 1.4,
    "extra_digit": 1.4,
    "left_out": 1.8,
    "swapped_cells": 0.65,
    "shifted_row": 1.6,
    "other": 3.0,
}


def slip_of(  # noqa: PLR0911 - one for each kind of slip
    printed: Decimal, meant: Decimal, neighbours: Collection[Decimal], proposed: Collection[str]
) -> Slip:
    """The likeliest slip that makes one number of another.

    Args:
        printed: What the report prints.
        meant: What it would have to be.
        neighbours: Numbers of the cells around.
        proposed: Other readings of the cell.
    """
    a, b = plain(printed), plain(meant)
    if b in proposed:
        return "read"
    if not printed:
        # Most numbers of a form are 0: where one is printed, a number was left out, not a digit mistyped.
        return "left_out"
    if printed == -meant:
        return "sign"
    digits_a, digits_b = a.lstrip("-"), b.lstrip("-")
    one_sign = a.startswith("-") == b.startswith("-")
    if one_sign and len(digits_a) == len(digits_b):
        different = [n for n, (x, y) in enumerate(zip(digits_a, digits_b, strict=True)) if x != y]
        if len(different) == 1:
            return "digit"
        if _is_swap(digits_a, digits_b, different):
            return "swapped_digits"
    if printed in neighbours:
        return "neighbour"
    if one_sign and len(digits_a) > 1 and _is_longer(digits_a, digits_b):
        return "extra_digit"
    if one_sign and _is_longer(digits_b, digits_a):
        return "missing_digit"
    return "other"


def slip_cost(slip: Slip) -> float:
    """How unlikely a slip is; only differences count."""
    return _COST[slip]


def _is_swap(a: str, b: str, different: list[int]) -> bool:
    if len(different) != 2 or different[1] != different[0] + 1:  # noqa: PLR2004 - two neighbouring digits
        return False
    i, j = different
    return a[i] == b[j] and a[j] == b[i]


def _is_longer(longer: str, shorter: str) -> bool:
    """True where the shorter one is the longer one without one of its digits."""
    return len(longer) == len(shorter) + 1 and any(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer)))
