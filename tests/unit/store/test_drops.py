"""Drops: every file of an inbox, from where it lay to where it went."""

from __future__ import annotations

import pytest

from models.errors import StoreError
from pipeline.store.documents import documents
from pipeline.store.drops import close_drop, drops_of, intend_target, open_drops, placeable_drops, take
from pipeline.store.open_store import Store
from pipeline.store.queue import claim, finish
from pipeline.store.records import FileStamp, Taken
from tests.unit.store.made import START, content, report

STAMP = FileStamp(1000, 1_700_000_000_123_456_789, "64768:18446744073709551615")


def taken(
    store: Store, path: str = "a.pdf", name: str = "a.pdf", stamp: FileStamp = STAMP, inbox: str = "/in"
) -> Taken:
    return take(store, content(name, "2023"), inbox=inbox, path=path, stamp=stamp, who="watch")


def test_a_file_is_taken_with_its_document(store: Store) -> None:
    one = taken(store, "2023/a.pdf")

    assert one.is_new
    assert (one.document.state, one.document.tags) == ("received", ("2023",))
    assert (one.drop.inbox, one.drop.path, one.drop.stamp, one.drop.tags) == ("/in", "2023/a.pdf", STAMP, ("2023",))
    assert (one.drop.state, one.drop.target, one.drop.dropped_at) == ("taken", None, START)
    assert open_drops(store, "/in") == [one.drop]
    assert open_drops(store, "/other") == []
    assert placeable_drops(store, "/in") == []


def test_the_same_file_is_the_same_drop(store: Store) -> None:
    assert taken(store).drop == taken(store).drop
    assert len(open_drops(store, "/in")) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"path": "b.pdf"},
        {"inbox": "/other"},
        {"stamp": FileStamp(1000, 5, STAMP.inode)},
        {"stamp": FileStamp(1000, STAMP.mtime_ns, "1:1")},
    ],
)
def test_another_file_of_the_same_content_is_another_drop_of_the_same_document(
    store: Store, other: dict[str, str]
) -> None:
    first = taken(store)
    second = taken(store, **other)  # type: ignore[arg-type]

    assert second.drop.id != first.drop.id
    assert not second.is_new
    assert second.document.id == first.document.id
    assert [d.id for d in drops_of(store, first.document.id)] == [first.drop.id, second.drop.id]


def test_another_content_under_the_same_name_is_another_document(store: Store) -> None:
    first, second = taken(store), taken(store, name="b.pdf")

    assert second.is_new
    assert first.document.id != second.document.id
    assert len(documents(store)) == 2


def test_a_name_of_any_bytes_comes_back_as_it_is(store: Store) -> None:
    path = "年\udcff\n\u202e/" + "长" * 85

    assert taken(store, path).drop.path == path
    intend_target(store, 1, path)
    assert open_drops(store, "/in")[0].target == path


def test_the_way_to_its_place(store: Store) -> None:
    one, other = taken(store), taken(store, "copy.pdf")
    lease = claim(store, "w")
    assert lease is not None
    finish(store, lease, report())

    assert [t.drop.path for t in placeable_drops(store, "/in")] == ["a.pdf", "copy.pdf"]
    assert [t.drop.path for t in placeable_drops(store, "/in", limit=1)] == ["a.pdf"]
    assert {t.document.state for t in placeable_drops(store, "/in")} == {"done"}
    intend_target(store, one.drop.id, "done/a.pdf")
    intend_target(store, one.drop.id, "done/a (2).pdf")
    assert placeable_drops(store, "/in")[0].drop.target == "done/a (2).pdf"
    close_drop(store, one.drop.id, "placed")
    close_drop(store, one.drop.id, "placed")
    close_drop(store, other.drop.id, "gone")

    assert placeable_drops(store, "/in") == []
    assert open_drops(store, "/in") == []
    assert [d.state for d in drops_of(store, one.document.id)] == ["placed", "gone"]


def test_a_file_that_comes_again_later_is_a_new_drop(store: Store) -> None:
    first = taken(store)
    close_drop(store, first.drop.id, "placed")

    assert taken(store).drop.id != first.drop.id


def test_a_closed_drop_goes_nowhere(store: Store) -> None:
    close_drop(store, taken(store).drop.id, "placed")

    with pytest.raises(StoreError, match="drop 1 is placed"):
        intend_target(store, 1, "elsewhere")
    with pytest.raises(StoreError, match="drop 1 is placed"):
        close_drop(store, 1, "gone")
    with pytest.raises(StoreError, match="drop 2 is unknown"):
        close_drop(store, 2, "gone")
