"""What is ink and what is paper."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.scan.pixels import Gray, Mask

SMALLEST_DIGIT_PT = 3.6
"""No dirt is as large as a digit, in points."""
FLAT = 1.8
"""A short dash is so many times as wide as high."""

# Ink is darker than the paper by this many times the spread (median absolute deviation) of the paper, and at least by
# the second figure. Otsu's threshold is pulled up by dark specks and loses faint digits.
_SPREADS = 7.0
_LEAST_DARKNESS = 38.0
_MOST_DARKNESS = 110.0
# Paper is darker than white by less than this.
_PAPER_DARKNESS = 60


def ink_threshold(gray: Gray) -> int:
    """The grey value below which a pixel of this picture is ink."""
    sample = gray[::3, ::3] if gray.size > 90_000 else gray  # noqa: PLR2004 - 300 by 300 pixels tell as much as more
    if not sample.size:
        return 255 - round(_LEAST_DARKNESS)
    paper = float(np.median(sample))
    spread = float(np.median(np.abs(sample.astype(np.int16) - paper)))
    return round(paper - min(max(_SPREADS * spread, _LEAST_DARKNESS), _MOST_DARKNESS))


def ink_mask(gray: Gray) -> Mask:
    """255 where there is ink."""
    return cv2.threshold(gray, ink_threshold(gray), 255, cv2.THRESH_BINARY_INV)[1]


def darker_than_paper(crop: Gray, spreads: float, darkness: float) -> NDArray[np.uint8]:
    """1 where a small part of a page is darker than its own paper by so many spreads of it, and by so much (of 255)."""
    paper = float(np.median(crop))
    spread = float(np.median(np.abs(crop.astype(np.float32) - paper)))
    return (crop < paper - max(spreads * spread, darkness)).astype(np.uint8)


def paper_noise(gray: Gray) -> float:
    """Standard deviation of the paper, of 255."""
    sample = gray[::7, ::7]
    paper = sample[sample > 255 - _PAPER_DARKNESS]
    return float(paper.std()) if paper.size else 0.0
