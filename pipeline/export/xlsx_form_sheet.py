"""The sheet of one report: the official form with its numbers, and beside it where each row was read."""

from __future__ import annotations

import math

from xlsxwriter.worksheet import Worksheet

from models.form import Form
from models.reasons import reasons_text
from models.report import Report
from pipeline.export import xlsx_looks as looks
from pipeline.export.form_view import (
    BROKEN_MARK,
    REVIEW_MARK,
    SUSPECT_MARK,
    BlockView,
    CellView,
    RowView,
    TableView,
)
from pipeline.export.notes import cell_note, row_note
from pipeline.export.text import text_width, xml_text
from pipeline.export.words import FORM, STATUS, UNKNOWN
from pipeline.export.xlsx_book import Look, ReportBook, exact_number, number_format
from pipeline.export.xlsx_layout import (
    VERTICAL_DEPTH,
    VERTICAL_ROWS,
    form_units,
    label_depth,
    label_units,
    labels_to_spans,
    level_units,
    split_units,
)
from pipeline.export.xlsx_pen import LINE_HEIGHT, ROW_HEIGHT, Area, Pen

UNIT_WIDTH = 8.5  # characters: fits 7 digits and a mark
MAX_COMMENTS = 100  # comments on one sheet: each is a drawing, and the notes column says the same
_NOTES_WIDTH, _KEY_WIDTH = 50.0, 34.0  # characters
_NOTE_LINE = 11.0  # points, at 8 point type
_NOTE_CHARACTERS = _NOTES_WIDTH * 1.25  # columns of 8 point type in one line, with some room for uneven breaks
_SECTION_HEIGHT = 18.0  # points
_MAX_FROZEN_ROWS = 7  # heading rows that may stay in view: more would leave too little room for the form
_ITEM_HEADING = "信息内容 Item"
_NOTES_HEADING = "出处与说明 Where read (page, box in points, reader) and why doubtful"
_KEY_HEADING = "行代码 Row id"
_ABSENT = "\N{MULTIPLICATION SIGN}"
_LEGEND: tuple[tuple[str, Look], ...] = (
    (f"{REVIEW_MARK} 复核 to review", looks.REVIEW),
    (f"{BROKEN_MARK} 不平 broken sum", looks.BROKEN),
    (f"{SUSPECT_MARK} 可疑 suspect", looks.SUSPECT),
    ("空白 blank", looks.BLANK),
    ("/ 不适用 n/a", looks.NOT_APPLICABLE),
    (f"{_ABSENT} 缺失 absent", looks.ABSENT),
)

Ranges = list[tuple[int, int]]


def write_form_sheet(
    book: ReportBook, sheet: Worksheet, report: Report, form: Form, view: tuple[TableView, ...], back_to: str
) -> None:
    """Nothing; the sheet then looks like the official form, filled with the numbers of the report.

    Args:
        book: The workbook.
        sheet: An empty sheet of it that is kept in memory.
        report: The report.
        form: Its form.
        view: The report laid over the form.
        back_to: Name of the sheet that the first line leads back to.
    """
    pen = Pen(book, sheet, form_units(form), UNIT_WIDTH)
    notes = pen.columns + 1  # a narrow empty column sets the notes off
    sheet.set_column(pen.columns, pen.columns, 1)
    sheet.set_column(notes, notes, _NOTES_WIDTH)
    sheet.set_column(notes + 1, notes + 1, _KEY_WIDTH)
    pen.link_to(notes, back_to)
    write_heading(pen, report)
    _write_legend(pen)
    if pen.row <= _MAX_FROZEN_ROWS:
        sheet.freeze_panes(pen.row, 0)
    comments = _Comments(sheet)
    for table in view:
        pen.row += 1
        _write_table(pen, table, comments)
    write_unmapped_rows(pen, report)
    # On paper the form with its notes fills the width of an upright page; the row ids are for the screen.
    sheet.print_area(0, 0, pen.row - 1, notes)


def write_heading(pen: Pen, report: Report) -> None:
    """Nothing; title, agency, year, form, status and failures then stand at the pen."""
    agency, year = report.agency or UNKNOWN, UNKNOWN if report.year is None else str(report.year)
    pen.line(report.title or f"{agency} {year}", looks.TITLE, looks.WRAP, scale=looks.TITLE["font_size"] / 10)
    facts = (agency, year, FORM[report.form], STATUS[report.status], report.source.name)
    pen.line(" · ".join(facts), looks.SUBTITLE)
    if report.status_reasons:
        pen.line(f"原因 reasons: {reasons_text(report.status_reasons)}", looks.SUBTITLE)
    for failure in report.failures:
        pen.line(f"失败 failure [{failure.stage}] {failure.message} {failure.remedy}".strip(), looks.FAILURE)


def write_unmapped_rows(pen: Pen, report: Report) -> None:
    """Nothing; the printed rows that the form does not have then stand at the pen, if there are any."""
    if not report.unmapped_rows:
        return
    pen.row += 1
    pen.line("表外行 Rows that the form does not have", looks.SECTION, height=_SECTION_HEIGHT)
    for row in report.unmapped_rows:
        place = f"第{row.page_no}页 p.{row.page_no} {row.table}"
        text = f"{place}: {' / '.join(row.labels)} = {' | '.join(row.values)} ({row.reason})"
        pen.line(text, looks.BORDER, looks.WRAP, looks.REVIEW)


class _Comments:
    """The comments of one sheet, up to a limit."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._left = MAX_COMMENTS

    def add(self, row: int, col: int, cell: CellView) -> None:
        if not (cell.review or cell.mark.broken or cell.mark.suspect) or not self._left:
            return
        self._left -= 1
        options = {"author": "nianbao", "x_scale": 2.6, "y_scale": 1.6, "font_size": 8}
        self._sheet.write_comment(row, col, xml_text(cell_note(cell)), options)


def _write_legend(pen: Pen) -> None:
    places = split_units(0, pen.columns, len(_LEGEND))
    for (start, stop), (text, look) in zip(places, _LEGEND, strict=True):
        pen.put(Area(pen.row, pen.row + 1, start, stop), text, looks.BORDER, looks.CENTER, look)
    pen.end_row()


def _write_table(pen: Pen, view: TableView, comments: _Comments) -> None:
    small = pen.book.look(looks.NOTE, {"bold": True})
    pen.sheet.write_string(pen.row, pen.columns + 1, _NOTES_HEADING, small)
    pen.sheet.write_string(pen.row, pen.columns + 2, _KEY_HEADING, small)
    pen.line(view.table.heading, looks.SECTION, height=_SECTION_HEIGHT)
    label_stop = label_units(view.table, pen.columns)
    levels = level_units(label_depth(view.table), label_stop)
    for block in view.blocks:
        if block.block.title:
            pen.line(block.block.title, looks.FORM_HEADER)
        columns = split_units(label_stop, pen.columns, len(block.block.columns))
        _write_header(pen, block, columns, label_stop)
        _write_row_labels(pen, block, levels)
        for row in block.rows:
            _write_row(pen, row, columns, levels, comments)


def _write_header(pen: Pen, view: BlockView, columns: Ranges, label_stop: int) -> None:
    spans = labels_to_spans([c.label for c in view.block.columns])
    top, depth = pen.row, max(s.level_stop for s in spans)
    if label_stop:
        pen.put(Area(top, top + depth, 0, label_stop), _ITEM_HEADING, looks.FORM_HEADER)
    for span in spans:
        left, right = columns[span.first][0], columns[span.stop - 1][1]
        pen.put(Area(top + span.level, top + span.level_stop, left, right), span.text, looks.FORM_HEADER)
    for level in range(depth):
        ending = [s for s in spans if s.level_stop == level + 1]
        pen.end_row([(s.text, columns[s.stop - 1][1] - columns[s.first][0]) for s in ending if s.level == level])


def _write_row_labels(pen: Pen, view: BlockView, levels: Ranges) -> None:
    spans = labels_to_spans([r.path for r in view.rows])
    depth = max((s.level_stop for s in spans), default=0)
    for span in spans:
        left = levels[span.level][0]
        # The last label of a row reaches to the numbers, also in a block with fewer levels than its table.
        right = levels[-1][1] if span.level_stop == depth else levels[span.level_stop - 1][1]
        vertical = span.level == 0 and len(levels) >= VERTICAL_DEPTH and span.stop - span.first >= VERTICAL_ROWS
        area = Area(pen.row + span.first, pen.row + span.stop, left, right)
        pen.put(area, span.text, looks.ROW_LABEL, looks.VERTICAL if vertical else {})


def _write_row(pen: Pen, row: RowView, columns: Ranges, levels: Ranges, comments: _Comments) -> None:
    for cell, (start, stop) in zip(row.cells, columns, strict=True):
        _write_cell(pen, cell, Area(pen.row, pen.row + 1, start, stop))
        comments.add(pen.row, start, cell)
    note = row_note(row)
    pen.sheet.write_string(pen.row, pen.columns + 1, note, pen.book.look(looks.NOTE))
    pen.sheet.write_string(pen.row, pen.columns + 2, row.key, pen.book.look(looks.NOTE))
    texts = [(row.path[-1], levels[-1][1] - levels[len(row.path) - 1][0])] if row.path else []
    texts += [(_shown_text(c), stop - start) for c, (start, stop) in zip(row.cells, columns, strict=True)]
    note_height = _NOTE_LINE * math.ceil(text_width(note) / _NOTE_CHARACTERS) + (LINE_HEIGHT - _NOTE_LINE)
    pen.end_row(texts, least=max(ROW_HEIGHT, note_height))


def _write_cell(pen: Pen, cell: CellView, area: Area) -> None:
    look, value = looks.cell_look(cell), cell.value
    text = _shown_text(cell)
    number = exact_number(text) if value is not None and value.value is not None else None
    if number is not None:
        # The marks are part of the format: the cell shows "27 !" and still holds the number 27.
        # A number too wide for its cell is set smaller: ##### would hide it.
        pen.put_number(area, number, look, {"num_format": number_format(text, cell.symbols), "shrink": True})
    else:
        pen.put(area, text, look, looks.WRAP, {"num_format": f'@" {cell.symbols}"'} if cell.symbols else {})


def _shown_text(cell: CellView) -> str:
    """The value; what is printed where no value could be told; a cross where nothing was found."""
    if cell.value is None or cell.kind == "absent":
        return _ABSENT
    return cell.value.value if cell.value.value is not None else cell.value.printed
