"""Pen strokes across the cells of a table: signatures. Found by their width and reach, and taken out of the cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from models.geometry import BBox
from pipeline.scan.ink import ink_mask
from pipeline.scan.overprint import Overprint
from pipeline.scan.page_image import UprightPage
from pipeline.scan.pixels import Gray, Mask
from pipeline.scan.ruling_masks import ruling_masks

_PAPER = 255
# Characters of a table are so high, and no wider than that: they tell how wide strokes of print are. Points.
_TYPE_PT, _USUAL_STROKE_PT = (4.0, 13.0), 0.9
# A pen is wider than print by this factor.
_WIDER = 1.4
# Wide strokes are darker than the paper by so much (of 255) where a pen is certain, and no lighter than this share of
# that anywhere. 0..1.
_CERTAIN, _LIGHTEST_SHARE = 66, 0.5
# Pieces of a pen stroke nearer than this are one: it crosses rulings, which are taken out. Points.
_JOIN_PT = 5.0
# It reaches so far in one direction and in the other, and one piece of it so far; characters do not. That piece is bent
# by so much. Points.
_LONG_PT, _HIGH_PT, _PART_PT, _BENT_PT = 22.0, 7.0, 12.0, 4.0
# Looked at less finely, its pieces hold together and are longer. Points.
_WHOLE_PT = 18.0
# It reaches into cells by so much at least, and into so many. Points, cells.
_INTO_PT, _CELLS = 3.0, 2
# Rulings are taken out with this rim, the edges of a stroke reach so far beyond it. Points.
_RIM_PT, _EDGE_PT = 0.5, 0.7
# What is below a pen is guessed from what lies this near to it. Points.
_NEAR_PT = 1.5
# Print is seen through a pen stroke lighter than this; where more than the second share of light comes through, there
# is none; nothing is darker than the third. Of 255.
_OPAQUE, _NO_PRINT, _DARKEST = 60, 150, 16
# Pens and print are told apart this fine. Pixels a point.
_FINE_PX_PER_PT = 6.0


def without_pens(page: UprightPage, cells: Sequence[BBox]) -> UprightPage:
    """The page without pen strokes that run across its cells; ``overprint`` holds them too.

    Args:
        page: The straight page.
        cells: The cells of its ruled tables, and the rows of those with level rulings alone, points.
    """
    size = page.px_per_pt
    if not cells:
        return page
    left, top = max(0, round(min(c.x0 for c in cells) * size)), max(0, round(min(c.top for c in cells) * size))
    right, bottom = round(max(c.x1 for c in cells) * size), round(max(c.bottom for c in cells) * size)
    table = np.s_[top:bottom, left:right]
    gray = page.gray[table]
    ink = ink_mask(gray)
    stroke = _WIDER * _print_stroke(ink, size)
    if not _may_hold_pens(gray, stroke, size):
        return page
    level, plumb = ruling_masks(ink, size)
    rim = np.ones((2 * round(_RIM_PT * size) + 1,) * 2, np.uint8)
    lines = cv2.dilate(cv2.bitwise_or(_long(level, size), _long(plumb, size)), rim)
    wide = _wide(gray, stroke, size)
    pens = _pens(wide, lines, [_moved(c, -left / size, -top / size) for c in cells], size)
    if not pens.any():
        return page
    cleared = page.gray.copy()
    cleared[table] = _painted(gray, wide, pens, size)
    over = page.overprint or Overprint(np.zeros_like(page.gray), page.gray)
    mask = over.mask.copy()
    mask[table] |= pens
    return replace(page, gray=cleared, overprint=Overprint(mask, over.covered), known_masks=None)


def _moved(box: BBox, x: float, y: float) -> BBox:
    return BBox(box.x0 + x, box.top + y, box.x1 + x, box.bottom + y)


def _long(mask: Mask, size: float) -> Mask:
    """The rulings of a mask without short ones, which may be parts of a pen stroke."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    kept = np.maximum(stats[:count, 2], stats[:count, 3]) >= _LONG_PT * size
    kept[0] = False
    return np.where(kept[labels], _PAPER, 0).astype(np.uint8)


def _print_stroke(ink: Mask, size: float) -> float:
    """Usual width of the strokes of characters, in points."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    low, high = (v * size for v in _TYPE_PT)
    type_like = (stats[:count, 3] >= low) & (stats[:count, 3] <= high) & (stats[:count, 2] <= high)
    if not type_like[1:].any():
        return _USUAL_STROKE_PT
    edges = cv2.subtract(ink, cv2.erode(ink, np.ones((3, 3), np.uint8)))
    around = np.bincount(labels[edges > 0], minlength=count)
    widths = 2 * stats[:count, 4] / np.maximum(around, 1) / size
    return float(np.median(widths[1:][type_like[1:]]))


def _may_hold_pens(gray: Gray, stroke: float, size: float) -> bool:
    """False where no wide stroke is longer than a character and bent: a quick look, less fine than the rest."""
    across = max(2, int(stroke * size))
    shape = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across))
    wide = cv2.morphologyEx(np.uint8(_PAPER) - gray, cv2.MORPH_OPEN, shape)
    certain = (wide >= _CERTAIN).astype(np.uint8)
    run, rim = round(_LONG_PT * size), 2 * round(_RIM_PT * size) + 1
    for along in ((1, run), (run, 1)):
        straight = cv2.morphologyEx(certain, cv2.MORPH_OPEN, np.ones(along, np.uint8))
        certain[cv2.dilate(straight, np.ones((rim, rim), np.uint8)) > 0] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(certain)
    sides = stats[1:, 2:4] / size
    return bool(((sides.max(axis=1) >= _WHOLE_PT) & (sides.min(axis=1) >= _BENT_PT)).any())


def _wide(gray: Gray, width: float, size: float) -> Gray:
    """Darkness of strokes at least so wide (points)."""
    zoom = max(1, round(_FINE_PX_PER_PT / size))
    fine = cv2.resize(np.uint8(_PAPER) - gray, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
    across = max(3, round(width * size * zoom))
    opened = cv2.morphologyEx(fine, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across)))
    return cv2.resize(opened, gray.shape[::-1], interpolation=cv2.INTER_AREA)


def _pens(wide: Gray, lines: Mask, cells: Sequence[BBox], size: float) -> Mask:
    """255 on wide strokes that are longer than characters, or run from cell to cell."""
    certain = ((wide >= _CERTAIN) & (lines == 0)).astype(np.uint8)
    gap = np.ones((2 * round(_JOIN_PT * size / 2) + 1,) * 2, np.uint8)
    _, parts, part_stats, _ = cv2.connectedComponentsWithStats(certain)
    longest = np.maximum(part_stats[:, 2], part_stats[:, 3]) / size
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(certain, gap))
    labels = np.where(certain > 0, labels, 0)
    pens = np.zeros(count, bool)
    for i in range(1, count):
        x, y, w, h = (int(v) for v in stats[i, :4])
        if max(w, h) < _LONG_PT * size or min(w, h) < _HIGH_PT * size:
            continue
        box = np.s_[y : y + h, x : x + w]
        piece = labels[box] == i
        reach = float(longest[np.unique(parts[box][piece])].max())
        pens[i] = reach >= _LONG_PT or (reach >= _PART_PT and _reaches(piece, (x, y), cells, size))
    seeds = pens[labels]
    near = cv2.dilate(seeds.astype(np.uint8), gap)
    least = _LIGHTEST_SHARE * float(np.median(wide[seeds])) if seeds.any() else 0.0
    possible = ((wide >= least) & (near > 0)).astype(np.uint8)
    count, labels = cv2.connectedComponents(possible)
    kept = np.zeros(count, bool)
    kept[np.unique(labels[seeds])] = True
    kept[0] = False
    return np.where(kept[labels], _PAPER, 0).astype(np.uint8)


def _reaches(piece: NDArray[np.bool_], corner: tuple[int, int], cells: Sequence[BBox], size: float) -> bool:
    """True where a stroke reaches into several cells."""
    x, y = corner
    height, width = piece.shape
    reached = 0
    for cell in cells:
        x0, x1 = max(0, round(cell.x0 * size) - x), min(width, round(cell.x1 * size) - x)
        y0, y1 = max(0, round(cell.top * size) - y), min(height, round(cell.bottom * size) - y)
        if x0 >= x1 or y0 >= y1:
            continue
        inside = piece[y0:y1, x0:x1]
        columns, rows = inside.any(axis=0).sum(), inside.any(axis=1).sum()
        reached += max(columns, rows) >= _INTO_PT * size
    return reached >= _CELLS


def _painted(gray: Gray, wide: Gray, pens: Mask, size: float) -> Gray:
    """The picture without pens: print shows through a light one, and is guessed from both sides of a dark one."""
    rim = np.ones((2 * max(1, round(_EDGE_PT * size)) + 1,) * 2, np.uint8)
    around = cv2.dilate(pens, rim)
    guessed = cv2.inpaint(gray, around, _NEAR_PT * size, cv2.INPAINT_TELEA)
    pen = np.float32(_PAPER) - cv2.dilate(np.where(pens > 0, wide, 0).astype(np.uint8), rim)
    # Inks printed over each other multiply.
    through = np.minimum(gray / np.maximum(pen, _DARKEST) * _PAPER, _PAPER)
    through = np.where((through > _NO_PRINT) | (pen < _OPAQUE), _PAPER, through)
    return np.where(around > 0, np.minimum(guessed, through), gray).astype(np.uint8)
