"""A pen that moves down a sheet of merged cells."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from pipeline.export import xlsx_looks as looks
from pipeline.export.text import text_width, xml_text
from pipeline.export.xlsx_book import Look, ReportBook

ROW_HEIGHT = 16.5  # points
LINE_HEIGHT = 13.5  # points, at 10 point type
MAX_HEIGHT = 400.0  # points; a spreadsheet refuses 410
_A4 = 9  # paper code of the file format


@dataclass(frozen=True, slots=True)
class Area:
    """Half-open ranges of rows and columns, 0-based."""

    row: int
    row_stop: int
    col: int
    col_stop: int


class Pen:
    """Writes merged cells, and lines over the whole width, from top to bottom. ``row`` is the next free row."""

    def __init__(self, book: ReportBook, sheet: Worksheet, columns: int, column_width: float) -> None:
        """A pen at the top of an empty sheet, set up for printing on A4, one page wide.

        Args:
            book: The workbook.
            sheet: A sheet that is kept in memory.
            columns: Number of equal columns that a line over the whole width covers.
            column_width: Their width in characters.
        """
        self.book = book
        self.sheet = sheet
        self.columns = columns
        self.column_width = column_width
        self.row = 0
        sheet.set_column(0, columns - 1, column_width)
        sheet.hide_gridlines(2)
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def put(self, area: Area, text: str, *parts: Look) -> None:
        """Nothing; the area is then one cell with this text."""
        look = self.book.look(*parts)
        self._merge(area, *parts)
        if text:
            self.sheet.write_string(area.row, area.col, xml_text(text), look)
        else:
            self.sheet.write_blank(area.row, area.col, None, look)

    def put_number(self, area: Area, number: float, *parts: Look) -> None:
        """Nothing; the area is then one cell with this number."""
        self._merge(area, *parts)
        self.sheet.write_number(area.row, area.col, number, self.book.look(*parts))

    def line(self, text: str, *parts: Look, height: float | None = None, scale: float = 1.0) -> None:
        """Nothing; the text then stands over the whole width, and the pen below it.

        Args:
            text: The text.
            *parts: Its look.
            height: Fixed height of the row in points; None for what the text needs.
            scale: Size of its type, 1.0 for 10 points.
        """
        self.put(Area(self.row, self.row + 1, 0, self.columns), text, *parts)
        needed = scale * LINE_HEIGHT * self._lines(text, self.columns / scale)
        self.end_row(height=height or min(max(ROW_HEIGHT, needed), MAX_HEIGHT))

    def end_row(
        self, texts: Iterable[tuple[str, int]] = (), *, height: float | None = None, least: float = ROW_HEIGHT
    ) -> None:
        """Nothing; the current row then has the height its texts need, and the pen is below it.

        Args:
            texts: Texts with the number of columns they may fill.
            height: Fixed height in points instead.
            least: Smallest height in points.
        """
        # Merged cells do not grow by themselves in any spreadsheet program.
        lines = max((self._lines(text, columns) for text, columns in texts), default=1)
        self.sheet.set_row(self.row, height or min(max(least, LINE_HEIGHT * lines), MAX_HEIGHT))
        self.row += 1

    def link_to(self, col: int, sheet_name: str) -> None:
        """Nothing; the cell of the current row then leads to another sheet."""
        self.sheet.write_url(
            self.row, col, f"internal:'{sheet_name}'!A1", self.book.look(looks.LINK), string=f"← {sheet_name}"
        )

    def _merge(self, area: Area, *parts: Look) -> None:
        if area.row_stop - area.row > 1 or area.col_stop - area.col > 1:
            self.sheet.merge_range(area.row, area.col, area.row_stop - 1, area.col_stop - 1, "", self.book.look(*parts))

    def _lines(self, text: str, columns: float) -> int:
        return line_count(text, columns * self.column_width)


def line_count(text: str, width: float) -> int:
    """Lines that the text takes when it is wrapped in a cell ``width`` characters of 10 point type wide."""
    return sum(max(1, math.ceil(text_width(one) / width)) for one in text.split("\n"))
