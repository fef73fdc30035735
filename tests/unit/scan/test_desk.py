from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.scan.desk import find_desk

PX_PER_PT = 1.0
Pixels = NDArray[np.uint8]


def photographed(desk: Pixels, *, lean: float = 0.05, shadow: float = 1.0) -> tuple[Pixels, NDArray[np.bool_]]:
    """(a leaning page on a desk, with a shadow over its lower half, and where the page lies)."""
    height, width = desk.shape
    corners = np.array([(60, 70), (width - 70, 70), (width - 70, height - 60), (60, height - 60)], np.float64)
    corners[:, 0] += lean * (corners[:, 1] - height / 2)
    corners[:, 1] -= lean * (corners[:, 0] - width / 2)
    mask = np.zeros(desk.shape, np.uint8)
    cv2.fillConvexPoly(mask, corners.round().astype(np.int32), 1)
    page = np.full(desk.shape, 225, np.uint8)
    for y in range(200, height - 200, 24):
        page[y : y + 9, 150 : width - 160 : 7] = 40
    light = np.ones(height)
    light[height // 3 :] = np.linspace(1, shadow, height - height // 3)
    return np.where(mask > 0, page * light[:, None], desk).astype(np.uint8), mask > 0


def grained(low: int, high: int) -> Pixels:
    """A desk of boards: lighter and darker streaks from left to right."""
    rows = np.random.default_rng(7).integers(low, high, 900).astype(np.float32)
    smooth = cv2.GaussianBlur(rows[:, None], (1, 5), 0)
    return np.repeat(smooth, 700, axis=1).astype(np.uint8)


@pytest.mark.parametrize("lean", [-0.15, 0.0, 0.08])
@pytest.mark.parametrize("shadow", [1.0, 0.6])
def test_a_page_is_told_from_a_desk_as_light_as_its_own_shadow(lean: float, shadow: float) -> None:
    picture, page = photographed(grained(70, 150), lean=lean, shadow=shadow)

    desk = find_desk(picture, PX_PER_PT)

    assert desk is not None
    assert float((desk > 0)[~page].mean()) > 0.995
    inner = cv2.erode(page.astype(np.uint8), np.ones((31, 31), np.uint8)) > 0
    assert not (desk > 0)[inner].any()


def test_an_evenly_dark_desk_is_found() -> None:
    picture, page = photographed(np.full((900, 700), 50, np.uint8))

    desk = find_desk(picture, PX_PER_PT)

    assert desk is not None
    assert float((desk > 0)[~page].mean()) > 0.995


def test_a_scan_has_no_desk() -> None:
    scan = np.full((900, 700), 245, np.uint8)
    for y in range(100, 800, 24):
        scan[y : y + 9, 90:610:7] = 40

    assert find_desk(scan, PX_PER_PT) is None


def test_a_shadow_that_falls_over_a_whole_side_of_a_page_is_no_desk() -> None:
    scan = np.full((900, 700), 240.0)
    for y in range(100, 800, 24):
        scan[y : y + 9, 90:610:7] = 40
    scan *= np.linspace(0.45, 1, 700).clip(0.45, 0.9)[None, :] / 0.9

    assert find_desk(scan.astype(np.uint8), PX_PER_PT) is None


def test_below_a_shaded_row_of_a_table_the_page_goes_on() -> None:
    scan = np.full((900, 700), 245, np.uint8)
    scan[:, 680:] = 120  # beside the paper
    scan[640:690, 60:640] = 205
    for y in (*range(100, 600, 24), *range(710, 820, 24)):
        scan[y : y + 9, 90:610:7] = 40

    desk = find_desk(scan, PX_PER_PT)

    assert desk is None or not (desk > 0)[700:850, 60:640].any()
