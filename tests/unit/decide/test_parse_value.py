"""Every way in which a value cell is seen filled in has a defined kind, value and decision."""

from __future__ import annotations

import pytest

from models.form import Unit
from models.report import Kind
from pipeline.decide.parse_value import ParsedValue, parse_value

Case = tuple[str, Unit, Kind, str | None]
Doubt = tuple[str, Unit, Kind, str | None, str, str | None]

NUMBERS: tuple[Case, ...] = (
    # printed, unit, kind, value
    ("0", "count", "number", "0"),
    (" 12 ", "count", "number", "12"),
    ("12\n", "count", "number", "12"),
    ("12345678901234567890", "count", "number", "12345678901234567890"),
    ("4166.241619", "amount_10k_yuan", "number", "4166.241619"),
    ("0.00", "amount_10k_yuan", "number", "0.00"),
    (".5", "amount_10k_yuan", "number", "0.5"),
    ("-.5", "amount_10k_yuan", "number", "-0.5"),
)
FULL_WIDTH: tuple[Case, ...] = (
    ("１２３", "count", "number", "123"),
    ("１２．５", "amount_10k_yuan", "number", "12.5"),
    ("１，２３４", "count", "number", "1234"),
    ("𝟏𝟐", "count", "number", "12"),
)
GROUPED: tuple[Case, ...] = (
    ("1,234", "count", "number", "1234"),
    ("1，234", "count", "number", "1234"),
    ("12,345,678", "count", "number", "12345678"),
    ("1,234.50", "amount_10k_yuan", "number", "1234.50"),
    ("-1,234", "count", "number", "-1234"),
)
NEGATIVE: tuple[Case, ...] = (
    ("-71", "count", "number", "-71"),
    ("－71", "count", "number", "-71"),
    ("−71", "count", "number", "-71"),
    ("–71", "count", "number", "-71"),
    ("- 71", "count", "number", "-71"),
)
OWN_UNIT: tuple[Case, ...] = (
    ("3件", "count", "number", "3"),
    ("3 件", "count", "number", "3"),
    ("2笔", "count", "number", "2"),
    ("1,234件", "count", "number", "1234"),
    ("15.2万元", "amount_10k_yuan", "number", "15.2"),
    ("15.2万", "amount_10k_yuan", "number", "15.2"),
    ("832995元", "amount_as_printed", "number", "832995"),
    ("83.3万元", "amount_as_printed", "number", "83.3"),
)
INVISIBLE: tuple[Case, ...] = (
    ("\xa0 12\u3000", "count", "number", "12"),
    ("\u00ad12", "count", "number", "12"),
    ("1\u200b2", "count", "number", "12"),
)
BLANK: tuple[Case, ...] = tuple((t, "count", "blank", None) for t in ("", " ", " \xa0\u3000\n", "\u200b", "\ufeff\t"))
MARKS: tuple[Case, ...] = (
    *((t, "count", "not_applicable", t) for t in ("/", "-", "--", "—", "——", "–", "无", "\\", "N/A", "／", "－")),
    (" /\n", "count", "not_applicable", "/"),
)

DOUBTFUL: tuple[Doubt, ...] = (
    # printed, unit, kind, value, one of the reasons, suggested
    ("152790元", "amount_10k_yuan", "number", "152790", "unit_mismatch", "15.279"),
    ("152,790元", "amount_10k_yuan", "number", "152790", "unit_mismatch", "15.279"),
    ("30元", "amount_10k_yuan", "number", "30", "unit_mismatch", "0.003"),
    ("3千元", "amount_10k_yuan", "number", "3", "unit_mismatch", "0.3"),
    ("0.3亿元", "amount_10k_yuan", "number", "0.3", "unit_mismatch", "3000"),
    ("3万", "count", "number", "3", "unit_mismatch", "30000"),
    ("3万", "amount_as_printed", "number", "3", "unit_mismatch", "30000"),
    ("3元", "count", "number", "3", "trailing_text", "3"),
    ("3件", "amount_10k_yuan", "number", "3", "trailing_text", "3"),
    ("30%", "count", "number", "30", "trailing_text", "30"),
    ("5a", "count", "number", "5", "trailing_text", "5"),
    ("12.", "count", "number", "12", "trailing_text", "12"),
    ("71-", "count", "number", "71", "trailing_text", "71"),
    ("22（其中修订16件）", "count", "number", "22", "trailing_note", "22"),
    ("22件(其中修订16件)", "count", "number", "22", "trailing_note", "22"),
    ("22\n（其中修订16件）", "count", "number", "22", "trailing_note", "22"),
    ("12[1]", "count", "number", "12", "trailing_note", "12"),
    ("增加5", "count", "number", "5", "trailing_note", "5"),
    ("减少5", "count", "number", "5", "trailing_note", "-5"),
    ("5?", "count", "number", "5", "trailing_mark", None),
    ("5？", "count", "number", "5", "trailing_mark", None),
    ("5*", "count", "number", "5", "trailing_mark", None),
    ("1 234", "count", "number", "1234", "inner_space", None),
    ("1\xa0234", "count", "number", "1234", "inner_space", None),
    ("1. 5", "amount_10k_yuan", "number", "1.5", "inner_space", None),
    ("3\n5", "count", "number", "35", "several_lines", None),
    ("12¹", "count", "number", "121", "odd_digits", None),
    ("①", "count", "number", "1", "odd_digits", None),
    ("007", "count", "number", "007", "leading_zero", None),
    ("0,123", "count", "number", "0123", "leading_zero", None),
    ("一", "count", "not_applicable", "一", "ambiguous_mark", None),
)
WORDS: tuple[str, ...] = (
    *("1,23", "1234,567", "1.2.3", "--71", "+5", "（71）", "1e3", "NaN", "..", "½", "Ⅻ"),
    *("本单位未制作规章", "约三十", "约3", "零", "〇", "O", "l", "无。", "- -", "见附件"),
)


@pytest.mark.parametrize(
    "case", [*NUMBERS, *FULL_WIDTH, *GROUPED, *NEGATIVE, *OWN_UNIT, *INVISIBLE, *BLANK, *MARKS], ids=repr
)
def test_clean_cells_raise_no_doubt(case: Case) -> None:
    printed, unit, kind, value = case
    assert parse_value(printed, unit) == ParsedValue(kind, value)


@pytest.mark.parametrize("case", DOUBTFUL, ids=repr)
def test_doubtful_cells_name_their_reason(case: Doubt) -> None:
    printed, unit, kind, value, reason, suggested = case
    parsed = parse_value(printed, unit)
    assert (parsed.kind, parsed.value, parsed.suggested) == (kind, value, suggested)
    assert reason in parsed.reasons


@pytest.mark.parametrize("printed", WORDS)
def test_what_is_no_number_has_no_value(printed: str) -> None:
    parsed = parse_value(printed, "count")
    assert (parsed.kind, parsed.value) == ("text", None)
    assert "not_a_number" in parsed.reasons


@pytest.mark.parametrize(
    ("printed", "value", "suggested"),
    [("减少5", "5", "-5"), ("减5", "5", "-5"), ("增加5", "5", "5"), ("净增5项", "5", "5"), ("净减 5", "5", "-5")],
)
def test_a_change_in_words_keeps_the_printed_number_and_suggests_the_signed_one(
    printed: str, value: str, suggested: str
) -> None:
    parsed = parse_value(printed, "count", signed=True)
    assert parsed == ParsedValue("number", value, frozenset({"change_in_words"}), suggested)


def test_doubts_of_the_print_and_of_the_wording_add_up() -> None:
    parsed = parse_value("0 5\n（其中³）", "count")
    assert parsed.value == "05"
    assert parsed.reasons == {"inner_space", "several_lines", "odd_digits", "trailing_note"}


@pytest.mark.parametrize("printed", ["١٢", "1٢", "१२"])
def test_digits_of_other_scripts_are_doubted_and_written_plainly(printed: str) -> None:
    parsed = parse_value(printed, "count")
    assert parsed.value == "12"
    assert parsed.reasons == {"odd_digits"}
