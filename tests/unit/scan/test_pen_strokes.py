from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from models.geometry import BBox
from pipeline.scan.overprint import Overprint
from pipeline.scan.page_image import UprightPage
from pipeline.scan.pen_strokes import without_pens
from tests.unit.scan.drawn_page import PX_PER_PT, XS, YS, Pixels, Sheet, form

CELLS = [BBox(x0, y0, x1, y1) for y0, y1 in pairwise(YS) for x0, x1 in pairwise(XS)]


def page(pixels: Pixels) -> UprightPage:
    return UprightPage(1, pixels, PX_PER_PT, np.eye(3))


def signed(pixels: Pixels, x0: float, x1: float, y: float, *, high: float = 12.0) -> tuple[Pixels, Pixels]:
    """(the page with the waves of a pen, 255 where the pen was)."""
    thick = 1.7
    cover = np.zeros_like(pixels)
    xs = np.linspace(x0, x1, 200)
    ys = y + high * np.sin(np.linspace(0, 6 * np.pi, 200))
    points = (np.stack([xs, ys], 1) * PX_PER_PT * 16).round().astype(np.int32)
    cv2.polylines(cover, [points], False, (255,), round(thick * PX_PER_PT), cv2.LINE_AA, 4)
    return np.minimum(pixels, np.uint8(255) - (cover * 0.9).astype(np.uint8)), cover


def test_a_signature_across_cells_vanishes() -> None:
    pixels = form().pixels
    scan, cover = signed(pixels, 240, 380, 225)

    found = without_pens(page(scan), CELLS)

    free = (cover > 128) & (cv2.dilate((pixels < 200).astype(np.uint8), np.ones((9, 9), np.uint8)) == 0)
    assert float((found.gray[free] < 160).mean()) < 0.03
    assert found.overprint is not None
    assert found.overprint.covered is scan
    assert float((found.overprint.mask[cover > 128] > 0).mean()) > 0.8
    far = cv2.dilate(cover, np.ones((41, 41), np.uint8)) == 0
    assert np.array_equal(found.gray[far], scan[far])


def test_digits_that_a_signature_does_not_touch_stay() -> None:
    sheet = Sheet()
    sheet.net()
    for x in XS[1:-1]:
        sheet.digits("205", x + 20, 203)
    scan, cover = signed(sheet.pixels, 240, 380, 228, high=8.0)

    found = without_pens(page(scan), CELLS)

    rows = np.s_[round(194 * PX_PER_PT) : round(205 * PX_PER_PT)]
    assert (cover > 0).any()
    assert np.array_equal(found.gray[rows] < 128, sheet.pixels[rows] < 128)


@pytest.mark.parametrize("thick", [0.7, 2.0, 3.0])
def test_a_table_without_a_signature_stays_as_it_is(thick: float) -> None:
    sheet = form()
    sheet.net(thick=thick)

    found = without_pens(page(sheet.pixels), CELLS)

    assert found.overprint is None
    assert np.array_equal(found.gray, sheet.pixels)


def test_a_page_without_ruled_tables_stays_as_it_is() -> None:
    scan, _ = signed(form().pixels, 240, 380, 225)

    assert without_pens(page(scan), ()).gray is scan


def test_the_ink_of_stamps_is_kept_in_the_mask() -> None:
    scan, _ = signed(form().pixels, 240, 380, 225)
    mask = np.zeros_like(scan)
    mask[:20, :20] = 255
    covered = np.full_like(scan, 200)

    found = without_pens(UprightPage(1, scan, PX_PER_PT, np.eye(3), Overprint(mask, covered)), CELLS)

    assert found.overprint is not None
    assert (found.overprint.mask[:20, :20] == 255).all()
    assert found.overprint.covered is covered
    assert not mask[20:, 20:].any()
