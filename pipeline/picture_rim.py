"""A rim of paper around a picture: a table may fill it, and its frame is then found at the very edge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.read_scan import ScannedPage
from pipeline.scan.page_image import PageImage

# Width of the rim. Points.
RIM_PT = 6.0
# The rim has the tone of this percentile of the picture: its paper.
_PAPER_PERCENTILE = 95


def with_rim(picture: PageImage) -> PageImage:
    """The picture with a rim of its own paper."""
    rim = rim_px(picture.px_per_pt)
    pixels = picture.pixels
    tone = np.percentile(pixels.reshape(pixels.shape[0] * pixels.shape[1], -1), _PAPER_PERCENTILE, axis=0)
    shape = (pixels.shape[0] + 2 * rim, pixels.shape[1] + 2 * rim, *pixels.shape[2:])
    framed: NDArray[np.uint8] = np.empty(shape, np.uint8)
    framed[...] = tone.astype(np.uint8) if pixels.ndim > 2 else np.uint8(tone[0])  # noqa: PLR2004 - colour
    framed[rim:-rim, rim:-rim] = pixels
    return replace(picture, pixels=framed)


def without_rim(scan: ScannedPage, px_per_pt: float) -> ScannedPage:
    """What was read in a picture with a rim, boxes as stored counted from the corner of the picture itself.

    Args:
        scan: What was read.
        px_per_pt: Pixels a point of the picture.
    """
    offset = rim_px(px_per_pt) / px_per_pt
    back = np.array([[1.0, 0.0, -offset], [0.0, 1.0, -offset], [0.0, 0.0, 1.0]])
    return replace(scan, upright=replace(scan.upright, to_stored=back @ scan.upright.to_stored))


def rim_px(px_per_pt: float) -> int:
    """Width of the rim in whole pixels."""
    return max(1, round(RIM_PT * px_per_pt))
