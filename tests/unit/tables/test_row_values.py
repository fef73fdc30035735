from __future__ import annotations

from collections.abc import Sequence

import pytest

from models.grid import Grid
from models.table import PrintedValue
from pipeline.tables.row_values import HeaderSpan, row_to_values
from tests.unit.tables.drawn import table, with_flags

HEADS = [HeaderSpan(("申请人情况", "自然人"), 1, 2), HeaderSpan(("其他",), 2, 3), HeaderSpan(("总计",), 3, 4)]


def values(grid: Grid, spans: Sequence[HeaderSpan], row: int = 0, first: int = 1) -> list[PrintedValue]:
    return row_to_values(grid, row, [c for c in grid.row_cells(row) if c.col_start >= first], spans)


def brief(found: Sequence[PrintedValue]) -> list[tuple[str, int | None, set[str]]]:
    return [(v.text, v.column, set(v.flags)) for v in found]


def test_each_cell_stands_under_its_header() -> None:
    grid = table(["重复申请", "1", "", "3"], edges=(0, 100, 150, 200, 250), page_no=2)
    found = values(grid, HEADS)
    assert brief(found) == [("1", 0, set()), ("", 1, set()), ("3", 2, set())]
    assert {v.page_no for v in found} == {2}
    assert found[0].bbox == grid.cells[1].bbox


def test_the_lowest_header_is_the_leaf() -> None:
    assert [h.leaf for h in (*HEADS, HeaderSpan((), 0, 1))] == ["自然人", "其他", "总计", ""]


def test_cells_cut_elsewhere_than_the_header_are_paired_in_order() -> None:
    # A web page whose rows give the wide column to another cell than its header does.
    spans = [HeaderSpan(("甲",), 1, 2), HeaderSpan(("乙",), 2, 4), HeaderSpan(("丙",), 4, 5)]
    grid = table(["行政许可", "1", "<", "2", "3"])
    assert brief(values(grid, [*spans])) == [("1", 0, set()), ("2", 1, set()), ("3", 2, set())]


def test_a_cell_over_two_columns_belongs_to_none_of_them() -> None:
    grid = table(["重复申请", "1", "<", "3"], edges=(0, 100, 150, 200, 250))
    assert brief(values(grid, HEADS)) == [("1", None, {"spans_columns"}), ("3", 2, set())]


def test_a_blank_cell_over_two_columns_is_blank_in_both() -> None:
    grid = table(["重复申请", "", "<", "3"], edges=(0, 100, 150, 200, 250))
    assert brief(values(grid, HEADS)) == [("", 0, set()), ("", 1, set()), ("3", 2, set())]


def test_a_cell_beside_all_columns_has_none() -> None:
    grid = table(["重复申请", "1", "2", "3", "9"], edges=(0, 100, 150, 200, 250, 300))
    assert brief(values(grid, HEADS))[0] == ("9", None, {"no_column"})


def test_two_numbers_under_one_header_are_both_doubtful() -> None:
    grid = table(["其他", "1", "5", "3"], edges=(0, 100, 150, 200, 250))
    spans = [HeaderSpan(("自然人",), 1, 3), HeaderSpan(("总计",), 3, 4)]
    reason = {"several_cells_in_column"}
    assert brief(values(grid, spans)) == [("1", 0, reason), ("5", 0, reason), ("3", 1, set())]


def test_a_number_and_a_blank_sliver_under_one_header_are_one_value() -> None:
    grid = table(["其他", "", "5", "3"], edges=(0, 100, 110, 200, 250))
    spans = [HeaderSpan(("自然人",), 1, 3), HeaderSpan(("总计",), 3, 4)]
    assert brief(values(grid, spans)) == [("5", 0, set()), ("3", 1, set())]


def test_what_lies_below_is_measured_in_points_where_there_are_any() -> None:
    # One grid column each, but the second is no more than the sliver of a stray ruling.
    grid = table(["其他", "1", "<", "3", "9"], edges=(0, 100, 196, 200, 250, 300))
    spans = [HeaderSpan(("自然人",), 1, 2), HeaderSpan(("总计",), 2, 4)]
    assert ("1", 0, set()) in brief(values(grid, spans))


@pytest.mark.parametrize("row", [0, 1])
def test_a_number_over_two_rows_is_doubtful_in_both(row: int) -> None:
    grid = table(["1.其他", "1", "2", "3"], ["2.其他", "^", "5", "6"])
    assert brief(values(grid, HEADS, row))[0] == ("1", 0, {"spans_rows"})


def test_a_blank_cell_over_two_rows_is_doubtful_in_the_lower_one() -> None:
    grid = table(["1.其他", "", "2", "3"], ["2.其他", "^", "5", "6"])
    assert [brief(values(grid, HEADS, row))[0] for row in (0, 1)] == [("", 0, set()), ("", 0, {"spans_rows"})]


def test_reason_codes_of_a_cell_stay_with_its_value() -> None:
    grid = with_flags(table(["重复申请", "1", "2", "3"]), "2", "superscript")
    assert brief(values(grid, HEADS))[1] == ("2", 1, {"superscript"})


def test_without_a_header_there_is_no_value() -> None:
    assert values(table(["重复申请", "1"]), []) == []
