"""Scraps of ink that together are a faint digit beside others that are whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""

# What belongs to a line reaches so far above and below it; scraps of one digit lie so near to one another and are so
# high together; digits lie so near to one another. Shares of the height of the line.
_OFF_LINE, _APART, _HIGH, _NEXT = 0.2, 0.2, 0.55, 0.8


def box_around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of them; at least one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def with_scraps(line: Box, pieces: Iterable[Box]) -> Box:
    """The box of a line of digits, wider by those of which only scraps are left; dirt is not as high as a digit."""
    left, top, right, bottom = line
    height = bottom - top
    digits = [d for d in _put_together(line, pieces) if d[3] - d[1] >= _HIGH * height]
    for d in reversed(digits):
        if d[2] <= right and left - d[2] <= _NEXT * height:
            left = min(left, d[0])
    for d in digits:
        if d[0] >= left and d[0] - right <= _NEXT * height:
            right = max(right, d[2])
    return left, top, right, bottom


def _put_together(line: Box, pieces: Iterable[Box]) -> list[Box]:
    """The pieces on both sides of a line and at its height, from the left, those that lie close together as one."""
    left, top, right, bottom = line
    height = bottom - top
    off = _OFF_LINE * height
    found: list[Box] = []
    for x0, y0, x1, y1 in sorted(pieces):
        if (left < x1 and x0 < right) or y0 < top - off or y1 > bottom + off:
            continue
        if found and x0 - found[-1][2] <= _APART * height and (x0 < right) == (found[-1][0] < right):
            found[-1] = box_around((found[-1], (x0, y0, x1, y1)))
        else:
            found.append((x0, y0, x1, y1))
    return found
