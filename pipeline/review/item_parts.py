"""The parts that an item shows: plain objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.finding import Finding, Message

CellState = Literal["accepted", "person", "review", "broken", "suspect", "absent"]
CandidateSource = Literal["reading", "suggested", "sums", "first_reading"]


@dataclass(frozen=True, slots=True)
class FieldNames:
    """A field in words: row and column labels of the form, and one short name of both."""

    field: str
    name: Message
    row: Message
    column: Message
    table: str
    row_key: str
    unit: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands: ``bbox`` is [x0, top, x1, bottom] in points of the page as stored; None without geometry."""

    page_no: int
    bbox: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the cell may say instead. ``confidence`` 0..1 among the readings; None where no reading says so."""

    text: str
    source: CandidateSource
    confidence: float | None


@dataclass(frozen=True, slots=True)
class SumTerm:
    """A number in a sum; ``text`` is empty for a blank. ``is_here``: the item is about it."""

    field: str
    name: Message
    text: str
    state: CellState
    is_here: bool


@dataclass(frozen=True, slots=True)
class SumView:
    """A sum over the item. ``holds`` is None where it cannot be told. Sides are decimal strings.

    ``with_candidates``: for each candidate of the item whether the sum holds with it.
    """

    rule: str
    name: Message
    left: tuple[SumTerm, ...]
    right: tuple[SumTerm, ...]
    left_sum: str | None
    right_sum: str | None
    difference: str | None
    holds: bool | None
    with_candidates: tuple[bool | None, ...] = ()


@dataclass(frozen=True, slots=True)
class RowCandidate:
    """A row of the form that a printed row may be: ``key`` is ``table.row``; ``score`` 0..1 is similarity of labels."""

    key: str
    name: Message
    score: float


@dataclass(frozen=True, slots=True)
class RowView:
    """A printed row in doubt: its label as printed, where it was put, what else it may be, the rows around it."""

    printed: str
    key: str | None
    name: Message | None
    score: float | None
    margin: float | None
    values: tuple[str, ...]
    candidates: tuple[RowCandidate, ...]
    neighbours: tuple[tuple[Message, str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ColumnCandidate:
    """A column that a printed column may be: ``key`` is ``table.column``.

    ``score`` 0..1: of the sums over the two columns, those that hold once they have changed places; None without sums.
    """

    key: str
    name: Message
    score: float | None


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column in doubt: where it was put, what else it may be, itself and those beside it with their numbers."""

    key: str
    name: Message
    candidates: tuple[ColumnCandidate, ...]
    neighbours: tuple[tuple[str, Message, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with its key, and the places of all its fields."""

    key: str
    finding: Finding
    names: tuple[FieldNames, ...]
    places: tuple[tuple[str, Place | None], ...]
