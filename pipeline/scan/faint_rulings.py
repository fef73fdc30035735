"""Rulings too faint or too short to be found alone, looked for where other rulings of the table say they may be."""

from __future__ import annotations

from collections.abc import Sequence
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
    margin = max(_DARKER_BY, _DEVIATIONS * paper_noise(gray), _LEAST_STRENGTH * strength)
    rulings = []
    for y in ys[1:-1]:
        rulings += [horizontal_ruling(y, a, b) for a, b in _edges(gray, y, xs, size, margin)]
    for x in xs[1:-1]:
        rulings += [vertical_ruling(x, a, b) for a, b in _edges(turned, x, ys, size, margin)]
    return rulings


def _edges(
    gray: NDArray[np.uint8], position: float, stops: Sequence[float], size: float, margin: float
) -> list[tuple[float, float]]:
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
    found = []
    for a, b in pairwise(stops):
        start, stop = round((a + _END_PT) * size), round((b - _END_PT) * size)
        if b - a < _SHORTEST_PT or stop - start < 3 or stop > gray.shape[1]:  # noqa: PLR2004 - pixels that make a line
            continue
        difference = paper[start:stop] - smooth[:, start:stop]
        if ((difference.mean(axis=1) >= margin) & ((difference > margin / 2).mean(axis=1) >= _DARKER_SHARE)).any():
            found.append((a, b))
    return found
