from __future__ import annotations

from collections.abc import Sequence

from models.document import Opened, SourceInfo
from models.grid import Grid
from models.page import TextLine
from pipeline.tables.opened_to_sections import grids_to_sections, opened_to_sections
from tests.unit.tables.drawn import table, text_lines

HEAD = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
UPPER, LOWER = table(HEAD, ["规章", "0", "1", "2"]), table(["行政规范性文件", "3", "4", "5"])
LINES = text_lines(*HEAD, "规章", "6", "7", "8")


def opened(grids: Sequence[Grid], lines: Sequence[TextLine]) -> Opened:
    return Opened(SourceInfo("x.html", "", "text/html", 1), (), tuple(lines), tuple(grids))


def numbers(grids: Sequence[Grid], lines: Sequence[TextLine]) -> list[list[list[str]]]:
    return [[[v.text for v in r.values] for r in s.rows] for s in opened_to_sections(opened(grids, lines))]


def test_grids_are_read_where_they_hold_the_form() -> None:
    assert numbers([UPPER], LINES) == [[["0", "1", "2"]]]


def test_lines_are_read_where_no_grid_does() -> None:
    assert numbers([table(["索引号", "1"])], LINES) == [[["6", "7", "8"]]]


def test_a_file_without_either_has_no_section() -> None:
    assert numbers([], text_lines("现将有关情况公布如下。")) == []


def test_a_web_table_cut_in_two_is_one_section() -> None:
    assert numbers([UPPER, LOWER], []) == [[["0", "1", "2"], ["3", "4", "5"]]]


def test_grids_with_geometry_have_been_joined_before() -> None:
    placed = [table(HEAD, ["规章", "0", "1", "2"], edges=(0, 100, 200, 300, 400)), LOWER]
    assert [[len(s.rows) for s in grids_to_sections((g,))] for g in placed] == [[1], []]
    assert [len(s.rows) for s in grids_to_sections(tuple(placed))] == [1]
