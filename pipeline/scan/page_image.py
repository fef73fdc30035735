"""A page as pixels, and the page made upright, straight and evenly lit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.geometry import BBox

Gray = NDArray[np.uint8]
"""uint8 (H, W); 0 is black, 255 is paper."""
Mask = NDArray[np.uint8]
"""uint8 (H, W); 255 is ink, 0 is paper."""
Matrix = NDArray[np.float64]
"""float64 (3, 3), a homography of column vectors (x, y, 1)."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as stored: uint8 (H, W, 3) RGB or (H, W) grey, and how many pixels a point (1/72 inch) has."""

    page_no: int
    pixels: NDArray[np.uint8]
    px_per_pt: float

    @property
    def width(self) -> float:
        """Width of the page as stored, in points."""
        return float(self.pixels.shape[1] / self.px_per_pt)

    @property
    def height(self) -> float:
        """Height of the page as stored, in points."""
        return float(self.pixels.shape[0] / self.px_per_pt)


@dataclass(frozen=True)
class UprightPage:
    """A page after straightening: dark ink on even white, rulings level and plumb.

    ``gray`` has ``px_per_pt`` pixels a point; ``stamps`` is 255 where the ink of stamps was taken out, None where there
    was none; ``to_stored`` maps points of this page (origin top left) to points of the
    page as stored. The bend of a curled page is left out of it: less than two points.
    """

    page_no: int
    gray: Gray
    px_per_pt: float
    to_stored: Matrix
    stamps: Mask | None = None

    @property
    def width(self) -> float:
        """Width in points."""
        return float(self.gray.shape[1] / self.px_per_pt)

    @property
    def height(self) -> float:
        """Height in points."""
        return float(self.gray.shape[0] / self.px_per_pt)

    def crop(self, box: BBox) -> Gray:
        """The pixels inside a box in points, cut at the edges of the page; may be empty."""
        x0, top = max(0, round(box.x0 * self.px_per_pt)), max(0, round(box.top * self.px_per_pt))
        x1, bottom = round(box.x1 * self.px_per_pt), round(box.bottom * self.px_per_pt)
        return self.gray[top : max(top, bottom), x0 : max(x0, x1)]


def map_box(matrix: Matrix, box: BBox) -> BBox:
    """The box around the four corners of a box after a homography."""
    corners = np.array([[box.x0, box.x1, box.x1, box.x0], [box.top, box.top, box.bottom, box.bottom], [1.0] * 4])
    mapped = matrix @ corners
    xs, ys = mapped[0] / mapped[2], mapped[1] / mapped[2]
    return BBox(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
