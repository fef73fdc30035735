"""Printed lines to paragraphs."""

from __future__ import annotations

from models.geometry import BBox
from models.page import TextLine
from pipeline.extract.join_lines import join_lines, measure_layout

LEFT, RIGHT, HEIGHT = 90.0, 500.0, 16.0


def line(text: str, top: float, *, x0: float = LEFT, x1: float = RIGHT, page_no: int = 1) -> TextLine:
    return TextLine(text, page_no, BBox(x0, top, x1, top + HEIGHT))


def joined(lines: list[TextLine]) -> list[str]:
    return join_lines(lines, measure_layout(lines)).split("\n")


def test_full_lines_go_on_and_indented_ones_begin_a_paragraph() -> None:
    lines = [
        line("本机关认真贯彻落实条例，", 100, x0=LEFT + 32),
        line("不断完善制度。", 120, x1=300),
        line("收到申请三十五件，", 140, x0=LEFT + 32),
        line("均已答复。", 160, x1=200),
    ]
    assert joined(lines) == ["本机关认真贯彻落实条例，不断完善制度。", "收到申请三十五件，均已答复。"]


def test_a_full_stop_at_the_margin_ends_a_paragraph_only_before_an_indented_line() -> None:
    first = line("本机关认真贯彻落实条例。", 100)
    assert joined([first, line("不断完善制度。", 120)]) == ["本机关认真贯彻落实条例。不断完善制度。"]
    assert joined([first, line("不断完善制度。", 120, x0=LEFT + 32)]) == ["本机关认真贯彻落实条例。", "不断完善制度。"]


def test_a_paragraph_goes_on_over_a_page_break_and_its_page_number() -> None:
    lines = [
        line("收到申请三十五", 760),
        line("- 3 -", 800, x0=280, x1=310),
        line("第 4 页 共 7 页", 805, x0=280, x1=310),
        line("件，均已答复。", 80, x1=200, page_no=2),
    ]
    assert joined(lines) == ["收到申请三十五件，均已答复。"]


def test_numbered_lines_begin_a_paragraph_whatever_stands_before() -> None:
    lines = [
        line("主要做法如下，包括", 100),
        line("（一）主动公开", 120),
        line("1.完善制度", 140),
        line("35件申请", 160),
    ]
    assert joined(lines) == ["主要做法如下，包括", "（一）主动公开", "1.完善制度35件申请"]


def test_numbers_and_words_at_a_line_break_are_not_glued() -> None:
    lines = [line("共收到 12", 100), line("34 件申请", 120)]
    assert joined(lines) == ["共收到 12 34 件申请"]


def test_without_boxes_the_longest_line_tells_which_are_full() -> None:
    texts = ["本机关认真贯彻落实条例，不断", "完善制度", "收到申请"]
    assert joined([TextLine(t, 1) for t in texts]) == ["本机关认真贯彻落实条例，不断完善制度", "收到申请"]


def test_without_a_layout_every_line_is_a_paragraph() -> None:
    assert join_lines([TextLine("一", 1), TextLine(" ", 1), TextLine(" 二 ", 1)], None) == "一\n二"
