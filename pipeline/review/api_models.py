"""What the API takes and gives, as its OpenAPI says."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from models.finding import Finding
from models.report import FieldValue
from models.verdict import Action
from pipeline.review.aliases import Alias, Offer
from pipeline.review.decide_item import Decided, Undone
from pipeline.review.item_view import ItemView
from pipeline.store.items import QueueItem
from pipeline.store.records import AuditEntry, Document, State
from pipeline.store.verdicts import StoredVerdict

# Numbers of documents and verdicts fit into 63 bits; a larger one would be an error of the database.
Id = Annotated[int, Field(ge=1, lt=2**63)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ErrorBody(_Model):
    """Why something was refused: ``code`` is stable."""

    code: str
    message: str
    remedy: str


class Problem(_Model):
    """The body of every answer that is no success."""

    error: ErrorBody


class DocumentOut(_Model):
    """One document."""

    id: int
    name: str
    sha256: str
    byte_size: int
    media_type: str
    tags: list[str]
    state: State
    agency: str | None
    year: int | None
    received_at: dt.datetime
    finished_at: dt.datetime | None
    failure_code: str | None
    failure_message: str | None

    @classmethod
    def of(cls, document: Document) -> DocumentOut:
        """The document as the API gives it."""
        return cls(
            id=document.id,
            name=document.name,
            sha256=document.sha256,
            byte_size=document.byte_size,
            media_type=document.media_type,
            tags=list(document.tags),
            state=document.state,
            agency=document.agency,
            year=document.year,
            received_at=document.received_at,
            finished_at=document.finished_at,
            failure_code=document.failure_code,
            failure_message=document.failure_message,
        )


class DocumentPage(_Model):
    """Some documents; ``total`` counts all that the filters leave."""

    total: int
    offset: int
    documents: list[DocumentOut]


class Uploaded(_Model):
    """The document of an upload; ``is_new`` False: its content was known."""

    document: DocumentOut
    is_new: bool


class FieldsOut(_Model):
    """Fields by id."""

    fields: dict[str, FieldValue]


class FindingOut(_Model):
    """A finding with the key of its item."""

    item: str
    finding: Finding


class FindingsOut(_Model):
    """Findings of a report."""

    findings: list[FindingOut]


class QueueItemOut(_Model):
    """An open item."""

    document_id: int
    item: str
    kind: str
    fields: list[str]
    reasons: list[str]
    weight: float
    rule: str | None
    page_no: int | None
    agency: str | None
    year: int | None
    name: str
    held_by: str | None

    @classmethod
    def of(cls, item: QueueItem) -> QueueItemOut:
        """The item as the API gives it."""
        return cls.model_validate(
            {k: v for k, v in asdict(item).items() if k in cls.model_fields}
            | {"fields": list(item.fields), "reasons": list(item.reasons)}
        )


class QueuePage(_Model):
    """Some open items, the heaviest first."""

    total: int
    offset: int
    items: list[QueueItemOut]


class ItemOut(_Model):
    """All that an item shows, without the report around it. ``version`` is for the decision."""

    document_id: int
    item: str
    kind: str
    version: str
    is_open: bool
    why: dict[str, str]
    fields: list[str]
    value: FieldValue | None
    place: dict[str, Any] | None
    candidates: list[dict[str, Any]]
    sums: list[dict[str, Any]]
    row: dict[str, Any] | None
    column: dict[str, Any] | None

    @classmethod
    def of(cls, view: ItemView) -> ItemOut:
        """The item as the API gives it."""
        return cls(
            document_id=view.document.id,
            item=view.key,
            kind=view.kind,
            version=view.version,
            is_open=view.is_open,
            why=view.why.model_dump(),
            fields=list(view.fields),
            value=view.value,
            place=None if view.place is None else {"page_no": view.place.page_no, "bbox": view.place.bbox},
            candidates=[asdict(c) for c in view.candidates],
            sums=[
                {
                    "rule": s.rule,
                    "name": s.name.model_dump(),
                    "left": [t.field for t in s.left],
                    "right": [t.field for t in s.right],
                    "left_sum": s.left_sum,
                    "right_sum": s.right_sum,
                    "holds": s.holds,
                    "with_candidates": list(s.with_candidates),
                }
                for s in view.sums
            ],
            row=None
            if view.row is None
            else {
                "printed": view.row.printed,
                "key": view.row.key,
                "candidates": [{"row": c.key, "score": c.score} for c in view.row.candidates],
            },
            column=None
            if view.column is None
            else {
                "key": view.column.key,
                "candidates": [{"column": c.key, "score": c.score} for c in view.column.candidates],
            },
        )


class DecisionIn(_Model):
    """A decision on an item. Without ``version`` it counts whatever the item is now."""

    action: Action
    item: Annotated[str, Field(max_length=500)]
    version: Annotated[str, Field(max_length=64)] | None = None
    text: Annotated[str, Field(max_length=200)] | None = None
    to_row: Annotated[str, Field(max_length=200)] | None = None
    to_column: Annotated[str, Field(max_length=200)] | None = None
    why: Annotated[str, Field(max_length=2000)] = ""


class OfferOut(_Model):
    """A label that may be learnt now that its row was moved: POST it to ``/aliases``."""

    row: str
    label: str


class DecidedOut(_Model):
    """What a decision led to."""

    verdict_id: int
    document_id: int
    state: State
    fields: list[str]
    settled: list[str]
    reopened: list[str]
    items_left: int
    offered: OfferOut | None

    @classmethod
    def of(cls, decided: Decided, offered: Offer | None = None) -> DecidedOut:
        """The outcome as the API gives it."""
        return cls(
            verdict_id=decided.verdict_id,
            document_id=decided.document_id,
            state=decided.state,
            fields=list(decided.fields),
            settled=list(decided.settled),
            reopened=list(decided.reopened),
            items_left=decided.items_left,
            offered=None if offered is None else OfferOut(row=offered.row, label=offered.label),
        )


class UndoneOut(_Model):
    """What was taken back."""

    verdict_id: int
    document_id: int
    item: str
    action: Action
    state: State
    items_left: int

    @classmethod
    def of(cls, undone: Undone) -> UndoneOut:
        """The outcome as the API gives it."""
        return cls.model_validate(asdict(undone))


class VerdictOut(_Model):
    """A decision on record."""

    id: int
    at: dt.datetime
    who: str
    action: Action
    item: str
    why: str
    fields: list[str]
    settled: int
    undone_by: str | None

    @classmethod
    def of(cls, stored: StoredVerdict) -> VerdictOut:
        """The decision as the API gives it."""
        verdict = stored.verdict
        return cls(
            id=stored.id,
            at=verdict.at,
            who=verdict.who,
            action=verdict.action,
            item=verdict.item,
            why=verdict.why,
            fields=list(verdict.sets),
            settled=stored.settled,
            undone_by=stored.undone_by,
        )


class VerdictsOut(_Model):
    """All decisions on a document, the oldest first."""

    verdicts: list[VerdictOut]


class AliasOut(_Model):
    """A learnt label: ``row`` is ``table.row`` of the form; of no force where it is withdrawn."""

    id: int
    form: str
    row: str
    label: str
    document_id: int | None
    added_at: dt.datetime
    added_by: str
    withdrawn_at: dt.datetime | None
    withdrawn_by: str | None

    @classmethod
    def of(cls, alias: Alias) -> AliasOut:
        """The label as the API gives it."""
        return cls.model_validate(asdict(alias))


class AliasesOut(_Model):
    """Learnt labels, the oldest first."""

    aliases: list[AliasOut]


class AliasIn(_Model):
    """A label to learn: read as ``row`` (``table.row``) of the form of the document from now on."""

    document_id: Id
    row: Annotated[str, Field(max_length=200)]
    label: Annotated[str, Field(max_length=500)]


class AuditOut(_Model):
    """One entry of the audit log."""

    id: int
    at: dt.datetime
    who: str
    action: str
    document_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    why: str

    @classmethod
    def of(cls, entry: AuditEntry) -> AuditOut:
        """The entry as the API gives it."""
        return cls.model_validate(asdict(entry))


class AuditPage(_Model):
    """Some entries, the oldest first."""

    total: int
    offset: int
    entries: list[AuditOut]
