"""The long sheet of numbers of scans that were not taken as first read, one row each."""

from __future__ import annotations

from models.report import Report
from pipeline.export import xlsx_looks as looks
from pipeline.export.long_rows import LIST_SEPARATOR
from pipeline.export.words import DECISION
from pipeline.export.xlsx_book import Look, ReportBook, RowLook, StreamedTable

REPAIRS_SHEET = "识读更正 Repairs"
REPAIRS_COLUMNS: tuple[tuple[str, float], ...] = (
    ("文件 Source", 24),
    ("机关 Agency", 22),
    ("年度 Year", 7),
    ("字段 Field", 44),
    ("最初读作 Before", 14),
    ("改为 After", 14),
    ("决定 Decision", 14),
    ("说明", 60),
    ("Reason", 60),
    ("规则 Rules", 50),
)
_NUMBERS = frozenset({2, 4, 5})
_PLAIN: Look = {}


class RepairsTable:
    """The repairs of all reports in form order."""

    def __init__(self, book: ReportBook) -> None:
        self._table = StreamedTable(book, REPAIRS_SHEET, REPAIRS_COLUMNS)

    def add(self, report: Report) -> None:
        """Nothing; the repairs of the report then stand below the last ones."""
        for repair in report.repairs:
            self._table.add(
                [
                    report.source.name,
                    report.agency,
                    None if report.year is None else str(report.year),
                    repair.field,
                    repair.before,
                    repair.after,
                    DECISION["accept" if repair.accepted else "review"],
                    repair.message.zh,
                    repair.message.en,
                    LIST_SEPARATOR.join(repair.rules),
                ],
                RowLook(_PLAIN if repair.accepted else looks.REVIEW, numeric=_NUMBERS),
            )

    def finish(self) -> None:
        """Nothing; the sheet then is complete."""
        self._table.finish()
