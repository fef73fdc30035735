"""One CSV for many reports in long form: one row a field, for spreadsheets and for programs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from models.report import Report
from pipeline.export.atomic import atomic_path, output_errors
from pipeline.export.long_rows import LIST_SEPARATOR
from pipeline.export.report_rows import Row, field_rows
from pipeline.export.result_file import ResultFile

if TYPE_CHECKING:
    from _csv import Writer

CSV_COLUMNS: tuple[str, ...] = (
    "source",
    "agency",
    "year",
    "form",
    "table",
    "field_id",
    "row_label",
    "column_label",
    "kind",
    "value",
    "printed",
    "suggested",
    "decision",
    "confidence",
    "reasons",
    "page_no",
    "reader",
    "label_printed",
    "label_score",
    "finding_codes",
    "waived",
)
_ENCODING = "utf-8-sig"  # Excel takes a CSV without a byte order mark for the local code page
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
# Half- and full-width signs that begin a formula in a spreadsheet, and the apostrophe itself, so that taking one
# apostrophe off the front always restores the text.
_FORMULA_STARTS = tuple("=+-@\t\r\n'＝＋－＠")


def neutral_cell(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would otherwise compute it; plain numbers stay."""
    if _PLAIN_NUMBER.fullmatch(text) or not text.startswith(_FORMULA_STARTS):
        # Some spreadsheets trim a cell before they look for a formula.
        return f"'{text}" if text != text.lstrip() and text.lstrip().startswith(_FORMULA_STARTS) else text
    return f"'{text}"


class CsvWriter(ResultFile):
    """Writes reports into one CSV as they arrive; the file appears when the ``with`` block ends without an error.

    UTF-8 with byte order mark, commas, line ends of Windows. Holds one row in memory.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._rows: Writer | None = None

    def _begin(self, stack: ExitStack) -> None:
        temp = stack.enter_context(atomic_path(self._path))
        handle = stack.enter_context(temp.open("w", encoding=_ENCODING, newline=""))
        self._rows = csv.writer(handle)
        self._rows.writerow(CSV_COLUMNS)

    def _finish(self) -> None:
        self._rows = None

    def add(self, report: Report) -> None:
        """Nothing; the fields of the report then stand in the file.

        Raises:
            OutputError: the file could not be written.
            RuntimeError: called outside the ``with`` block.
        """
        if self._rows is None:
            raise RuntimeError("CsvWriter.add() outside its with block")
        with output_errors(self._path):
            self._rows.writerows(_cells(row) for row in field_rows(report))


def write_csv(reports: Iterable[Report], path: Path) -> None:
    """Nothing; ``path`` then holds the fields of all reports.

    Raises:
        OutputError: the file could not be written.
    """
    with CsvWriter(path) as writer:
        for report in reports:
            writer.add(report)


def _cells(row: Row) -> list[str]:
    return [neutral_cell(_text(row[column])) for column in CSV_COLUMNS]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    return LIST_SEPARATOR.join(value) if isinstance(value, list) else str(value)
