"""One workbook for many reports: the long sheets, a summary, and a sheet a report that looks like the form."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from models.report import Report
from pipeline.export.atomic import QuietFile, output_errors
from pipeline.export.form_view import form_view, report_form
from pipeline.export.result_file import ResultFile
from pipeline.export.summary import ReportSummary
from pipeline.export.xlsx_book import ReportBook, begin_book, close_book
from pipeline.export.xlsx_claims_sheet import ClaimsTable
from pipeline.export.xlsx_form_sheet import write_form_sheet
from pipeline.export.xlsx_long_sheets import FieldsTable, FindingsTable
from pipeline.export.xlsx_raw_sheet import write_raw_sheet
from pipeline.export.xlsx_repairs_sheet import RepairsTable
from pipeline.export.xlsx_summary_sheet import SUMMARY_SHEET, SummaryLine, write_summary_sheet

MAX_REPORT_SHEETS = 200
"""Reports with a sheet of their own in one workbook; spreadsheet programs become slow beyond, and memory would grow."""


@dataclass(frozen=True, slots=True)
class _Open:
    """What exists while the ``with`` block runs."""

    file: QuietFile
    book: ReportBook
    findings: FindingsTable
    claims: ClaimsTable
    repairs: RepairsTable
    fields: FieldsTable


class XlsxWriter(ResultFile):
    """Writes reports into one workbook as they arrive; the file appears when the ``with`` block ends without an error.

    Holds no report: the long sheets are streamed to disk, of each report only its summary and, up to
    ``MAX_REPORT_SHEETS``, the cells of its own sheet stay in memory.
    """

    def __init__(self, path: Path, *, max_report_sheets: int = MAX_REPORT_SHEETS) -> None:
        super().__init__(path)
        self._max_report_sheets = max_report_sheets
        self._open: _Open | None = None
        self._lines: list[SummaryLine] = []
        self._sheets = 0
        self._left_out = 0

    def _begin(self, stack: ExitStack) -> None:
        book, file = begin_book(self._path, stack)
        self._summary = book.add_sheet(SUMMARY_SHEET)
        self._open = _Open(file, book, FindingsTable(book), ClaimsTable(book), RepairsTable(book), FieldsTable(book))

    def _finish(self) -> None:
        opened, self._open = self._open, None
        if opened is None:
            return
        write_summary_sheet(opened.book, self._summary, self._lines, self._left_out)
        opened.findings.finish()
        opened.claims.finish()
        opened.repairs.finish()
        opened.fields.finish()
        close_book(opened.book, opened.file, self._path)

    def add(self, report: Report) -> None:
        """Nothing; the report then has its rows in the long sheets and, while there is room, its own sheet.

        Raises:
            OutputError: a temporary file could not be written.
            RuntimeError: called outside the ``with`` block.
        """
        if self._open is None:
            raise RuntimeError("XlsxWriter.add() outside its with block")
        with output_errors(self._path):
            self._open.findings.add(report)
            self._open.claims.add(report)
            self._open.repairs.add(report)
            self._open.fields.add(report)
            sheet_name = self._add_report_sheet(self._open.book, report)
        self._lines.append(SummaryLine(ReportSummary.from_report(report), sheet_name))

    def _add_report_sheet(self, book: ReportBook, report: Report) -> str | None:
        form = report_form(report)
        if form is None and not report.tables and report.form != "legacy":
            return None
        if self._sheets >= self._max_report_sheets:
            self._left_out += 1
            return None
        self._sheets += 1
        known = report.agency is not None and report.year is not None
        sheet = book.add_sheet(f"{report.year} {report.agency}" if known else report.source.name)
        if form is None:
            write_raw_sheet(book, sheet, report, SUMMARY_SHEET)
        else:
            write_form_sheet(book, sheet, report, form, form_view(report), SUMMARY_SHEET)
        name: str = sheet.get_name()
        return name


def write_xlsx(reports: Iterable[Report], path: Path) -> None:
    """Nothing; ``path`` then is a workbook of all reports.

    Raises:
        OutputError: the file could not be written.
    """
    with XlsxWriter(path) as writer:
        for report in reports:
            writer.add(report)
