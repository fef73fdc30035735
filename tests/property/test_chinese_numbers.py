"""Numerals as people write them are read as the numbers they are; what is no numeral is refused."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.chinese_numbers import NUMERAL_CHARS, parse_chinese_number

DIGITS = "零一二三四五六七八九"


def written(number: int) -> str:
    """The numeral of a number below 10^12, with 零 where places are passed over, and 十 without 一 at its head."""
    if number == 0:
        return "零"
    groups = [(number // 10**8, "亿"), (number // 10**4 % 10**4, "万"), (number % 10**4, "")]
    text, before = "", False
    gap = False
    for value, sign in groups:
        if not value:
            gap = before
            continue
        if before and (gap or value < 1000):
            text += "零"
        text, before, gap = text + below_myriad(value) + sign, True, False
    return text.removeprefix("一") if text.startswith("一十") else text


def below_myriad(number: int) -> str:
    text, gap = "", False
    for place, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + sign
        gap = not digit
    return text


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_a_written_number_is_read_back(number: int) -> None:
    assert parse_chinese_number(written(number)) == number


@given(st.integers(min_value=100, max_value=10**9))
def test_digits_in_a_row_are_read_as_they_stand(number: int) -> None:
    assert parse_chinese_number("".join(DIGITS[int(d)] for d in str(number))) == number


@given(st.text(alphabet=NUMERAL_CHARS + "余个", max_size=12))
def test_what_is_read_is_written_the_same_way(text: str) -> None:
    number = parse_chinese_number(text)
    if number is not None and not set(text) <= set(DIGITS + "〇"):
        plain = text.replace("〇", "零").replace("两", "二")
        assert written(number) == (plain.removeprefix("一") if plain.startswith("一十") else plain)
