"""Signatures in coloured ink, told from coloured print and rulings."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from pipeline.scan.coloured_pens import coloured_pens
from pipeline.scan.stamps import without_coloured_ink
from tests.unit.scan.drawn_page import PX_PER_PT, XS, YS, Pixels, Sheet, form

BLUE = (40, 46, 140)


def loops(*, thick: float = 1.2) -> Pixels:
    """255 where a pen wrote loops across some cells."""
    cover = np.zeros_like(Sheet().pixels)
    steps = np.linspace(0, 1, 300)
    x = 230 + 90 * steps + 7 * np.cos(8 * np.pi * steps)
    y = 225 + 12 * np.sin(8 * np.pi * steps) - 6 * steps
    points = (np.stack([x, y], 1) * PX_PER_PT * 16).round().astype(np.int32)
    cv2.polylines(cover, [points], False, (255,), round(thick * PX_PER_PT), cv2.LINE_AA, 4)
    return cover


def in_colour(page: Pixels, cover: Pixels) -> list[Pixels]:
    """Red, green and blue of a page with blue ink over it."""
    share = cover.astype(np.float32) / 255
    return [(page * (1 - share * (1 - light / 255))).astype(np.uint8) for light in BLUE]


def colour_of(cover: Pixels) -> Pixels:
    channels = np.stack(in_colour(np.full_like(cover, 255), cover))
    saturated: Pixels = channels.max(axis=0) - channels.min(axis=0)
    return saturated


def test_the_ink_of_a_blue_pen_vanishes_and_the_print_below_it_stays() -> None:
    page, cover = form().pixels, loops()

    found, over = without_coloured_ink(in_colour(page, cover), PX_PER_PT)

    assert over is not None
    pen, print_ = cover > 128, page < 128
    alone = pen & (cv2.dilate(print_.astype(np.uint8), np.ones((9, 9), np.uint8)) == 0)
    assert float((found[alone] < 200).mean()) < 0.03
    assert float((found[print_] < 128).mean()) > 0.97
    assert float((over.mask[pen] > 0).mean()) > 0.7
    far = cv2.dilate(cover, np.ones((41, 41), np.uint8)) == 0
    assert np.array_equal(found[far], page[far])


def text(sheet: Sheet) -> None:
    sheet.word(100, 100, 12, type_size=11)
    sheet.digits("20567", 100, 150, height=9)


def table(sheet: Sheet) -> None:
    sheet.net(XS, YS)


def header(sheet: Sheet) -> None:
    sheet.box(60, 120, 200, 150)


@pytest.mark.parametrize("draw", [text, table, header])
def test_coloured_print_rulings_and_areas_are_no_pen(draw: Callable[[Sheet], None]) -> None:
    sheet = Sheet()
    draw(sheet)
    assert coloured_pens(colour_of(np.uint8(255) - sheet.pixels), PX_PER_PT) is None


def test_pale_colour_is_none() -> None:
    assert coloured_pens((loops() * 0.12).astype(np.uint8), PX_PER_PT) is None
