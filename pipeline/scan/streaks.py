"""Streaks: thin lines that dirt on the glass of a sheet-fed scanner draws from one edge of the page to the other."""

from __future__ import annotations

import numpy as np

from pipeline.scan.pixels import Gray

# The page is looked at in so many bands across the streak; it is seen in this share of them, the outermost included.
_BANDS = 36
_SEEN_SHARE = 0.85
# A streak is darker than the paper on both sides by this much (of 255), and at most this wide. Points.
_DARKER_BY = 5.0
_WIDEST_PT = 1.6
# Nothing can be told below a streak darker than this.
_OPAQUE = 70.0
# The paper beside a streak is looked at in this distance. Points.
_BESIDE_PT = 2.0


def without_streaks(gray: Gray, px_per_pt: float) -> Gray:
    """The page as scanned with streaks along its columns or rows made as light as the paper beside them."""
    upright = _columns(gray, px_per_pt)
    return np.ascontiguousarray(_columns(np.ascontiguousarray(upright.T), px_per_pt).T)


def _columns(gray: Gray, px_per_pt: float) -> Gray:
    height, width = gray.shape
    beside = max(2, round(_BESIDE_PT * px_per_pt))
    if height < _BANDS * 2 or width <= 4 * beside:
        return gray
    rows = height // _BANDS * _BANDS
    # The median of a band: text crosses a streak here and there, a streak is everywhere.
    bands = np.median(gray[:rows].reshape(_BANDS, -1, width), axis=1)
    left, right = np.roll(bands, beside, axis=1), np.roll(bands, -beside, axis=1)
    seen = np.minimum(left, right) - bands >= _DARKER_BY
    seen[:, :beside] = seen[:, -beside:] = False
    dark = (seen.mean(axis=0) >= _SEEN_SHARE) & seen[0] & seen[-1]
    places = np.flatnonzero(dark)
    if not len(places):
        return gray
    lighter = gray.copy()
    for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
        if len(run) > _WIDEST_PT * px_per_pt:
            continue
        for x in range(int(run[0]) - 1, int(run[-1]) + 2):
            streak = float(np.median(bands[:, x]))
            paper = float(np.median(np.minimum(left[:, x], right[:, x])))
            if _OPAQUE < streak < paper:
                # Dirt takes a share of the light; what is printed below it keeps its own.
                lighter[:, x] = np.clip(gray[:, x] * (paper / streak), 0, 255).astype(np.uint8)
    return lighter
