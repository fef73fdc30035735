"""What is open, in which order, and who works on it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from models.match import PrintedField
from models.verdict import PERSON_STAGE
from pipeline.review.decide_item import Decision, decide
from pipeline.review.item_view import item_view
from pipeline.review.queue_of_items import (
    HOLD_SECONDS,
    QueueFilter,
    hold_item,
    index_older_reports,
    items_of_document,
    next_item,
    queue_counts,
    queue_items,
    queue_reports,
    release_items,
    take_next,
)
from pipeline.store.documents import load_report
from pipeline.store.open_store import Store
from pipeline.store.tables import ItemRow
from pipeline.store.verdicts import verdicts_of
from tests.unit.review.made import FORM, GRANTED, NEW, in_store, read_report, sure, weak
from tests.unit.store.made import Clock

ME, YOU = "zhang", "li"
SMALL: PrintedField = weak("requests.carried_in.other", "0", "8")
LARGE: PrintedField = weak("disputes.reconsideration.total", "0", "800000")


def test_what_may_change_a_total_most_comes_first(store: Store) -> None:
    number = in_store(store, read_report(SMALL, LARGE))

    found = items_of_document(store, number, ME)

    assert [i.fields for i in found] == [(LARGE.field_id,), (SMALL.field_id,)]
    assert found[0].weight > found[1].weight > 0


def test_reports_come_by_their_weight_and_filters_choose(store: Store) -> None:
    light = in_store(store, read_report(SMALL, name="a.pdf", agency="甲局"), "2024", "a%b")
    heavy = in_store(store, read_report(SMALL, LARGE, name="b.pdf", agency="乙局"), "2024")
    broken = sure("requests.carried_out.total", "3")
    in_store(store, read_report(name="c.pdf", agency="丙局"))

    assert [r.document_id for r in queue_reports(store, QueueFilter(), ME)] == [heavy, light]
    assert [r.items for r in queue_reports(store, QueueFilter(), ME)] == [2, 1]
    assert {i.document_id for i in queue_items(store, QueueFilter(agency="甲局"), ME)} == {light}
    assert {i.document_id for i in queue_items(store, QueueFilter(tag="a%b"), ME)} == {light}
    assert queue_items(store, QueueFilter(tag="a"), ME) == []
    assert queue_items(store, QueueFilter(year=2022), ME) == []
    assert len(queue_items(store, QueueFilter(reason="models_differ"), ME)) == 3
    assert len(queue_items(store, QueueFilter(), ME, limit=2, offset=2)) == 1
    counts = queue_counts(store, QueueFilter(), ME)
    assert (counts.items, counts.documents, counts.by_kind) == (3, 2, {"number": 3})
    assert (set(counts.agencies), counts.years, counts.tags) == ({"甲局", "乙局"}, (2023,), ("2024", "a%b"))

    more = in_store(store, read_report(broken, name="d.pdf"))
    decide(store, more, Decision("accept", f"field:{broken.field_id}"), who=ME, version=None)
    assert {i.rule for i in queue_items(store, QueueFilter(rule="requests.balance"), ME)} == {"requests.balance[total]"}
    assert queue_counts(store, QueueFilter(), ME).rules == ("requests.balance", "requests.row_total")


def test_a_held_item_is_left_to_who_holds_it_until_the_hold_runs_out(store: Store, clock: Clock) -> None:
    number = in_store(store, read_report(SMALL, LARGE))
    first = next_item(store, YOU)
    assert first is not None
    assert hold_item(store, number, first.item, YOU) == YOU
    assert hold_item(store, number, first.item, ME) == YOU

    mine = next_item(store, ME)
    again = next_item(store, YOU)
    assert mine is not None
    assert again is not None
    assert (mine.fields, again.item) == ((SMALL.field_id,), first.item)
    assert [i.held_by for i in items_of_document(store, number, ME)] == [YOU, None]
    assert queue_reports(store, QueueFilter(), ME)[0].held_by == (YOU,)

    clock.move(HOLD_SECONDS)
    assert hold_item(store, number, first.item, ME) == ME
    release_items(store, ME)
    assert hold_item(store, number, first.item, YOU) == YOU


def test_the_next_item_is_of_the_same_report_while_it_has_one(store: Store) -> None:
    light = in_store(store, read_report(SMALL, weak(NEW, "7", "1"), name="a.pdf"))
    heavy = in_store(store, read_report(LARGE, name="b.pdf"))

    after = next_item(store, ME, after=(light, f"field:{NEW}"))
    assert after is not None
    assert (after.document_id, after.fields) == (light, (SMALL.field_id,))

    alone = next_item(store, ME, after=(heavy, f"field:{LARGE.field_id}"))
    assert alone is not None
    assert alone.document_id == light


def test_a_skipped_item_comes_last_for_who_skipped_it(store: Store) -> None:
    number = in_store(store, read_report(SMALL, LARGE))
    key = f"field:{LARGE.field_id}"

    decided = decide(store, number, Decision("skip", key), who=ME, version=None)

    assert (decided.state, decided.items_left) == ("review", 2)
    assert [i.skipped for i in items_of_document(store, number, ME)] == [False, True]
    assert items_of_document(store, number, ME)[-1].item == key
    assert items_of_document(store, number, YOU)[0].item == key


def test_nothing_is_left_when_all_is_decided(store: Store) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1"), weak(GRANTED, "5", "6")))
    decisions = 0
    while (item := next_item(store, ME)) is not None:
        decide(store, number, Decision("accept", item.item), who=ME, version=None)
        decisions += 1
    assert decisions == 2
    assert queue_counts(store, QueueFilter(), ME).items == 0


def test_reports_of_an_older_version_get_their_items(store: Store) -> None:
    number = in_store(store, read_report(SMALL))
    with store.write() as session:
        session.query(ItemRow).delete()
    assert items_of_document(store, number, ME) == []

    assert index_older_reports(store) == 1

    assert len(items_of_document(store, number, ME)) == 1
    assert index_older_reports(store) == 0


def test_persons_who_ask_at_the_same_time_lose_no_decision(store: Store) -> None:
    doubtful = [i for i in FORM.official_fields if i.startswith("requests.denied")][:4]
    number = in_store(store, read_report(*(weak(i, "0", "8") for i in doubtful)))
    items = sorted(i.item for i in items_of_document(store, number, ME))

    def work(who: str) -> list[str]:
        done = []
        while (item := take_next(store, who)) is not None:
            seen = item_view(store, number, item.item).version
            decide(store, number, Decision("typed", item.item, "0"), who=who, version=seen)
            done.append(item.item)
        return done

    with ThreadPoolExecutor(4) as pool:
        done = [item for part in pool.map(work, ["a", "b", "c", "d"]) for item in part]

    assert sorted(v.verdict.item for v in verdicts_of(store, number)) == sorted(done)
    assert set(done) <= set(items)
    report = load_report(store, number)
    assert report is not None
    said = {f"field:{i}" for i, v in report.report.fields.items() if v.evidence[-1].stage == PERSON_STAGE}
    assert said == set(done)
    assert queue_counts(store, QueueFilter(), ME).items == 0


def test_a_report_that_nobody_works_on_comes_before_another_item_of_one_that_somebody_does(store: Store) -> None:
    heavy = in_store(store, read_report(LARGE, weak(NEW, "7", "1"), name="a.pdf"))
    light = in_store(store, read_report(SMALL, name="b.pdf"))

    first, second, third = take_next(store, ME), take_next(store, YOU), take_next(store, "wang")

    assert [i.document_id for i in (first, second, third) if i is not None] == [heavy, light, heavy]
    assert take_next(store, "zhao") is None
