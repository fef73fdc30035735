"""Tables of level rulings alone: their rows, and plumb strokes that a stamp or a pen left in them.

Such a stroke would cut a few rows into cells, and the rest of the table would stay without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from models.geometry import BBox, interval_overlap
from models.page import Ruling

# Level rulings that end alike, share so much of their length and are so near to each other are of one table; so many
# make one. Points, 0..1.
_ALIKE_PT, _SHARED, _ROW_PT, _FEWEST = 6.0, 0.4, 80.0, 4
# What lies so far to a side of all rulings is of no table, nor does it when it is a little above or below it. Points.
_ASIDE_PT, _OVER_PT = 2.0, 20.0
# What a dash may be read as. In line with a ruling it is so near to it, and so near to its end. Points.
_DASHES, _IN_LINE_PT, _GAP_PT = "一-_—―–－ー‐.", 2.0, 60.0
# In a table with plumb rulings they reach through a larger share of its rows than this, or stand at its sides. 0..1.
_ROWS_SHARE = 0.35
# A plumb ruling that covers so much of a row parts it. 0..1.
_PARTED_SHARE = 0.6


def without_loose_strokes(rulings: Sequence[Ruling]) -> list[Ruling]:
    """The rulings of a page in points, without plumb ones in tables of level rulings alone."""
    loose: set[Ruling] = set()
    for stack in _stacks(rulings):
        top, bottom = stack[0].position, stack[-1].position
        inside = _plumb_inside(stack, rulings)
        if _is_level(stack, inside):
            loose.update(r for r in inside if top - _ALIKE_PT <= r.start and r.stop <= bottom + _ALIKE_PT)
    return [r for r in rulings if r not in loose]


def level_rows(rulings: Sequence[Ruling]) -> list[BBox]:
    """The rows of tables of level rulings alone, in points."""
    return [
        BBox(min(above.start, below.start), above.position, max(above.stop, below.stop), below.position)
        for stack in _stacks(rulings)
        if _is_level(stack, _plumb_inside(stack, rulings))
        for above, below in pairwise(stack)
    ]


def lie_beside(boxes: Sequence[BBox], rulings: Sequence[Ruling]) -> list[bool]:
    """True for each box (points) to the left or right of a table of level rulings: the edge of the paper, dirt.

    Faint rulings may be found in pieces; no ruling of such a table reaches there.
    """
    rows = level_rows(rulings)
    inside = [r for r in rulings if r.horizontal and any(row.top <= r.position <= row.bottom for row in rows)]
    start, stop = min((r.start for r in inside), default=0.0), max((r.stop for r in inside), default=0.0)
    return [
        any(row.top - _OVER_PT <= box.center[1] <= row.bottom + _OVER_PT for row in rows)
        and (box.x0 >= stop + _ASIDE_PT or box.x1 <= start - _ASIDE_PT)
        for box in boxes
    ]


def is_rest_of_ruling(text: str, box: BBox, rulings: Sequence[Ruling]) -> bool:
    """True for a dash (box in points) in line with a level ruling: a piece that is left where a pen was taken out."""
    return (
        bool(text.strip())
        and not text.strip().strip(_DASHES)
        and any(
            r.horizontal
            and abs(r.position - box.center[1]) <= _IN_LINE_PT
            and box.x0 <= r.stop + _GAP_PT
            and box.x1 >= r.start - _GAP_PT
            for r in rulings
        )
    )


def _plumb_inside(stack: Sequence[Ruling], rulings: Sequence[Ruling]) -> list[Ruling]:
    start, stop = min(r.start for r in stack), max(r.stop for r in stack)
    across = (stack[0].position, stack[-1].position)
    return [
        r
        for r in rulings
        if not r.horizontal
        and start - _ALIKE_PT <= r.position <= stop + _ALIKE_PT
        and interval_overlap((r.start, r.stop), across) > 0
    ]


def _is_level(stack: Sequence[Ruling], plumb: Sequence[Ruling]) -> bool:
    """True where hardly any row of a table is parted, and no plumb ruling stands at a side of it."""
    start, stop = min(r.start for r in stack), max(r.stop for r in stack)
    if any(min(abs(r.position - start), abs(r.position - stop)) <= _ALIKE_PT for r in plumb):
        return False
    rows = [(above.position, below.position) for above, below in pairwise(stack)]
    parted = sum(any(_parts(r, row) for r in plumb) for row in rows)
    return parted <= _ROWS_SHARE * len(rows)


def _parts(ruling: Ruling, row: tuple[float, float]) -> bool:
    return interval_overlap((ruling.start, ruling.stop), row) >= _PARTED_SHARE * (row[1] - row[0])


def _stacks(rulings: Sequence[Ruling]) -> list[list[Ruling]]:
    """Level rulings one below another that end alike; beside labels of merged cells they begin further in."""
    stacks: list[list[Ruling]] = []
    for ruling in _whole_lines(rulings):
        for stack in reversed(stacks):
            last = stack[-1]
            if (
                ruling.position - last.position <= _ROW_PT
                and abs(ruling.stop - last.stop) <= _ALIKE_PT
                and min(ruling.stop, last.stop) - max(ruling.start, last.start) >= _SHARED * (last.stop - last.start)
            ):
                stack.append(ruling)
                break
        else:
            stacks.append([ruling])
    return [stack for stack in stacks if len(stack) >= _FEWEST]


def _whole_lines(rulings: Sequence[Ruling]) -> list[Ruling]:
    """The level rulings from top to bottom, the pieces of one line put together."""
    lines: list[Ruling] = []
    for ruling in sorted((r for r in rulings if r.horizontal), key=lambda r: r.position):
        if lines and ruling.position - lines[-1].position <= _IN_LINE_PT:
            start, stop = min(lines[-1].start, ruling.start), max(lines[-1].stop, ruling.stop)
            lines[-1] = replace(lines[-1], start=start, stop=stop)
        else:
            lines.append(ruling)
    return lines
