"""Dates and years as Chinese documents print them, Chinese numerals included."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

# Years a report can be about or be published in; the regulation on disclosure is in force since 2008.
FIRST_YEAR = 2008
LAST_YEAR = 2099

_DIGITS = {**dict.fromkeys("〇零○OoО", 0), **{c: i for i, c in enumerate("一二三四五六七八九", start=1)}}
_ZERO_TO_NINE = "[0-9〇零○OoО一二三四五六七八九]"
# A year with its "年" or as four Arabic digits that are no part of a longer number.
YEAR = rf"(?:(?<![0-9])20[0-9]{{2}}(?![0-9])|(?<![0-9])二{_ZERO_TO_NINE}{{3}})"
_SMALL = "[0-9一二三四五六七八九十]{1,3}"
_DATE = re.compile(rf"({YEAR})(?:年({_SMALL})月({_SMALL})[日号]|([-/.])([0-9]{{1,2}})\4([0-9]{{1,2}})(?![0-9]{{3}}))")


def compact(text: str) -> str:
    """The text without white space and without width variants: what the patterns here and around are written for."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def parse_year(text: str) -> int | None:
    """The year written as four digits, Arabic or Chinese (二〇二三); None where it is none or out of range."""
    if len(text) != 4:  # noqa: PLR2004 - a year has four digits
        return None
    digits = [int(c) if c.isascii() and c.isdigit() else _DIGITS.get(c) for c in text]
    if any(d is None for d in digits):
        return None
    year = int("".join(str(d) for d in digits))
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def first_date(text: str) -> str | None:
    """The first valid date in the (compact) text as YYYY-MM-DD; None where there is none."""
    for match in _DATE.finditer(text):
        year = parse_year(match.group(1))
        month, day = match.group(2) or match.group(5), match.group(3) or match.group(6)
        month_no, day_no = _small_number(month), _small_number(day)
        if year is None or month_no is None or day_no is None:
            continue
        try:
            return dt.date(year, month_no, day_no).isoformat()
        except ValueError:
            continue
    return None


def is_date_only(text: str) -> bool:
    """True where the (compact) text is one date and nothing else."""
    return _DATE.fullmatch(text) is not None


def _small_number(text: str) -> int | None:
    """1 to 39, Arabic or Chinese (二十九); None where it is neither."""
    if text.isascii() and text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text)
    first = _DIGITS.get(tens) if tens else 1
    last = _DIGITS.get(ones) if ones else 0
    return None if first is None or last is None else first * 10 + last
