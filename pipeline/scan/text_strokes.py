"""Strokes of characters that look like rulings, or like their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from models.page import Ruling
from pipeline.scan.ink import paper_noise
from pipeline.scan.pixels import Gray, Mask
from pipeline.scan.rulings_across import positions_across

# Half the width of a ruling, and where the paper beside it is looked at. Points.
_REACH_PT, _BESIDE_PT = 0.7, (2.0, 3.5)
# Between a row's border and its line of text lies this; a ruling goes on there. From the border, in points.
_BORDER_PT = (1.2, 3.2)
# The line of text lies further from the border than this. Lower rows have no such places. Points.
_TEXT_PT, _LOWEST_ROW_PT = 4.0, 9.0
# A ruling ends where one across is so near, and one shorter than those across where it is so near. One across is at
# least so long. Points.
_MEET_PT, _MEET_SHORT_PT, _LONG_PT = 3.0, 7.0, 50.0
# At the borders there is less than the first share of the ink of the middle; less than the second where so many rows
# tell it, for noise is ink too. 0..1.
_MOST_AT_BORDER, _MOST_AT_BORDERS, _MANY_ROWS = 0.25, 0.4, 8
# Beside a ruling, in bands from here to there, is paper: text may stand close to one side of it. Share of its length
# with ink on the emptier and on the fuller side; longer ones are believed with more on one side. Points, 0..1.
_BANDS_PT, _MOST_BESIDE, _SHORT_PT = (1.2, 3.2), (0.12, 0.6), 140.0
# Crossings are left out. Points.
_CROSSING_PT = 1.5
# A piece that goes on beyond the last ruling across, and is no shorter, is of a character where strokes branch off on
# both sides: share of its length. Points, 0..1.
_SHORTEST_END_PT, _MOST_BESIDE_END = 2.5, 0.1
# Ink beside a ruling is darker than the paper by this share of how dark the ruling is where it is darkest, and by so
# many standard deviations of the noise, over so many pixels along. 0..1, percentile, number, pixels.
_INK_SHARE, _STRENGTH_PERCENTILE, _DEVIATIONS, _SMOOTHED = 0.5, 75, 3.0, 3
# An edge of text has ink beside it on all but this share of its length; where it has on all of it, nothing tells it.
# Where so much paper is around it on both sides its darkness is less than this share of that beside ink. 0..1, points.
_LEAST_FREE, _MOST_FREE, _APART_PT, _ALONE_SHARE = 0.03, 0.5, 1.0, 0.7
# Half the width that a whole ruling takes away from the ink. Points.
_RULING_PT = 0.7


def without_text_strokes(
    broken: Sequence[Ruling], whole: Sequence[Ruling], gray: Gray, letters: Mask, size: float
) -> tuple[list[Ruling], list[Ruling]]:
    """(broken rulings, whole ones) without strokes of text.

    Broken rulings are left out where ink stands along both sides of them, where they are dark only beside ink, or where
    their own stops short of each ruling across: faint characters that stand below one another. Ends of both kinds are
    cut off where they are a stroke of a character that a ruling runs into.

    Args:
        broken: In points.
        whole: In points.
        gray: The straight page.
        letters: 255 where there is ink besides that of whole rulings.
        size: Pixels a point.
    """
    rows = _Along(gray, letters, size)
    columns = _Along(np.ascontiguousarray(gray.T), np.ascontiguousarray(letters.T), size)
    every = [*broken, *whole]
    kept = []
    for ruling in broken:
        along = rows if ruling.horizontal else columns
        meet = _MEET_PT if ruling.stop - ruling.start >= _LONG_PT else _MEET_SHORT_PT
        across = positions_across(ruling, every, long=_LONG_PT, meet=meet)
        is_text = along.runs_through_text(ruling, across) or along.is_edge_of_text(ruling, across)
        if not is_text and not along.stops_at_borders(ruling, across):
            kept.append(ruling)
    every = [*kept, *whole]
    cut = [[(rows if r.horizontal else columns).without_ends(r, every) for r in group] for group in (kept, whole)]
    return cut[0], cut[1]


def letters_of(ink: Mask, level: Mask, plumb: Mask, size: float) -> Mask:
    """255 where there is ink besides that of whole rulings and of a rim around them."""
    rim = 2 * max(1, round(_RULING_PT * size)) + 1
    rulings = cv2.dilate(cv2.bitwise_or(level, plumb), np.ones((rim, rim), np.uint8))
    return np.where(rulings > 0, 0, ink).astype(np.uint8)


@dataclass(frozen=True)
class _Along:
    """A page whose rulings lie along its rows: ``gray`` and ``letters`` (255 where there is ink) are (H, W)."""

    gray: Gray
    letters: Mask
    size: float

    def runs_through_text(self, ruling: Ruling, across: Sequence[float]) -> bool:
        """True where ink stands along both sides of a ruling, or all along one of a short one."""
        emptier, fuller = self._beside(ruling, ruling.start, ruling.stop, across)
        is_short = ruling.stop - ruling.start < _SHORT_PT
        return emptier > _MOST_BESIDE[0] or (is_short and fuller > _MOST_BESIDE[1])

    def stops_at_borders(self, ruling: Ruling, across: Sequence[float]) -> bool:
        """True where the ink of a ruling stops short of those across."""
        rows = [(a, b) for a, b in pairwise(across) if b - a >= _LOWEST_ROW_PT]
        if not rows:
            return False
        dark = _darkness_along(ruling.position, self.gray, self.size)
        near, far = _BORDER_PT
        borders = [place for a, b in rows for place in ((a + near, a + far), (b - far, b - near))]
        middles = [(a + _TEXT_PT, b - _TEXT_PT) for a, b in rows]
        most = _MOST_AT_BORDERS if len(rows) >= _MANY_ROWS else _MOST_AT_BORDER
        return _mean(dark, borders, self.size) < most * _mean(dark, middles, self.size)

    def without_ends(self, ruling: Ruling, others: Sequence[Ruling]) -> Ruling:
        """The ruling up to the outermost ones across, where what goes on beyond them is of characters."""
        across = positions_across(ruling, others, long=_LONG_PT, meet=_MEET_PT)
        if len(across) < 2:  # noqa: PLR2004 - between two it is a ruling
            return ruling
        start, stop = ruling.start, ruling.stop
        if self._ends_in_stroke(ruling, start, across[0]):
            start = across[0]
        if self._ends_in_stroke(ruling, across[-1], stop):
            stop = across[-1]
        return replace(ruling, start=start, stop=stop)

    def _ends_in_stroke(self, ruling: Ruling, start: float, stop: float) -> bool:
        """True where a piece of a ruling at its end is a stroke of characters."""
        if stop - start < _SHORTEST_END_PT:
            return False
        if self._beside(ruling, start, stop)[0] > _MOST_BESIDE_END:
            return True
        return stop - start >= _LOWEST_ROW_PT and self.is_edge_of_text(replace(ruling, start=start, stop=stop), ())

    def is_edge_of_text(self, ruling: Ruling, across: Sequence[float]) -> bool:
        """True where a ruling is dark beside ink and hardly elsewhere: strokes of faint characters end in one line.

        A ruling is as dark where there is paper on both sides.
        """
        middle, reach = round(ruling.position * self.size), max(1, round(_REACH_PT * self.size))
        near, far = (round(v * self.size) for v in _BANDS_PT)
        first, last = round(ruling.start * self.size), round(ruling.stop * self.size)
        band = self.gray[max(0, middle - far) : middle + far, first:last]
        if not band.size:
            return False
        smooth = cv2.blur(band, (_SMOOTHED, 1)).astype(np.float32)
        distance = np.abs(np.arange(max(0, middle - far), max(0, middle - far) + len(band)) - middle)
        dark = (np.median(band[distance >= near]) - smooth).clip(0)
        line = dark[distance <= reach].max(axis=0)
        least = max(_INK_SHARE * float(np.percentile(line, _STRENGTH_PERCENTILE)), _DEVIATIONS * paper_noise(self.gray))
        beside = (dark[distance >= near] >= least).any(axis=0)
        seen = np.ones(len(line), bool)
        for position in across:
            seen &= np.abs(np.arange(first, first + len(line)) / self.size - position) > _CROSSING_PT
        rim = 2 * round(_APART_PT * self.size) + 1
        free = seen & (cv2.dilate(beside.astype(np.uint8)[None], np.ones((1, rim), np.uint8))[0] == 0)
        beside &= seen
        if not beside.any() or not _LEAST_FREE * seen.sum() < free.sum() < _MOST_FREE * seen.sum():
            return False
        return bool(line[free].mean() < _ALONE_SHARE * line[beside].mean())

    def _beside(self, ruling: Ruling, start: float, stop: float, across: Sequence[float] = ()) -> tuple[float, float]:
        """Share of a piece of a ruling with ink close to it: (on the emptier side, on the fuller side).

        ``across``: where rulings across it may be dashed, and look like letters.
        """
        size, middle = self.size, round(ruling.position * self.size)
        near, far = (round(v * size) for v in _BANDS_PT)
        first = round((start + _CROSSING_PT) * size)
        along = np.arange(first, min(max(first + 1, round((stop - _CROSSING_PT) * size)), self.letters.shape[1]))
        for position in across:
            along = along[np.abs(along / size - position) > _CROSSING_PT]
        sides = (
            self.letters[max(0, middle - far) : max(0, middle - near), along],
            self.letters[middle + near : middle + far, along],
        )
        emptier, fuller = sorted(float((s > 0).any(axis=0).mean()) if s.size else 0.0 for s in sides)
        return emptier, fuller


def _mean(dark: NDArray[np.float32], places: Sequence[tuple[float, float]], size: float) -> float:
    parts = [dark[round(a * size) : max(round(a * size) + 1, round(b * size))] for a, b in places]
    return float(np.concatenate(parts).mean())


def _darkness_along(position: float, picture: Gray, size: float) -> NDArray[np.float32]:
    """How much darker than the paper on both sides a line along the rows of a picture is, pixel by pixel, 0..255."""
    middle, reach = round(position * size), max(1, round(_REACH_PT * size))
    near, far = (round(v * size) for v in _BESIDE_PT)
    band = picture[max(0, middle - reach) : middle + reach + 1].astype(np.float32)
    sides = (picture[max(0, middle - far) : max(1, middle - near)], picture[middle + near : middle + far])
    paper = np.minimum.reduce([side.mean(axis=0) for side in sides if side.size])
    # Three pixels together take the noise out and keep the line.
    smooth = np.stack([np.convolve(row, np.full(3, 1 / 3, np.float32), mode="same") for row in band])
    dark: NDArray[np.float32] = (paper - smooth.min(axis=0)).clip(0)
    return dark
