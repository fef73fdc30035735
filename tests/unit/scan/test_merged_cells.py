"""Rulings cut where a merged cell lies: whole on both sides, and not there at all in between."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from models.page import Ruling, horizontal_ruling, vertical_ruling
from pipeline.scan.merged_cells import cut_at_merged_cells
from tests.unit.scan.drawn_page import PX_PER_PT, XS, YS, Sheet, covered

STRENGTH = 255.0
LEVEL = [horizontal_ruling(y, XS[0], XS[-1]) for y in YS]
PLUMB = [vertical_ruling(x, YS[0], YS[-1]) for x in XS]
# The ruling that is looked at, and the cell that it does not run through.
ROW, GAP = YS[3], (XS[2], XS[3])
END = 1.0
Draw = Callable[[Sheet], None]


def erase(sheet: Sheet, x0: float = GAP[0], x1: float = GAP[1], y: float = ROW) -> None:
    """No ruling between two crossing ones, which stay."""
    sheet.box(x0 + 0.5, y - 1.5, x1 - 0.5, y + 1.5, 255)


def cut(sheet: Sheet, rulings: list[Ruling] | None = None, strength: float = STRENGTH) -> list[Ruling]:
    given = LEVEL + PLUMB if rulings is None else rulings
    return cut_at_merged_cells(given, LEVEL + PLUMB, sheet.pixels, strength, PX_PER_PT)


def runs(found: list[Ruling], y: float = ROW) -> list[tuple[float, float]]:
    return covered(found, horizontal=True, position=y)


def test_where_nothing_is_merged_rulings_stay_as_they_are() -> None:
    sheet = Sheet()
    sheet.net()
    assert cut(sheet) == LEVEL + PLUMB


@pytest.mark.parametrize("thick", [0.34, 0.7, 2.0])
def test_a_whole_ruling_is_cut_where_it_is_absent_in_one_cell(thick: float) -> None:
    sheet = Sheet()
    sheet.net(thick=thick)
    sheet.box(GAP[0] + 1.2, ROW - 1.5, GAP[1] - 1.2, ROW + 1.5, 255)
    found = cut(sheet)
    assert runs(found) == [(XS[0], GAP[0]), (GAP[1], XS[-1])]
    assert len(found) == len(LEVEL + PLUMB) + 1, "no other ruling is cut"


def test_plumb_rulings_are_cut_alike() -> None:
    sheet = Sheet()
    sheet.net()
    sheet.box(XS[3] - 1.5, YS[2] + 0.5, XS[3] + 1.5, YS[3] - 0.5, 255)
    found = cut(sheet)
    assert covered(found, horizontal=False, position=XS[3]) == [(YS[0], YS[2]), (YS[3], YS[-1])]


def test_at_its_end_the_ruling_gets_shorter() -> None:
    sheet = Sheet()
    sheet.net()
    erase(sheet, XS[0], XS[1])
    erase(sheet, XS[-2], XS[-1])
    assert runs(cut(sheet)) == [(XS[1], XS[-2])]


def test_several_merged_cells_in_a_row_leave_several_parts() -> None:
    sheet = Sheet()
    sheet.net()
    for a, b in ((1, 2), (3, 4), (4, 5)):
        erase(sheet, XS[a], XS[b])
    assert runs(cut(sheet)) == [(XS[0], XS[1]), (XS[2], XS[3]), (XS[5], XS[-1])]


def test_digits_beside_the_absent_ruling_do_not_stand_for_it() -> None:
    sheet = Sheet()
    sheet.net()
    erase(sheet)
    sheet.digits("27", GAP[0] + 20, ROW - 4)
    assert len(runs(cut(sheet))) == 2


def dashed(sheet: Sheet) -> None:
    for x in np.arange(XS[0], XS[-1], 5).tolist():
        sheet.level(ROW, x, x + 2.5)


def faint(sheet: Sheet) -> None:
    sheet.level(ROW, XS[0], XS[-1], ink=215)


def mostly_gone(sheet: Sheet) -> None:
    for a, b in pairwise(XS):
        sheet.level(ROW, a, a + 0.4 * (b - a))


@pytest.mark.parametrize("draw", [dashed, faint, mostly_gone])
def test_a_ruling_that_is_nowhere_whole_is_not_cut(draw: Draw) -> None:
    """What is missing of it in one cell may be lost like the rest."""
    sheet = Sheet()
    sheet.net(XS, [y for y in YS if y != ROW])
    draw(sheet)
    erase(sheet)
    assert cut(sheet) == LEVEL + PLUMB


def test_a_ruling_that_is_partly_there_in_a_cell_is_not_cut_there() -> None:
    sheet = Sheet()
    sheet.net()
    sheet.box(GAP[0] + 12, ROW - 1.5, GAP[1] - 12, ROW + 1.5, 255)
    assert cut(sheet) == LEVEL + PLUMB


def test_faint_rulings_among_faint_ones_are_whole() -> None:
    sheet = Sheet()
    sheet.net(ink=195)
    erase(sheet)
    assert len(runs(cut(sheet, strength=60.0))) == 2


def test_nothing_is_cut_where_little_of_a_ruling_is_known() -> None:
    sheet = Sheet()
    short = horizontal_ruling(ROW, XS[2], XS[3] + 15)
    other = vertical_ruling(XS[3], YS[0], YS[-1])
    sheet.level(ROW, XS[3], XS[3] + 15)
    assert cut_at_merged_cells([short], [other], sheet.pixels, STRENGTH, PX_PER_PT) == [short]


def test_narrow_cells_are_not_looked_at() -> None:
    sheet = Sheet()
    near = [vertical_ruling(XS[2] + 6, YS[0], YS[-1])]
    sheet.net(sorted([*XS, XS[2] + 6]))
    erase(sheet, XS[2], XS[2] + 6)
    ruling = horizontal_ruling(ROW, XS[0], XS[-1])
    assert cut_at_merged_cells([ruling], PLUMB + near, sheet.pixels, STRENGTH, PX_PER_PT) == [ruling]


def test_only_what_crosses_a_ruling_bounds_cells() -> None:
    sheet = Sheet()
    sheet.net()
    erase(sheet, XS[2] + 15, XS[3])
    ruling = horizontal_ruling(ROW, XS[0], XS[-1])
    # The ruling at the place where the gap begins ends far above.
    above = vertical_ruling(XS[2] + 15, YS[0] - 60, YS[0])
    assert cut_at_merged_cells([ruling], [*PLUMB, above], sheet.pixels, STRENGTH, PX_PER_PT) == [ruling]
    through = vertical_ruling(XS[2] + 15, YS[0], YS[-1])
    found = cut_at_merged_cells([ruling], [*PLUMB, through], sheet.pixels, STRENGTH, PX_PER_PT)
    assert runs(found) == [(XS[0], XS[2] + 15), (XS[3], XS[-1])]


def test_a_ruling_at_or_beyond_the_edge_of_the_page_breaks_nothing() -> None:
    sheet = Sheet()
    sheet.net()
    beyond = [horizontal_ruling(y, XS[0], XS[-1]) for y in (0.0, sheet.pixels.shape[0] / PX_PER_PT, 900.0)]
    assert cut_at_merged_cells(beyond, PLUMB, sheet.pixels, STRENGTH, PX_PER_PT) == beyond
