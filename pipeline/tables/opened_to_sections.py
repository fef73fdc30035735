"""From an opened file to its printed sections: grids first, lines where a file has no grids of the form."""

from __future__ import annotations

from models.document import Opened
from models.grid import Grid
from models.table import PrintedSection
from pipeline.tables.grid_to_sections import begins_with_header, grid_to_sections
from pipeline.tables.join_across_pages import join_without_geometry
from pipeline.tables.lines_to_sections import lines_to_sections


def opened_to_sections(opened: Opened) -> list[PrintedSection]:
    """The printed sections of all grids; of the lines, one cell a line, where the grids hold none."""
    found = grids_to_sections(opened.grids)
    return found or lines_to_sections(opened.lines)


def grids_to_sections(grids: tuple[Grid, ...]) -> list[PrintedSection]:
    """The printed sections of grids in reading order; grids of HTML and DOCX that continue each other are joined."""
    if grids and all(g.bbox is None for g in grids):
        grids = tuple(join_without_geometry(grids, [begins_with_header(g) for g in grids]))
    return [s for g in grids for s in grid_to_sections(g)]
