"""Plumb rulings of a scan that run on through the white between two tables: strokes of characters, or show-through.

One of them makes one net of two tables, whose columns then cut each other's cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.geometry import interval_overlap
from models.page import Ruling
from pipeline.tables.rulings_to_grid import REACH_PT, merge_rulings

# A line of text fits between two tables. A level ruling from this length on ends a table. Points.
_LEAST_BETWEEN_PT, _LONG_PT = 12.0, 100.0
# A plumb ruling crosses a band when it covers this share of it. 0..1.
_CROSSED_SHARE = 0.6
# Of the rulings that cross the rows above and below, at most this share crosses the white between. 0..1.
_MOST_CROSSING = 0.5


def cut_bridges(rulings: Iterable[Ruling]) -> list[Ruling]:
    """The rulings of a page, plumb ones cut where they cross the white between two tables.

    It lies between two level rulings, and is not closed at its sides, while the rows above and below it are.

    Args:
        rulings: Segments in any order, in points.
    """
    found = list(rulings)
    levels = [r for r in merge_rulings([r for r in found if r.horizontal]) if r.stop - r.start >= _LONG_PT]
    plumbs = merge_rulings([r for r in found if not r.horizontal])
    for upper, lower in _bands(levels, plumbs):
        found = [part for r in found for part in _cut(r, upper, lower)]
    return found


def _bands(levels: Sequence[Ruling], plumbs: Sequence[Ruling]) -> list[tuple[float, float]]:
    """(upper, lower) of the white between two tables, in points."""
    ordered = sorted(levels, key=lambda r: r.position)
    found = []
    for above, upper, lower, below in zip(ordered, ordered[1:], ordered[2:], ordered[3:], strict=False):
        if lower.position - upper.position < _LEAST_BETWEEN_PT:
            continue
        crossing = _crossing(plumbs, upper.position, lower.position)
        rows = [_crossing(plumbs, a.position, b.position) for a, b in ((above, upper), (lower, below))]
        ends = [x for r in (upper, lower) for x in (r.start, r.stop)]
        if (
            crossing
            and len(crossing) <= _MOST_CROSSING * min(map(len, rows))
            and not any(_is_near(x, crossing) for x in ends)
            and all(_is_near(x, row) for r, row in zip((upper, lower), rows, strict=True) for x in (r.start, r.stop))
        ):
            found.append((upper.position, lower.position))
    return found


def _crossing(plumbs: Sequence[Ruling], upper: float, lower: float) -> list[float]:
    """Positions of the plumb rulings that cross a band."""
    least = _CROSSED_SHARE * (lower - upper)
    return [r.position for r in plumbs if interval_overlap((r.start, r.stop), (upper, lower)) >= least]


def _is_near(x: float, positions: Iterable[float]) -> bool:
    return any(abs(x - p) <= REACH_PT for p in positions)


def _cut(ruling: Ruling, upper: float, lower: float) -> list[Ruling]:
    if ruling.horizontal or ruling.stop <= upper or ruling.start >= lower:
        return [ruling]
    parts = ((ruling.start, min(ruling.stop, upper)), (max(ruling.start, lower), ruling.stop))
    return [replace(ruling, start=start, stop=stop) for start, stop in parts if stop > start]
