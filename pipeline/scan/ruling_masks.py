"""Ink of a straight page that is a whole ruling: long thin runs, level or plumb, without strokes of characters."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from pipeline.scan.ink import ink_mask
from pipeline.scan.mask_rulings import THICKEST_PT
from pipeline.scan.pixels import Gray, Mask

# Runs of ink shorter than this are strokes of characters. Points.
LEVEL_RUN_PT, PLUMB_RUN_PT = 26.0, 16.0
# From this length on a plumb run is no stroke of characters that stand above one another. Points.
_LONG_PLUMB_PT = 55.0
# From this length on it is none where it joins two level rulings. Points.
_JOINING_PLUMB_PT = 30.0
# Bands beside a short run, and the share of ink that the emptier and the fuller one may hold: text may stand close to
# a ruling. The ends are left out. Points, 0..1.
_BESIDE_PT, _MOST_BESIDE, _END_PT = (0.8, 2.6), (0.1, 0.3), 2.5
# A plumb run from this length on is a ruling where it joins two level ones: the height of the lowest row. Points.
_SHORT_PLUMB_PT = 9.0
# How near a short ruling must come to the level ones. Points.
_MEET_PT = 1.8
# A ruling may wander across by this much within a run. Points.
_WANDER_PT = 0.5
# Gaps in a ruling up to this are closed where the stroke stays thin. Points.
_GAP_PT = 3.0

Box = tuple[int, int, int, int]
"""x, y, width, height in pixels."""


class PageMasks(NamedTuple):
    """Ink of a page, and the parts of it that are whole rulings: 255 where they are."""

    ink: Mask
    level: Mask
    plumb: Mask


def page_masks(gray: Gray, size: float) -> PageMasks:
    """The masks of a straight page. ``size``: pixels a point."""
    ink = ink_mask(gray)
    return PageMasks(ink, *ruling_masks(ink, size))


def ruling_masks(ink: Mask, size: float) -> tuple[Mask, Mask]:
    """(mask of level rulings, mask of plumb rulings) of a mask of ink."""
    level = _directed(ink, size, LEVEL_RUN_PT, level=True)
    plumb = _directed(ink, size, _SHORT_PLUMB_PT, level=False)
    return level, _without_strokes(plumb, level, ink, size)


def _without_strokes(plumb: Mask, level: Mask, ink: Mask, size: float) -> Mask:
    """Plumb rulings without strokes of characters: short ones run between level rulings, with paper on both sides."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(plumb)
    kept = stats[:count, 3] >= _LONG_PLUMB_PT * size
    for i in np.flatnonzero(~kept):
        box = (int(stats[i, 0]), int(stats[i, 1]), int(stats[i, 2]), int(stats[i, 3]))
        joins = _joins_levels(box, level, size)
        kept[i] = (joins and box[3] >= _JOINING_PLUMB_PT * size) or (
            (joins or box[3] >= PLUMB_RUN_PT * size) and _on_free_paper(box, ink, size)
        )
    kept[0] = False
    return np.where(kept[labels], plumb, 0).astype(np.uint8)


def _joins_levels(box: Box, level: Mask, size: float) -> bool:
    x, y, w, h = box
    reach, rim = max(2, round(_MEET_PT * size)), max(1, round(_WANDER_PT * size))
    left, right = max(0, x - rim), x + w + rim
    above = level[max(0, y - reach) : y + reach, left:right]
    below = level[max(0, y + h - reach) : y + h + reach, left:right]
    return bool(above.any() and below.any())


def _on_free_paper(box: Box, ink: Mask, size: float) -> bool:
    """True where no strokes branch off: a ruling has paper on both sides, a character has ink."""
    x, y, w, h = box
    end, near, far = (round(v * size) for v in (_END_PT, *_BESIDE_PT))
    rows = slice(y + end, max(y + end + 1, y + h - end))
    sides = (ink[rows, max(0, x - far) : max(0, x - near)], ink[rows, x + w + near : x + w + far])
    shares = sorted(float((side > 0).mean()) if side.size else 0.0 for side in sides)
    return shares[0] <= _MOST_BESIDE[0] and shares[1] <= _MOST_BESIDE[1]


def _directed(ink: Mask, size: float, run: float, *, level: bool) -> Mask:
    def box(along: float, across: float) -> Mask:
        a, b = max(1, round(along * size)), max(1, round(across * size))
        return np.ones((b, a) if level else (a, b), np.uint8)

    # A ruling that leans by a pixel is broken into steps; thickened by a pixel across, its runs are long again.
    thick = cv2.dilate(ink, box(0, 2 * _WANDER_PT))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, box(run, 0))
    bars = cv2.morphologyEx(runs, cv2.MORPH_OPEN, box(0, THICKEST_PT + 2 * _WANDER_PT))
    thin = cv2.subtract(runs, cv2.dilate(bars, box(0, 2 * _WANDER_PT)))
    return cv2.morphologyEx(thin, cv2.MORPH_CLOSE, box(_GAP_PT, 0))
