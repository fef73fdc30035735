"""Figures over all documents, for dashboards: counted in the database, as plain objects."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from pipeline.store.open_store import Store
from pipeline.store.records import STATES, State
from pipeline.store.tables import DocumentRow, FieldRow, FindingRow, VerdictRow


@dataclass(frozen=True, slots=True)
class Progress:
    """Documents by state; how many open items and fields there are."""

    states: dict[State, int]
    fields: int
    accepted: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day (UTC): documents read, their fields, those of them in review now, decisions given."""

    day: dt.date
    read: int
    fields: int
    in_review: int
    decisions: int


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """How often a rule (without its bracket) was broken: findings, and documents with one."""

    rule: str
    findings: int
    documents: int


@dataclass(frozen=True, slots=True)
class AgencyYear:
    """One report of an agency: the latest of its year."""

    document_id: int
    agency: str
    year: int
    state: State
    errors: int
    values: dict[str, str | None]


def progress(store: Store) -> Progress:
    """The figures as they are now.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        found = dict(session.execute(select(DocumentRow.state, func.count()).group_by(DocumentRow.state)).all())
        decisions = dict(
            session.execute(
                select(FieldRow.decision, func.count()).where(FieldRow.kind != "absent").group_by(FieldRow.decision)
            ).all()
        )
    return Progress({s: found.get(s, 0) for s in STATES}, sum(decisions.values()), decisions.get("accept", 0))


def by_day(store: Store, *, days: int = 60) -> list[DayFigures]:
    """The last days on which something was read or decided, the oldest first.

    Raises:
        StoreError: the store cannot be read.
    """
    since = store.clock() - dt.timedelta(days=days)
    fields = (
        select(
            FieldRow.document_id,
            func.count().label("fields"),
            func.count().filter(FieldRow.decision == "review").label("in_review"),
        )
        .where(FieldRow.kind != "absent")
        .group_by(FieldRow.document_id)
        .subquery()
    )
    query = (
        select(DocumentRow.finished_at, fields.c.fields, fields.c.in_review)
        .outerjoin(fields, fields.c.document_id == DocumentRow.id)
        .where(DocumentRow.finished_at >= since, DocumentRow.report_id.is_not(None))
    )
    read: Counter[dt.date] = Counter()
    counted: Counter[dt.date] = Counter()
    in_review: Counter[dt.date] = Counter()
    decisions: Counter[dt.date] = Counter()
    with store.read() as session:
        for at, total, doubted in session.execute(query):
            if at is not None:
                read[at.date()] += 1
                counted[at.date()] += total or 0
                in_review[at.date()] += doubted or 0
        given = select(VerdictRow.at).where(VerdictRow.at >= since, VerdictRow.action != "skip")
        for moment in session.scalars(given):
            decisions[moment.date()] += 1
    return [
        DayFigures(day, read[day], counted[day], in_review[day], decisions[day])
        for day in sorted(read.keys() | decisions.keys())
    ]


def rules_broken(store: Store, *, limit: int = 20) -> list[RuleFigures]:
    """The rules broken most often, errors only, waived ones too: the report is wrong all the same.

    Raises:
        StoreError: the store cannot be read.
    """
    query = select(FindingRow.rule, FindingRow.document_id).where(
        FindingRow.severity == "error", FindingRow.outcome == "fail"
    )
    findings: Counter[str] = Counter()
    documents: dict[str, set[int]] = {}
    with store.read() as session:
        for rule, document_id in session.execute(query):
            code = rule.split("[", 1)[0]
            findings[code] += 1
            documents.setdefault(code, set()).add(document_id)
    return [RuleFigures(rule, count, len(documents[rule])) for rule, count in findings.most_common(limit)]


def doubtful_cells(store: Store, form_fields: frozenset[str]) -> dict[str, tuple[int, int]]:
    """Field id -> (reports in which it was doubted, reports that have it). A decided one was doubted too.

    Raises:
        StoreError: the store cannot be read.
    """
    doubted: Counter[str] = Counter()
    with store.read() as session:
        total = select(FieldRow.field, func.count()).where(FieldRow.kind != "absent").group_by(FieldRow.field)
        have = dict(session.execute(total).all())
        still = select(FieldRow.field).where(FieldRow.decision == "review", FieldRow.kind != "absent")
        doubted.update(session.scalars(still))
        for verdict in session.scalars(select(VerdictRow.verdict).where(VerdictRow.undone_at.is_(None))):
            doubted.update(verdict.get("sets", {}).keys())
    return {i: (min(doubted[i], have[i]), have[i]) for i in form_fields if i in have}


def agency_reports(store: Store, fields: tuple[str, ...], *, agencies: tuple[str, ...] = ()) -> list[AgencyYear]:
    """The latest report of each agency and year, with some of its fields; of all agencies where none are named.

    Raises:
        StoreError: the store cannot be read.
    """
    errors = (
        select(FindingRow.document_id, func.count().label("errors"))
        .where(FindingRow.severity == "error", FindingRow.outcome == "fail")
        .group_by(FindingRow.document_id)
        .subquery()
    )
    latest = (
        select(func.max(DocumentRow.id))
        .where(DocumentRow.report_id.is_not(None), DocumentRow.agency_key.is_not(None), DocumentRow.year.is_not(None))
        .group_by(DocumentRow.agency_key, DocumentRow.year)
    )
    query = (
        select(DocumentRow, errors.c.errors)
        .outerjoin(errors, errors.c.document_id == DocumentRow.id)
        .where(DocumentRow.id.in_(latest))
        .order_by(DocumentRow.agency_key, DocumentRow.year)
    )
    if agencies:
        query = query.where(DocumentRow.agency.in_(agencies))
    with store.read() as session:
        rows = session.execute(query).all()
        values: dict[int, dict[str, str | None]] = {row.id: dict.fromkeys(fields) for row, _ in rows}
        wanted = select(FieldRow.document_id, FieldRow.field, FieldRow.value).where(FieldRow.field.in_(fields))
        for document_id, field, value in session.execute(wanted):
            if document_id in values:
                values[document_id][field] = value
    return [
        AgencyYear(row.id, row.agency or "", row.year or 0, _state(row.state), count or 0, values[row.id])
        for row, count in rows
    ]


def _state(text: str) -> State:
    return next(s for s in STATES if s == text)
