"""What a page states about itself in labelled places."""

from __future__ import annotations

import pytest

from models.grid import Cell, Grid
from pipeline.extract.stated_facts import read_stated_facts


def grid(*rows: tuple[str, ...]) -> Grid:
    cells = tuple(Cell(r, r + 1, c, c + 1, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Grid(n_rows=len(rows), n_cols=len(rows[0]), cells=cells, reader="lxml")


def test_labels_and_values_in_lines() -> None:
    facts = read_stated_facts(
        [
            "发布机构：某局",
            "发文字号： 某政办〔2024〕3号",
            "发布日期：2024-01-17 09:12",
            "成文日期:2024年1月10日",
            "来源：某网",
        ],
        [],
    )
    assert facts == {
        "agency": ["某局"],
        "number": ["某政办〔2024〕3号"],
        "published": ["2024-01-1709:12"],
        "written": ["2024年1月10日"],
        "weak_agency": ["某网"],
    }


def test_several_labels_in_one_line_end_each_other() -> None:
    facts = read_stated_facts(["索引号:1/2 主题分类: 发文机关:某府办 成文日期:2022-01-29 浏览次数:77"], [])
    assert facts == {"agency": ["某府办"], "written": ["2022-01-29"]}


def test_a_value_may_stand_in_the_next_line_but_not_a_label() -> None:
    assert read_stated_facts(["标 题:", "某局年度报告"], []) == {"title": ["某局年度报告"]}
    assert read_stated_facts(["文 号:", "发布日期: 2022-01-29"], []) == {"published": ["2022-01-29"]}
    assert read_stated_facts(["文 号:发布日期: 2022-01-29"], []) == {"published": ["2022-01-29"]}


def test_labels_and_values_in_a_table() -> None:
    facts = read_stated_facts(
        [], [grid(("索引号", "014/2024", "发布机构", "某局"), ("文号", "", "发布日期：2024-01-17", "有效性"))]
    )
    assert facts == {"agency": ["某局"], "published": ["2024-01-17"]}


def test_labels_in_the_middle_of_a_long_document_are_not_looked_at() -> None:
    lines = ["正文"] * 100
    lines[70] = "发布机构：某局"
    assert read_stated_facts(lines, []) == {}
    lines[95] = "发布日期：2024-01-17"
    assert read_stated_facts(lines, []) == {"published": ["2024-01-17"]}


@pytest.mark.parametrize("line", ["发布机构：", "发布机构: -", "文号: 发布机构", "机构：某局"])
def test_empty_values_and_unknown_labels_say_nothing(line: str) -> None:
    assert read_stated_facts([line], []) == {}
