from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.scan.stamps import find_rings, without_coloured_ink, without_gray_stamps
from tests.unit.scan.drawn_page import PX_PER_PT, Pixels, Sheet, form

CENTRE, RADIUS = (300.0, 220.0), 55.0


def stamp(shape: tuple[int, ...], *, height: float = 1.0, size: float = PX_PER_PT) -> Pixels:
    """255 where the ink of a stamp lies: a ring, a star, some strokes along the ring."""
    cover = np.zeros(shape, np.uint8)
    middle = (round(CENTRE[0] * size), round(CENTRE[1] * size))
    axes = (round(RADIUS * size), round(RADIUS * height * size))
    cv2.ellipse(cover, middle, axes, 0, 0, 360, (255,), round(2.4 * size))
    angles = -np.pi / 2 + np.arange(10) * np.pi / 5
    reach = np.where(np.arange(10) % 2 == 0, 16.0, 6.0) * size
    star = np.stack([middle[0] + reach * np.cos(angles), middle[1] + reach * np.sin(angles)], 1)
    cv2.fillPoly(cover, [star.round().astype(np.int32)], (255,))
    for angle in np.linspace(np.pi, 2 * np.pi, 9):
        x, y = axes[0] * np.cos(angle), axes[1] * np.sin(angle)
        inner, outer = ((int(middle[0] + r * x), int(middle[1] + r * y)) for r in (0.68, 0.86))
        cv2.line(cover, inner, outer, (255,), round(2.0 * size))
    return cover


def stamped(page: Pixels, cover: Pixels, light: float) -> Pixels:
    """The page with ink that lets a share of the light through."""
    return np.where(cover > 0, page * light, page).astype(np.uint8)


def ink(pixels: Pixels) -> Pixels:
    return (pixels < 128).astype(np.uint8)


@pytest.mark.parametrize("height", [1.0, 0.75])
def test_the_ring_of_a_grey_stamp_is_found(height: float) -> None:
    page = form().pixels

    (ring,) = find_rings(stamped(page, stamp(page.shape, height=height), 0.5), PX_PER_PT)

    assert (ring.x, ring.y) == pytest.approx(CENTRE, abs=1.5)
    assert sorted((ring.width, ring.height)) == pytest.approx([2 * RADIUS * height, 2 * RADIUS], abs=3)


def test_a_table_has_no_rings() -> None:
    sheet = form()
    sheet.net(thick=2.0)

    assert find_rings(sheet.pixels, PX_PER_PT) == []


@pytest.mark.parametrize("light", [0.4, 0.55, 0.7])
def test_a_grey_stamp_vanishes_and_the_print_below_it_stays(light: float) -> None:
    page = form().pixels
    cover = stamp(page.shape)
    noise = np.random.default_rng(7).normal(0, 6, page.shape)
    scan = np.clip(stamped(page, cover, light) + noise, 0, 255).astype(np.uint8)

    found, over = without_gray_stamps(scan, PX_PER_PT)

    under = cover > 0
    before = ink(page) > 0
    assert float((found[under & ~before] < 200).mean()) < 0.02
    assert float(ink(found)[under & before].mean()) > 0.9
    assert over is not None
    assert np.array_equal(over.covered, scan)
    assert float((over.mask[under] > 0).mean()) > 0.9
    beside = (before & ~under) & (cv2.dilate(cover, np.ones((31, 31), np.uint8)) > 0)
    assert float(ink(found)[beside].mean()) > 0.97
    outside = np.ones(page.shape, np.uint8)
    cv2.circle(outside, (round(CENTRE[0] * PX_PER_PT), round(CENTRE[1] * PX_PER_PT)), 190, (0,), -1)
    assert np.array_equal(found[outside > 0], scan[outside > 0])


def test_thin_light_print_below_a_grey_stamp_stays() -> None:
    sheet = Sheet()
    for y in (180, 220, 260):
        sheet.level(y, 230, 380, thick=0.5, ink=110)
    cover = stamp(sheet.pixels.shape)

    found, _ = without_gray_stamps(stamped(sheet.pixels, cover, 0.5), PX_PER_PT)

    line = (sheet.pixels < 255) & (cover > 0)
    assert float((found[line] < 180).mean()) > 0.9


def test_a_ring_as_dark_as_print_is_left() -> None:
    page = form().pixels
    scan = stamped(page, stamp(page.shape), 0.05)

    found, over = without_gray_stamps(scan, PX_PER_PT)

    assert over is None
    assert np.array_equal(found, scan)


def test_a_page_without_stamps_stays_as_it_is() -> None:
    page = form().pixels

    found, over = without_gray_stamps(page, PX_PER_PT)

    assert over is None
    assert np.array_equal(found, page)


def test_thin_light_print_below_a_red_stamp_stays() -> None:
    sheet = Sheet()
    for y in (180, 220, 260):
        sheet.level(y, 230, 380, thick=0.5, ink=150)
    cover = stamp(sheet.pixels.shape)
    channels = [stamped(sheet.pixels, cover, light) for light in (0.86, 0.22, 0.2)]

    found, over = without_coloured_ink(channels, PX_PER_PT)

    line = (sheet.pixels < 255) & (cover > 0)
    assert over is not None
    assert float((found[line] < 190).mean()) > 0.9
    assert float((found[(cover > 0) & ~line] < 220).mean()) < 0.01


def test_print_beside_red_ink_survives_smeared_colour() -> None:
    sheet = form()
    cover = stamp(sheet.pixels.shape)
    colour = np.stack([stamped(sheet.pixels, cover, light) for light in (0.86, 0.22, 0.2)], 2)
    packed = cv2.imencode(".jpg", colour[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    smeared = cv2.imdecode(packed, cv2.IMREAD_COLOR)[:, :, ::-1]

    found, _ = without_coloured_ink([np.ascontiguousarray(smeared[:, :, i]) for i in range(3)], PX_PER_PT)

    near = cv2.dilate(cover, np.ones((13, 13), np.uint8)) > 0
    assert float(ink(found)[near & (sheet.pixels < 128)].mean()) > 0.93


def test_coarse_digits_inside_the_ring_of_a_grey_stamp_stay_as_they_are() -> None:
    coarse = 1.8
    sheet = Sheet()
    boxes = [(x, y) for x in (282.0, 300.0, 316.0) for y in (244.0, 262.0)]
    for x, y in boxes:
        # An eight of thin strokes.
        for side in (x, x + 4):
            sheet.plumb(side, y - 7, y, thick=0.6)
        for bar in (y - 7, y - 3.5, y):
            sheet.level(bar, x, x + 4, thick=0.6)
    page = cv2.resize(sheet.pixels, None, fx=coarse / PX_PER_PT, fy=coarse / PX_PER_PT, interpolation=cv2.INTER_AREA)
    page = cv2.GaussianBlur(np.maximum(page, 60), (0, 0), 0.6)
    cover = stamp(page.shape, size=coarse)

    found, over = without_gray_stamps(stamped(page, cover, 0.5), coarse)

    assert over is not None
    for x, y in boxes:
        at = np.s_[round((y - 9) * coarse) : round((y + 1) * coarse), round((x - 1) * coarse) : round((x + 7) * coarse)]
        assert not cover[at].any()
        assert page[at].min() < 150
        assert np.abs(found[at].astype(int) - page[at]).max() <= 12


@pytest.mark.parametrize("radius", [30.0, 58.0, 85.0])
def test_the_ring_of_a_stamp_over_lines_of_text_is_found(radius: float) -> None:
    sheet = Sheet()
    for y in range(100, 340, 17):
        sheet.word(60, y, 45)
    cover = np.zeros(sheet.pixels.shape, np.uint8)
    cv2.circle(
        cover, (round(300 * PX_PER_PT), round(220 * PX_PER_PT)), round(radius * PX_PER_PT), (255,), round(3 * PX_PER_PT)
    )

    rings = find_rings(stamped(sheet.pixels, cover, 0.55), PX_PER_PT)

    assert [(r.x, r.y, r.width / 2) for r in rings] == [pytest.approx((300.0, 220.0, radius), abs=2)]
