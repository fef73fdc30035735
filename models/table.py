"""Printed tables: what a grid or a run of text lines says, before it is matched to a form."""

from __future__ import annotations

from dataclasses import dataclass

from models.geometry import BBox
from models.reading import SCAN_READER, CellPicture, Reading


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """One value cell. ``column`` indexes the section's columns; None where no column could be told.

    ``flags`` are reason codes that send the value to review whatever it is; ``readings`` come from OCR engines,
    ``picture`` from the scan.
    """

    text: str
    column: int | None
    page_no: int = 1
    bbox: BBox | None = None
    flags: frozenset[str] = frozenset()
    readings: tuple[Reading, ...] = ()
    picture: CellPicture | None = None


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One data row: labels from outermost parent to leaf, values from left to right.

    ``splits`` is True where this row begins a page, so it may be the second half of the row before it.
    """

    labels: tuple[str, ...]
    values: tuple[PrintedValue, ...]
    page_no: int = 1
    begins_page: bool = False


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """One value column: header texts from top to bottom, without repeats."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """A header with the data rows under it.

    ``header_in_reading_order`` is True for text without geometry: ``columns`` then has one entry a header word,
    parents and leaves mixed in reading order, and a value's ``column`` is its ordinal in the row.
    """

    title: str
    columns: tuple[PrintedColumn, ...]
    rows: tuple[PrintedRow, ...]
    reader: str
    page_no: int = 1
    header_in_reading_order: bool = False

    @property
    def is_scanned(self) -> bool:
        """True where its words may be garbled: they come from an image."""
        return self.reader == SCAN_READER or any(v.readings for row in self.rows for v in row.values)
