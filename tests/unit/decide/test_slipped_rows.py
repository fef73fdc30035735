"""Rows that slipped by a column explain many sums at once: their cells were read right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from models.match import PrintedField
from models.rule import load_rules
from pipeline.decide.cell_options import cell_to_options
from pipeline.decide.slipped_rows import decide_with_slips
from pipeline.decide.values_under_rules import decide_values
from tests.unit.decide.scanned import FORM, sure, weak

RULES = load_rules(FORM).rules_for(frozenset())
COLUMNS = [c.id for c in FORM.block_of["requests"].columns]
MEANT = ("3", "1", "4", "2", "5", "6", "21")
SHIFTED = ("0", *MEANT[:-1])


def report(*changed: PrintedField, **rows: Sequence[str]) -> dict[str, PrintedField]:
    """All cells 0 but for three rows that belong together, of which some are printed otherwise."""
    printed = dict.fromkeys(("new", "granted", "results_total"), MEANT) | rows
    cells = {i: sure(i, "0") for i in FORM.official_fields}
    for row, texts in printed.items():
        cells |= {i: sure(i, t) for c, t in zip(COLUMNS, texts, strict=True) for i in [f"requests.{row}.{c}"]}
    return cells | {c.field_id: c for c in changed}


def decided(cells: Mapping[str, PrintedField]) -> tuple[dict[str, str], set[str]]:
    """(value of each cell, ids of the rules that do not hold)."""
    solution, _ = decide_with_slips(FORM, {i: cell_to_options(FORM.fields[i], c) for i, c in cells.items()}, RULES)
    return {i: c.option.printed for i, c in solution.choices.items()}, {r.id for r in solution.broken}


@pytest.mark.parametrize("texts", [SHIFTED, (*MEANT[1:], "0"), (*MEANT[1:-1], "0", "21")])
def test_a_row_that_slipped_breaks_no_sum_and_its_cells_are_as_printed(texts: Sequence[str]) -> None:
    cells = report(granted=texts)
    values, broken = decided(cells)
    assert not broken
    assert [values[f"requests.granted.{c}"] for c in COLUMNS] == list(texts)


def test_a_doubtful_reading_elsewhere_is_not_bent_to_the_slip() -> None:
    other = "requests.denied.state_secret.legal_service"
    options = {i: cell_to_options(FORM.fields[i], c) for i, c in report(weak(other, "0", "3"), granted=SHIFTED).items()}
    assert decide_values(options, RULES).choices[other].margin < 3
    found, _ = decide_with_slips(FORM, options, RULES)
    assert found.choices[other].option.printed == "0"
    assert found.choices[other].margin > decide_values(options, RULES).choices[other].margin


def test_rows_in_each_others_place_are_found() -> None:
    below = ("1", "1", "1", "1", "1", "1", "6")
    both = [str(int(a) + int(b)) for a, b in zip(MEANT, below, strict=True)]
    order = {"carried_in": MEANT, "new": below, "results_total": both, "granted": both}
    assert not decided(report(**order))[1], "which of them is first does not matter to any sum"
    rows = [r.id for r in FORM.block_of["requests"].rows]
    total, after = "results_total", rows[rows.index("results_total") + 1]
    swapped = {"granted": MEANT, "new": MEANT, total: ("0",) * 7, after: MEANT}
    assert not decided(report(**swapped))[1]


def test_one_wrong_number_is_no_slip() -> None:
    wrong = ("3", "1", "4", "2", "5", "9", "21")
    _, broken = decided(report(granted=wrong))
    assert broken == {"requests.row_total[granted]", "requests.results[other]"}


def test_rows_of_two_tables_may_have_slipped() -> None:
    row = [i for i in FORM.official_fields if i.startswith("disputes.")]
    meant = ["3", "1", "4", "2", "10", "5", "0", "6", "1", "12", "7", "2", "0", "8", "17"]
    printed = [sure(i, t) for i, t in zip(row, ["0", *meant[:-1]], strict=True)]
    values, broken = decided(report(*printed, granted=SHIFTED))
    assert not broken
    assert [values[i] for i in row] == ["0", *meant[:-1]]
