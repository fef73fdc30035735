"""Connected pieces of ink: where they lie, how strong they are, and to which cell each belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.geometry import BBox
from pipeline.scan.pixels import Gray, Mask


@dataclass(frozen=True, slots=True)
class InkPieces:
    """Pieces of ink: boxes in pixels (N, 4: x0, y0, x1, y1), areas, and how much darker than paper they are (of 255).

    ``labels`` (H, W) is 0 on paper and one more than the index of the piece on ink.
    """

    boxes: NDArray[np.int64]
    areas: NDArray[np.int64]
    strengths: NDArray[np.float64]
    labels: NDArray[np.int32]

    def owners(self, cells: Sequence[BBox], size: float) -> NDArray[np.int64]:
        """Index of the cell (points; ``size`` pixels each) in which each piece has its centre; -1 outside of all."""
        xs = (self.boxes[:, 0] + self.boxes[:, 2]) / 2 / size
        ys = (self.boxes[:, 1] + self.boxes[:, 3]) / 2 / size
        widths = (self.boxes[:, 2] - self.boxes[:, 0]) / size
        heights = (self.boxes[:, 3] - self.boxes[:, 1]) / size
        owner = np.full(len(xs), -1)
        for i, cell in enumerate(cells):
            inside = (xs >= cell.x0) & (xs < cell.x1) & (ys >= cell.top) & (ys < cell.bottom)
            # What is larger than its cell is no part of it.
            owner[inside & (widths <= cell.width + 2) & (heights <= cell.height + 2)] = i
        return owner

    def mask(self, indices: Sequence[int]) -> Mask:
        """255 on some of the pieces and close around them, but on no other ink; uint8 (H, W)."""
        chosen = np.zeros(len(self.boxes) + 1, np.uint8)
        chosen[np.asarray(indices, int) + 1] = 255
        on_them = chosen[self.labels]
        around = cv2.dilate(on_them, np.ones((3, 3), np.uint8))
        around[(self.labels > 0) & (on_them == 0)] = 0
        return around


def find_pieces(ink: Mask, gray: Gray, *, paper: float = 255.0) -> InkPieces:
    """The pieces of a mask (not 0 where there is ink) of a grey picture; ``paper`` is the grey value of its paper."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    stats = stats[1:count].astype(np.int64)
    boxes = np.stack([stats[:, 0], stats[:, 1], stats[:, 0] + stats[:, 2], stats[:, 1] + stats[:, 3]], 1)
    on_ink = np.flatnonzero(labels)
    strengths = strengths_of(labels.ravel()[on_ink], paper - gray.ravel()[on_ink].astype(np.float64), count)
    return InkPieces(boxes, stats[:, 4], strengths, labels)


def strengths_of(labels: NDArray[np.int32], darkness: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """How dark each piece of ink is: the mean of its pixels, of which dark ones count more, for edges are blurred.

    Args:
        labels: Number of its piece for each pixel of ink, from 1.
        darkness: By how much each of them is darker than paper, at least 0.
        count: One more than there are pieces.
    """
    weighted = np.bincount(labels, darkness * darkness, count)[1:]
    return weighted / np.maximum(np.bincount(labels, darkness, count)[1:], 1.0)
