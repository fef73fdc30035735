"""Print of the other side that shows through: paler than the digits of its cell, and none of their number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.scan.border_remains import are_in_line
from pipeline.scan.ink import SMALLEST_DIGIT_PT

# Digits of one cell are at least so strong beside one another, worn toner too; print of the other side is less. 0..1.
_PALE_SHARE = 0.4
# A pale stroke in line with the digits, so near to one of them (shares of their height), may be a digit of its own.
_NEXT_SHARE = 0.8


def shows_through(
    boxes: NDArray[np.int64], strengths: NDArray[np.float64], size: float, *, spare_neighbours: bool = True
) -> NDArray[np.bool_]:
    """True for the pieces of ink in a cell that show through from the back.

    Args:
        boxes: (N, 4) x0, y0, x1, y1 of the pieces, in pixels.
        strengths: (N,) by how much they are darker than the paper.
        size: Pixels a point.
        spare_neighbours: Leave what may be a digit of the number, however pale.
    """
    tall = boxes[:, 3] - boxes[:, 1] >= SMALLEST_DIGIT_PT * size
    if not tall.any():
        return np.zeros(len(boxes), bool)
    pale: NDArray[np.bool_] = strengths < _PALE_SHARE * strengths[tall].max()
    digits = boxes[tall & ~pale]
    if not spare_neighbours or not pale.any():
        return pale
    gaps = np.maximum(boxes[:, [0]] - digits[:, 2], digits[:, 0] - boxes[:, [2]]).min(axis=1)
    near = gaps <= _NEXT_SHARE * np.median(digits[:, 3] - digits[:, 1])
    return pale & ~(near & are_in_line(boxes, digits))
