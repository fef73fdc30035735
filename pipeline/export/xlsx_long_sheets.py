"""The two long sheets of the workbook: all findings and all fields, one row each."""

from __future__ import annotations

import math

from models.finding import Finding
from models.report import Report
from pipeline.export import xlsx_looks as looks
from pipeline.export.form_view import ordered_findings, report_form
from pipeline.export.long_rows import LIST_SEPARATOR, LongRow, report_to_long_rows
from pipeline.export.notes import bbox_text
from pipeline.export.text import text_width
from pipeline.export.words import DECISION, KIND, ORIGIN, SEVERITY, suspects_text
from pipeline.export.xlsx_book import Look, ReportBook, StreamedTable, Value

FINDINGS_SHEET = "问题 Findings"
FIELDS_SHEET = "字段 Fields"

_REPORT_COLUMNS: tuple[tuple[str, float], ...] = (
    ("文件 Source", 24),
    ("机关 Agency", 22),
    ("年度 Year", 7),
    ("格式 Form", 9),
)
FINDINGS_COLUMNS: tuple[tuple[str, float], ...] = (
    *_REPORT_COLUMNS,
    ("程度 Severity", 13),
    ("规则 Rule", 26),
    ("字段 Fields", 40),
    ("字段名称 Field labels", 40),
    ("左边 Left", 11),
    ("右边 Right", 11),
    ("差额 Difference", 11),
    ("说明", 60),
    ("Message", 60),
    ("来源 Origin", 20),
    ("可能的解释 Possible explanations", 50),
)
FIELDS_COLUMNS: tuple[tuple[str, float], ...] = (
    *_REPORT_COLUMNS,
    ("表 Table", 10),
    ("字段 Field id", 38),
    ("行 Row", 34),
    ("列 Column", 26),
    ("类别 Kind", 15),
    ("值 Value", 11),
    ("原文 Printed", 12),
    ("建议 Suggested", 11),
    ("决定 Decision", 13),
    ("置信度 Confidence", 11),
    ("原因 Reasons", 24),
    ("页 Page", 7),
    ("框 Box (x0,top,x1,bottom in points)", 20),
    ("识读 Reader", 14),
    ("识读文字 Text read", 14),
    ("其他读法 Alternatives", 18),
    ("原文行名 Printed label", 34),
    ("行名相似度 Label score", 11),
    ("规则 Rules of findings", 30),
)

_FINDING_NUMBERS = frozenset({2, 8, 9, 10})
_FIELD_NUMBERS = frozenset({2, 9, 11, 13, 15, 21})
_FIRST_SENTENCE = 11  # column of the Chinese sentence
_LINE_HEIGHT = 13.5  # points, at 10 point type
_MAX_LINES = 8  # lines of a row
_PLAIN: Look = {}


class FindingsTable:
    """The findings of all reports, most severe first within each report."""

    def __init__(self, book: ReportBook) -> None:
        self._table = StreamedTable(book, FINDINGS_SHEET, FINDINGS_COLUMNS)

    def add(self, report: Report) -> None:
        """Nothing; the findings of the report then stand below the last ones."""
        form = report_form(report)
        for finding in ordered_findings(report):
            names = [form.fields[i].label_zh for i in finding.fields if i in form.fields] if form else []
            cells = _finding_cells(report, finding, names)
            self._table.add(cells, _severity_look(finding), _FINDING_NUMBERS, _finding_height(cells))

    def finish(self) -> None:
        """Nothing; the sheet then is complete."""
        self._table.finish()


class FieldsTable:
    """The fields of all reports in long form, with where and how each was read."""

    def __init__(self, book: ReportBook) -> None:
        self._table = StreamedTable(book, FIELDS_SHEET, FIELDS_COLUMNS)

    def add(self, report: Report) -> None:
        """Nothing; the fields of the report then stand below the last ones."""
        for row in report_to_long_rows(report):
            broken, review = row.mark.broken, row.field.decision == "review"
            look = looks.BROKEN if broken else looks.REVIEW if review else _PLAIN
            self._table.add(_field_cells(row), look, _FIELD_NUMBERS)

    def finish(self) -> None:
        """Nothing; the sheet then is complete."""
        self._table.finish()


def _severity_look(finding: Finding) -> Look:
    look = {"error": looks.BROKEN, "warning": looks.WARNING}.get(finding.severity, _PLAIN)
    return {**look, **looks.WRAP, **looks.TOP}


def _finding_height(cells: list[Value]) -> float:
    """Height of the row in points, so that the sentences are read whole; long lists of fields may be cut on screen."""
    lines = (
        math.ceil(text_width(str(cell)) / width)
        for (_, width), cell in zip(FINDINGS_COLUMNS[_FIRST_SENTENCE:], cells[_FIRST_SENTENCE:], strict=True)
        if cell is not None
    )
    return _LINE_HEIGHT * min(max(*lines, 1), _MAX_LINES)


def _finding_cells(report: Report, finding: Finding, names: list[str]) -> list[Value]:
    return [
        report.source.name,
        report.agency,
        None if report.year is None else str(report.year),
        report.form,
        SEVERITY[finding.severity],
        finding.rule,
        LIST_SEPARATOR.join(finding.fields),
        LIST_SEPARATOR.join(names),
        finding.left,
        finding.right,
        finding.difference,
        finding.message.zh,
        finding.message.en,
        ORIGIN[finding.origin],
        suspects_text(finding),
    ]


def _field_cells(row: LongRow) -> list[Value]:
    field, label, evidence = row.field, row.field.label, row.evidence
    return [
        row.source,
        row.agency,
        None if row.year is None else str(row.year),
        row.form,
        row.table,
        row.field_id,
        row.row_label,
        row.column_label,
        KIND[field.kind],
        field.value,
        field.printed,
        field.suggested,
        DECISION[field.decision],
        f"{field.confidence:.6f}".rstrip("0").rstrip("."),
        LIST_SEPARATOR.join(field.reasons),
        None if evidence is None else str(evidence.page_no),
        None if evidence is None else bbox_text(evidence.bbox),
        row.reader,
        None if evidence is None else evidence.text,
        None if evidence is None else LIST_SEPARATOR.join(a.text for a in evidence.alternatives),
        None if label is None else label.printed,
        None if label is None else f"{label.score:.6f}".rstrip("0").rstrip("."),
        LIST_SEPARATOR.join(row.mark.codes),
    ]
