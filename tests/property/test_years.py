"""What is carried over either agrees in every column, or the columns that differ are named, whatever the numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.form import load_form
from models.report import FieldValue
from pipeline.check.year_report import YearReport
from pipeline.check.year_rules import number_findings

FORM = load_form("gk2021")
COLUMNS = [f.column.id for f in FORM.fields.values() if f.row.id == "carried_in"]
counts = st.one_of(st.integers(0, 3), st.integers(0, 10**70))
# None: a blank cell.
rows = st.lists(st.one_of(st.none(), counts), min_size=len(COLUMNS), max_size=len(COLUMNS))


def report(year: int, row: str, numbers: list[int | None], *, doubtful: bool = False) -> YearReport:
    fields = {
        f"requests.{row}.{column}": FieldValue(
            value=None if number is None else str(number),
            printed="" if number is None else str(number),
            kind="blank" if number is None else "number",
            decision="review" if doubtful else "accept",
            confidence=1.0,
        )
        for column, number in zip(COLUMNS, numbers, strict=True)
    }
    return YearReport(f"{year}.pdf", str(year), "x", year, "gk2021", fields=fields)


def is_number(number: int | None) -> bool:
    # Longer runs of digits are no numbers of a report to any check.
    return number is not None and len(str(number)) <= 60


@given(rows, rows, st.booleans())
def test_exactly_the_columns_that_differ_are_named(
    now: list[int | None], then: list[int | None], doubtful: bool
) -> None:
    subject = report(2023, "carried_in", now, doubtful=doubtful)
    found = number_findings(FORM, subject, report(2022, "carried_out", then))
    differ = {
        f"requests.carried_in.{c}"
        for c, a, b in zip(COLUMNS, now, then, strict=True)
        if is_number(a) and is_number(b) and a != b
    }
    failed = [f for f in found if f.outcome == "fail"]
    assert len(found) <= 1
    assert {i for f in failed for i in f.fields} == differ
    assert all((f.severity == "error") != doubtful for f in failed)


@given(rows)
def test_what_goes_on_is_no_finding(numbers: list[int | None]) -> None:
    subject, prior = report(2023, "carried_in", numbers), report(2022, "carried_out", numbers)
    assert not [f for f in number_findings(FORM, subject, prior) if f.severity != "info"]
