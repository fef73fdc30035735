"""A column as wide as two of the others, in whose cells two texts stand side by side: a ruling between them is lost."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from models.geometry import BBox
from models.page import Ruling, vertical_ruling
from pipeline.scan.ink import SMALLEST_DIGIT_PT
from pipeline.scan.page_image import UprightPage

# So wide is a column of two in the others, and so many others there must be.
_LEAST_RATIO, _MOST_RATIO, _FEWEST_OTHERS = 1.8, 2.2, 3
# Rulings around a cell are left out. Points.
_INSET_PT = 1.4
# The middle is free of ink on so much to both sides; what is thinner may be left of the ruling. Points.
_FREE_PT, _THIN_PT = 1.5, 1.4
# Each text stands in the middle of its half, off by this share of the width of the half at most. 0..1.
_OFF_CENTRE = 0.2
# Cells that say so, of which none says otherwise.
_FEWEST_CELLS = 2

Span = tuple[int, int, int, int]
"""Half-open rows and columns of a cell: row_start, row_stop, col_start, col_stop."""


def lost_columns(page: UprightPage, xs: Sequence[float], ys: Sequence[float], cells: Sequence[Span]) -> list[Ruling]:
    """The plumb rulings that are lost, in points, each as high as the cells that it parts.

    Args:
        page: The straight page.
        xs: Positions of the plumb lines of a table in points, ascending.
        ys: Positions of its level lines in points, ascending.
        cells: The cells of the table.
    """
    widths = np.diff(xs)
    found = []
    for column, width in enumerate(widths):
        others = np.delete(widths, column)
        ratios = width / others
        if ((ratios >= _LEAST_RATIO) & (ratios <= _MOST_RATIO)).sum() < _FEWEST_OTHERS:
            continue
        spans = [(ys[a], ys[b]) for a, b, c, d in cells if (c, d) == (column, column + 1)]
        boxes = [BBox(xs[column], top, xs[column + 1], bottom) for top, bottom in spans]
        parted = [_is_parted(page, box) for box in boxes]
        if sum(p is True for p in parted) >= _FEWEST_CELLS and not any(p is False for p in parted):
            middle = (xs[column] + xs[column + 1]) / 2
            found += [vertical_ruling(middle, top, bottom) for top, bottom in spans]
    return found


def _is_parted(page: UprightPage, cell: BBox) -> bool | None:
    """True where a text stands in the middle of each half of a cell, None where the cell holds none."""
    size = page.px_per_pt
    left, right = round((cell.x0 + _INSET_PT) * size), round((cell.x1 - _INSET_PT) * size)
    top, bottom = round((cell.top + _INSET_PT) * size), round((cell.bottom - _INSET_PT) * size)
    ink = page.masks.ink[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    if not ink.size:
        return None
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    x, _, w, h, _ = stats[1:count].T / size
    middle = (cell.width - 2 * _INSET_PT) / 2
    tall = h >= SMALLEST_DIGIT_PT
    thin = (w <= _THIN_PT) & (np.abs(x + w / 2 - middle) <= _FREE_PT)
    texts = tall & ~thin
    if not texts.any():
        return None
    x0, x1 = x[texts], x[texts] + w[texts]
    if ((x0 < middle + _FREE_PT) & (x1 > middle - _FREE_PT)).any():
        return False
    halves = [(x0[side], x1[side]) for side in (x1 < middle, x0 > middle)]
    if any(not len(starts) for starts, _ in halves):
        return False
    centres = [(float(starts.min()) + float(stops.max())) / 2 for starts, stops in halves]
    off = _OFF_CENTRE * cell.width / 2
    return all(abs(c - m) <= off for c, m in zip(centres, (middle / 2, 3 * middle / 2), strict=True))
