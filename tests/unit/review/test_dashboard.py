"""Figures over all reports."""

from __future__ import annotations

from pipeline.review.dashboard import agencies_beside, dashboard, heat_map
from pipeline.review.decide_item import Decision, decide
from pipeline.store.open_store import Store
from tests.unit.review.made import GRANTED, NEW, in_store, read_report, sure, weak
from tests.unit.store.made import START, Clock

DAY = 86400.0


def test_progress_load_and_broken_rules_are_counted(store: Store, clock: Clock) -> None:
    first = in_store(store, read_report(weak(NEW, "7", "1"), weak(GRANTED, "5", "6"), name="a.pdf", agency="甲局"))
    clock.move(DAY)
    in_store(store, read_report(sure("requests.carried_out.total", "3"), name="b.pdf", agency="乙局"))
    for field in (NEW, GRANTED):
        decide(store, first, Decision("accept", f"field:{field}"), who="zhang", version=None)

    found = dashboard(store)

    assert {s: n for s, n in found.progress.states.items() if n} == {"done": 1, "review": 1}
    assert (found.progress.fields, found.progress.accepted) == (400, 399)
    today = START.date()
    assert [(d.day.day - today.day, d.read, d.fields, d.in_review, d.decisions) for d in found.days][:1] == [
        (0, 1, 200, 0, 0)
    ]
    assert [(d.read, d.in_review, d.decisions) for d in found.days] == [(1, 0, 0), (1, 1, 2)]
    assert [(r.rule, r.findings, r.documents) for r in found.rules] == [
        ("requests.balance", 1, 1),
        ("requests.row_total", 1, 1),
    ]
    assert all(r.name.zh and r.name.en for r in found.rules)


def test_the_heat_map_counts_settled_doubts_too(store: Store) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1"), weak(GRANTED, "5", "6")))
    in_store(store, read_report(name="b.pdf"))
    decide(store, number, Decision("accept", f"field:{NEW}"), who="zhang", version=None)

    tables = heat_map(store, "gk2021")

    cells = {c.field: c for t in tables for _, _, c in t.cells}
    assert {i: (c.doubted, c.reports) for i, c in cells.items() if c.doubted} == {NEW: (1, 2), GRANTED: (1, 2)}
    for table in tables:
        for row, column, cell in table.cells:
            assert (table.rows[row], table.columns[column]) == (cell.row, cell.column)


def test_agencies_stand_side_by_side_with_the_latest_report_of_a_year(store: Store) -> None:
    for name, agency in (("a.pdf", "甲局"), ("b.pdf", "乙局"), ("c.pdf", "甲局")):
        in_store(store, read_report(name=name, agency=agency))
    in_store(store, read_report(name="d.pdf", agency=None))

    found = agencies_beside(store)

    assert {(a.agency, a.year) for a in found} == {("甲局", 2023), ("乙局", 2023)}
    assert [a.values["requests.new.total"] for a in found] == ["7", "7"]
    assert max(a.document_id for a in found) == 3
    assert [a.agency for a in agencies_beside(store, ("乙局",))] == ["乙局"]
