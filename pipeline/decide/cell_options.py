"""What a scanned cell may say: every number that a reading proposes, with its cost in nats.

The costs of one cell are differences of log scores, so the cheapest option costs nothing. Readings of one cell are no
independent witnesses: they share the page, often the crop. Their log scores are therefore averaged and weighed like
those of fewer readings.

Source: log-linear pooling of expert opinions, Genest and Zidek 1986.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from models.figures import to_decimal
from models.form import FormField, Unit
from models.match import PrintedField
from models.reading import Candidate, Reading
from models.report import Kind
from models.value_text import without_points
from pipeline.decide.parse_value import ParsedValue, parse_value

# A text that a reading does not propose counts as this probable to it.
_UNSEEN = 1e-4
_LOG_UNSEEN = math.log(_UNSEEN)
# A score of models that are surer than they are right is taken to this power.
_TEMPERATURE = 0.7
# Two readings count as two; each further one, of other crops of the same ink, as this part of one.
_FURTHER_READING = 0.35
# Letters that a broken or blurred digit looks like, and how much of their score the digit has: 0..1.
_LOOK_ALIKE, _LETTER_SHARE = str.maketrans("CcDOoQIilBZz", "000000111822"), 0.8
# A sign where the form has none is dirt in so many cases of all: 0..1.
_DIRT_SHARE = 0.7
# Counts with fractions and numbers that begin with a zero are hardly ever printed; a broken 4 looks like ``.1``. 0..1.
_ODD_SHARE = 0.05
_LEADING_ZERO, _FRACTION = re.compile(r"0\d"), re.compile(r"\d+\.\d+")
# Options that cost more can be left out: no sums outweigh it. Nats.
_DEAREST = 24.0
# A value that nobody proposes is one of many: this much is added to the cost of "something else". Nats.
_ONE_OF_MANY = 3.0


class Option(NamedTuple):
    """One thing that a cell may say.

    ``cost`` is in nats above the cheapest option of the cell. ``number`` is what it adds to a sum: nothing where it is
    no number, infinity where it has too many digits for any sum.
    """

    kind: Kind
    value: str | None
    printed: str
    cost: float
    number: Decimal


def to_option(parsed: ParsedValue, printed: str, cost: float) -> Option:
    """What a text says, as an option."""
    number = to_decimal(parsed.value) if parsed.kind == "number" else Decimal(0)
    return Option(parsed.kind, parsed.value, printed, cost, Decimal("Infinity") if number is None else number)


def parse_cell(printed: str, unit: Unit, *, signed: bool) -> ParsedValue:
    """The same as ``parse_value``; the texts of a report are few."""
    return _said(printed, unit, signed)[0]


@lru_cache(maxsize=4096)
def _said(printed: str, unit: Unit, signed: bool) -> tuple[ParsedValue, Option]:  # noqa: FBT001 - keys by place are fast
    """What a text says, and the same as an option that costs nothing."""
    parsed = parse_value(printed, unit, signed=signed)
    return parsed, to_option(parsed, printed, 0.0)


class CellOptions(NamedTuple):
    """What one cell may say, the cheapest first; none where nothing was read.

    ``other`` is the cost of one certain value that no reading proposes, or of words instead of a number, in nats.
    """

    field_id: str
    options: tuple[Option, ...]
    other: float

    @property
    def best(self) -> Option | None:
        """The option that the readings prefer."""
        return self.options[0] if self.options else None

    @property
    def doubt(self) -> float:
        """Cost of the second option in nats; infinite where there is none."""
        return self.options[1].cost if len(self.options) > 1 else math.inf

    @property
    def rival(self) -> float:
        """Cost of the cheapest other value, read or not, in nats; 0 where nothing was read."""
        return min(self.doubt, self.other)


def digits_of(text: str) -> str:
    """A reading with letters that look like digits as these digits, where nothing but digits is left; else as it is."""
    digits = text.translate(_LOOK_ALIKE)
    return digits if digits.isdecimal() else text


def cell_to_options(field: FormField, cell: PrintedField) -> CellOptions:
    """The options of a scanned cell, from all its readings."""
    unit, signed = field.column.unit, field.column.signed
    pooled, unseen = _pooled([_scores(r, unit, signed=signed) for r in cell.readings])
    options, words = _meanings(pooled, unit, signed=signed)
    if not options:
        return CellOptions(field.id, (), 0.0)
    own = pooled[options[0].printed]
    return CellOptions(field.id, options, min(max(own - unseen, 0.0) + _ONE_OF_MANY, max(own - words, 0.0)))


def _meanings(pooled: dict[str, float], unit: Unit, *, signed: bool) -> tuple[tuple[Option, ...], float]:
    """(options, log score of the likeliest words). Texts that say the same are one option, printed like the likeliest.

    The score is minus infinity where no text is words.
    """
    least = words = -math.inf
    found: dict[tuple[Kind, str | None], Option] = {}
    for text in sorted(pooled, key=pooled.__getitem__, reverse=True):
        score, option = pooled[text], _said(text, unit, signed)[1]
        if option.kind == "text":
            words = max(words, score)
        elif not found:
            least = score
            found[option.kind, option.value] = option
        elif least - score <= _DEAREST and (option.kind, option.value) not in found:
            found[option.kind, option.value] = Option(option.kind, option.value, text, least - score, option.number)
    return tuple(found.values()), words


def _pooled(scores: Sequence[Mapping[str, float]]) -> tuple[dict[str, float], float]:
    """(text -> log score of all readings together, for every text that one proposes; that of any other text)."""
    weight = _weight(len(scores))
    nothing = weight * len(scores) * _LOG_UNSEEN
    unseen = 0.0
    pooled: dict[str, float] = {}
    for seen in scores:
        for text, score in seen.items():
            before = pooled.get(text, nothing)
            pooled[text] = before + weight * (math.log(score) - _LOG_UNSEEN) if score > _UNSEEN else before
        rest = 1 - sum(seen.values())
        unseen += weight * math.log(rest) if rest > _UNSEEN else weight * _LOG_UNSEEN
    return pooled, unseen


def _weight(count: int) -> float:
    """The weight of each of so many readings."""
    counted = min(count, 2) + _FURTHER_READING * max(count - 2, 0)
    return _TEMPERATURE * counted / max(count, 1)


def _scores(reading: Reading, unit: Unit, *, signed: bool) -> dict[str, float]:
    """Text -> score 0..1 of one reading. Specks read as points at the ends of a number are left out of the text.

    A point before an amount may be printed: both texts are as probable then. A dash before a number of a column without
    signs is dirt, or what is left of a ruling, rather than a mistake of the report.
    """
    found: dict[str, float] = {}
    proposed: tuple[Reading | Candidate, ...] = (reading, *reading.alternatives)
    for seen in proposed:
        for meant, share in _meant(seen.text, unit, signed):
            found[meant] = min(found.get(meant, 0.0) + seen.score * share, 1.0)
    return found


@lru_cache(maxsize=4096)
def _meant(text: str, unit: Unit, signed: bool) -> tuple[tuple[str, float], ...]:  # noqa: FBT001 - keys by place are fast
    """What a text may mean, each with its share of the score."""
    digits = digits_of(text)
    if digits != text:
        return ((digits, _LETTER_SHARE),)
    bare = without_points(text)
    if not signed and bare.startswith("-") and bare[1:].isdecimal():
        return ((bare[1:], _DIRT_SHARE), (bare, 1 - _DIRT_SHARE))
    if unit != "count" and bare != text and text.startswith("."):
        return ((bare, 0.5), (f".{bare}", 0.5))
    is_odd = _LEADING_ZERO.match(bare) or (unit == "count" and _FRACTION.fullmatch(bare))
    return ((bare, _ODD_SHARE if is_odd else 1.0),)
