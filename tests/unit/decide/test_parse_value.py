"""Every way in which a value cell is seen filled in has a defined kind, value and decision."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.decide.parse_value import parse_value

ACCEPTED = [
    # printed, unit, kind, value
    ("0", "count", "number", "0"),
    (" 12 ", "count", "number", "12"),
    ("１２３", "count", "number", "123"),
    ("1,234", "count", "number", "1234"),
    ("1，234", "count", "number", "1234"),  # noqa: RUF001
    ("12,345,678", "count", "number", "12345678"),
    ("-71", "count", "number", "-71"),
    ("－71", "count", "number", "-71"),  # noqa: RUF001
    ("−71", "count", "number", "-71"),  # noqa: RUF001
    ("3件", "count", "number", "3"),
    ("2笔", "count", "number", "2"),
    ("4166.241619", "amount_10k_yuan", "number", "4166.241619"),
    ("15.2万元", "amount_10k_yuan", "number", "15.2"),
    ("832995元", "amount_as_printed", "number", "832995"),
    (".5", "amount_10k_yuan", "number", "0.5"),
    ("", "count", "blank", None),
    (" \xa0\u3000\n", "count", "blank", None),
    ("\u200b", "count", "blank", None),
    ("/", "count", "not_applicable", "/"),
    ("-", "count", "not_applicable", "-"),
    ("—", "count", "not_applicable", "—"),
    ("——", "count", "not_applicable", "——"),
    ("无", "count", "not_applicable", "无"),
]

REVIEWED = [
    # printed, unit, kind, value, reason, suggested
    ("152790元", "amount_10k_yuan", "number", "152790", "unit_mismatch", "15.279"),
    ("0.3亿元", "amount_10k_yuan", "number", "0.3", "unit_mismatch", "3000"),
    ("3万", "count", "number", "3", "unit_mismatch", "30000"),
    ("22（其中修订16件）", "count", "number", "22", "trailing_note", "22"),  # noqa: RUF001
    ("22件(其中修订16件)", "count", "number", "22", "trailing_note", "22"),
    ("12[1]", "count", "number", "12", "trailing_note", "12"),
    ("增加5", "count", "number", "5", "trailing_note", "5"),
    ("5?", "count", "number", "5", "trailing_mark", None),
    ("5？", "count", "number", "5", "trailing_mark", None),  # noqa: RUF001
    ("1 234", "count", "number", "1234", "inner_space", None),
    ("1\xa0234", "count", "number", "1234", "inner_space", None),
    ("3\n5", "count", "number", "35", "several_lines", None),
    ("12¹", "count", "number", "121", "odd_digits", None),
    ("①", "count", "number", "1", "odd_digits", None),
    ("007", "count", "number", "007", "leading_zero", None),
    ("1,23", "count", "text", None, "not_a_number", None),
    ("1.2.3", "count", "text", None, "not_a_number", None),
    ("本单位未制作规章", "count", "text", None, "not_a_number", None),
    ("约三十", "count", "text", None, "not_a_number", None),
    ("一", "count", "not_applicable", "一", "ambiguous_mark", None),
    ("5a", "count", "number", "5", "trailing_text", "5"),
]


@pytest.mark.parametrize(("printed", "unit", "kind", "value"), ACCEPTED)
def test_clean_cells_are_accepted(printed, unit, kind, value):
    parsed = parse_value(printed, unit)
    assert (parsed.kind, parsed.value, parsed.reasons) == (kind, value, frozenset())


@pytest.mark.parametrize(("printed", "unit", "kind", "value", "reason", "suggested"), REVIEWED)
def test_doubtful_cells_name_their_reason(printed, unit, kind, value, reason, suggested):
    parsed = parse_value(printed, unit)
    assert (parsed.kind, parsed.value, parsed.suggested) == (kind, value, suggested)
    assert reason in parsed.reasons


def test_a_change_in_words_keeps_the_printed_number_and_suggests_the_signed_one():
    parsed = parse_value("减少5", "count", signed=True)
    assert (parsed.value, parsed.suggested, parsed.reasons) == ("5", "-5", frozenset({"change_in_words"}))


@given(st.integers(-(10**9), 10**9))
def test_integers_come_back_whatever_the_grouping(number):
    assert parse_value(str(number), "count").value == str(number)
    assert parse_value(f"{number:,}", "count").value == str(number)


@given(st.text(max_size=12))
def test_nothing_is_accepted_that_is_not_exactly_a_number_a_mark_or_blank(text):
    parsed = parse_value(text, "count")
    if parsed.kind == "number" and not parsed.reasons:
        digits = [c for c in text if c.isdigit()]
        assert digits
        assert parsed.value is not None
        assert len([c for c in parsed.value if c.isdigit()]) == len(digits)
    assert parsed.kind != "text" or parsed.reasons
