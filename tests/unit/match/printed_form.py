"""A form as an office prints it, with a number of its own in every cell, ready to be damaged and to be matched.

A sheet is what stands on the paper; it becomes printed sections directly, through grids (as from HTML) or through
lines of one cell each (as copied out of a web page).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models.form import Form, FormBlock, FormTable, field_id, load_form, load_forms
from models.grid import Cell, Grid
from models.match import Matched
from models.page import TextLine
from models.report import FieldValue
from models.table import PrintedColumn, PrintedRow, PrintedSection, PrintedValue
from pipeline.config import DecideSettings
from pipeline.decide.decide_fields import decide_fields
from pipeline.match.sections_to_fields import match_report
from pipeline.tables.lines_to_sections import lines_to_sections
from pipeline.tables.opened_to_sections import grids_to_sections

# Numbers of the cells of a report begin here; no number is the beginning of another one.
FIRST_NUMBER = 1001
# Numbers of rows and columns that are not of the form begin here.
FIRST_FOREIGN_NUMBER = 5001


@dataclass(eq=False)
class Label:
    """One label cell of the paper. Rows and columns below a merged cell hold the same object."""

    text: str


@dataclass(eq=False)
class Row:
    """A printed row: label cells from parent to leaf, texts of the value cells."""

    labels: list[Label]
    values: list[str]
    begins_page: bool = False


@dataclass(eq=False)
class Column:
    """A printed value column: header cells from parent to leaf."""

    labels: list[Label]


@dataclass(eq=False)
class Block:
    """A printed block: its title (table one) and heading, its header, its rows."""

    table_id: str
    heading: str
    title: Label | None
    columns: list[Column]
    rows: list[Row]

    def drop_column(self, index: int) -> None:
        del self.columns[index]
        for row in self.rows:
            del row.values[index]

    def add_column(self, index: int, label: str, values: Sequence[str]) -> None:
        self.columns.insert(index, Column([Label(label)]))
        for row, value in zip(self.rows, values, strict=True):
            row.values.insert(index, value)

    def swap_columns(self, a: int, b: int) -> None:
        order = list(range(len(self.columns)))
        order[a], order[b] = b, a
        self.order_columns(order)

    def order_columns(self, order: Sequence[int]) -> None:
        self.columns = [self.columns[n] for n in order]
        for row in self.rows:
            row.values = [row.values[n] for n in order]


@dataclass(eq=False)
class Sheet:
    """The three tables of a report as printed; ``truth`` says which text is which field (blank cells: "")."""

    form_id: str
    blocks: list[Block]
    truth: dict[str, str] = field(default_factory=dict)

    def labels(self) -> list[Label]:
        """All label cells in printed order, each once."""
        found: dict[int, Label] = {}
        for block in self.blocks:
            cells = [block.title] if block.title is not None else []
            cells += [label for column in block.columns for label in column.labels]
            cells += [label for row in block.rows for label in row.labels]
            found |= {id(label): label for label in cells}
        return list(found.values())

    def row_labels(self) -> list[Label]:
        """The label cells of rows alone, each once."""
        return list({id(label): label for b in self.blocks for row in b.rows for label in row.labels}.values())

    def block(self, table_id: str, index: int = 0) -> Block:
        """The block of a table by its place in it."""
        return [b for b in self.blocks if b.table_id == table_id][index]

    def row(self, label: str, table_id: str = "requests") -> Row:
        """The row whose leaf label begins so."""
        rows = (r for b in self.blocks if b.table_id == table_id for r in b.rows)
        return next(r for r in rows if r.labels and r.labels[-1].text.startswith(label))

    def forget(self, row: Row) -> None:
        """The numbers of a row are no longer on the paper."""
        gone = set(row.values)
        self.truth = {i: v for i, v in self.truth.items() if not v or v not in gone}

    def drop_row(self, row: Row) -> None:
        self.forget(row)
        for block in self.blocks:
            block.rows = [r for r in block.rows if r is not row]


def print_form(form_id: str = "gk2021", *, merged: bool = False, first_number: int = FIRST_NUMBER) -> Sheet:
    """A form filled with numbers of which no two are equal.

    Args:
        form_id: ``gk2021`` or ``gk2019``.
        merged: With the rows of the first variant (（六）其他处理 as one row) instead of those that it replaces.
        first_number: The number in the first cell.
    """
    form = load_form(form_id)
    replaced = {k for v in form.variants for k in v.replaces}
    number = first_number
    sheet = Sheet(form_id, [])
    for table in form.tables:
        for block in table.blocks:
            printed = _empty_block(form, table, block)
            parents: dict[tuple[str, ...], Label] = {}
            for row in block.rows:
                is_replaced = f"{table.id}.{row.id}" in replaced
                if is_replaced if merged else row.variant is not None:
                    continue
                path = row.label[1:] if printed.title is not None else row.label
                values = []
                for column in block.columns:
                    values.append(str(number))
                    sheet.truth[field_id(table, row, column)] = str(number)
                    number += 1
                printed.rows.append(Row(_label_cells(path, parents), values))
            sheet.blocks.append(printed)
    return sheet


def _empty_block(form: Form, table: FormTable, block: FormBlock) -> Block:
    title = Label(block.title) if block.title else None
    parents: dict[tuple[str, ...], Label] = {}
    columns = [Column(_label_cells(c.label, parents)) for c in block.columns]
    return Block(table.id, table.heading, title, columns, [])


def _label_cells(path: Sequence[str], parents: dict[tuple[str, ...], Label]) -> list[Label]:
    cells = [parents.setdefault(tuple(path[: n + 1]), Label(text)) for n, text in enumerate(path[:-1])]
    return [*cells, *(Label(text) for text in path[-1:])]


def sheet_to_sections(sheet: Sheet) -> list[PrintedSection]:
    """The sections that a perfect table reader finds."""
    return [_block_to_section(b) for b in sheet.blocks if b.rows]


def _block_to_section(block: Block) -> PrintedSection:
    page_no = 1
    rows = []
    for row in block.rows:
        page_no += row.begins_page
        values = tuple(PrintedValue(text, n, page_no) for n, text in enumerate(row.values))
        rows.append(PrintedRow(_texts(row.labels), values, page_no, row.begins_page))
    columns = tuple(PrintedColumn(_texts(c.labels)) for c in block.columns)
    return PrintedSection(block.title.text if block.title else "", columns, tuple(rows), "pdfplumber")


def _texts(labels: Iterable[Label]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(label.text for label in labels if label.text))


def sheet_to_grids(sheet: Sheet) -> list[Grid]:
    """One grid a block, merged labels as spanning cells, page breaks marked."""
    return [_block_to_grid(b) for b in sheet.blocks if b.rows]


def _block_to_grid(block: Block) -> Grid:
    n_labels = max(len(r.labels) for r in block.rows)
    depth = max((len(c.labels) for c in block.columns), default=1)
    n_cols = n_labels + len(block.columns)
    cells: list[Cell] = []
    top = 0
    if block.title is not None:
        cells.append(Cell(0, 1, 0, n_cols, block.title.text))
        top = 1
    if n_labels:
        cells.append(Cell(top, top + depth, 0, n_labels, "信息内容"))
    header = [[_at(c.labels, level) for c in block.columns] for level in range(depth)]
    cells += _spans(header, top, n_labels, one_row=[len(c.labels) for c in block.columns])
    first = top + depth
    breaks = []
    for r, row in enumerate(block.rows, start=first):
        if row.begins_page:
            breaks.append(r)
        cells += [Cell(r, r + 1, n_labels + n, n_labels + n + 1, text) for n, text in enumerate(row.values)]
    side = [[_at(r.labels, level) for r in block.rows] for level in range(n_labels)]
    turned = _spans(side, 0, first, one_row=[len(r.labels) for r in block.rows])
    cells += [Cell(c.col_start, c.col_stop, c.row_start, c.row_stop, c.text) for c in turned]
    return Grid(first + len(block.rows), n_cols, tuple(cells), "lxml", page_breaks=tuple(breaks), caption=block.heading)


def _at(labels: Sequence[Label], level: int) -> Label | None:
    return labels[min(level, len(labels) - 1)] if labels else None


def _spans(levels: Sequence[Sequence[Label | None]], top: int, left: int, one_row: Sequence[int]) -> list[Cell]:
    """Cells of header rows: a label that stands in neighbouring slots is one cell; a leaf reaches to the last row."""
    cells = []
    for level, slots in enumerate(levels):
        start = 0
        while start < len(slots):
            label = slots[start]
            stop = start + 1
            while stop < len(slots) and slots[stop] is label and label is not None:
                stop += 1
            if label is not None and level < max(one_row[start], 1):
                is_leaf = level == one_row[start] - 1
                bottom = len(levels) if is_leaf else level + 1
                cells.append(Cell(top + level, top + bottom, left + start, left + stop, label.text))
            start = stop
    return cells


def sheet_to_lines(sheet: Sheet) -> list[TextLine]:
    """One line a cell, in reading order: header level by level, merged labels once."""
    texts: list[str] = []
    heading = ""
    for block in sheet.blocks:
        if not block.rows:
            continue
        if block.heading != heading:
            texts.append(block.heading)
            heading = block.heading
        texts += [block.title.text] if block.title is not None else []
        texts += ["信息内容"] if any(r.labels for r in block.rows) else []
        depth = max((len(c.labels) for c in block.columns), default=0)
        header = [c.labels[level] for level in range(depth) for c in block.columns if level < len(c.labels)]
        texts += [label.text for label in _once(header)]
        seen: set[int] = set()
        for row in block.rows:
            texts += [label.text for label in row.labels if id(label) not in seen]
            seen |= {id(label) for label in row.labels}
            texts += row.values
    return [TextLine(text, 1) for text in texts]


def _once(labels: Iterable[Label]) -> list[Label]:
    return list({id(label): label for label in labels}.values())


def lines_as_sections(sheet: Sheet) -> list[PrintedSection]:
    """The sections of a sheet read as lines."""
    return lines_to_sections(sheet_to_lines(sheet))


def grids_as_sections(sheet: Sheet) -> list[PrintedSection]:
    """The sections of a sheet read as grids."""
    return grids_to_sections(tuple(sheet_to_grids(sheet)))


READERS = {"sections": sheet_to_sections, "grids": grids_as_sections, "lines": lines_as_sections}


def read_sections(sections: Sequence[PrintedSection], year: int | None = None) -> Matched:
    """The match of sections on the better of the known forms.

    Raises:
        AssertionError: no form fits.
    """
    matched = match_report(sections, load_forms(), year=year)
    assert matched is not None
    return matched


def decide(matched: Matched) -> dict[str, FieldValue]:
    """The decided fields of a match."""
    return decide_fields(load_form(matched.form_id), matched, DecideSettings()).fields


def accepted(fields: Mapping[str, FieldValue]) -> dict[str, str | None]:
    """Id -> value of the accepted cells; fields replaced by a variant are no cells."""
    return {i: f.value for i, f in fields.items() if f.decision == "accept" and f.kind != "absent"}


def wrong_fields(sheet: Sheet, fields: Mapping[str, FieldValue]) -> list[str]:
    """What was accepted and is not so: one sentence each."""
    return [
        f"{i} accepted as {value}, printed {sheet.truth.get(i)}"
        for i, value in accepted(fields).items()
        if i not in sheet.truth or (sheet.truth[i] or None) != value
    ]
