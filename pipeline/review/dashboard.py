"""Figures over all reports: progress, review load, rules broken, doubtful cells, agencies over the years."""

from __future__ import annotations

from dataclasses import dataclass

from models.finding import Message
from models.form import FORM_IDS, load_form, row_key
from models.rule import load_rules
from pipeline.store.figures import (
    AgencyYear,
    DayFigures,
    Progress,
    RuleFigures,
    agency_reports,
    by_day,
    doubtful_cells,
    progress,
    rules_broken,
)
from pipeline.store.open_store import Store

__all__ = [
    "AGENCY_FIELDS",
    "AgencyYear",
    "Dashboard",
    "DayFigures",
    "HeatCell",
    "HeatMap",
    "Progress",
    "RuleFigures",
    "RuleShare",
    "agencies_beside",
    "dashboard",
    "heat_map",
]

# What an agency is compared by: new requests, those carried in and over, documents in force, disputes.
AGENCY_FIELDS = (
    "requests.new.total",
    "requests.carried_in.total",
    "requests.results_total.total",
    "requests.carried_out.total",
    "proactive.normative_documents.in_force",
    "disputes.reconsideration.total",
)


@dataclass(frozen=True, slots=True)
class RuleShare:
    """A rule that is broken often, in words."""

    rule: str
    name: Message
    findings: int
    documents: int


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell of the form: how often it was doubted, among the reports that have it."""

    field: str
    row: Message
    column: Message
    doubted: int
    reports: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The cells of one table of a form, row by row. ``rows`` and ``columns`` are names in order."""

    form: str
    table: str
    name: Message
    rows: tuple[Message, ...]
    columns: tuple[Message, ...]
    cells: tuple[tuple[int, int, HeatCell], ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All figures at once."""

    progress: Progress
    days: tuple[DayFigures, ...]
    rules: tuple[RuleShare, ...]


def dashboard(store: Store) -> Dashboard:
    """The figures as they are now.

    Raises:
        StoreError: the store cannot be read.
    """
    names: dict[str, Message] = {}
    for form_id in FORM_IDS:
        for rule in load_rules(load_form(form_id)).templates:
            names.setdefault(rule.id, Message(zh=rule.label.zh, en=rule.label.en))
    shares = [
        RuleShare(r.rule, names.get(r.rule, Message(zh=r.rule, en=r.rule)), r.findings, r.documents)
        for r in rules_broken(store)
    ]
    return Dashboard(progress(store), tuple(by_day(store)), tuple(shares))


def heat_map(store: Store, form_id: str) -> tuple[HeatMap, ...]:
    """For each table of a form how often each cell was doubted; ``cells`` are (row, column, cell), indices from 0.

    Raises:
        UsageError: there is no such form.
        StoreError: the store cannot be read.
    """
    form = load_form(form_id)
    labels = load_rules(form).labels
    counts = doubtful_cells(store, frozenset(form.fields))
    maps = []
    for table in form.tables:
        fields = [f for f in form.fields.values() if f.table is table]
        rows = list(dict.fromkeys(row_key(f.table, f.row) for f in fields))
        columns = list(dict.fromkeys(f"{table.id}.{f.column.id}" for f in fields))
        cells = []
        for f in fields:
            key, column = row_key(f.table, f.row), f"{table.id}.{f.column.id}"
            doubted, reports = counts.get(f.id, (0, 0))
            cell = HeatCell(f.id, labels.rows[key], labels.columns[column], doubted, reports)
            cells.append((rows.index(key), columns.index(column), cell))
        maps.append(
            HeatMap(
                form.id,
                table.id,
                labels.tables[table.id],
                tuple(labels.rows[key] for key in rows),
                tuple(labels.columns[key] for key in columns),
                tuple(cells),
            )
        )
    return tuple(maps)


def agencies_beside(store: Store, agencies: tuple[str, ...] = ()) -> list[AgencyYear]:
    """The latest report of each agency and year by agency, then year, with ``AGENCY_FIELDS``.

    Args:
        store: The store.
        agencies: Names as in the reports; all where empty.

    Raises:
        StoreError: the store cannot be read.
    """
    return agency_reports(store, AGENCY_FIELDS, agencies=agencies)
