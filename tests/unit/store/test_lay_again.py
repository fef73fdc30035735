from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from models.errors import StaleItemError, UsageError
from models.waiver import Waiver, new_waiver
from pipeline.store import lay_again
from pipeline.store.audit import audit_log
from pipeline.store.documents import document, load_report
from pipeline.store.drops import close_drop, drops_of, intend_target, open_drops, outdated_drops, take
from pipeline.store.lay_again import accept_waivers
from pipeline.store.open_store import Store
from pipeline.store.queue import claim, finish
from pipeline.store.records import FileStamp
from pipeline.store.verdicts import ReviewState, review_state
from pipeline.store.waivers import waivers_of
from tests.unit.store.made import content, registered, report

INBOX = "/srv/inbox"


def in_review(store: Store, name: str = "a.pdf") -> int:
    number = registered(store, name).id
    claimed = claim(store, "w")
    assert claimed is not None
    finish(store, claimed, report(name, status="needs_review"))
    return number


def waiver(store: Store, number: int, reason: str = "counted otherwise") -> Waiver:
    as_read = review_state(store, number).as_read
    return new_waiver(as_read, as_read.findings[0], reason=reason, author="lee", date=dt.date(2024, 1, 1), until=None)


def is_waived(store: Store, number: int) -> bool:
    found = load_report(store, number)
    assert found is not None
    return found.report.findings[0].waiver is not None


def test_waivers_count_at_once_for_all_contents_of_the_report(store: Store) -> None:
    one, two = in_review(store), in_review(store, "b.pdf")
    before = review_state(store, one).revision

    assert accept_waivers(store, [waiver(store, one)], who="service") == 2

    assert is_waived(store, one)
    assert is_waived(store, two)
    assert review_state(store, one).revision == before + 1
    assert {"waived", "waivers applied"} <= {entry.action for entry in audit_log(store)}


def test_what_is_on_record_already_changes_nothing(store: Store) -> None:
    number = in_review(store)
    given = waiver(store, number)
    accept_waivers(store, [given], who="service")
    before = review_state(store, number), len(audit_log(store))

    accept_waivers(store, [given], who="service")

    assert (review_state(store, number), len(audit_log(store))) == before


def test_a_stop_between_record_and_report_is_made_good(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    number = in_review(store)
    given = waiver(store, number)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(lay_again, "_lay_again", stop)
        with pytest.raises(KeyboardInterrupt):
            accept_waivers(store, [given], who="service")
    assert not is_waived(store, number)

    accept_waivers(store, [given], who="service")

    assert is_waived(store, number)
    assert len(waivers_of(store, review_state(store, number).as_read)) == 1


def test_another_one_for_the_same_finding_takes_its_place(store: Store) -> None:
    number = in_review(store)
    accept_waivers(store, [waiver(store, number, "first")], who="service")

    accept_waivers(store, [waiver(store, number, "second")], who="service")

    assert [w.reason for w in waivers_of(store, review_state(store, number).as_read).values()] == ["second"]


def test_nothing_is_written_for_a_waiver_of_no_report(store: Store) -> None:
    number = in_review(store)
    good = waiver(store, number)
    other = good.model_copy(update={"report": good.report.model_copy(update={"agency": "某县"})})

    with pytest.raises(UsageError, match="某县 2023 gk2021"):
        accept_waivers(store, [good, other], who="service")
    with pytest.raises(UsageError, match="no waiver"):
        accept_waivers(store, [], who="service")

    assert waivers_of(store, review_state(store, number).as_read) == {}


def test_a_document_that_others_change_is_looked_at_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    number = in_review(store)
    real = review_state
    looks: list[int] = []

    def changed_since(store: Store, document_id: int) -> ReviewState:
        looks.append(document_id)
        state = real(store, document_id)
        return state if len(looks) > changes else dataclasses.replace(state, revision=state.revision - 1)

    monkeypatch.setattr(lay_again, "review_state", changed_since)
    changes = 3
    accept_waivers(store, [waiver(store, number)], who="service")
    assert is_waived(store, number)

    changes = 1000
    with pytest.raises(StaleItemError, match="changed all the time"):
        accept_waivers(store, [waiver(store, number, "another")], who="service")


def test_placed_files_of_a_report_that_changes_are_outdated(store: Store) -> None:
    number = in_review(store)
    drop = take(store, content(), inbox=INBOX, path="a.pdf", stamp=FileStamp(1000, 5, "1:2"), who="w").drop
    intend_target(store, drop.id, "/srv/review/a.pdf")
    revision = review_state(store, number).revision

    close_drop(store, drop.id, "placed", revision)
    assert [d.state for d in drops_of(store, number)] == ["placed"]
    assert outdated_drops(store, INBOX) == []

    accept_waivers(store, [waiver(store, number)], who="service")
    assert [taken.drop.id for taken in outdated_drops(store, INBOX)] == [drop.id]
    assert outdated_drops(store, "/srv/another") == []


def test_a_file_placed_with_results_of_before_is_outdated_at_once(store: Store) -> None:
    number = in_review(store)
    drop = take(store, content(), inbox=INBOX, path="a.pdf", stamp=FileStamp(1000, 5, "1:2"), who="w").drop
    intend_target(store, drop.id, "/srv/review/a.pdf")
    revision = review_state(store, number).revision
    accept_waivers(store, [waiver(store, number)], who="service")

    close_drop(store, drop.id, "placed", revision)

    assert [d.state for d in drops_of(store, number)] == ["outdated"]
    assert open_drops(store, INBOX) == []
    found = document(store, number)
    assert found is not None
    assert found.revision == revision + 1
