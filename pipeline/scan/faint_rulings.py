"""Rulings too faint or too short to be found alone, looked for where other rulings of the table say they may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.page import Ruling, horizontal_ruling, vertical_ruling
from pipeline.scan.ink import paper_noise
from pipeline.scan.page_image import UprightPage

# An edge shorter than this is left alone. Points.
_SHORTEST_PT = 4.0
# The ends of an edge are left out: there other rulings cross. Points.
_END_PT = 1.2
# A ruling lies at most this far from where the lattice has its line. Points.
_OFF_LINE_PT = 1.6
# Paper beside a ruling is looked at in this distance. Points.
_BESIDE_PT = (2.2, 3.6)
# Share of an edge on which the line is darker than the paper on both sides of it.
_DARKER_SHARE = 0.8
# It is darker by this much in the mean (of 255), and by so many standard deviations of the noise.
_DARKER_BY, _DEVIATIONS = 4.0, 0.6
# And by this share of what is usual on the page: what shows through from the back is fainter.
_LEAST_STRENGTH = 0.15
# What goes on from a ruling in its line is one when it is darker by this much (of 255); nothing from the back lies in
# line with it.
_GOES_ON_DARKER_BY = 2.5
# Dashes cover the first share of an edge, have the second of the strength of other rulings, no wider gap, and hardly
# anything beside them, which strokes of characters have. 0..1, 0..1, points, 0..1.
_DASHED_SHARE, _DASH_STRENGTH, _WIDEST_GAP_PT, _MOST_BESIDE = 0.3, 0.4, 5.0, 0.1
# What is beside dashes begins so far from them. Points.
_BESIDE_DASH_PT = 1.2
# More is no dashed ruling. 0..1.
_MOST_DASHED = 0.9
# A line is dashed where so many of its edges are; a stroke of a character may look like it at one.
_FEWEST_DASHED = 3
# Pages with dashes are not as straight as others: they lie so far from the line at most. Points.
_DASHES_OFF_LINE_PT = 3.2


Edge = tuple[float, float]
"""Where an edge between two lines of a lattice begins and ends, in points."""


def faint_rulings(page: UprightPage, xs: Sequence[float], ys: Sequence[float], strength: float) -> list[Ruling]:
    """Rulings in points along the lines of a lattice, edge by edge, where the paper is darker along the whole edge.

    Args:
        page: The straight page.
        xs: Positions of the plumb lines of a table in points, ascending.
        ys: Positions of its level lines in points, ascending.
        strength: How much darker than the paper the rulings of the page usually are, of 255.
    """
    size = page.px_per_pt
    gray = page.gray
    turned = np.ascontiguousarray(gray.T)
    noise = _DEVIATIONS * paper_noise(gray)
    margin = max(_DARKER_BY, noise, _LEAST_STRENGTH * strength)
    needed = _Needed(margin, min(margin, max(_GOES_ON_DARKER_BY, noise)), max(margin, _DASH_STRENGTH * strength))
    rulings = []
    for y in ys[1:-1]:
        rulings += [horizontal_ruling(y, a, b) for a, b in _edges(gray, y, xs, size, needed)]
    for x in xs[1:-1]:
        rulings += [vertical_ruling(x, a, b) for a, b in _edges(turned, x, ys, size, needed)]
    return rulings


@dataclass(frozen=True, slots=True)
class _Needed:
    """By how much the paper must be darker, of 255: along an edge, where a ruling goes on, in dashes."""

    alone: float
    going_on: float
    dashed: float


def _edges(
    gray: NDArray[np.uint8], position: float, stops: Sequence[float], size: float, needed: _Needed
) -> list[Edge]:
    off, near, far = (round(v * size) for v in (_OFF_LINE_PT, *_BESIDE_PT))
    centre = round(position * size)
    if centre - far < 0 or centre + far >= gray.shape[0]:
        return []
    # The mean over five pixels along the line takes the noise out and keeps the line.
    band = gray[centre - far : centre + far + 1].astype(np.float32)
    line = band[far - off : far + off + 1]
    above = band[: far - near + 1].mean(axis=0)
    below = band[far + near :].mean(axis=0)
    kernel = np.ones(5, np.float32) / 5
    paper = np.minimum(above, below)
    smooth = np.stack([np.convolve(row, kernel, mode="same") for row in line])
    reach = round(_DASHES_OFF_LINE_PT * size) + far
    wide = gray[max(0, centre - reach) : centre + reach + 1].astype(np.float32)
    whole: list[Edge] = []
    fainter: list[Edge] = []
    dashed: list[Edge] = []
    insides: dict[Edge, slice] = {}
    for edge in pairwise(stops):
        start, stop = round((edge[0] + _END_PT) * size), round((edge[1] - _END_PT) * size)
        # Pixels that make a line.
        if edge[1] - edge[0] < _SHORTEST_PT or stop - start < 3 or stop > gray.shape[1]:  # noqa: PLR2004
            continue
        insides[edge] = slice(start, stop)
        difference = paper[start:stop] - smooth[:, start:stop]
        if _is_darker(difference, needed.alone):
            whole.append(edge)
        elif _is_dashed(wide[:, start:stop], needed.dashed, size):
            dashed.append(edge)
        elif _is_darker(difference, needed.going_on):
            fainter.append(edge)
    whole = _gone_on(whole, fainter)
    # Short gaps are not seen as such, but gaps they are: edges that seem whole count too.
    if (
        dashed
        and len(dashed) + sum(_is_dashed(wide[:, insides[e]], needed.dashed, size) for e in whole) < _FEWEST_DASHED
    ):
        dashed = []
    return sorted(whole + dashed)


def _is_darker(difference: NDArray[np.float32], margin: float) -> bool:
    """True where a line of pixels (N, L: so much darker than the paper) is darker along an edge."""
    is_whole = (difference > margin / 2).mean(axis=1) >= _DARKER_SHARE
    return bool(((difference.mean(axis=1) >= margin) & is_whole).any())


def _gone_on(whole: Sequence[Edge], fainter: Sequence[Edge]) -> list[Edge]:
    """The edges along which a ruling runs, and those fainter ones to which it goes on, one after another."""
    found = set(whole)
    for edges in (fainter, fainter[::-1]):
        for start, stop in edges:
            if any(stop == a or start == b for a, b in found):
                found.add((start, stop))
    return sorted(found)


def _is_dashed(around: NDArray[np.float32], dashes: float, size: float) -> bool:
    """True where dashes follow one another along an edge.

    Args:
        around: (N, L) grey values around the edge.
        dashes: They are darker than the paper by so much.
        size: Pixels a point.
    """
    # Digits in the middle of a cell are wider than dashes.
    near, far = round(_BESIDE_DASH_PT * size), round(_BESIDE_PT[1] * size)
    dark = around < np.median(around) - dashes
    # A ruling that leans a little crosses several lines of pixels.
    inked = dark.copy()
    inked[1:] |= dark[:-1]
    inked[:-1] |= dark[1:]
    for row in range(far, len(inked) - far):
        if not _DASHED_SHARE <= inked[row].mean() <= _MOST_DASHED or _widest_gap(inked[row]) > _WIDEST_GAP_PT * size:
            continue
        beside = (dark[row - far : row - near + 1].any(axis=0), dark[row + near : row + far + 1].any(axis=0))
        if max(side.mean() for side in beside) <= _MOST_BESIDE:
            return True
    return False


def _widest_gap(dark: NDArray[np.bool_]) -> int:
    """The longest run of pixels that are not dark."""
    places = np.flatnonzero(np.concatenate([[True], dark, [True]]))
    return int(np.diff(places).max()) - 1
