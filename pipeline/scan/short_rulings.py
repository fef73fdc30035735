"""Plumb rulings of a table so low that each is too short to be found by itself: a few rows that a page begins with."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.page import Ruling, vertical_ruling
from pipeline.scan.ink import paper_noise
from pipeline.scan.page_image import UprightPage

# Tables of more rows tell their rulings; higher cells hold text of several lines. Rows, points.
_MOST_ROWS, _HIGHEST_PT = 3, 60.0
# A ruling is darker than the paper on both sides by this share of what is usual on the page, and by so many standard
# deviations of the noise. 0..1.
_LEAST_STRENGTH, _DEVIATIONS = 0.35, 1.5
# Paper beside it is looked at in this distance; it leans by no more. Points.
_BESIDE_PT, _LEAN_PT = (1.6, 3.2), 0.4
# It is dark on this share of the height of its row, and on this share of the ends, which no character reaches. The
# border itself is left out. 0..1, points.
_DARK_SHARE, _END_SHARE, _END_PT, _BORDER_PT = 0.85, 0.75, 2.6, 1.0
# What goes on beyond both borders is a streak. Points; share of that length.
_BEYOND_PT, _GOES_ON_SHARE = (1.8, 6.0), 0.6
# Rulings nearer than this are one, and known ones are no new ones. Points.
_APART_PT = 4.0


def short_rulings(page: UprightPage, xs: Sequence[float], ys: Sequence[float], strength: float) -> list[Ruling]:
    """The plumb rulings in points that run from one level line of a low table to the next; none for higher tables.

    Args:
        page: The straight page.
        xs: Positions of the known plumb lines of the table in points, ascending.
        ys: Positions of its level lines in points, ascending.
        strength: How much darker than the paper the rulings of the page usually are, of 255.
    """
    if len(ys) - 1 > _MOST_ROWS:
        return []
    margin = max(_LEAST_STRENGTH * strength, _DEVIATIONS * paper_noise(page.gray))
    found = []
    for top, bottom in itertools.pairwise(ys):
        if bottom - top <= _HIGHEST_PT:
            positions = _strokes_across(page, xs[0], xs[-1], top, bottom, margin)
            found += [vertical_ruling(x, top, bottom) for x in positions if min(abs(x - k) for k in xs) > _APART_PT]
    return found


def _strokes_across(
    page: UprightPage, left: float, right: float, top: float, bottom: float, margin: float
) -> list[float]:
    """Where strokes run from border to border of a row, in points."""
    size = page.px_per_pt
    begin, end = round(left * size), round(right * size)
    reach = round(_BEYOND_PT[1] * size)
    first = max(0, round(top * size) - reach)
    dark = _darker(page.gray[first : round(bottom * size) + reach, begin:end], size) >= margin
    border, tip = round(_BORDER_PT * size), round(_END_PT * size)
    y0, y1 = round(top * size) - first + border, round(bottom * size) - first - border
    if y1 - y0 <= 2 * tip:
        return []
    is_ruling = dark[y0:y1].mean(axis=0) >= _DARK_SHARE
    is_ruling &= dark[y0 : y0 + tip].mean(axis=0) >= _END_SHARE
    is_ruling &= dark[y1 - tip : y1].mean(axis=0) >= _END_SHARE
    near, far = (round(v * size) for v in _BEYOND_PT)
    above, below = (
        dark[max(0, y0 - border - far) : max(0, y0 - border - near)],
        dark[y1 + border + near : y1 + border + far],
    )
    if above.size and below.size:
        is_ruling &= ~((above.mean(axis=0) >= _GOES_ON_SHARE) & (below.mean(axis=0) >= _GOES_ON_SHARE))
    count, _, _, centres = cv2.connectedComponentsWithStats(is_ruling.astype(np.uint8)[None])
    return [(begin + float(centres[k][0]) + 0.5) / size for k in range(1, count)]


def _darker(gray: NDArray[np.uint8], size: float) -> NDArray[np.float32]:
    """How much darker than the paper on both sides each pixel is, as (H, W); a stroke that leans a little is whole."""
    near, far = (round(v * size) for v in _BESIDE_PT)
    smooth = cv2.blur(gray, (1, 3)).astype(np.float32)
    lean = max(1, round(_LEAN_PT * size))
    darkest = cv2.erode(smooth, np.ones((1, 2 * lean + 1), np.uint8))
    width = far - near
    side = cv2.blur(gray.astype(np.float32), (width, 1), anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)
    # The mean of the pixels from ``near`` to ``far`` to the right of each, and to its left.
    right = np.roll(side, -near, axis=1)
    left = np.roll(side, far - 1, axis=1)
    darker: NDArray[np.float32] = np.minimum(left, right) - darkest
    darker[:, :far] = darker[:, -far:] = 0
    return darker
