from __future__ import annotations

from pipeline.inbox.names import Found
from pipeline.inbox.settle import EMPTY_PATIENCE, Settling
from pipeline.store.records import FileStamp


def file(path: str = "a.pdf", size: int = 10, time: int = 1) -> Found:
    return Found(path, FileStamp(size, time, "1:2"))


def test_a_file_is_ready_when_it_has_held_still() -> None:
    settling = Settling(2.0)

    assert settling.observe([file()], 100.0) == []
    assert settling.observe([file()], 101.9) == []
    assert settling.observe([file()], 102.0) == [file()]


def test_a_change_of_size_or_time_begins_the_wait_anew() -> None:
    settling = Settling(2.0)
    settling.observe([file(size=10)], 100.0)

    assert settling.observe([file(size=20)], 102.0) == []
    assert settling.observe([file(size=20, time=2)], 104.0) == []
    assert settling.observe([file(size=20, time=2)], 106.0) == [file(size=20, time=2)]


def test_a_file_that_was_away_begins_anew() -> None:
    settling = Settling(2.0)
    settling.observe([file()], 100.0)
    settling.observe([], 101.0)

    assert settling.observe([file()], 102.0) == []


def test_an_empty_file_is_given_more_time() -> None:
    settling = Settling(2.0)
    settling.observe([file(size=0)], 0.0)

    assert settling.observe([file(size=0)], 2.0) == []
    assert settling.observe([file(size=0)], 2.0 * EMPTY_PATIENCE) == [file(size=0)]


def test_a_file_in_use_begins_anew() -> None:
    settling = Settling(2.0)
    settling.observe([file()], 0.0)
    settling.start_again("a.pdf", 2.0)

    assert settling.observe([file()], 3.0) == []
    assert settling.observe([file()], 4.0) == [file()]


def test_when_to_look_next() -> None:
    settling = Settling(2.0)
    assert settling.next_look() is None

    settling.observe([file("a.pdf"), file("b.pdf")], 10.0)
    settling.start_again("a.pdf", 11.0)
    assert settling.next_look() == 12.0

    settling.forget("b.pdf")
    assert settling.next_look() == 13.0
    assert settling.paths == ("a.pdf",)


def test_files_that_are_being_written_are_told_from_those_that_wait() -> None:
    settling = Settling(2.0)
    settling.observe([file("a.pdf"), file("b.pdf"), file("c.pdf")], 0.0)
    assert settling.restless == frozenset()

    settling.observe([file("a.pdf", size=11), file("b.pdf"), file("c.pdf")], 1.0)
    settling.start_again("b.pdf", 2.0)
    assert settling.restless == {"a.pdf", "b.pdf"}

    settling.forget("b.pdf")
    settling.observe([file("c.pdf")], 3.0)
    assert settling.restless == frozenset()
