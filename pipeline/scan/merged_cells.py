"""Rulings stop where a merged cell lies: one that is whole on both sides of it does not run through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.page import Ruling
from pipeline.scan.pixels import Gray

# Pixels so far beside the middle of a ruling may be of it. Points.
_REACH_PT = 0.9
# Pixels darker than the paper by this share of what rulings usually are, and by so much (of 255), are of a ruling.
_DARK_SHARE, _LEAST_DARK = 0.35, 12
# Around each crossing so much is left out: the ink there is that of the ruling across. Points.
_CROSSING_PT = 1.6
# Lower cells are not looked at: nothing would be left between their borders. Points.
_LOWEST_CELL_PT = 7.0
# Share of ink from which a ruling is whole, and up to which it is not there at all. 0..1.
_WHOLE_SHARE, _ABSENT_SHARE = 0.8, 0.12
# A whole ruling is known from so much of it. Points.
_ENOUGH_PT = 20.0


def cut_at_merged_cells(
    rulings: Sequence[Ruling], others: Sequence[Ruling], gray: Gray, strength: float, size: float
) -> list[Ruling]:
    """The rulings, those that are otherwise whole cut where between two crossing ones there is no ink of theirs.

    Args:
        rulings: In points.
        others: What may cross them.
        gray: The straight page.
        strength: How much darker than the paper rulings usually are, of 255.
        size: Pixels a point.
    """
    turned = np.ascontiguousarray(gray.T)
    found: list[Ruling] = []
    for ruling in rulings:
        across = sorted(
            o.position
            for o in others
            if o.horizontal != ruling.horizontal
            and o.start - _CROSSING_PT <= ruling.position <= o.stop + _CROSSING_PT
            and ruling.start < o.position < ruling.stop
        )
        found += _cut(ruling, across, gray if ruling.horizontal else turned, strength, size)
    return found


def _cut(ruling: Ruling, across: Sequence[float], picture: Gray, strength: float, size: float) -> list[Ruling]:
    """The parts of a ruling that lies along the rows of a picture."""
    ink = _ink_along(ruling, picture, strength, size)
    parts: list[tuple[float, float, float]] = []
    for a, b in pairwise([ruling.start, *across, ruling.stop]):
        inner = ink[round((a + _CROSSING_PT - ruling.start) * size) : round((b - _CROSSING_PT - ruling.start) * size)]
        if b - a >= _LOWEST_CELL_PT and inner.size:
            parts.append((a, b, float(inner.mean())))
    absent = [(a, b) for a, b, share in parts if share <= _ABSENT_SHARE]
    rest = [(b - a, share) for a, b, share in parts if share > _ABSENT_SHARE]
    length = sum(n for n, _ in rest)
    if not absent or length < _ENOUGH_PT or sum(n * share for n, share in rest) < _WHOLE_SHARE * length:
        return [ruling]
    kept: list[Ruling] = []
    start = ruling.start
    for a, b in absent:
        if a > start:
            kept.append(replace(ruling, start=start, stop=a))
        start = b
    if ruling.stop > start:
        kept.append(replace(ruling, start=start))
    return kept


def _ink_along(ruling: Ruling, picture: Gray, strength: float, size: float) -> NDArray[np.bool_]:
    """True where there is ink of a ruling, for each pixel from its start to its stop."""
    reach = max(1, round(_REACH_PT * size))
    middle = round(ruling.position * size)
    band = picture[max(0, middle - reach) : middle + reach + 1, round(ruling.start * size) : round(ruling.stop * size)]
    if not band.size:
        return np.zeros(0, bool)
    dark = 255 - band.min(axis=0).astype(np.float32)
    ink: NDArray[np.bool_] = dark >= max(_DARK_SHARE * strength, _LEAST_DARK)
    return ink
