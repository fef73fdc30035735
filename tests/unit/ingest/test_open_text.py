"""Text files: one cell a line, cells between pipes or tabs, glued cells."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.document import Opened, SourceInfo
from models.errors import InputTooLargeError
from pipeline.ingest.open_text import open_text

ReadText = Callable[[str], Opened]


def tables(opened: Opened) -> list[list[list[str]]]:
    return [g.texts() for g in opened.grids]


def texts(opened: Opened) -> list[str]:
    return [line.text for line in opened.lines]


def test_one_cell_a_line_stays_lines(read_text: ReadText) -> None:
    opened = read_text("二、主动公开\r\n\r\n规章\r\n0\r\n0\r\n 12 \r\n")
    assert texts(opened) == ["二、主动公开", "规章", "0", "0", "12"]
    assert opened.grids == ()


def test_one_cell_a_line_with_pipes_at_the_end_loses_the_pipes_only(read_text: ReadText) -> None:
    opened = read_text("信息内容|\n本年制发件数|\n规章|\n0|\n||\n行政规范性文件|\n12|\n")
    assert texts(opened) == ["信息内容", "本年制发件数", "规章", "0", "行政规范性文件", "12"]
    assert opened.grids == ()


@pytest.mark.parametrize(
    "text", ["规章|1|2\n文件||4\n", "| 规章 | 1 | 2 |\n| 文件 |  | 4 |\n", "规章｜1｜2\n文件｜｜4\n"]
)
def test_pipes_separate_cells_and_blank_cells_stay(read_text: ReadText, text: str) -> None:
    assert tables(read_text("表一\n\n" + text)) == [[["规章", "1", "2"], ["文件", "", "4"]]]


def test_tabs_separate_cells_also_before_the_first(read_text: ReadText) -> None:
    assert tables(read_text("表一\n\t甲\t乙\n规章\t1\t\n文件\t\t4\n")) == [
        [["", "甲", "乙"], ["规章", "1", ""], ["文件", "", "4"]]
    ]


def test_markdown_rules_and_frames_are_no_rows(read_text: ReadText) -> None:
    assert tables(read_text("| 规章 | 1 |\n|---|:-:|\n| 文件 | 2 |\n")) == [[["规章", "1"], ["文件", "2"]]]
    framed = "+----+---+\n| 规章 | 1 |\n+----+---+\n| 文件 | 2 |\n+----+---+\n"
    assert tables(read_text(framed)) == [[["规章", "1"], ["文件", "2"]]]


def test_a_row_of_dashes_is_a_row(read_text: ReadText) -> None:
    assert tables(read_text("| 规章 | - | - |\n| 文件 | - | 2 |\n")) == [[["规章", "-", "-"], ["文件", "-", "2"]]]


def test_markdown_tables_without_a_gap_are_two(read_text: ReadText) -> None:
    opened = read_text("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n| 丙 | 丁 |\n|---|---|\n| 3 | 4 |\n")
    assert tables(opened) == [[["甲", "乙"], ["1", "2"]], [["丙", "丁"], ["3", "4"]]]


def test_an_escaped_pipe_belongs_to_its_cell(read_text: ReadText) -> None:
    assert tables(read_text("| 甲\\|乙 | 1 |\n| 文件 | 2 |\n")) == [[["甲|乙", "1"], ["文件", "2"]]]


def test_a_bar_of_links_is_no_table(read_text: ReadText) -> None:
    opened = read_text("首页 | 政务公开 | 办事\n正文在此\n")
    assert opened.grids == ()
    assert texts(opened) == ["首页 | 政务公开 | 办事", "正文在此"]


def test_glued_cells_stay_as_printed(read_text: ReadText) -> None:
    assert texts(read_text("规章000行政规范性文件713000074\n")) == ["规章000行政规范性文件713000074"]


def test_leaked_comments_of_word_and_unseen_characters_go(read_text: ReadText) -> None:
    opened = read_text("情况<!--[if !supportMisalignedColumns]--><!--[endif]-->第二十条\n1\u200b2\ufeff3\n")
    assert texts(opened) == ["情况第二十条", "123"]


def test_every_kind_of_line_end_ends_a_line(read_text: ReadText) -> None:
    assert texts(read_text("一\r\n二\r三\n四\f五\u2028六\x85七")) == ["一", "二", "三", "四", "五", "六", "七"]


def test_markdown_headings_lose_their_signs(read_text: ReadText) -> None:
    assert texts(read_text("## 二、主动公开\n#标签\n")) == ["二、主动公开", "#标签"]


def test_no_text_is_lost_whatever_the_separators(read_text: ReadText) -> None:
    opened = read_text("a|b|c\n|d|\n||\ne\tf\n\tg\n| h |\n|---|\ni|\n")
    seen = texts(opened) + [cell.text for grid in opened.grids for cell in grid.cells]
    assert sorted("".join(" ".join(seen).replace("|", "").split())) == list("abcdefghi")


def test_more_text_than_any_report_has_is_refused(read_text: ReadText, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.ingest.assemble.MAX_TEXT_CHARS", 10)
    read_text("公开公开\n规章\t12\t3\n")
    with pytest.raises(InputTooLargeError, match="more than 10 characters") as caught:
        read_text("公开公开\n规章\t12\t3456\n")
    assert caught.value.remedy


def test_a_table_beyond_all_measure_is_refused(read_text: ReadText) -> None:
    with pytest.raises(InputTooLargeError, match="rows"):
        read_text("1\t2\n" * 1000 + "\t".join("1" * 1000))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"a" + b"\n" * 2_000_001, "2,000,000 lines"),
        (b"|1" * 2_000_001, "2,000,000 characters"),
        (b"1\t" * 2_000_001, "2,000,000 characters"),
    ],
    ids=["empty lines", "pipes", "tabs"],
)
def test_far_more_than_any_report_is_refused_before_it_is_cut_up(
    data: bytes, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.ingest.open_text._LINE_END", None)

    with pytest.raises(InputTooLargeError, match=told):
        open_text(data, "a.txt", SourceInfo("a.txt", "", "text/plain", 1))
