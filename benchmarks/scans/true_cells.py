"""Where the cell of each number stands on a born-digital report: what its text layer and rulings say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.scoring import same_value
from models.geometry import BBox
from pipeline.config import load_settings
from pipeline.stages import read_report

_LEAST_GAP = 1.0  # points between the boxes of two numbers in a row that have no ruling between them
_MOST_GROWN = 12.0  # points to the left and to the right
_GROWN_DOWN = 2.0  # points upwards and downwards


@dataclass(frozen=True, slots=True)
class TrueCell:
    """A cell on an undamaged page: 1-based page number, box in points with origin top left, characters printed."""

    page_no: int
    bbox: BBox
    printed: str

    def on_page(self, page_no: int) -> TrueCell:
        """The same cell where its page has another number."""
        return replace(self, page_no=page_no)


def find_cells(born_digital: Path, truth: Mapping[str, Any]) -> dict[str, TrueCell]:
    """Field id -> cell, for the fields that the born-digital reader reads as printed; others are left out.

    Raises:
        InputError: the file cannot be read.
    """
    report = read_report(born_digital, load_settings())
    cells: dict[str, TrueCell] = {}
    for field, printed in truth["fields"].items():
        read = report.fields.get(field)
        if printed is None or read is None or not read.evidence or not same_value(read.value, printed):
            continue
        evidence = read.evidence[0]
        if evidence.page_no is not None and evidence.bbox is not None:
            cells[field] = TrueCell(evidence.page_no, BBox(*evidence.bbox), printed)
    return _grow_all(cells)


def _grow_all(cells: Mapping[str, TrueCell]) -> dict[str, TrueCell]:
    """The cells; in a report without vertical rulings, where only the box of a text is known, grown to neighbours."""
    rows: dict[tuple[str, int], list[BBox]] = {}
    for field, cell in cells.items():
        rows.setdefault((field.rpartition(".")[0], cell.page_no), []).append(cell.bbox)
    gaps = [b.x0 - a.x1 for row in rows.values() for a, b in pairwise(sorted(row, key=lambda box: box.x0))]
    if not gaps or median(gaps) < _LEAST_GAP:
        return dict(cells)
    return {
        field: replace(cell, bbox=_grow(cell.bbox, rows[field.rpartition(".")[0], cell.page_no]))
        for field, cell in cells.items()
    }


def _grow(box: BBox, row: Sequence[BBox]) -> BBox:
    """The box grown halfway to its neighbours in the row; to a side without any, the most."""
    before = min((box.x0 - other.x1 for other in row if other.x1 <= box.x0), default=_MOST_GROWN * 2) / 2
    after = min((other.x0 - box.x1 for other in row if other.x0 >= box.x1), default=_MOST_GROWN * 2) / 2
    return BBox(
        box.x0 - min(before, _MOST_GROWN),
        box.top - _GROWN_DOWN,
        box.x1 + min(after, _MOST_GROWN),
        box.bottom + _GROWN_DOWN,
    )
