"""Values of cells: whatever is printed, a value is a plain number or a mark, and says so again when read again."""

from __future__ import annotations

import re
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from models.form import Unit
from models.value_text import NOT_APPLICABLE, looks_like_value
from pipeline.decide.parse_value import parse_value

PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# ASCII signs and their full-width forms differ by this.
FULL_WIDTH_SHIFT = 0xFEE0

units: st.SearchStrategy[Unit] = st.sampled_from(("count", "amount_10k_yuan", "amount_as_printed"))
integers = st.integers(-(10**18), 10**18)
decimals = st.decimals(min_value=-(10**9), max_value=10**9, places=6)
# The characters of which value cells consist, and some that get in by mistake.
cell_texts = st.text(
    st.sampled_from("0123456789012345678９０１.,，．-－−—/ \n\u00a0\u200b（）()?？万亿千元件个笔增减加少其中一无%*²①Oo")
)
any_texts = st.one_of(cell_texts, st.text(max_size=12))

quick = settings(max_examples=60, deadline=None, derandomize=True)


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + FULL_WIDTH_SHIFT) if "!" <= c <= "~" else c for c in text)


@quick
@given(integers, units)
def test_an_integer_comes_back_whatever_its_grouping_and_width(number: int, unit: Unit) -> None:
    for printed in (str(number), f"{number:,}", full_width(str(number)), full_width(f"{number:,}"), f" {number}\n"):
        parsed = parse_value(printed, unit)
        assert (parsed.kind, parsed.value, parsed.reasons) == ("number", str(number), frozenset())


@quick
@given(decimals, units)
def test_a_decimal_comes_back_digit_by_digit(number: Decimal, unit: Unit) -> None:
    text = f"{number:f}"
    for printed in (text, f"{number:,f}", full_width(text)):
        parsed = parse_value(printed, unit)
        assert (parsed.kind, parsed.value) == ("number", text)
        assert not parsed.reasons


@quick
@given(integers, st.sampled_from(("万元", "千元", "元", "亿元")))
def test_a_money_unit_never_changes_the_printed_number(number: int, unit: str) -> None:
    parsed = parse_value(f"{number}{unit}", "amount_10k_yuan")
    assert (parsed.kind, parsed.value) == ("number", str(number))
    assert (parsed.suggested is None) == (unit == "万元")
    if parsed.suggested is not None:
        factor = {"千元": Decimal(10), "元": Decimal(10_000), "亿元": Decimal(1) / 10_000}[unit]
        assert Decimal(parsed.suggested) * factor == number
        assert parsed.reasons == {"unit_mismatch"}


@quick
@given(any_texts, units, st.booleans())
def test_a_value_read_again_is_itself(text: str, unit: Unit, signed: bool) -> None:
    parsed = parse_value(text, unit, signed=signed)
    if parsed.value is not None:
        again = parse_value(parsed.value, unit, signed=signed)
        assert (again.kind, again.value) == (parsed.kind, parsed.value)
        assert parsed.reasons or not again.reasons


@quick
@given(any_texts, units)
def test_the_width_of_signs_makes_no_difference(text: str, unit: Unit) -> None:
    narrow, wide = parse_value(text, unit), parse_value(full_width(text), unit)
    assert (narrow.kind, narrow.suggested) == (wide.kind, wide.suggested)
    if narrow.kind == "number":
        assert narrow.value == wide.value


@quick
@given(any_texts, units)
def test_a_number_has_the_digits_of_the_print_in_their_order(text: str, unit: Unit) -> None:
    parsed = parse_value(text, unit)
    if parsed.kind == "number" and not parsed.reasons:
        assert parsed.value is not None
        printed = "".join(str(int(c)) for c in text if c.isdecimal())
        assert parsed.value.replace(".", "").replace("-", "") in {printed, f"0{printed}"}


@quick
@given(any_texts, units, st.booleans())
def test_kind_value_and_doubts_fit_together(text: str, unit: Unit, signed: bool) -> None:
    parsed = parse_value(text, unit, signed=signed)
    if parsed.kind == "number":
        assert parsed.value is not None
        assert PLAIN.fullmatch(parsed.value)
    elif parsed.kind == "not_applicable":
        # A mark keeps its characters.
        assert parsed.value == text.strip()
    elif parsed.kind == "blank":
        assert (parsed.value, parsed.reasons) == (None, frozenset())
    else:
        assert parsed.kind == "text"
        assert parsed.value is None
        assert parsed.reasons
    if parsed.suggested is not None:
        assert PLAIN.fullmatch(parsed.suggested)
        assert parsed.reasons


@quick
@given(st.one_of(integers.map(str), st.sampled_from(sorted(NOT_APPLICABLE))))
def test_what_parses_without_doubt_is_a_value_cell_for_the_table_readers(text: str) -> None:
    assert looks_like_value(text)
    assert looks_like_value(full_width(text))


@quick
@given(st.integers(0, 10**9), st.sampled_from(("", "-")))
def test_a_number_may_begin_with_its_point_but_a_point_alone_is_none(number: int, sign: str) -> None:
    """Dirt before a number is read as a point; the row would be lost with it."""
    assert looks_like_value(f"{sign}.{number}")
    assert not looks_like_value(f"{sign}.")
