"""Read the pixels of one page: straighten, find rulings, read each cell by itself, and all other text as lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from models.geometry import BBox
from models.grid import Cell, Grid
from models.page import PageContent, Ruling, TextLine
from models.reading import CellPicture
from models.text import CHINESE
from models.vocabulary import vocabulary
from pipeline.config import OcrSettings
from pipeline.ocr.engine import Engines, PlacedLine
from pipeline.read_cells import READER, read_cells
from pipeline.scan.cell_ink import BORDER_PT, CellInk, cells_to_ink
from pipeline.scan.faint_rulings import faint_rulings
from pipeline.scan.ink_in_boxes import count_letters, hold_numbers_apart
from pipeline.scan.level_stacks import is_rest_of_ruling, level_rows, lie_beside, without_loose_strokes
from pipeline.scan.lost_columns import Span, lost_columns
from pipeline.scan.orientation import sample_lines, turn_over
from pipeline.scan.page_image import PackedPage, PageImage, UprightPage, map_box, pack
from pipeline.scan.pen_strokes import without_pens
from pipeline.scan.rulings import find_rulings
from pipeline.scan.short_rulings import short_rulings
from pipeline.scan.straighten import cut_left, straighten
from pipeline.scan_words import holds_row_of_numbers, lines_to_words, words_to_content
from pipeline.tables.bridges import cut_bridges
from pipeline.tables.rulings_to_grid import Lattice, rulings_to_lattices

# A net of fewer cells is a frame around text, or a crossing of dirt.
_FEWEST_CELLS = 2
# Smaller nets are dirt or ornaments. Points.
_NARROWEST_TABLE_PT, _LOWEST_TABLE_PT = 100.0, 9.0
# Text outside tables begins this far from them. Points.
_BESIDE_PT = 1.5
# Lines read with this mean score stand upright. A page is turned over where its lines are then read with so high a
# score, and so much higher than before. 0..1.
_LEGIBLE, _LEAST_TURNED, _TURNED_LEAD = 0.85, 0.4, 0.1
# The first of the wide scripts; everything below takes half the width.
_FIRST_WIDE = 0x2E7F
# Numbers of several cells, with what is left of the ruling between them.
_NUMBERS = re.compile(r"[\d\s|.,oO-]+")
# A cell with so many Chinese characters is a label; a damaged number may be read as one or two.
_LABEL_CHARS = 3
# Text outside ruled tables with this many form words is a table without rulings; prose names two.
UNRULED_HINTS = 3
# Level rulings as long as this tell where the print of a page begins; it is brought to this distance from the edge.
# Rulings near to the upper and lower edge are those of the glass. Points.
_LONG_RULING_PT, _ENOUGH_RULINGS, _MARGIN_PT, _RIM_PT = 150.0, 4, 50.0, 20.0
# More pieces of ink as large as characters are no dirt in a margin.
_MOST_LETTERS = 15
# Strips of paper between tables lower than this hold no line. Points.
_LOWEST_STRIP_PT = 7.0


@dataclass(frozen=True)
class ScannedPage:
    """A page read from its pixels. All boxes are those of the upright page; ``upright.to_stored`` leads back.

    ``grids`` are the ruled tables, ``lines`` the text outside them, ``content`` the same text as characters for tables
    without rulings. ``stored_size`` is (width, height) of the page as stored, in points.
    """

    grids: tuple[Grid, ...]
    lines: tuple[TextLine, ...]
    content: PageContent
    upright: PackedPage = field(repr=False)
    stored_size: tuple[float, float] | None = None

    def stored(self, box: BBox) -> BBox:
        """A box of the upright page in points of the page as stored."""
        return map_box(self.upright.to_stored, box)


def read_scan(page: PageImage, engines: Engines, settings: OcrSettings) -> ScannedPage:
    """The tables and the text of a page.

    Raises:
        StageError: an engine failed.
    """
    upright = _right_way_up(straighten(page), engines)
    rulings, strength = _find_rulings(upright)
    left = _left_edge(rulings, upright)
    if left > 0:
        # Pages of one report lie differently on the glass; columns of a table go on at the same place.
        upright = cut_left(upright, left)
        rulings = [moved for r in rulings if (moved := _moved_left(r, left)) is not None]
    lattices = _complete(rulings, strength, upright)
    cells = [_box(lattice, span) for lattice in lattices for span in lattice.cells]
    cleared = without_pens(upright, [*cells, *level_rows(rulings)])
    if cleared is not upright:
        # Pen strokes may have looked like rulings.
        upright = cleared
        rulings, strength = _find_rulings(upright)
        lattices = _complete(rulings, strength, upright)
    grids = tuple(_lattice_to_grid(lattice, upright, engines, settings) for lattice in lattices)
    boxes = [lat.bbox for lat in lattices]
    placed = _text_outside(upright, boxes, engines, hints=_hints_needed(rulings, boxes))
    beside = lie_beside([line.box for line in placed], rulings)
    placed = [
        line
        for line, is_beside in zip(placed, beside, strict=True)
        if not is_beside and not is_rest_of_ruling(line.text, line.box, rulings)
    ]
    lines = tuple(TextLine(line.text, page.page_no, line.box, round(line.score, 4)) for line in placed)
    return ScannedPage(
        grids, lines, words_to_content(upright, placed, rulings), pack(upright), (page.width, page.height)
    )


def _find_rulings(page: UprightPage) -> tuple[list[Ruling], float]:
    rulings, strength = find_rulings(page)
    return without_loose_strokes(cut_bridges(rulings)), strength


def _complete(rulings: list[Ruling], strength: float, page: UprightPage) -> list[Lattice]:
    """The tables of a page; rulings too faint to be found by themselves, and lost ones, are added to the list."""
    for lattice in rulings_to_lattices(rulings):
        if _is_large(lattice):
            rulings += short_rulings(page, lattice.xs, lattice.ys, strength)
        if _is_table(lattice):
            rulings += faint_rulings(page, lattice.xs, lattice.ys, strength)
    lattices = [lattice for lattice in rulings_to_lattices(rulings) if _is_table(lattice)]
    lost = [r for lattice in lattices for r in lost_columns(page, lattice.xs, lattice.ys, lattice.cells)]
    if not lost:
        return lattices
    rulings += lost
    return [lattice for lattice in rulings_to_lattices(rulings) if _is_table(lattice)]


def _left_edge(rulings: Sequence[Ruling], page: UprightPage) -> float:
    """Width of the margin that is more than usual, in points; 0 where rulings do not tell."""
    starts = sorted(
        r.start
        for r in rulings
        if r.horizontal and r.stop - r.start >= _LONG_RULING_PT and _RIM_PT < r.position < page.height - _RIM_PT
    )
    if len(starts) < _ENOUGH_RULINGS:
        return 0.0
    left = max(0.0, starts[len(starts) // _ENOUGH_RULINGS] - _MARGIN_PT)
    # Rulings that have faded on their left begin in the midst of the print.
    return left if count_letters(page, BBox(0.0, _RIM_PT, left, page.height - _RIM_PT)) <= _MOST_LETTERS else 0.0


def _moved_left(ruling: Ruling, by: float) -> Ruling | None:
    if not ruling.horizontal:
        return replace(ruling, position=ruling.position - by) if ruling.position > by else None
    return replace(ruling, start=max(0.0, ruling.start - by), stop=ruling.stop - by) if ruling.stop > by else None


def _is_table(lattice: Lattice) -> bool:
    return len(lattice.cells) >= _FEWEST_CELLS and _is_large(lattice)


def _is_large(lattice: Lattice) -> bool:
    return lattice.bbox.width >= _NARROWEST_TABLE_PT and lattice.bbox.height >= _LOWEST_TABLE_PT


def _right_way_up(page: UprightPage, engines: Engines) -> UprightPage:
    """The page, turned over where its lines can be read better upside down."""
    lines = sample_lines(page)
    if not lines:
        return page
    score = _legibility(lines, engines)
    if score >= _LEGIBLE:
        return page
    turned = _legibility([line[::-1, ::-1] for line in lines], engines)
    return turn_over(page) if turned >= max(_LEAST_TURNED, score + _TURNED_LEAD) else page


def _legibility(lines: Sequence[NDArray[np.uint8]], engines: Engines) -> float:
    """Mean score of some lines, 0..1; characters of Chinese count, marks and digits may look the same turned over."""
    readings = engines.second.read_lines([np.ascontiguousarray(line) for line in lines])
    scores = [r.score if any(ord(c) > _FIRST_WIDE for c in r.text) else 0.0 for r in readings]
    return float(np.mean(scores))


def _lattice_to_grid(lattice: Lattice, page: UprightPage, engines: Engines, settings: OcrSettings) -> Grid:
    cells = _read_spans(lattice, lattice.cells, page, engines, settings)
    irregular = {lattice.cells[i] for i in lattice.irregular}
    found: list[Cell] = []
    parts: list[Span] = []
    for cell in cells:
        span = (cell.row_start, cell.row_stop, cell.col_start, cell.col_stop)
        own = _run_together(lattice, cell, page)
        parts += own
        if not own:
            doubts = {"irregular_cell"} if span in irregular and cell.text else set()
            found.append(replace(cell, flags=cell.flags | doubts))
    if parts:
        # All at once: the ink of the whole page is looked at each time.
        found += _read_spans(lattice, parts, page, engines, settings)
        found.sort(key=lambda c: (c.row_start, c.col_start))
    return Grid(
        n_rows=len(lattice.ys) - 1,
        n_cols=len(lattice.xs) - 1,
        cells=tuple(found),
        reader=READER,
        page_no=page.page_no,
        bbox=lattice.bbox,
        col_edges=lattice.xs,
    )


def _read_spans(
    lattice: Lattice, spans: Sequence[Span], page: UprightPage, engines: Engines, settings: OcrSettings
) -> list[Cell]:
    boxes = [_box(lattice, span) for span in spans]
    inks = cells_to_ink(page, boxes)
    texts = read_cells(inks, engines, settings)
    return [
        Cell(*span, text, page.page_no, box, flags, readings, _picture(ink, text))
        for span, box, ink, (text, readings, flags) in zip(spans, boxes, inks, texts, strict=True)
    ]


def _picture(ink: CellInk, text: str) -> CellPicture | None:
    """The picture of a cell that may hold a number, whatever was read; those of labels are not needed any more."""
    return ink.picture if len(CHINESE.findall(text)) < _LABEL_CHARS else None


def _box(lattice: Lattice, span: Span) -> BBox:
    """The box of a cell in points."""
    r0, r1, c0, c1 = span
    return BBox(lattice.xs[c0], lattice.ys[r0], lattice.xs[c1], lattice.ys[r1])


def _run_together(lattice: Lattice, cell: Cell, page: UprightPage) -> list[Span]:
    """The parts of a cell in which numbers of several rows or columns stand because a ruling between them is lost.

    Rows and columns are those that rulings elsewhere in the table make. Each part must hold ink, and none of it may
    cross from one to the other. Labels are left alone: theirs may stand above one another in one cell.
    """
    rows, columns = cell.row_stop - cell.row_start, cell.col_stop - cell.col_start
    if rows * columns == 1 or not cell.text or not _holds_numbers(cell.text):
        return []
    parts = [
        (r, r + 1, c, c + 1) for r in range(cell.row_start, cell.row_stop) for c in range(cell.col_start, cell.col_stop)
    ]
    if _hold_apart(lattice, cell, parts, page):
        return parts
    if columns > 1 or rows == 2:  # noqa: PLR2004 - there is no other way to cut two rows
        return []
    # A word of the header, which may stand over several rows, with the first number below it.
    halves = [
        [(cell.row_start, r, cell.col_start, cell.col_stop), (r, cell.row_stop, cell.col_start, cell.col_stop)]
        for r in range(cell.row_start + 1, cell.row_stop)
    ]
    apart = [two for two in halves if _hold_apart(lattice, cell, two, page)]
    return apart[0] if len(apart) == 1 else []


def _hold_apart(lattice: Lattice, cell: Cell, parts: Sequence[Span], page: UprightPage) -> bool:
    """True where each part of a cell holds a number of its own; the borders of the cell are left out."""
    whole = _box(lattice, (cell.row_start, cell.row_stop, cell.col_start, cell.col_stop))
    x0, top, x1, bottom = whole.x0 + BORDER_PT, whole.top + BORDER_PT, whole.x1 - BORDER_PT, whole.bottom - BORDER_PT
    boxes = [_box(lattice, part) for part in parts]
    return hold_numbers_apart(
        page, [BBox(max(b.x0, x0), max(b.top, top), min(b.x1, x1), min(b.bottom, bottom)) for b in boxes]
    )


def _holds_numbers(text: str) -> bool:
    """True for numbers, and for a number below dirt or a short word of a header."""
    is_short = len(CHINESE.findall(text)) < _LABEL_CHARS
    return _NUMBERS.fullmatch(text) is not None or (is_short and any(c.isdigit() for c in text))


def _hints_needed(rulings: Sequence[Ruling], tables: Sequence[BBox]) -> int:
    """Number of form words that make a table without rulings of what lies outside the given ones.

    Level rulings in a row say it too: a page may hold no more of the form than the end of its last table.
    """
    loose = [
        r.position
        for r in rulings
        if r.horizontal
        and r.stop - r.start >= _LONG_RULING_PT
        and not any(t.top - _BESIDE_PT <= r.position <= t.bottom + _BESIDE_PT for t in tables)
    ]
    return 1 if len(loose) >= _ENOUGH_RULINGS else UNRULED_HINTS


def _text_outside(
    page: UprightPage, tables: Sequence[BBox], engines: Engines, *, hints: int = UNRULED_HINTS
) -> list[PlacedLine]:
    """The lines of a page outside its tables, read strip by strip: a detector has nothing to look for inside them."""
    size = page.px_per_pt
    edges = sorted((t.top - _BESIDE_PT, t.bottom + _BESIDE_PT) for t in tables)
    stops = list(accumulate((b for _, b in edges), max, initial=0.0))
    strips = [(a, b) for a, b in zip(stops, [*(t for t, _ in edges), page.height], strict=True)]
    lines = []
    for top, bottom in strips:
        if bottom - top < _LOWEST_STRIP_PT:
            continue
        strip = page.gray[round(top * size) : round(bottom * size)]
        if not (strip < 128).any():  # noqa: PLR2004 - half way to black
            continue
        for line in engines.page.read_page(np.ascontiguousarray(strip)):
            box = BBox(line.box.x0 / size, line.box.top / size + top, line.box.x1 / size, line.box.bottom / size + top)
            lines.append(PlacedLine(line.text, line.score, box))
    if holds_row_of_numbers(lines):
        hints = min(hints, 1)
    if vocabulary().telling_hits("".join(line.text for line in lines)) < hints:
        return lines
    return lines_to_words(page, lines, tables, engines)


def to_stored(grid: Grid, pages: Mapping[int, ScannedPage]) -> Grid:
    """The grid with the boxes of its scanned cells as stored."""
    cells = tuple(
        replace(c, bbox=pages[c.page_no].stored(c.bbox)) if c.bbox is not None and c.page_no in pages else c
        for c in grid.cells
    )
    return replace(grid, cells=cells)
