"""All that one item shows: where it stands, what was read, why it is here, the sums over it, the form around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.finding import Finding, Message
from models.form import FORM_IDS, Form, load_form, row_key
from models.report import FieldValue, Repair, Report
from models.rule import load_rules
from pipeline.export.form_view import TableView, form_view
from pipeline.review.candidates import MOST_CANDIDATES, candidates_of
from pipeline.review.column_match import column_view
from pipeline.review.item_key import fields_of_item, item_version
from pipeline.review.item_parts import (
    Candidate,
    CellState,
    ColumnView,
    FieldNames,
    FindingView,
    Place,
    RowCandidate,
    RowView,
    SumTerm,
    SumView,
)
from pipeline.review.row_match import row_view
from pipeline.review.sums import cell_states, sums_over, sums_with
from pipeline.review.why_here import why_here
from pipeline.store.open_store import Store
from pipeline.store.records import Document
from pipeline.store.verdicts import ReviewState, StoredVerdict, review_state
from pipeline.verdicts.open_items import ItemKind, finding_keys, open_items

__all__ = [
    "MOST_CANDIDATES",
    "Candidate",
    "CellState",
    "ColumnView",
    "FieldNames",
    "FindingView",
    "ItemView",
    "Place",
    "RowCandidate",
    "RowView",
    "SumTerm",
    "SumView",
    "cell_states",
    "field_names",
    "item_view",
    "place_of",
    "sums_with",
    "view_of",
]


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item.

    Attributes:
        document: Its document.
        key: Key of the item.
        kind: What is asked.
        version: Hand it to ``decide``: a decision on another version is refused.
        is_open: False where nobody is asked any more (a click on any cell of the form shows it all the same).
        why: One sentence why it is here.
        fields: The fields it is about.
        names: In words, in the same order.
        value: The first field as it is in the report; None where the item is about no field.
        place: Where it stands; None without geometry or field.
        candidates: What else it may be, the likeliest first, the value itself among them.
        sums: Sums over its fields.
        row: Where the doubt is about a row.
        column: Where it is about a column.
        finding: Where it is a finding.
        repair: Of the first field.
        decided_by: Verdicts on this item that are in force.
        provable: Number of fields that ``accept_proven`` would accept.
    """

    document: Document
    key: str
    kind: ItemKind
    version: str
    is_open: bool
    why: Message
    fields: tuple[str, ...]
    names: tuple[FieldNames, ...]
    value: FieldValue | None
    place: Place | None
    candidates: tuple[Candidate, ...]
    sums: tuple[SumView, ...]
    row: RowView | None
    column: ColumnView | None
    finding: FindingView | None
    repair: Repair | None
    decided_by: tuple[StoredVerdict, ...]
    report: Report

    @property
    def form(self) -> tuple[TableView, ...]:
        """The official form with all values; worked out when asked for."""
        return form_view(self.report)


def item_view(store: Store, document_id: int, key: str) -> ItemView:
    """All that the item shows.

    Raises:
        UnknownItemError: there is no such document or item.
        StoreError: the store cannot be read.
    """
    return view_of(review_state(store, document_id), key)


def view_of(state: ReviewState, key: str) -> ItemView:
    """As ``item_view``, of a document that was read from the store."""
    report = state.report
    fields = fields_of_item(report, key)
    form = load_form(report.form) if report.form in FORM_IDS else None
    first = fields[0] if fields else None
    value = report.fields.get(first) if first is not None else None
    item = next((i for i in open_items(report) if i.key == key), None)
    kind = _kind(key)
    finding = next((f for f, found in finding_keys(report) if found == key), None) if kind == "finding" else None
    candidates = candidates_of(form, first, value, report) if kind == "number" and form and first else ()
    names = tuple(field_names(form, i) for i in fields) if form is not None else ()
    reasons = item.reasons if item is not None else tuple(value.reasons if value is not None else ())
    return ItemView(
        document=state.document,
        key=key,
        kind=kind,
        version=item_version(report, key),
        is_open=item is not None,
        why=why_here(kind, _called(kind, names), value, reasons, finding),
        fields=fields,
        names=names,
        value=value,
        place=place_of(value),
        candidates=candidates,
        sums=_sums(report, fields, candidates, finding) if form is not None else (),
        row=row_view(report, form, key, first) if form is not None else None,
        column=column_view(report, form, key.partition(":")[2]) if form is not None and kind == "column" else None,
        finding=None if finding is None else _finding_view(report, form, key, finding),
        repair=next((r for r in report.repairs if r.field == first), None),
        decided_by=tuple(v for v in state.verdicts if v.verdict.item == key or first in v.verdict.sets),
        report=report,
    )


def place_of(value: FieldValue | None) -> Place | None:
    """Where a field stands on the page; None where nothing says so."""
    found = next((e for e in (value.evidence if value is not None else ()) if e.bbox is not None), None)
    if found is not None and found.bbox is not None:
        x0, top, x1, bottom = found.bbox
        return Place(found.page_no, (x0, top, x1, bottom))
    if value is not None and value.evidence:
        return Place(value.evidence[0].page_no, None)
    return None


def field_names(form: Form, field_id: str) -> FieldNames:
    """The field in words."""
    field, labels = form.fields[field_id], load_rules(form).labels
    key = row_key(field.table, field.row)
    return FieldNames(
        field=field_id,
        name=labels.fields[field_id],
        row=labels.rows[key],
        column=labels.columns[f"{field.table.id}.{field.column.id}"],
        table=field.table.id,
        row_key=key,
        unit=field.column.unit,
    )


def _kind(key: str) -> ItemKind:
    kinds: Mapping[str, ItemKind] = {"field": "number", "row": "row", "column": "column", "finding": "finding"}
    head = key.partition(":")[0]
    return "unmapped" if head == "unmapped" else kinds.get(head, "report")


def _called(kind: ItemKind, names: tuple[FieldNames, ...]) -> Message | None:
    """What the item is about: the number, or the whole row or column."""
    if not names:
        return None
    return {"row": names[0].row, "column": names[0].column}.get(kind, names[0].name)


def _sums(
    report: Report, fields: tuple[str, ...], candidates: tuple[Candidate, ...], finding: Finding | None
) -> tuple[SumView, ...]:
    """The sums over the fields; of a finding about a sum, that sum alone."""
    found = sums_over(report, fields, [c.text for c in candidates])
    own = tuple(s for s in found if finding is not None and s.rule == finding.rule)
    return own or found


def _finding_view(report: Report, form: Form | None, key: str, finding: Finding) -> FindingView:
    known = [i for i in finding.fields if form is not None and i in form.fields]
    return FindingView(
        key,
        finding,
        tuple(field_names(form, i) for i in known) if form is not None else (),
        tuple((i, place_of(report.fields.get(i))) for i in finding.fields),
    )
