"""From the text of a value cell to kind, value and the reasons that ask for a person.

The value is what we say is printed, as a plain decimal string; nothing is corrected. Where the print leaves room
(a unit of another size, a remark, a space between digits) the number as printed is kept and a suggestion is given
beside it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal

from models.form import Unit
from models.report import Kind
from models.text import fold
from models.value_text import NOT_APPLICABLE, is_blank

_COUNT_UNITS = frozenset({"件", "个", "条", "项", "次", "笔", "份", "宗", "起", "人"})
# Factor of a printed money unit, in yuan.
_MONEY_UNITS = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_BARE_FACTORS = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_FIRST_RADICAL, _LAST_RADICAL = "\u2e80", "\u2fdf"
_MINUS = str.maketrans(dict.fromkeys("−﹣－‐‑–—", "-"))
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?|-?\.\d+")
_GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_WITH_UNIT = re.compile(r"(-?[\d,]*\.?\d+)(\D+)")
_CHANGE = re.compile(r"(净?增加?|净?减少?)(-?\d+(?:\.\d+)?)(\D{0,2})")
_NOTE = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)(?:\D{0,2})[(\[【](.+)[)\]】]")
_TRAILING_MARK = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)([?*#]+)")


@dataclass(frozen=True, slots=True)
class ParsedValue:
    """``value`` is a decimal string, the mark of a not-applicable cell, or None.

    ``reasons`` non-empty: a person decides.
    """

    kind: Kind
    value: str | None
    reasons: frozenset[str] = field(default=frozenset())
    suggested: str | None = None


def parse_value(printed: str, unit: Unit, *, signed: bool = False) -> ParsedValue:
    """Kind, value and doubts of one cell.

    Args:
        printed: The characters of the cell, line breaks included.
        unit: Unit of the column.
        signed: True where the column may hold negative changes.
    """
    if printed.isascii() and printed.isdigit():
        return _number(printed)
    if is_blank(printed):
        return ParsedValue("blank", None)
    mark = printed.strip()
    if mark.lower() in NOT_APPLICABLE or fold(mark).strip().lower() in NOT_APPLICABLE:
        # The numeral one is often typed for a dash; only a person can tell.
        # Fonts encode 无 and 一 as radicals; other marks keep their width and their length.
        mark = "".join(fold(c) if _FIRST_RADICAL <= c <= _LAST_RADICAL else c for c in mark)
        return ParsedValue("not_applicable", mark, frozenset({"ambiguous_mark"} if mark == "一" else ()))
    reasons: set[str] = set()
    if any(_is_odd_digit(c) for c in printed):
        reasons.add("odd_digits")
    text = fold(printed).translate(_MINUS).strip()
    if "\n" in text:
        reasons.add("several_lines")
    flat = "".join(str(unicodedata.decimal(c, c)) for c in re.sub(r"\s+", "", text))
    if re.search(r"\d\s+[\d.,]", text) or re.search(r"[.,]\s+\d", text):
        reasons.add("inner_space")
    parsed = _parse_flat(flat, unit, signed=signed)
    return ParsedValue(parsed.kind, parsed.value, parsed.reasons | reasons, parsed.suggested)


def _number(number: str) -> ParsedValue:
    has_leading_zero = re.match(r"-?0\d", number) is not None
    return ParsedValue("number", number, frozenset({"leading_zero"} if has_leading_zero else ()))


def _parse_flat(flat: str, unit: Unit, *, signed: bool) -> ParsedValue:
    number = _plain_number(flat)
    if number is not None:
        return _number(number)
    match = _TRAILING_MARK.fullmatch(flat)
    if match and (number := _plain_number(match[1])) is not None:
        return ParsedValue("number", number, frozenset({"trailing_mark"}))
    match = _CHANGE.fullmatch(flat)
    if match:
        factor = -1 if "减" in match[1] else 1
        suggested = _plain(Decimal(match[2]) * factor)
        reason = "change_in_words" if signed else "trailing_note"
        return ParsedValue("number", match[2], frozenset({reason}), suggested)
    match = _NOTE.fullmatch(flat)
    if match and (number := _plain_number(match[1])) is not None:
        return ParsedValue("number", number, frozenset({"trailing_note"}), number)
    match = _WITH_UNIT.fullmatch(flat)
    if match and (number := _plain_number(match[1])) is not None:
        return _with_unit(number, match[2], unit)
    return ParsedValue("text", None, frozenset({"not_a_number"}))


def _with_unit(number: str, printed_unit: str, unit: Unit) -> ParsedValue:  # noqa: PLR0911 - one for each kind of unit
    if unit == "count":
        if printed_unit in _COUNT_UNITS:
            return ParsedValue("number", number)
        if printed_unit in _BARE_FACTORS:
            suggested = _plain(Decimal(number) * _BARE_FACTORS[printed_unit])
            return ParsedValue("number", number, frozenset({"unit_mismatch"}), suggested)
        return ParsedValue("number", number, frozenset({"trailing_text"}), number)
    if printed_unit in _MONEY_UNITS:
        if unit == "amount_as_printed" or printed_unit == "万元":
            return ParsedValue("number", number)
        suggested = _plain(Decimal(number) * _MONEY_UNITS[printed_unit] / _MONEY_UNITS["万元"])
        return ParsedValue("number", number, frozenset({"unit_mismatch"}), suggested)
    if printed_unit in _BARE_FACTORS and unit == "amount_as_printed":
        return ParsedValue(
            "number", number, frozenset({"unit_mismatch"}), _plain(Decimal(number) * _BARE_FACTORS[printed_unit])
        )
    if printed_unit == "万":
        return ParsedValue("number", number)
    return ParsedValue("number", number, frozenset({"trailing_text"}), number)


def _plain_number(text: str) -> str | None:
    """The number without thousands separators; None where the text is not exactly one number."""
    if _NUMBER.fullmatch(text):
        return text.replace("-.", "-0.") if text.startswith("-.") else f"0{text}" if text.startswith(".") else text
    if _GROUPED.fullmatch(text):
        return text.replace(",", "")
    return None


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_odd_digit(char: str) -> bool:
    """Superscript, circled and other digits that normalisation would turn into plain ones and glue to the number."""
    if char.isascii():
        return False
    folded = unicodedata.normalize("NFKC", char)
    plain = unicodedata.category(char) == "Nd" and folded.isascii()
    return not plain and any(c.isdigit() for c in folded)
