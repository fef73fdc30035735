"""A roll-up as a workbook: differences, units, remarks. Numbers are numbers, no text is ever a formula."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from models.rollup import Rollup
from pipeline.export import rollup_rows as rows
from pipeline.export import xlsx_looks as looks
from pipeline.export.xlsx_book import Look, ReportBook, RowLook, StreamedTable, whole_book

DIFFERENCES_SHEET, UNITS_SHEET, REMARKS_SHEET = "差异 Differences", "单位 Units", "说明 Remarks"
_ROW: Look = {**looks.BORDER, **looks.WRAP, **looks.TOP, "border_color": "#BFBFBF"}


def write_rollup_xlsx(rollup: Rollup, path: Path) -> None:
    """Nothing; ``path`` then is a workbook of the roll-up.

    Raises:
        OutputError: the file could not be written.
    """
    with whole_book(path) as book:
        _write(book, DIFFERENCES_SHEET, rows.DIFFERENCE_COLUMNS, rows.difference_rows(rollup), {1, 5, 6, 7})
        _write(book, UNITS_SHEET, rows.UNIT_COLUMNS, rows.unit_rows(rollup), {1, 6})
        _write(book, REMARKS_SHEET, rows.REMARK_COLUMNS, rows.remark_rows(rollup), {1})


def _write(
    book: ReportBook,
    name: str,
    columns: tuple[tuple[str, float], ...],
    cells: Iterable[tuple[str, ...]],
    numeric: set[int],
) -> None:
    table = StreamedTable(book, name, columns)
    look = RowLook(_ROW, {}, frozenset(numeric))
    for row in cells:
        table.add(row, look)
    table.finish()
