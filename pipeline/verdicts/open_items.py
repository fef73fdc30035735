"""What a person is asked about in a report, and how much each of it matters."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from models.figures import number_of, to_decimal
from models.finding import Finding
from models.form import FORM_IDS, Form, load_form, row_key
from models.report import FieldValue, Report
from models.rule import load_rules, variants_in_force
from models.verdict import unmapped_key

ItemKind = Literal["number", "row", "column", "finding", "unmapped", "report"]

# Doubts about which row, or which column, a number belongs to: one answer settles all cells.
ROW_REASONS = frozenset({"row_missing", "label_uncertain", "other_form"})
COLUMN_REASONS = frozenset({"column_uncertain", "cell_missing"})
# Reasons of a report's status that other items stand for.
_BY_OTHER_ITEMS = frozenset({"fields_to_review", "unmapped_rows", "errors_found", "errors_confirmed"})
# Findings that say once more what another item asks: rule -> reason of the status.
_SAID_BY_REASON = {"page.unread": "pages_unread", "form.unknown": "form_unknown", "form.blank": "form_blank"}
LEFTOVER_CODES = frozenset({"form.row_unmapped", "form.value_unmapped", "form.duplicate_row"})
# A number in review is doubted at least so much, whatever its confidence. 0..1.
_LEAST_DOUBT = 0.05
# Items of the report as a whole come last: they are answered when the rest is seen.
_REPORT_WEIGHT = 0.01


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing that a person is asked.

    ``key`` names it within its document and stays the same when the file is read again. ``weight`` is doubt times
    effect on the totals, larger for what matters more. ``rule`` is that of a finding.
    """

    key: str
    kind: ItemKind
    fields: tuple[str, ...]
    reasons: tuple[str, ...]
    weight: float
    rule: str | None = None
    page_no: int | None = None


def open_items(report: Report) -> tuple[OpenItem, ...]:
    """The open items in the order of the form; none where the report failed: there is nothing to decide."""
    if report.status == "failed":
        return ()
    form = load_form(report.form) if report.form in FORM_IDS else None
    found = list(_cells(report, form))
    found += [_finding_item(report, f, key) for f, key in finding_keys(report) if is_open_finding(report, f)]
    seen = {a.what for a in report.acknowledged}
    found += [
        OpenItem(key, "unmapped", (), (row.reason,) if row.reason else (), 1.0 + len(row.values), None, row.page_no)
        for row in report.unmapped_rows
        if (key := unmapped_key(row)) not in seen
    ]
    found += [
        OpenItem(f"report:{reason}", "report", (), (reason,), _REPORT_WEIGHT)
        for reason in report.status_reasons
        if reason not in _BY_OTHER_ITEMS and f"report:{reason}" not in seen
    ]
    return tuple({item.key: item for item in found}.values())


def finding_keys(report: Report) -> Iterator[tuple[Finding, str]]:
    """Each finding with its key. The key says what the finding is about, so that it outlives another order."""
    for finding in report.findings:
        about = repr((finding.fields, None if finding.fields else finding.message.zh))
        yield finding, f"finding:{finding.rule}:{hashlib.sha256(about.encode()).hexdigest()[:8]}"


def is_open_finding(report: Report, finding: Finding) -> bool:
    """True where a person is asked about the finding itself, not about one of its numbers first."""
    return counts_as_error(report, finding) and not any(
        (value := report.fields.get(i)) is not None and value.decision == "review" for i in finding.fields
    )


def counts_as_error(report: Report, finding: Finding) -> bool:
    """True for an error that nobody has accepted, and that no other item stands for."""
    if finding.severity != "error" or finding.waiver is not None or finding.confirmed is not None:
        return False
    said = _SAID_BY_REASON.get(finding.rule)
    if said is not None and (
        said in report.status_reasons or f"report:{said}" in {a.what for a in report.acknowledged}
    ):
        return False
    return not (finding.rule in LEFTOVER_CODES and report.unmapped_rows)


def row_fields(form: Form, key: str) -> tuple[str, ...]:
    """The fields of a row (``table.row``) in column order."""
    return form.rows.get(key, ())


def column_fields(form: Form, key: str) -> tuple[str, ...]:
    """The fields of a column (``table.column``) in row order."""
    return tuple(i for i, f in form.fields.items() if f"{f.table.id}.{f.column.id}" == key)


def page_of(value: FieldValue | None) -> int | None:
    """The page on which a field stands; None where nothing was read."""
    return value.evidence[0].page_no if value is not None and value.evidence else None


def _cells(report: Report, form: Form | None) -> Iterator[OpenItem]:
    doubted = {i: v for i, v in report.fields.items() if v.decision == "review"}
    effects = _effects(report, form)
    weights = {i: _doubt(v) * (1 + effects.get(i, 0) + _spread(v)) for i, v in doubted.items()}
    grouped: dict[str, list[str]] = {}
    for i, value in doubted.items():
        grouped.setdefault(_group(form, i, value), []).append(i)
    for key, ids in grouped.items():
        kind: ItemKind = "row" if key.startswith("row:") else "column" if key.startswith("column:") else "number"
        yield OpenItem(
            key,
            kind,
            tuple(ids),
            tuple(dict.fromkeys(r for i in ids for r in doubted[i].reasons)),
            sum(weights[i] for i in ids),
            None,
            next((p for i in ids if (p := page_of(doubted[i])) is not None), None),
        )


def _group(form: Form | None, field_id: str, value: FieldValue) -> str:
    reasons = set(value.reasons)
    field = None if form is None else form.fields.get(field_id)
    if field is not None and reasons and reasons <= ROW_REASONS | COLUMN_REASONS:
        if reasons & ROW_REASONS:
            return f"row:{row_key(field.table, field.row)}"
        return f"column:{field.table.id}.{field.column.id}"
    return f"field:{field_id}"


def _effects(report: Report, form: Form | None) -> Mapping[str, int]:
    """Field id -> number of sums over it."""
    counts: dict[str, int] = {}
    if form is not None:
        for rule in load_rules(form).rules_for(variants_in_force(form, report.fields)):
            for i in rule.fields:
                counts[i] = counts.get(i, 0) + 1
    return counts


def _doubt(value: FieldValue) -> float:
    return max(1 - value.confidence, _LEAST_DOUBT)


def _spread(value: FieldValue) -> float:
    """Places of the largest difference between the value and what else it may be."""
    own = number_of(value) or Decimal(0)
    texts: Iterable[str | None] = (
        value.suggested,
        *(e.text for e in value.evidence),
        *(a.text for e in value.evidence for a in e.alternatives),
    )
    most = max((abs(n - own) for text in texts if (n := to_decimal(text)) is not None), default=Decimal(0))
    return math.log10(1 + min(float(most), 1e12))


def _finding_item(report: Report, finding: Finding, key: str) -> OpenItem:
    difference = to_decimal(finding.difference)
    size = math.log10(1 + min(float(abs(difference)), 1e12)) if difference is not None else 0.0
    pages = (page_of(report.fields.get(i)) for i in finding.fields)
    return OpenItem(
        key, "finding", tuple(finding.fields), (), 1.0 + size, finding.rule, next((p for p in pages if p), None)
    )
