"""The official form with all values, as the item page shows it below."""

from __future__ import annotations

import math
from dataclasses import dataclass

from models.reasons import reasons_text
from models.report import FieldValue, Report
from pipeline.export.form_view import BlockView, CellView, TableView, form_view
from pipeline.export.xlsx_layout import Span, label_depth, labels_to_spans
from pipeline.review.item_view import CellState, cell_states

# Marks that work without colour, by state of the cell.
_MARKS: dict[CellState, str] = {"review": "?", "broken": "!", "suspect": "!!", "person": "✓"}
_CLASSES: dict[CellState, str] = {"suspect": "broken", "accepted": ""}


@dataclass(frozen=True, slots=True)
class Heading:
    """A merged heading cell: text, columns and rows that it spans."""

    text: str
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell: its field, what stands in it, how it looks, what is said when pointed at, columns it spans."""

    field: str
    text: str
    mark: str
    look: str
    note: str
    columns: int


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row: the label cells that begin in it, and its values."""

    labels: tuple[Heading, ...]
    cells: tuple[FormCell, ...]


@dataclass(frozen=True, slots=True)
class FormBlock:
    """A header with its rows. ``depth`` is the number of label columns, ``width`` of all columns of the table."""

    title: str
    depth: int
    width: int
    header: tuple[tuple[Heading, ...], ...]
    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table of the form under its heading."""

    heading: str
    blocks: tuple[FormBlock, ...]


def form_tables(report: Report) -> tuple[FormTable, ...]:
    """The tables of the report's form; none where it is on no known form."""
    states = cell_states(report)
    return tuple(
        FormTable(view.table.heading, tuple(_block(view, block, states) for block in view.blocks))
        for view in form_view(report)
    )


def cell_text(value: FieldValue | None) -> str:
    """What stands in a cell: the number, else what is printed."""
    if value is None or value.kind == "absent":
        return "×"
    if value.kind == "blank":
        return ""
    return value.printed if value.value is None else value.value


def _block(view: TableView, block: BlockView, states: dict[str, CellState]) -> FormBlock:
    depth = label_depth(view.table)
    # Blocks of fewer columns are as wide as the others.
    units = math.lcm(*(len(b.block.columns) for b in view.blocks))
    each = units // len(block.block.columns)
    columns = labels_to_spans([c.label for c in block.block.columns])
    levels = max((s.level_stop for s in columns), default=0)
    header = tuple(
        tuple(Heading(s.text, (s.stop - s.first) * each, s.level_stop - s.level) for s in columns if s.level == level)
        for level in range(levels)
    )
    labels = labels_to_spans([row.path for row in block.rows])
    return FormBlock(
        block.block.title,
        depth,
        depth + units,
        header,
        tuple(
            FormRow(_labels(labels, number, depth), tuple(_cell(c, states, each) for c in row.cells))
            for number, row in enumerate(block.rows)
        ),
    )


def _labels(spans: list[Span], row: int, depth: int) -> tuple[Heading, ...]:
    deepest = max((s.level_stop for s in spans), default=0)
    found = [
        # The innermost label takes the columns that the labels of this block leave over.
        Heading(s.text, (depth if s.level_stop == deepest else s.level_stop) - s.level, s.stop - s.first)
        for s in spans
        if s.first == row
    ]
    if not spans and depth and row >= 0:
        found = [Heading("", depth, 1)]
    return tuple(found)


def _cell(cell: CellView, states: dict[str, CellState], columns: int) -> FormCell:
    state = states.get(cell.field.id, "absent")
    note = "" if cell.value is None else reasons_text(cell.value.reasons)
    return FormCell(
        cell.field.id,
        cell_text(cell.value),
        _MARKS.get(state, ""),
        _CLASSES.get(state, state),
        "\n".join(filter(None, (cell.field.label_zh, note))),
        columns,
    )
