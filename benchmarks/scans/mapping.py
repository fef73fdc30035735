"""Whether a report's numbers were taken from the right rows and columns: by where on the scan they were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.scans.geometry import Transform
from benchmarks.scans.paper import POINTS_PER_INCH
from benchmarks.scans.true_cells import TrueCell
from models.report import FieldValue

_TOLERANCE = 3.0  # points that the place of a reading may lie outside of the true cell
_CENTRE = 0.5  # pixels from the edge of a pixel to its centre


@dataclass(frozen=True, slots=True)
class MappingScore:
    """Official rows and columns of a report whose numbers were all looked for in the right place, and all of them."""

    rows: int = 0
    rows_right: int = 0
    columns: int = 0
    columns_right: int = 0
    wrong: tuple[str, ...] = ()

    def __add__(self, other: MappingScore) -> MappingScore:
        return MappingScore(
            self.rows + other.rows,
            self.rows_right + other.rows_right,
            self.columns + other.columns,
            self.columns_right + other.columns_right,
            self.wrong + other.wrong,
        )


def score_mapping(
    fields: Mapping[str, FieldValue], cells: Mapping[str, TrueCell], ways: Mapping[int, Transform], dpi: float
) -> MappingScore:
    """The score of one report.

    Args:
        fields: What was read, with its evidence in points of the scanned page.
        cells: Where the numbers stand on the undamaged pages.
        ways: 1-based page number -> way of the page onto its scan.
        dpi: Resolution of page images and scans.
    """
    rows: dict[str, bool] = {}
    columns: dict[str, bool] = {}
    for field, cell in cells.items():
        row, _, column = field.rpartition(".")
        place = _place(fields.get(field), cell.page_no, ways, dpi)
        in_row = place is not None and cell.bbox.top - _TOLERANCE <= place[1] <= cell.bbox.bottom + _TOLERANCE
        in_column = place is not None and cell.bbox.x0 - _TOLERANCE <= place[0] <= cell.bbox.x1 + _TOLERANCE
        key = f"{field.partition('.')[0]}.*.{column}"
        rows[row] = rows.get(row, True) and in_row
        columns[key] = columns.get(key, True) and in_column
    wrong = tuple(name for kind in (rows, columns) for name, right in kind.items() if not right)
    return MappingScore(len(rows), sum(rows.values()), len(columns), sum(columns.values()), wrong)


def _place(
    field: FieldValue | None, page_no: int, ways: Mapping[int, Transform], dpi: float
) -> tuple[float, float] | None:
    """(x, y) in points of the undamaged page where the number was read; None where it was not read on that page."""
    for evidence in field.evidence if field is not None else ():
        if evidence.bbox is None or evidence.page_no != page_no or page_no not in ways:
            continue
        x0, top, x1, bottom = evidence.bbox
        scanned = np.array([[(x0 + x1) / 2, (top + bottom) / 2]]) * dpi / POINTS_PER_INCH - _CENTRE
        x, y = (ways[page_no].undo(scanned)[0] + _CENTRE) * POINTS_PER_INCH / dpi
        return float(x), float(y)
    return None
