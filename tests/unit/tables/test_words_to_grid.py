from __future__ import annotations

from collections.abc import Sequence

import pytest

from models.geometry import BBox
from models.grid import Grid
from models.page import Char, PageContent, horizontal_ruling
from models.text import squeeze
from pipeline.tables.flow_lines import FlowLine
from pipeline.tables.grid_to_sections import grid_to_sections
from pipeline.tables.words_to_grid import words_to_grids
from tests.unit.tables.drawn import centred, set_text, sheet

LEAVES = ("自然人", "商业企业", "科研机构", "公益组织", "服务机构", "其他", "总计")
COLUMNS = tuple(270.0 + 42.0 * i for i in range(7))
SIZE = 8.0
NEW, SECRET = "一、本年新收政府信息公开申请数量", "1.属于国家秘密"


def cells(values: Sequence[str], top: float) -> list[Char]:
    return [c for text, x in zip(values, COLUMNS, strict=True) for c in centred(text, x, top, SIZE)]


def row(label: str, values: str, top: float) -> list[Char]:
    return set_text(label, 90, top, SIZE) + cells(values.split(","), top)


def header(top: float) -> list[Char]:
    parents = centred("申请人情况", 396, top, SIZE) + centred("法人或其他组织", 396, top + 12, SIZE)
    return parents + cells(LEAVES, top + 24)


def rows_of(grid: Grid) -> list[list[str]]:
    return [[squeeze(t) for t in r] for r in grid.texts()]


def only(*pages: PageContent) -> Grid:
    grids = words_to_grids(pages, {})
    assert len(grids) == 1
    return grids[0]


def test_a_table_without_any_ruling() -> None:
    grid = only(sheet(header(100), row(NEW, "3,0,0,0,0,1,4", 140), row(SECRET, "12,0,0,0,0,0,12", 155)))
    assert rows_of(grid) == [["", *LEAVES], [NEW, *"3000014"], [SECRET, "12", *"00000", "12"]]
    assert (grid.reader, grid.page_no, grid.page_breaks) == ("words", 1, ())
    assert next(c.bbox for c in grid.cells if c.text == "12") == BBox(266, 155, 274, 163)


def test_its_rows_and_columns_are_those_of_a_ruled_one() -> None:
    grid = only(sheet(header(100), row(NEW, "3,0,0,0,0,1,4", 140), row(SECRET, "1,0,0,0,0,0,1", 155)))
    (section,) = grid_to_sections(grid)
    assert [c.path[-1] for c in section.columns] == list(LEAVES)
    assert [(r.labels, "".join(v.text for v in r.values)) for r in section.rows] == [
        ((NEW,), "3000014"),
        ((SECRET,), "1000001"),
    ]


def test_prose_around_the_table_is_no_part_of_it() -> None:
    before = set_text("2023年，本机关共收到申请4件。", 90, 60)
    after = set_text("行政复议和行政诉讼均为0件。", 90, 200)
    grid = only(sheet(before, header(100), row(NEW, "3,0,0,0,0,1,4", 140), after))
    assert rows_of(grid) == [["", *LEAVES], [NEW, *"3000014"]]


def test_the_title_becomes_the_caption() -> None:
    head = set_text("信息内容", 90, 112) + centred("本年处理决定数量", 300, 112)
    page = sheet(set_text("第二十条第（五）项", 250, 100), head, set_text("行政许可", 90, 124) + centred("7", 300, 124))
    grid = only(page)
    assert (grid.caption, rows_of(grid)) == (
        squeeze("第二十条第（五）项"),
        [["", "本年处理决定数量"], ["行政许可", "7"]],
    )


def test_each_block_is_a_grid_of_its_own() -> None:
    groups = []
    for top, title, label in ((100.0, "第二十条第（五）项", "行政许可"), (150.0, "第二十条第（六）项", "行政处罚")):
        groups += [
            set_text(title, 250, top),
            set_text("信息内容", 90, top + 12) + centred("本年处理决定数量", 300, top + 12),
            set_text(label, 90, top + 24) + centred("7", 300, top + 24),
        ]
    assert [(g.caption, rows_of(g)[1]) for g in words_to_grids([sheet(*groups)], {})] == [
        (squeeze("第二十条第（五）项"), ["行政许可", "7"]),
        (squeeze("第二十条第（六）项"), ["行政处罚", "7"]),
    ]


def test_a_block_goes_on_over_the_page_break() -> None:
    upper = sheet(header(700), row(NEW, "3,0,0,0,0,1,4", 740), set_text("- 1 -", 290, 780))
    lower = sheet(row(SECRET, "1,0,0,0,0,0,1", 90), set_text("- 2 -", 290, 780), page_no=2)
    grid = only(upper, lower)
    assert rows_of(grid) == [["", *LEAVES], [NEW, *"3000014"], [SECRET, *"1000001"]]
    assert grid.page_breaks == (2,)
    assert [c.page_no for c in grid.cells if c.col_start == 0] == [1, 1, 2]


def test_a_blank_column_and_a_blank_row_are_kept() -> None:
    page = sheet(
        header(100),
        row(NEW, "3,0,,0,0,1,4", 140),
        set_text("2.重复申请", 90, 155, SIZE),
        row(SECRET, "1,0,,0,0,0,1", 170),
    )
    assert rows_of(only(page)) == [
        ["", *LEAVES],
        [NEW, "3", "0", "", "0", "0", "1", "4"],
        ["2.重复申请", *[""] * 7],
        [SECRET, "1", "0", "", "0", "0", "0", "1"],
    ]


def test_a_label_wrapped_around_its_values() -> None:
    wrapped = set_text("2.其他法律行政", 90, 150, SIZE) + set_text("法规禁止公开", 90, 160, SIZE)
    page = sheet(
        header(100), row(NEW, "3,0,0,0,0,1,4", 135), wrapped + cells("5000005", 155), row(SECRET, "1,0,0,0,0,0,1", 175)
    )
    assert [r[0] for r in rows_of(only(page))] == ["", NEW, "2.其他法律行政法规禁止公开", SECRET]


def test_a_wrapped_number_is_one_cell_of_two_lines() -> None:
    page = sheet(
        header(100),
        row(NEW, "1234,0,0,0,0,1,1235", 140),
        cells(["5", "", "", "", "", "", "6"], 149),
        row(SECRET, "1,0,0,0,0,0,1", 170),
    )
    assert only(page).texts()[1] == [NEW, "1234\n5", "0", "0", "0", "0", "1", "1235\n6"]


def test_numbers_beside_wrapped_ones_stand_in_the_middle_of_their_lines() -> None:
    page = sheet(
        header(100),
        cells(["1894", "1016", "", "", "", "", "3781"], 135),
        set_text(NEW, 90, 141, SIZE) + cells(["", "", "615", "511", "547", "209", ""], 141),
        cells(["5", "7", "", "", "", "", "6"], 147),
        row(SECRET, "1,0,0,0,0,0,1", 170),
    )
    assert only(page).texts()[1] == [NEW, "1894\n5", "1016\n7", "615", "511", "547", "209", "3781\n6"]


def test_a_wrapped_number_is_told_even_where_its_line_break_is_lost() -> None:
    page = sheet(header(100), row(NEW, "1234,0,0,0,0,1,1235", 140), cells(["5", *[""] * 6], 149))
    flags = {c.text: c.flags for c in only(page).cells}
    assert flags["1234\n5"] == {"several_lines"}
    assert flags["1235"] == frozenset()


@pytest.mark.parametrize("lower", [["2491", *[""] * 6], ["", "5", *[""] * 5]], ids=["wider", "below nothing"])
def test_what_cannot_be_the_rest_of_a_number_is_a_row(lower: list[str]) -> None:
    page = sheet(
        header(100),
        row(NEW, "553,,0,0,0,1,554", 140),
        cells(lower, 149),
        row(SECRET, "1,0,0,0,0,0,1", 170),
    )
    assert rows_of(only(page))[1:3] == [[NEW, "553", "", "0", "0", "0", "1", "554"], ["", *lower]]


def test_a_number_over_two_columns_makes_them_one_and_all_of_it_doubtful() -> None:
    wide = set_text(SECRET, 90, 155, SIZE) + set_text("1234567890123", 260, 155, SIZE)
    grid = only(sheet(header(100), row(NEW, "3,2,0,0,0,1,4", 140), wide, row("2.重复申请", "1,5,0,0,0,0,1", 170)))
    bridged = [c for c in grid.cells if c.col_start == 1 and c.row_start > 0]
    assert [c.text for c in bridged] == ["3\n2", "1234567890123", "1\n5"]
    assert [c.flags for c in bridged if "\n" in c.text] == [{"several_cells_in_column", "column_uncertain"}] * 2


def test_two_numbers_in_one_column_are_doubtful() -> None:
    page = sheet(
        centred("总计", 300, 100),
        set_text(NEW, 90, 115, SIZE) + set_text("1234567890", 280, 115, SIZE),
        set_text(SECRET, 90, 130, SIZE) + set_text("12", 280, 130, SIZE) + set_text("34", 310, 130, SIZE),
    )
    (cell,) = [c for c in only(page).cells if c.row_start == 2 and c.col_start == 1]
    assert cell.text == "12\n34"
    assert cell.flags == {"several_cells_in_column", "column_uncertain"}


def test_rulings_under_the_header_alone_change_nothing() -> None:
    groups = header(100), row(NEW, "3,0,0,0,0,1,4", 140), row(SECRET, "1,0,0,0,0,0,1", 155)
    three_lines = [horizontal_ruling(y, 80, 560) for y in (95, 135, 170)]
    assert only(sheet(*groups, rulings=three_lines)).texts() == only(sheet(*groups)).texts()


def test_what_a_ruled_table_holds_is_not_read_again() -> None:
    page = sheet(header(100), row(NEW, "3,0,0,0,0,1,4", 140))
    assert words_to_grids([page], {1: [BBox(80, 90, 580, 160)]}) == []


@pytest.mark.parametrize(
    "groups",
    [
        [],
        [set_text("2023年，本机关共收到申请4件。", 90, 60)],
        [header(100), set_text("2.重复申请", 90, 155, SIZE)],
    ],
    ids=["empty page", "prose", "no values"],
)
def test_pages_without_values_in_rows_have_no_grid(groups: list[list[Char]]) -> None:
    assert words_to_grids([sheet(*groups)], {}) == []


LABELS = (
    "1.属于国家秘密",
    "2.其他法律行政法规禁止公开",
    "3.危及“三安全一稳定”",
    "4.保护第三方合法权益",
    "5.属于三类内部事务信息",
    "3.其他",
)


def _rows_with(stray: str, x: float) -> Grid:
    """Six rows, in the last of which a word stands at some place."""
    rows = [row(label, "0,0,0,0,0,0,0", 140 + 15 * i) for i, label in enumerate(LABELS)]
    rows[-1] = rows[-1] + set_text(stray, x, 140 + 15 * (len(rows) - 1), SIZE)
    return only(sheet(header(100), *rows))


def test_dirt_among_the_labels_that_reads_like_a_number_is_no_column() -> None:
    grid = _rows_with("8", 140)
    assert rows_of(grid) == [["", *LEAVES], *([label, *"0000000"] for label in LABELS)]
    doubted = {c.row_start for c in grid.cells if "value_beside" in c.flags}
    assert doubted == {6}


def test_a_number_beside_all_labels_is_a_column() -> None:
    assert len(rows_of(_rows_with("8", 225))[0]) == len(LEAVES) + 2


def test_a_number_at_the_foot_of_the_page_is_no_row() -> None:
    foot = set_text("1", 500, 700, SIZE)
    grids = words_to_grids([sheet(header(100), row(NEW, "3,0,0,0,0,1,4", 140), foot)], {})
    assert [rows_of(grid) for grid in grids] == [[["", *LEAVES], [NEW, *"3000014"]]]


def test_the_heading_of_a_section_without_a_table_ends_the_table_above() -> None:
    below = set_text("五、存在的主要问题及改进情况", 90, 160, SIZE) + set_text("1", 500, 180, SIZE)
    grids = words_to_grids([sheet(header(100), row(NEW, "3,0,0,0,0,1,4", 140), below)], {})
    assert [rows_of(grid) for grid in grids] == [[["", *LEAVES], [NEW, *"3000014"]]]


def test_heads_that_nearly_touch_are_no_sentence() -> None:
    words = ("结果", "纠正", "其他", "尚未", "总计", "结果", "纠正", "其他", "尚未", "总计", "结果", "纠正", "其他")
    line = [c for i, word in enumerate(words) for c in set_text(word, 90 + 18.0 * i, 100, SIZE)]
    assert not FlowLine(sheet(line), tuple(line)).is_prose
    sentence = set_text("全年共收到政府信息公开申请并且均在法定期限内办理完毕", 90, 100, SIZE)
    assert FlowLine(sheet(sentence), tuple(sentence)).is_prose


def test_numbers_a_little_below_the_first_line_of_their_label_are_one_row() -> None:
    first = set_text("5.要求行政机关确认或", 90, 155, SIZE) + centred("7", COLUMNS[0], 155, SIZE)
    rest = [c for text, x in zip("000000", COLUMNS[1:], strict=True) for c in centred(text, x, 160, SIZE)]
    label = set_text("重新出具已获取信息", 90, 166, SIZE)
    grid = only(sheet(header(100), row(NEW, "3,0,0,0,0,1,4", 140), first, rest, label))
    assert rows_of(grid)[2:] == [["5.要求行政机关确认或重新出具已获取信息", *"7000000"]]


def test_numbers_beside_two_lines_of_one_label_are_one_row() -> None:
    first = set_text("5.要求行政机关确认或", 90, 155, SIZE)
    first += [c for text, x in zip("701", COLUMNS[:3], strict=True) for c in centred(text, x, 158, SIZE)]
    second = set_text("重新出具已获取信息", 90, 164, SIZE)
    second += [c for text, x in zip("0002", COLUMNS[3:], strict=True) for c in centred(text, x, 161, SIZE)]
    grid = only(sheet(header(100), row(NEW, "3,0,0,0,0,1,4", 140), first, second))
    assert rows_of(grid)[2:] == [["5.要求行政机关确认或重新出具已获取信息", *"7010002"]]


def test_numbers_that_all_stand_among_labels_make_no_table() -> None:
    rows = []
    for i in range(6):
        left, place, right = "文" * (5 + i), 60 + SIZE * (6 + i), "字" * (12 - i)
        top = 140 + 15 * i
        rows.append(
            set_text(left, 60, top, SIZE) + set_text("8", place, top, SIZE) + set_text(right, place + 16, top, SIZE)
        )
    assert words_to_grids([sheet(*rows)], {}) == []
