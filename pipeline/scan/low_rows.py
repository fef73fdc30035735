"""Broken rulings that would make rows too low for a line of text: level strokes of faint characters in line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import attrgetter

import numpy as np

from models.geometry import interval_overlap
from models.page import Ruling

# Nearer than this two rulings are one, or a double one. Points.
_DOUBLE_PT = 3.5
# Pieces of one line. Points.
_IN_LINE_PT = 1.2
# No row is lower than this share of what low rows of the page measure: those at this percentile of all. 0..1, 0..100.
_LEAST_SHARE, _LOW_ROW = 0.65, 30
# Rows from which their height is known.
_ENOUGH_ROWS = 4
# Rulings lie beside each other along this share of the shorter one. 0..1.
_BESIDE_SHARE = 0.5


def without_low_rows(broken: Sequence[Ruling], whole: Sequence[Ruling]) -> list[Ruling]:
    """The broken rulings without level ones that stand too near to a longer line.

    Args:
        broken: In points, level and plumb.
        whole: In points, level and plumb; they are believed, however short.
    """
    levels = [r for r in (*broken, *whole) if r.horizontal]
    rows = _row_heights(levels)
    if len(rows) < _ENOUGH_ROWS:
        return list(broken)
    lowest = _LEAST_SHARE * float(np.percentile(rows, _LOW_ROW))
    believed: list[Ruling] = []
    for ruling in sorted(levels, key=lambda r: _line_length(r, levels), reverse=True):
        near = (o for o in believed if _DOUBLE_PT < abs(o.position - ruling.position) < lowest)
        if ruling in whole or not any(_beside(ruling, o) for o in near):
            believed.append(ruling)
    return [r for r in broken if not r.horizontal or r in believed]


def _row_heights(levels: Sequence[Ruling]) -> list[float]:
    """Points from each line to the next one below it; pieces in line are one, however many."""
    ordered = sorted(levels, key=attrgetter("position"))
    heights = []
    last, lowest = -math.inf, math.inf
    for i, upper in enumerate(ordered):
        if upper.position - last > _IN_LINE_PT:
            heights.append(lowest)
            last, lowest = upper.position, math.inf
        below = (o.position - upper.position for o in ordered[i + 1 :] if _beside(upper, o))
        lowest = min(lowest, next((h for h in below if h > _DOUBLE_PT), math.inf))
    return [h for h in (*heights, lowest) if h < math.inf]


def _line_length(ruling: Ruling, levels: Sequence[Ruling]) -> float:
    """Points of all pieces that lie in line with a ruling."""
    return sum(_length(o) for o in levels if abs(o.position - ruling.position) <= _IN_LINE_PT)


def _length(ruling: Ruling) -> float:
    return ruling.stop - ruling.start


def _beside(one: Ruling, other: Ruling) -> bool:
    common = interval_overlap((one.start, one.stop), (other.start, other.stop))
    return common >= _BESIDE_SHARE * min(_length(one), _length(other))
