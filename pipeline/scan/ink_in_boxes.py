"""What ink lies in a box on a page: characters, numbers that are of this box alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from models.geometry import BBox
from pipeline.scan.border_remains import are_in_line
from pipeline.scan.ink import SMALLEST_DIGIT_PT, ink_mask
from pipeline.scan.page_image import UprightPage
from pipeline.scan.pixels import Gray

TYPE_RANGE_PT = (4.5, 20.0)
"""Characters, and lines of them, are so high at least and at most. Points."""
# What is left of a lost ruling is no wider. Points.
_THIN_PT = 1.2
# Between two numbers is this share of the height of their digits at least, or they leave so little of their cells free.
# 0..1, points.
_APART_SHARE, _FULL_PT = 0.5, 5.0


def count_letters(page: UprightPage, box: BBox) -> int:
    """How many pieces of ink as large as characters lie in a part of the page (points)."""
    size = page.px_per_pt
    ink = page.masks.ink[round(box.top * size) : round(box.bottom * size), round(box.x0 * size) : round(box.x1 * size)]
    if not ink.size:
        return 0
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    _, _, w, h, _ = stats[1:count].T / size
    low, high = TYPE_RANGE_PT
    return int(((h >= low) & (h <= high) & (w <= high)).sum())


def hold_numbers_apart(page: UprightPage, boxes: Sequence[BBox]) -> bool:
    """True where each box (points of the upright page) holds a number of its own, and no digit lies across their edges.

    Thin strokes along the edges that are of another height than the digits are what is left of a ruling there. Digits
    that stand as near to each other over an edge as in one number are parts of one, unless it fills the boxes.
    """
    inks = []
    for box in boxes:
        inside = _digits_in(page.crop(box), page.px_per_pt)
        if inside is None:
            return False
        left, right = (x / page.px_per_pt + box.x0 for x in (inside[:, 0].min(), inside[:, 2].max()))
        height = float((inside[:, 3] - inside[:, 1]).max()) / page.px_per_pt
        inks.append((box, left, right, height))
    return all(
        right.x0 != left.x1
        or start - end >= _APART_SHARE * min(high, low)
        or max(left.width - (end - begin), right.width - (stop - start)) <= _FULL_PT
        for (left, begin, end, high), (right, start, stop, low) in pairwise(inks)
    )


def _digits_in(crop: Gray, size: float) -> NDArray[np.int64] | None:
    """Boxes (N, 4) of the digits in a part of a cell, in pixels; None without any, or where one is cut."""
    if not crop.size:
        return None
    height, width = crop.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink_mask(crop))
    x, y, w, h, _ = stats[1:count].T
    boxes = np.stack([x, y, x + w, y + h], 1).astype(np.int64)
    tall = (h >= SMALLEST_DIGIT_PT * size) & (w < width) & (h < height)
    at_edge = (x == 0) | (x + w == width)
    inside = tall & ~at_edge & (y > 0) & (y + h < height)
    if not inside.any():
        return None
    of_ruling = at_edge & (w <= _THIN_PT * size) & ~are_in_line(boxes, boxes[inside])
    return boxes[inside] if (inside | of_ruling)[tall].all() else None
