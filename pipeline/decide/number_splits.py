"""All ways to cut a run of glued digits into numbers: ``713000074`` into seven is ``71 3 0 0 0 0 74``, and others.

A number above zero begins with no zero, a blank or a sign ends a number, and a mark for "not applicable" is a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from models.form import FormColumn, Unit
from models.value_text import UNITS

# More steps than this are not taken over one text: it stays undivided.
MOST_STEPS = 400_000
_UNIT = "|".join(u for u in UNITS if u != "%")
_COUNT = r"0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+"
_AMOUNT = r"(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?"
_MARK = r"/|\\|无|—|——|–|―|-|--"
_CHUNK = re.compile(r"\S+")

Way = tuple[str, ...]


class TooManySplitsError(Exception):
    """A text with more splits than can be gone through."""


@dataclass(frozen=True, slots=True)
class ColumnKind:
    """What a cell of a column may hold."""

    unit: Unit
    signed: bool

    @staticmethod
    def of(column: FormColumn) -> ColumnKind:
        """The kind of a form column."""
        return ColumnKind(column.unit, column.signed)


@lru_cache(maxsize=8)
def _cell_pattern(kind: ColumnKind) -> re.Pattern[str]:
    number = _COUNT if kind.unit == "count" else _AMOUNT
    sign = r"-?" if kind.signed else ""
    return re.compile(rf"(?:{sign}(?:{number})(?:{_UNIT})?|{_MARK})")


@lru_cache(maxsize=65_536)
def is_cell(text: str, kind: ColumnKind) -> bool:
    """True where the text may be one cell of such a column."""
    return _cell_pattern(kind).fullmatch(text) is not None


@lru_cache(maxsize=65_536)
def figure(piece: str) -> Decimal:
    """What a cell counts for in a sum: a mark counts nothing."""
    digits = re.sub(r"[^\d.-]", "", piece)
    return Decimal(digits) if re.search(r"\d", digits) else Decimal(0)


def splits(text: str, kinds: Sequence[ColumnKind]) -> Iterator[Way]:
    """All ways to cut a text into one cell for each column; blanks in the text end a cell.

    Raises:
        TooManySplitsError: it takes more than ``MOST_STEPS`` to go through them.
    """
    return _Cutter(text, kinds).ways()


def splits_to_total(text: str, kinds: Sequence[ColumnKind]) -> list[Way]:
    """All ways to cut a text into cells of which the last is the sum of the others.

    Raises:
        TooManySplitsError: as ``splits``.
    """
    return list(_Cutter(text, kinds).ways_to_total())


def are_apart(text: str, n_columns: int) -> bool:
    """True where blanks part the text into one cell a column: nothing is glued."""
    return len(_CHUNK.findall(text)) == n_columns


class _Cutter:
    """One text on its way to be cut.

    ``_cells``: for a place and a kind of column where the cells that begin there may end, and what they count.
    """

    def __init__(self, text: str, kinds: Sequence[ColumnKind]) -> None:
        chunks = _CHUNK.findall(text)
        self._text = "".join(chunks)
        self._kinds = tuple(kinds)
        self._ends: list[int] = []
        for chunk in chunks:
            self._ends += [len(self._ends) + len(chunk)] * len(chunk)
        self._steps = 0
        self._cells: dict[tuple[int, ColumnKind], list[tuple[int, Decimal]]] = {}

    def ways(self) -> Iterator[Way]:
        """All ways to cut the text."""
        yield from self._cut(0, 0, len(self._text), len(self._kinds))

    def ways_to_total(self) -> Iterator[Way]:
        """From each total that may stand at the end, cuts of what is before it that add up to it."""
        length = len(self._text)
        for at in range(length - 1, -1, -1):
            totals = [value for stop, value in self._from(at, self._kinds[-1]) if stop == length]
            for total in totals:
                for way in self._cut_to(0, 0, at, total):
                    yield (*way, self._text[at:])

    def _from(self, at: int, kind: ColumnKind) -> list[tuple[int, Decimal]]:
        found = self._cells.get((at, kind))
        if found is None:
            stops = range(at + 1, self._ends[at] + 1)
            found = [(s, figure(self._text[at:s])) for s in stops if is_cell(self._text[at:s], kind)]
            self._cells[at, kind] = found
        return found

    def _step(self) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooManySplitsError

    def _cut(self, at: int, column: int, end: int, n_columns: int) -> Iterator[Way]:
        self._step()
        left = n_columns - column
        if left == 0 or at == end:
            if left == 0 and at == end:
                yield ()
            return
        for stop, _ in self._from(at, self._kinds[column]):
            if end - stop >= left - 1 and (left > 1 or stop == end):
                for rest in self._cut(stop, column + 1, end, n_columns):
                    yield (self._text[at:stop], *rest)

    def _cut_to(self, at: int, column: int, end: int, total: Decimal) -> Iterator[Way]:
        """Cuts into all columns but the last that add up to ``total``."""
        self._step()
        left = len(self._kinds) - 1 - column
        if left == 0 or at == end:
            if left == 0 and at == end and total == 0:
                yield ()
            return
        # Even the longest cell that can still come is too small, or a cell is too large already.
        if total >= Decimal(10) ** (end - at - left + 1) + 10 * left:
            return
        for stop, value in self._from(at, self._kinds[column]):
            if value > total or end - stop < left - 1:
                break
            if left > 1 or (stop == end and value == total):
                for rest in self._cut_to(stop, column + 1, end, total - value):
                    yield (self._text[at:stop], *rest)
