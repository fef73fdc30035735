from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.scan.light import to_flat_gray
from tests.unit.scan.drawn_page import HEIGHT, PX_PER_PT, WIDTH, Sheet, form

Pixels = NDArray[np.uint8]


def rgb(pixels: Pixels) -> Pixels:
    return np.repeat(pixels[:, :, None], 3, axis=2)


def flat(pixels: Pixels) -> Pixels:
    return to_flat_gray(pixels, PX_PER_PT)[0]


def ink(pixels: Pixels) -> NDArray[np.bool_]:
    return pixels < 128


@pytest.mark.parametrize("colour", [False, True])
def test_a_clean_page_stays_as_it_is(colour: bool) -> None:
    pixels = form().pixels

    found = flat(rgb(pixels) if colour else pixels)

    assert found.dtype == np.uint8
    assert found.shape == pixels.shape
    assert float((ink(found) != ink(pixels)).mean()) < 0.001


@pytest.mark.parametrize("colour", [False, True])
def test_a_shadow_is_taken_out(colour: bool) -> None:
    pixels = form().pixels
    shade = np.linspace(1, 0.7, pixels.shape[1])[None, :] * np.linspace(1, 0.85, pixels.shape[0])[:, None]
    dark = np.maximum(pixels * shade, 12).astype(np.uint8)
    assert np.median(dark[-60:, -60:]) < 160

    found = flat(rgb(dark) if colour else dark)

    assert float(np.percentile(found[~ink(pixels)], 5)) > 230
    assert float((ink(found) != ink(pixels)).mean()) < 0.01


def test_yellow_paper_is_paper() -> None:
    pixels = form().pixels
    yellow = np.stack([pixels * 0.95, pixels * 0.88, pixels * 0.7], axis=2).astype(np.uint8)

    assert float((ink(flat(yellow)) != ink(pixels)).mean()) < 0.002


def test_a_red_stamp_fades_and_the_print_below_it_stays() -> None:
    pixels = form().pixels
    page = rgb(pixels)
    # A ring and a star of ink that lets light of its own colour through.
    ring = np.zeros(pixels.shape, np.uint8)
    centre = (round(300 * PX_PER_PT), round(220 * PX_PER_PT))
    cv2.circle(ring, centre, round(55 * PX_PER_PT), (255,), round(4 * PX_PER_PT))
    cv2.circle(ring, centre, round(18 * PX_PER_PT), (255,), -1)
    stamped = np.where(ring[:, :, None] > 0, (page * np.array([0.86, 0.2, 0.22])).astype(np.uint8), page)

    found = flat(stamped)

    under = ring > 0
    assert float((ink(found) & under & ~ink(pixels)).sum() / under.sum()) < 0.01
    assert float((ink(found) & under & ink(pixels)).sum() / (ink(pixels) & under).sum()) > 0.95
    assert float((ink(found) != ink(pixels)).mean()) < 0.002


@pytest.mark.parametrize("colour", [False, True])
def test_a_grey_stamp_is_taken_out_of_a_grey_scan_stored_in_colour_too(colour: bool) -> None:
    pixels = form().pixels
    ring = np.zeros(pixels.shape, np.uint8)
    cv2.circle(ring, (round(300 * PX_PER_PT), round(220 * PX_PER_PT)), round(55 * PX_PER_PT), (255,), 8)
    stamped = np.where(ring > 0, pixels * 0.5, pixels).astype(np.uint8)

    found, overprint = to_flat_gray(rgb(stamped) if colour else stamped, PX_PER_PT)

    assert overprint is not None
    assert np.array_equal(overprint.covered, to_flat_gray(stamped, PX_PER_PT)[1].covered)  # type: ignore[union-attr]
    assert float((ink(found) & (ring > 0) & ~ink(pixels)).sum() / (ring > 0).sum()) < 0.01
    assert float(ink(found)[(ring > 0) & ink(pixels)].mean()) > 0.9


def test_coloured_print_is_kept() -> None:
    sheet = Sheet()
    sheet.word(60, 100, 20)
    red = rgb(sheet.pixels)
    red[ink(sheet.pixels)] = (190, 20, 30)

    assert float(ink(flat(red))[ink(sheet.pixels)].mean()) > 0.95


def test_black_edges_of_a_copy_vanish_and_the_frame_of_a_table_stays() -> None:
    sheet = form()
    clean = sheet.pixels.copy()
    sheet.box(0, 0, 14, HEIGHT)
    sheet.box(0, HEIGHT - 9, WIDTH, HEIGHT)

    found = flat(sheet.pixels)

    assert not ink(found)[:, : round(14 * PX_PER_PT)].any()
    assert not ink(found)[-round(9 * PX_PER_PT) :].any()
    assert float((ink(found) != ink(clean)).mean()) < 0.005


def test_the_desk_around_a_photographed_page_vanishes() -> None:
    sheet = form()
    rim = 120
    desk = np.full((sheet.pixels.shape[0] + 2 * rim, sheet.pixels.shape[1] + 2 * rim, 3), (70, 50, 35), np.uint8)
    desk[rim:-rim, rim:-rim] = rgb(sheet.pixels)

    found = flat(desk)

    around = np.ones(found.shape, bool)
    around[rim:-rim, rim:-rim] = False
    assert not ink(found)[around].any()
    assert float((ink(found[rim:-rim, rim:-rim]) != ink(sheet.pixels)).mean()) < 0.01


def test_print_in_a_deep_shadow_at_the_edge_stays() -> None:
    pixels = form().pixels
    shade = np.clip(np.linspace(0.3, 1.5, pixels.shape[1]), 0.3, 1.0)[None, :]
    found = flat(rgb((pixels * shade).astype(np.uint8)))

    printed = ink(pixels)
    assert float(ink(found)[printed].mean()) > 0.9
    assert float(ink(found)[~printed].mean()) < 0.01


def faint(pixels: Pixels, ink: float, noise: float = 1.5) -> Pixels:
    """A page printed with low toner: its ink is darker than the paper by so much of 255."""
    page = 255 - (255 - pixels.astype(np.float64)) * ink / 255
    return np.clip(page + np.random.default_rng(4).normal(0, noise, page.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("toner", [45.0, 80.0])
def test_faint_print_becomes_as_dark_as_print_usually_is(toner: float) -> None:
    pixels = form().pixels

    found = flat(faint(pixels, toner))

    print_ = cv2.erode((pixels < 128).astype(np.uint8), np.ones((2, 2), np.uint8)) > 0
    assert float(np.median(found[print_])) < 150
    assert float((found[cv2.dilate(ink(pixels).astype(np.uint8), np.ones((9, 9), np.uint8)) == 0] > 240).mean()) > 0.99


@pytest.mark.parametrize("toner", [150.0, 255.0])
def test_other_print_stays_as_dark_as_it_is(toner: float) -> None:
    pixels = form().pixels
    page = faint(pixels, toner, noise=0)

    assert np.abs(flat(page).astype(int) - page)[pixels < 128].max() <= 2


def test_an_empty_page_stays_empty() -> None:
    assert flat(faint(np.full_like(form().pixels, 255), 255.0, noise=3)).min() > 225
