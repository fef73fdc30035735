"""Faint characters that stand below one another look like a broken ruling: between rows there is nothing of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.page import Ruling
from pipeline.scan.page_image import Gray

# Half the width of a ruling, and where the paper beside it is looked at. Points.
_REACH_PT, _BESIDE_PT = 0.7, (2.0, 3.5)
# Between a row's border and its line of text lies this; a ruling goes on there. From the border, in points.
_BORDER_PT = (1.2, 3.2)
# The line of text lies further from the border than this. Lower rows have no such places. Points.
_TEXT_PT, _LOWEST_ROW_PT = 4.0, 9.0
# A ruling ends where one across is so near. One across is at least so long. Points.
_MEET_PT, _LONG_PT = 3.0, 50.0
# At the borders there is less than this share of the ink of the middle. 0..1.
_MOST_AT_BORDER = 0.25


def without_stacked_characters(
    rulings: Sequence[Ruling], others: Sequence[Ruling], gray: Gray, size: float
) -> list[Ruling]:
    """The rulings without those whose ink stops short of each ruling across.

    Args:
        rulings: In points.
        others: What may cross them.
        gray: The straight page.
        size: Pixels a point.
    """
    turned = np.ascontiguousarray(gray.T)
    return [r for r in rulings if not _stops_at_borders(r, others, gray if r.horizontal else turned, size)]


def _stops_at_borders(ruling: Ruling, others: Sequence[Ruling], picture: Gray, size: float) -> bool:
    across = sorted(
        o.position
        for o in others
        if o.horizontal != ruling.horizontal
        and o.stop - o.start >= _LONG_PT
        and o.start - _MEET_PT <= ruling.position <= o.stop + _MEET_PT
        and ruling.start - _MEET_PT <= o.position <= ruling.stop + _MEET_PT
    )
    rows = [(a, b) for a, b in pairwise(across) if b - a >= _LOWEST_ROW_PT]
    if not rows:
        return False
    dark = _darkness_along(ruling.position, picture, size)
    near, far = _BORDER_PT
    borders = [place for a, b in rows for place in ((a + near, a + far), (b - far, b - near))]
    middles = [(a + _TEXT_PT, b - _TEXT_PT) for a, b in rows]
    return _mean(dark, borders, size) < _MOST_AT_BORDER * _mean(dark, middles, size)


def _mean(dark: NDArray[np.float32], places: Sequence[tuple[float, float]], size: float) -> float:
    parts = [dark[round(a * size) : max(round(a * size) + 1, round(b * size))] for a, b in places]
    return float(np.concatenate(parts).mean())


def _darkness_along(position: float, picture: Gray, size: float) -> NDArray[np.float32]:
    """How much darker than the paper on both sides a line along the rows of a picture is, pixel by pixel, 0..255."""
    middle, reach = round(position * size), max(1, round(_REACH_PT * size))
    near, far = (round(v * size) for v in _BESIDE_PT)
    band = picture[max(0, middle - reach) : middle + reach + 1].astype(np.float32)
    sides = (picture[max(0, middle - far) : max(1, middle - near)], picture[middle + near : middle + far])
    paper = np.minimum.reduce([side.mean(axis=0) for side in sides if side.size])
    # Three pixels together take the noise out and keep the line.
    smooth = np.stack([np.convolve(row, np.full(3, 1 / 3, np.float32), mode="same") for row in band])
    dark: NDArray[np.float32] = (paper - smooth.min(axis=0)).clip(0)
    return dark
