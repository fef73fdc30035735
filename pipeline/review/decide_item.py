"""Decisions of a person: checked, laid over the report, written with their audit entry in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from pydantic import ValidationError

from models.errors import NotAllowedError, ReviewError, StaleItemError, UnknownItemError
from models.report import FieldValue, Report
from models.verdict import Action, Verdict
from models.waiver import Waiver, is_waivable, new_waiver
from pipeline.review.item_key import item_version
from pipeline.store.open_store import Store
from pipeline.store.records import State
from pipeline.store.verdicts import (
    AuditChange,
    ReviewState,
    StoredVerdict,
    add_verdict,
    find_verdict,
    last_verdict,
    review_state,
    undo_verdict,
    with_verdicts,
)
from pipeline.verdicts.new_verdict import Decision, left_by, new_verdict, proven_fields
from pipeline.verdicts.open_items import finding_keys, open_items

__all__ = ["Action", "Decided", "Decision", "Undone", "accept_proven", "decide", "provable", "undo"]

# Others may decide on other items of the document at the same time; the verdict is then worked out anew. Tries.
_TRIES = 8
# Within this process each waits for its turn instead: a document has always the same one of these.
_TURNS = tuple(Lock() for _ in range(64))


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision led to.

    Attributes:
        verdict_id: For ``undo``.
        state: Of the document: ``done`` where nothing is left to decide.
        fields: Fields whose value the person gave.
        settled: Other fields that are certain now.
        reopened: Items that are open now and were not before.
        items_left: Open items of the document.
    """

    verdict_id: int
    document_id: int
    state: State
    fields: tuple[str, ...]
    settled: tuple[str, ...]
    reopened: tuple[str, ...]
    items_left: int


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo took back: go to ``item`` to decide it anew."""

    verdict_id: int
    document_id: int
    item: str
    action: Action
    state: State
    items_left: int


def decide(store: Store, document_id: int, decision: Decision, *, who: str, version: str | None) -> Decided:
    """What the decision led to; values, findings, state and audit log are then as it says.

    Args:
        store: The store.
        document_id: The document.
        decision: Action and item.
        who: Login of the person.
        version: ``ItemView.version`` that the person saw; None decides whatever is there now.

    Raises:
        UnknownItemError: there is no such document or item.
        StaleItemError: the item has changed since the person saw it; nothing was written.
        ReviewError: the decision does not fit the item, or its value is no number; nothing was written.
        StoreError: the store cannot be written; nothing was written.
    """
    with _turn(document_id):
        return _decide(store, document_id, decision, who=who, version=version)


def _decide(store: Store, document_id: int, decision: Decision, *, who: str, version: str | None) -> Decided:
    for _ in range(_TRIES):
        state = review_state(store, document_id)
        if version is not None and item_version(state.report, decision.item) != version:
            raise StaleItemError(_changed_by(state, decision.item), remedy="look at it again, then decide")
        verdict = new_verdict(state.report, decision, who=who, at=store.clock())
        waiver = _waiver(state.report, decision, verdict)
        verdict, report = _laid(store, state, verdict, waiver)
        try:
            verdict_id = add_verdict(store, state, verdict, report, _change(state.report, report), waiver)
        except StaleItemError:
            continue
        return _decided(verdict_id, state, report, verdict)
    raise StaleItemError(f"document {document_id} is changed all the time by others", remedy="try again")


def accept_proven(store: Store, document_id: int, *, who: str) -> Decided:
    """What accepting all doubtful numbers that the sums prove led to: one decision, one undo.

    Raises:
        ReviewError: the sums prove none.
        UnknownItemError: there is no such document.
        StoreError: the store cannot be written.
    """
    return decide(store, document_id, Decision("accept_proven", f"document:{document_id}"), who=who, version=None)


def provable(report: Report) -> tuple[str, ...]:
    """The fields that ``accept_proven`` would accept; none where the report is on no known form."""
    try:
        return proven_fields(report)
    except ReviewError:
        return ()


def undo(
    store: Store, *, who: str, document_id: int | None = None, verdict_id: int | None = None, is_admin: bool = False
) -> Undone:
    """What was taken back: the verdict with this id, or the last one of the person (in this document).

    The document is then as it would be had the verdict never been given.

    Raises:
        UnknownItemError: there is nothing to undo.
        NotAllowedError: the verdict is somebody else's, and the person is no admin.
        StoreError: the store cannot be written.
    """
    chosen = last_verdict(store, who, document_id) if verdict_id is None else find_verdict(store, verdict_id)
    if chosen is None or chosen.undone_by is not None or document_id not in {None, chosen.document_id}:
        raise UnknownItemError("there is nothing to undo")
    if chosen.verdict.who != who and not is_admin:
        raise NotAllowedError(f"verdict {chosen.id} is of {chosen.verdict.who}", remedy="ask them, or an admin")
    with _turn(chosen.document_id):
        return _undo(store, chosen, who=who)


def _undo(store: Store, chosen: StoredVerdict, *, who: str) -> Undone:
    for _ in range(_TRIES):
        state = review_state(store, chosen.document_id)
        rest = [v.verdict for v in state.verdicts if v.id != chosen.id]
        waivers = [w for number, w in state.waivers.items() if number != chosen.verdict.waiver_id]
        report = with_verdicts(store, state, rest, waivers)
        try:
            undo_verdict(store, state, chosen.id, report, _change(state.report, report), who=who)
        except StaleItemError:
            continue
        items = open_items(report)
        return Undone(
            chosen.id,
            chosen.document_id,
            chosen.verdict.item,
            chosen.verdict.action,
            "review" if items else "done",
            len(items),
        )
    raise StaleItemError(f"document {chosen.document_id} is changed all the time by others", remedy="try again")


def _turn(document_id: int) -> Lock:
    return _TURNS[document_id % len(_TURNS)]


def _laid(store: Store, state: ReviewState, verdict: Verdict, waiver: Waiver | None) -> tuple[Verdict, Report]:
    """The verdict with the findings that it leaves behind confirmed, and the report with it."""
    before = [v.verdict for v in state.verdicts]
    waivers = [*state.waivers.values(), *([] if waiver is None else [waiver])]
    report = with_verdicts(store, state, [*before, verdict], waivers)
    left = left_by(verdict, report)
    if left:
        verdict = verdict.model_copy(update={"confirms": [*verdict.confirms, *left]})
        report = with_verdicts(store, state, [*before, verdict], waivers)
    return verdict, report


def _waiver(report: Report, decision: Decision, verdict: Verdict) -> Waiver | None:
    if decision.action != "waive_finding":
        return None
    finding = next((f for f, key in finding_keys(report) if key == decision.item), None)
    if finding is None:
        raise UnknownItemError("there is no such finding any more")
    if not is_waivable(finding):
        raise ReviewError(
            "findings that say that something was not read cannot be waived", remedy="settle the numbers instead"
        )
    try:
        return new_waiver(report, finding, reason=verdict.why, author=verdict.who, date=verdict.at.date(), until=None)
    except ValidationError as exc:
        raise ReviewError("a waiver needs a reason", remedy="say why") from exc


def _changed_by(state: ReviewState, item: str) -> str:
    by: Sequence[StoredVerdict] = [v for v in state.verdicts if v.verdict.item == item]
    if by:
        last = by[-1].verdict
        return f"{item} was decided by {last.who} at {last.at:%H:%M:%S} in the meantime"
    return f"{item} has changed in the meantime"


def _decided(verdict_id: int, state: ReviewState, report: Report, verdict: Verdict) -> Decided:
    before = {item.key for item in open_items(state.report)}
    items = open_items(report)
    return Decided(
        verdict_id=verdict_id,
        document_id=state.document.id,
        state="review" if items else "done",
        fields=tuple(verdict.sets),
        settled=tuple(
            i
            for i, value in state.report.fields.items()
            if i not in verdict.sets and value.decision == "review" and report.fields[i].decision == "accept"
        ),
        reopened=tuple(item.key for item in items if item.key not in before),
        items_left=len(items),
    )


def _change(before: Report, after: Report) -> AuditChange:
    """The fields and findings that differ, each side as it is there."""
    ids = [i for i in {**before.fields, **after.fields} if before.fields.get(i) != after.fields.get(i)]
    return AuditChange(
        {"fields": {i: _brief(before.fields.get(i)) for i in ids}, "findings": _open_findings(before)},
        {"fields": {i: _brief(after.fields.get(i)) for i in ids}, "findings": _open_findings(after)},
    )


def _brief(value: FieldValue | None) -> dict[str, object] | None:
    if value is None:
        return None
    return {"kind": value.kind, "value": value.value, "printed": value.printed, "decision": value.decision}


def _open_findings(report: Report) -> list[str]:
    return [f.rule for f in report.findings if f.severity == "error" and f.waiver is None and f.confirmed is None]
