"""Sentence -> the numbers it states, with units, and the clauses they stand in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from models.chinese_numbers import NUMERAL_CHARS, parse_chinese_number
from models.claim_words import claim_words
from models.figures import MAX_DIGITS, exact_product

QuantityKind = Literal["count", "amount", "percent", "other"]

_MULTIPLIERS = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_SEPARATOR = re.compile(r"[,，;；:：()]")
# A number without unit counts only as the end of a clause that announces it: 数量为0.
_ANNOUNCED = re.compile(r"(?:为|是|数量?|[:：])$")
_AMOUNT_UNIT = "万元"
_NO_STEP = Decimal(0)
# Characters before a number that may say what kind of number it is.
_WORDS_BEFORE = 40


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at ``start:stop`` of its sentence.

    ``step`` is the last place that a rounded number states (1.2万: 1000); 0 where the number is exact. Amounts are in
    units of 10,000 yuan. ``tables`` is True for units that the tables count in. ``vague``: 十余件, 约30件.
    """

    start: int
    stop: int
    number: Decimal
    step: Decimal
    unit: str
    kind: QuantityKind
    tables: bool
    vague: bool
    chinese: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """The part ``start:stop`` of a sentence between two separators, with its quantities."""

    start: int
    stop: int
    quantities: tuple[Quantity, ...]


def clauses(sentence: str) -> list[Clause]:
    """The clauses of a sentence in order, empty ones left out."""
    found = _quantities(sentence)
    inside = {i for q in found for i in range(q.start, q.stop)}
    cuts = [m.start() for m in _SEPARATOR.finditer(sentence) if m.start() not in inside]
    result: list[Clause] = []
    start = 0
    for cut in (*cuts, len(sentence)):
        if cut > start:
            result.append(Clause(start, cut, tuple(q for q in found if start <= q.start < cut)))
        start = cut + 1
    return result


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    units = claim_words().units
    names = sorted((*units.count, *units.amount, *units.percent), key=len, reverse=True)
    unit = "|".join(map(re.escape, names))
    return re.compile(
        rf"(?:(?<![0-9A-Za-z.])(?P<digits>[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])|[0-9]{{1,{MAX_DIGITS}}})"
        rf"(?P<places>\.[0-9]{{1,{MAX_DIGITS}}})?|(?P<chinese>[{NUMERAL_CHARS}]+))"
        rf"(?P<vague>{claim_words().vague_after.pattern})?(?P<times>[百千万亿]?)(?:余|多|几)?"
        rf"(?P<unit>(?:{unit})(?!工作日|月|性))?(?P<tail>(?:以上|左右|不等)?)"
    )


def _quantities(sentence: str) -> list[Quantity]:
    found = (_quantity(match, sentence) for match in _pattern().finditer(sentence))
    return [q for q in found if q is not None]


def _quantity(match: re.Match[str], sentence: str) -> Quantity | None:
    words = claim_words()
    before = sentence[max(0, match.start() - _WORDS_BEFORE) : match.start()]
    chinese, unit = match["chinese"], match["unit"] or ""
    if words.ordinal.search(before) or (not unit and not _stands_alone(match, sentence)):
        return None
    number, vague = _number(match)
    if number is None:
        return None
    factor = _MULTIPLIERS.get(match["times"], Decimal(1))
    kind = _kind(unit)
    if kind == "amount":
        factor *= Decimal(words.units.amount[unit])
    rounded = kind == "amount" or bool(match["times"])
    step = factor.scaleb(-len((match["places"] or ".")[1:])) if rounded else _NO_STEP
    stop = match.end("unit") if unit else match.end("times")
    return Quantity(
        start=match.start(),
        stop=stop,
        number=_plain(exact_product(number, factor)),
        step=step,
        unit=_AMOUNT_UNIT if kind == "amount" else unit,
        kind=kind,
        tables=kind == "amount" or not unit or unit in words.units.table,
        vague=vague
        or bool(match["tail"])
        or bool(words.vague_before.search(before))
        or (chinese is not None and bool(words.vague_numeral.search(before))),
        chinese=chinese is not None,
    )


def _number(match: re.Match[str]) -> tuple[Decimal | None, bool]:
    vague = match["vague"] is not None or match.group()[match.end("times") - match.start() :].startswith(
        ("余", "多", "几")
    )
    if match["chinese"] is None:
        return Decimal(match["digits"].replace(",", "") + (match["places"] or "")), vague
    number = parse_chinese_number(match["chinese"])
    return (None if number is None else Decimal(number)), vague


def _kind(unit: str) -> QuantityKind:
    units = claim_words().units
    if unit in units.amount:
        return "amount"
    if unit in units.percent:
        return "percent"
    return "count" if not unit or unit in units.count else "other"


def _stands_alone(match: re.Match[str], sentence: str) -> bool:
    """True where the number without unit fills the end of its clause behind words that announce a number."""
    after = sentence[match.end() : match.end() + 1]
    return (not after or _SEPARATOR.match(after) is not None) and _ANNOUNCED.search(
        sentence[: match.start()]
    ) is not None


def _plain(number: Decimal) -> Decimal:
    """The number without an exponent or idle places behind the point: 1.20E+4 is 12000."""
    text = format(number, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
