"""A column as wide as several of the others, in whose cells as many texts stand side by side: rulings are lost."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from models.geometry import BBox
from models.page import Ruling, vertical_ruling
from pipeline.scan.ink import SMALLEST_DIGIT_PT
from pipeline.scan.page_image import UprightPage

# A column of several is as wide as so many of the others, but for this share; so many others there must be.
_MOST_PARTS, _OFF_RATIO, _FEWEST_OTHERS = 6, 0.1, 3
# Rulings around a cell are left out. Points.
_INSET_PT = 1.4
# A border is free of ink on so much to both sides; what is thinner may be left of the ruling. Points.
_FREE_PT, _THIN_PT = 1.5, 2.1
# Each text stands in the middle of its part, off by this share of the width of the part at most. 0..1.
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
        ratios = width / np.delete(widths, column)
        spans = [(ys[a], ys[b]) for a, b, c, d in cells if (c, d) == (column, column + 1)]
        boxes = [BBox(xs[column], top, xs[column + 1], bottom) for top, bottom in spans]
        for parts in range(2, _MOST_PARTS + 1):
            if (np.abs(ratios - parts) <= _OFF_RATIO * parts).sum() < _FEWEST_OTHERS:
                continue
            parted = [_is_parted(page, box, parts) for box in boxes]
            if sum(p is True for p in parted) >= _FEWEST_CELLS and not any(p is False for p in parted):
                borders = [xs[column] + width * k / parts for k in range(1, parts)]
                found += [vertical_ruling(x, top, bottom) for x in borders for top, bottom in spans]
                break
    return found


def _is_parted(page: UprightPage, cell: BBox, parts: int) -> bool | None:
    """True where a text stands in the middle of each of so many parts of a cell, None where the cell holds none."""
    size = page.px_per_pt
    left, right = round((cell.x0 + _INSET_PT) * size), round((cell.x1 - _INSET_PT) * size)
    top, bottom = round((cell.top + _INSET_PT) * size), round((cell.bottom - _INSET_PT) * size)
    ink = page.masks.ink[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    if not ink.size:
        return None
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    x, _, w, h, _ = stats[1:count].T / size
    x += _INSET_PT
    part = cell.width / parts
    # How far the middle of a piece is from the nearest border between two parts.
    nearest = np.clip(np.round((x + w / 2) / part), 1, parts - 1) * part
    texts = (h >= SMALLEST_DIGIT_PT) & ~((w <= _THIN_PT) & (np.abs(x + w / 2 - nearest) <= _FREE_PT))
    if not texts.any():
        return None
    x0, x1, nearest = x[texts], x[texts] + w[texts], nearest[texts]
    if ((x0 < nearest + _FREE_PT) & (x1 > nearest - _FREE_PT)).any():
        return False
    of_part = ((x0 + x1) / 2 // part).astype(int)
    for k in range(parts):
        inside = of_part == k
        if not inside.any():
            return False
        centre = (float(x0[inside].min()) + float(x1[inside].max())) / 2
        if abs(centre - (k + 0.5) * part) > _OFF_CENTRE * part:
            return False
    return True
