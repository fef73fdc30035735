"""Exact figures: decimals out of field values, sums without rounding, decimals as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Context, Decimal
from functools import lru_cache

from models.report import FieldValue

# Digits before and after the point. Longer runs of digits are no numbers of a report, and sums of shorter ones stay
# exact within EXACT_PRECISION digits.
MAX_DIGITS = 60
EXACT_PRECISION = 2 * MAX_DIGITS + 10

_NUMBER = re.compile(rf"[+-]?[0-9]{{1,{MAX_DIGITS}}}(\.[0-9]{{1,{MAX_DIGITS}}})?")
_EXACT = Context(prec=EXACT_PRECISION)


# The numbers of reports are few.
@lru_cache(maxsize=4096)
def to_decimal(text: str | None) -> Decimal | None:
    """The number that a decimal string states; None where it states none."""
    return Decimal(text) if text is not None and _NUMBER.fullmatch(text) else None


def number_of(value: FieldValue | None) -> Decimal | None:
    """The number of a field; None where it holds none (blank, text, absent, or a value that is not a decimal)."""
    return to_decimal(value.value) if value is not None and value.kind == "number" else None


def is_blank(value: FieldValue | None) -> bool:
    """True where the cell is there but says nothing: blank, or a sign for "not applicable" such as ``/``."""
    return value is not None and value.kind in {"blank", "not_applicable"}


def is_absent(value: FieldValue | None) -> bool:
    """True where the report has no such cell."""
    return value is None or value.kind == "absent"


def exact_sum(numbers: Iterable[Decimal]) -> Decimal:
    """The sum without rounding; 0 where there are none."""
    total = Decimal(0)
    for number in numbers:
        total = _EXACT.add(total, number)
    return total


def exact_difference(left: Decimal, right: Decimal) -> Decimal:
    """``left - right`` without rounding."""
    return _EXACT.subtract(left, right)


def exact_product(left: Decimal, right: Decimal) -> Decimal:
    """``left * right`` without rounding."""
    return _EXACT.multiply(left, right)


def plain(number: Decimal) -> str:
    """The number without exponent, as many places as it was given: ``-11``, ``4166.241619``."""
    return format(number, "f")
