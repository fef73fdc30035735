"""Words as ink: where a line of text has wide gaps, and what a detector of lines has overlooked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from models.geometry import BBox
from pipeline.scan.page_image import UprightPage
from pipeline.scan.pixels import Mask

# Gaps wider than this share of the type size part words: columns of a table without rulings.
_GAP_SHARE = 0.6
# A header word reaches this far beyond where it is cut; a white run that parts two is as wide as this. Type sizes.
_REACH_SHARE, _WHITE_SHARE = 0.5, 0.05
# A white run that is farther from the middle between two columns by one point counts as narrower by this. Points.
_OFF_MIDDLE = 0.1
# A word is at least this high and at most as high as the second figure. Points.
_LOWEST_PT, _HIGHEST_PT = 3.6, 22.0
# Share of a piece of ink that a line must cover for the piece to be part of it.
_COVERED_SHARE = 0.5
# Rulings are taken out with this rim. Points.
_RIM_PT = 0.4


def text_ink(page: UprightPage) -> Mask:
    """255 where there is ink that belongs to no ruling."""
    size = page.px_per_pt
    ink, level, plumb = page.masks
    rim = 2 * max(1, round(_RIM_PT * size)) + 1
    rulings = cv2.dilate(cv2.bitwise_or(level, plumb), np.ones((rim, rim), np.uint8))
    return cv2.bitwise_and(ink, cv2.bitwise_not(rulings))


def split_at_gaps(ink: Mask, box: BBox, type_size: float, size: float) -> list[BBox]:
    """The words of a line, tight around their ink, from left to right; none where the line holds no ink.

    Args:
        ink: As ``text_ink`` gives it.
        box: The line in points.
        type_size: Height of the characters around it in points.
        size: Pixels a point.
    """
    x0, top = max(0, round(box.x0 * size)), max(0, round(box.top * size))
    part = ink[top : round(box.bottom * size), x0 : round(box.x1 * size)] > 0
    if not part.any():
        return []
    filled = np.flatnonzero(part.any(axis=0))
    gap = _GAP_SHARE * type_size * size
    words = []
    for run in np.split(filled, np.flatnonzero(np.diff(filled) > gap) + 1):
        rows = np.flatnonzero(part[:, run[0] : run[-1] + 1].any(axis=1))
        words.append(_box(x0 + run[0], top + rows[0], x0 + run[-1] + 1, top + rows[-1] + 1, size))
    return words


def split_at_columns(
    ink: Mask, box: BBox, columns: Sequence[tuple[float, float]], type_size: float, size: float
) -> list[BBox]:
    """The words of a header line, cut in the white between columns over which it stands; one where it stands over one.

    Args:
        ink: As ``text_ink`` gives it.
        box: The line in points.
        columns: x0 and x1 of what stands in each column below the line, in points, from left to right.
        type_size: Height of the characters in points.
        size: Pixels a point.
    """
    x0, top = max(0, round(box.x0 * size)), max(0, round(box.top * size))
    part = ink[top : round(box.bottom * size), x0 : round(box.x1 * size)] > 0
    filled = np.asarray(part.any(axis=0))
    reach = _REACH_SHARE * type_size
    cuts = []
    for left, right in pairwise(columns):
        if box.x0 >= left[1] or box.x1 <= right[0]:
            continue
        middle = ((left[0] + left[1]) / 2 + (right[0] + right[1]) / 2) / 2
        first, last = left[1] - reach / 2, right[0] + reach / 2
        runs = _white_runs(filled, round((first - box.x0) * size), round((last - box.x0) * size))
        places = [((a + b) / 2 / size + box.x0, (b - a) / size) for a, b in runs]
        places = [(x, w) for x, w in places if w >= _WHITE_SHARE * type_size and box.x0 + reach <= x <= box.x1 - reach]
        if places:
            cuts.append(max(places, key=lambda p: p[1] - _OFF_MIDDLE * abs(p[0] - middle))[0])
    stops = sorted({round((x - box.x0) * size) for x in cuts})
    words = []
    for a, b in pairwise([0, *stops, part.shape[1]]):
        inside = part[:, a:b]
        if inside.any():
            columns_of, rows_of = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
            words.append(
                _box(x0 + a + columns_of[0], top + rows_of[0], x0 + a + columns_of[-1] + 1, top + rows_of[-1] + 1, size)
            )
    return words


def _white_runs(filled: NDArray[np.bool_], start: int, stop: int) -> list[tuple[int, int]]:
    """Half-open runs without ink between two places, whole ones only where they begin and end inside the line."""
    inside = filled[max(0, start) : max(0, stop)]
    edges = np.flatnonzero(np.diff(np.concatenate(([1], inside.astype(np.int8), [1]))))
    return [(int(a) + max(0, start), int(b) + max(0, start)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def overlooked_words(ink: Mask, lines: Sequence[BBox], tables: Sequence[BBox], size: float) -> list[BBox]:
    """Words that neither a line nor a table covers: most of them single digits.

    Args:
        ink: As ``text_ink`` gives it.
        lines: What a detector has found, in points.
        tables: What is read otherwise, in points.
        size: Pixels a point.
    """
    rest = ink.copy()
    for box in (*lines, *tables):
        rest[_slice(box.top, box.bottom, size), _slice(box.x0, box.x1, size)] = 0
    gap = max(1, round(_GAP_SHARE * _LOWEST_PT * size))
    joined = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for x, y, w, h, _ in stats[1:count]:
        whole = int((ink[y : y + h, x : x + w] > 0).sum())
        left = int((rest[y : y + h, x : x + w] > 0).sum())
        if _LOWEST_PT * size <= h <= _HIGHEST_PT * size and left >= _COVERED_SHARE * whole:
            found.append(_box(x, y, x + w, y + h, size))
    return found


def _slice(start: float, stop: float, size: float) -> slice:
    return slice(max(0, round(start * size)), max(0, round(stop * size)))


def _box(x0: int | NDArray[np.intp], top: int, x1: int, bottom: int, size: float) -> BBox:
    return BBox(float(x0) / size, float(top) / size, float(x1) / size, float(bottom) / size)
