"""The sheet of a report that is on no known form: its tables as they were found."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from models.report import RawTable, Report
from pipeline.export import xlsx_looks as looks
from pipeline.export.xlsx_book import ReportBook, exact_number, number_format
from pipeline.export.xlsx_form_sheet import write_heading, write_unmapped_rows
from pipeline.export.xlsx_pen import Area, Pen

_MIN_COLUMNS, _MAX_COLUMNS = 8, 40  # columns that the heading lines cover
_COLUMN_WIDTH = 16.0  # characters
_NOTE = (
    "本报告不是 2019 年或 2021 年全国统一格式，数字未对应到字段；下面是原文的表格和文字。\n"
    "This report is on neither national form, so no number was mapped to a field; its tables and text follow."
)
_PIECE = 800  # characters of a section in one cell: what a row of the greatest height can show


def write_raw_sheet(book: ReportBook, sheet: Worksheet, report: Report, back_to: str) -> None:
    """Nothing; the sheet then holds the tables and the text of the report, and says why nothing was mapped.

    Args:
        book: The workbook.
        sheet: An empty sheet of it that is kept in memory.
        report: The report.
        back_to: Name of the sheet that the first line leads back to.
    """
    widest = max((len(row) for table in report.tables for row in table.rows), default=0)
    columns = min(max(widest, _MIN_COLUMNS), _MAX_COLUMNS)
    pen = Pen(book, sheet, columns, _COLUMN_WIDTH)
    sheet.set_column(columns, max(columns, widest), _COLUMN_WIDTH)
    sheet.set_landscape()
    pen.link_to(max(columns, widest), back_to)
    write_heading(pen, report)
    pen.line(_NOTE, looks.WRAP, looks.WARNING)
    for number, table in enumerate(report.tables, start=1):
        pen.row += 1
        place = f"第{table.page_no}页 p.{table.page_no} {table.reader}"
        pen.line(f"表 table {number} · {place}", looks.SECTION)
        _write_rows(pen, table)
    write_unmapped_rows(pen, report)
    for name, text in report.sections.items():
        pen.row += 1
        pen.line(f"文字 text · {name}", looks.SECTION)
        for paragraph in text.splitlines():
            for start in range(0, len(paragraph), _PIECE):
                pen.line(paragraph[start : start + _PIECE], looks.WRAP)
    sheet.print_area(0, 0, max(pen.row - 1, 0), max(columns, widest) - 1)


def _write_rows(pen: Pen, table: RawTable) -> None:
    for row in table.rows:
        for col, text in enumerate(row):
            area = Area(pen.row, pen.row + 1, col, col + 1)
            number = exact_number(text)
            if number is None:
                pen.put(area, text, looks.BORDER, looks.WRAP)
            else:
                pen.put_number(area, number, looks.BORDER, looks.CENTER, {"num_format": number_format(text)})
        pen.end_row([(text, 1) for text in row])
