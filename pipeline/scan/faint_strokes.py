"""The faint strokes of a line of digits whose ink is found in part: a digit of which one stroke is dark is a whole one.

What is ink anywhere on the page is told by one threshold. Ink that has faded unevenly falls on both sides of it: a 4
leaves a 1, a 2 its foot. Here the paper of one cell is the measure, and what hangs together with the dark strokes, or
stands in line with them, is of the same text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from models.geometry import BBox
from pipeline.scan.ink import SMALLEST_DIGIT_PT, darker_than_paper
from pipeline.scan.pixels import Gray, Mask
from pipeline.scan.scraps import Box, box_around, with_scraps

# So far from the sides of a cell nothing is looked for: there may be what is left of its rulings. Points.
_INSET_PT = 1.3
# The picture is blurred by so much (points); what is darker than the paper by so many spreads of it, and by so much
# (of 255), is a faint stroke.
_BLUR_PT, _SPREADS, _DARKNESS = 0.2, 5.0, 16.0
# Strokes of one broken digit lie one above the other, so near, and are so long at least. Points.
_BREAK_PT, _PART_PT = 1.5, 1.2
# No digit is so many times as wide as high.
_BROADEST_DIGIT = 0.9
# Strokes that change a box by less than this say nothing new about it. Points.
_LEAST_PT = 0.9


class FaintStrokes(NamedTuple):
    """A line of digits with its faint strokes.

    ``box`` in pixels; ``mask`` is 255 on the strokes and lies at ``left``, ``top``.
    """

    box: Box
    mask: Mask
    left: int
    top: int

    def hold(self, piece: Box) -> bool:
        """Whether a piece of ink is of these strokes."""
        x0, y0, x1, y1 = piece
        left, top = self.left, self.top
        return bool(self.mask[max(0, y0 - top) : max(0, y1 - top), max(0, x0 - left) : max(0, x1 - left)].any())


def find_faint_strokes(gray: Gray, cell: BBox, line: Box, size: float, highest: float) -> FaintStrokes | None:
    """The line with its faint strokes; None where there are none that reach beyond it.

    Args:
        gray: The page without rulings.
        cell: The cell, in points.
        line: The dark ink of the line, in pixels.
        size: Pixels a point.
        highest: A line is no higher, in pixels.
    """
    inset = _INSET_PT * size
    left, top = max(0, round(cell.x0 * size + inset)), max(0, round(cell.top * size + inset))
    inner = gray[top : max(top, round(cell.bottom * size - inset)), left : max(left, round(cell.x1 * size - inset))]
    if not inner.size:
        return None
    smooth = cv2.GaussianBlur(inner, (0, 0), _BLUR_PT * size)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(darker_than_paper(smooth, _SPREADS, _DARKNESS))
    height, width = inner.shape
    pieces = [
        (i, (left + int(x), top + int(y), left + int(x + w), top + int(y + h)))
        for i, (x, y, w, h, _) in enumerate(stats[1:count], start=1)
        # What reaches the edge is no text, or a digit so near to a ruling that the two cannot be told apart.
        if x > 0 and y > 0 and x + w < width and y + h < height
    ]
    boxes = [box for _, box in pieces]
    grown = _with_strokes(line, boxes, size)
    if grown[3] - grown[1] < SMALLEST_DIGIT_PT * size:
        return None
    whole = with_scraps(grown, boxes)
    if whole[3] - whole[1] > highest or max(abs(a - b) for a, b in zip(whole, line, strict=True)) < _LEAST_PT * size:
        return None
    of_line = [(i, box) for i, box in pieces if _meet(box, whole)]
    if any(_is_broad(box, size) and not _meet(box, line) for _, box in of_line):
        return None
    return FaintStrokes(whole, np.where(np.isin(labels, [i for i, _ in of_line]), 255, 0).astype(np.uint8), left, top)


def _with_strokes(line: Box, pieces: Sequence[Box], size: float) -> Box:
    """The box around the line, what meets it, and the strokes close above and below."""
    grown = box_around([line, *(p for p in pieces if _meet(p, line))])
    gap = round(_BREAK_PT * size)
    waiting = [p for p in pieces if max(p[2] - p[0], p[3] - p[1]) >= _PART_PT * size]
    while True:
        left, top, right, bottom = grown
        near = [p for p in waiting if _meet(p, (left, top - gap, right, bottom + gap))]
        wider = box_around([grown, *near])
        if wider == grown:
            return grown
        grown = wider


def _is_broad(piece: Box, size: float) -> bool:
    """True for a faint character that is no digit: text that shows through from the back."""
    width, height = piece[2] - piece[0], piece[3] - piece[1]
    return height >= SMALLEST_DIGIT_PT * size and width > _BROADEST_DIGIT * height


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
