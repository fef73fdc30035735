"""From the pixels of a straight page to rulings: long thin strokes of ink, level or plumb."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.page import Ruling
from pipeline.scan.broken_rulings import broken_rulings
from pipeline.scan.long_streaks import without_long_streaks
from pipeline.scan.low_rows import without_low_rows
from pipeline.scan.mask_rulings import mask_boxes, mask_rulings
from pipeline.scan.merged_cells import cut_at_merged_cells
from pipeline.scan.page_image import UprightPage
from pipeline.scan.pixels import Gray, Mask
from pipeline.scan.ruling_masks import Box, page_masks
from pipeline.scan.text_strokes import letters_of, without_text_strokes

# A trace has a sample every so many points.
_TRACE_STEP_PT = 6.0


def find_rulings(page: UprightPage) -> tuple[list[Ruling], float]:
    """(the rulings of a page in points, how much darker than the paper they usually are, of 255).

    Pieces of one line are several rulings, broken ones among them.
    """
    size = page.px_per_pt
    ink, level, plumb = page.masks
    broken, strength = broken_rulings(page.gray, ink, level, plumb, size)
    whole = mask_rulings(level, plumb, size)
    broken, whole = without_text_strokes(broken, whole, page.gray, letters_of(ink, level, plumb, size), size)
    broken, whole = without_long_streaks(broken, whole)
    broken = without_low_rows(broken, whole)
    return cut_at_merged_cells(broken, [*broken, *whole], page.gray, strength, size) + whole, strength


def ruling_traces(gray: Gray, size: float) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]:
    """Long rulings as points along them: (level, plumb), each float64 (N, 2) of x, y in pixels."""
    _, level, plumb = page_masks(gray, size)
    return _traces(level, size), [t[:, ::-1] for t in _traces(np.ascontiguousarray(plumb.T), size)]


def _traces(mask: Mask, size: float) -> list[NDArray[np.float64]]:
    return [t for box in mask_boxes(mask) if (t := _trace(mask, box, size)) is not None]


def _trace(mask: Mask, box: Box, size: float) -> NDArray[np.float64] | None:
    x, y, w, h = box
    if w < 100 * size or h > 30 * size:
        return None
    piece = mask[y : y + h, x : x + w] > 0
    columns = np.arange(0, w, max(1, round(_TRACE_STEP_PT * size)))
    part = piece[:, columns]
    filled = part.any(axis=0)
    if filled.sum() < 5:  # noqa: PLR2004 - points that make a curve
        return None
    rows = np.arange(h)[:, None]
    centres = (part * rows).sum(axis=0)[filled] / part.sum(axis=0)[filled]
    return np.stack([columns[filled] + x, centres + y], 1).astype(np.float64)
