"""Documents and their reports: one for each content, versions for each agency and year."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from models.errors import StoreError
from models.report import Report
from pipeline.store.documents import document, document_of, documents, load_report, register, reports_since
from pipeline.store.open_store import Store
from pipeline.store.queue import claim, finish, retry
from pipeline.store.records import STATES, Claimed
from tests.unit.store.made import START, Clock, content, encrypted, failed, registered, report


def read(store: Store, name: str, result: Report | None = None, *tags: str) -> int:
    """The id of a document that is registered and finished."""
    one = registered(store, name, *tags)
    lease = claim(store, "w")
    assert lease is not None
    assert lease.document_id == one.id
    finish(store, lease, result or report(name))
    return one.id


def test_a_content_is_registered_once(store: Store, clock: Clock) -> None:
    first = register(store, content("a.pdf", "2023"), who="me")
    clock.move(5)
    again = register(store, content("a.pdf", "copies", "2023"), who="me")

    assert (first.is_new, again.is_new) == (True, False)
    assert again.document.id == first.document.id
    assert again.document.received_at == START
    assert again.document.tags == ("2023", "copies")
    assert (again.document.name, again.document.byte_size, again.document.media_type) == (
        "a.pdf",
        1000,
        "application/pdf",
    )
    assert len(documents(store)) == 1


def test_a_known_content_is_not_read_again(store: Store) -> None:
    read(store, "a.pdf")

    assert not register(store, content("a.pdf"), who="me").is_new
    assert claim(store, "w") is None


def test_names_of_any_bytes(store: Store) -> None:
    name = "年报\udcff\n\u202e" + "x" * 300

    one = register(store, content("a.pdf").__class__("0" * 64, 1, name, tags=("\udcff",)), who="me").document

    assert one.name == "年报\N{REPLACEMENT CHARACTER}\n\u202e" + "x" * 300
    assert one.tags == ("\N{REPLACEMENT CHARACTER}",)


def test_documents_are_found(store: Store) -> None:
    one, two = registered(store, "a.pdf"), registered(store, "b.pdf")
    claim(store, "w")

    assert document(store, two.id) == two
    assert document(store, 99) is None
    assert document_of(store, one.sha256) == document(store, one.id)
    assert document_of(store, "0" * 64) is None
    assert [d.id for d in documents(store)] == [one.id, two.id]
    assert [d.id for d in documents(store, ["running", "done"])] == [one.id]
    assert [d.id for d in documents(store, STATES)] == [one.id, two.id]


def test_a_report_comes_back_as_it_was(store: Store) -> None:
    one = read(store, "a.pdf")

    found = load_report(store, one)

    assert found is not None
    assert found.report == report("a.pdf")
    assert (found.version, found.is_latest) == (1, True)
    assert (found.document.agency, found.document.year) == ("某区教育局", 2023)


def test_no_report_yet(store: Store) -> None:
    assert load_report(store, registered(store).id) is None
    assert load_report(store, 99) is None


def test_newer_contents_are_newer_versions_and_the_older_stay(store: Store) -> None:
    first = read(store, "a.pdf", report("a.pdf", agency="某区 教育局"))
    read(store, "of another year", report("of another year", year=2022))
    read(store, "of another agency", report("of another agency", agency="某县"))
    second = read(store, "b.pdf")

    assert [(s.document.id, s.version, s.is_latest) for s in reports_since(store)] == [
        (first, 1, False),
        (2, 1, True),
        (3, 1, True),
        (second, 2, True),
    ]
    assert [s.document.id for s in reports_since(store, latest_only=True)] == [2, 3, second]


def test_versions_go_by_when_a_content_came_not_by_who_was_done_first(store: Store) -> None:
    leases = []
    for name in ("a.pdf", "b.pdf"):
        registered(store, name)
        leases.append(claim(store, "w"))
    for lease, name in zip(reversed(leases), ("b.pdf", "a.pdf"), strict=True):
        assert isinstance(lease, Claimed)
        finish(store, lease, report(name))

    assert [(s.report.source.name, s.version) for s in reports_since(store)] == [("a.pdf", 1), ("b.pdf", 2)]


@pytest.mark.parametrize(("agency", "year"), [(None, 2023), ("某县", None)])
def test_without_agency_or_year_there_are_no_versions(store: Store, agency: str | None, year: int | None) -> None:
    for name in ("a.pdf", "b.pdf"):
        read(store, name, report(name, agency=agency, year=year))

    assert [(s.version, s.is_latest) for s in reports_since(store)] == [(None, True)] * 2


def test_reports_since_a_moment_and_of_some_states(store: Store, clock: Clock) -> None:
    read(store, "a.pdf")
    clock.move(10)
    read(store, "b.pdf", report("b.pdf", status="needs_review", year=2021))
    read(store, "c.pdf", failed(name="c.pdf"))
    read(store, "d.pdf", encrypted("d.pdf"))

    assert [s.document.name for s in reports_since(store, clock.now)] == ["b.pdf", "c.pdf", "d.pdf"]
    assert [s.document.name for s in reports_since(store, states=["done", "review"])] == ["a.pdf", "b.pdf"]


def test_a_second_reading_replaces_the_first_which_is_kept(store: Store) -> None:
    one = read(store, "a.pdf")
    retry(store, one, who="lee")
    lease = claim(store, "w")
    assert lease is not None
    finish(store, lease, report("a.pdf", status="needs_review", agency="某县"))

    found = load_report(store, one)

    assert found is not None
    assert (found.report.status, found.document.agency, found.version) == ("needs_review", "某县", 1)
    with store.read() as session:
        kept = session.execute(text("SELECT status FROM reports ORDER BY id")).scalars().all()
    assert kept == ["ok", "needs_review"]


def test_a_report_of_a_newer_version(store: Store) -> None:
    one = read(store, "a.pdf")
    with store.write() as session:
        session.execute(text('UPDATE reports SET document = \'{"schema_version": "9.0", "more": 1}\''))

    with pytest.raises(StoreError, match="does not fit this version") as caught:
        load_report(store, one)

    assert f"nianbao retry {one}" in caught.value.remedy
