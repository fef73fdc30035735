"""A detected table: cells with half-open row and column spans."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from models.geometry import BBox
from models.reading import CellPicture, Reading


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid. Spans are half-open: rows ``row_start <= r < row_stop``, columns likewise.

    ``text`` is as printed, lines separated by line feeds. ``bbox`` in points on page ``page_no`` (1-based); None
    where the file has no geometry (HTML, DOCX, text). ``flags`` are reason codes that make the reading doubtful, e.g.
    ``superscript``, ``straddles_ruling``, ``readers_differ``. ``readings`` tell what each OCR engine read; none where
    the text comes from the file itself; ``picture`` is kept of scanned cells that may hold a number.
    """

    row_start: int
    row_stop: int
    col_start: int
    col_stop: int
    text: str
    page_no: int = 1
    bbox: BBox | None = None
    flags: frozenset[str] = frozenset()
    readings: tuple[Reading, ...] = ()
    picture: CellPicture | None = None


@dataclass(frozen=True)
class Grid:
    """A table as found. ``reader`` names who found it: pdfplumber, camelot, words, scan, lxml, python-docx, text.

    ``page_breaks`` are row indices at which a new page begins (a joined table); ``caption`` is the nearest text above.
    """

    n_rows: int
    n_cols: int
    cells: tuple[Cell, ...]
    reader: str
    page_no: int = 1
    bbox: BBox | None = None
    page_breaks: tuple[int, ...] = ()
    caption: str = ""
    col_edges: tuple[float, ...] = field(default=(), repr=False)

    @cached_property
    def slots(self) -> dict[tuple[int, int], Cell]:
        """(row, column) -> the cell covering that slot; slots no cell covers are missing."""
        return {
            (r, c): cell
            for cell in self.cells
            for r in range(cell.row_start, cell.row_stop)
            for c in range(cell.col_start, cell.col_stop)
        }

    def at(self, row: int, col: int) -> Cell | None:
        """The cell covering a slot, or None where the slot is not part of the table."""
        return self.slots.get((row, col))

    def row_cells(self, row: int) -> list[Cell]:
        """The cells touching a row from left to right, each once, spans over several rows included."""
        seen: list[Cell] = []
        for col in range(self.n_cols):
            cell = self.slots.get((row, col))
            if cell is not None and (not seen or seen[-1] is not cell):
                seen.append(cell)
        return seen

    def texts(self) -> list[list[str]]:
        """Rows of cell texts; a spanned text stands at its first slot only."""
        rows = [["" for _ in range(self.n_cols)] for _ in range(self.n_rows)]
        for cell in self.cells:
            rows[cell.row_start][cell.col_start] = cell.text
        return rows
