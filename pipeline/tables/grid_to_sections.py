"""From a grid to printed sections: which rows are titles, headers and data, and which columns hold values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from models.grid import Cell, Grid
from models.table import PrintedColumn, PrintedRow, PrintedSection
from models.text import as_printed, squeeze
from models.value_text import is_blank, looks_like_value
from models.vocabulary import Vocabulary, vocabulary
from pipeline.tables.flow_lines import WORD_SCORE
from pipeline.tables.header_columns import header_spans, is_header_word, value_columns
from pipeline.tables.row_values import HeaderSpan, row_to_values
from pipeline.tables.split_labels import join_split_labels

# Similarity from which a cell counts as a title or a row of the form.
_TITLE_SCORE = 0.8
# A row whose only text matches a title must not be wider known as a row label.
_ROW_SCORE = 0.7


class RowKind(Enum):
    """What a grid row is."""

    TITLE = auto()
    HEADER = auto()
    DATA = auto()
    EMPTY = auto()


@dataclass(slots=True)
class _Open:
    """A section under construction."""

    title: str
    spans: list[HeaderSpan]
    label_stop: int
    rows: list[PrintedRow] = field(default_factory=list)
    page_no: int = 1


def grid_to_sections(grid: Grid) -> list[PrintedSection]:
    """The printed sections of a grid from top to bottom; none where the grid has no word of any form."""
    words = vocabulary()
    kinds = _row_kinds(grid, words)
    if RowKind.HEADER not in kinds and sum(_is_known_row(grid, r, words) for r in range(grid.n_rows)) < 2:  # noqa: PLR2004
        return []
    sections: list[_Open] = []
    title, begins_page = "", False
    header_rows: list[int] = []
    current: _Open | None = None
    for r, kind in enumerate(kinds):
        begins_page = begins_page or r in grid.page_breaks
        if kind is RowKind.TITLE:
            title, header_rows = _only_text(grid, r), []
        elif kind is RowKind.HEADER:
            header_rows.append(r)
        elif kind is RowKind.DATA or (kind is RowKind.EMPTY and _is_blank_unlabelled_row(grid, header_rows, current)):
            if header_rows or current is None:
                current = _continued(current, _open(grid, header_rows, r, kinds, title, words), sections)
                title, header_rows = "", []
            elif title:
                # A title without a header of its own: rows of the next block under the previous header.
                current = _open_like(current, title, sections)
                title = ""
            row = _data_row(grid, r, current, begins_page=begins_page)
            if row is not None:
                current.rows.append(row)
            begins_page = False
    return [
        PrintedSection(
            s.title, tuple(PrintedColumn(h.path) for h in s.spans), join_split_labels(s.rows), grid.reader, s.page_no
        )
        for s in sections
        if s.rows
    ]


def begins_with_header(grid: Grid) -> bool:
    """True where the first row with any text is a header or a title."""
    words = vocabulary()
    for r in range(grid.n_rows):
        kind = _row_kind(grid, r, words)
        if kind is not RowKind.EMPTY:
            return kind in {RowKind.HEADER, RowKind.TITLE}
    return False


def _fresh(grid: Grid, row: int) -> list[Cell]:
    return [c for c in grid.row_cells(row) if c.row_start == row and not is_blank(c.text)]


def _row_kinds(grid: Grid, words: Vocabulary) -> list[RowKind]:
    kinds = [_row_kind(grid, r, words) for r in range(grid.n_rows)]
    for r in grid.page_breaks:
        # The lower half of a header that the page break has cut.
        if r and kinds[r - 1] is RowKind.HEADER and kinds[r] is RowKind.DATA:
            texts = [c.text for c in _fresh(grid, r)]
            if not any(looks_like_value(t) or words.row_score(t) >= _ROW_SCORE for t in texts):
                kinds[r] = RowKind.HEADER
    return kinds


def _row_kind(grid: Grid, row: int, words: Vocabulary) -> RowKind:
    texts = [c.text for c in _fresh(grid, row)]
    if not texts:
        return RowKind.EMPTY
    if any(looks_like_value(t) for t in texts):
        return RowKind.DATA
    if len(texts) == 1 and words.row_score(texts[0]) < _ROW_SCORE:
        flat = squeeze(texts[0])
        if max(words.title_score(flat), words.heading_score(flat)) >= _TITLE_SCORE:
            return RowKind.TITLE
    return RowKind.HEADER if _is_header(texts, words) else RowKind.DATA


def _is_header(texts: Sequence[str], words: Vocabulary) -> bool:
    """True where more cells are header words than row labels; words that are both (其他, 总计) count from two on."""
    telling = ambiguous = rows = 0
    for text in texts:
        column, row_score = words.column_score(text), words.row_score(text)
        if column >= WORD_SCORE and column > row_score:
            telling += 1
        elif column >= WORD_SCORE:
            ambiguous += 1
        elif row_score >= _ROW_SCORE:
            rows += 1
    if telling:
        return telling + ambiguous > rows
    return ambiguous > 1 and not rows


def _is_known_row(grid: Grid, row: int, words: Vocabulary) -> bool:
    return any(words.row_score(c.text) >= _TITLE_SCORE for c in _fresh(grid, row))


def _only_text(grid: Grid, row: int) -> str:
    return next(squeeze(c.text) for c in _fresh(grid, row))


def _is_blank_unlabelled_row(grid: Grid, header_rows: Sequence[int], current: _Open | None) -> bool:
    """True for the blank value row of a table without row labels (disputes): directly under its header."""
    if not header_rows or (current is not None and not header_rows):
        return False
    first = next((c for c in grid.row_cells(header_rows[-1]) if not is_blank(c.text)), None)
    spans = header_spans(grid, header_rows)
    return first is not None and bool(spans) and is_header_word(spans[0].leaf)


def _open(
    grid: Grid, header_rows: Sequence[int], row: int, kinds: Sequence[RowKind], title: str, words: Vocabulary
) -> _Open:
    data_rows = []
    for r in range(row, grid.n_rows):
        if kinds[r] in {RowKind.HEADER, RowKind.TITLE}:
            break
        data_rows.append(r)
    values = value_columns(grid, header_rows, data_rows)
    label_stop = values[0].col_start if values else grid.n_cols
    page_no = next((c.page_no for c in grid.row_cells(row)), grid.page_no)
    return _Open(title or _caption_title(grid, row, words), values, label_stop, page_no=page_no)


def _caption_title(grid: Grid, row: int, words: Vocabulary) -> str:
    flat = squeeze(grid.caption)
    return flat if row < grid.n_rows and words.title_score(flat) >= _TITLE_SCORE else ""


def _continued(current: _Open | None, new: _Open, sections: list[_Open]) -> _Open:
    """The section that goes on where a page repeats its header, else the new one (then appended)."""
    if current is not None and current.rows and not new.title and _same_header(current.spans, new.spans):
        current.spans, current.label_stop = new.spans, new.label_stop
        return current
    sections.append(new)
    return new


def _open_like(current: _Open, title: str, sections: list[_Open]) -> _Open:
    new = _Open(title, current.spans, current.label_stop, page_no=current.page_no)
    sections.append(new)
    return new


def _same_header(a: Sequence[HeaderSpan], b: Sequence[HeaderSpan]) -> bool:
    return len(a) == len(b) and len(a) > 1 and all(x.path == y.path for x, y in zip(a, b, strict=True))


def _data_row(grid: Grid, row: int, section: _Open, *, begins_page: bool) -> PrintedRow | None:
    labels: list[str] = []
    cells = grid.row_cells(row)
    value_cells: list[Cell] = []
    for cell in cells:
        if cell.col_start >= section.label_stop or (cell.col_stop > section.label_stop and looks_like_value(cell.text)):
            value_cells.append(cell)
            continue
        text = cell.text
        if is_blank(text) and begins_page and cell.col_stop < section.label_stop:
            # A merged label goes on over the page break; its text stands on the page before.
            above = grid.at(row - 1, cell.col_start) if row else None
            text = above.text if above is not None else ""
        if not is_blank(text):
            labels.append(as_printed(text))
    values = row_to_values(grid, row, value_cells, section.spans)
    if not labels and section.label_stop > 0 and all(is_blank(v.text) for v in values):
        return None
    page_no = next((c.page_no for c in cells if c.row_start == row), grid.page_no)
    return PrintedRow(tuple(labels), tuple(values), page_no, begins_page)
