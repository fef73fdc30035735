from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from models.match import PrintedField
from pipeline.decide.cell_options import Option
from pipeline.decide.confused_digits import confused_digits
from pipeline.decide.values_under_rules import Choice
from tests.unit.decide.scanned import FORM, cell, reading

IDS = tuple(FORM.official_fields)


def taken(*numbers: str) -> dict[str, Choice]:
    return {i: Choice(Option("number", n, n, 0.0, Decimal(n)), 12.0) for i, n in zip(IDS, numbers, strict=False)}


def read(*texts: str, score: float = 0.9) -> Mapping[str, PrintedField]:
    return {i: cell(i, reading(t, score), reading("7", 0.2)) for i, t in zip(IDS, texts, strict=False)}


def test_a_digit_that_two_cells_were_read_with_is_confused() -> None:
    assert confused_digits(read("14", "618", "3"), taken("44", "648", "3")) == {"1"}


def test_one_cell_is_no_pattern() -> None:
    assert confused_digits(read("14", "648"), taken("44", "648")) == frozenset()
    assert confused_digits(read("14", "13"), taken("44", "18")) == frozenset()


def test_unsure_readings_tell_nothing() -> None:
    assert confused_digits(read("14", "618", score=0.4), taken("44", "648")) == frozenset()


def test_numbers_of_other_lengths_tell_nothing() -> None:
    assert confused_digits(read("1", "61"), taken("41", "641")) == frozenset()
