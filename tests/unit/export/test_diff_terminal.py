from __future__ import annotations

import io

import pytest
from rich.console import Console

from models.diff import FieldDiff, ReportDiff
from models.finding import Message
from pipeline.export import diff_text
from pipeline.export.diff_terminal import render_diff
from tests.unit.export.diffs import BLANK, diff, field, number, side, words


def shown(what: ReportDiff, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(render_diff(what))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert isinstance(text, str)
    return text


def test_numbers_with_change_and_percentage() -> None:
    text = shown(
        diff(
            field(number("8"), number("10"), difference="2", percent="+25.0"),
            field(BLANK, number("0"), "requests.granted.total"),
        )
    )
    line = next(one for one in text.splitlines() if "一、本年新收·总计" in one)
    assert line.split() == ["一、本年新收·总计", "8", "10", "+2", "+25.0%"]
    assert "空白 blank" in text
    assert "(2 / 200)" in text


def test_prose_has_marks_and_long_equal_text_is_cut() -> None:
    text = shown(diff(pieces=(("equal", "甲" * 200), ("delete", "乙旧。"), ("insert", "乙新。"))))
    assert "- 乙旧。" in text
    assert "+ 乙新。" in text
    assert text.count("甲") < 30


def test_remarks_and_fields_of_one_form_only() -> None:
    text = shown(diff(remarks=[Message(zh="格式不同", en="two forms")], not_comparable=["proactive.x.y"]))
    assert all(
        part in text for part in ("格式不同", "two forms", "不可比", "proactive.x.y", "没有差别 Nothing differs")
    )


def test_neither_markup_nor_control_sequences_are_obeyed() -> None:
    text = shown(
        diff(
            field(words("[red]1[/red]\x1b[31m"), None, change="removed"),
            pieces=(("insert", "[bold]乙[/bold]\x1b]0;x\x07"),),
            before=side("[link=http://x]a[/link]\x1b[2J"),
        )
    )
    assert "[red]1[/red]" in text
    assert "[bold]乙[/bold]" in text
    assert "\x1b" not in text
    assert "\x07" not in text


def test_eighty_columns_are_enough() -> None:
    text = shown(diff(field(number("8"), number("10"), difference="2", percent="+25.0")), width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text


@pytest.mark.parametrize(
    ("changed", "words_said"),
    [
        (field(number("1"), number("2")), "变动 changed"),
        (field(None, number("2"), change="added"), "新增 added"),
        (field(number("1"), None, change="removed"), "删除 removed"),
        (field(number("1", "review"), number("1"), change="same"), "复核 review → 采用 accept"),
        (field(number("1", "review"), number("2")), "变动 changed; 复核 review → 采用 accept"),
    ],
)
def test_what_happened_in_words(changed: FieldDiff, words_said: str) -> None:
    assert diff_text.change_text(changed) == words_said
