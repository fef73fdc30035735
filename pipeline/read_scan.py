"""Read the pixels of one page: straighten, find rulings, read each cell by itself, and all other text as lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from models.geometry import BBox
from models.grid import Cell, Grid
from models.page import Char, PageContent, Ruling, TextLine
from models.reading import CellPicture, Reading
from models.text import squeeze
from models.value_text import looks_like_value
from models.vocabulary import vocabulary
from pipeline.config import OcrSettings
from pipeline.ocr.engine import Engines, PlacedLine
from pipeline.ocr.vote import LOW_SCORE, Vote, is_number, vote
from pipeline.scan.cell_ink import CellInk, all_hold_ink, cells_to_ink
from pipeline.scan.faint_rulings import faint_rulings
from pipeline.scan.orientation import sample_lines, turn_over
from pipeline.scan.page_image import PackedPage, PageImage, UprightPage, map_box, pack
from pipeline.scan.pen_strokes import without_pens
from pipeline.scan.rulings import find_rulings
from pipeline.scan.straighten import cut_left, straighten
from pipeline.scan.word_ink import overlooked_words, split_at_gaps, text_ink
from pipeline.tables.rulings_to_grid import Lattice, rulings_to_lattices

READER = "scan"
# A net of fewer cells is a frame around text, or a crossing of dirt.
_FEWEST_CELLS = 2
# Smaller nets are dirt or ornaments. Points.
_NARROWEST_TABLE_PT, _LOWEST_TABLE_PT = 100.0, 9.0
# Text outside tables begins this far from them. Points.
_BESIDE_PT = 1.5
# Boxes of words are widened by this share of their height before the ink in them is looked for.
_AROUND_SHARE = 0.2
# Lines read with this mean score stand upright, 0..1.
_LEGIBLE = 0.85
# The first of the wide scripts; everything below takes half the width.
_FIRST_WIDE = 0x2E7F
# Numbers of several cells, with what is left of the ruling between them.
_NUMBERS = re.compile(r"[\d\s|.,oO-]+")
# A mark such as / is read by one engine; below this it is unsure, 0..1.
_SURE_MARK = 0.95
# Inner margin of a cell on one side, at most. Points.
_WIDEST_PADDING_PT = 6.0
# Text outside ruled tables with this many form words is a table without rulings; prose names two.
UNRULED_HINTS = 3
# Level rulings as long as this tell where the print of a page begins; it is brought to this distance from the edge.
# Rulings near to the upper and lower edge are those of the glass. Points.
_LONG_RULING_PT, _ENOUGH_RULINGS, _MARGIN_PT, _RIM_PT = 150.0, 4, 50.0, 20.0
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
    rulings, strength = find_rulings(upright)
    left = _left_edge(rulings, upright)
    if left > 0:
        # Pages of one report lie differently on the glass; columns of a table go on at the same place.
        upright = cut_left(upright, left)
        rulings = [moved for r in rulings if (moved := _moved_left(r, left)) is not None]
    lattices = _complete(rulings, strength, upright)
    cleared = without_pens(upright, [_box(lattice, span) for lattice in lattices for span in lattice.cells])
    if cleared is not upright:
        # Pen strokes may have looked like rulings.
        upright = cleared
        rulings, strength = find_rulings(upright)
        lattices = _complete(rulings, strength, upright)
    grids = tuple(_lattice_to_grid(lattice, upright, engines, settings) for lattice in lattices)
    placed = _text_outside(upright, [lat.bbox for lat in lattices], engines)
    lines = tuple(TextLine(line.text, page.page_no, line.box) for line in placed)
    return ScannedPage(grids, lines, _to_content(upright, placed, rulings), pack(upright), (page.width, page.height))


def _complete(rulings: list[Ruling], strength: float, page: UprightPage) -> list[Lattice]:
    """The tables of a page; rulings too faint to be found by themselves are added to the list."""
    for lattice in rulings_to_lattices(rulings):
        if _is_table(lattice):
            rulings += faint_rulings(page, lattice.xs, lattice.ys, strength)
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
    return max(0.0, starts[len(starts) // _ENOUGH_RULINGS] - _MARGIN_PT)


def _moved_left(ruling: Ruling, by: float) -> Ruling | None:
    if not ruling.horizontal:
        return replace(ruling, position=ruling.position - by) if ruling.position > by else None
    return replace(ruling, start=max(0.0, ruling.start - by), stop=ruling.stop - by) if ruling.stop > by else None


def _is_table(lattice: Lattice) -> bool:
    return (
        len(lattice.cells) >= _FEWEST_CELLS
        and lattice.bbox.width >= _NARROWEST_TABLE_PT
        and lattice.bbox.height >= _LOWEST_TABLE_PT
    )


def _right_way_up(page: UprightPage, engines: Engines) -> UprightPage:
    """The page, turned over where its lines can be read better upside down."""
    lines = sample_lines(page)
    if not lines:
        return page
    score = _legibility(lines, engines)
    if score >= _LEGIBLE:
        return page
    return turn_over(page) if _legibility([line[::-1, ::-1] for line in lines], engines) > score else page


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


Span = tuple[int, int, int, int]
"""Half-open rows and columns of a cell: row_start, row_stop, col_start, col_stop."""


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
    """The picture of a cell that may hold a number; those of labels are not needed any more."""
    return ink.picture if not text or looks_like_value(text) else None


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
    if rows * columns == 1 or not cell.text or not _NUMBERS.fullmatch(cell.text):
        return []
    parts = [
        (r, r + 1, c, c + 1) for r in range(cell.row_start, cell.row_stop) for c in range(cell.col_start, cell.col_stop)
    ]
    boxes = [_box(lattice, span) for span in parts]
    return parts if all_hold_ink(page, boxes) else []


CellText = tuple[str, tuple[Reading, ...], frozenset[str]]
"""Text of a cell with line feeds between its lines, what each engine read, reason codes."""


def read_cells(inks: Sequence[CellInk], engines: Engines, settings: OcrSettings) -> list[CellText]:
    """The text of each cell; cells that may be numbers are read by both engines.

    Raises:
        StageError: an engine failed.
    """
    readings = iter(engines.first.read_lines([line.crop for ink in inks for line in ink.lines]))
    first = [[next(readings) for _ in ink.lines] for ink in inks]
    numbers = [i for i, lines in enumerate(first) if lines and all(is_number(line) for line in lines)]
    again = iter(engines.second.read_lines([line.clean for i in numbers for line in inks[i].lines]))
    second = {i: [next(again) for _ in inks[i].lines] for i in numbers}
    found: list[CellText] = []
    for i, lines in enumerate(first):
        doubts = _doubts(inks[i])
        if i in second:
            votes = [
                vote([(engines.first.name, a), (engines.second.name, b)], accept_score=settings.accept_score)
                for a, b in zip(lines, second[i], strict=True)
            ]
            text, voices, flags = _joined(inks[i], votes)
            found.append((text, voices, flags | doubts))
        else:
            score = min((line.score for line in lines), default=1.0)
            # What is faint and no number gives no text, but it may have been a number.
            text = "" if inks[i].is_faint else "\n".join(line.text for line in lines)
            reading = (Reading(engines.first.name if lines else READER, text, round(score, 4)),)
            found.append((text, reading, doubts | _text_doubts(inks[i], text, score)))
    return found


def _text_doubts(ink: CellInk, text: str, score: float) -> frozenset[str]:
    """Reason codes of a cell that was read by one engine as text: ink that gives none, a number, an unsure mark."""
    is_lost = bool(ink.lines) and not text.strip()
    is_unsure = looks_like_value(text) and (score < _SURE_MARK or any(c.isdigit() for c in text))
    return frozenset({LOW_SCORE} if is_lost or is_unsure else ())


def _doubts(ink: CellInk) -> frozenset[str]:
    """Reason codes of what is seen in a cell before anything is read."""
    return frozenset(
        code for code, holds in (("faint_ink", ink.is_faint), ("stamp_over_cell", ink.is_stamped)) if holds
    )


def _joined(ink: CellInk, votes: Sequence[Vote]) -> CellText:
    """The text of a cell of numbers; several lines are one number where the cell was too narrow for it."""
    if len(votes) == 1:
        return votes[0].text, votes[0].readings, votes[0].flags
    between = "" if _is_wrapped(ink, votes) else "\n"
    readings = tuple(
        Reading(parts[0].reader, between.join(p.text for p in parts), min(p.score for p in parts))
        for parts in zip(*(v.readings for v in votes), strict=True)
    )
    return between.join(v.text for v in votes), readings, frozenset().union(*(v.flags for v in votes))


def _is_wrapped(ink: CellInk, votes: Sequence[Vote]) -> bool:
    """True where each line but the last is so long that the next digit would not have fitted into the cell."""
    return all(
        line.box.width * (len(v.text) + 1) / max(len(v.text), 1) > ink.width - 2 * _WIDEST_PADDING_PT
        for line, v in zip(ink.lines[:-1], votes[:-1], strict=True)
    )


def _text_outside(page: UprightPage, tables: Sequence[BBox], engines: Engines) -> list[PlacedLine]:
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
    if vocabulary().telling_hits("".join(line.text for line in lines)) < UNRULED_HINTS:
        return lines
    return _as_words(page, lines, tables, engines)


def _as_words(
    page: UprightPage, lines: Sequence[PlacedLine], tables: Sequence[BBox], engines: Engines
) -> list[PlacedLine]:
    """The lines of a table without rulings, cut where columns part, with the numbers that the detector overlooked."""
    ink = text_ink(page)
    kept: list[PlacedLine] = []
    boxes: list[BBox] = []
    type_size = float(np.median([line.box.height for line in lines]))
    for line in lines:
        words = split_at_gaps(ink, line.box, type_size, page.px_per_pt)
        if len(words) == 1:
            kept.append(PlacedLine(line.text, line.score, words[0]))
        else:
            boxes += words
    boxes += overlooked_words(ink, [line.box for line in lines], tables, page.px_per_pt)
    crops = [page.crop(_around(box)) for box in boxes]
    for box, reading in zip(boxes, engines.first.read_lines(crops), strict=True):
        if reading.text.strip():
            kept.append(PlacedLine(reading.text, reading.score, box))
    return sorted(kept, key=lambda line: (line.box.top, line.box.x0))


def _to_content(page: UprightPage, lines: Sequence[PlacedLine], rulings: Sequence[Ruling]) -> PageContent:
    """The lines as characters of equal width, half of it for Latin letters and digits."""
    chars: list[Char] = []
    for line in lines:
        weights = [1.0 if ord(c) > _FIRST_WIDE else 0.5 for c in line.text]
        step = line.box.width / max(sum(weights), 0.5)
        edges = list(accumulate((w * step for w in weights), initial=line.box.x0))
        chars += [
            Char(c, a, line.box.top, b, line.box.bottom, line.box.height)
            for c, (a, b) in zip(line.text, pairwise(edges), strict=True)
            if not c.isspace()
        ]
    return PageContent(page.page_no, page.width, page.height, tuple(chars), tuple(rulings))


def reread_values(grid: Grid, pages: Mapping[int, ScannedPage], engines: Engines, settings: OcrSettings) -> Grid:
    """A grid found by word positions with the numbers of its scanned cells read one by one.

    Raises:
        StageError: an engine failed.
    """
    wanted = [
        i
        for i, c in enumerate(grid.cells)
        if c.bbox is not None and c.page_no in pages and c.text and looks_like_value(c.text)
    ]
    cells = list(grid.cells)
    for page_no in sorted({cells[i].page_no for i in wanted}):
        members = [i for i in wanted if cells[i].page_no == page_no]
        boxes = [_around(box) for i in members if (box := cells[i].bbox) is not None]
        inks = cells_to_ink(pages[page_no].upright.unpack(), boxes, ruled=False)
        texts = read_cells(inks, engines, settings)
        for i, ink, (text, readings, flags) in zip(members, inks, texts, strict=True):
            cell = cells[i]
            differ = {"readers_differ"} if squeeze(text) != squeeze(cell.text) else set()
            cells[i] = replace(
                cell,
                text=text or cell.text,
                readings=readings,
                flags=cell.flags | flags | differ,
                picture=ink.picture,
            )
    return replace(grid, cells=tuple(cells))


def _around(box: BBox) -> BBox:
    """The box with the room that the detector may have cut off."""
    reach = _AROUND_SHARE * box.height
    return BBox(box.x0 - reach, box.top - reach, box.x1 + reach, box.bottom + reach)


def to_stored(grid: Grid, pages: Mapping[int, ScannedPage]) -> Grid:
    """The grid with the boxes of its scanned cells as stored."""
    cells = tuple(
        replace(c, bbox=pages[c.page_no].stored(c.bbox)) if c.bbox is not None and c.page_no in pages else c
        for c in grid.cells
    )
    return replace(grid, cells=cells)
