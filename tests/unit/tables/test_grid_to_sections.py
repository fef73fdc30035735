from __future__ import annotations

from dataclasses import replace

import pytest

from models.grid import Grid
from models.table import PrintedRow, PrintedSection
from models.text import squeeze
from pipeline.tables.grid_to_sections import begins_with_header, grid_to_sections
from tests.unit.tables.drawn import table, with_flags

ORGS = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
# The header of the request table: three rows, parents merged.
HEAD = [
    ["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "<", "<", "申请人情况", *["<"] * 6],
    ["^", "^", "^", "自然人", "法人或其他组织", *["<"] * 4, "总计"],
    ["^", "^", "^", "^", *ORGS, "^"],
]
NEW = ["一、本年新收政府信息公开申请数量", "<", "<", "3", "0", "0", "0", "0", "1", "4"]
DENIED = [
    ["三、本年度办理结果", "（三）不予公开", "1.属于国家秘密", "1", "0", "0", "0", "0", "0", "1"],
    ["^", "^", "2.其他法律行政法规禁止公开", "2", "0", "0", "0", "0", "1", "3"],
]
BLOCK_1 = [
    ["第二十条第（一）项", "<", "<", "<"],
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "0", "1", "2"],
    ["行政规范性文件", "3", "4", "5"],
]
BLOCK_5 = [
    ["第二十条第（五）项", "<", "<", "<"],
    ["信息内容", "本年处理决定数量", "<", "<"],
    ["行政许可", "7", "<", "<"],
]


def only(grid: Grid) -> PrintedSection:
    sections = grid_to_sections(grid)
    assert len(sections) == 1
    return sections[0]


def folded(*labels: str) -> tuple[str, ...]:
    """Labels as sections have them: without white space, brackets and the like in one width."""
    return tuple(squeeze(label) for label in labels)


def brief(row: PrintedRow) -> tuple[tuple[str, ...], list[str]]:
    return row.labels, [v.text for v in row.values]


def test_a_header_of_three_rows_gives_each_column_its_path() -> None:
    section = only(table(*HEAD, NEW))
    parent = ("申请人情况", "法人或其他组织")
    leaves = [(*parent, leaf) for leaf in ORGS]
    assert [c.path for c in section.columns] == [("申请人情况", "自然人"), *leaves, ("申请人情况", "总计")]
    assert [brief(r) for r in section.rows] == [((NEW[0],), NEW[3:])]
    assert [v.column for v in section.rows[0].values] == list(range(7))
    assert section.reader == "test"


def test_merged_labels_are_parents_of_each_of_their_rows() -> None:
    section = only(table(*HEAD, NEW, *DENIED))
    assert [r.labels for r in section.rows[1:]] == [
        ("三、本年度办理结果", "（三）不予公开", "1.属于国家秘密"),
        ("三、本年度办理结果", "（三）不予公开", "2.其他法律行政法规禁止公开"),
    ]


def test_a_label_with_one_character_a_line_reads_as_one_word() -> None:
    vertical = [["三\n、\n本\n年\n度\n办\n理\n结\n果", *DENIED[0][1:]], DENIED[1]]
    assert only(table(*HEAD, *vertical)).rows[1].labels[0] == "三、本年度办理结果"


def test_each_title_begins_a_section() -> None:
    sections = grid_to_sections(table(*BLOCK_1, *BLOCK_5))
    assert tuple(s.title for s in sections) == folded("第二十条第（一）项", "第二十条第（五）项")
    assert [[c.path for c in s.columns] for s in sections] == [
        [("本年制发件数",), ("本年废止件数",), ("现行有效件数",)],
        [("本年处理决定数量",)],
    ]
    assert [brief(r) for r in sections[1].rows] == [(("行政许可",), ["7"])]


def test_a_title_may_stand_in_a_cell_of_its_own_among_empty_ones() -> None:
    rows = [["第二十条第（五）项", "", "", ""], *BLOCK_5[1:]]
    assert only(table(*rows)).title == squeeze("第二十条第（五）项")


def test_the_text_above_a_grid_is_its_title_where_it_reads_like_one() -> None:
    assert only(table(*BLOCK_5[1:], caption="第二十条第（五）项")).title == squeeze("第二十条第（五）项")
    assert only(table(*BLOCK_5[1:], caption="现将有关情况公布如下")).title == ""


def test_a_title_without_a_header_goes_on_under_the_header_above() -> None:
    sixth = [["第二十条第（六）项", "<", "<", "<"], ["行政处罚", "8", "<", "<"], ["行政强制", "9", "<", "<"]]
    sections = grid_to_sections(table(*BLOCK_5, *sixth))
    assert tuple(s.title for s in sections) == folded("第二十条第（五）项", "第二十条第（六）项")
    assert [c.path for c in sections[1].columns] == [("本年处理决定数量",)]
    assert [brief(r) for r in sections[1].rows] == [(("行政处罚",), ["8"]), (("行政强制",), ["9"])]


def test_a_header_repeated_on_the_next_page_goes_on_with_the_section() -> None:
    lower = [["", "（四）无法提供", "1.本机关不掌握相关政府信息", *"5000005"]]
    section = only(table(*HEAD, NEW, *DENIED, *HEAD, *lower, page_breaks=(6,)))
    assert len(section.rows) == 4
    assert [r.begins_page for r in section.rows] == [False, False, False, True]
    assert brief(section.rows[3])[1] == list("5000005")


def test_a_merged_label_goes_on_over_the_page_break() -> None:
    lower = [["", "", "3.危及“三安全一稳定”", *"5000005"], ["四、结转下年度继续办理", "<", "<", *"1000001"]]
    section = only(table(*HEAD, *DENIED, *lower, page_breaks=(5,)))
    assert section.rows[2].labels == ("三、本年度办理结果", "（三）不予公开", "3.危及“三安全一稳定”")
    assert section.rows[3].labels == ("四、结转下年度继续办理",)


def test_the_lower_half_of_a_header_cut_by_the_page_break_belongs_to_it() -> None:
    lower_half = ["", "", "", "", *("业", "构", "组织", "机构", ""), ""]
    section = only(table(*HEAD, lower_half, NEW, page_breaks=(3,)))
    assert [c.path[-1] for c in section.columns] == ["自然人", "业", "构", "组织", "机构", "其他", "总计"]
    assert [brief(r)[1] for r in section.rows] == [NEW[3:]]


def test_the_same_header_twice_is_one_header() -> None:
    section = only(table(*HEAD, *HEAD, NEW))
    assert [c.path[-1] for c in section.columns] == ["自然人", *ORGS, "总计"]


def test_a_row_cut_by_the_page_break_is_two_printed_rows() -> None:
    lower = [["", "", "法规禁止公开", *[""] * 7]]
    cut = [*DENIED[:1], ["^", "^", "2.其他法律行政", *DENIED[1][3:]]]
    section = only(table(*HEAD, *cut, *lower, page_breaks=(5,)))
    assert [r.labels[-1] for r in section.rows] == ["1.属于国家秘密", "2.其他法律行政", "法规禁止公开"]
    assert [r.begins_page for r in section.rows] == [False, False, True]


def test_a_row_without_label_and_numbers_is_dropped() -> None:
    assert len(only(table(*HEAD, NEW, [""] * 10)).rows) == 1


def test_a_row_of_blank_cells_is_kept_where_it_has_a_label() -> None:
    section = only(table(*HEAD, NEW, ["二、上年结转政府信息公开申请数量", "<", "<", *[""] * 7]))
    assert brief(section.rows[1])[1] == [""] * 7


def test_numbers_of_the_row_above_its_header_are_not_taken_for_a_header() -> None:
    assert only(table(NEW, *DENIED)).rows[0].labels == (NEW[0],)


def test_rows_without_any_header_are_kept_without_column_names() -> None:
    section = only(table(NEW, *DENIED))
    assert {c.path for c in section.columns} == {()}
    assert brief(section.rows[2]) == ((*DENIED[0][:2], DENIED[1][2]), DENIED[1][3:])


DISPUTES_HEAD = [
    ["行政复议", *["<"] * 4, "行政诉讼", *["<"] * 9],
    [*["^"] * 5, "未经复议直接起诉", *["<"] * 4, "复议后起诉", *["<"] * 4],
    ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3,
]


@pytest.mark.parametrize("numbers", [[str(n) for n in range(15)], [""] * 15, ["1", *[""] * 14]])
def test_the_dispute_table_has_one_row_without_label(numbers: list[str]) -> None:
    head = [DISPUTES_HEAD[0], ["", "", "", "", "", *DISPUTES_HEAD[1][5:]], DISPUTES_HEAD[2]]
    section = only(table(*head, numbers))
    assert [brief(r) for r in section.rows] == [((), numbers)]
    assert section.columns[0].path == ("行政复议", "结果维持")
    assert section.columns[14].path == ("行政诉讼", "复议后起诉", "总计")


def test_a_column_of_numbers_whose_header_is_lost_is_none_of_labels() -> None:
    head = [["", "", *ORGS, "总计"]]
    section = only(table(*head, ["一、本年新收政府信息公开申请数量", "3", "0", "0", "0", "0", "1", "4"]))
    assert [c.path for c in section.columns] == [(), *((leaf,) for leaf in ORGS), ("总计",)]
    assert brief(section.rows[0]) == (("一、本年新收政府信息公开申请数量",), ["3", "0", "0", "0", "0", "1", "4"])


def test_labels_below_a_blank_corner_stay_labels() -> None:
    section = only(table(["", "", "", "自然人", *ORGS, "总计"], *DENIED[:1]))
    assert len(section.columns) == 7
    assert len(section.rows[0].labels) == 3


def test_an_empty_column_at_the_right_edge_is_no_column() -> None:
    rows = [[*row, ""] for row in BLOCK_1[1:]]
    assert len(only(table(*rows)).columns) == 3


def test_reason_codes_come_along() -> None:
    section = only(with_flags(table(*BLOCK_1), "3", "straddles_ruling"))
    assert section.rows[1].values[0].flags == {"straddles_ruling"}


@pytest.mark.parametrize(
    "grid",
    [
        table(["索引号", "01-2/2023", "分类", "年报"], ["发布机构", "某区教育局", "日期", "2024-01-20"]),
        table(["指标", "数量", "较上年"], ["门户网站更新", "120", "15"], ["微博", "33", "-4"]),
        table(["现将2023年政府信息公开工作年度报告公布如下"], ["2023年1月1日至12月31日"]),
        table(["", ""], ["", ""]),
        table(["规章", "3"], ["其余", "4"]),
    ],
    ids=["metadata box", "work statistics", "underlined prose", "empty", "one word by chance"],
)
def test_tables_of_other_things_are_dropped(grid: Grid) -> None:
    assert grid_to_sections(grid) == []


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        (table(*BLOCK_1), True),
        (table(*BLOCK_1[1:]), True),
        (table(["", "", "", ""], *BLOCK_1[1:]), True),
        (table(*BLOCK_1[2:]), False),
        (table(["", ""]), False),
    ],
    ids=["title", "header", "empty row above", "data", "nothing"],
)
def test_whether_a_grid_begins_with_a_header(grid: Grid, expected: bool) -> None:
    assert begins_with_header(grid) is expected


def test_the_page_of_a_row_is_that_of_its_cells() -> None:
    grid = table(*HEAD, NEW, *DENIED, page_breaks=(4,))
    moved = replace(grid, cells=tuple(replace(c, page_no=2) if c.row_start >= 4 else c for c in grid.cells))
    section = only(moved)
    assert [r.page_no for r in section.rows] == [1, 2, 2]
    assert section.page_no == 1


DISPUTES = ["结果维持", "结果纠正", "其他结果", "尚未审结"]


def test_a_stroke_through_a_header_cell_of_a_scan_makes_no_column() -> None:
    grid = table([*DISPUTES, "总1", "十"], ["1", "0", "0", "0", "1", "<"], reader="scan")

    section = only(grid)

    assert [c.path for c in section.columns] == [*((word,) for word in DISPUTES), ("总1十",)]
    assert [(v.text, v.column) for v in section.rows[0].values] == [("1", 0), ("0", 1), ("0", 2), ("0", 3), ("1", 4)]
    assert len(only(replace(grid, reader="test")).columns) == 6, "what a file draws is a ruling"


def test_a_fold_along_a_ruling_of_a_scan_makes_no_column() -> None:
    edges = (0.0, 30.0, 60.0, 90.0, 120.0, 126.0, 150.0)
    grid = table(
        [*DISPUTES, "且织", "总计"],
        ["1", "0", "0", "0", "", "1"],
        ["2", "0", "0", "0", "2", "<"],
        reader="scan",
        edges=edges,
    )

    section = only(grid)

    assert [c.path for c in section.columns] == [*((word,) for word in DISPUTES), ("总计",)]
    assert [[(v.text, v.column) for v in row.values][-1] for row in section.rows] == [("1", 4), ("2", 4)]
    assert len(only(replace(grid, reader="test")).columns) == 6, "what a file draws is a column"
    wide = replace(grid, col_edges=(*edges[:5], 129.0, edges[-1]))
    assert len(only(wide).columns) == 6, "a number may stand there"


def test_header_cells_run_together_on_a_scan_are_cut_as_their_rows_are() -> None:
    numbers = ["1", "0", "0", "0", "1"]
    grid = table(["结果维持", "结果纠正其他结果尚未审结", "<", "<", "总计"], numbers, reader="scan")

    section = only(grid)

    assert [c.path for c in section.columns] == [("结果维持",), (), (), (), ("总计",)]
    assert [(v.text, v.column) for v in section.rows[0].values] == [(text, n) for n, text in enumerate(numbers)]
    assert len(only(replace(grid, reader="test")).columns) == 3, "what a file draws is one cell"
    merged = only(
        table(["结果维持", "结果纠正其他结果尚未审结", "<", "<", "总计"], ["1", "0", "<", "<", "1"], reader="scan")
    )
    assert len(merged.columns) == 3, "the row is not cut there"


@pytest.mark.parametrize(("first", "second"), [("", "本年处理决定数量"), ("本年处理决定数量", "")])
def test_a_stroke_beside_the_words_of_a_header_makes_no_column(first: str, second: str) -> None:
    grid = table(["信息内容", first, second], ["行政处罚", "12", "<"], ["行政强制", "0", "<"], reader="scan")

    section = only(grid)

    assert [c.path for c in section.columns] == [("本年处理决定数量",)]
    assert [[(v.text, v.column) for v in row.values] for row in section.rows] == [[("12", 0)], [("0", 0)]]


@pytest.mark.parametrize(
    "grid",
    [
        table([*DISPUTES, "总1", "十"], ["1", "0", "0", "0", "1", "2"], reader="scan"),
        # Words of the form below which a ruling has been lost.
        table(["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"], ["1", "0", "0", "12", "<"], reader="scan"),
    ],
)
def test_columns_that_rows_part_or_words_name_stay_apart(grid: Grid) -> None:
    assert len(only(grid).columns) == grid.n_cols
