"""The two long sheets of the workbook: all findings and all fields, one row each."""

from __future__ import annotations

from models.finding import Finding, Severity
from models.report import Report
from pipeline.export import xlsx_looks as looks
from pipeline.export.form_view import ordered_findings, report_form
from pipeline.export.long_rows import LIST_SEPARATOR, LongRow, report_to_long_rows
from pipeline.export.notes import bbox_text
from pipeline.export.words import DECISION, KIND, ORIGIN, SEVERITY, WAIVED, suspects_text, waiver_notes
from pipeline.export.xlsx_book import Look, ReportBook, RowLook, StreamedTable, Value
from pipeline.export.xlsx_pen import LINE_HEIGHT, MAX_HEIGHT, line_count

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
    ("规则 Rule", 27),
    ("说明", 52),
    ("Message", 52),
    ("左边 Left", 9),
    ("右边 Right", 9),
    ("差额 Difference", 11),
    ("可能的解释 Possible explanations", 40),
    ("来源 Origin", 16),
    ("豁免 Waiver", 40),
    ("页 Pages", 8),
    ("字段名称 Field labels", 60),
    ("字段 Fields", 60),
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
    ("豁免 Waived", 40),
)

_FINDING_NUMBERS = frozenset({2, 8, 9, 10, 14})
_SEVERITY_COLUMN = 4
_WRAPPED = (*range(12), 13)  # columns whose texts set the height of a row
_PRINTED = 15  # columns; the lists of fields behind them may name 200 fields and are for the screen
_WIDTHS = tuple(width for _, width in FINDINGS_COLUMNS)
_FIELD_NUMBERS = frozenset({2, 9, 11, 13, 15, 21})
_ROW_PADDING = 4.0  # points
_PLAIN: Look = {}
_FINDING_LOOK: Look = {**looks.BORDER, **looks.WRAP, **looks.TOP, "border_color": "#BFBFBF"}
_SEVERITY_LOOKS: dict[Severity, Look] = {"error": looks.BROKEN, "warning": looks.REVIEW, "info": _PLAIN}


class FindingsTable:
    """The findings of all reports, most severe first within each report."""

    def __init__(self, book: ReportBook) -> None:
        self._table = StreamedTable(book, FINDINGS_SHEET, FINDINGS_COLUMNS, _PRINTED)

    def add(self, report: Report) -> None:
        """Nothing; the findings of the report then stand below the last ones."""
        form = report_form(report)
        for finding in ordered_findings(report):
            names = [form.fields[i].label_zh for i in finding.fields if i in form.fields] if form else []
            cells = _finding_cells(report, finding, names)
            accents = {_SEVERITY_COLUMN: _SEVERITY_LOOKS[finding.severity] if finding.waiver is None else _PLAIN}
            self._table.add(cells, RowLook(_FINDING_LOOK, accents, _FINDING_NUMBERS, _finding_height(cells)))

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
            self._table.add(_field_cells(row), RowLook(look, numeric=_FIELD_NUMBERS))

    def finish(self) -> None:
        """Nothing; the sheet then is complete."""
        self._table.finish()


def _finding_height(cells: list[Value]) -> float:
    """Height of the row in points, so that the sentences are read whole."""
    lines = max(line_count(str(cells[col] or ""), _WIDTHS[col]) for col in _WRAPPED)
    return min(LINE_HEIGHT * lines + _ROW_PADDING, MAX_HEIGHT)


def _finding_cells(report: Report, finding: Finding, names: list[str]) -> list[Value]:
    read = (report.fields[i] for i in finding.fields if i in report.fields)
    pages = {evidence.page_no for field in read for evidence in field.evidence[:1]}
    return [
        report.source.name,
        report.agency,
        None if report.year is None else str(report.year),
        report.form,
        SEVERITY[finding.severity] if finding.waiver is None else f"{WAIVED} ({SEVERITY[finding.severity]})",
        finding.rule,
        finding.message.zh,
        finding.message.en,
        finding.left,
        finding.right,
        finding.difference,
        suspects_text(finding),
        ORIGIN[finding.origin],
        waiver_notes(finding),
        ", ".join(str(page_no) for page_no in sorted(pages)),
        LIST_SEPARATOR.join(names),
        LIST_SEPARATOR.join(finding.fields),
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
        LIST_SEPARATOR.join(row.mark.waived),
    ]
