"""The three tables of the form as sheets, built from printed labels and printed cells."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from models.form import Form, FormBlock, FormRow, FormTable, load_form, row_key
from samples.labels import BALANCE_NOTE, CONTENT_HEADER
from samples.sheet import Sheet, SheetRows
from samples.style import Style, TableId

_LABEL_COLUMNS = 3
_HEADER_ROWS = 3


@dataclass(frozen=True)
class SheetInput:
    """What a sheet is built from: form, style, printed labels, shown cells, rows left out."""

    form: Form
    style: Style
    labels: Mapping[str, str]
    shown: Mapping[str, str]
    absent: frozenset[str]

    def label(self, official: str) -> str:
        """The printed wording of an official label."""
        return self.labels.get(official, official)

    def rows(self, table: FormTable, block: FormBlock) -> list[FormRow]:
        """Rows of the block that this report has."""
        replaced = {key for v in self.form.variants for key in v.replaces} if self.style.tables.merged_other else set()
        return [
            row
            for row in block.rows
            if (row.variant is None or self.style.tables.merged_other)
            and row_key(table, row) not in self.absent | replaced
        ]

    def drawn_as_picture(self, table: TableId) -> bool:
        """True where the table is an image."""
        return table in self.style.tables.pictures


def build_sheets(source: SheetInput, rng: random.Random) -> dict[TableId, list[Sheet]]:
    """The sheets of each table, in the order in which they are printed."""
    by_id = {table.id: table for table in source.form.tables}
    return {
        "proactive": _build_proactive(source, by_id["proactive"], rng),
        "requests": [_build_requests(source, by_id["requests"])],
        "disputes": [_build_disputes(source, by_id["disputes"])],
    }


def _build_proactive(source: SheetInput, table: FormTable, rng: random.Random) -> list[Sheet]:
    tables = source.style.tables
    counts = {len(block.columns) for block in table.blocks}
    units = 4 if tables.odd_spans else math.lcm(*counts)
    widths = (2.0, *([6.0 / units] * units))
    sheets: list[Sheet] = []
    rows = SheetRows()
    for block in table.blocks:
        _add_proactive_block(rows, source, table, block, units, rng)
        if tables.split_blocks:
            sheets.append(Sheet("proactive", tuple(rows.boxes), widths, 0, source.drawn_as_picture("proactive")))
            rows = SheetRows()
    if tables.extra_rows:
        rows.add(0, "政府信息公开发布总数量", "extra")
        rows.add(1, f"{rng.randint(40, 9_000)}条", "extra", cols=units)
        rows.next_row()
    if tables.empty_row:
        for col in range(units + 1):
            rows.add(col, "", "extra")
        rows.next_row()
    if rows.boxes:
        sheets.append(Sheet("proactive", tuple(rows.boxes), widths, 0, source.drawn_as_picture("proactive")))
    return sheets


def _add_proactive_block(
    rows: SheetRows, source: SheetInput, table: FormTable, block: FormBlock, units: int, rng: random.Random
) -> None:
    caption = source.label(block.title)
    if caption:
        rows.add(0, caption, "caption", cols=units + 1)
        rows.next_row()
    count = len(block.columns)
    header_spans, data_spans = _spans(count, units, odd=source.style.tables.odd_spans)
    leaves = [source.label(column.label[-1]) for column in block.columns]
    if source.style.tables.hybrid and block.id == "article20_1":
        leaves = [column.label[-1] for column in load_form("gk2019").block_of["article20_1"].columns]
    rows.add(0, source.label(CONTENT_HEADER), "header")
    rows.add_run(1, leaves, "header", header_spans)
    rows.next_row()
    for row in source.rows(table, block):
        rows.add(0, source.label(row.label[-1]), "label")
        col = 1
        for column, cols in zip(block.columns, data_spans, strict=True):
            cell = f"{row_key(table, row)}.{column.id}"
            rows.add(col, _shown(source, cell, rng), "value", cols=cols, cell=cell)
            col += cols
        rows.next_row()
    if source.style.tables.extra_rows and block.id == "article20_1":
        rows.add(0, "其他主动公开文件", "extra")
        rows.add_run(1, [str(rng.randint(1, 400)) for _ in range(count)], "extra", data_spans)
        rows.next_row()


def _shown(source: SheetInput, cell: str, rng: random.Random) -> str:
    """The cell as shown; a hybrid block shows numbers that the 2021 form has no fields for."""
    if cell in source.shown:
        return source.shown[cell]
    return str(rng.randint(0, 60)) if source.style.tables.hybrid else ""


def _spans(count: int, units: int, *, odd: bool) -> tuple[list[int], list[int]]:
    """Widths of the value columns in header and data rows; odd spans differ between the two, as on real web pages."""
    if odd and count == 3:
        return [1, 2, 1], [2, 1, 1]
    return [units // count] * count, [units // count] * count


def _build_requests(source: SheetInput, table: FormTable) -> Sheet:
    tables = source.style.tables
    block = table.blocks[0]
    rows = SheetRows()
    for _ in range(2 if tables.doubled_header else 1):
        _add_requests_header(rows, source, block)
    form_rows = source.rows(table, block)
    for index, row in enumerate(form_rows):
        _add_request_labels(rows, source, form_rows, index)
        for offset, column in enumerate(block.columns):
            cell = f"{row_key(table, row)}.{column.id}"
            rows.add(_LABEL_COLUMNS + offset, source.shown.get(cell, ""), "value", cell=cell)
        rows.next_row()
    value_width = 0.7 if tables.narrow else 1.1
    widths = (0.8, 2.2, 4.6, *([value_width] * len(block.columns)))
    return Sheet("requests", tuple(rows.boxes), widths, _HEADER_ROWS, source.drawn_as_picture("requests"))


def _add_requests_header(rows: SheetRows, source: SheetInput, block: FormBlock) -> None:
    top, middle = block.columns[1].label[:2]
    people, total = block.columns[0].label[-1], block.columns[-1].label[-1]
    organisations = [c.label[-1] for c in block.columns[1:-1]]
    first = _LABEL_COLUMNS
    rows.add(0, source.label(BALANCE_NOTE), "header", rows=3, cols=_LABEL_COLUMNS)
    rows.add(first, source.label(top), "header", cols=len(block.columns))
    rows.next_row()
    rows.add(first, source.label(people), "header", rows=2)
    _add_split(rows, first + 1, source.label(middle), len(organisations), source.style)
    rows.add(first + 1 + len(organisations), source.label(total), "header", rows=2)
    rows.next_row()
    rows.add_run(first + 1, [source.label(t) for t in organisations], "header", [1] * len(organisations))
    rows.next_row()


def _add_split(rows: SheetRows, col: int, text: str, cols: int, style: Style) -> None:
    """A header over several columns; where a stray ruling cuts it, an empty piece of one column stands before it."""
    if style.tables.split_header:
        rows.add(col, "", "header")
        rows.add(col + 1, text, "header", cols=cols - 1)
    else:
        rows.add(col, text, "header", cols=cols)


def _add_request_labels(rows: SheetRows, source: SheetInput, form_rows: list[FormRow], index: int) -> None:
    tables = source.style.tables
    label = form_rows[index].label
    if len(label) == 1:
        rows.add(0, source.label(label[0]), "label", cols=_LABEL_COLUMNS)
        return
    for level in range(len(label) - 1):
        run = _run_length(form_rows, index, level)
        if tables.group_labels == "repeated":
            rows.add(level, source.label(label[level]), "label")
        elif run:
            rows.add(level, _group_text(source, label[level], level), "group", rows=run)
    col = len(label) - 1
    if len(label) == 2 and tables.spare_label_cell and label[-1].startswith(("（六）", "（七）")):
        rows.add(col, source.label(label[-1]), "label")
        rows.add(col + 1, "", "label")
    else:
        rows.add(col, source.label(label[-1]), "label", cols=_LABEL_COLUMNS - col)


def _group_text(source: SheetInput, official: str, level: int) -> str:
    text = source.label(official)
    if level == 0 and source.style.tables.group_labels == "stacked":
        return "\n".join(text)
    return text


def _run_length(form_rows: list[FormRow], index: int, level: int) -> int:
    """How many rows share the parent label that begins in this row; 0 where it began above."""
    parents = form_rows[index].label[: level + 1]
    if index and form_rows[index - 1].label[: level + 1] == parents:
        return 0
    run = 1
    while index + run < len(form_rows) and form_rows[index + run].label[: level + 1] == parents:
        run += 1
    return run


def _build_disputes(source: SheetInput, table: FormTable) -> Sheet:
    block = table.blocks[0]
    rows = SheetRows()
    for _ in range(2 if source.style.tables.doubled_header else 1):
        rows.add(0, source.label("行政复议"), "header", cols=5)
        _add_split(rows, 5, source.label("行政诉讼"), 10, source.style)
        rows.next_row()
        for col, column in enumerate(block.columns[:5]):
            rows.add(col, source.label(column.label[-1]), "header", rows=2)
        rows.add(5, source.label("未经复议直接起诉"), "header", cols=5)
        rows.add(10, source.label("复议后起诉"), "header", cols=5)
        rows.next_row()
        leaves = [source.label(column.label[-1]) for column in block.columns[5:]]
        rows.add_run(5, leaves, "header", [1] * len(leaves))
        rows.next_row()
    for row in block.rows:
        for col, column in enumerate(block.columns):
            cell = f"{row_key(table, row)}.{column.id}"
            rows.add(col, source.shown.get(cell, ""), "value", cell=cell)
        rows.next_row()
    widths = (1.0,) * len(block.columns)
    return Sheet("disputes", tuple(rows.boxes), widths, _HEADER_ROWS, source.drawn_as_picture("disputes"))
