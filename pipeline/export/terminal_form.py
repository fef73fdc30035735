"""The tables of the form in the terminal: short labels, doubtful cells marked by colour and by a sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich import box
from rich.console import Group, RenderableType
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
    ("1?", _REVIEW),
    " 复核 review  ",
    ("1!", _BROKEN),
    " 不平 broken  ",
    ("1!!", _SUSPECT),
    " 可疑 suspect  ",
    (BLANK_SIGN, _EMPTY),
    " 空白 blank  ",
    (ABSENT_SIGN, _EMPTY),
    " 缺失 absent",
)


def render_block(view: BlockView, width: int) -> RenderableType:
    """One block of the form at most ``width`` columns wide.

    Labels are cut where the room is short. Numbers are neither cut nor broken, for a number that lacks a digit would be
    a wrong one: where they do not fit side by side, the columns go into several tables under each other.
    """
    pivoted = len(view.rows) == 1 and not view.rows[0].path
    headings, rows = _pivoted_rows(view) if pivoted else _rows(view)
    title = "" if pivoted else view.block.title
    labels = max(MIN_LABEL_WIDTH, text_width(title), *(min(row.width, MAX_LABEL_WIDTH) for row in rows))
    widths = _number_widths(headings, rows, width - labels)
    return Group(*(_table(title, headings, rows, widths[part], part, width) for part in _parts(widths, width)))


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


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a table; without numbers where it is the parent of the lines below it."""

    label: str
    level: int
    numbers: tuple[Text, ...] = ()

    @property
    def width(self) -> int:
        """Columns that the label takes with its indent."""
        return text_width(self.indented)

    @property
    def indented(self) -> str:
        """The label behind its indent."""
        return "  " * self.level + self.label


def _rows(view: BlockView) -> tuple[list[str], list[_Row]]:
    """The headings and lines of a block as it stands on paper."""
    rows: list[_Row] = []
    shown: tuple[str, ...] = ()
    for row in view.rows:
        parents = row.path[:-1]
        # A parent stands on a line of its own above its first row, as on paper it stands beside them.
        known = next((i for i, (a, b) in enumerate(zip(parents, shown, strict=False)) if a != b), len(shown))
        rows += [_Row(text, level) for level, text in enumerate(parents) if level >= known]
        shown = parents
        rows.append(_Row(row.path[-1], len(parents), tuple(cell_text(cell) for cell in row.cells)))
    return [column.label[-1] for column in view.block.columns], rows


def _pivoted_rows(view: BlockView) -> tuple[list[str], list[_Row]]:
    """A single wide row as one line a group of columns: the groups keep their official names, the width stays small."""
    groups: dict[tuple[str, ...], dict[str, CellView]] = {}
    for cell in view.rows[0].cells:
        path = cell.field.column.label
        groups.setdefault(path[:-1], {})[path[-1]] = cell
    headings = list(dict.fromkeys(heading for cells in groups.values() for heading in cells))
    rows = [
        _Row(" / ".join(path), 0, tuple(cell_text(cells[h]) if h in cells else Text() for h in headings))
        for path, cells in groups.items()
    ]
    return headings, rows


def _parts(widths: list[int], width: int) -> Iterator[slice]:
    """The runs of columns that fit beside a short label; a column that alone is too wide has a run of its own."""
    first, room = 0, width - MIN_LABEL_WIDTH
    for stop in range(1, len(widths) + 1):
        if stop == len(widths) or sum(w + _GAP for w in widths[first : stop + 1]) > room:
            yield slice(first, stop)
            first = stop


def _table(
    title: str, headings: list[str], rows: list[_Row], widths: list[int], part: slice, width: int
) -> RenderableType:
    labels = max(text_width(title), *(row.width for row in rows))
    room = width - sum(w + _GAP for w in widths)
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False, pad_edge=False)
    label_width = max(MIN_LABEL_WIDTH, min(labels, MAX_LABEL_WIDTH, room))
    table.add_column(title, width=label_width, no_wrap=True, overflow="ellipsis")
    for heading, number_width in zip(headings[part], widths, strict=True):
        table.add_column(heading, width=number_width, justify="right", overflow="fold")
    for row in rows:
        table.add_row(Text(row.indented), *row.numbers[part])
    return table


def _number_widths(headings: list[str], rows: list[_Row], room: int) -> list[int]:
    """Widths of the number columns: with whole headings if they fit in ``room``, else with headings on two lines."""
    numbers = [row.numbers for row in rows if row.numbers]
    least = [max(MIN_NUMBER_WIDTH, *(line[i].cell_len for line in numbers)) for i in range(len(headings))]
    whole = [max(a, text_width(heading)) for a, heading in zip(least, headings, strict=True)]
    if sum(w + _GAP for w in whole) <= room:
        return whole
    return [max(a, min(b, max(WHOLE_HEADING, _half(b)))) for a, b in zip(least, whole, strict=True)]


def _half(width: int) -> int:
    """Half the width, rounded up to whole Chinese characters of two columns."""
    return (width + 3) // 4 * 2
