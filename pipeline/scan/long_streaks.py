"""Folds of the paper and marks of scanner rollers that look like rulings: they run on beyond all tables."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import numpy as np

from models.disjoint_sets import DisjointSets
from models.page import Ruling
from pipeline.scan.rulings_across import positions_across

# Pieces of one line lie so near to one another: across, where it wanders, and along. Points.
_WANDERS_PT, _GAP_PT = 2.2, 20.0
# A line that is no ruling is longer than the others by this, at both ends. Points.
_BEYOND_PT = 15.0
# A whole piece of this length that ends at rulings across, to within so much, is a ruling where a streak runs over it.
# Points.
_RULING_PT, _MEET_PT = 30.0, 2.5
# Lines from this length on are compared. So many say how far tables reach: their starts at this percentile, their ends
# at the one as far from the other end. Points, 0..100.
_LONG_PT, _ENOUGH, _REACH = 100.0, 4, 20


def without_long_streaks(broken: Sequence[Ruling], whole: Sequence[Ruling]) -> tuple[list[Ruling], list[Ruling]]:
    """(broken rulings, whole ones) without the pieces of lines that begin before and end behind the others.

    Both are in points, of one straight page. Level and plumb lines are looked at apart.
    """
    every = [*broken, *whole]
    streaks = {id(r) for way in (True, False) for r in _streaks([r for r in every if r.horizontal is way])}
    streaks -= {id(r) for r in whole if id(r) in streaks and _ends_at_rulings(r, every)}
    return [r for r in broken if id(r) not in streaks], [r for r in whole if id(r) not in streaks]


def _streaks(rulings: Sequence[Ruling]) -> list[Ruling]:
    """The pieces of all lines, of rulings of one direction, that begin before and end behind most others."""
    lines = _lines(rulings)
    reaches = [(min(r.start for r in line), max(r.stop for r in line)) for line in lines]
    long = [n for n, (start, stop) in enumerate(reaches) if stop - start >= _LONG_PT]
    found: list[Ruling] = []
    for n in long:
        others = [reaches[m] for m in long if m != n]
        if len(others) < _ENOUGH:
            continue
        first = float(np.percentile([start for start, _ in others], _REACH))
        last = float(np.percentile([stop for _, stop in others], 100 - _REACH))
        if reaches[n][0] < first - _BEYOND_PT and reaches[n][1] > last + _BEYOND_PT:
            found += lines[n]
    return found


def _ends_at_rulings(ruling: Ruling, others: Sequence[Ruling]) -> bool:
    """True where long rulings across stand at both ends of one that is no short stroke."""
    across = positions_across(ruling, others, long=_LONG_PT, meet=_MEET_PT)
    ends = (ruling.start, ruling.stop)
    return ruling.stop - ruling.start >= _RULING_PT and all(
        any(abs(position - end) <= _MEET_PT for position in across) for end in ends
    )


def _lines(rulings: Sequence[Ruling]) -> list[list[Ruling]]:
    """Rulings of one direction as lines: pieces that follow one another, or lie over one another."""
    ordered = sorted(rulings, key=attrgetter("position"))
    group = DisjointSets(len(ordered))
    for i, one in enumerate(ordered):
        for j in range(i + 1, len(ordered)):
            other = ordered[j]
            if other.position - one.position > _WANDERS_PT:
                break
            if max(one.start, other.start) - min(one.stop, other.stop) <= _GAP_PT:
                group.join(i, j)
    lines: dict[int, list[Ruling]] = {}
    for i, ruling in enumerate(ordered):
        lines.setdefault(group.find(i), []).append(ruling)
    return list(lines.values())
