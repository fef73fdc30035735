from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from pipeline.scan.orientation import turn_over
from pipeline.scan.page_image import PageImage, UprightPage
from pipeline.scan.pixels import Matrix
from pipeline.scan.ruling_masks import page_masks
from pipeline.scan.rulings import find_rulings
from pipeline.scan.straighten import LEAST_PX_PER_PT, cut_left, straighten
from tests.unit.scan.drawn_page import (
    HEIGHT,
    WIDTH,
    XS,
    YS,
    Sheet,
    covered,
    form,
    mapped,
    scanned,
    seen_from_below,
    turned,
)

# How far rulings may be from level, and known points from where they were. Points.
LEVEL, PLACE = 1.0, 1.5


def check(upright: UprightPage, drawn_to_stored: Matrix) -> None:
    """Rulings are level and plumb, lie where ``to_stored`` says, and are all found."""
    drawn_to_upright = np.linalg.inv(upright.to_stored) @ drawn_to_stored
    rulings = find_rulings(upright)[0]
    for y in YS:
        points = [mapped(drawn_to_upright, x, y) for x in (XS[0], XS[3], XS[-1])]
        assert np.ptp([p[1] for p in points]) <= LEVEL
        [(start, stop), *_] = covered(rulings, horizontal=True, position=points[1][1], near=PLACE)
        assert [start, stop] == pytest.approx(sorted((points[0][0], points[2][0])), abs=6)
    for x in XS:
        points = [mapped(drawn_to_upright, x, y) for y in (YS[0], YS[3], YS[-1])]
        assert np.ptp([p[0] for p in points]) <= LEVEL
        [(start, stop), *_] = covered(rulings, horizontal=False, position=points[1][0], near=PLACE)
        assert [start, stop] == pytest.approx(sorted((points[0][1], points[2][1])), abs=6)


@pytest.mark.parametrize("degrees", [0.4, -1.3, 5, -5])
def test_a_turned_page_is_straight_again(degrees: float) -> None:
    sheet = form()
    matrix = turned(sheet, degrees)

    check(straighten(scanned(sheet, matrix)), matrix)


@pytest.mark.parametrize("share", [0.05])
def test_a_page_seen_askew_is_straight_again(share: float) -> None:
    sheet = form()
    matrix = turned(sheet, 1.0) @ seen_from_below(sheet, share)

    check(straighten(scanned(sheet, matrix)), matrix)


@pytest.mark.parametrize("quarters", [1, 3])
def test_a_page_on_its_side_is_turned_up(quarters: int) -> None:
    sheet = form()
    pixels = np.ascontiguousarray(np.rot90(sheet.pixels, quarters))

    upright = straighten(PageImage(1, pixels, sheet.size))

    # np.rot90 turns against the clock: the right edge comes to the top, or the left edge does.
    drawn_to_stored: Matrix = np.array(
        [[0, 1, 0], [-1, 0, WIDTH], [0, 0, 1.0]] if quarters == 1 else [[0, -1, HEIGHT], [1, 0, 0], [0, 0, 1.0]]
    )
    assert upright.width > upright.height
    # It may be upside down still; which way up it is, is told by reading it.
    corner = mapped(np.linalg.inv(upright.to_stored) @ drawn_to_stored, 0, 0)
    assert corner == pytest.approx((0, 0), abs=PLACE) or corner == pytest.approx((WIDTH, HEIGHT), abs=PLACE)
    check(upright, drawn_to_stored)


def test_lines_of_text_alone_lead_to_a_straight_page() -> None:
    sheet = Sheet()
    for i in range(17):
        sheet.word(60, 40 + 25 * i, 44)
    matrix = turned(sheet, 2)

    upright = straighten(scanned(sheet, matrix))

    drawn_to_upright = np.linalg.inv(upright.to_stored) @ matrix
    for y in (40, 240, 440):
        assert np.ptp([mapped(drawn_to_upright, x, y)[1] for x in (60, 500)]) <= 1.5


def test_a_coarse_page_is_enlarged_and_a_fine_one_is_not() -> None:
    for size, expected in ((1.5, LEAST_PX_PER_PT), (3.5, 3.5)):
        sheet = Sheet(px_per_pt=size)
        sheet.net()
        upright = straighten(sheet.as_image())
        assert upright.px_per_pt == expected
        assert (upright.width, upright.height) == pytest.approx((WIDTH, HEIGHT), abs=3)
        assert mapped(upright.to_stored, 300, 250) == pytest.approx((300, 250), abs=PLACE)


def test_a_coarse_page_of_black_and_white_is_read_at_its_own_resolution() -> None:
    sheet = Sheet(px_per_pt=1.5)
    sheet.net()
    assert straighten(sheet.as_image()).text_scale == pytest.approx(1.5 / LEAST_PX_PER_PT)
    # A shadow over a part of the page: it has greys, which show where within a pixel a stroke ends.
    sheet.pixels[: sheet.pixels.shape[0] // 5] = np.minimum(sheet.pixels[: sheet.pixels.shape[0] // 5], 190)
    assert straighten(sheet.as_image()).text_scale == 1.0
    fine = Sheet(px_per_pt=3.5)
    fine.net()
    assert straighten(fine.as_image()).text_scale == 1.0


def test_an_empty_page_stays_empty() -> None:
    upright = straighten(Sheet().as_image())

    assert upright.gray.min() > 200
    assert mapped(upright.to_stored, 0, 0) == pytest.approx((0, 0), abs=PLACE)


def check_folded(sheet: Sheet, folds: Sequence[float]) -> None:
    """The columns of a page turned on the glass are plumb, whatever folds run along the scan at these shares of it."""
    matrix = turned(sheet, 1.4)
    scan = scanned(sheet, matrix)
    pixels = scan.pixels.copy()
    edge = round(0.22 * pixels.shape[0])
    for column in (round(share * pixels.shape[1]) for share in folds):
        for rows in (slice(edge), slice(-edge, None)):
            pixels[rows, column : column + 3] = np.minimum(pixels[rows, column : column + 3], 120)

    upright = straighten(replace(scan, pixels=pixels))

    drawn_to_upright = np.linalg.inv(upright.to_stored) @ matrix
    for x in XS:
        assert np.ptp([mapped(drawn_to_upright, x, y)[0] for y in (YS[0], YS[-1])]) <= LEVEL


def test_folds_along_the_scan_do_not_lead_where_the_print_is_turned() -> None:
    sheet = Sheet()
    for y in YS:
        sheet.level(y, XS[0], XS[-1])
    # The other columns are dashed: nothing tells how they lean.
    sheet.plumb(XS[0], YS[0], YS[3])
    check_folded(sheet, (0.35, 0.5, 0.8))


@pytest.mark.parametrize("rows", [len(YS), 3])
def test_a_fold_alone_does_not_lead_where_all_columns_are_dashed(rows: int) -> None:
    sheet = Sheet()
    for y in np.linspace(YS[0], YS[-1], rows).tolist():
        sheet.level(y, XS[0], XS[-1])
    check_folded(sheet, (0.35,))


def test_what_is_known_of_a_page_goes_along_when_it_is_cut_or_turned_over() -> None:
    page = form().as_upright()
    for changed in (cut_left(page, 20.0), turn_over(page)):
        assert changed.known_masks is not None
        for known, found in zip(changed.masks, page_masks(changed.gray, changed.px_per_pt), strict=True):
            assert np.count_nonzero(known != found) <= 0.001 * found.size
