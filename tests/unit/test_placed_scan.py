from __future__ import annotations

import numpy as np

from models.geometry import BBox
from models.grid import Cell, Grid
from models.page import Char, PageContent, TextLine, horizontal_ruling, vertical_ruling
from pipeline.picture_rim import RIM_PT
from pipeline.placed_scan import PlacedScan
from pipeline.read_scan import ScannedPage
from pipeline.scan.page_image import UprightPage, pack

# A picture at (100, 200); what is read in it counts from the corner of its rim.
PLACE = BBox(100, 200, 400, 300)
INNER = BBox(RIM_PT + 10, RIM_PT + 20, RIM_PT + 60, RIM_PT + 40)
OUTER = BBox(110, 220, 160, 240)


def placed(*, upside_down: bool = False, content: PageContent | None = None) -> PlacedScan:
    back = np.array([[1.0, 0, -RIM_PT], [0, 1.0, -RIM_PT], [0, 0, 1]])
    if upside_down:
        back = np.array([[-1.0, 0, PLACE.width + RIM_PT], [0, -1.0, PLACE.height + RIM_PT], [0, 0, 1]])
    upright = UprightPage(3, np.full((10, 10), 255, np.uint8), 2.0, back)
    grid = Grid(1, 1, (Cell(0, 1, 0, 1, "7", 3, INNER),), "scan", 3, INNER, col_edges=(INNER.x0, INNER.x1))
    empty = PageContent(3, 312, 112, (), ())
    scan = ScannedPage((grid,), (TextLine("单位", 3, INNER),), content or empty, pack(upright))
    return PlacedScan(scan, PLACE, PLACE)


def test_tables_and_lines_stand_on_the_page() -> None:
    (grid,) = placed().grids()
    assert (grid.bbox, grid.col_edges, grid.cells[0].bbox) == (OUTER, (110, 160), OUTER)
    assert placed().lines() == [TextLine("单位", 3, OUTER)]


def test_cells_of_a_picture_upside_down_have_their_place_as_stored() -> None:
    (grid,) = placed(upside_down=True).grids()
    assert grid.bbox == OUTER
    assert grid.cells[0].bbox == BBox(340, 260, 390, 280)


def test_characters_of_the_picture_replace_those_of_the_file() -> None:
    beside, under = Char("甲", 20, 20, 30, 30, 10), Char("乙", 120, 220, 130, 230, 10)
    page = PageContent(3, 595, 842, (beside, under), (horizontal_ruling(50, 0, 90),))
    own = Char("7", INNER.x0, INNER.top, INNER.x1, INNER.bottom, 9)
    rulings = (
        horizontal_ruling(RIM_PT + 1, RIM_PT + 2, RIM_PT + 3),
        vertical_ruling(RIM_PT + 1, RIM_PT + 2, RIM_PT + 3),
    )
    scan = placed(content=PageContent(3, 312, 112, (own,), rulings))
    found = scan.added_to(page)
    assert [(c.text, c.bbox) for c in found.chars] == [("甲", beside.bbox), ("7", OUTER)]
    assert found.rulings == (
        horizontal_ruling(50, 0, 90),
        horizontal_ruling(201, 102, 103),
        vertical_ruling(101, 202, 203),
    )
    assert scan.taken_out_of(page).chars == (beside,)


def test_numbers_in_the_picture_are_read_once_more_and_others_are_not() -> None:
    inside, outside, other_page = (
        Cell(0, 1, 0, 1, "1", 3, OUTER),
        Cell(1, 2, 0, 1, "2", 3, PLACE),
        Cell(2, 3, 0, 1, "3", 4, OUTER),
    )
    outside = Cell(1, 2, 0, 1, "2", 3, BBox(0, 0, 10, 10))
    grid = Grid(3, 1, (inside, outside, other_page), "words", 3)

    def reader(part: Grid) -> Grid:
        (cell,) = part.cells
        assert cell.bbox == INNER
        return Grid(3, 1, (Cell(0, 1, 0, 1, "9", 3, cell.bbox),), "words", 3)

    cells = placed().reread(grid, reader).cells
    assert [(c.text, c.bbox) for c in cells] == [("9", OUTER), ("2", outside.bbox), ("3", OUTER)]
    rest = Grid(1, 1, (outside,), "words", 3)
    assert placed().reread(rest, reader) is rest
