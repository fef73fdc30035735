"""From the pixels of a straight page to rulings: long thin strokes of ink, level or plumb."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.page import Ruling
from pipeline.scan.broken_rulings import broken_rulings
from pipeline.scan.ink import ink_mask
from pipeline.scan.long_streaks import without_long_streaks
from pipeline.scan.low_rows import without_low_rows
from pipeline.scan.mask_rulings import THICKEST_PT, mask_boxes, mask_rulings
from pipeline.scan.merged_cells import cut_at_merged_cells
from pipeline.scan.page_image import Gray, Mask, UprightPage
from pipeline.scan.text_strokes import letters_of, without_text_strokes

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
# A trace has a sample every so many points.
_TRACE_STEP_PT = 6.0

Box = tuple[int, int, int, int]
"""x, y, width, height in pixels."""


def find_rulings(page: UprightPage) -> tuple[list[Ruling], float]:
    """(the rulings of a page in points, how much darker than the paper they usually are, of 255).

    Pieces of one line are several rulings, broken ones among them.
    """
    size = page.px_per_pt
    ink = ink_mask(page.gray)
    level, plumb = ruling_masks(ink, size)
    broken, strength = broken_rulings(page.gray, ink, level, plumb, size)
    whole = mask_rulings(level, plumb, size)
    broken, whole = without_text_strokes(broken, whole, page.gray, letters_of(ink, level, plumb, size), size)
    broken, whole = without_long_streaks(broken, whole)
    broken = without_low_rows(broken, whole)
    return cut_at_merged_cells(broken, [*broken, *whole], page.gray, strength, size) + whole, strength


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


def ruling_traces(gray: Gray, size: float) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]:
    """Long rulings as points along them: (level, plumb), each float64 (N, 2) of x, y in pixels."""
    level, plumb = ruling_masks(ink_mask(gray), size)
    return _traces(level, size), [t[:, ::-1] for t in _traces(np.ascontiguousarray(plumb.T), size)]


def _traces(mask: Mask, size: float) -> list[NDArray[np.float64]]:
    return [t for box in mask_boxes(mask) if (t := _trace(mask, box, size)) is not None]


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


def _trace(mask: Mask, box: Box, size: float) -> NDArray[np.float64] | None:
    x, y, w, h = box
    if w < 100 * size or h > 30 * size:
        return None
    piece = mask[y : y + h, x : x + w] > 0
    columns = np.arange(0, w, max(1, round(_TRACE_STEP_PT * size)))
    part = piece[:, columns]
    filled = part.any(axis=0)
    if filled.sum() < 5:  # noqa: PLR2004 - points that make a curve
        return None
    rows = np.arange(h)[:, None]
    centres = (part * rows).sum(axis=0)[filled] / part.sum(axis=0)[filled]
    return np.stack([columns[filled] + x, centres + y], 1).astype(np.float64)
