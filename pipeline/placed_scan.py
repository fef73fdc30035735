"""A picture on a page of text, read from its pixels: its tables and lines at their places on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from models.geometry import BBox
from models.grid import Grid
from models.page import Char, PageContent, Ruling, TextLine
from pipeline.picture_rim import RIM_PT
from pipeline.read_scan import ScannedPage


@dataclass(frozen=True)
class PlacedScan:
    """A picture that was read with a rim of paper around it.

    ``box`` is its place on the page as stored, ``shown`` on the page with its text upright: the two differ on pages
    whose text lies on its side. Inside ``shown`` everything stands as in the upright picture.
    """

    scan: ScannedPage = field(repr=False)
    box: BBox
    shown: BBox

    @property
    def corner(self) -> tuple[float, float]:
        """Where the upper left corner of the upright picture, rim included, lies beside the upright text."""
        return self.shown.x0 - RIM_PT, self.shown.top - RIM_PT

    def grids(self) -> list[Grid]:
        """The ruled tables; frames and columns on the page with its text upright, boxes of cells as stored."""
        dx, dy = self.corner
        return [
            replace(
                grid,
                bbox=None if grid.bbox is None else moved(grid.bbox, dx, dy),
                col_edges=tuple(x + dx for x in grid.col_edges),
                cells=tuple(replace(c, bbox=None if c.bbox is None else self._stored(c.bbox)) for c in grid.cells),
            )
            for grid in self.scan.grids
        ]

    def lines(self) -> list[TextLine]:
        """The text outside the tables."""
        dx, dy = self.corner
        return [replace(line, bbox=None if line.bbox is None else moved(line.bbox, dx, dy)) for line in self.scan.lines]

    def added_to(self, content: PageContent) -> PageContent:
        """The page with the characters and rulings of the picture instead of what the file has in its place."""
        dx, dy = self.corner
        content = self.taken_out_of(content)
        if content.quarter_turns:
            return content
        chars = tuple(
            Char(c.text, c.x0 + dx, c.top + dy, c.x1 + dx, c.bottom + dy, c.size) for c in self.scan.content.chars
        )
        rulings = tuple(
            Ruling(r.horizontal, r.position + a, r.start + b, r.stop + b)
            for r in self.scan.content.rulings
            for a, b in [(dy, dx) if r.horizontal else (dx, dy)]
        )
        return replace(content, chars=content.chars + chars, rulings=content.rulings + rulings)

    def taken_out_of(self, content: PageContent) -> PageContent:
        """The page without the characters that the file has where the picture is."""
        kept = (c for c in content.chars if not self.shown.contains_point(*c.bbox.center))
        return replace(content, chars=tuple(kept))

    def reread(self, grid: Grid, reader: Callable[[Grid], Grid]) -> Grid:
        """A grid found by word positions, its cells that lie in the picture read once more by ``reader``."""
        dx, dy = self.corner
        page_no = self.scan.upright.page_no
        inside = [
            i
            for i, c in enumerate(grid.cells)
            if c.page_no == page_no and c.bbox is not None and self.shown.contains_point(*c.bbox.center)
        ]
        if not inside:
            return grid
        part = [grid.cells[i] for i in inside]
        asked = tuple(replace(c, bbox=moved(c.bbox, -dx, -dy)) for c in part if c.bbox is not None)
        cells = list(grid.cells)
        for i, cell in zip(inside, reader(replace(grid, cells=asked)).cells, strict=True):
            cells[i] = replace(cell, bbox=None if cell.bbox is None else self._stored(cell.bbox))
        return replace(grid, cells=tuple(cells))

    def _stored(self, box: BBox) -> BBox:
        return moved(self.scan.stored(box), self.box.x0, self.box.top)


def moved(box: BBox, dx: float, dy: float) -> BBox:
    """The box moved by so many points."""
    return BBox(box.x0 + dx, box.top + dy, box.x1 + dx, box.bottom + dy)
