"""Strokes of coloured pens on a page: long, thin and bent, which neither coloured print nor coloured rulings are."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.scan.pixels import Gray, Mask

SATURATED = 50
"""Colour more saturated than this (difference of the strongest and the weakest channel, of 255) is coloured ink."""

# A pen is looked for on a picture this coarse, in which thin strokes are paler than they are. Pixels a point, of 255.
_SEARCH_PX_PER_PT, _PALE = 2.0, 22
# A signature reaches so far along and across, and no farther; one stroke of it so far: characters do not. Points.
_LONG_PT, _HIGH_PT, _LONGEST_PT, _STROKE_PT = 24.0, 8.0, 170.0, 15.0
# It fills no more of its box: areas do, and letters in boxes. 0..1.
_MOST_FILLED = 0.35
# So much of it is so strong in colour: the edge of a desk and the shadows of a photograph are not. Of 255, 0..1.
_STRONG, _STRONG_SHARE = 40, 0.25
# Straight runs as long as this are rulings. Points.
_STRAIGHT_PT = 22.0
# What is broken by so little is one stroke; the strokes of a signature are so near to one another. Points.
_BREAK_PT, _NEAR_PT = 1.0, 4.0
# The edges of a stroke reach so far beyond it. Points.
_EDGE_PT = 1.5


def coloured_pens(colour: Gray, px_per_pt: float) -> Mask | None:
    """255 on the strokes of coloured pens and their edges; None where there are none.

    Args:
        colour: How saturated each pixel is, uint8 (H, W).
        px_per_pt: Pixels a point.
    """
    scale = min(1.0, _SEARCH_PX_PER_PT / px_per_pt)
    size = px_per_pt * scale
    small = cv2.resize(colour, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = (small > _PALE).astype(np.uint8)
    if not (colour > SATURATED).any():
        return None
    ink = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _square(_BREAK_PT * size))
    run = round(_STRAIGHT_PT * size)
    for shape in ((1, run), (run, 1)):
        straight = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        ink[cv2.dilate(straight, np.ones((3, 3), np.uint8)) > 0] = 0
    _, strokes, stroke_stats, _ = cv2.connectedComponentsWithStats(ink)
    longest = stroke_stats[:, 2:4].max(axis=1) / size
    longest[0] = 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _square(_NEAR_PT * size))
    )
    w, h = stats[:count, 2] / size, stats[:count, 3] / size
    filled = np.bincount(labels[ink > 0], minlength=count) / np.maximum(stats[:count, 2] * stats[:count, 3], 1)
    strong = np.bincount(labels[ink > 0], small[ink > 0] > _STRONG, minlength=count)
    reach = np.zeros(count)
    np.maximum.at(reach, labels[ink > 0], longest[strokes[ink > 0]])
    pens = (np.maximum(w, h) >= _LONG_PT) & (np.minimum(w, h) >= _HIGH_PT) & (np.maximum(w, h) <= _LONGEST_PT)
    pens &= (reach >= _STROKE_PT) & (filled <= _MOST_FILLED)
    pens &= strong >= _STRONG_SHARE * np.bincount(labels[ink > 0], minlength=count)
    pens[0] = False
    if not pens.any():
        return None
    found = cv2.dilate(ink & pens[labels].astype(np.uint8), _square(2 * _EDGE_PT * size)) * np.uint8(255)
    return cv2.resize(found, (colour.shape[1], colour.shape[0]), interpolation=cv2.INTER_NEAREST)


def _square(side: float) -> Mask:
    return np.ones((max(1, round(side)),) * 2, np.uint8)
