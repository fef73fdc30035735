"""The tables of the form in the terminal: short labels, doubtful cells marked by colour and by a sign."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.export.form_view import BlockView, CellView
from pipeline.export.text import one_line, shorten, text_width

MIN_LABEL_WIDTH = 14  # columns
MAX_LABEL_WIDTH = 44  # columns
MIN_NUMBER_WIDTH = 6  # columns: five digits and a mark, or three characters of a header
MAX_TEXT_WIDTH = 12  # columns of a printed text that stands where a number should
BLANK_SIGN = "·"
ABSENT_SIGN = "\N{MULTIPLICATION SIGN}"
_GAP = 2  # columns between two columns

_REVIEW, _BROKEN, _SUSPECT, _EMPTY = "black on yellow", "bold red", "bold white on red", "dim"

LEGEND = Text.assemble(
    "\n",
    ("12?", _REVIEW),
    " 复核 to review   ",
    ("12!", _BROKEN),
    " 不平 broken sum   ",
    ("12!", _SUSPECT),
    " 可疑 suspect   ",
    (BLANK_SIGN, _EMPTY),
    " 空白 blank   ",
    (ABSENT_SIGN, _EMPTY),
    " 缺失 absent",
)


def render_block(view: BlockView, width: int) -> RenderableType:
    """One block of the form as a table at most ``width`` columns wide."""
    if len(view.rows) == 1 and not view.rows[0].path:
        return _pivoted(view, width)
    table = _table(view.block.title, [c.label[-1] for c in view.block.columns], _cells(view), width)
    shown: tuple[str, ...] = ()
    for row in view.rows:
        path = row.path
        # A parent stands on a line of its own above its first row, as on paper it stands beside them.
        same = next(
            (i for i, (a, b) in enumerate(zip(path, shown, strict=False)) if a != b), min(len(path), len(shown))
        )
        for level in range(min(same, len(path) - 1), len(path) - 1):
            table.add_row(_label(path[level], level))
        shown = path[:-1]
        table.add_row(_label(path[-1], len(path) - 1), *(cell_text(cell) for cell in row.cells))
    return table


def cell_text(cell: CellView) -> Text:
    """The value with its marks: ``22?`` to review, ``27!`` in a broken sum, ``·`` blank, ``×`` absent."""
    value = cell.value
    if value is None or cell.kind == "absent":
        text, style = ABSENT_SIGN, _EMPTY
    elif cell.kind == "blank":
        text, style = BLANK_SIGN, _EMPTY
    elif value.value is not None and cell.kind == "number":
        text, style = value.value, ""
    else:
        # Not a number that can be told: what is printed, so that a person sees why.
        text, style = shorten(one_line(value.printed), MAX_TEXT_WIDTH), ""
    style = _SUSPECT if cell.mark.suspect else _BROKEN if cell.mark.broken else _REVIEW if cell.review else style
    return Text(text + cell.symbols, style=style)


def _pivoted(view: BlockView, width: int) -> RenderableType:
    """A single wide row as one line a group of columns: the groups keep their official names, the width stays small."""
    leaves = list(dict.fromkeys(c.label[-1] for c in view.block.columns))
    groups: dict[tuple[str, ...], dict[str, CellView]] = {}
    for cell in view.rows[0].cells:
        groups.setdefault(cell.field.column.label[:-1], {})[cell.field.column.label[-1]] = cell
    table = _table("", leaves, _cells(view), width)
    for path, cells in groups.items():
        values = (cell_text(cells[leaf]) if leaf in cells else Text("") for leaf in leaves)
        table.add_row(_label(" / ".join(path), 0), *values)
    return table


def _table(title: str, columns: list[str], cells: Iterator[CellView], width: int) -> Table:
    widest = max((cell_text(cell).cell_len for cell in cells), default=0)
    share = (width - MAX_LABEL_WIDTH) // len(columns) - _GAP
    number_width = max(MIN_NUMBER_WIDTH, min(share, max(text_width(c) for c in columns)), widest)
    room = width - len(columns) * (number_width + _GAP) - _GAP
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False, pad_edge=False)
    # Labels are cut, numbers never: a number that lacks a digit would be a wrong number.
    label_width = max(MIN_LABEL_WIDTH, min(MAX_LABEL_WIDTH, room))
    table.add_column(title, width=label_width, no_wrap=True, overflow="ellipsis")
    for column in columns:
        table.add_column(column, width=number_width, justify="right", overflow="fold")
    return table


def _cells(view: BlockView) -> Iterator[CellView]:
    return (cell for row in view.rows for cell in row.cells)


def _label(text: str, level: int) -> Text:
    return Text("  " * level + text)
