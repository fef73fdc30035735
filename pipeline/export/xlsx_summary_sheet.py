"""The first sheet of the workbook: one row a report, with links to the sheets of the reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from models.reasons import reasons_text
from pipeline.export import xlsx_looks as looks
from pipeline.export.summary import ReportSummary
from pipeline.export.text import one_line
from pipeline.export.words import FORM, STATUS, WAIVED
from pipeline.export.xlsx_book import HEADING_LOOK, Look, ReportBook, Value, write_value
from pipeline.export.xlsx_pen import LINE_HEIGHT, MAX_HEIGHT, line_count

SUMMARY_SHEET = "汇总 Summary"
_ROW_PADDING = 4.0  # points
_TITLE = "政府信息公开工作年度报告汇总 Summary of annual reports"
_STATUS_COLUMN = 4
_FIGURES = range(5, 14)  # columns that hold figures only
_COLUMNS: tuple[tuple[str, float], ...] = (
    ("文件 Source", 36),
    ("机关 Agency", 26),
    ("年度 Year", 7),
    ("格式 Form", 14),
    ("状态 Status", 14),
    ("字段 Fields", 8),
    ("采用 Accepted", 9),
    ("复核 To review", 10),
    ("空白 Blank", 8),
    ("缺失 Absent", 8),
    ("错误 Errors", 8),
    ("警告 Warnings", 9),
    ("豁免 Waived", 8),
    ("表外行 Rows outside", 9),
    ("原因 Reasons", 22),
    ("失败 Failures", 40),
    ("报告页 Sheet", 26),
)
_STATUS_LOOKS: dict[str, Look] = {
    "ok": {},
    "needs_review": looks.REVIEW,
    "partial": looks.REVIEW,
    "failed": looks.BROKEN,
}


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One row of the sheet; ``sheet_name`` is None where the report has no sheet of its own."""

    summary: ReportSummary
    sheet_name: str | None


def write_summary_sheet(book: ReportBook, sheet: Worksheet, lines: Sequence[SummaryLine], left_out: int) -> None:
    """Nothing; the sheet then lists all reports.

    Args:
        book: The workbook.
        sheet: Its first sheet, empty, kept in memory.
        lines: One a report, in the order of arrival.
        left_out: Number of reports that got no sheet of their own because the workbook has enough of them.
    """
    for col, (_, width) in enumerate(_COLUMNS):
        sheet.set_column(col, col, width)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, _TITLE, book.look({**looks.TITLE, "align": "left"}))
    sheet.set_row(0, 26)
    sheet.write_string(1, 0, _totals_text(lines), book.look())
    top = 2
    if left_out:
        sheet.write_string(top, 0, _left_out_text(left_out), book.look(looks.FAILURE, {"text_wrap": False}))
        top += 1
    top += 1
    for col, (heading, _) in enumerate(_COLUMNS):
        sheet.write_string(top, col, heading, book.look(HEADING_LOOK))
    sheet.set_row(top, 2 * LINE_HEIGHT + _ROW_PADDING)
    sheet.repeat_rows(top)
    sheet.freeze_panes(top + 1, 1)
    for number, line in enumerate(lines, start=1):
        _write_line(book, sheet, top + number, line)
    sheet.autofilter(top, 0, top + max(len(lines), 1), len(_COLUMNS) - 1)


def _write_line(book: ReportBook, sheet: Worksheet, row: int, line: SummaryLine) -> None:
    summary = line.summary
    cells: tuple[Value, ...] = (
        summary.source,
        summary.agency,
        summary.year,
        FORM[summary.form],
        STATUS[summary.status],
        summary.fields,
        summary.accepted,
        summary.review,
        summary.blank,
        summary.absent,
        summary.errors,
        summary.warnings,
        summary.waived,
        summary.unmapped_rows,
        reasons_text(summary.status_reasons, "\n"),
        "\n".join(summary.failures),
        line.sheet_name,
    )
    plain = book.look(looks.BORDER, looks.WRAP)
    figure = book.look(looks.BORDER, looks.CENTER)
    status = book.look(looks.BORDER, looks.CENTER, looks.WRAP, _STATUS_LOOKS[summary.status])
    link = book.look(looks.BORDER, looks.WRAP, looks.LINK)
    for col, value in enumerate(cells):
        look = status if col == _STATUS_COLUMN else figure if col in _FIGURES or isinstance(value, int) else plain
        write_value(sheet, row, col, value, look)
    lines = max(
        line_count(str(value), width) for value, (_, width) in zip(cells, _COLUMNS, strict=True) if value is not None
    )
    sheet.set_row(row, min(lines * LINE_HEIGHT + _ROW_PADDING, MAX_HEIGHT))
    if line.sheet_name is not None:
        target = f"internal:'{line.sheet_name}'!A1"
        # What a link shows is written as it is: a control character would make the workbook unreadable.
        sheet.write_url(row, 0, target, link, string=one_line(summary.source))
        sheet.write_url(row, len(cells) - 1, target, link, string=line.sheet_name)


def _totals_text(lines: Sequence[SummaryLine]) -> str:
    reports = [line.summary for line in lines]
    waiting = sum(r.status != "ok" for r in reports)
    review, errors = sum(r.review for r in reports), sum(r.errors for r in reports)
    waived = sum(r.waived for r in reports)
    return (
        f"报告 reports: {len(reports)} · 未通过 not ok: {waiting}"
        f" · 待复核数字 numbers to review: {review} · 错误 errors: {errors} · {WAIVED}: {waived}"
    )


def _left_out_text(left_out: int) -> str:
    return (
        f"工作表已满：{left_out} 份报告没有各自的工作表，只在“问题”和“字段”两表中。"
        f"Enough sheets: {left_out} reports have no sheet of their own and are in the sheets Findings and Fields only."
    )
