"""Join the parts of a table that a page break has cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.grid import Cell, Grid
from models.page import TextLine
from models.text import CHINESE, squeeze
from pipeline.tables.page_furniture import is_page_number, running_heads

# Left and right edges of two parts of one table may differ by this. Points.
_EDGE_TOLERANCE_PT = 8.0
# Scans of two pages of one report differ in scale by less than this factor.
_MOST_STRETCH = 1.2
# A stroke of dirt so near beside the outer ruling of a scanned table makes a column that is none. Points.
_SLIVER_PT = 12.0
# On a scan lines with fewer Chinese characters, or less legible ones, may be dirt, or print of the other side; they
# keep no tables apart. Characters; 0..1.
_FEWEST_CHINESE, _LEAST_LEGIBLE = 3, 0.85
# Column lines of two parts nearer than this are the same line. Points.
COLUMN_TOLERANCE_PT = 4.0


def join_across_pages(
    grids: Sequence[Grid],
    lines: Sequence[TextLine],
    page_heights: Mapping[int, float],
    *,
    column_tolerance: float = COLUMN_TOLERANCE_PT,
    elastic: frozenset[int] = frozenset(),
) -> list[Grid]:
    """Grids with the parts of each table joined; ``page_breaks`` then tells where a new page begins.

    Args:
        grids: In reading order.
        lines: Running text of the same pages, with boxes.
        page_heights: Page number -> height in points; empty for files without pages.
        column_tolerance: Column lines of two parts nearer than this are the same line, in points.
        elastic: Numbers of pages whose scale is not known exactly (scans, photographs): a part on such a page is
            stretched to the width of the part before.
    """
    joined: list[Grid] = []
    last_page: list[int] = []
    lines = [line for line in lines if line.page_no not in elastic or _is_text(line)]
    furniture = _furniture(lines, page_heights, scanned=bool(elastic))
    for index, grid in enumerate(grids):
        way = _way(joined[-1], grid, column_tolerance, elastic=grid.page_no in elastic) if joined else None
        if way is not None and _continues(joined[-1], last_page[-1], grid, grids[:index], lines, furniture, way):
            joined[-1] = _append(joined[-1], grid, column_tolerance, way)
            last_page[-1] = grid.page_no
        else:
            joined.append(grid)
            last_page.append(grid.page_no)
    return joined


def _is_text(line: TextLine) -> bool:
    """True for a line of a scan that is more than dirt. Captions above a picture come from the file around it."""
    is_caption = line.bbox is not None and line.bbox.top < 0
    return is_caption or (line.score >= _LEAST_LEGIBLE and len(CHINESE.findall(line.text)) >= _FEWEST_CHINESE)


def join_without_geometry(grids: Sequence[Grid], is_header: Sequence[bool]) -> list[Grid]:
    """The same for HTML and DOCX, where a table may be cut into several: same number of columns, no text between.

    ``is_header[i]`` is True where grid ``i`` begins with a header or a title of its own.
    """
    joined: list[Grid] = []
    for grid, own_header in zip(grids, is_header, strict=True):
        before = joined[-1] if joined else None
        if (
            before is not None
            and not own_header
            and before.n_cols == grid.n_cols
            and before.caption == grid.caption
            and before.reader == grid.reader
        ):
            joined[-1] = _stack(before, grid.cells, grid.n_rows, before.n_cols, before.col_edges)
        else:
            joined.append(grid)
    return joined


def _furniture(lines: Sequence[TextLine], heights: Mapping[int, float], *, scanned: bool) -> set[TextLine]:
    """Page numbers and running heads among the lines."""
    placed = [(line, line.bbox.center[1]) for line in lines if line.bbox is not None]
    texts = ((line.page_no, line.text, centre) for line, centre in placed)
    heads = running_heads(texts, heights, scanned=scanned)
    return {
        line
        for line, centre in placed
        if (line.page_no, squeeze(line.text)) in heads
        or is_page_number(line.text, centre, heights.get(line.page_no, 0.0))
    }


@dataclass(frozen=True, slots=True)
class _Way:
    """From places on one page to places on the page before: a factor, then a shift in points.

    ``off`` is how far the outer rulings of the two parts then are from each other, in points.
    """

    factor: float
    shift: float
    off: float

    def moved(self, edges: Sequence[float]) -> list[float]:
        """The places on the page before."""
        return [x * self.factor + self.shift for x in edges]


def _way(before: Grid, grid: Grid, tolerance: float, *, elastic: bool) -> _Way | None:
    """How a part lies to the part before; None where their columns are not known.

    Parts on scans are stretched to the same width, within what differs from one scan to the next. Of the outer rulings
    those count that bring most of the others together.
    """
    if not before.col_edges or not grid.col_edges:
        return None
    (left, right), (old_left, old_right) = ((e[0], e[-1]) for e in (grid.col_edges, before.col_edges))
    plain = _Way(1.0, old_left - left, abs((old_right - old_left) - (right - left)))
    if not elastic:
        return plain
    ways = [
        way
        for a, b in _ends(before.col_edges)
        for c, d in _ends(grid.col_edges)
        if (way := _stretched(a, b, c, d)) is not None
    ]

    def together(way: _Way) -> float:
        off = (min(abs(x - y) for y in before.col_edges) for x in way.moved(grid.col_edges))
        return sum(max(0.0, tolerance - distance) for distance in off)

    return max(ways, key=together, default=plain)


def _ends(edges: Sequence[float]) -> list[tuple[float, float]]:
    """The outer rulings, (left, right) in points; first those farthest out."""
    lefts = [x for x in edges[:2] if x - edges[0] <= _SLIVER_PT]
    rights = [x for x in edges[:-3:-1] if edges[-1] - x <= _SLIVER_PT]
    return [(a, b) for a in lefts for b in rights if a < b]


def _stretched(old_left: float, old_right: float, left: float, right: float) -> _Way | None:
    factor = (old_right - old_left) / (right - left)
    return _Way(factor, old_left - left * factor, 0.0) if 1 / _MOST_STRETCH <= factor <= _MOST_STRETCH else None


def _continues(
    before: Grid,
    before_page: int,
    grid: Grid,
    earlier: Sequence[Grid],
    lines: Sequence[TextLine],
    furniture: set[TextLine],
    way: _Way,
) -> bool:
    if grid.page_no != before_page + 1 or way.off > _EDGE_TOLERANCE_PT:
        return False
    if any(g.page_no == grid.page_no for g in earlier):
        return False
    end = max((c.bbox.bottom for c in before.cells if c.bbox and c.page_no == before_page), default=0.0)
    start = min((c.bbox.top for c in grid.cells if c.bbox), default=0.0)
    for line in lines:
        if line.bbox is None or line in furniture or not line.text.strip():
            continue
        if (line.page_no == before_page and line.bbox.top >= end - 1) or (
            line.page_no == grid.page_no and line.bbox.bottom <= start + 1
        ):
            return False
    return True


def _append(before: Grid, grid: Grid, tolerance: float, way: _Way) -> Grid:
    moved_edges = way.moved(grid.col_edges)
    edges = _merged_edges([*before.col_edges, *moved_edges], tolerance)
    old = [_nearest(edges, x) for x in before.col_edges]
    new = [_nearest(edges, x) for x in moved_edges]
    cells = tuple(replace(c, col_start=old[c.col_start], col_stop=old[c.col_stop]) for c in before.cells)
    moved = tuple(replace(c, col_start=new[c.col_start], col_stop=new[c.col_stop]) for c in grid.cells)
    return _stack(replace(before, cells=cells), moved, grid.n_rows, len(edges) - 1, edges)


def _stack(before: Grid, cells: tuple[Cell, ...], n_rows: int, n_cols: int, edges: tuple[float, ...]) -> Grid:
    offset = before.n_rows
    moved = tuple(replace(c, row_start=c.row_start + offset, row_stop=c.row_stop + offset) for c in cells)
    return replace(
        before,
        n_rows=offset + n_rows,
        n_cols=n_cols,
        cells=before.cells + moved,
        page_breaks=(*before.page_breaks, offset),
        col_edges=edges,
    )


def _merged_edges(values: Sequence[float], tolerance: float) -> tuple[float, ...]:
    groups: list[list[float]] = []
    for x in sorted(values):
        if groups and x - groups[-1][0] <= tolerance:
            groups[-1].append(x)
        else:
            groups.append([x])
    return tuple(sum(g) / len(g) for g in groups)


def _nearest(edges: Sequence[float], x: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - x))
