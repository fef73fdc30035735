from __future__ import annotations

from collections.abc import Sequence

from models.page import Char, Ruling, horizontal_ruling
from pipeline.tables.flow_lines import FlowLine
from pipeline.tables.row_labels import deal_labels, label_pieces
from tests.unit.tables.drawn import set_text, sheet

RIGHT = 300.0
SECRET, LAW = "1.属于国家秘密", "2.其他法律行政法规禁止公开"


def lines(
    *rows: Sequence[Sequence[Char]], rulings: Sequence[Ruling] = (), pages: Sequence[int] | None = None
) -> list[FlowLine]:
    numbers = pages or [1] * len(rows)
    sheets = {n: sheet(rulings=rulings, page_no=n) for n in numbers}
    return [FlowLine(sheets[n], tuple(c for g in row for c in g)) for row, n in zip(rows, numbers, strict=True)]


def row(top: float, label: str = "", value: str = "", label_x: float = 150.0) -> list[list[Char]]:
    return [set_text(label, label_x, top), set_text(value, 320, top)]


def deal(block: Sequence[FlowLine]) -> tuple[list[str | None], list[str]]:
    anchors = [line for line in block if line.values]
    labels, blank = deal_labels(anchors, label_pieces(block, RIGHT), block)
    return [chain.text if chain else None for chain in labels], [chain.text for chain in blank]


def test_a_label_on_the_line_of_its_values() -> None:
    assert deal(lines(row(100, SECRET, "3"), row(115, "4.保护第三方合法权益", "5"))) == (
        [SECRET, "4.保护第三方合法权益"],
        [],
    )


def test_a_label_wrapped_around_its_values() -> None:
    block = lines(
        row(100, SECRET, "3"),
        row(115, "2.其他法律行政"),
        row(121, "", "5"),
        row(127, "法规禁止公开"),
        row(142, "4.保护第三方合法权益", "7"),
    )
    assert deal(block) == ([SECRET, LAW, "4.保护第三方合法权益"], [])


def test_strokes_beside_a_label_are_no_label() -> None:
    label, value = row(115, "4.保护第三方合法权益", "5")
    scribbled = [label, set_text("v", 270, 115), value]
    assert deal(lines(row(100, SECRET, "3"), scribbled)) == ([SECRET, "4.保护第三方合法权益"], [])


def test_a_label_that_begins_with_a_bracket_begins_further_in() -> None:
    block = lines(
        row(100, SECRET, "3"),
        row(115, "（二）部分公开（区分处理的，只计这", label_x=120),
        row(121, "", "5"),
        row(127, "一情形，不计其他情形）", label_x=114),
    )
    assert deal(block) == ([SECRET, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"], [])


def test_a_label_of_which_a_character_is_lost_begins_where_the_others_do() -> None:
    broken = [set_text("3.危及三安全", 150, 115), set_text("稳定", 225, 115), set_text("5", 320, 115)]
    assert deal(lines(row(100, SECRET, "3"), broken)) == ([SECRET, "3.危及三安全稳定"], [])


def test_the_label_of_a_merged_cell_beside_is_not_joined() -> None:
    beside = [set_text("（三）不予公开", 70, 115), set_text("4.保护第三方合法权益", 150, 115), set_text("5", 320, 115)]
    assert deal(lines(row(100, SECRET, "3"), beside)) == ([SECRET, "4.保护第三方合法权益"], [])


def test_the_label_of_a_merged_cell_that_nearly_touches_a_wrapped_label_is_cut_off_at_its_edge() -> None:
    wrapped = ("2.申请人逾期未按收费通知要求缴纳", "费用、行政机关不再处理其政府信息", "公开申请")
    first, middle, last = (set_text(text, 150, top) for text, top in zip(wrapped, (100, 112, 124), strict=True))
    parent, values = set_text("（六）其他处理", 75, 112), set_text("1  2  0", 320, 112)
    block = lines([first], [parent, middle, values], [last])
    assert deal(block) == (["".join(wrapped)], [])


def test_a_label_whose_numbering_is_lost_begins_further_in() -> None:
    block = lines(
        row(100, SECRET, "3"),
        row(115, "申请人逾期未按收费通知要求缴纳费", label_x=163),
        row(121, "", "5"),
        row(127, "用、行政机关不再处理其政府信息公开申请", label_x=150),
    )
    assert deal(block)[0] == [SECRET, "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"]


def test_labels_wrapped_below_their_values() -> None:
    block = lines(
        row(100, "2.其他法律行政", "5"),
        row(112, "法规禁止公开"),
        row(127, "1.本机关不掌握相", "7"),
        row(139, "关政府信息"),
    )
    assert deal(block) == ([LAW, "1.本机关不掌握相关政府信息"], [])


def test_labels_wrapped_above_their_values() -> None:
    block = lines(
        row(100, "2.其他法律行政"),
        row(112, "法规禁止公开", "5"),
        row(127, "1.本机关不掌握相"),
        row(139, "关政府信息", "7"),
    )
    assert deal(block) == ([LAW, "1.本机关不掌握相关政府信息"], [])


def test_parents_that_stand_beside_and_between_are_no_labels() -> None:
    beside = lines(
        [*row(100, SECRET, "3"), set_text("（三）不", 90, 100)],
        [*row(115, "4.保护第三方合法权益", "5"), set_text("予公开", 90, 115)],
    )
    beside = [FlowLine(line.page, tuple(sorted(line.chars, key=lambda c: c.x0))) for line in beside]
    assert deal(beside)[0] == [SECRET, "4.保护第三方合法权益"]
    between = lines(
        row(100, SECRET, "3"), row(107.5, "（三）不予公开", label_x=70), row(115, "4.保护第三方合法权益", "5")
    )
    assert deal(between) == ([SECRET, "4.保护第三方合法权益"], [])


def test_a_parent_that_touches_the_label_is_cut_off_before_the_number() -> None:
    (line,) = lines([set_text("（三）不予公开", 90, 100), set_text(SECRET, 160, 100), set_text("3", 320, 100)])
    assert [p.word.text for p in label_pieces([line], RIGHT)] == [SECRET]


def test_only_the_piece_nearest_to_the_values_counts() -> None:
    (line,) = lines([set_text("不予公开", 90, 100), set_text(SECRET, 160, 100), set_text("3", 320, 100)])
    assert [p.word.text for p in label_pieces([line], RIGHT)] == [SECRET]


def test_a_label_without_values_is_a_blank_row() -> None:
    block = lines(row(100, SECRET, "3"), row(115, "2.重复申请"), row(130, "4.保护第三方合法权益", "5"))
    assert deal(block) == ([SECRET, "4.保护第三方合法权益"], ["2.重复申请"])


def test_a_parent_without_values_is_no_blank_row() -> None:
    block = lines(row(100, "（三）不予公开"), row(130, SECRET, "3"))
    assert deal(block) == ([SECRET], [])


def test_a_ruling_between_two_pieces_parts_them() -> None:
    rows = (row(100, "2.重复"), row(112, "申请", "5"))
    assert deal(lines(*rows))[0] == ["2.重复申请"]
    assert deal(lines(*rows, rulings=[horizontal_ruling(111, 80, 400)]))[0] == ["申请"]


def test_pieces_of_two_pages_are_not_chained() -> None:
    block = lines(row(780, "2.重复", "5"), row(90, "申请"), pages=[1, 2])
    assert deal(block)[0] == ["2.重复"]


def test_values_without_any_label_get_none() -> None:
    assert deal(lines(row(100, "", "3"), row(115, "", "5"))) == ([None, None], [])


def test_a_label_is_dealt_once() -> None:
    block = lines(row(100, SECRET, "3"), row(112, "", "5"))
    assert deal(block)[0] == [SECRET, None]


def test_a_label_with_a_gap_behind_a_mark_is_one_label() -> None:
    begins, goes_on, ends = "(二)部分公开(区分处理的,", "只计这一情形,", "不计其他情形)"
    first = set_text(begins, 90, 100)
    gap = first[-1].x1 + 13
    block = lines(
        [first, set_text(goes_on, gap, 100)],
        row(106, "", "5"),
        row(112, ends, label_x=90.0),
    )
    assert deal(block) == ([begins + goes_on + ends], [])


def test_a_line_that_begins_with_a_mark_goes_on_although_it_is_indented() -> None:
    block = lines(
        row(100, SECRET, "3"),
        row(115, "1.申请人无正当理由逾期不补正"),
        [*row(127, "、行政机关不再处理其政府信息", "5", label_x=159.0)],
        row(139, "公开申请"),
    )
    assert deal(block) == ([SECRET, "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"], [])


def test_a_parent_on_the_line_of_the_values_does_not_take_the_place_of_a_longer_label() -> None:
    block = lines(
        row(100, "2.申请人逾期未按收费通知要求缴纳费"),
        row(107, "（六）其他处理", "4", label_x=90),
        row(111, "用、行政机关不再处理其政府信息公开"),
        row(121, "申请"),
        row(136, "3.其他", "9"),
    )
    fee = "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
    assert deal(block) == ([fee, "3.其他"], [])


def test_the_first_line_of_a_parent_is_no_blank_row() -> None:
    block = lines(
        row(100, "（六）其他", label_x=90),
        row(106, "1.属于国家秘密", "3"),
        row(112, "处理", label_x=90 + 14),
        row(121, "3.其他", "9"),
    )
    assert deal(block) == (["1.属于国家秘密", "3.其他"], [])


def test_a_label_whose_number_was_lost_begins_with_its_point() -> None:
    block = lines(
        row(100, SECRET, "3"),
        row(115, "·没有现成信息需要另行制", label_x=156),
        row(125, "作", "5"),
        row(140, "3.补正后申请内容仍不明确", "7"),
    )
    assert deal(block) == ([SECRET, "·没有现成信息需要另行制作", "3.补正后申请内容仍不明确"], [])
