from __future__ import annotations

from dataclasses import replace

import pytest

from models.geometry import BBox
from models.grid import Grid
from models.page import TextLine
from pipeline.tables.join_across_pages import join_across_pages, join_without_geometry
from tests.unit.tables.drawn import table, text_line

HEIGHTS = {1: 800.0, 2: 800.0, 3: 800.0}
EDGES = (100.0, 300.0, 400.0)
UPPER = table(["项目", "总计"], ["重复申请", "3"], edges=EDGES, top=700)
LOWER = table(["其他", "4"], ["总计", "7"], edges=EDGES, top=80, page_no=2)


def test_the_parts_of_a_table_become_one_grid() -> None:
    joined = join_across_pages([UPPER, LOWER], [], HEIGHTS)
    assert len(joined) == 1
    assert joined[0].texts() == [["项目", "总计"], ["重复申请", "3"], ["其他", "4"], ["总计", "7"]]
    assert (joined[0].n_rows, joined[0].page_breaks, joined[0].page_no) == (4, (2,), 1)
    assert [c.page_no for c in joined[0].cells] == [1, 1, 1, 1, 2, 2, 2, 2]


def test_a_table_over_three_pages_has_two_breaks() -> None:
    third = table(["四、结转", "1"], edges=EDGES, top=80, page_no=3)
    joined = join_across_pages([UPPER, LOWER, third], [], HEIGHTS)
    assert [(g.n_rows, g.page_breaks) for g in joined] == [(5, (2, 4))]


def test_a_row_cut_by_the_break_stays_two_grid_rows() -> None:
    upper = table(["项目", "总计"], ["3.补正后申请内", "12"], edges=EDGES, top=700)
    lower = table(["容仍不明确", ""], ["总计", "7"], edges=EDGES, top=80, page_no=2)
    joined = join_across_pages([upper, lower], [], HEIGHTS)
    assert joined[0].texts()[1:3] == [["3.补正后申请内", "12"], ["容仍不明确", ""]]
    assert joined[0].page_breaks == (2,)


def test_rows_and_spans_of_the_lower_part_move_down() -> None:
    lower = table(["总计", "<"], ["自然人", "其他"], ["^", "4"], edges=EDGES, top=80, page_no=2)
    joined = join_across_pages([UPPER, lower], [], HEIGHTS)
    merged = [c for c in joined[0].cells if c.text in {"总计", "自然人"} and c.page_no == 2]
    assert [(c.row_start, c.row_stop, c.col_start, c.col_stop) for c in merged] == [(2, 3, 0, 2), (3, 5, 0, 1)]


def test_column_lines_of_one_part_only_are_kept() -> None:
    lower = table(["（四）无法提供", "2.没有现成", "4"], edges=(100, 180, 301, 400), top=80, page_no=2)
    joined = join_across_pages([UPPER, lower], [], HEIGHTS)
    assert joined[0].n_cols == 3
    assert joined[0].col_edges == (100.0, 180.0, 300.5, 400.0)
    assert [(c.col_start, c.col_stop) for c in joined[0].cells[2:4]] == [(0, 2), (2, 3)]


def test_column_lines_farther_apart_than_the_tolerance_are_two() -> None:
    lower = table(["其他", "4"], edges=(100, 303, 400), top=80, page_no=2)
    assert join_across_pages([UPPER, lower], [], HEIGHTS)[0].n_cols == 2
    assert join_across_pages([UPPER, lower], [], HEIGHTS, column_tolerance=2.0)[0].n_cols == 3


def test_a_part_that_stands_farther_right_is_moved_back() -> None:
    lower = table(["其他", "4"], edges=(130, 330, 430), top=80, page_no=2)
    joined = join_across_pages([UPPER, lower], [], HEIGHTS)
    assert (joined[0].n_cols, joined[0].col_edges) == (2, EDGES)


@pytest.mark.parametrize("at", ["upper", "lower"])
@pytest.mark.parametrize(("side", "edge"), [(0, 93.0), (4, 407.0)])
def test_a_stroke_beside_a_scanned_table_does_not_stretch_its_other_part(at: str, side: int, edge: float) -> None:
    edges = [100.0, 250.0, 300.0, 400.0]
    dirty = [*edges[:side], edge, *edges[side:]]
    row = ["总计", "7", "1"]
    padded = [*row[: side - 1], "", *row[side - 1 :]] if side else ["", *row]
    parts = [(edges, row), (dirty, padded)] if at == "lower" else [(dirty, padded), (edges, row)]
    upper, lower = (
        table(texts, edges=tuple(xs), top=top, page_no=n)
        for n, ((xs, texts), top) in enumerate(zip(parts, (700, 80), strict=True), 1)
    )
    joined = join_across_pages([upper, lower], [], HEIGHTS, elastic=frozenset({1, 2}))
    assert len(joined) == 1
    assert joined[0].col_edges == tuple(dirty)
    first = 2 if side == 0 else 1
    assert [(c.col_start, c.col_stop) for c in joined[0].cells if c.text == "7"] == [(first, first + 1)] * 2


@pytest.mark.parametrize("width", [280.0, 320.0])
def test_a_table_of_another_width_is_another_table(width: float) -> None:
    lower = table(["其他", "4"], edges=(100, 200, 100 + width), top=80, page_no=2)
    assert len(join_across_pages([UPPER, lower], [], HEIGHTS)) == 2


@pytest.mark.parametrize(
    "line",
    [text_line("四、因政府信息公开被申请行政复议", 750), text_line("（续表）", 60, page_no=2)],
    ids=["below the upper part", "above the lower part"],
)
def test_text_between_the_parts_parts_them(line: TextLine) -> None:
    assert len(join_across_pages([UPPER, LOWER], [line], HEIGHTS)) == 2


@pytest.mark.parametrize(
    "lines",
    [
        [text_line("— 3 —", 780), text_line("4", 790, page_no=2)],
        [text_line("某区教育局2023年年报", 30), text_line("某区教育局2023年年报", 30, page_no=2)],
        [text_line("某区教育局 2023", 760), text_line("某区教育局2023", 760, page_no=2)],
        [text_line("  ", 760)],
        [text_line("一、总体情况", 300), text_line("五、存在的主要问题", 400, page_no=2)],
        [TextLine("没有位置的行", 1)],
    ],
    ids=["page numbers", "running head", "running foot", "white space", "text elsewhere", "no geometry"],
)
def test_what_belongs_to_the_page_parts_nothing(lines: list[TextLine]) -> None:
    assert len(join_across_pages([UPPER, LOWER], lines, HEIGHTS)) == 1


def test_a_head_that_a_photograph_shows_far_from_the_edge_parts_nothing() -> None:
    lines = [text_line("某区教育局2023年年报", 100), text_line("某区教育局2023年年报", 60, page_no=2)]
    assert len(join_across_pages([UPPER, LOWER], lines, HEIGHTS, elastic=frozenset({1, 2}))) == 1
    assert len(join_across_pages([UPPER, LOWER], lines, HEIGHTS)) == 2


def test_tables_of_one_page_are_not_joined() -> None:
    assert len(join_across_pages([UPPER, replace(LOWER, page_no=1)], [], HEIGHTS)) == 2


def test_a_page_between_them_parts_them() -> None:
    third = table(["其他", "4"], edges=EDGES, top=80, page_no=3)
    assert len(join_across_pages([UPPER, third], [], HEIGHTS)) == 2


def test_only_the_first_table_of_the_next_page_goes_on() -> None:
    second = table(["总计", "9"], edges=EDGES, top=300, page_no=2)
    joined = join_across_pages([UPPER, LOWER, second], [], HEIGHTS)
    assert [g.n_rows for g in joined] == [4, 1]


def test_only_the_last_table_of_a_page_goes_on() -> None:
    first = table(["规章", "1"], edges=EDGES, top=200)
    joined = join_across_pages([first, UPPER, LOWER], [text_line("三、申请", 600)], HEIGHTS)
    assert [g.n_rows for g in joined] == [1, 4]


def test_a_grid_without_column_lines_is_left_alone() -> None:
    without = replace(LOWER, col_edges=())
    assert len(join_across_pages([UPPER, without], [], HEIGHTS)) == 2


def test_no_grids_are_no_tables() -> None:
    assert join_across_pages([], [], {}) == []


def test_pieces_of_a_web_table_are_joined() -> None:
    first, second = table(["项目", "总计"], ["重复申请", "3"]), table(["其他", "4"])
    joined = join_without_geometry([first, second], [True, False])
    assert [(g.texts(), g.page_breaks) for g in joined] == [
        ([["项目", "总计"], ["重复申请", "3"], ["其他", "4"]], (2,))
    ]


@pytest.mark.parametrize(
    ("second", "own_header"),
    [
        (table(["其他", "4"]), True),
        (table(["其他", "4", "5"]), False),
        (table(["其他", "4"], caption="四、行政复议"), False),
        (table(["其他", "4"], reader="other"), False),
    ],
    ids=["a header of its own", "other columns", "text between", "another reader"],
)
def test_other_web_tables_are_not_joined(second: Grid, own_header: bool) -> None:
    assert len(join_without_geometry([table(["项目", "总计"], ["重复申请", "3"]), second], [True, own_header])) == 2


def test_geometry_of_a_joined_table_is_that_of_its_pages() -> None:
    joined = join_across_pages([UPPER, LOWER], [], HEIGHTS)
    assert [c.bbox for c in joined[0].cells if c.row_start == 2] == [BBox(100, 80, 300, 100), BBox(300, 80, 400, 100)]


@pytest.mark.parametrize(("text", "parts"), [("2气卖", 1), ("err or", 1), ("四、因政府信息公开", 2)])
def test_print_of_the_other_side_of_a_scan_parts_nothing(text: str, parts: int) -> None:
    line = text_line(text, 60, page_no=2)
    assert len(join_across_pages([UPPER, LOWER], [line], HEIGHTS, elastic=frozenset({1, 2}))) == parts


@pytest.mark.parametrize(("score", "parts"), [(0.7, 1), (0.97, 2)])
def test_an_illegible_line_of_a_scan_parts_nothing(score: float, parts: int) -> None:
    line = TextLine("昭内类三干第", 2, BBox(100, 60, 200, 70), score)

    assert len(join_across_pages([UPPER, LOWER], [line], HEIGHTS, elastic=frozenset({1, 2}))) == parts
