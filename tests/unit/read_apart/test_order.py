from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.read_apart.order import Order, file_size


def taken(sizes: list[int], readers: int) -> list[int]:
    order = Order(sizes, readers)
    found = []
    while not order.is_done:
        found.append(order.take())
    return found


def finished(numbers: list[int], sizes: list[int], readers: int) -> int:
    """When the last of the files is done that are begun in this order by the first process that is free."""
    free = [0] * readers
    for number in numbers:
        free.sort()
        free[0] += sizes[number] + 100_000
    return max(free)


def test_files_are_begun_in_turn_as_long_as_others_follow() -> None:
    assert taken([0] * 20, 2)[:16] == list(range(16))


def test_a_long_file_at_the_end_is_begun_before_others_wait_for_it() -> None:
    sizes = [0] * 20 + [2_000_000]
    numbers = taken(sizes, 2)

    assert 0 < numbers.index(20) < 5 or numbers[0] == 20
    assert finished(numbers, sizes, 2) < finished(list(range(21)), sizes, 2) * 0.75


def test_one_process_keeps_the_order_until_the_last_files() -> None:
    assert taken([0, 5_000_000, 0, 0], 1)[0] == 0


def test_in_turn_means_the_first_that_is_left() -> None:
    order = Order([0, 0, 9_000_000], 2)

    assert [order.take(), order.take(in_turn=True), order.first] == [2, 0, 1]


@given(st.lists(st.integers(0, 10**7), max_size=30), st.integers(1, 5))
def test_each_file_is_begun_once(sizes: list[int], readers: int) -> None:
    assert sorted(taken(sizes, readers)) == list(range(len(sizes)))


def test_the_size_of_a_file_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")

    assert file_size(tmp_path / "a") == 3
    assert file_size(tmp_path / "b") == 0
