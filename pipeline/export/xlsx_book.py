"""The workbook of the XLSX export: formats by look, numbers as numbers, sheets that grow without filling memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from models.errors import OutputError
from pipeline.export.atomic import QuietFile, as_output_error, atomic_path, output_errors
from pipeline.export.text import xml_text

Value = str | int | None
Look = dict[str, Any]
"""Format properties by their XlsxWriter names."""

MAX_SHEET_ROWS = 1_048_576  # rows: the limit of the file format
MAX_SHEET_NAME = 31  # UTF-16 units: the limit of Excel
EXACT_DIGITS = 15  # significant decimal digits that a double always carries unchanged

_DECIMAL = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f'\"]")
_FONT: Look = {"font_name": "SimSun", "font_size": 10, "valign": "vcenter"}


def exact_number(text: str) -> float | None:
    """The number that a spreadsheet can hold without changing a digit; None where the text must stay text.

    Leading zeros, a plus sign, separators and more than 15 significant digits do not survive as a number.
    """
    if not _DECIMAL.fullmatch(text):
        return None
    digits = text.lstrip("-").replace(".", "").lstrip("0")
    return float(text) if len(digits) <= EXACT_DIGITS else None


def number_format(text: str, suffix: str = "") -> str:
    """The format that shows a decimal with just the places it was printed with, and a mark behind it."""
    places = len(text.partition(".")[2])
    shown = f"0.{'0' * places}" if places else "0"
    return f'{shown}" {suffix}"' if suffix else shown


class ReportBook(xlsxwriter.Workbook):  # type: ignore[misc, unused-ignore] # the library ships no py.typed
    """An XLSX file under construction, in which each sheet is either kept in memory or streamed to a temporary file.

    XlsxWriter knows only one mode for the whole workbook: rows in memory, or written at once and then fixed. The sheet
    of a form needs merged cells over several rows, which only the first mode can do; the long sheets have hundreds of
    rows a report, which only the second holds without growing. A worksheet takes its mode from the workbook's
    ``constant_memory`` when it is added, and nothing else reads that flag afterwards.
    """

    def __init__(self, file: QuietFile, tmpdir: str) -> None:
        super().__init__(
            file,
            {
                "tmpdir": tmpdir,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "use_zip64": True,
            },
        )
        self._looks: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._sheet_names: set[str] = set()

    def look(self, *looks: Look) -> Format:
        """The format with these properties, later ones over earlier ones; the same object for the same look."""
        merged: Look = dict(_FONT)
        for one in looks:
            merged.update(one)
        key = tuple(sorted(merged.items()))
        if key not in self._looks:
            self._looks[key] = self.add_format(merged)
        return self._looks[key]

    def add_sheet(self, name: str, *, streamed: bool = False) -> Worksheet:
        """A new sheet under this name, or a similar one that Excel allows and that is still free.

        Args:
            name: The wanted name.
            streamed: True for a sheet whose rows are written once, from top to bottom.
        """
        self.constant_memory = streamed
        try:
            return self.add_worksheet(self._free_name(name))
        finally:
            self.constant_memory = False

    def discard(self) -> None:
        """Nothing; the temporary files of streamed sheets are closed and the workbook will never be written."""
        for sheet in self.worksheets():
            if sheet.constant_memory:
                sheet._opt_close()  # noqa: SLF001 - the library closes them only when it writes the workbook
        self.fileclosed = True

    def _free_name(self, name: str) -> str:
        base = _SHEET_FORBIDDEN.sub(" ", name).strip() or "Sheet"
        if base.casefold() == "history":  # reserved by Excel
            base = f"{base}_"
        candidate, number = _cut_utf16(base, MAX_SHEET_NAME), 2
        while candidate.casefold() in self._sheet_names:
            suffix = f" ({number})"
            candidate = _cut_utf16(base, MAX_SHEET_NAME - len(suffix)) + suffix
            number += 1
        self._sheet_names.add(candidate.casefold())
        return candidate


def begin_book(path: Path, stack: ExitStack) -> tuple[ReportBook, QuietFile]:
    """(an empty workbook, the temporary file that it goes to); what they need is closed with ``stack``.

    Raises:
        OSError: a temporary file cannot be created.
    """
    temp = stack.enter_context(atomic_path(path))
    folder = stack.enter_context(TemporaryDirectory(prefix="nianbao-", ignore_cleanup_errors=True))
    file = QuietFile(temp)
    stack.callback(file.close)
    book = ReportBook(file, folder)
    stack.callback(book.discard)
    return book, file


@contextmanager
def whole_book(path: Path) -> Iterator[ReportBook]:
    """A workbook to fill; it stands at ``path`` when the block ends without an error.

    Raises:
        OutputError: the file could not be written.
    """
    with output_errors(path), ExitStack() as stack:
        book, file = begin_book(path, stack)
        yield book
        close_book(book, file, path)


def close_book(book: ReportBook, file: QuietFile, path: Path) -> None:
    """Nothing; the workbook then stands in its file.

    Raises:
        OutputError: it could not be written; the error names ``path``.
    """
    try:
        book.close()
        file.close()
    except XlsxWriterException as exc:
        cause = exc.args[0] if exc.args else None
        if isinstance(cause, OSError):
            raise as_output_error(cause, path) from exc
        raise OutputError(
            f"the workbook cannot be written: {exc}", source=str(path), remedy="write fewer reports into one file"
        ) from exc
    except OSError as exc:
        raise as_output_error(exc, path) from exc


def write_value(sheet: Worksheet, row: int, col: int, value: Value, look: Format) -> None:
    """Nothing; the cell then holds a number, a text that is never taken for a formula or a link, or nothing."""
    if isinstance(value, int):
        sheet.write_number(row, col, value, look)
    elif value:
        sheet.write_string(row, col, xml_text(value), look)
    else:
        sheet.write_blank(row, col, None, look)


@dataclass(frozen=True, slots=True)
class RowLook:
    """How a row of a long table looks.

    ``row`` is the look of all its cells, ``cells`` that of single ones by column, laid over it. The texts of the
    ``numeric`` columns become numbers where that loses nothing. ``height`` is in points; None for the usual one.
    """

    row: Look = field(default_factory=dict)
    cells: Mapping[int, Look] = field(default_factory=dict)
    numeric: frozenset[int] = frozenset()
    height: float | None = None


class StreamedTable:
    """A long table over as many sheets as its rows need; each row is written once and then forgotten."""

    def __init__(
        self, book: ReportBook, name: str, headings: Sequence[tuple[str, float]], printed_columns: int | None = None
    ) -> None:
        """The table with its heading row.

        Args:
            book: The workbook.
            name: Name of the first sheet; further ones get a number.
            headings: Heading and width in characters of each column.
            printed_columns: Number of columns that are printed; None for all.
        """
        self._book = book
        self._name = name
        self._headings = headings
        self._printed_columns = printed_columns or len(headings)
        self._max_rows = MAX_SHEET_ROWS
        self._open_sheet()

    def _open_sheet(self) -> None:
        self._sheet = self._book.add_sheet(self._name, streamed=True)
        heading_look = self._book.look(HEADING_LOOK)
        # A streamed sheet fixes each row, so everything about rows and columns comes before the first cell.
        for col, (_, width) in enumerate(self._headings):
            self._sheet.set_column(col, col, width)
        self._sheet.freeze_panes(1, 0)
        self._sheet.hide_gridlines(2)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.set_row(0, 30)
        self._sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        for col, (heading, _) in enumerate(self._headings):
            self._sheet.write_string(0, col, heading, heading_look)
        self._next = 1

    def add(self, values: Sequence[Value], look: RowLook) -> None:
        """Nothing; the row then stands below the last one.

        Args:
            values: Cells from left to right.
            look: How the row looks, and which of its texts are to become numbers.
        """
        if self._next >= self._max_rows:
            self.finish()
            self._open_sheet()
        if look.height is not None:
            self._sheet.set_row(self._next, look.height)  # before the first cell: a streamed row cannot change later
        for col, value in enumerate(values):
            parts = (look.row, look.cells.get(col, {}), {"align": "center"} if col in look.numeric else {})
            number = exact_number(value) if col in look.numeric and isinstance(value, str) else None
            if number is not None:
                shown = self._book.look(*parts, {"num_format": number_format(str(value))})
                self._sheet.write_number(self._next, col, number, shown)
            elif value not in (None, "") or look.row or col in look.cells:
                write_value(self._sheet, self._next, col, value, self._book.look(*parts))
        self._next += 1

    def finish(self) -> None:
        """Nothing; the current sheet then has its filter and its print area."""
        last = max(self._next - 1, 1)
        self._sheet.autofilter(0, 0, last, len(self._headings) - 1)
        self._sheet.print_area(0, 0, last, self._printed_columns - 1)


HEADING_LOOK: Look = {"bold": True, "bg_color": "#D9E1F2", "border": 1, "text_wrap": True, "align": "center"}


def _cut_utf16(text: str, units: int) -> str:
    cut = text.encode("utf-16-le")[: units * 2].decode("utf-16-le", errors="ignore")
    return cut.strip()
