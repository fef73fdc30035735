"""From masks of connected strokes to rulings."""

from __future__ import annotations

import cv2
import numpy as np

from models.page import Ruling, horizontal_ruling, vertical_ruling
from pipeline.scan.pixels import Mask

# A ruling thicker than this is a bar or a dark edge. Points.
THICKEST_PT = 5.0
# A bent stroke is taken piece by piece. Points.
_PIECE_PT = 20.0


def mask_rulings(level: Mask, plumb: Mask, size: float) -> list[Ruling]:
    """The strokes of two masks as rulings in points; ``size`` is pixels a point."""
    rulings = []
    for x, y, w, h in mask_boxes(level):
        if h <= THICKEST_PT * size:
            rulings.append(horizontal_ruling((y + h / 2) / size, x / size, (x + w) / size))
        else:
            rulings += _split(level[y : y + h, x : x + w], x, y, size)
    for x, y, w, h in mask_boxes(plumb):
        if w <= THICKEST_PT * size:
            rulings.append(vertical_ruling((x + w / 2) / size, y / size, (y + h) / size))
        else:
            turned = _split(np.ascontiguousarray(plumb[y : y + h, x : x + w].T), y, x, size)
            rulings += [vertical_ruling(r.position, r.start, r.stop) for r in turned]
    return rulings


def mask_boxes(mask: Mask) -> list[tuple[int, int, int, int]]:
    """x, y, width and height of each connected piece of a mask, in pixels."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h, _ in stats[1:count]]


def _split(piece: Mask, x: int, y: int, size: float) -> list[Ruling]:
    """A thick or bent component as the runs of its rows with most ink."""
    step = max(1, round(_PIECE_PT * size))
    rulings = []
    for start in range(0, piece.shape[1], step):
        part = piece[:, start : start + step]
        rows = np.flatnonzero((part > 0).mean(axis=1) > 0.5)  # noqa: PLR2004 - a row that is mostly ink
        if len(rows) and len(rows) <= THICKEST_PT * size:
            rulings.append(
                horizontal_ruling((y + rows.mean()) / size, (x + start) / size, (x + start + part.shape[1]) / size)
            )
    return rulings
