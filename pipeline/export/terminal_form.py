"""The tables of the form in the terminal: short labels, doubtful cells marked by colour and by a sign."""

from __future__ import annotations

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
_GAP = 2  # columns between two columns: the padding of the left one and the (empty) divider

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
    """One block of the form as a table at most ``width`` columns wide, unless its numbers alone are wider."""
    if len(view.rows) == 1 and not view.rows[0].path:
        return _pivoted(view, width)
    columns = {c.label[-1]: [row.cells[i] for row in view.rows] for i, c in enumerate(view.block.columns)}
    table = _table(view.block.title, columns, width)
    shown: tuple[str, ...] = ()
    for row in view.rows:
        parents = row.path[:-1]
        # A parent stands on a line of its own above its first row, as on paper it stands beside them.
        known = next((i for i, (a, b) in enumerate(zip(parents, shown, strict=False)) if a != b), len(shown))
        for level, text in enumerate(parents):
            if level >= known:
                table.add_row(_label(text, level))
        shown = parents
        table.add_row(_label(row.path[-1], len(parents)), *(cell_text(cell) for cell in row.cells))
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
    groups: dict[tuple[str, ...], dict[str, CellView]] = {}
    columns: dict[str, list[CellView]] = {}
    for cell in view.rows[0].cells:
        path = cell.field.column.label
        groups.setdefault(path[:-1], {})[path[-1]] = cell
        columns.setdefault(path[-1], []).append(cell)
    table = _table("", columns, width)
    for path, cells in groups.items():
        table.add_row(_label(" / ".join(path), 0), *(cell_text(cells[c]) if c in cells else Text() for c in columns))
    return table


def _table(title: str, columns: dict[str, list[CellView]], width: int) -> Table:
    share = (width - MAX_LABEL_WIDTH) // len(columns) - _GAP
    widths = [
        max(MIN_NUMBER_WIDTH, min(share, text_width(heading)), *(cell_text(c).cell_len for c in cells))
        for heading, cells in columns.items()
    ]
    room = width - sum(widths) - len(widths) * _GAP
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    # Labels are cut, numbers never: a number that lacks a digit would be a wrong number.
    label_width = max(MIN_LABEL_WIDTH, min(MAX_LABEL_WIDTH, room))
    table.add_column(title, width=label_width, no_wrap=True, overflow="ellipsis")
    for heading, number_width in zip(columns, widths, strict=True):
        table.add_column(heading, width=number_width, justify="right", overflow="fold")
    return table


def _label(text: str, level: int) -> Text:
    return Text("  " * level + text)
