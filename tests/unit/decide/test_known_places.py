"""Doubts about the place of a number that sums settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from models.match import PrintedField
from models.rule import load_rules
from pipeline.decide.cell_options import cell_to_options
from pipeline.decide.known_places import settled_doubts
from pipeline.decide.values_under_rules import decide_values
from tests.unit.decide.scanned import FORM, report, sure

ROWS = [r.id for r in FORM.tables[1].blocks[0].rows if f"requests.{r.id}.total" in FORM.official_fields]
TOTAL = f"requests.{ROWS[0]}.total"


def settled(cells: Mapping[str, PrintedField]) -> set[str]:
    """The fields whose column is known by their sums, where none is known by its header."""
    cells = {i: replace(c, reasons=c.reasons | {"column_uncertain"}) for i, c in cells.items()}
    return {i for i, codes in settled_of(cells).items() if "column_uncertain" in codes}


def settled_of(cells: Mapping[str, PrintedField]) -> Mapping[str, frozenset[str]]:
    options = {i: cell_to_options(FORM.fields[i], c) for i, c in cells.items()}
    solution = decide_values(options, load_rules(FORM).rules_for(frozenset()))
    return settled_doubts(FORM, cells, solution, ())


def test_nothing_is_settled_where_nothing_is_in_doubt() -> None:
    cells = with_numbers(6)
    unsure = replace(sure(TOTAL, "1"), reasons=frozenset({"column_uncertain", "faint_ink"}))
    assert settled_of(cells) == {}
    assert settled_of(cells | {TOTAL: unsure}) == {TOTAL: frozenset({"column_uncertain"})}


def rows_of(fields: set[str]) -> set[str]:
    return {FORM.fields[i].row.id for i in fields}


def with_numbers(count: int, column: str = "natural_person", total: str = "total") -> dict[str, PrintedField]:
    """So many rows of the table of applications with a number, their totals in the column where it is printed."""
    changed = {}
    for n, row in enumerate(ROWS[:count], start=1):
        for c in (column, total):
            changed[f"requests.{row}.{c}"] = sure(f"requests.{row}.{c}", str(n))
    return {i: sure(i, "0") for i in FORM.official_fields} | changed


def test_rows_that_add_up_show_that_no_column_is_missing() -> None:
    assert settled(with_numbers(6)) >= {i for i in FORM.official_fields if i.startswith("requests.")}


@pytest.mark.parametrize("count", [0, 4])
def test_zeros_and_a_few_rows_say_nothing_but_that_zeros_are_zeros_in_any_order(count: int) -> None:
    found = rows_of(settled(with_numbers(count)))
    assert found >= set(ROWS[count:])
    assert not found & set(ROWS[:count])
    assert "licensing" not in found, "the only column of its row"


def test_a_row_of_zeros_of_which_one_was_not_read_is_in_doubt() -> None:
    cells = with_numbers(0)
    del cells[f"requests.{ROWS[3]}.other"]
    assert ROWS[3] not in rows_of(settled(cells))


def with_mistakes(told: Sequence[str]) -> dict[str, PrintedField]:
    """Eight rows that add up, of which the first has a one in each of some columns, and three that do not."""
    cells = with_numbers(8)
    for column in told:
        cells[f"requests.{ROWS[0]}.{column}"] = sure(f"requests.{ROWS[0]}.{column}", "1")
    cells[f"requests.{ROWS[0]}.total"] = sure(f"requests.{ROWS[0]}.total", str(len(told)))
    for row in ROWS[8:11]:
        cells[f"requests.{row}.total"] = sure(f"requests.{row}.total", "30")
    return cells


def test_mistakes_of_the_report_leave_columns_known_that_all_have_a_number() -> None:
    columns = [c.id for c in FORM.block_of["requests"].columns if c.id != "total"]
    assert rows_of(settled(with_mistakes(columns))) >= set(ROWS[:8])
    assert not rows_of(settled(with_mistakes(columns[:-1]))) & set(ROWS[:8])


def test_totals_that_stand_elsewhere_are_no_totals() -> None:
    assert not rows_of(settled(with_numbers(8, total="legal_service"))) & set(ROWS[:8])


def test_a_number_beside_the_columns_leaves_the_doubt() -> None:
    cells = with_numbers(8)
    beside = f"requests.{ROWS[0]}.total"
    cells[beside] = replace(cells[beside], reasons=frozenset({"value_beside"}))
    assert not rows_of(settled(cells)) & set(ROWS[:8])


def test_a_table_of_one_row_proves_no_order() -> None:
    row = [i for i in FORM.official_fields if i.startswith("disputes.reconsideration.")]
    cells = report(sure(row[0], "3"), sure("disputes.reconsideration.total", "3"))
    assert not settled(cells) & set(row)
