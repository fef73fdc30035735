"""Even light: colour pictures to grey, shadows and paper tone taken out, stamps taken out."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.scan.desk import find_desk
from pipeline.scan.overprint import Overprint
from pipeline.scan.pixels import Gray
from pipeline.scan.stamps import without_coloured_ink, without_gray_stamps
from pipeline.scan.streaks import without_streaks

# The paper is estimated on a picture this coarse; letters vanish in it. Pixels a point.
_PAPER_PX_PER_PT = 0.5
# Ink narrower than this does not pull the paper down. Points.
_WIDEST_INK_PT = 30.0
_PAPER = 255
# A bar at the edge of a copy is at least this thick and long, and begins this near to the edge. Points.
_THINNEST_BAR_PT, _SHORTEST_BAR_PT, _NEAR_EDGE_PT = 5.0, 40.0, 30.0
# What is darker than the paper by so many spreads of it, and by so much (of 255), is ink; so much of a page is, if it
# is printed at all. 0..1.
_INK_SPREADS, _LEAST_INK, _FEWEST_INK = 4.0, 15.0, 0.002
# Its darker parts (percentile) are at least so dark where toner is not low; more than this factor only adds noise.
_DARK_PERCENTILE, _USUAL_INK, _MOST_FACTOR = 90, 130.0, 2.5


def to_flat_gray(pixels: NDArray[np.uint8], px_per_pt: float) -> tuple[Gray, Overprint | None]:
    """(the page in grey with paper at 255 everywhere, the ink of stamps that was taken out; None without stamps).

    Args:
        pixels: uint8 (H, W) grey or (H, W, 3) RGB.
        px_per_pt: Pixels a point.
    """
    gray, overprint = _without_overprint(pixels, px_per_pt)
    return darkened(gray), overprint


def darkened(gray: Gray) -> Gray:
    """A picture with its ink as dark as print usually is, where all of it is faint; paper is at 255.

    What is told by how dark it is, and recognition too, then works on low toner as on any other print.
    """
    sample = gray[::2, ::2]
    paper = float(np.median(sample))
    spread = float(np.median(np.abs(sample.astype(np.int16) - paper)))
    darkness = paper - sample[sample < paper - max(_INK_SPREADS * spread, _LEAST_INK)].astype(np.float32)
    if darkness.size < _FEWEST_INK * sample.size:
        return gray
    factor = min(_USUAL_INK / float(np.percentile(darkness, _DARK_PERCENTILE)), _MOST_FACTOR)
    if factor <= 1:
        return gray
    lighter = np.clip(_PAPER - factor * (_PAPER - np.arange(256.0)), 0, _PAPER)
    return np.asarray(cv2.LUT(gray, lighter.round().astype(np.uint8)), np.uint8)


def _without_overprint(pixels: NDArray[np.uint8], px_per_pt: float) -> tuple[Gray, Overprint | None]:
    if pixels.ndim == 2:  # noqa: PLR2004 - grey has two dimensions
        flat = _without_desk(flatten(pixels, px_per_pt), find_desk(pixels, px_per_pt))
        return without_gray_stamps(without_streaks(_without_dark_edges(flat, px_per_pt), px_per_pt), px_per_pt)
    desk = find_desk(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), px_per_pt)
    channels = [_without_desk(flatten(np.ascontiguousarray(pixels[:, :, i]), px_per_pt), desk) for i in range(3)]
    gray, overprint = without_coloured_ink(channels, px_per_pt)
    gray = without_streaks(_without_dark_edges(gray, px_per_pt), px_per_pt)
    # A grey scan may be stored with three equal channels.
    return without_gray_stamps(gray, px_per_pt) if overprint is None else (gray, overprint)


def _without_desk(flat: Gray, desk: Gray | None) -> Gray:
    return flat if desk is None else np.where(desk > 0, _PAPER, flat).astype(np.uint8)


def _without_dark_edges(gray: Gray, px_per_pt: float) -> Gray:
    """The page without the black bars that copiers leave where the glass was not covered."""
    scale = min(1.0, 1.0 / px_per_pt)
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    thick = max(2, round(_THINNEST_BAR_PT * px_per_pt * scale))
    dark = cv2.morphologyEx((small < _PAPER // 2).astype(np.uint8), cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8))
    if not dark.any():
        return gray
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark)
    height, width = dark.shape
    near = _NEAR_EDGE_PT * px_per_pt * scale
    bars = np.zeros(count, bool)
    for i, (x, y, w, h, _) in enumerate(stats[1:count], start=1):
        at_edge = x <= near or y <= near or x + w >= width - near or y + h >= height - near
        bars[i] = at_edge and max(w, h) >= _SHORTEST_BAR_PT * px_per_pt * scale
    if not bars.any():
        return gray
    rim = 2 * thick + 1
    mask = cv2.dilate(bars[labels].astype(np.uint8), np.ones((rim, rim), np.uint8))
    full = cv2.resize(mask, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.where(full > 0, _PAPER, gray).astype(np.uint8)


def flatten(gray: Gray, px_per_pt: float) -> Gray:
    """A grey picture divided by its paper, so that paper is 255 in light and in shadow."""
    scale = _PAPER_PX_PER_PT / px_per_pt
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    reach = max(3, round(_WIDEST_INK_PT * _PAPER_PX_PER_PT) | 1)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((3, 3), np.uint8)), min(reach, 255))
    paper = cv2.GaussianBlur(cv2.max(paper, small // 2), (0, 0), reach / 3)
    full = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(gray, cv2.max(full, 16), scale=_PAPER)
