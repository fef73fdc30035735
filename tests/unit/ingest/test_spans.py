"""Cells with spans to a grid: the table model of HTML, absurd numbers included."""

from __future__ import annotations

import pytest

from models.errors import InputTooLargeError
from pipeline.ingest.spans import (
    MAX_SLOTS,
    OVERLAPPING_SPANS,
    SpanCell,
    cells_to_grid,
    check_size,
    place_rows,
)

Ranges = tuple[int, int, int, int]


def ranges(*groups: list[list[SpanCell]]) -> dict[str, Ranges]:
    return {c.text: (c.row_start, c.row_stop, c.col_start, c.col_stop) for c in place_rows(groups)}


def test_cells_go_around_those_that_hang_down() -> None:
    placed = ranges([[SpanCell("a", rowspan=2), SpanCell("b", colspan=2)], [SpanCell("c"), SpanCell("d")]])
    assert placed == {"a": (0, 2, 0, 1), "b": (0, 1, 1, 3), "c": (1, 2, 1, 2), "d": (1, 2, 2, 3)}


def test_a_rowspan_ends_with_its_row_group() -> None:
    placed = ranges([[SpanCell("a", rowspan=9), SpanCell("b")]], [[SpanCell("c")]])
    assert placed["a"] == (0, 1, 0, 1)
    assert placed["c"] == (1, 2, 0, 1)


def test_rowspan_zero_goes_down_to_the_end_of_its_row_group() -> None:
    placed = ranges([[SpanCell("a", rowspan=0)], [SpanCell("b")], [SpanCell("c")]], [[SpanCell("d")]])
    assert placed["a"] == (0, 3, 0, 1)
    assert (placed["b"], placed["c"], placed["d"]) == ((1, 2, 1, 2), (2, 3, 1, 2), (3, 4, 0, 1))


def test_a_colspan_into_a_hanging_cell_is_cut_and_the_row_is_doubtful() -> None:
    rows = [[SpanCell("a"), SpanCell("b", rowspan=2)], [SpanCell("c", colspan=2), SpanCell("d")]]
    placed = {c.text: c for c in place_rows([rows])}
    assert (placed["c"].col_start, placed["c"].col_stop) == (0, 1)
    assert placed["d"].col_start == 2
    assert OVERLAPPING_SPANS in placed["c"].flags
    assert OVERLAPPING_SPANS in placed["d"].flags
    assert not placed["a"].flags


def test_no_slot_is_covered_twice_whatever_the_spans() -> None:
    rows = [
        [SpanCell("a", 2, 3), SpanCell("b", 1, 2), SpanCell("c", 3, 1)],
        [SpanCell("d", 5, 2)],
        [SpanCell("e", 4, 1), SpanCell("f")],
    ]
    covered = [
        (r, c)
        for cell in place_rows([rows])
        for r in range(cell.row_start, cell.row_stop)
        for c in range(cell.col_start, cell.col_stop)
    ]
    assert len(covered) == len(set(covered))


def test_columns_and_rows_in_which_nothing_begins_disappear() -> None:
    cells = place_rows([[[SpanCell("a", colspan=900), SpanCell("1")], [SpanCell("b", colspan=900), SpanCell("2")]]])
    grid = cells_to_grid(cells, "lxml", "x")
    assert grid is not None
    assert (grid.n_rows, grid.n_cols) == (2, 2)
    assert grid.texts() == [["a", "1"], ["b", "2"]]


def test_blank_columns_at_the_right_are_dropped_and_blank_ones_inside_kept() -> None:
    cells = place_rows([[[SpanCell("a"), SpanCell(""), SpanCell("1"), SpanCell("")]]])
    grid = cells_to_grid(cells, "lxml", "x")
    assert grid is not None
    assert grid.texts() == [["a", "", "1"]]


def test_a_table_without_text_is_none() -> None:
    assert cells_to_grid(place_rows([[[SpanCell(""), SpanCell("")]]]), "lxml", "x") is None


def test_a_table_beyond_all_measure_is_refused() -> None:
    check_size(1, MAX_SLOTS, "a.html")
    with pytest.raises(InputTooLargeError) as caught:
        check_size(2, MAX_SLOTS, "a.html")
    assert caught.value.source == "a.html"
    assert caught.value.remedy
