"""Hand-made paper: rulings, characters and grids, as the page reader would deliver them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.geometry import BBox
from models.grid import Cell, Grid
from models.page import Char, PageContent, Ruling, TextLine, horizontal_ruling, vertical_ruling

SIZE = 10.0


def net(xs: Sequence[float], ys: Sequence[float]) -> list[Ruling]:
    """A ruling at every position, from edge to edge."""
    return [horizontal_ruling(y, xs[0], xs[-1]) for y in ys] + [vertical_ruling(x, ys[0], ys[-1]) for x in xs]


def set_text(text: str, x: float, top: float, size: float = SIZE, *, gap: float = 0.0) -> list[Char]:
    """Characters from ``x`` on: ASCII half as wide as it is high, others square; ``gap`` points between two of them.

    A space is a place left free, as the page reader leaves white space out.
    """
    found: list[Char] = []
    for char in text:
        width = size / 2 if char.isascii() else size
        if char != " ":
            found.append(Char(char, x, top, x + width, top + size, size))
        x += width + gap
    return found


def centred(text: str, x: float, top: float, size: float = SIZE) -> list[Char]:
    """Characters around ``x``."""
    width = sum(size / 2 if char.isascii() else size for char in text)
    return set_text(text, x - width / 2, top, size)


def sheet(
    *groups: Iterable[Char], rulings: Iterable[Ruling] = (), page_no: int = 1, height: float = 800.0
) -> PageContent:
    """A page 600 points wide."""
    chars = tuple(char for group in groups for char in group)
    return PageContent(page_no, 600.0, height, chars, tuple(rulings))


def cells_of(
    rows: Sequence[Sequence[str]], edges: Sequence[float], top: float, page_no: int, row_height: float = 20.0
) -> tuple[Cell, ...]:
    """Cells of a table written down as rows: ``<`` goes on from the left, ``^`` from above."""
    found: list[Cell] = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in {"<", "^"}:
                continue
            col_stop = c + 1
            while col_stop < len(row) and row[col_stop] == "<":
                col_stop += 1
            row_stop = r + 1
            while row_stop < len(rows) and rows[row_stop][c] == "^":
                row_stop += 1
            box = BBox(edges[c], top + r * row_height, edges[col_stop], top + row_stop * row_height) if edges else None
            found.append(Cell(r, row_stop, c, col_stop, text, page_no, box))
    return tuple(found)


def table(
    *rows: Sequence[str],
    page_no: int = 1,
    edges: Sequence[float] = (),
    top: float = 100.0,
    caption: str = "",
    reader: str = "test",
    page_breaks: tuple[int, ...] = (),
) -> Grid:
    """A grid written down as rows (see ``cells_of``); without ``edges`` it has no geometry."""
    cells = cells_of(rows, edges, top, page_no)
    box = BBox(edges[0], top, edges[-1], top + 20.0 * len(rows)) if edges else None
    return Grid(len(rows), len(rows[0]), cells, reader, page_no, box, page_breaks, caption, tuple(edges))


def with_flags(grid: Grid, text: str, *flags: str) -> Grid:
    """The grid with reason codes on the cell of this text."""
    cells = tuple(replace(c, flags=frozenset(flags)) if c.text == text else c for c in grid.cells)
    return replace(grid, cells=cells)


def text_line(text: str, top: float, page_no: int = 1) -> TextLine:
    """A line of running text 10 points high."""
    return TextLine(text, page_no, BBox(90.0, top, 90.0 + 10.0 * len(text), top + 10.0))


def text_lines(*texts: str) -> list[TextLine]:
    """Lines of a file without geometry."""
    return [TextLine(text, 1) for text in texts]
