"""Numbers of scanned tables without rulings, read one by one where words have been found, or should have been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from models.grid import Grid
from models.reading import Reading
from models.text import squeeze
from models.value_text import looks_like_value
from pipeline.config import OcrSettings
from pipeline.ocr.engine import Engines
from pipeline.ocr.vote import LOW_SCORE
from pipeline.read_cells import READER, ink_doubts, read_cells
from pipeline.read_scan import ScannedPage
from pipeline.scan.cell_ink import InkLine, cells_to_ink
from pipeline.scan_words import around
from pipeline.tables.blank_places import blank_places

# What the engine for pages read in the same place, where it is something else; its own score is that of a whole line.
PAGE_READER, _PAGE_SCORE = "page", 0.9
_BLANK = (Reading(READER, "", 1.0),)


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
        boxes = [around(box) for i in members if (box := cells[i].bbox) is not None]
        upright = pages[page_no].upright.unpack()
        inks = cells_to_ink(upright, boxes, ruled=False)
        # A word was read there: ink too faint to be told from the paper is in the whole picture of it.
        inks = [
            ink if ink.lines else replace(ink, lines=(InkLine(box, crop := upright.crop(box), crop),))
            for ink, box in zip(inks, boxes, strict=True)
        ]
        texts = read_cells(inks, engines, settings)
        for i, ink, (text, readings, flags) in zip(members, inks, texts, strict=True):
            cell = cells[i]
            other = () if squeeze(text) == squeeze(cell.text) else (Reading(PAGE_READER, cell.text, _PAGE_SCORE),)
            cells[i] = replace(
                cell,
                text=text or cell.text,
                readings=(*readings, *other),
                flags=cell.flags | flags,
                picture=ink.picture,
            )
    return _look_at_blanks(replace(grid, cells=tuple(cells)), pages, engines, settings)


def _look_at_blanks(grid: Grid, pages: Mapping[int, ScannedPage], engines: Engines, settings: OcrSettings) -> Grid:
    """The grid with what stands in the place of its blank cells: a number that was overlooked is read and doubted."""
    places = {i: box for i, box in blank_places(grid).items() if grid.cells[i].page_no in pages}
    cells = list(grid.cells)
    for page_no in sorted({cells[i].page_no for i in places}):
        members = [(i, box) for i, box in places.items() if box is not None and cells[i].page_no == page_no]
        inks = cells_to_ink(pages[page_no].upright.unpack(), [box for _, box in members], ruled=False)
        inked = [(i, box, ink) for (i, box), ink in zip(members, inks, strict=True) if ink.lines]
        for (i, box), ink in zip(members, inks, strict=True):
            doubts = cells[i].flags | ink_doubts(ink)
            cells[i] = replace(cells[i], bbox=box, readings=_BLANK, picture=ink.picture, flags=doubts)
        for (i, box, _), (text, readings, flags) in zip(
            inked, read_cells([ink for _, _, ink in inked], engines, settings), strict=True
        ):
            doubts = cells[i].flags | flags | {LOW_SCORE}
            cells[i] = replace(cells[i], text=text, bbox=box, readings=readings, flags=doubts)
    for i in (i for i, place in places.items() if place is None):
        cells[i] = replace(cells[i], flags=cells[i].flags | {LOW_SCORE})
    return replace(grid, cells=tuple(cells))
