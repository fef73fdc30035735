"""How far the rulings at the sides of a cell reach into it: double ones, of which copying leaves dashes, reach far.

It is measured where no digit stands: close to the upper and lower borders of all cells that have a side in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.geometry import BBox
from pipeline.scan.pixels import Mask

# The rows that are looked at, from the upper and lower borders, and how far across. Points.
_ZONE_PT, _FARTHEST_PT = (0.8, 2.4), 4.5
# Level ink longer than this is no plumb ruling. Points.
_LONG_PT = 3.0
# In so many of the rows the ruling reaches less far: copying leaves a part of it. 0..1.
_QUANTILE = 0.75
# So many cells have a side in common; it differs by no more. Points.
_FEWEST_CELLS, _SAME_PT = 5, 1.5


def border_reaches(ink: Mask, cells: Sequence[BBox], size: float) -> NDArray[np.float64]:
    """How far the rulings reach from the left and right sides, in points, float64 (N, 2).

    Where too few cells have a side in common, as far as most of the others do; 0 where there are no others.

    Args:
        ink: 255 where there is ink, rulings included.
        cells: Boxes in points.
        size: Pixels a point.
    """
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(_LONG_PT * size) + 1), np.uint8))
    plumb = (ink > 0) & (cv2.dilate(level, np.ones((3, 3), np.uint8)) == 0)
    found = np.full((len(cells), 2), np.nan)
    for column, is_left in enumerate((True, False)):
        for members in _same_side(cells, is_left=is_left):
            found[members, column] = _reach(plumb, [cells[i] for i in members], size, is_left=is_left)
    known = found[~np.isnan(found)]
    return np.nan_to_num(found, nan=float(np.quantile(known, _QUANTILE)) if len(known) else 0.0)


def _same_side(cells: Sequence[BBox], *, is_left: bool) -> Iterator[list[int]]:
    """Indices of cells that have a left or right side in common."""
    sides = [c.x0 if is_left else c.x1 for c in cells]
    group: list[int] = []
    for i in sorted(range(len(cells)), key=sides.__getitem__):
        if group and sides[i] - sides[group[-1]] > _SAME_PT:
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def _reach(plumb: NDArray[np.bool_], cells: Sequence[BBox], size: float, *, is_left: bool) -> float:
    width = round(_FARTHEST_PT * size)
    near, far = (round(v * size) for v in _ZONE_PT)
    strips = []
    for cell in cells:
        side = round((cell.x0 if is_left else cell.x1) * size)
        left, right = (side, side + width) if is_left else (side - width, side)
        if left < 0 or right > plumb.shape[1] or cell.width < 2 * _FARTHEST_PT:
            continue
        top, bottom = round(cell.top * size), round(cell.bottom * size)
        for rows in (slice(top + near, top + far), slice(bottom - far, bottom - near)):
            strip = plumb[rows, left:right]
            strips.append(strip if is_left else strip[:, ::-1])
    if len(strips) < 2 * _FEWEST_CELLS:
        return float("nan")
    # The last pixel of ink in each row, counted from the side.
    last = (np.concatenate(strips) * np.arange(1, width + 1)).max(axis=1)
    return float(np.quantile(last, _QUANTILE)) / size
