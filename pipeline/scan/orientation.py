"""Which way up a page is: lines of text tell a quarter turn, reading some of them tells a half turn."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from pipeline.scan.page_image import UprightPage
from pipeline.scan.pixels import Gray, Mask
from pipeline.scan.ruling_masks import PageMasks, page_masks

# Characters of one line stand nearer to each other than this, lines further apart. Points.
_CHARACTER_GAP_PT = 2.6
# Height of a line of text. Points.
_LINE_HEIGHT_PT = (5.0, 20.0)
# A line worth reading is at least this wide. Points.
_LEAST_WIDTH_PT, _MOST_WIDTH_PT = 45.0, 220.0
# In a line of text there is ink in so many of the rows of pixels, as much as in a fifth of the fullest; the dashes of a
# ruling lie in few. 0..1.
_LEAST_ROWS, _ROW_SHARE = 0.25, 0.2
# Smaller pieces are dirt, larger ones are pictures. Points.
_CHARACTER_PT = (1.5, 22.0)
# Joining along lines leaves fewer pieces than joining across them; by less than this share nothing is told.
_CLEAR_SHARE = 0.97


def lies_on_its_side(flat: Gray, size: float) -> bool:
    """True where lines of text run from top to bottom. ``size``: pixels a point."""
    text = _text_mask(page_masks(flat, size), size)
    gap = max(2, round(_CHARACTER_GAP_PT * size))
    along = cv2.connectedComponents(cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8)))[0]
    across = cv2.connectedComponents(cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8)))[0]
    return across < _CLEAR_SHARE * along


def sample_lines(page: UprightPage, *, most: int = 10) -> list[Gray]:
    """Crops of some lines of text, the widest first; none where the page has none."""
    size = page.px_per_pt
    text = _text_mask(page.masks, size)
    gap = max(2, round(2 * _CHARACTER_GAP_PT * size))
    joined = cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    low, high = (h * size for h in _LINE_HEIGHT_PT)
    boxes = [(int(x), int(y), int(w), int(h)) for x, y, w, h, _ in stats[1:count] if low <= h <= high]
    boxes = [b for b in boxes if b[2] >= _LEAST_WIDTH_PT * size and _is_text(text, b)]
    wide = sorted(boxes, key=lambda b: -b[2])[:most]
    crops = []
    for x, y, w, h in wide:
        rim = max(2, h // 6)
        width = min(w, round(_MOST_WIDTH_PT * size))
        crops.append(page.gray[max(0, y - rim) : y + h + rim, max(0, x - rim) : x + width + rim])
    return crops


def _is_text(text: Mask, box: tuple[int, int, int, int]) -> bool:
    """False for what lies in a few rows of pixels only."""
    x, y, w, h = box
    profile = (text[y : y + h, x : x + w] > 0).sum(axis=1)
    return float((profile >= _ROW_SHARE * profile.max()).mean()) >= _LEAST_ROWS


def turn_over(page: UprightPage) -> UprightPage:
    """The page turned by 180 degrees."""
    half_turn = np.array([[-1.0, 0.0, page.width], [0.0, -1.0, page.height], [0.0, 0.0, 1.0]])
    return replace(
        page,
        gray=_turned_over(page.gray),
        overprint=None if page.overprint is None else page.overprint.moved(_turned_over),
        to_stored=page.to_stored @ half_turn,
        known_masks=PageMasks(*map(_turned_over, page.masks)),
    )


def _turned_over(pixels: Gray) -> Gray:
    return np.ascontiguousarray(pixels[::-1, ::-1])


def _text_mask(masks: PageMasks, size: float) -> Mask:
    """The ink of characters: no rulings, no dirt, no pictures."""
    rulings = cv2.dilate(cv2.bitwise_or(masks.level, masks.plumb), np.ones((3, 3), np.uint8))
    ink = cv2.bitwise_and(masks.ink, cv2.bitwise_not(rulings))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    largest = np.maximum(stats[:, 2], stats[:, 3])
    kept = (largest >= _CHARACTER_PT[0] * size) & (largest <= _CHARACTER_PT[1] * size)
    kept[0] = False
    return np.where(kept[labels], 255, 0).astype(np.uint8)
