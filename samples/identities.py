"""The sums that hold over a form, and those that a set of numbers breaks. Independent of the rules the checks use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from models.form import Form

Numbers = dict[str, Decimal]

APPLICANT_COLUMNS: tuple[str, ...] = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "social_organization",
    "legal_service",
    "other",
)
ORGANISATION_COLUMNS: tuple[str, ...] = APPLICANT_COLUMNS[1:]
REQUEST_COLUMNS: tuple[str, ...] = (*APPLICANT_COLUMNS, "total")
FLOW_ROWS: tuple[str, ...] = ("new", "carried_in", "results_total", "carried_out")
DISPUTE_KINDS: tuple[str, ...] = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
DISPUTE_RESULTS: tuple[str, ...] = ("upheld", "corrected", "other", "pending")


@dataclass(frozen=True, slots=True)
class Violation:
    """A sum that does not hold: ``cells`` carry the printed side, ``computed`` is what the other cells add up to."""

    rule: str
    cells: tuple[str, ...]
    computed: str
    printed: str


def leaf_rows(form: Form, *, merged_other: bool) -> tuple[str, ...]:
    """Ids of the result rows that add up to （七）总计, in form order."""
    variant = next((v for v in form.variants if v.id == "merged_other_handling"), None)
    replaced = {key.removeprefix("requests.") for key in variant.replaces} if variant and merged_other else set()
    added = {key.removeprefix("requests.") for key in variant.by} if variant and merged_other else set()
    rows = next(t for t in form.tables if t.id == "requests").blocks[0].rows
    return tuple(
        row.id
        for row in rows
        if row.id not in FLOW_ROWS and row.id not in replaced and (row.variant is None or row.id in added)
    )


def broken_sums(numbers: Mapping[str, Decimal], leaves: Iterable[str]) -> list[Violation]:
    """All sums that the numbers break, in a fixed order. A cell without a number counts as zero."""
    rows = tuple(leaves)

    def value(cell: str) -> Decimal:
        return numbers.get(cell, Decimal(0))

    found: list[Violation] = []

    def compare(rule: str, cells: tuple[str, ...], computed: Decimal, printed: Decimal) -> None:
        if computed != printed:
            found.append(Violation(rule, cells, str(computed), str(printed)))

    for column in REQUEST_COLUMNS:
        cells = tuple(f"requests.{row}.{column}" for row in FLOW_ROWS)
        new, carried_in, results, carried_out = (value(cell) for cell in cells)
        compare("first+second=third+fourth", cells, new + carried_in, results + carried_out)
    for column in REQUEST_COLUMNS:
        total = f"requests.results_total.{column}"
        compare("column_sum", (total,), sum((value(f"requests.{r}.{column}") for r in rows), Decimal(0)), value(total))
    for row in ("new", "carried_in", *rows, "results_total", "carried_out"):
        total = f"requests.{row}.total"
        parts = sum((value(f"requests.{row}.{c}") for c in APPLICANT_COLUMNS), Decimal(0))
        compare("row_sum", (total,), parts, value(total))
    for kind in DISPUTE_KINDS:
        total = f"disputes.{kind}.total"
        parts = sum((value(f"disputes.{kind}.{r}") for r in DISPUTE_RESULTS), Decimal(0))
        compare("dispute_sum", (total,), parts, value(total))
    return found
