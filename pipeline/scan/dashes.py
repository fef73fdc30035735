"""Dashes that follow one another in a line, as strokes: what a page without whole rulings says about its slopes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.scan.ink import ink_mask
from pipeline.scan.pixels import Gray, Mask

# A dash is no thicker and no longer, and so many times as long as thick. Points.
_THICKEST_PT, _LONGEST_PT, _SLENDER = 2.2, 14.0, 1.3
# Dashes of one line are no farther apart (at a crossing one is lost), and step by no more to the next. Points.
_GAP_PT, _STEP_PT = 11.0, 0.8
# So many dashes over such a length make a line, of which they are off by no more. Points.
_FEWEST, _SHORTEST_PT, _OFF_PT = 6, 60.0, 0.8

Segments = NDArray[np.float64]
"""float64 (N, 4): x1, y1, x2, y2 in pixels."""


def dashed_strokes(gray: Gray, size: float) -> tuple[Segments, Segments]:
    """(lines of dashes from left to right, lines from top to bottom) of a picture with ``size`` pixels a point."""
    ink = ink_mask(gray)
    level = _lines(ink, size)
    plumb = _lines(np.ascontiguousarray(ink.T), size)
    return level, plumb[:, [1, 0, 3, 2]]


def _lines(ink: Mask, size: float) -> Segments:
    """Lines of dashes along the rows of a mask."""
    _, labels, stats, centres = cv2.connectedComponentsWithStats(ink)
    _, _, w, h, _ = stats.T
    is_dash = (h <= max(2, _THICKEST_PT * size)) & (w <= _LONGEST_PT * size) & (w >= _SLENDER * h)
    is_dash[0] = False
    dashes = np.where(is_dash[labels], np.uint8(255), np.uint8(0))
    reach = np.ones((2 * max(1, round(_STEP_PT * size / 2)) + 1, round(_GAP_PT * size)), np.uint8)
    line_of = cv2.connectedComponents(cv2.dilate(dashes, reach))[1]
    places = centres[is_dash]
    xs, ys = np.round(places).astype(int).T
    lines = line_of[ys.clip(0, ink.shape[0] - 1), xs.clip(0, ink.shape[1] - 1)]
    found = []
    for line in np.flatnonzero(np.bincount(lines) >= _FEWEST):
        x, y = places[lines == line].T
        if not line or np.ptp(x) < _SHORTEST_PT * size:
            continue
        slope, start = np.polyfit(x, y, 1)
        if np.abs(y - slope * x - start).max() <= _OFF_PT * size:
            found.append((x.min(), slope * x.min() + start, x.max(), slope * x.max() + start))
    return np.array(found, np.float64).reshape(-1, 4)
