"""The long sheet of the numbers stated in prose, one row each."""

from __future__ import annotations

from models.report import Claim, Report
from pipeline.export import xlsx_looks as looks
from pipeline.export.long_rows import LIST_SEPARATOR
from pipeline.export.words import OUTCOME, SCOPE
from pipeline.export.xlsx_book import Look, ReportBook, RowLook, StreamedTable, Value

CLAIMS_SHEET = "正文数字 Claims"
CLAIMS_COLUMNS: tuple[tuple[str, float], ...] = (
    ("文件 Source", 24),
    ("机关 Agency", 22),
    ("年度 Year", 7),
    ("章节 Section", 11),
    ("原文 Clause", 60),
    ("数字 Number", 11),
    ("单位 Unit", 8),
    ("范围 Scope", 26),
    ("比较 Outcome", 22),
    ("位置 Characters", 12),
    ("字段 Fields", 60),
)
_NUMBERS = frozenset({2, 5})
_PLAIN: Look = {}


class ClaimsTable:
    """The claims of all reports in the order of their texts."""

    def __init__(self, book: ReportBook) -> None:
        self._table = StreamedTable(book, CLAIMS_SHEET, CLAIMS_COLUMNS)

    def add(self, report: Report) -> None:
        """Nothing; the claims of the report then stand below the last ones."""
        for claim in report.claims:
            look = looks.REVIEW if claim.outcome == "differs" else _PLAIN
            self._table.add(_cells(report, claim), RowLook(look, numeric=_NUMBERS))

    def finish(self) -> None:
        """Nothing; the sheet then is complete."""
        self._table.finish()


def _cells(report: Report, claim: Claim) -> list[Value]:
    return [
        report.source.name,
        report.agency,
        None if report.year is None else str(report.year),
        claim.section,
        claim.clause,
        claim.value,
        claim.unit,
        SCOPE[claim.scope],
        OUTCOME[claim.outcome],
        f"{claim.start}-{claim.stop}",
        LIST_SEPARATOR.join(claim.fields),
    ]
