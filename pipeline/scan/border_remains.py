"""Ink at the borders of a cell that is none of its text: what is left of rulings, and what stamps and pens leave."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.geometry import BBox
from pipeline.scan.ink import FLAT, SMALLEST_DIGIT_PT

# Pieces that reach no further into their cell are of the ruling around it; dashes of a broken one may lie further off.
# Points.
_BORDER_PT, _NEAR_BORDER_PT, _DASH_LENGTH_PT = 1.4, 2.4, 4.6
# A ruling that reaches so far is a double one; of it are pieces that reach by so much further. Points.
_DOUBLE_PT, _REACH_RIM_PT = 1.5, 1.0
# A ruling that lies beside its line runs along this share of a side, so near to it, and is as thin, or fills as little
# of its box. Points, 0..1.
_WHOLE_SIDE, _BESIDE_BORDER_PT, _THIN_PT, _HOLLOW = 0.7, 3.5, 1.6, 0.22
# And it is longer than any character. Points.
_LARGEST_TYPE_PT = 15.0
# A decimal point reaches further above the lower border than this. Points.
_LOWEST_POINT_PT = 1.0
# A dash of a broken ruling lies so near to the left or right side, is so thin or hollow, and is so far from all digits
# of the cell, of which it is in no line. Points, 0..1, share of the height of the digits.
_NEAR_SIDE_PT, _DASH_WIDTH_PT, _FAR_OFF = 5.0, 1.3, 1.0
# What a stamp or a pen left at the border of a cell begins this near to it, and is off a line of digits inside by this
# share of their height. Points, 0..1.
_AT_BORDER_PT, _OFF_LINE_SHARE = 1.2, 0.2


def remains_of_rulings(
    boxes: NDArray[np.int64], areas: NDArray[np.int64], cell: BBox, reaches: NDArray[np.float64], size: float
) -> NDArray[np.bool_]:
    """True for the pieces of ink in a cell that are of the rulings around it.

    Args:
        boxes: (N, 4) x0, y0, x1, y1 of the pieces, in pixels.
        areas: (N,) their ink, in pixels.
        cell: The cell, in points.
        reaches: How far the rulings at the left and right sides reach into it, in points.
        size: Pixels a point.
    """
    rest = _on_border(boxes, cell, reaches, size) | _along_border(boxes, areas, cell, size)
    return rest | _lies_apart(boxes, areas, cell, size, ~rest)


def _on_border(boxes: NDArray[np.int64], cell: BBox, reaches: NDArray[np.float64], size: float) -> NDArray[np.bool_]:
    """True for what is left of the rulings around a cell: thin pieces on its border.

    ``reaches``: how far the rulings at the left and right sides reach into it, in points.
    """
    x0, y0, x1, y1 = (boxes[:, i] / size for i in range(4))
    left, right = np.where(reaches >= _DOUBLE_PT, reaches + _REACH_RIM_PT, _BORDER_PT)
    # How far a piece reaches into the cell from the nearest border.
    across = np.minimum(x1 - cell.x0, cell.x1 - x0)
    down = np.minimum(y1 - cell.top, cell.bottom - y0)
    # Beside the cell's text there may be a narrow digit, but none is as low as a dash.
    plumb = (x1 - cell.x0 <= left) | (cell.x1 - x0 <= right)
    plumb |= (across <= _NEAR_BORDER_PT) & (y1 - y0 <= _DASH_LENGTH_PT)
    # A decimal point may stand as low as a dash of the lower border; it is no wider than high.
    level = (down <= _LOWEST_POINT_PT) | ((down <= _NEAR_BORDER_PT) & (x1 - x0 >= FLAT * (y1 - y0)))
    rest: NDArray[np.bool_] = plumb | level
    return rest


def _along_border(boxes: NDArray[np.int64], areas: NDArray[np.int64], cell: BBox, size: float) -> NDArray[np.bool_]:
    """True for thin pieces along a whole side of a cell, or round its corner: a ruling that lies beside its line."""
    x0, y0, x1, y1 = (boxes[:, i] / size for i in range(4))
    widths, heights = x1 - x0, y1 - y0
    long = (widths >= max(_WHOLE_SIDE * cell.width, _LARGEST_TYPE_PT)) | (
        heights >= max(_WHOLE_SIDE * cell.height, _LARGEST_TYPE_PT)
    )
    beside = np.minimum(np.minimum(x0 - cell.x0, cell.x1 - x1), np.minimum(y0 - cell.top, cell.bottom - y1))
    thin = np.minimum(widths, heights) <= _THIN_PT
    along: NDArray[np.bool_] = long & (beside <= _BESIDE_BORDER_PT) & (thin | is_hollow(boxes, areas))
    return along


def _lies_apart(
    boxes: NDArray[np.int64], areas: NDArray[np.int64], cell: BBox, size: float, may_be_text: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """True for dashes of a plumb ruling that lie far into a cell, and as far from its digits."""
    x0, y0, x1, y1 = (boxes[:, i] / size for i in range(4))
    from_side = np.minimum(x0 - cell.x0, cell.x1 - x1)
    dashes = (from_side <= _NEAR_SIDE_PT) & ((x1 - x0 <= _DASH_WIDTH_PT) | is_hollow(boxes, areas))
    digits = boxes[may_be_text & (from_side > _NEAR_SIDE_PT) & (y1 - y0 >= SMALLEST_DIGIT_PT)]
    if not dashes.any() or not len(digits):
        return np.zeros(len(boxes), bool)
    gaps = np.maximum(boxes[:, [0]] - digits[:, 2], digits[:, 0] - boxes[:, [2]]).min(axis=1)
    far = gaps >= _FAR_OFF * np.median(digits[:, 3] - digits[:, 1])
    return dashes & far & ~are_in_line(boxes, digits)


def is_hollow(boxes: NDArray[np.int64], areas: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True for pieces that fill little of their box, such as the corner of a frame."""
    hollow: NDArray[np.bool_] = (
        areas / np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1) <= _HOLLOW
    )
    return hollow


def comes_from_outside(boxes: NDArray[np.int64], cell: BBox, size: float) -> NDArray[np.bool_]:
    """True for pieces that begin at the border of a cell while digits stand inside it, and are of none of their lines.

    A digit that a narrow column crowds against its ruling is as high as the others, and at their height.
    """
    x0, y0, x1, y1 = (boxes[:, i] / size for i in range(4))
    rim = _AT_BORDER_PT
    at_border = (x0 - cell.x0 <= rim) | (cell.x1 - x1 <= rim) | (y0 - cell.top <= rim) | (cell.bottom - y1 <= rim)
    digits = boxes[~at_border & (y1 - y0 >= SMALLEST_DIGIT_PT)]
    if not len(digits):
        return np.zeros(len(boxes), bool)
    return at_border & ~are_in_line(boxes, digits)


def are_in_line(boxes: NDArray[np.int64], digits: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True for the boxes (N, 4: x0, y0, x1, y1) that are as high as one of the digits (M, 4), and at its height."""
    off = _OFF_LINE_SHARE * (digits[:, 3] - digits[:, 1])
    tops, bottoms = (np.abs(boxes[:, [k]] - digits[:, k]) <= off for k in (1, 3))
    in_line: NDArray[np.bool_] = (tops & bottoms).any(axis=1)
    return in_line
