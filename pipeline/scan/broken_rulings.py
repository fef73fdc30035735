"""Rulings that are no connected stroke of ink: faint ones, dashed or dotted ones, ones that copying has broken.

The page is cut into thin strips along a direction, each strip into sections. A ruling is a run of sections that are
darker than the paper on both sides of them. Where characters are, nothing is known; they do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from models.page import Ruling, horizontal_ruling, vertical_ruling
from pipeline.scan.ink import paper_noise
from pipeline.scan.mask_rulings import mask_rulings
from pipeline.scan.pixels import Gray, Mask

# Height of a strip and length of a section. Points.
_STRIP_PT, _SECTION_PT = 0.5, 5.0
# The paper beside a strip, in strips from it: near, far.
_BESIDE = (3, 6)
# A section holds a piece of a ruling when it is darker than both sides by this much at least (of 255), and by so many
# standard deviations of the noise.
_LEAST_DARKER, _DEVIATIONS = 5.0, 1.0
# A piece of ink thicker than this in both directions is a character, with a rim around it. Points.
_THICKEST_PT, _RIM_PT = 1.9, 0.6
# Share of a section that must be free of characters.
_LEAST_SEEN = 0.4
# Share of the sections of a ruling that must hold a piece of it; less over a length at which chance puts no specks in
# line. 0..1, points.
_FILLED_SHARE, _LONG_SHARE, _LONG_PT = 0.62, 0.35, 140.0
# Share of the sections of a short ruling between two others.
_SHORT_SHARE = 0.75
# Sections without ink in a row that end a ruling, and one that is hardly broken.
_MOST_EMPTY, _FEW_EMPTY = 6, 1
# Share of sections with ink from which a ruling is hardly broken.
_WHOLE_SHARE = 0.9
# Sections at each end of a ruling that are looked at together.
_END_SECTIONS = 6
# Shortest ruling found this way, and one that joins two rulings across it, with the reach of its ends. Points.
_SHORTEST_PT, _SHORTEST_JOINING_PT, _MEET_PT = 55.0, 15.0, 7.0
# What hides a strip and those so many strips above and below it lies across it.
_STRADDLED = 4
# A line fainter than this share of the usual ruling is a crease or a shadow. The usual one is that of the fullest
# strips.
_LEAST_STRENGTH, _FULLEST = 0.25, 24
# Where most sections of a line are empty, the fullest others hold this share of the usual strength: points of numbers
# that stand below one another (1. 2. 3.) fill a quarter of a section, dashes half. The fullest ones are those above
# the percentile.
_PIECE_STRENGTH, _FULLEST_PIECES = 0.42, 90
# Sections of whole rulings that tell how dark the rulings of a page are.
_ENOUGH_KNOWN = 200
# What is so near to the edge of a page is none of its rulings. Points.
_RIM_OF_PAGE_PT = 12.0
# Half the width that a ruling across takes away. Points.
_CROSSING_PT = 0.7
# Share of a short ruling that characters may hide: else it is made of their strokes.
_SHORT_HIDDEN = 0.2
# Characters may hide so many sections of a ruling in a row.
_MOST_HIDDEN = 8
# A second line nearer than this to one with more ink is the same ruling. Points.
_APART_PT = 3.0

Strips = NDArray[np.float32]
"""float32 (strips, sections): mean darkness, 0..255."""


def broken_rulings(gray: Gray, ink: Mask, level: Mask, plumb: Mask, size: float) -> tuple[list[Ruling], float]:
    """(rulings in points that are no connected strokes or add to those that are, how dark the rulings of the page are).

    Args:
        gray: The straight page.
        ink: 255 where there is ink.
        level: 255 where whole level rulings are.
        plumb: 255 where whole plumb rulings are.
        size: Pixels a point.
    """
    free = _free_of_characters(ink, cv2.bitwise_or(level, plumb), size)
    turned = np.ascontiguousarray(gray.T), np.ascontiguousarray(plumb.T)
    free_turned = np.ascontiguousarray(free.T)
    # A ruling across must not count as a piece of one along.
    first = _measure(gray, free, _across((), plumb, size), level, size)
    across = _measure(turned[0], free_turned, np.ascontiguousarray(_across((), level, size).T), turned[1], size)
    strength = max(first.usual_strength(), across.usual_strength())
    least = _LEAST_STRENGTH * strength
    rows = [horizontal_ruling(*row) for row in _lines(first, least, size)]
    row_ink = np.ascontiguousarray(_across(rows, level, size).T)
    plumb_ones = _measure(turned[0], free_turned, row_ink, turned[1], size)
    columns = [vertical_ruling(*c) for c in _lines(plumb_ones, least, size)]
    again = _measure(gray, free, _across(columns, plumb, size), level, size)
    rows = [horizontal_ruling(*row) for row in _lines(again, least, size)]
    whole = mask_rulings(level, plumb, size)
    found = [
        *(r for r in rows if r.stop - r.start >= _SHORTEST_PT or _joins(r, [*whole, *columns])),
        *(r for r in columns if r.stop - r.start >= _SHORTEST_PT or _joins(r, [*whole, *rows])),
    ]
    return [_clipped(r, whole) for r in found], strength


def _clipped(ruling: Ruling, whole: Sequence[Ruling]) -> Ruling:
    """The ruling without what it adds to the ends of a whole one, where that is too short to be believed alone."""
    same = [
        w for w in whole if w.horizontal == ruling.horizontal and abs(w.position - ruling.position) <= _APART_PT / 2
    ]
    same = [w for w in same if w.start < ruling.stop and w.stop > ruling.start]
    if not same:
        return ruling
    first, last = min(w.start for w in same), max(w.stop for w in same)
    start, stop = ruling.start, ruling.stop
    if 0 < first - start < _SHORTEST_PT and not _meets(ruling, start, whole):
        start = first
    if 0 < stop - last < _SHORTEST_PT and not _meets(ruling, stop, whole):
        stop = last
    return replace(ruling, start=start, stop=stop)


def _across(rulings: Sequence[Ruling], whole: Mask, size: float) -> NDArray[np.uint8]:
    """1 where the given rulings are, which are drawn and which are whole, and on a rim around them."""
    rim = max(1, round(_CROSSING_PT * size))
    found = (cv2.dilate(whole, np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)) > 0).astype(np.uint8)
    for ruling in rulings:
        near = slice(max(0, round(ruling.position * size) - 2 * rim), round(ruling.position * size) + 2 * rim + 1)
        along = slice(round(ruling.start * size), round(ruling.stop * size))
        found[(near, along) if ruling.horizontal else (along, near)] = 1
    return found


def _joins(ruling: Ruling, others: Sequence[Ruling]) -> bool:
    """True where both ends of a short ruling meet long ones that cross it."""
    across = [
        o
        for o in others
        if o.horizontal != ruling.horizontal
        and o.stop - o.start >= _SHORTEST_PT
        and o.start - _SECTION_PT <= ruling.position <= o.stop + _SECTION_PT
    ]
    return all(_meets(ruling, end, across) for end in (ruling.start, ruling.stop))


def _meets(ruling: Ruling, end: float, others: Sequence[Ruling]) -> bool:
    """True where an end of a ruling lies at one that crosses it."""
    return any(o.horizontal != ruling.horizontal and abs(o.position - end) <= _MEET_PT for o in others)


def _free_of_characters(ink: Mask, rulings: Mask, size: float) -> NDArray[np.uint8]:
    """1 where neither a character nor its rim is."""
    rest = ink.copy()
    rest[rulings > 0] = 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rest)
    characters = np.minimum(stats[:count, 2], stats[:count, 3]) > _THICKEST_PT * size
    characters[0] = False
    rim = 2 * max(1, round(_RIM_PT * size)) + 1
    return 1 - cv2.dilate(characters[labels].astype(np.uint8), np.ones((rim, rim), np.uint8))


@dataclass(frozen=True)
class _Measured:
    """A page in strips (rows) and sections (columns) along one direction.

    ``darker`` than the paper on both sides by so much; ``filled`` where that is a piece of a ruling, in this strip or a
    neighbour; ``known`` where a whole ruling is; ``hidden`` by characters or rulings across, ``covered`` by characters
    alone; ``visible`` sections count in a run.
    """

    darker: Strips
    filled: NDArray[np.bool_]
    known: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    covered: NDArray[np.bool_]
    visible: NDArray[np.bool_]

    def usual_strength(self) -> float:
        """How much darker than the paper the rulings of the page are: whole ones, else its fullest strips."""
        # The edge of the paper or of the glass is darker than any ruling may be.
        rim = round(_RIM_OF_PAGE_PT / _STRIP_PT)
        darker, known, filled = (part[rim:-rim] for part in (self.darker, self.known, self.filled))
        if known.sum() >= _ENOUGH_KNOWN:
            near = np.maximum(np.maximum(darker, np.roll(darker, 1, 0)), np.roll(darker, -1, 0))
            return float(np.median(near[known]))
        fullest = np.argsort(filled.sum(axis=1))[-_FULLEST:]
        values = darker[fullest][filled[fullest]]
        return float(np.percentile(values, 75)) if values.size else 0.0


def _measure(gray: Gray, free: NDArray[np.uint8], across: NDArray[np.uint8], whole: Mask, size: float) -> _Measured:
    """The measures along the rows of a picture.

    Args:
        gray: The picture.
        free: 1 where no character is.
        across: 1 where rulings across are.
        whole: 255 where whole rulings along are.
        size: Pixels a point.
    """
    step, section = _steps(size)
    rest = free & (1 - across)
    seen = _strips(rest, step, section)
    means = _strips((np.uint8(255) - gray) * rest, step, section) / np.maximum(seen, _LEAST_SEEN)
    margin = max(_LEAST_DARKER, _DEVIATIONS * paper_noise(gray))
    darker = means - np.maximum(_beside(means, 1), _beside(means, -1))
    known = _strips(whole, step, section) > 0
    here = (darker > margin) | known
    # A leaning piece lies in two strips.
    filled = here.copy()
    filled[1:] |= here[:-1]
    filled[:-1] |= here[1:]
    hidden = seen <= _LEAST_SEEN
    # Where dashes of two rulings meet they look like a character.
    crossing = cv2.dilate((_strips(across, step, section) > 0).astype(np.uint8), np.ones((1, 3), np.uint8)) > 0
    # A character may touch a ruling, but stands on one side of it.
    straddled = hidden & np.roll(hidden, _STRADDLED, axis=0) & np.roll(hidden, -_STRADDLED, axis=0)
    filled &= ~straddled
    return _Measured(darker, filled, known, hidden, hidden & ~crossing, ~hidden | filled | straddled)


def _steps(size: float) -> tuple[int, int]:
    """(height of a strip, length of a section) in pixels."""
    return max(1, round(_STRIP_PT * size)), max(1, round(_SECTION_PT * size))


def _lines(page: _Measured, least: float, size: float) -> list[tuple[float, float, float]]:
    """(position, start, stop) in points of the rulings along the strips that are not whole already.

    ``least``: a ruling is darker than the paper by this.
    """
    step, section = _steps(size)
    fewest = round(_SHORTEST_JOINING_PT / _SECTION_PT)
    found: list[tuple[float, int, int, int]] = []
    for row in np.flatnonzero(page.filled.sum(axis=1) >= fewest * _LONG_SHARE):
        strength = page.darker[max(0, row - 1) : row + 2].max(axis=0)
        for start, stop in _dark_runs(page, int(row), strength, least, fewest):
            found.append((float(strength[start:stop].clip(0).sum()), int(row), start, stop))
    found.sort(reverse=True)
    apart = round(_APART_PT / _STRIP_PT)
    taken = np.zeros_like(page.filled)
    lines = []
    for _, row, start, stop in found:
        around = taken[max(0, row - apart) : row + apart + 1, start:stop]
        if around.any(axis=0).mean() > 0.5:  # noqa: PLR2004 - mostly the same ruling
            continue
        taken[row, start:stop] = True
        if page.known[max(0, row - 2) : row + 3, start:stop].any(axis=0).mean() < 1:
            place = _centre(page.darker, row, start, stop) * step / size
            first, last = _ends(page.darker, row, start, stop)
            lines.append((place, first * section / size, last * section / size))
    return lines


def _dark_runs(page: _Measured, row: int, strength: Strips, least: float, fewest: int) -> list[tuple[int, int]]:
    """Runs of one strip that are as dark as a ruling; of a run that is not, those of its sections that are.

    What shows through from the back, and dirt, goes on where a ruling ends.
    """
    filled, visible, covered = page.filled[row], page.visible[row], page.covered[row]
    found = []
    for start, stop in _row_runs(filled, visible, covered, fewest):
        if _is_dark(strength[start:stop], filled[start:stop], least):
            found.append((start, stop))
            continue
        dark = filled & (strength >= least)
        dark[:start] = dark[stop:] = False
        if dark.sum() >= fewest:
            found += _row_runs(dark, visible, covered, fewest)
    return found


def _is_dark(strength: Strips, filled: NDArray[np.bool_], least: float) -> bool:
    """True where the filled sections of a run are darker than the paper by ``least``, and more than points in line."""
    pieces = strength[filled]
    if np.median(pieces) < least:
        return False
    is_sparse = filled.mean() < _FILLED_SHARE
    return not is_sparse or bool(np.percentile(pieces, _FULLEST_PIECES) >= least * _PIECE_STRENGTH / _LEAST_STRENGTH)


def _row_runs(
    filled: NDArray[np.bool_], visible: NDArray[np.bool_], covered: NDArray[np.bool_], fewest: int
) -> list[tuple[int, int]]:
    """Half-open runs of sections of one strip that make a ruling; sections that characters hide do not count."""
    seen = np.flatnonzero(visible)
    found = []
    for places in np.split(seen, np.flatnonzero(np.diff(seen) > _MOST_HIDDEN) + 1):
        for first, last in _runs(filled[places]):
            inside = places[first:last]
            start, stop = int(inside[0]), int(inside[-1]) + 1
            if len(inside) < fewest or filled[inside].mean() < _needed(len(inside)):
                continue
            if (stop - start) * _SECTION_PT < _SHORTEST_PT and covered[start:stop].mean() > _SHORT_HIDDEN:
                continue
            found.append((start, stop))
    return found


def _centre(darker: Strips, row: int, start: int, stop: int) -> float:
    """Where a line lies, in strips: between the one with most ink and its neighbours."""
    rows = np.arange(max(0, row - 1), min(len(darker), row + 2))
    weights = darker[rows, start:stop].clip(0).sum(axis=1)
    return float((weights * (rows + 0.5)).sum() / weights.sum()) if weights.sum() > 0 else row + 0.5


def _ends(darker: Strips, row: int, start: int, stop: int) -> tuple[float, float]:
    """Where a line begins and ends, in sections: its outermost ones hold as much of it as they are dark."""
    strength = darker[max(0, row - 1) : row + 2, start:stop].max(axis=0).clip(0)
    usual = float(np.median(strength)) or 1.0
    return start + 1 - min(1.0, float(strength[0]) / usual), stop - 1 + min(1.0, float(strength[-1]) / usual)


def _strips(mask: NDArray[np.uint8], step: int, section: int) -> Strips:
    """Means of strips and sections, which are whole pixels: resizing by area is the mean, and several times as fast."""
    height, width = mask.shape
    rows, columns = -(-height // step), -(-width // section)
    below, beside = rows * step - height, columns * section - width
    padded = cv2.copyMakeBorder(mask, 0, below, 0, beside, cv2.BORDER_CONSTANT, value=(0,))
    return cv2.resize(padded.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)


def _beside(means: Strips, sign: int) -> Strips:
    """Mean darkness of the paper on one side of each strip."""
    near, far = _BESIDE
    total = np.zeros_like(means)
    for offset in range(near, far):
        total += np.roll(means, sign * offset, axis=0)
    return total / np.float32(far - near)


def _needed(sections: int) -> float:
    """Share of its sections that must hold ink for a line of this length."""
    if sections * _SECTION_PT < _SHORTEST_PT:
        return _SHORT_SHARE
    return _LONG_SHARE if sections * _SECTION_PT >= _LONG_PT else _FILLED_SHARE


def _runs(filled: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of filled sections with some empty ones between them: few where the rest is whole, as between two tables."""
    found: list[tuple[int, int]] = []
    for a, b in _joined(np.flatnonzero(filled), _MOST_EMPTY):
        inside = np.flatnonzero(filled[a:b]) + a
        parts = _joined(inside, _FEW_EMPTY)
        whole = [p for p in parts if p[1] - p[0] > 2 * _MOST_EMPTY and filled[p[0] : p[1]].mean() > _WHOLE_SHARE]
        found += parts if whole else [(a, b)]
    return [trimmed for a, b in found if (trimmed := _trimmed(filled, a, b)) is not None]


def _joined(places: NDArray[np.intp], most_empty: int) -> list[tuple[int, int]]:
    """Half-open runs of ascending places with at most so many missing ones between two."""
    runs: list[list[int]] = []
    for i in places:
        if runs and i - runs[-1][1] <= most_empty:
            runs[-1][1] = int(i) + 1
        else:
            runs.append([int(i), int(i) + 1])
    return [(a, b) for a, b in runs]


def _trimmed(filled: NDArray[np.bool_], start: int, stop: int) -> tuple[int, int] | None:
    """The run without ends that hold too little ink: specks in line with it."""
    needed = _needed(stop - start)

    def sparse(part: NDArray[np.bool_]) -> bool:
        return part.mean() < needed or part[: _END_SECTIONS // 2].mean() < _FILLED_SHARE

    while stop - start >= _END_SECTIONS and sparse(filled[start : start + _END_SECTIONS]):
        start += 1
    while stop - start >= _END_SECTIONS and sparse(filled[start:stop][::-1][:_END_SECTIONS]):
        stop -= 1
    return (start, stop) if stop - start >= _END_SECTIONS else None
