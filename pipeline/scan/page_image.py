"""A page as pixels, and the page made upright, straight and evenly lit."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from models.geometry import BBox
from pipeline.scan.overprint import Overprint
from pipeline.scan.pixels import Gray, Matrix
from pipeline.scan.ruling_masks import PageMasks, page_masks


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

    ``gray`` has ``px_per_pt`` pixels a point; ``overprint`` is the ink of stamps and pens that was taken out of it,
    None where there was none; ``to_stored`` maps points of this page (origin top left) to points of the page as stored.
    The bend of a curled page is left out of it: less than two points. ``known_masks``: the masks of
    ``gray`` where they are known already. ``text_scale``: by this factor (1 at most) characters are made smaller before
    they are read.
    """

    page_no: int
    gray: Gray
    px_per_pt: float
    to_stored: Matrix
    overprint: Overprint | None = None
    known_masks: PageMasks | None = field(default=None, repr=False, compare=False)
    text_scale: float = 1.0

    @cached_property
    def masks(self) -> PageMasks:
        """Ink and whole rulings; found once, not to be written to."""
        return self.known_masks or page_masks(self.gray, self.px_per_pt)

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


@dataclass(frozen=True)
class PackedPage:
    """An upright page whose pixels are kept as PNG: a file of hundreds of pages is held in memory until the last."""

    page_no: int
    px_per_pt: float
    to_stored: Matrix
    gray_png: bytes = field(repr=False)
    overprint_pngs: tuple[bytes, bytes] | None = field(default=None, repr=False)
    text_scale: float = 1.0

    def unpack(self) -> UprightPage:
        """The page with its pixels, exactly as they were."""
        pngs = self.overprint_pngs
        overprint = None if pngs is None else Overprint(*map(_from_png, pngs))
        gray = _from_png(self.gray_png)
        return UprightPage(self.page_no, gray, self.px_per_pt, self.to_stored, overprint, text_scale=self.text_scale)


def pack(page: UprightPage) -> PackedPage:
    """The page with its pixels packed without loss."""
    over = page.overprint
    pngs = None if over is None else (_to_png(over.mask), _to_png(over.covered))
    return PackedPage(page.page_no, page.px_per_pt, page.to_stored, _to_png(page.gray), pngs, page.text_scale)


def _to_png(pixels: NDArray[np.uint8]) -> bytes:
    written, data = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not written:
        raise ValueError(f"no PNG of {pixels.shape}")
    return bytes(data)


def _from_png(data: bytes) -> NDArray[np.uint8]:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)


def map_box(matrix: Matrix, box: BBox) -> BBox:
    """The box around the four corners of a box after a homography."""
    corners = np.array([[box.x0, box.x1, box.x1, box.x0], [box.top, box.top, box.bottom, box.bottom], [1.0] * 4])
    mapped = matrix @ corners
    xs, ys = mapped[0] / mapped[2], mapped[1] / mapped[2]
    return BBox(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
