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
MIN_NUMBER_WIDTH = 6  # columns: four digits and two marks, or three characters of a header
WHOLE_HEADING = 8  # columns: headings up to this width stand on one line where there is room
MAX_TEXT_WIDTH = 12  # columns of a printed text that stands where a number should
BLANK_SIGN = "·"
ABSENT_SIGN = "\N{MULTIPLICATION SIGN}"
_GAP = 1  # columns between two columns: the empty divider

_REVIEW, _BROKEN, _SUSPECT, _EMPTY = "black on yellow", "bold red", "bold white on red", "dim"

LEGEND = Text.assemble(
    "\n",
    ("12?", _REVIEW),
    " 复核 review  ",
    ("12!", _BROKEN),
    " 不平 broken sum  ",
    ("12!!", _SUSPECT),
    " 可疑 suspect  ",
    (BLANK_SIGN, _EMPTY),
    " 空白 blank  ",
    (ABSENT_SIGN, _EMPTY),
    " 缺失 absent",
)


def render_block(view: BlockView, width: int) -> RenderableType:
    """One block of the form as a table at most ``width`` columns wide, unless its numbers alone are wider."""
    if len(view.rows) == 1 and not view.rows[0].path:
        return _pivoted(view, width)
    columns = {c.label[-1]: [row.cells[i] for row in view.rows] for i, c in enumerate(view.block.columns)}
    table = _table(view.block.title, columns, width, _label_width(view))
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
    """The value with its marks: ``22?`` review, ``27!`` broken sum, ``27!!`` suspect, ``·`` blank, ``×`` absent."""
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
    table = _table("", columns, width, max(text_width(" / ".join(path)) for path in groups))
    for path, cells in groups.items():
        table.add_row(_label(" / ".join(path), 0), *(cell_text(cells[c]) if c in cells else Text() for c in columns))
    return table


def _table(title: str, columns: dict[str, list[CellView]], width: int, label_width: int) -> Table:
    labels = max(MIN_LABEL_WIDTH, text_width(title), min(label_width, MAX_LABEL_WIDTH))
    widths = _number_widths(columns, width - labels)
    # Labels are cut, numbers never: a number that lacks a digit would be a wrong number.
    labels = max(MIN_LABEL_WIDTH, min(labels, width - sum(widths) - len(widths) * _GAP))
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False, pad_edge=False)
    table.add_column(title, width=labels, no_wrap=True, overflow="ellipsis")
    for heading, number_width in zip(columns, widths, strict=True):
        table.add_column(heading, width=number_width, justify="right", overflow="fold")
    return table


def _number_widths(columns: dict[str, list[CellView]], room: int) -> list[int]:
    """Widths of the number columns: with whole headings if they fit in ``room``, else with headings on two lines."""
    least = [max(MIN_NUMBER_WIDTH, *(cell_text(c).cell_len for c in cells)) for cells in columns.values()]
    whole = [max(a, text_width(heading)) for a, heading in zip(least, columns, strict=True)]
    if sum(whole) + len(whole) * _GAP <= room:
        return whole
    return [max(a, min(b, max(WHOLE_HEADING, _half(b)))) for a, b in zip(least, whole, strict=True)]


def _half(width: int) -> int:
    """Half the width, rounded up to whole Chinese characters of two columns."""
    return (width + 3) // 4 * 2


def _label_width(view: BlockView) -> int:
    """Columns that the longest label takes with its indent."""
    return max(2 * level + text_width(text) for row in view.rows for level, text in enumerate(row.path))


def _label(text: str, level: int) -> Text:
    return Text("  " * level + text)
