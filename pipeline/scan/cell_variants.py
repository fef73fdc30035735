"""Other crops of a cell that was read once: with more paper around the ink, finer, and smoother.

Models that agree on one crop say nothing about the crop: a stroke that it cuts off misleads them all alike.
"""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from models.reading import CellPicture
from pipeline.scan.cell_ink import SMALLEST_DIGIT_PT
from pipeline.scan.page_image import Gray

# Inside of a cell, so far from its borders. Points.
_INSET_PT = 1.2
# What is darker than its paper by so many spreads, and by so much (of 255), is ink.
_SPREADS, _DARKNESS = 7.0, 24.0
# Margins around the ink, as shares of its height.
_WIDE_SHARE, _TIGHT_SHARE = 0.35, 0.12
_FINER = 2.0
_BLUR_PT = 0.28
# Lines of text part where there is no ink over this share of the height.
_GAP_SHARE = 0.12


def cell_variants(picture: CellPicture) -> Mapping[str, Gray]:
    """Name -> crop, uint8 (H, W), dark ink on white; none where there is no ink or more than one line of it."""
    size = picture.px_per_pt
    inset = round(_INSET_PT * size)
    inner = picture.gray[
        max(0, picture.top + inset) : max(0, picture.bottom - inset),
        max(0, picture.left + inset) : max(0, picture.right - inset),
    ]
    if min(inner.shape) < SMALLEST_DIGIT_PT * size:
        return {}
    box = _ink_box(inner, size)
    if box is None:
        return {}
    wide, tight = _cut(inner, box, _WIDE_SHARE), _cut(inner, box, _TIGHT_SHARE)
    fine = cv2.resize(tight, None, fx=_FINER, fy=_FINER, interpolation=cv2.INTER_LANCZOS4)
    smooth = cv2.GaussianBlur(wide, (0, 0), _BLUR_PT * size)
    return {
        "wide": wide,
        "fine": cv2.normalize(fine, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8),
        "smooth": cv2.normalize(smooth, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8),
    }


def _ink_box(inner: Gray, size: float) -> tuple[int, int, int, int] | None:
    """(left, top, right, bottom) around all ink as high as a digit, in pixels; None without, or with several lines."""
    paper = float(np.median(inner))
    spread = float(np.median(np.abs(inner.astype(np.float32) - paper)))
    ink = (inner < paper - max(_SPREADS * spread, _DARKNESS)).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    tall = [
        (int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:count] if h >= SMALLEST_DIGIT_PT * size
    ]
    if not tall:
        return None
    left, top, right, bottom = (f(b[i] for b in tall) for i, f in enumerate((min, min, max, max)))
    reach = top
    for start in sorted(b[1] for b in tall):
        if start - reach > _GAP_SHARE * (bottom - top) and reach > top:
            return None
        reach = max(reach, *(b[3] for b in tall if b[1] <= start))
    return left, top, right, bottom


def _cut(inner: Gray, box: tuple[int, int, int, int], share: float) -> Gray:
    """The ink with a margin, paper added where the cell ends."""
    left, top, right, bottom = box
    margin = max(2, round(share * (bottom - top)))
    framed = cv2.copyMakeBorder(inner, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=255)
    return np.ascontiguousarray(framed[top : bottom + 2 * margin, left : right + 2 * margin])
