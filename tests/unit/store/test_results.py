"""The rows of a report: an index that can be asked in SQL, rewritten with the report."""

from __future__ import annotations

import json

from sqlalchemy import text

from models.report import PageRecord
from pipeline.store.open_store import Store
from pipeline.store.queue import claim, finish, retry
from tests.unit.store.made import failed, registered, report


def finished(store: Store) -> int:
    one = registered(store)
    lease = claim(store, "w")
    assert lease is not None
    finish(store, lease, report())
    return one.id


def rows(store: Store, question: str) -> list[tuple[object, ...]]:
    with store.read() as session:
        return [tuple(row) for row in session.execute(text(question))]


def test_numbers_are_texts_with_their_evidence(store: Store) -> None:
    finished(store)

    found = rows(store, "SELECT field, value, printed, kind, decision, confidence FROM fields ORDER BY field DESC")

    assert found == [
        ("requests.new.total", "123456789012345678901234567890.50", "1２3", "number", "accept", "0.99975"),
        ("requests.new.other", None, "", "blank", "review", "0.5"),
    ]
    ((evidence, label),) = rows(store, "SELECT evidence, label FROM fields WHERE value IS NOT NULL")
    first = (json.loads(evidence) if isinstance(evidence, str) else evidence)[0]  # type: ignore[index]
    assert (first["page_no"], first["bbox"], first["reader"]) == (1, [1.5, 2, 3, 4], "pdfplumber")
    assert (json.loads(label) if isinstance(label, str) else label)["printed"] == "一、本年新收"  # type: ignore[index]


def test_pages_findings_and_repairs(store: Store) -> None:
    one = finished(store)

    assert rows(store, "SELECT document_id, page_no, route, status, reason FROM pages ORDER BY page_no") == [
        (one, 1, "text", "extracted", ""),
        (one, 2, "none", "skipped", "no tables"),
    ]
    assert rows(store, 'SELECT position, rule, severity, "left", "right", difference, message_zh FROM findings') == [
        (0, "sum.new", "error", "1", "2", "-1", "不等")
    ]
    assert rows(store, "SELECT field, before, after, message_en FROM repairs") == [
        ("requests.new.total", "12", "123", "mended")
    ]


def test_rows_go_with_the_reading_that_they_are_of(store: Store) -> None:
    one = finished(store)
    retry(store, one, who="lee")
    lease = claim(store, "w")
    assert lease is not None
    finish(store, lease, failed())

    for table in ("pages", "fields", "findings", "repairs"):
        assert rows(store, f"SELECT COUNT(*) FROM {table}") == [(0,)]


def test_a_page_that_is_named_twice_is_no_reason_to_lose_the_report(store: Store) -> None:
    registered(store)
    lease = claim(store, "w")
    assert lease is not None
    twice = report().model_copy(
        update={"pages": [*report().pages, PageRecord(page_no=2, route="ocr", status="failed", reason="later")]}
    )

    assert finish(store, lease, twice) == "done"

    assert rows(store, "SELECT reason FROM pages WHERE page_no = 2") == [("later",)]
