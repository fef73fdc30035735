"""A diff as a workbook: both reports, the numbers, the prose. Numbers are numbers, no text is ever a formula."""

from __future__ import annotations

from pathlib import Path

from models.diff import CellState, FieldDiff, PieceKind, ReportDiff
from pipeline.export import diff_text as words
from pipeline.export import xlsx_looks as looks
from pipeline.export.xlsx_book import Look, ReportBook, RowLook, StreamedTable, Value, whole_book
from pipeline.export.xlsx_pen import LINE_HEIGHT, MAX_HEIGHT, line_count

SUMMARY_SHEET, NUMBERS_SHEET, PROSE_SHEET = "概要 Summary", words.NUMBERS, words.PROSE
_SUMMARY_COLUMNS: tuple[tuple[str, float], ...] = (("", 24), ("前 A", 48), ("后 B", 48))
NUMBERS_COLUMNS: tuple[tuple[str, float], ...] = (
    ("字段", 34),
    ("Field", 40),
    ("字段 id", 40),
    ("前 A", 13),
    ("后 B", 13),
    ("增减 Change", 13),
    ("% Percent", 11),
    ("说明 Remark", 30),
)
PROSE_COLUMNS: tuple[tuple[str, float], ...] = (
    ("部分 Section", 30),
    ("相似度 Similarity", 11),
    ("", 4),
    ("文字 Text", 90),
)
_FIGURES = frozenset({3, 4, 5, 6})
_TEXT_COLUMN = 3
_MAX_CELL_CHARS = 32_767  # characters: the limit of the file format
_ROW: Look = {**looks.BORDER, **looks.WRAP, **looks.TOP, "border_color": "#BFBFBF"}
_PIECE_LOOK: dict[PieceKind, Look] = {
    "equal": {"font_color": "#7F7F7F"},
    "insert": {"bg_color": "#E2EFDA"},
    "delete": {"bg_color": "#FCE4D6", "font_strikeout": True},
}


def write_diff_xlsx(diff: ReportDiff, path: Path) -> None:
    """Nothing; ``path`` then is a workbook of the diff.

    Raises:
        OutputError: the file could not be written.
    """
    with whole_book(path) as book:
        _write_summary(book, diff)
        _write_numbers(book, diff)
        _write_prose(book, diff)


def _write_summary(book: ReportBook, diff: ReportDiff) -> None:
    table = StreamedTable(book, SUMMARY_SHEET, _SUMMARY_COLUMNS)
    row = RowLook(_ROW)
    for (name, before), (_, after) in zip(words.side_lines(diff.before), words.side_lines(diff.after), strict=True):
        table.add((name, before, after), row)
    table.add(("比对 Compared / 变动 Changed", diff.compared, len(diff.fields)), row)
    for remark in diff.remarks:
        table.add((words.REMARKS, remark.zh, remark.en), RowLook({**_ROW, **looks.WARNING}))
    for field_id in diff.not_comparable:
        table.add((words.NOT_COMPARABLE, field_id, ""), row)
    table.finish()


def _write_numbers(book: ReportBook, diff: ReportDiff) -> None:
    table = StreamedTable(book, NUMBERS_SHEET, NUMBERS_COLUMNS)
    for field in diff.fields:
        values: tuple[Value, ...] = (
            field.label.zh,
            field.label.en,
            field.field,
            words.cell_text(field.before),
            words.cell_text(field.after),
            field.difference,
            None if field.percent is None else field.percent.removeprefix("+"),
            words.change_text(field),
        )
        table.add(values, RowLook(_ROW, _cell_looks(field), _FIGURES))
    table.finish()


def _cell_looks(field: FieldDiff) -> dict[int, Look]:
    cells = {3: field.before, 4: field.after}
    return {col: _look(cell) for col, cell in cells.items() if cell is None or cell.kind != "number"}


def _look(cell: CellState | None) -> Look:
    return looks.ABSENT if cell is None else looks.BLANK if cell.kind == "blank" else looks.NOT_APPLICABLE


def _write_prose(book: ReportBook, diff: ReportDiff) -> None:
    table = StreamedTable(book, PROSE_SHEET, PROSE_COLUMNS)
    width = PROSE_COLUMNS[_TEXT_COLUMN][1]
    for section in diff.sections:
        name = f"{section.label.zh} {section.label.en}"
        for piece in section.pieces:
            for start in range(0, len(piece.text), _MAX_CELL_CHARS):
                text = piece.text[start : start + _MAX_CELL_CHARS]
                height = min(LINE_HEIGHT * (line_count(text, width) + 1), MAX_HEIGHT)
                look = RowLook(_ROW, {_TEXT_COLUMN: _PIECE_LOOK[piece.kind]}, numeric=frozenset({1}), height=height)
                table.add((name, section.similarity, words.PIECE_MARK[piece.kind], text), look)
    table.finish()
