"""Rows of tables whose cells run together (``713000074``): what is printed behind each label, not yet split."""

from __future__ import annotations

from dataclasses import dataclass

from models.match import LabelScore, LeftoverRow


@dataclass(frozen=True, slots=True)
class GluedRow:
    """What is printed behind one row label.

    ``key`` is ``table.row``. ``texts`` are the extents that the piece may have, the likeliest first; an empty text:
    nothing is printed. ``reasons`` send all fields of the row to review.
    """

    key: str
    texts: tuple[str, ...]
    reasons: frozenset[str]
    label: LabelScore
    page_no: int


@dataclass(frozen=True)
class GluedTables:
    """All rows that were found, by ``table.row``; ids of the variants whose rows are printed; text nobody explains."""

    rows: dict[str, GluedRow]
    variants: tuple[str, ...]
    leftovers: tuple[LeftoverRow, ...] = ()
