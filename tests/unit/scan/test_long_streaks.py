"""Folds and marks of rollers among the rulings of a page."""

from __future__ import annotations

from models.page import Ruling, horizontal_ruling, vertical_ruling
from pipeline.scan.long_streaks import without_long_streaks

TABLE = [vertical_ruling(x, 100.0, 500.0) for x in (60.0, 150.0, 240.0, 330.0, 420.0)]
LEVELS = [horizontal_ruling(100.0 + 20 * i, 60.0, 420.0) for i in range(21)]


def _without(broken: list[Ruling], whole: list[Ruling] | None = None) -> tuple[list[Ruling], list[Ruling]]:
    return without_long_streaks(broken, [*TABLE, *LEVELS, *(whole or [])])


def test_a_fold_that_wanders_down_the_whole_page_is_no_ruling() -> None:
    fold = [
        vertical_ruling(277.0, 18.0, 348.0),
        vertical_ruling(275.5, 249.0, 650.0),
        vertical_ruling(273.7, 548.0, 829.0),
    ]
    assert _without(fold[:2], fold[2:]) == ([], [*TABLE, *LEVELS])


def test_a_level_fold_is_no_ruling() -> None:
    fold = horizontal_ruling(311.0, 20.0, 570.0)
    assert _without([fold]) == ([], [*TABLE, *LEVELS])


def test_a_ruling_that_ends_with_the_others_stays() -> None:
    extra = vertical_ruling(375.0, 102.0, 498.0)
    assert _without([extra])[0] == [extra]


def test_a_ruling_that_is_longer_at_one_end_stays() -> None:
    extra = vertical_ruling(375.0, 100.0, 640.0)
    assert _without([extra])[0] == [extra]


def test_the_sides_of_two_tables_stay() -> None:
    second = [vertical_ruling(x, 540.0, 660.0) for x in (60.0, 180.0, 300.0, 420.0)]
    joined = vertical_ruling(60.0, 480.0, 560.0)
    assert _without([joined], second)[0] == [joined]


def test_few_lines_tell_no_table() -> None:
    long = vertical_ruling(200.0, 10.0, 800.0)
    assert without_long_streaks([long], TABLE[:3]) == ([long], TABLE[:3])


def test_a_ruling_under_a_fold_stays() -> None:
    fold = [vertical_ruling(277.0, 18.0, 348.0), vertical_ruling(275.5, 349.0, 829.0)]
    under = vertical_ruling(276.0, 300.0, 460.0)
    assert _without(fold, [under]) == ([], [*TABLE, *LEVELS, under])
