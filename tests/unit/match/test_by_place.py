from __future__ import annotations

from pipeline.match.by_place import known_by_count, known_by_place

Match = tuple[int, int, float, float]


def scores(*diagonal: float, others: float = 0.1) -> list[list[float]]:
    """Each printed row like the one of the form at its own place, and a little like all others."""
    return [[s if i == j else others for j in range(len(diagonal))] for i, s in enumerate(diagonal)]


def sure(*places: int) -> list[Match]:
    return [(p, p, 0.95, 0.5) for p in places]


def test_a_garbled_row_between_sure_ones() -> None:
    assert known_by_place([sure(0)[0], (1, 1, 0.4, 0.0), sure(2)[0]], scores(1, 0.4, 1), 3) == [(1, 1)]


def test_one_that_was_not_matched_at_all() -> None:
    assert known_by_place(sure(0, 2), scores(1, 0.35, 1), 3) == [(1, 1)]


def test_the_first_and_the_last() -> None:
    assert known_by_place(sure(1), scores(0.5, 1, 0.5), 3) == [(0, 0), (2, 2)]


def test_a_row_that_resembles_another_more_is_not_known() -> None:
    likely = scores(1, 0.4, 1)
    likely[1][2] = 0.6
    assert known_by_place(sure(0, 2), likely, 3) == []


def test_a_row_that_resembles_nothing_is_not_known() -> None:
    assert known_by_place(sure(0, 2), scores(1, 0.2, 1), 3) == []


def test_a_row_too_many_or_too_few_leaves_it_open() -> None:
    assert known_by_place([(0, 0, 0.9, 0.5), (3, 2, 0.9, 0.5)], [*scores(1, 0.4, 1), [0.1, 0.1, 1.0]], 3) == []
    assert known_by_place([(0, 0, 0.9, 0.5), (2, 3, 0.9, 0.5)], [[*r, 0.1] for r in scores(1, 0.4, 1)], 4) == []


def test_many_garbled_ones_in_a_row_are_not_known() -> None:
    assert known_by_place(sure(0, 4), scores(1, 0.4, 0.4, 0.4, 1), 5) == []


def test_without_any_sure_one_there_is_no_place() -> None:
    assert known_by_place([(0, 0, 0.5, 0.0)], scores(0.5), 1) == []


def test_as_many_columns_as_the_form_has_leave_each_its_place() -> None:
    assert known_by_count(sure(0, 1, 5, 6), scores(1, 1, 0.0, 0.1, 0.0, 1, 1, others=0.0), 7) == [2, 3, 4]


def test_a_column_too_many_leaves_the_unlike_ones_open() -> None:
    assert known_by_count(sure(0, 1, 2), [*scores(1, 1, 1), [0.0] * 3], 3) == []


def test_a_column_that_is_surely_elsewhere_leaves_the_unlike_ones_open() -> None:
    moved = [(0, 0, 0.95, 0.5), (2, 1, 0.95, 0.5)]
    assert known_by_count(moved, [[1, 0, 0], [0, 0, 0], [0, 1, 0]], 3) == []


def test_of_those_that_are_matched_two_must_be_sure() -> None:
    alike = [(i, i, 0.6, 0.0) for i in range(2, 5)]
    likely = scores(1, 1, 0.6, 0.6, 0.6, 0.0, others=0.0)
    assert known_by_count([*sure(0, 1), *alike], likely, 6) == [2, 3, 4, 5]
    assert known_by_count([*sure(0), (1, 1, 0.6, 0.0), *alike], likely, 6) == []


def test_few_sure_columns_say_nothing_about_the_others() -> None:
    assert known_by_count(sure(0), scores(1, 0.0, 0.0, others=0.0), 3) == []


def test_free_columns_that_look_exchanged_stay_open() -> None:
    exchanged = scores(1, 0.0, 0.0, 1, others=0.0)
    exchanged[1][2] = 0.4
    assert known_by_count(sure(0, 3), exchanged, 4) == []


def test_one_that_resembles_its_place_and_the_next_alike_may_have_been_matched_beside_it() -> None:
    alike = [[float(p == t) for t in range(6)] for p in range(6)]
    alike[3], alike[4] = [0.0, 0.0, 0.0, 0.67, 0.67, 0.0], [0.0] * 6

    assert known_by_count([*sure(0, 1, 2), (3, 4, 0.67, 0.0), *sure(5)], alike, 6) == [3, 4]
    alike[3][4] = 0.75
    assert known_by_count([*sure(0, 1, 2), (3, 4, 0.75, 0.0), *sure(5)], alike, 6) == []
